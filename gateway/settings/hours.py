"""The section [hours]: working time, by dated rows."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from gateway.settings.sections import Section
from gateway.settings.values import Day

WEEKDAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")


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


class HoursRow(Section):
    """One row of the dated schedule: `days` as 0 = Monday, `shifts` as pairs of local times, in order."""

    since: Day
    days: Annotated[tuple[int, ...], BeforeValidator(_weekdays)]
    shifts: Annotated[tuple[Annotated[tuple[time, time], BeforeValidator(_shift)], ...], Field(min_length=1)]

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
    """[hours]: working time, each row in force from its day until the next row's."""

    schedule: Annotated[tuple[HoursRow, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _rows_follow_each_other(self) -> Self:
        days = [row.since for row in self.schedule]
        if days != sorted(set(days)):
            raise ValueError("các dòng schedule phải có since khác nhau, ngày sớm ghi trước; hãy xếp lại")
        return self
