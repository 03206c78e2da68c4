"""Urgency and secrecy marks (Nghị định 30/2020/NĐ-CP, Phụ lục I phần I mục III khoản 2; Luật 29/2018/QH14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gateway.model.facts import Marks, Urgency
from gateway.model.page import Page, TextSource
from gateway.policy.header.layout import cells_of
from gateway.policy.header.mark_words import mark_in, marks_in, recognised_mark
from gateway.policy.header.pressed import urgency_in_stamps
from gateway.policy.header.secrecy import head_places, letters_joined, part_of_a_sentence, secrecy_on, split_mark

__all__ = ["FoundMarks", "find_marks", "mark_in", "part_of_a_sentence", "read_marks"]


@dataclass(frozen=True, slots=True)
class FoundMarks:
    """The marks of a file; `doubtful` where it may bear one of secrecy and a person has to look."""

    marks: Marks = field(default_factory=Marks)
    doubtful: bool = False


def read_marks(pages: Sequence[Page], margins: Sequence[str] = ()) -> Marks:
    """The highest marks standing by themselves; see `find_marks`."""
    return find_marks(pages, margins).marks


def find_marks(
    pages: Sequence[Page],
    margins: Sequence[str] = (),
    stamps: Sequence[str] = (),
    first_stamps: Sequence[str] = (),
) -> FoundMarks:
    """The highest marks standing by themselves; words within a text are never marks.

    Of urgency in the head of page 1 and in `first_stamps`, which are those of page 1; of secrecy wherever `secrecy_on`
    looks on `pages` (in order, page 1 first), in `margins` and `stamps`. Where a page was recognised, a mark may lack
    its accents or have a letter too many.
    """
    sign = secrecy_on(pages, margins, stamps)
    certain = sign.level if sign is not None and sign.certain else None
    urgent = [*(_urgency_in_head(pages[0]) if pages else ()), *urgency_in_stamps(first_stamps, pages[:1])]
    marks = Marks(certain, max(urgent, key=list(Urgency).index, default=None))
    return FoundMarks(marks, doubtful=sign is not None and not sign.certain)


def _urgency_in_head(page: Page) -> list[Urgency]:
    cells = letters_joined(cells_of(page))
    found: list[Urgency] = []
    for place in head_places(cells):
        if part_of_a_sentence(cells, place):
            continue
        both = split_mark(cells, place)
        marks = marks_in(cells[place].text) or (marks_in(both) if both else ())
        if not marks and page.source is TextSource.OCR:
            mark = recognised_mark(cells[place].text)
            marks = () if mark is None else (mark,)
        found.extend(mark for mark in marks if isinstance(mark, Urgency))
    return found
