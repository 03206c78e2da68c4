"""Lines of a page as cells: the pieces of one column each, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from gateway.model.page import Box, Line, Page
from gateway.policy.header import words
from gateway.policy.header.arrivals import begins_covered
from gateway.policy.header.text import clean, fold, is_upper, plain_punctuation, squeeze

MAX_LINES = 200
MAX_LINE_LENGTH = 1000

_BREAK = re.compile(r"\n|<br ?/?>")
# Blank space, the bar of a table, or a rule drawn with characters.
_GAP = re.compile(r"\t+|\|| {3,}|[_=─]{3,}|[-*–—]{3,}")
_MARKUP = re.compile(r"\*\*(?=[^\W_])|(?<=[\w.:,;)])\*\*")
# A gap left for a number or a date to be written in is no gap between columns.
_BLANK_AFTER = re.compile(r"(?:\bso ?:|\bngay|\bthang|(?<!viet )\bnam|/)[ .:]*$")
_BLANK_BEFORE = re.compile(r"[ .]*(?:/|thang\b|nam\b|ngay\b)")
# `ngày|5 tháng`: a figure written by hand that a recogniser took for a bar.
_BEFORE_FIGURE = re.compile(r"\b(?:ngay|thang|nam)$")
_NUMBER_INSIDE = re.compile(r"(?<=\w) +(?=(?:(?:luat|bo luat|phap lenh|nghi quyet|lenh) )?so ?: ?[\d./ ])")
_SUBJECT_INSIDE = re.compile(r"so ?: ?[^ ]{0,30} ?/ ?[^ ]{2,60}(?P<cut> +)v/v ")
# `Q U Y Ế T   Đ Ị N H`: the blanks between its letters divide no columns.
_SPACED_OUT = re.compile(r" *(?:[^\W\d_] {1,5}){4,40}[^\W\d_] *")
_CLOSE = 0.9
_CELLS_PER_LINE = 4
_LETTERHEAD = 100


@dataclass(frozen=True, slots=True)
class Cell:
    """One piece of text. `centre` is the middle as a fraction of the page's width, `top` of its height, where known.

    `gap` says that blank space divides it from the cell before. `page` is the number of its page, `line` counts the
    lines of that from 0, `box` is where it stands there, where known; `sure` is how sure a recogniser is of the
    least sure word of that line, None where nobody says. `covered` says that a stamp may lie on its beginning.
    `folded` is the text without accents, small, with plain dashes, for comparing.
    """

    text: str
    gap: bool = False
    centre: float | None = None
    top: float | None = None
    page: int = 1
    line: int = 0
    box: Box | None = None
    sure: float | None = None
    covered: bool = False
    folded: str = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "folded", fold(plain_punctuation(self.text)))


def cells_of(page: Page, limit: int = MAX_LINES, length: int = MAX_LINE_LENGTH) -> list[Cell]:
    """The cells of the first `limit` lines, of each line the first `length` characters."""
    lines = page.lines[:limit]
    width = _character_width(lines)
    cells: list[Cell] = []
    blank = False
    above: Box | None = None
    for at, line in enumerate(lines):
        gap = blank or _far_below(above, line.box)
        # Decomposed letters take up to twice the room.
        for piece in _BREAK.split(clean(line.text[: 2 * length])[:length]):
            found = list(_pieces(replace(line, text=piece), (page.number, at), width, gap))
            blank = not found
            gap = gap or blank
            if found:
                if begins_covered(line.box, page):
                    found[0] = replace(found[0], covered=True)
                cells.extend(found)
                gap = False
        above = line.box or above
        if len(cells) >= _CELLS_PER_LINE * limit:
            break
    return cells


def _pieces(line: Line, place: tuple[int, int], width: int, gap: bool) -> Iterator[Cell]:
    text, whole = _MARKUP.sub("", line.text), line.box
    for start, end in _spans(text):
        raw_piece = text[start:end]
        piece = squeeze(raw_piece if words.RULE.fullmatch(raw_piece) else raw_piece.strip(" #*"))
        if not piece:
            continue
        box = None if whole is None else _part(whole, start / max(len(text), 1), end / max(len(text), 1))
        if box is not None:
            centre: float | None = (box.left + box.right) / 2
            top: float | None = box.top
        else:
            centre, top = ((start + end) / 2 / width if width else None), None
        for part in _columns_run_together(piece):
            yield Cell(part, gap, centre, top, *place, box, line.sure)


def _part(whole: Box, start: float, end: float) -> Box:
    """From the share `start` to the share `end` of a line's width."""
    across = whole.right - whole.left
    return Box(whole.left + across * start, whole.top, whole.left + across * end, whole.bottom)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    if words.RULE.fullmatch(text) or _SPACED_OUT.fullmatch(text):
        yield 0, len(text)
        return
    folded = fold(text)
    start = 0
    for gap in _GAP.finditer(text):
        before, after = folded[max(0, gap.start() - 20) : gap.start()], folded[gap.end() : gap.end() + 20]
        if gap.group() == "|":
            if _BEFORE_FIGURE.search(before) and after[:1].isdigit():
                continue
        else:
            if _BLANK_BEFORE.match(after) or _BLANK_AFTER.search(before):
                continue
            if not folded[start : gap.start()].strip():
                start = gap.end()
                continue
        yield start, gap.start()
        start = gap.end()
    yield start, len(text)


def _columns_run_together(piece: str) -> list[str]:
    """Cut where the right-hand block begins in the middle of a line, as OCR and table cells give it."""
    folded = fold(plain_punctuation(piece))
    cuts = {0, len(piece)}
    motto = folded.find(words.MOTTO)
    end = motto + len(words.MOTTO)
    if motto >= 0 and (is_upper(piece[motto:end]) or (end == len(piece) and len(piece) < _LETTERHEAD)):
        cuts |= {motto, end}
    slogan = words.SLOGAN.search(folded)
    if slogan:
        cuts |= {slogan.start(), slogan.end()}
    number = _NUMBER_INSIDE.search(folded)
    if number and is_upper(piece[: number.start()]):
        cuts.add(number.end())
    subject = _SUBJECT_INSIDE.search(folded)
    if subject and (subject.start() == 0 or subject.start() in cuts):
        cuts.add(subject.end("cut"))
    places = sorted(cuts)
    parts = (squeeze(piece[start:end]) for start, end in pairwise(places))
    return [part for part in parts if part]


def _character_width(lines: Sequence[Line]) -> int:
    """The width in characters of text that keeps its columns by spaces, else 0."""
    raw = [line.text[:MAX_LINE_LENGTH].rstrip() for line in lines if line.box is None]
    if not any(_GAP.search(text.strip()) for text in raw):
        return 0
    return max(len(text) for text in raw)


def _far_below(above: Box | None, box: Box | None) -> bool:
    if above is None or box is None:
        return False
    return box.top - above.bottom > _CLOSE * (above.bottom - above.top)
