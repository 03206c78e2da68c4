"""What each cell at the head of page 1 is, and where the head ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from gateway.policy.header import words
from gateway.policy.header.layout import Cell
from gateway.policy.header.marks import mark_in, part_of_a_sentence
from gateway.policy.header.number import NumberRead, number_in
from gateway.policy.header.place_date import DateRead, date_in
from gateway.policy.header.stamps import stamp_cells
from gateway.policy.header.text import is_upper
from gateway.policy.header.types import DocumentType, DocumentTypes, TypeGroup

_SHORT = 3
_NEAR = 6
_ENACTING_MARKS = ":"
_ADDRESSED = re.compile(r".{0,6}kinh (?:gui|goi|trinh)(?: ?:|$)|kinh (?:gui|goi|trinh)\b")
_NUMBER_BEGUN = re.compile(r"so ?[:.;]?(?: ?\d{1,5}[a-zd]?)?(?: ?/)?")
# The same with a number written by hand, which may be read as anything.
_INK_BEGUN = re.compile(r"so ?[:.;] ?[^/]{1,12}")
_PARENTHESES = re.compile(r"\(.*")


class Kind(StrEnum):
    """What a cell of the head is."""

    MOTTO = "motto"
    STAMP = "stamp"
    NUMBER = "number"
    DATE = "date"
    HEADING = "heading"
    SUBJECT = "subject"
    ADDRESSEE = "addressee"
    RULE = "rule"
    MARK = "mark"
    CAPITALS = "capitals"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class HeadCell:
    """A cell with its kind and what was read in it; `rest` is the cell in which a number or date goes on."""

    cell: Cell
    kind: Kind
    number: NumberRead | None = None
    date: DateRead | None = None
    heading: DocumentType | None = None
    rest: Cell | None = None

    @property
    def read_from(self) -> tuple[Cell, ...]:
        """The cells that number or date were read from."""
        return (self.cell,) if self.rest is None else (self.cell, self.rest)


@dataclass(frozen=True, slots=True)
class Head:
    """The cells of page 1 down to the first words of the text proper, and one cell beyond."""

    cells: tuple[HeadCell, ...]

    def first(self, kind: Kind) -> int | None:
        """The place of the first cell of that kind."""
        return next((place for place, one in enumerate(self.cells) if one.kind is kind), None)

    @property
    def title_at(self) -> int:
        """Where the title begins: heading, subject line or addressee; the end of the head if there is none."""
        places = [
            place for kind in (Kind.HEADING, Kind.SUBJECT, Kind.ADDRESSEE) if (place := self.first(kind)) is not None
        ]
        return min(places, default=len(self.cells))

    @property
    def motto_broken(self) -> bool:
        """Whether the end of the motto is missing: then it may be part of any other line."""
        written = " ".join(one.cell.folded for one in self.cells if one.kind is Kind.MOTTO)
        begun = (one.cell.folded for one in self.cells if one.kind is Kind.MOTTO)
        cut = any(words.MOTTO.startswith(f"{folded} ") for folded in begun)
        return cut and words.MOTTO not in written


def head_of(cells: Sequence[Cell], types: DocumentTypes) -> Head:
    """Classify the cells of page 1 down to the text proper."""
    stamps = stamp_cells(cells)
    found: list[HeadCell] = []
    motto_open = False
    for place, cell in enumerate(cells):
        following = _continuation(cells, place)
        if place in stamps:
            found.append(HeadCell(cell, Kind.STAMP, number=number_in(cell.text)))
            continue
        if _is_mark(cells, place):
            found.append(HeadCell(cell, Kind.MARK))
            continue
        if motto_open and words.MOTTO.endswith(f" {cell.folded}") and is_upper(cell.text):
            found.append(HeadCell(cell, Kind.MOTTO))
            motto_open = False
            continue
        parts = _classify(cell, following, types)
        if parts[0].kind is Kind.MOTTO:
            motto_open = cell.folded.startswith(words.MOTTO_START) and words.MOTTO not in cell.folded
        found.extend(parts)
        if parts[0].kind is Kind.OTHER and _opens_text(cell) and not _cited(cells, place):
            break
    return Head(tuple(found))


def _is_mark(cells: Sequence[Cell], place: int) -> bool:
    if words.CIRCULATION.fullmatch(cells[place].folded):
        return True
    return mark_in(cells[place].text) is not None and not part_of_a_sentence(cells, place)


def _continuation(cells: Sequence[Cell], place: int) -> Cell | None:
    """The cell that a number or date line broken in two goes on with: the next, or a near one that begins `/QĐ-`."""
    folded = cells[place].folded
    if _NUMBER_BEGUN.fullmatch(folded) or _INK_BEGUN.fullmatch(folded):
        for near in cells[place + 1 : place + 1 + _NEAR]:
            if near.text.startswith("/"):
                return near
    return cells[place + 1] if place + 1 < len(cells) else None


def _number_goes_on(folded: str, following: Cell) -> bool:
    if _NUMBER_BEGUN.fullmatch(folded):
        return True
    return following.text.startswith("/") and _INK_BEGUN.fullmatch(folded) is not None


def _cited(cells: Sequence[Cell], place: int) -> bool:
    """Whether the line above goes on with an article that this one begins with."""
    return place > 0 and words.CITING_END.fullmatch(cells[place - 1].folded) is not None


def _opens_text(cell: Cell) -> bool:
    return bool(words.LEGAL_BASIS.match(cell.folded))


def _classify(cell: Cell, following: Cell | None, types: DocumentTypes) -> list[HeadCell]:
    folded = cell.folded
    if words.RULE.fullmatch(cell.text):
        return [HeadCell(cell, Kind.RULE)]
    if _is_motto(cell):
        return [HeadCell(cell, Kind.MOTTO)]
    number, rest = _own_number(cell.text, types), None
    if number is None and following is not None and _number_goes_on(folded, following):
        number, rest = number_in(f"{cell.text} {following.text}"), following
    if number is not None:
        return _number_parts(cell, number, rest)
    date = date_in(cell.text)
    if date is None and following is not None and "ngay" in folded and "nam" not in folded:
        date, rest = date_in(f"{cell.text} {following.text}"), following
    if date is not None:
        return [HeadCell(cell, Kind.DATE, date=date, rest=rest)]
    heading = _heading(cell, types)
    if heading is not None:
        return [HeadCell(cell, Kind.HEADING, heading=heading)]
    return [HeadCell(cell, _plain_kind(cell))]


def _plain_kind(cell: Cell) -> Kind:
    if words.SUBJECT_LINE.match(cell.folded):
        return Kind.SUBJECT
    if _ADDRESSED.match(cell.folded):
        return Kind.ADDRESSEE
    if is_upper(cell.text) and not cell.text.startswith("/") and not _opens_text(cell):
        return Kind.CAPITALS
    return Kind.OTHER


def _own_number(text: str, types: DocumentTypes) -> NumberRead | None:
    """The number line in `text`; before the label only the name of a type may stand (`Luật số: 131/2025/QH15`)."""
    number = number_in(text)
    if number is None or not number.type_name:
        return number
    beside = date_in(number.rest)
    alone = not number.rest or (beside is not None and beside.placed)
    return number if alone and types.named(number.type_name) is not None else None


def _number_parts(cell: Cell, number: NumberRead, rest: Cell | None) -> list[HeadCell]:
    """The number and, where the line runs on with the place and date, that too."""
    parts = [HeadCell(cell, Kind.NUMBER, number=number, rest=rest)]
    date = date_in(number.rest) if number.rest else None
    if date is not None:
        parts.append(HeadCell(replace(cell, text=number.rest, gap=False), Kind.DATE, date=date))
    return parts


def _is_motto(cell: Cell) -> bool:
    folded = cell.folded
    if words.SLOGAN.search(folded) and len(folded) < len("doc lap - tu do - hanh phuc") + 2 * _SHORT:
        return True
    if is_upper(cell.text):
        return folded.startswith((words.MOTTO_START, words.PARTY_MOTTO))
    return folded in {words.MOTTO, words.PARTY_MOTTO}


def _heading(cell: Cell, types: DocumentTypes) -> DocumentType | None:
    """The type a heading names; an enacting formula (`QUYẾT ĐỊNH:`) and a copy's mark are no headings."""
    text = cell.text.rstrip()
    if text.endswith(_ENACTING_MARKS):
        return None
    whole = types.by_heading(_PARENTHESES.sub("", text)) if is_upper(text) else None
    if whole is None:
        begun = types.prefix_of(text)
        if begun is None or not is_upper(text[: len(begun[0].name)]) or not _continues_a_title(begun[1], begun[0]):
            return None
        whole = begun[0]
    return None if whole.group is TypeGroup.COPY else whole


def _continues_a_title(rest: str, heading: DocumentType) -> bool:
    """Whether what follows a type's name on its line is an abstract (`QUYẾT ĐỊNH Về việc …`)."""
    return rest[:1].isalpha() and not is_upper(rest) and heading.name != "Lệnh"
