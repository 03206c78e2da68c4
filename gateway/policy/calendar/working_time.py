"""Arithmetic of working time: moments are aware, UTC comes out; days are those of Vietnam."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gateway.policy.calendar.schedule import Schedule
from gateway.policy.calendar.sums import WEEKDAYS, Skipped, Span, Sum

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

_DAY = timedelta(days=1)
_NOTHING = timedelta()
_LONGEST_REST = 366


class NoWorkingTime(ValueError):
    """For a whole year nothing is open: the days off leave no working day."""


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that is not like its weekday: off, or worked instead of another. `reason` is Vietnamese."""

    works: bool
    reason: str


@dataclass(frozen=True, slots=True)
class _Day:
    """What one local day comes to: shifts in UTC, none when off; why it is off, or worked on a free weekday."""

    shifts: tuple[tuple[datetime, datetime], ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """The agency's working time. Shifts are half-open; a deadline may fall on the end of one, never outside.

    `special` names the days that are not like their weekday, None being said of all others: a table's `get`, or a
    function. Each day is worked out once. Naive moments raise ValueError; NoWorkingTime is raised where the days off
    leave nothing within a year.
    """

    schedule: Schedule
    special: Callable[[date], SpecialDay | None]
    _known: dict[date, _Day] = field(default_factory=dict, init=False, repr=False, compare=False)

    def shifts(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The shifts of a local day in UTC; none on days off."""
        return self._day(day).shifts

    def is_working_day(self, day: date) -> bool:
        """True where the local day has a shift."""
        return bool(self.shifts(day))

    def why_off(self, day: date) -> str | None:
        """Why nobody works on `day`, in Vietnamese: `Thứ Bảy`, `Tết Nguyên đán`; None on working days."""
        found = self._day(day)
        return None if found.shifts else found.reason

    def is_open(self, at: datetime) -> bool:
        """True within a shift, its end excluded."""
        return any(start <= at < end for start, end in self.shifts(_local_day(at)))

    def next_open(self, at: datetime) -> datetime:
        """`at` itself where open, else the start of the next shift."""
        return next(self._open_from(at))[0]

    def add(self, at: datetime, worked: timedelta) -> datetime:
        """The moment at which `worked` of working time after `at` is used up; the next open one where it is nothing.

        Raises ValueError where `worked` is negative.
        """
        _check_amount(worked)
        spans = self._open_from(at)
        start, end = next(spans)
        while worked > end - start:
            worked -= end - start
            start, end = next(spans)
        return start + worked

    def before(self, until: datetime, worked: timedelta) -> datetime:
        """The latest open moment from which `worked`, more than nothing, of working time is left until `until`."""
        _check_amount(worked)
        spans = self._open_until(until)
        start, end = next(spans)
        while worked > end - start:
            worked -= end - start
            start, end = next(spans)
        return end - worked

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`; nothing where that is not later."""
        total, day, last = _NOTHING, _local_day(start), _local_day(end)
        while day <= last:
            for opens, closes in self.shifts(day):
                total += max(min(closes, end) - max(opens, start), _NOTHING)
            day += _DAY
        return total

    def end_of_day(self, at: datetime) -> datetime:
        """The end of work on the day of `at` where that is still ahead, else on the next working day."""
        return next(shifts[-1][1] for shifts in self._worked_days(_local_day(at)) if shifts[-1][1] > at)

    def deadline_on(self, day: date) -> datetime:
        """The end of work on `day`, of the next working day where it is off (Bộ luật Dân sự 2015 Điều 148 khoản 5)."""
        return next(self._worked_days(day))[-1][1]

    def explain(self, start: datetime, worked: timedelta) -> Sum:
        """How `add(start, worked)` comes about: each span that counts, each day off in between."""
        due = self.add(start, worked)
        day, last = _local_day(start), _local_day(due)
        spans: list[Span] = []
        skipped: list[Skipped] = []
        while day <= last:
            found = self._day(day)
            if not found.shifts:
                skipped.append(Skipped(day, found.reason))
            cut = ((max(opens, start), min(closes, due)) for opens, closes in found.shifts)
            spans.extend(
                Span(day, opens.astimezone(UTC), closes, found.reason) for opens, closes in cut if opens < closes
            )
            day += _DAY
        return Sum(start.astimezone(UTC), worked, tuple(spans), tuple(skipped), due)

    def _day(self, day: date) -> _Day:
        found = self._known.get(day)
        if found is None:
            found = self._known[day] = self._worked_out(day)
        return found

    def _worked_out(self, day: date) -> _Day:
        hours, special = self.schedule.of(day), self.special(day)
        usual = day.weekday() in hours.weekdays
        if not (special.works if special else usual):
            return _Day((), special.reason if special else _capital(WEEKDAYS[day.weekday()]))
        shifts = tuple((_moment(day, start), _moment(day, end)) for start, end in hours.shifts)
        return _Day(shifts, special.reason if special and not usual else "")

    def _worked_days(self, day: date, step: timedelta = _DAY) -> Iterator[tuple[tuple[datetime, datetime], ...]]:
        """The shifts of `day` and of each working day after it, or before it where `step` is backward."""
        idle = 0
        while idle <= _LONGEST_REST:
            shifts = self.shifts(day)
            idle = 0 if shifts else idle + 1
            if shifts:
                yield shifts
            day += step
        raise NoWorkingTime(f"đến {day} đã một năm không có ngày làm việc nào; hãy xem hours.schedule và các ngày nghỉ")

    def _open_from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Working time from `at` on, shift by shift, the first one from `at` itself where that is open."""
        at = _utc(at)
        for shifts in self._worked_days(_local_day(at)):
            yield from ((max(at, start), end) for start, end in shifts if at < end)

    def _open_until(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Working time before `at`, the latest shift first."""
        at = _utc(at)
        for shifts in self._worked_days(_local_day(at), -_DAY):
            yield from ((start, min(at, end)) for start, end in reversed(shifts) if start < at)


def _moment(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=VIETNAM).astimezone(UTC)


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a naive datetime has no place in working time")
    return at.astimezone(UTC)


def _local_day(at: datetime) -> date:
    return _utc(at).astimezone(VIETNAM).date()


def _check_amount(worked: timedelta) -> None:
    if worked < _NOTHING:
        raise ValueError("working time cannot be negative")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
