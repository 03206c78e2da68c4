"""From words with places to lines in reading order.

Vietnamese official documents open with two columns (Nghị định 30/2020 Phụ lục I mục IV): words of
one height are therefore cut into separate lines wherever a gap is wider than writing leaves, except
where number or day are filled in later. Columns that both wrap may stand closer than that: the
country's name, which begins the right one, tells where the blank between them runs.

A program whose font lacks some letters draws those in another font, and often all of them first: a word then lies in
pieces all over the stream and is put together by place.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from gateway.model.page import Box, Line

ROW_TOLERANCE = 0.4
COLUMN_GAP = 1.2
FILLED_GAP = 6.0
WORD_SPACE = 0.12
MANY_GAPS = 5
NARROW_GAP = 0.5
NARROW_SHARE = 1.6
HEAD_ROWS = 16
SEARCHED_ROWS = 60
GUTTER_REACH = 6.0
SHORTEST_RULE = 3
# Signs that stand in no Vietnamese document: a recogniser's word for a letter (`¡` for `i`).
NEVER_PRINTED = frozenset("¡¿¬¢£¥®¶")
MISREAD_SURE = 0.5
_BEFORE_BLANK = frozenset({"số:", "số", "ngày", "tháng", "năm"})
_AFTER_BLANK = frozenset({"tháng", "năm"})
# Places in the stream from one word to the next, without and with a space between.
_ADJACENT = (1, 2)
_COUNTRY = ("cong", "hoa", "xa", "hoi")


@dataclass(frozen=True, slots=True)
class Word:
    """A word in any unit, origin top left.

    `baseline` and `size` are of the line the word stands in; `angle` is clockwise in whole
    degrees; `order` is its place in the stream it came from, where a space counts as one place; `font` is
    the name of the font it begins in, "" where that is not known; `sure` is how sure a recogniser is of
    it, from 0 to 1, None for written words.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    baseline: float
    size: float
    angle: int = 0
    order: int = 0
    font: str = ""
    sure: float | None = None


