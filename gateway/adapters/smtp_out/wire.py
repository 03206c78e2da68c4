"""A mail's content as it follows 354 (RFC 5321 sections 2.3.8 and 4.5.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

_PIECE = 65_536
_LONE_LINE_END = re.compile(rb"\r\n|\n|\r")
_LINE_WITH_DOT = re.compile(rb"(?m)^\.")


FINAL_DOT = b".\r\n"


def lines_of(content: bytes) -> Iterator[bytes]:
    """Whole lines with CRLF, dots doubled, in pieces: no piece, nor any two together, can end the mail."""
    ending = b"\r\n"
    start = 0
    while start < len(content):
        line_feed = content.find(b"\n", start + _PIECE - 1)
        end = len(content) if line_feed < 0 else line_feed + 1
        lines = _with_crlf(content[start:end])
        ending = lines[-2:]
        yield _LINE_WITH_DOT.sub(b"..", lines) if b"\n." in lines or lines[:1] == b"." else lines
        start = end
    if ending != b"\r\n":
        yield b"\r\n"


def _with_crlf(lines: bytes) -> bytes:
    """Every line end as CRLF. Counting is much cheaper than looking at each, and our own notices have no other."""
    ends = lines.count(b"\r\n")
    if lines.count(b"\n") == ends == lines.count(b"\r"):
        return lines
    return _LONE_LINE_END.sub(b"\r\n", lines)
