"""Events of a foreign XML text; declarations of entities end it, and are told."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from xml.parsers import expat

Attributes = Mapping[str, str]
DEEPEST_XML = 2_000
_DECLARED = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_KNOWN = re.compile(rb"utf-?8|utf-?16(?:le|be)?|us-ascii|ascii|iso-8859-\d+|windows-125\d", re.IGNORECASE)


class HostileXml(Exception):
    """The XML declares a document type or entities, or nests without end. The text is Vietnamese."""


class BrokenXml(Exception):
    """The XML is not well formed, or in letters that cannot be read; what came before the damage has been told."""


def parse(
    content: bytes,
    *,
    start: Callable[[str, Attributes], object],
    end: Callable[[str], object] | None = None,
    text: Callable[[str], object] | None = None,
) -> None:
    """Call `start`, `end` and `text` in document order, with the local names of elements.

    Raises HostileXml or BrokenXml; what was called before then is not undone.
    """
    declared = _DECLARED.match(content)
    if declared is not None and _KNOWN.fullmatch(declared[1]) is None:
        raise BrokenXml
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = 0

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST_XML:
            raise HostileXml("XML lồng nhau quá sâu")
        start(local(name), attributes)

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(local(name))

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    if text is not None:
        parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError) as error:
        raise BrokenXml from error


def local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition(" ")[2]


def attribute(attributes: Attributes, name: str) -> str:
    """The value of the attribute of that local name, empty where there is none."""
    if name in attributes:
        return attributes[name]
    return next((value for key, value in attributes.items() if local(key) == name), "")


def mentions(content: bytes, words: tuple[bytes, ...]) -> bool:
    """Whether one of the ASCII words stands in an XML text, in whichever of its encodings."""
    if b"\0" in content[:400]:
        content = content.replace(b"\0", b"")
    return any(word in content for word in words)


def _refuse(*_: object) -> None:
    raise HostileXml("XML khai báo DOCTYPE hoặc thực thể")
