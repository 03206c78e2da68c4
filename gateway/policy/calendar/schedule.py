"""The agency's hours as dated rows, which may return with the seasons of every year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise

_LEAP_YEAR = tuple(date(2024, 1, 1) + timedelta(days=each) for each in range(366))
_LAST_WEEKDAY = 6


@dataclass(frozen=True, slots=True)
class Season:
    """Days of every year as (month, day), both ends included; where `last` comes before `first`, over New Year."""

    first: tuple[int, int]
    last: tuple[int, int]

    def covers(self, day: date) -> bool:
        """True on the days of the season, whatever the year."""
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last

    def __str__(self) -> str:
        return "-".join(f"{day}/{month}" for month, day in (self.first, self.last))


@dataclass(frozen=True, slots=True)
class Hours:
    """A row of the schedule, from `since` on: weekdays as 0 = Monday, shifts as local times in order.

    `season` None is all of the year; else the rows of one `since` share the year among them.
    """

    since: date
    weekdays: tuple[int, ...]
    shifts: tuple[tuple[time, time], ...]
    season: Season | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """Rows in the order of `since`. Raises ValueError, in Vietnamese, unless each day has exactly one row of hours."""

    rows: tuple[Hours, ...]

    def __post_init__(self) -> None:
        if not self.rows:
            raise ValueError("schedule phải có ít nhất một dòng giờ làm việc")
        for place, row in enumerate(self.rows, 1):
            _check_row(row, f"schedule[{place}]")
        for place, (row, following) in enumerate(pairwise(self.rows), 2):
            if following.since < row.since:
                raise ValueError(
                    f"schedule[{place}].since = {following.since}: sớm hơn dòng trước ({row.since}); "
                    "hãy xếp lại, ngày sớm ghi trước"
                )
        for since in dict.fromkeys(row.since for row in self.rows):
            _check_year([(place, row) for place, row in enumerate(self.rows, 1) if row.since == since])

    def of(self, day: date) -> Hours:
        """The row in force on `day`; before the first `since` the first rows."""
        since = max((row.since for row in self.rows if row.since <= day), default=self.rows[0].since)
        return next(row for row in self.rows if row.since == since and (row.season is None or row.season.covers(day)))


def _check_row(row: Hours, place: str) -> None:
    if not row.weekdays or not all(0 <= weekday <= _LAST_WEEKDAY for weekday in row.weekdays):
        raise ValueError(f"{place}: phải có ít nhất một ngày làm việc trong tuần")
    if not row.shifts:
        raise ValueError(f"{place}: phải có ít nhất một ca làm việc")
    times = [moment for shift in row.shifts for moment in shift]
    if any(start >= end for start, end in row.shifts) or times != sorted(times):
        raise ValueError(f"{place}: các ca phải nối tiếp nhau, giờ đầu trước giờ cuối; hãy sửa giờ, ca sớm ghi trước")


def _check_year(rows: Sequence[tuple[int, Hours]]) -> None:
    """The rows of one `since`, each with its place in the schedule, leave no day of a year out nor have one twice."""
    since = rows[0][1].since
    all_year = [place for place, row in rows if row.season is None]
    if all_year and len(rows) > 1:
        places = " và ".join(f"schedule[{place}]" for place, _ in rows[:2])
        raise ValueError(
            f"{places} cùng có since = {since} mà schedule[{all_year[0]}] áp dụng cả năm; "
            "hãy ghi season cho mỗi dòng, hoặc sửa since"
        )
    for day in _LEAP_YEAR:
        found = [(place, row.season) for place, row in rows if row.season is None or row.season.covers(day)]
        shown = f"{day.day}/{day.month}"
        if len(found) > 1:
            places = " và ".join(f'schedule[{place}].season = "{season}"' for place, season in found[:2])
            raise ValueError(f"{places} cùng có ngày {shown}; hãy sửa season để mỗi ngày chỉ thuộc một mùa")
        if not found:
            raise ValueError(
                f'schedule[{rows[-1][0]}].season = "{rows[-1][1].season}": các mùa từ {since} còn thiếu ngày {shown}; '
                "hãy sửa season để đủ mọi ngày trong năm, kể cả 29/2"
            )