class Region(NamedTuple):
    """A rectangle on a page, in the unit of its words, origin top left."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class _Segment:
    """Words of one line, laid level, and those that say where on the page it is."""

    row: float
    words: Sequence[Word]
    placed: Sequence[Word]

    @property
    def box(self) -> tuple[float, float, float, float]:
        words = self.placed
        return (
            min(word.left for word in words),
            min(word.top for word in words),
            max(word.right for word in words),
            max(word.bottom for word in words),
        )


def build_lines(words: Iterable[Word], width: float, height: float, apart: Sequence[Region] = ()) -> tuple[Line, ...]:
    """Lines of a page of `width` × `height`, top to bottom, then left to right.

    Slanted text is by itself, and so is what lies in each of the regions `apart`.
    """
    groups: dict[tuple[int, Region | None], list[Word]] = {}
    for word in words:
        place = next((region for region in apart if _lies_in(word, region)), None)
        groups.setdefault((word.angle, place), []).append(word)
    segments: list[tuple[float, float, Line]] = []
    for (angle, _), group in groups.items():
        for segment in _segments(group, angle):
            if _dust(segment.words):
                continue
            left, top, right, bottom = segment.box
            line = Line(
                unicodedata.normalize("NFC", _join(segment.words)),
                Box(_share(left, width), _share(top, height), _share(right, width), _share(bottom, height)),
                _least_sure(segment.words),
            )
            row = segment.row if angle == 0 else (top + bottom) / 2
            segments.append((row, left, line))
    segments.sort(key=lambda item: item[:2])
    return tuple(line for _, _, line in segments)


def box_of(region: Region, width: float, height: float) -> Box:
    """The region as shares of a page of `width` × `height`."""
    return Box(
        _share(region.left, width),
        _share(region.top, height),
        _share(region.right, width),
        _share(region.bottom, height),
    )


def _lies_in(word: Word, region: Region) -> bool:
    x, y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
    return region.left <= x <= region.right and region.top <= y <= region.bottom


def _dust(words: Sequence[Word]) -> bool:
    """Whether a recogniser took specks for a line: a stop or two and no letter."""
    text = "".join(word.text for word in words)
    return (
        len(text) < SHORTEST_RULE and all(word.sure is not None for word in words) and not any(map(str.isalnum, text))
    )


def _least_sure(words: Sequence[Word]) -> float | None:
    told = [(word.text, word.sure) for word in words if word.sure is not None]
    telling = [sure for text, sure in told if any(map(str.isalnum, text))]
    telling += [min(sure, MISREAD_SURE) for text, sure in told if not NEVER_PRINTED.isdisjoint(text)]
    return round(min(telling), 2) if telling else None


def _share(value: float, whole: float) -> float:
    return round(min(max(value / whole, 0.0), 1.0), 4) if whole > 0 else 0.0


def _segments(words: list[Word], angle: int) -> list[_Segment]:
    if angle == 0:
        level = [_whole(row) for row in _rows(words)]
        columns = _right_columns(level)
        return [segment for place, row in enumerate(level) for segment in _cut(row, columns.get(place))]
    turned = _turned(words, angle)
    rows = _rows(list(turned))
    return [
        _Segment(segment.row, _whole(segment.words), [turned[word] for word in segment.words])
        for row in rows
        for segment in _cut(row)
    ]


def _turned(words: list[Word], angle: int) -> dict[Word, Word]:
    """Slanted words laid level, each with the word it was."""
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    turned = {}
    for word in words:
        x, y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
        along, across = x * cos + y * sin, y * cos - x * sin
        if abs(cos) > abs(sin):
            reach = (word.right - word.left - word.size * abs(sin)) / abs(cos) / 2
        else:
            reach = (word.bottom - word.top - word.size * abs(cos)) / abs(sin) / 2
        level = replace(
            word, left=along - reach, top=across, right=along + reach, bottom=across, baseline=across, angle=angle
        )
        turned[level] = word
    return turned


def _whole(words: Iterable[Word]) -> list[Word]:
    """The words of a row from left to right, those that were drawn in pieces put together."""
    whole: list[Word] = []
    for word in sorted(words, key=lambda each: each.left):
        if whole and _piece_of(whole[-1], word):
            whole[-1] = _with_piece(whole[-1], word)
        else:
            whole.append(word)
    return whole


def _piece_of(word: Word, other: Word) -> bool:
    """Whether `other`, in another font or from elsewhere in the stream, touches the end of `word`.

    A figure put beside a word is none of its letters. What was recognised in a picture has no font and is whole.
    """
    if not word.font or not other.font:
        return False
    if word.font == other.font and other.order - word.order in _ADJACENT:
        return False
    if word.text[-1:].isdigit() or other.text[:1].isdigit():
        return False
    return abs(other.left - word.right) < WORD_SPACE * max(word.size, other.size)


def _with_piece(word: Word, piece: Word) -> Word:
    return replace(
        word,
        text=word.text + piece.text,
        top=min(word.top, piece.top),
        right=max(word.right, piece.right),
        bottom=max(word.bottom, piece.bottom),
        size=max(word.size, piece.size),
        order=piece.order,
        font=piece.font,
    )


def _rows(words: list[Word]) -> list[list[Word]]:
    """Words whose baselines agree within a part of their size, topmost row first."""
    rows: list[list[Word]] = []
    reference = size = 0.0
    for word in sorted(words, key=lambda each: each.baseline):
        if rows and word.baseline - reference <= ROW_TOLERANCE * min(max(size, word.size), 2 * word.size):
            rows[-1].append(word)
            size = max(size, word.size)
            continue
        rows.append([word])
        reference, size = word.baseline, word.size
    return rows


def _right_columns(rows: Sequence[list[Word]]) -> dict[int, Word]:
    """By row the first word of the right column, from the country's name down to the first row that runs across."""
    found: dict[int, Word] = {}
    low = high = 0.0
    last = 0
    for place, row in enumerate(rows[:SEARCHED_ROWS]):
        written = sorted(row, key=lambda word: word.left)
        if not found:
            at = _country_at(written)
            if at is None:
                continue
            high = written[at].left
            low = written[at - 1].right if at else high - GUTTER_REACH * written[at].size
            if at and not _narrow_gap(written, at):
                return {}
            found[place] = written[at]
            last = place + HEAD_ROWS
            continue
        if place > last:
            break
        parted = [at for at in range(1, len(written)) if _in_gutter(written, at, low, high)]
        if parted:
            widest = max(parted, key=lambda at: written[at].left - written[at - 1].right)
            found[place] = written[widest]
            low, high = max(low, written[widest - 1].right), min(high, written[widest].left)
        elif written[0].left <= low and written[-1].right >= high:
            break
    return found


