"""Multipart bodies cut at their boundary lines (RFC 2046 section 5.1.1), on offsets and without copies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FIRST_BOUNDARY = re.compile(rb"(?:^|\n)--([^\r\n]{1,200}?)[ \t]*\r*\n(?:content|mime)-[a-z-]{2,40}:", re.IGNORECASE)
# Beyond this many candidates a body is an attack on time, not a mail.
_MOST_DELIMITERS = 50_000
_AFTER = re.compile(rb"(--)?[ \t]*\r*(?:\n|\Z)")


@dataclass(frozen=True, slots=True)
class Split:
    """Ranges of the parts in order; `preamble` and `epilogue` are ranges outside any part.

    `left` counts delimiters past the most parts asked for; `closed` says whether the closing delimiter was found,
    `boundary` which one was looked for.
    """

    parts: tuple[tuple[int, int], ...]
    preamble: tuple[int, int]
    epilogue: tuple[int, int]
    closed: bool
    left: int
    boundary: bytes


def split(content: bytes, start: int, end: int, boundary: bytes, most: int) -> Split | None:
    """Cut `content[start:end]`, or None where the boundary never appears.

    Parts after a closing delimiter are parts too: what a reader could see must not escape us. Two delimiters
    with nothing at all between them are one.
    """
    delimiter = b"--" + boundary
    parts: list[tuple[int, int]] = []
    preamble: tuple[int, int] | None = None
    opened: int | None = None
    rest = start
    left = 0
    for line in _delimiter_lines(content, start, end, delimiter):
        if line.closing is None or (len(parts) >= most and opened is not None):
            left = max(content.count(b"\n" + delimiter, rest, end), 1)
            break
        before = _without_line_end(content, rest, line.start)
        if opened is not None and opened < line.start:
            parts.append((opened, before))
        if preamble is None:
            preamble = (start, before)
        rest = line.end
        opened = None if line.closing else line.end
    if preamble is None:
        return None
    if left:
        return Split(tuple(parts), preamble, (end, end), closed=True, left=left, boundary=boundary)
    if opened is not None:
        parts.append((opened, end))
    epilogue = (end if opened is not None else rest, end)
    return Split(tuple(parts), preamble, epilogue, closed=opened is None, left=0, boundary=boundary)


@dataclass(frozen=True, slots=True)
class _Line:
    """A delimiter line; `closing` is None on the last one where too many candidates were met."""

    start: int
    end: int
    closing: bool | None


def _delimiter_lines(content: bytes, start: int, end: int, delimiter: bytes) -> Iterator[_Line]:
    position = start
    for _ in range(_MOST_DELIMITERS):
        found = content.find(delimiter, position, end)
        if found < 0:
            return
        position = found + len(delimiter)
        after = _AFTER.match(content, position, end)
        if after and (found == start or content[found - 1] in b"\r\n"):
            position = after.end()
            yield _Line(found, position, closing=after[1] is not None)
    yield _Line(position, position, closing=None)


def _without_line_end(content: bytes, start: int, end: int) -> int:
    """The line end before a delimiter belongs to the delimiter."""
    if end > start and content[end - 1 : end] == b"\n":
        end -= 1
    if end > start and content[end - 1 : end] == b"\r":
        end -= 1
    return end


def guess_boundary(content: bytes, start: int, end: int) -> bytes | None:
    """The boundary a multipart body really uses, where its header names none or a wrong one."""
    match = _FIRST_BOUNDARY.search(content, start, min(end, start + 65_536))
    return match[1] if match else None
