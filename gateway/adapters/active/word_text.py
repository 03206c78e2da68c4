"""The text of a binary Word document ([MS-DOC]) with its field marks, for the fields in it."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping

from gateway.adapters.active.word_fields import nested

_FLAGS, _TABLE_ONE, _ENCRYPTED = 0x0A, 0x0200, 0x0100
_CLX, _ASSOCIATED = 0x01A2, 0x019A
_WIDE, _TEMPLATE = 0xFFFF, 1
_PIECES, _PROPERTIES = 0x02, 0x01
_PIECE = 8
_COMPRESSED = 0x40000000
MOST_TEXT = 20_000_000


def word_text(streams: Mapping[str, bytes]) -> tuple[str, bool]:
    """The text in the order of its pieces (with deleted and hidden text), and whether it is encrypted.

    Where the table of pieces cannot be read, every letter of the stream is text, both as one byte and as two.
    """
    document = streams.get("worddocument", b"")
    flags = int.from_bytes(document[_FLAGS : _FLAGS + 2], "little")
    if flags & _ENCRYPTED:
        return "", True
    table = streams.get("1table" if flags & _TABLE_ONE else "0table", b"")
    try:
        return _by_pieces(document, table), False
    except (struct.error, ValueError):
        return _everything(document), False


def _by_pieces(document: bytes, table: bytes) -> str:
    offset, size = struct.unpack_from("<II", document, _CLX)
    clx = table[offset : offset + size]
    place = 0
    while clx[place : place + 1] == bytes([_PROPERTIES]):
        (length,) = struct.unpack_from("<H", clx, place + 1)
        place += 3 + length
    if clx[place : place + 1] != bytes([_PIECES]):
        raise ValueError("no table of pieces")
    (length,) = struct.unpack_from("<I", clx, place + 1)
    pieces = clx[place + 5 : place + 5 + length]
    count = (len(pieces) - 4) // (4 + _PIECE)
    limits = struct.unpack_from(f"<{count + 1}I", pieces)
    text, total = [], 0
    for number in range(count):
        (start,) = struct.unpack_from("<I", pieces, 4 * (count + 1) + _PIECE * number + 2)
        letters = limits[number + 1] - limits[number]
        total += letters
        if letters < 0 or total > MOST_TEXT:
            raise ValueError("pieces out of order")
        if start & _COMPRESSED:
            start = (start & ~_COMPRESSED) // 2
            text.append(document[start : start + letters].decode("cp1252", "replace"))
        else:
            text.append(document[start : start + 2 * letters].decode("utf-16-le", "replace"))
    return "".join(text)


def _everything(document: bytes) -> str:
    single = document[:MOST_TEXT].decode("latin-1")
    double = "\n".join(document[shift:MOST_TEXT].decode("utf-16-le", "replace") for shift in (0, 1))
    return f"{single}\n{double}"


def template_of(streams: Mapping[str, bytes]) -> str:
    """The path of the attached template, which Word loads on opening; empty where none can be read."""
    document = streams.get("worddocument", b"")
    flags = int.from_bytes(document[_FLAGS : _FLAGS + 2], "little")
    table = streams.get("1table" if flags & _TABLE_ONE else "0table", b"")
    try:
        offset, size = struct.unpack_from("<II", document, _ASSOCIATED)
        strings = table[offset : offset + size]
        mark, count, extra = struct.unpack_from("<HHH", strings)
        place, found = 6, ""
        for _ in range(min(count, _TEMPLATE + 1) if mark == _WIDE else 0):
            (letters,) = struct.unpack_from("<H", strings, place)
            found = strings[place + 2 : place + 2 + 2 * letters].decode("utf-16-le", "replace")
            place += 2 + 2 * letters + extra
    except struct.error:
        return ""
    return found if count > _TEMPLATE else ""


def fields_of(text: str) -> list[str]:
    """The code of every field, nested ones with their marks and also by themselves."""
    found: list[str] = []
    open_: list[tuple[list[str], bool]] = []
    for piece in re.split(r"([\x13-\x15])", text):
        if piece == "\x13":
            open_.append(([], True))
        elif piece == "\x14" and open_:
            open_[-1] = (open_[-1][0], False)
        elif piece == "\x15" and open_:
            code = "".join(open_.pop()[0])
            found.append(code)
            if open_ and open_[-1][1]:
                open_[-1][0].append(nested(code))
        elif open_ and open_[-1][1]:
            open_[-1][0].append(piece)
    found.extend("".join(code) for code, _ in open_)
    return found
