"""A calendar day of the registers, closed: what was entered on it, and how far the journal had come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Series:
    """The numbers of one book and year: those of the day are `count` up to `last`, 0 where none was given on it."""

    book: str
    year: int
    last: int
    count: int

    @property
    def first(self) -> int | None:
        """The first number of the day; None where there is none."""
        return self.last - self.count + 1 if self.count else None


@dataclass(frozen=True, slots=True)
class DayClose:
    """A local day that is closed. `events` links of the journal came until its end, the last with the hash `head`.

    `series` has every book and year that ever had a number. Each number and each event belongs to exactly one day: what
    was entered for a day after its close, by a clock set back or a transaction that took long, to the day closed next.
    `voids` and `corrections` are counted in the journal.
    """

    day: date
    closed_at: datetime
    events: int
    head: str
    series: tuple[Series, ...] = ()
    voids: int = 0
    corrections: int = 0

    @property
    def entered(self) -> int:
        """How many documents were entered."""
        return sum(series.count for series in self.series)

    @property
    def counted(self) -> dict[str, object]:
        """What was counted, as plain JSON: so the table, the journal and the command line have it."""
        series = [
            {"book": each.book, "year": each.year, "first": each.first, "last": each.last, "count": each.count}
            for each in self.series
        ]
        return {"series": series, "voids": self.voids, "corrections": self.corrections}
