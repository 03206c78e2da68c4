"""The section [hours]: working time, by dated rows, some of which return with the season."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from gateway.policy.calendar import Hours, Schedule, Season
from gateway.settings.sections import Section
from gateway.settings.values import Day, EmptyIsNone

WEEKDAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")

_DAY_OF_YEAR = re.compile(r"([0-9]{1,2})/([0-9]{1,2})")
_LEAP_YEAR = 2024


def _weekdays(value: object) -> tuple[int, ...]:
    known = isinstance(value, list) and bool(value) and all(day in WEEKDAYS for day in value)
    if not isinstance(value, list) or not known or len(set(value)) != len(value):
        raise ValueError("phải là danh sách các thứ, không lặp, trong T2 T3 T4 T5 T6 T7 CN")
    return tuple(sorted(WEEKDAYS.index(day) for day in value))


def _shift(value: object) -> tuple[time, time]:
    start, dash, end = value.partition("-") if isinstance(value, str) else ("", "", "")
    try:
        hours = time.fromisoformat(start), time.fromisoformat(end)
    except ValueError:
        hours = time.min, time.min
    if not dash or len(start) != len("07:00") or len(end) != len("07:00") or hours[0] >= hours[1]:
        raise ValueError('phải là ca làm việc "giờ:phút-giờ:phút", giờ đầu trước giờ cuối')
    return hours


def _season(value: object) -> Season:
    first, dash, last = value.partition("-") if isinstance(value, str) else ("", "", "")
    days = _day_of_year(first), _day_of_year(last)
    if not dash or days[0] is None or days[1] is None:
        raise ValueError('phải là mùa "ngày/tháng-ngày/tháng", tính cả hai ngày ấy, hoặc để trống là cả năm')
    return Season(days[0], days[1])


def _day_of_year(text: str) -> tuple[int, int] | None:
    """`16/4` as (4, 16); None where no year has such a day."""
    found = _DAY_OF_YEAR.fullmatch(text.strip())
    try:
        day = date(_LEAP_YEAR, int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None
    return (day.month, day.day) if day else None


class HoursRow(Section):
    """One row of the dated schedule: `days` as 0 = Monday, `shifts` as pairs of local times, in order.

    `season` None is all of the year, and so is a row that does not name it.
    """

    since: Day
    season: Annotated[Annotated[Season, BeforeValidator(_season)] | None, EmptyIsNone]
    days: Annotated[tuple[int, ...], BeforeValidator(_weekdays)]
    shifts: Annotated[tuple[Annotated[tuple[time, time], BeforeValidator(_shift)], ...], Field(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _all_year(cls, row: object) -> object:
        return {"season": "", **row} if isinstance(row, dict) else row

    @model_validator(mode="after")
    def _shifts_follow_each_other(self) -> Self:
        for (_, end), (start, _) in zip(self.shifts, self.shifts[1:], strict=False):
            if start < end:
                raise ValueError(
                    f"ca bắt đầu lúc {start:%H:%M} chồng lên ca trước, kết thúc lúc {end:%H:%M}; "
                    "hãy sửa giờ, ca sớm ghi trước"
                )
        return self


class HoursSection(Section):
    """[hours]: working time, each row in force from its day until the rows of a later one."""

    schedule: Annotated[tuple[HoursRow, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _every_day_has_one_row(self) -> Self:
        self.record()
        return self

    def record(self) -> Schedule:
        """The schedule as the calendar takes it; raises ValueError where a day has no row of hours, or two."""
        return Schedule(tuple(Hours(row.since, row.days, row.shifts, row.season) for row in self.schedule))
