"""The agency's calendar: [hours], the public holidays of Vietnam, and holidays.toml, which has the last word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from gateway.policy.calendar import Calendar, Schedule, SpecialDay
from gateway.policy.calendar.sums import short_date
from gateway.settings.problems import toml

FIRST_YEAR, LAST_YEAR = 2000, 2100

_KEYS = ("date", "kind", "source")
_KINDS = ("off", "work")
_SWAPPED_FOR = re.compile(r"thay cho ngày (\d\d/\d\d/\d{4})")
_LUNAR_NEW_YEAR = ("29 Tết", "Giao thừa", "Nguyên Đán")


def calendar_of(schedule: Schedule, table: Mapping[str, object]) -> Calendar:
    """The calendar of a schedule, with the `[[day]]` rows of holidays.toml laid over the public holidays.

    A year's holidays are worked out when one of its days is first asked for. Raises ValueError, in Vietnamese, naming
    the row at fault; NoWorkingTime where the rows close a year.
    """
    overrides = _overrides(table)
    without_public_days = Calendar(schedule, overrides.get)
    for day in overrides:
        without_public_days.deadline_on(day)
    return Calendar(schedule, SpecialDays(overrides))


@dataclass(frozen=True, slots=True)
class SpecialDays:
    """The days that are not like their weekday: those of holidays.toml before the public ones."""

    overrides: Mapping[date, SpecialDay]

    def __call__(self, day: date) -> SpecialDay | None:
        """What `day` is, None where its weekday says all."""
        return self.overrides.get(day) or public_days(day.year).get(day)


@cache
def public_days(year: int) -> Mapping[date, SpecialDay]:
    """Public holidays with their days in lieu, swapped days and the days worked for them; none before 2000, after 2100.

    A day may be swapped with one of the year before or after.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return {}
    import holidays

    near = range(year - 1, min(year + 1, LAST_YEAR) + 1)
    found = holidays.country_holidays("VN", language="vi", years=near, expand=False)
    days = {day: SpecialDay(works=False, reason=_reason(name)) for day, name in found.items() if day.year == year}
    swapped = {worked: off for off, name in found.items() if (worked := _swapped_for(name))}
    worked_days = {each for each in found.weekend_workdays if each.year == year}
    for day in worked_days:
        off = swapped.get(day)
        days[day] = SpecialDay(works=True, reason=f"làm bù cho ngày {_shown(off)}" if off else "làm bù")
    return days


def _reason(name: str) -> str:
    """The law's name of a day off: the library has one for each day of Tết, ours is one."""
    worked = _swapped_for(name)
    if worked:
        return f"nghỉ hoán đổi, làm bù ngày {_shown(worked)}"
    return "Tết Nguyên đán" if any(part in name for part in _LUNAR_NEW_YEAR) else name


def _swapped_for(name: str) -> date | None:
    found = _SWAPPED_FOR.search(name)
    return datetime.strptime(found[1], "%d/%m/%Y").date() if found else None  # noqa: DTZ007  (a day, not a moment)


def _shown(day: date) -> str:
    return f"{short_date(day)}/{day.year}"


def _overrides(table: Mapping[str, object]) -> Mapping[date, SpecialDay]:
    if unknown := ", ".join(sorted(set(table) - {"day"})):
        raise ValueError(f"{unknown}: không có khóa này; hãy ghi mỗi ngày thành [[day]] với các khóa của nó")
    rows = table.get("day", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("day: phải là danh sách; hãy ghi mỗi ngày thành [[day]] với các khóa của nó")
    kinds: dict[date, str] = {}
    sources: dict[date, str] = {}
    for place, row in enumerate(rows, 1):
        day, kind, source = _row(row, f"day[{place}]")
        if day in kinds:
            raise ValueError(f"day[{place}].date = {day}: đã có ở dòng trước; mỗi ngày chỉ ghi một dòng")
        kinds[day], sources[day] = kind, source
    swaps = _swaps(kinds, sources)
    return {day: _special(kind, sources[day], sources[day] in swaps) for day, kind in kinds.items()}


def _row(row: Mapping[str, object], place: str) -> tuple[date, str, str]:
    if wrong := ", ".join(sorted(set(row) ^ set(_KEYS))):
        raise ValueError(f"{place}: phải có đúng các khóa {', '.join(_KEYS)}; sai ở {wrong}")
    day, kind, source = (row[key] for key in _KEYS)
    if type(day) is not date or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(
            f"{place}.date = {toml(day)}: phải là ngày dạng năm-tháng-ngày, không có dấu nháy, từ năm {FIRST_YEAR} "
            f"đến năm {LAST_YEAR}; ví dụ đúng: date = 2026-01-02"
        )
    if kind not in _KINDS:
        raise ValueError(f'{place}.kind = {toml(kind)}: phải là "off" (nghỉ) hoặc "work" (làm việc)')
    if not isinstance(source, str) or not source.strip() or not source.isprintable():
        raise ValueError(
            f"{place}.source = {toml(source)}: phải là tên văn bản quyết định, trên một dòng, không để trống"
        )
    return day, str(kind), source.strip()


def _swaps(kinds: Mapping[date, str], sources: Mapping[date, str]) -> set[str]:
    """The decisions that both free a day and have one worked."""
    by_kind = {kind: {sources[day] for day, each in kinds.items() if each == kind} for kind in _KINDS}
    return by_kind["off"] & by_kind["work"]


def _special(kind: str, source: str, is_swap: bool) -> SpecialDay:
    if kind == "work":
        return SpecialDay(works=True, reason=f"làm bù theo {source}" if is_swap else f"làm việc theo {source}")
    return SpecialDay(works=False, reason=f"nghỉ hoán đổi theo {source}" if is_swap else f"nghỉ theo {source}")
