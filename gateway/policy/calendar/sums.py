"""How a due moment was worked out, as a record and as a Vietnamese sentence that a reader can check by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")

_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_LAST_PADDED_MONTH = 2
_HOUR, _MINUTE, _SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Working time that counts, within one shift of the local day `day`; `reason` says why a free day was worked."""

    day: date
    start: datetime
    end: datetime
    reason: str = ""

    @property
    def worked(self) -> timedelta:
        """Its length."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Skipped:
    """A local day off between start and due, with the reason in Vietnamese."""

    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class Sum:
    """The working-out of a due moment: `worked` after `start`, in UTC; spans and days off in the order of time."""

    start: datetime
    worked: timedelta
    spans: tuple[Span, ...]
    skipped: tuple[Skipped, ...]
    due: datetime


def in_words(found: Sum) -> str:
    """The whole sum: `Nhận 16:00 thứ Sáu 04/9/2026: tính 16:00–17:00 (1 giờ); nghỉ thứ Bảy 05/9, …; hạn … .`"""
    start, due = found.start.astimezone(_VIETNAM), found.due.astimezone(_VIETNAM)
    received = f"Nhận {clock(found.start)} {WEEKDAYS[start.weekday()]} {short_date(start.date())}/{start.year}"
    parts = [*_parts(found, start.date()), f"hạn {clock(found.due)} ngày {short_date(due.date())}/{due.year}"]
    return f"{received}: {'; '.join(parts)}."


def clock(at: datetime) -> str:
    """`16:00` in Vietnamese time, `16:00:30` where there are seconds."""
    here = at.astimezone(_VIETNAM)
    return f"{here:%H:%M:%S}" if here.second else f"{here:%H:%M}"


def length(amount: timedelta) -> str:
    """`1 giờ 20 phút`, whole seconds, fractions dropped."""
    hours, rest = divmod(amount, _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    units = ((hours, "giờ"), (minutes, "phút"), (rest // _SECOND, "giây"))
    return " ".join(f"{number} {unit}" for number, unit in units if number) or "0 phút"


def short_date(day: date) -> str:
    """`04/9`: days below 10 and months 1 and 2 padded (Nghị định 30/2020/NĐ-CP Phụ lục I mục II.4)."""
    month = f"{day.month:02d}" if day.month <= _LAST_PADDED_MONTH else str(day.month)
    return f"{day.day:02d}/{month}"


def _parts(found: Sum, received_on: date) -> Iterator[str]:
    """Days in the order of time; days off that follow each other stand together, as do whole working days."""
    last = found.spans[-1].day if found.spans else received_on
    worked = [_Worked(day, tuple(spans)) for day, spans in groupby(found.spans, key=lambda span: span.day)]
    days: list[Skipped | _Worked] = sorted([*found.skipped, *worked], key=lambda each: each.day)
    for is_whole, group in groupby(days, key=lambda each: _is_whole(each, received_on, last)):
        members = list(group)
        off = [each for each in members if isinstance(each, Skipped)]
        at_work = [each for each in members if isinstance(each, _Worked)]
        if off:
            yield f"nghỉ {', '.join(map(_day_off, off))}"
        elif is_whole and len(at_work) > 1:
            yield _whole_days(at_work)
        else:
            yield from (_spans_of(each, received_on) for each in at_work)


@dataclass(frozen=True, slots=True)
class _Worked:
    day: date
    spans: tuple[Span, ...]


def _is_whole(day: Skipped | _Worked, received_on: date, last: date) -> bool | None:
    """Only the first and the last day may be cut short, and one worked instead is told by itself; None of days off."""
    if isinstance(day, Skipped):
        return None
    return day.day not in {received_on, last} and not day.spans[0].reason


def _day_off(day: Skipped) -> str:
    weekday = WEEKDAYS[day.day.weekday()]
    reason = "" if day.reason.lower() == weekday.lower() else f" ({day.reason})"
    return f"{weekday} {short_date(day.day)}{reason}"


def _whole_days(days: Sequence[_Worked]) -> str:
    total = sum((span.worked for day in days for span in day.spans), timedelta())
    return f"tính trọn {len(days)} ngày {_named(days[0].day)} – {_named(days[-1].day)} ({length(total)})"


def _spans_of(worked: _Worked, received_on: date) -> str:
    times = ", ".join(f"{clock(span.start)}–{clock(span.end)}" for span in worked.spans)
    named = "" if worked.day == received_on else f" {_named(worked.day)}"
    reason = f", {worked.spans[0].reason}" if worked.spans[0].reason else ""
    total = sum((_whole_seconds(span.end) - _whole_seconds(span.start) for span in worked.spans), timedelta())
    return f"tính {times}{named} ({length(total)}{reason})"


def _whole_seconds(at: datetime) -> datetime:
    """As `clock` shows it, so that the lengths shown add up."""
    return at.replace(microsecond=0)


def _named(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {short_date(day)}"
