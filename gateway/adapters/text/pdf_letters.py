"""The letters of a PDF in Unicode: the fonts hint which words are in a legacy code, and which of those are capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from gateway.adapters.text.layout import Region, Word
from gateway.letters import Reading, Run, read_runs

_NO_SIGN = re.compile("[\x80-\x9f\ue000-\uf8ff]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a page has written on it, as the file has it: words with places, or only `text`; and what was recognised.

    `arrivals` are where arrival stamps of other offices lie.
    """

    number: int
    width: float
    height: float
    words: Sequence[Word] = ()
    text: str | None = None
    recognised: Sequence[Word] = field(default_factory=tuple)
    arrivals: tuple[Region, ...] = ()


def read_sheets(sheets: Sequence[Sheet]) -> tuple[list[Sheet], Reading]:
    """The sheets with their letters converted, and what is known of the letters.

    A soft hyphen that turns out to be none of them is the hyphen at the end of a line.
    """
    rows = [_rows(sheet) for sheet in sheets]
    reading = read_runs([runs for each in rows for runs in each])
    paragraphs = iter([text.replace("\N{SOFT HYPHEN}", "-") for text in reading.paragraphs])
    return [
        _converted(sheet, [next(paragraphs) for _ in each]) for sheet, each in zip(sheets, rows, strict=True)
    ], reading


def _rows(sheet: Sheet) -> list[list[Run]]:
    """Words of one height, parted by spaces, which no code changes; or lines."""
    if sheet.text is not None:
        return [[Run(line)] for line in sheet.text.split("\n")]
    rows = groupby(sheet.words, key=lambda word: (word.angle, round(word.baseline)))
    return [[Run(f"{word.text} ", word.font) for word in row] for _, row in rows]


def _converted(sheet: Sheet, rows: Sequence[str]) -> Sheet:
    if sheet.text is not None:
        return replace(sheet, text="\n".join(rows))
    texts = [text for row in rows for text in row.removesuffix(" ").split(" ")]
    return replace(sheet, words=tuple(_with_texts(sheet.words, texts)))


def _with_texts(words: Sequence[Word], texts: Sequence[str]) -> Iterator[Word]:
    for word, text in zip(words, texts, strict=True):
        signs = _NO_SIGN.sub("", text)
        if signs:
            yield replace(word, text=signs)
