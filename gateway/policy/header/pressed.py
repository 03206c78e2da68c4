"""Marks of urgency in what was recognised in stamps (Nghị định 30/2020/NĐ-CP, Phụ lục I phần I mục III khoản 2 điểm b).

Such a stamp is often red, turned or shaped as an arrow, and then stands in no line of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from gateway.model.facts import Urgency
from gateway.model.page import Page
from gateway.policy.header.mark_words import LONGEST, marks_in, recognised_mark
from gateway.policy.header.text import clean, fold, is_upper

_ALL_DEGREES = len(Urgency)
_SPLIT = 2


def urgency_in_stamps(lines: Sequence[str], pages: Sequence[Page]) -> list[Urgency]:
    """The marks of urgency that are all of a line in capitals, or of two lines; none in a list of all of them.

    What has the shape of a stamp may be a word of a heading whose letters touch: a mark whose words stand in such a
    line of `pages` is none.
    """
    broken = (f"{first} {second}" for first, second in pairwise(lines) if len(f"{first} {second}".split()) == _SPLIT)
    found = [mark for text in (*lines, *broken) for mark in _marks_of(text) if not _within_heading(text, pages)]
    return found if len(set(found)) < _ALL_DEGREES else []


def _marks_of(text: str) -> list[Urgency]:
    if not is_upper(text):
        return []
    recognised = recognised_mark(text)
    marks = marks_in(text) or (() if recognised is None else (recognised,))
    return [mark for mark in marks if isinstance(mark, Urgency)]


def _within_heading(text: str, pages: Sequence[Page]) -> bool:
    wanted = _bare(text)
    lines = (line.text for page in pages for line in page.lines if is_upper(line.text))
    return any(f" {wanted} " in f" {_bare(line)} " and not _marks_of(line[:LONGEST]) for line in lines)


def _bare(text: str) -> str:
    return " ".join("".join(letter if letter.isalpha() else " " for letter in fold(clean(text))).split())
