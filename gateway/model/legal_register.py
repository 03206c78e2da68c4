"""The registers that the law has printed, signed and bound: what a page of them is made of (Nghị định 30/2020 Điều 16
khoản 2 điểm b, Điều 22 khoản 3 điểm b, Phụ lục IV).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

Cell = str | int | date | None
"""What stands in one column of one row; None leaves it to the pen."""


class LegalRegister(StrEnum):
    """Which register: of incoming documents, of outgoing ones, or of how incoming ones are dealt with."""

    INCOMING = "den"
    OUTGOING = "di"
    FOLLOW_UP = "theo-doi"


@dataclass(frozen=True, slots=True)
class Column:
    """A column as Phụ lục IV names it. `width` is its share of the page's width, in mm of the 260 that a page has."""

    name: str
    width: int


@dataclass(frozen=True, slots=True)
class RegisterForm:
    """A register's form: the title in the lines it is printed in, and its columns.

    `numbered` is whether the cover says from which number to which; the follow-up register's does not.
    """

    title: tuple[str, ...]
    columns: tuple[Column, ...]
    numbered: bool = True

    @property
    def heading(self) -> str:
        """The title in one line."""
        return " ".join(self.title)


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One entry: a cell for each column. `number` and `day` are those that the cover counts by; an entry that was
    made in error is `struck` through.
    """

    number: int
    day: date
    cells: tuple[Cell, ...]
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Cover:
    """What the cover says beside what it counts: whose register, which book, year and volume.

    `book` is the book's own name, empty where it is the ordinary one. `volume` is None where the pen fills it in.
    """

    superior: str
    agency: str
    place: str
    book: str
    year: int
    volume: int | None = None


@dataclass(frozen=True, slots=True)
class Spanned:
    """What a register came to: how many rows, how many of them struck, the first and the last number and day.

    The days are the earliest and the latest; all are None of a register without rows.
    """

    rows: int = 0
    struck: int = 0
    first: int | None = None
    last: int | None = None
    since: date | None = None
    until: date | None = None

    def with_row(self, row: RegisterRow) -> Spanned:
        """The same with one row more."""
        return Spanned(
            rows=self.rows + 1,
            struck=self.struck + row.struck,
            first=row.number if self.first is None else self.first,
            last=row.number,
            since=row.day if self.since is None else min(self.since, row.day),
            until=row.day if self.until is None else max(self.until, row.day),
        )