def _country_at(written: Sequence[Word]) -> int | None:
    """Where the country's name begins in a row, in capitals."""
    if len(written) < len(_COUNTRY):
        return None
    names = [_plain(word.text) if word.text.isupper() else "" for word in written]
    places = range(len(names) - len(_COUNTRY) + 1)
    return next((at for at in places if tuple(names[at : at + len(_COUNTRY)]) == _COUNTRY), None)


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _narrow_gap(written: Sequence[Word], at: int) -> bool:
    """Whether the gap before the word `at` is more than the space between words of its row."""
    gap = written[at].left - written[at - 1].right
    spaces = [word.left - before.right for before, word in pairwise(written)]
    usual = median(spaces) if len(spaces) >= MANY_GAPS else 0.0
    return gap > max(NARROW_GAP * max(written[at - 1].size, written[at].size), NARROW_SHARE * usual)


def _in_gutter(written: Sequence[Word], at: int, low: float, high: float) -> bool:
    before, word = written[at - 1], written[at]
    blank = before.text.casefold() in _BEFORE_BLANK and word.text.casefold() in _AFTER_BLANK
    if blank or word.text.startswith("/"):
        return False
    return before.right < high and word.left > low and _narrow_gap(written, at)


def _cut(row: list[Word], column: Word | None = None) -> list[_Segment]:
    """A row cut into its columns; `column` is the first word of the right one where that is known."""
    written = sorted(row, key=lambda word: word.left)
    gaps = [word.left - previous.right for previous, word in pairwise(written)]
    usual = median(gaps) if len(gaps) >= MANY_GAPS else 0.0
    segments = [[written[0]]]
    for gap, (previous, word) in zip(gaps, pairwise(written), strict=True):
        size = max(previous.size, word.size)
        allowed = FILLED_GAP * size if _left_to_fill(previous.text, word.text) else max(COLUMN_GAP * size, 2.5 * usual)
        if gap > allowed or word is column:
            segments.append([])
        segments[-1].append(word)
    baseline = sum(word.baseline for word in written) / len(written)
    return [_Segment(baseline, segment, segment) for segment in segments]


def _left_to_fill(before: str, after: str) -> bool:
    """Whether a gap is one that number or day is put into later: `Số:    /QĐ-…`, `ngày    tháng    năm`."""
    if after.startswith("/") or before.casefold() in _BEFORE_BLANK:
        return True
    # The day is there and only the month is not; a wrapped right column may begin with these words too.
    return after.casefold() in _AFTER_BLANK and not before[-1:].isalpha()


def _join(words: Sequence[Word]) -> str:
    """One line of text. A word that was put into a gap later is glued to the slash after it."""
    pieces = [words[0].text]
    for previous, word in pairwise(words):
        step = word.order - previous.order
        placed = step not in _ADJACENT
        number = placed and word.text.startswith("/") and previous.text[-1:].isdigit()
        unbroken = step == 1 and abs(word.left - previous.right) < WORD_SPACE * max(previous.size, word.size)
        pieces.append(word.text if number or unbroken else f" {word.text}")
    return "".join(pieces)
