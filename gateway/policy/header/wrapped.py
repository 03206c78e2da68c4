"""Lines of the right block that were too long for a narrow column, put together again.

`CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT` / `NAM` stands beside two lines of the left block: read row by row, the second
piece would fall into the agency's name, and the year of a wrapped date into the abstract.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from gateway.model.page import Box, Line, Page
from gateway.policy.header import words
from gateway.policy.header.layout import MAX_LINE_LENGTH
from gateway.policy.header.text import clean, fold, is_upper, plain_punctuation, squeeze

HEAD_LINES = 60

_LONGEST_REST = 40
_MOST_PIECES = 4
_LEADING = 1.6
_NEAR_LINES = 8
_BLANK = r"[ .…_]*"
_DATE_BEGUN = re.compile(
    rf".{{0,60}}ngay{_BLANK}\d{{0,2}}(?:{_BLANK}thang{_BLANK}\d{{0,2}}(?:{_BLANK}nam{_BLANK}(?P<year>\d{{4}})?)?)?[ .]*"
)
_DATE_REST = re.compile(r"(?:ngay|thang|nam|\d)(?![a-z])")
_PLACE_ENDS = re.compile(r"[^\W\d_][^\d:;/]{1,50},")
_SLOGAN_BEGUN = re.compile(r"doc lap ?-?(?: ?tu(?: do ?-?(?: ?hanh)?)?)?")
_SLOGAN_PIECES = re.compile(r"doc lap ?-?(?: ?tu(?: do ?-?(?: ?hanh(?: phuc)?)?)?)?")
_NUMBER_BEGUN = re.compile(r"so ?[:.]? ?\d{1,5}[a-zd]? ?/(?:[\w.&]{1,12}[-/]){0,8}")
_NUMBER_REST = re.compile(r"[^\W_]{1,12}(?:[-/.][^\W_]{1,12}){0,6}")


def with_wrapped_lines_joined(page: Page) -> Page:
    """The page with the motto, the date and the number each on one line; their places are those of the first piece.

    A piece is looked for right below in the same column, where places are known, else in the next line.
    """
    lines = list(page.lines[:HEAD_LINES])
    place = 0
    while place < len(lines):
        for _ in range(_MOST_PIECES):
            at = _rest_of(lines, place)
            if at is None:
                break
            glue = "" if _NUMBER_BEGUN.fullmatch(_folded(lines[place])) else " "
            joined = f"{_text(lines[place])}{glue}{_text(lines[at])}"
            box, sure = _grown(lines[place].box, lines[at].box), least_sure(lines[place], lines[at])
            lines[place] = replace(lines[place], text=joined, box=box, sure=sure)
            del lines[at]
        place += 1
    if len(lines) == min(len(page.lines), HEAD_LINES):
        return page
    return replace(page, lines=(*lines, *page.lines[HEAD_LINES:]))


def _rest_of(lines: Sequence[Line], place: int) -> int | None:
    line = lines[place]
    before = _folded(line)
    near = range(place + 1, min(place + 1 + (_NEAR_LINES if line.box else 1), len(lines)))
    return next((at for at in near if _below(line, lines[at]) and _goes_on(line, before, lines[at])), None)


def _below(line: Line, other: Line) -> bool:
    """Whether `other` is the next line of the same column."""
    if line.box is None or other.box is None:
        return line.box is None and other.box is None
    height = line.box.bottom - line.box.top
    middle = (line.box.top + line.box.bottom) / 2
    overlap = min(line.box.right, other.box.right) - max(line.box.left, other.box.left)
    return middle < other.box.top < line.box.bottom + _LEADING * height and overlap > 0


def _goes_on(line: Line, before: str, other: Line) -> bool:
    rest = _folded(other)
    if not rest or len(rest) > _LONGEST_REST:
        return False
    motto = before.find(words.MOTTO_START[: len("cong hoa xa")])
    if motto >= 0 and is_upper(_text(line)[motto:]) and is_upper(_text(other)):
        return f"{words.MOTTO} ".startswith(f"{before[motto:]} {rest} ")
    if _SLOGAN_BEGUN.fullmatch(before):
        return bool(_SLOGAN_PIECES.fullmatch(f"{before} {rest}"))
    if _NUMBER_BEGUN.fullmatch(before):
        return is_upper(_text(other)) and bool(_NUMBER_REST.fullmatch(rest))
    begun = _DATE_BEGUN.fullmatch(before)
    # Without places, a line that ends in a comma is as well the middle of a sentence.
    placed = line.box is not None and _PLACE_ENDS.fullmatch(before) is not None
    if (begun and not begun["year"]) or (placed and rest.startswith("ngay")):
        return bool(_DATE_REST.match(rest)) and bool(_DATE_BEGUN.fullmatch(f"{before} {rest}"))
    return False


def _grown(first: Box | None, second: Box | None) -> Box | None:
    """The first piece's box moved down to the second, so that a third is looked for below that."""
    if first is None or second is None:
        return first
    return Box(min(first.left, second.left), first.top, max(first.right, second.right), second.bottom)


def least_sure(*lines: Line) -> float | None:
    """How sure a recogniser is of the least sure of `lines`, None where it read none of them."""
    return min((line.sure for line in lines if line.sure is not None), default=None)


def _text(line: Line) -> str:
    return squeeze(clean(line.text[:MAX_LINE_LENGTH]))


def _folded(line: Line) -> str:
    return fold(plain_punctuation(_text(line)))
