"""Plain text, and the cutting of text without places into lines and pages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from gateway.adapters.text.encoding import decode
from gateway.adapters.text.limits import CUT, MAX_TEXT_BYTES, bounded
from gateway.model.page import FileText, Line, Page

_COLUMNS = re.compile(r"\t+| {10,}+(?!/)")
_LONG_ENOUGH = 5
# Word's line break within a paragraph is a vertical tab. The soft hyphen has been a letter where it was one.
_UNPRINTED: dict[int, str | None] = {
    **dict.fromkeys([*range(9), *range(0x0E, 0x20), 0x7F, 0xAD, *range(0x200B, 0x2010), 0x2060, 0xFEFF]),
    0x0B: "\n",
}


def read_plain(path: Path) -> FileText:
    """Text of a txt or csv file; pages are parted by form feeds. Never fails for content."""
    with path.open("rb") as file:
        content = file.read(MAX_TEXT_BYTES + 1)
    reading = decode(content[:MAX_TEXT_BYTES])
    sheets = reading.text.split("\f")
    pages, cut = bounded(pages_of(sheets), len(sheets))
    if len(content) > MAX_TEXT_BYTES:
        cut = (CUT,)
    return FileText(
        pages=pages,
        page_count=len(sheets) if content else 0,
        encoding=reading.encoding,
        notes=(*reading.notes, *cut),
    )


def pages_of(texts: list[str]) -> Iterator[Page]:
    """One page for each text."""
    for number, text in enumerate(texts, 1):
        yield Page(number, tuple(lines_of(text)))


def lines_of(text: str) -> Iterator[Line]:
    """The lines of a text without places, in NFC and without what does not print, blank ones left out.

    Columns made with tabs or many spaces become lines of their own, as in the two-column head of a
    document; a short piece such as a list number stays with what follows.
    """
    for row in unicodedata.normalize("NFC", text).translate(_UNPRINTED).splitlines():
        for piece in _columns(row):
            yield Line(piece)


def _columns(row: str) -> list[str]:
    pieces: list[str] = []
    for piece in _COLUMNS.split(row):
        words = " ".join(piece.split())
        if not words:
            continue
        if pieces and (len(pieces[-1]) < _LONG_ENOUGH or len(words) < _LONG_ENOUGH):
            pieces[-1] += f" {words}"
        else:
            pieces.append(words)
    return pieces
