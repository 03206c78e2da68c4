"""The header block of a message or part, as bytes in and text out (RFC 5322 section 2.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gateway.adapters.mime.charset import decode_unlabelled
from gateway.adapters.mime.limits import LIMITS

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
# A line that crosses the cap is read so far beyond it that its name is whole.
_LONGEST_FIELD_NAME = 256


@dataclass(frozen=True, slots=True)
class Headers:
    """Fields in the order sent, names in lower case, values unfolded and undecoded."""

    fields: tuple[tuple[str, bytes], ...]

    def ordered(self, *names: str) -> list[tuple[str, str]]:
        """Every field of these names from the top with its value as text, encoded words still unread."""
        return [
            (key, decode_unlabelled(value[: LIMITS.header_value]).strip()) for key, value in self.fields if key in names
        ]

    def texts(self, name: str) -> list[str]:
        """Every value of a field as text, encoded words still unread."""
        return [text for _, text in self.ordered(name)]

    def text(self, name: str) -> str | None:
        """The first value of a field, or None."""
        values = self.texts(name)
        return values[0] if values else None


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """`body` is the offset where the body begins; `cut` is true where the block exceeds the cap."""

    headers: Headers
    body: int
    cut: bool


def read_headers(content: bytes, start: int, end: int) -> HeaderBlock:
    """Read fields from `start` up to a blank line, or to the first line that cannot be a field (RFC 5322 section 2.1).

    Past the cap on header bytes, lines are skipped up to the blank line.
    """
    fields: list[tuple[str, bytes]] = []
    name, lines = "", [b""]
    position = start
    limit = min(end, start + LIMITS.header_block)
    while position < end:
        if position >= limit:
            fields.append((name, b"".join(lines)))
            return HeaderBlock(_headers(fields), _after_blank_line(content, position, end), cut=True)
        found = content.find(b"\n", position, end)
        after = end if found < 0 else found + 1
        line = content[position : min(after, limit + _LONGEST_FIELD_NAME)].rstrip(b"\r\n")
        if not line:
            position = after
            break
        if line[:1] in b" \t":
            lines.append(line)
        elif match := _FIELD.match(line):
            fields.append((name, b"".join(lines)))
            name, lines = match[1].decode("ascii").lower(), [line[match.end() :]]
        elif position != start or not line.startswith((b"From ", b">From ")):
            break
        position = after
    fields.append((name, b"".join(lines)))
    return HeaderBlock(_headers(fields), min(position, end), cut=False)


def _headers(fields: list[tuple[str, bytes]]) -> Headers:
    return Headers(tuple((name, value) for name, value in fields if name))


def _after_blank_line(content: bytes, position: int, end: int) -> int:
    ends = [
        found + len(blank)
        for blank in (b"\n\n", b"\n\r\n")
        if (found := content.find(blank, max(position - 2, 0), end)) >= 0
    ]
    return min(ends, default=end)
