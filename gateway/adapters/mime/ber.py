"""The content inside a CMS wrapper, read from BER (X.690) in one pass without recursion.

A reader of our own: asn1crypto joins the pieces of a constructed string in quadratic time, 35 seconds for a 20 MB
mail sent in the usual pieces of 1 KB.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_SEQUENCE, _OBJECT_IDENTIFIER, _EXPLICIT = 0x30, 0x06, 0xA0
_OCTETS, _PIECES = 0x04, 0x24
_LONG_TAG = 0x1F
_LONG_LENGTH = 0x80
_MOST_PIECES = 1_000_000


class Damage(Exception):
    """The bytes are not the BER they should be; `found` is the content read until there."""

    def __init__(self, found: bytes = b"") -> None:
        super().__init__("damaged BER")
        self.found = found


@dataclass(frozen=True, slots=True)
class _Element:
    """Identifier octet, and range of the contents; `end` is None for the indefinite form."""

    tag: int
    start: int
    end: int | None


def encapsulated(content: bytes) -> bytes | None:
    """The eContent of SignedData or CompressedData (RFC 5652 section 5.1, RFC 3274), None where there is none.

    Raises Damage.
    """
    position = _into(content, 0, _SEQUENCE)
    position = _past(content, position)
    position = _into(content, position, _EXPLICIT)
    position = _into(content, position, _SEQUENCE)
    for _ in ("version", "algorithms"):
        position = _past(content, position)
    wrapper = _element(content, position)
    if wrapper.tag != _SEQUENCE:
        raise Damage
    position = _past(content, wrapper.start)
    if position == wrapper.end or _element(content, position).tag != _EXPLICIT:
        return None
    return _octets(content, _into(content, position, _EXPLICIT))


def _element(content: bytes, position: int) -> _Element:
    if position + 2 > len(content) or content[position] & _LONG_TAG == _LONG_TAG:
        raise Damage
    tag, length = content[position], content[position + 1]
    start = position + 2
    if length == _LONG_LENGTH:
        return _Element(tag, start, None)
    if length > _LONG_LENGTH:
        size = length - _LONG_LENGTH
        length = int.from_bytes(content[start : start + size], "big")
        start += size
    return _Element(tag, start, start + length)


def _into(content: bytes, position: int, tag: int) -> int:
    element = _element(content, position)
    if element.tag != tag:
        raise Damage
    return element.start


def _past(content: bytes, position: int) -> int:
    """Over one element with all it holds; an indefinite one ends at its own end-of-contents octets."""
    opened = 0
    while True:
        element = _element(content, position)
        position = element.start if element.end is None else element.end
        if element.end is None:
            opened += 1
        elif element.tag == 0 and opened:
            opened -= 1
        if not opened:
            return position


def _octets(content: bytes, position: int) -> bytes:
    """An octet string, primitive or in pieces of pieces."""
    found: list[bytes] = []
    try:
        for piece in _pieces(content, position):
            found.append(piece)
    except Damage as damage:
        raise Damage(b"".join(found)) from damage
    return b"".join(found)


def _pieces(content: bytes, position: int) -> Iterator[bytes]:
    opened: list[int | None] = []
    for _ in range(_MOST_PIECES):
        element = _element(content, position)
        position = element.start
        if element.tag == _PIECES:
            opened.append(element.end)
        elif element.tag == _OCTETS and element.end is not None:
            position = element.end
            yield content[element.start : position]
            if position > len(content):
                raise Damage
        elif element.tag == 0 and opened and opened[-1] is None:
            opened.pop()
        else:
            raise Damage
        while opened and opened[-1] is not None and position >= opened[-1]:
            opened.pop()
        if not opened:
            return
    raise Damage
