"""Deadlines as people write them, understood in working time; whatever can be read in two ways is asked back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from gateway.model.act import Deadline
from gateway.policy.orders.days import WEEKDAYS, DayRead, day_in
from gateway.policy.orders.hours import HoursRead, Part, hours_in
from gateway.policy.orders.letters import key, tidy
from gateway.policy.orders.phrase import Phrase
from gateway.policy.orders.spans import Span, Unit, span_of

if TYPE_CHECKING:
    from gateway.policy.calendar import Calendar

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
LONGEST = 80
FARTHEST = timedelta(days=5 * 366)
_NOON = time(12)
_LONGEST_HOLIDAY = 40
_HOW = "Hãy ghi như 15/9, 15/9/2026, 16h ngày 15/9, thứ sáu tuần sau, 3 ngày làm việc"
_FILLERS = frozenset(
    {
        *(
            "luc",
            "vao",
            "den",
            "het",
            "cham",
            "muon",
            "nhat",
            "la",
            "trong",
            "ngay",
            "xong",
            "hoan",
            "thanh",
            "han",
            "phai",
        ),
        *("cuoi", "buoi", "gio", "hanh", "chinh", "a", "nhe", "nha"),
        *("by", "on", "at", "due", "until", "the", "of", "no", "later", "than"),
    }
)
_BEFORE = frozenset({"truoc", "before"})


def read_moment(written: str, *, now: datetime, calendar: Calendar) -> Deadline | str:
    """The deadline that `written` names, seen from `now`; else, in Vietnamese, why there is none and how to write it.

    A day without an hour means the end of its working time, or of the next working day's; an hour outside working time
    means the end of the working time before it on that day; hours and days by number are working time from now.
    """
    text = key(written).strip(" .!,;()")
    if not text:
        return f"Chưa ghi thời hạn. {_HOW}."
    if len(text) > LONGEST:
        return f"Thời hạn viết quá dài. {_HOW}."
    today = now.astimezone(VIETNAM).date()
    span = span_of(text)
    found = (
        _after(span, now, today, calendar)
        if isinstance(span, Span)
        else span or _on(text, tidy(written), today, calendar)
    )
    if isinstance(found, str):
        return found
    if found <= now:
        return f"Thời hạn “{tidy(written)}” là {_spoken(found)}, đã qua. {_HOW}."
    return Deadline(found, tidy(written))


def echo(deadline: Deadline) -> str:
    """`15/9 → 17 giờ 00 phút ngày 15/9/2026 (thứ Ba)`: what was written, and the moment it is taken for."""
    return f"{deadline.written} → {_spoken(deadline.at)}"


def _spoken(at: datetime) -> str:
    here = at.astimezone(VIETNAM)
    return f"{here:%H} giờ {here:%M} phút ngày {here.day}/{here.month}/{here.year} ({WEEKDAYS[here.weekday()]})"


def _after(span: Span, now: datetime, today: date, calendar: Calendar) -> datetime | str:
    """Hours run from now; of days the first is the one after today (Bộ luật Dân sự 2015, Điều 147 và 148)."""
    if span.unit is Unit.MINUTE:
        return calendar.add(now, timedelta(minutes=span.number))
    if span.unit is Unit.HOUR:
        return calendar.add(now, timedelta(hours=span.number))
    if span.unit is Unit.WEEK:
        return calendar.deadline_on(today + timedelta(weeks=span.number))
    day = today
    left = span.number
    while left:
        day += timedelta(days=1)
        left -= calendar.is_working_day(day)
        if day - today > FARTHEST:
            return f"Thời hạn quá xa. {_HOW}."
    return calendar.deadline_on(day)


def _on(text: str, written: str, today: date, calendar: Calendar) -> datetime | str:
    phrase = Phrase(text)
    read, hours = day_in(phrase, today), hours_in(phrase)
    if isinstance(read, str) or isinstance(hours, str):
        return read if isinstance(read, str) else str(hours)
    left = phrase.words()
    if left - _FILLERS - _BEFORE or (read is None and hours is None):
        return f"Không hiểu thời hạn “{written}”. {_HOW}."
    day = _working_day(read, today, calendar)
    if day is None:
        return f"Không có ngày làm việc nào trong khoảng “{written}”. {_HOW}."
    if abs(day - today) > FARTHEST:
        return f"Ngày {day.day}/{day.month}/{day.year} quá xa, hãy xem lại năm. {_HOW}."
    if hours is not None:
        return _within(day, hours, calendar)
    return _day_before(day, calendar) if _BEFORE & left else calendar.deadline_on(day)


def _working_day(read: DayRead | None, today: date, calendar: Calendar) -> date | None:
    """The day meant; of a stretch of days its last, or its first, working day."""
    if read is None:
        return today
    if read.first == read.last:
        return read.first
    days: Iterator[date] = (read.first + timedelta(days=n) for n in range((read.last - read.first).days + 1))
    working = [day for day in days if calendar.is_working_day(day)]
    if not working:
        return None
    return working[0] if read.at_start else working[-1]


def _day_before(day: date, calendar: Calendar) -> datetime | str:
    """`trước ngày 15/9`: the day itself is too late."""
    for back in range(1, _LONGEST_HOLIDAY):
        if calendar.is_working_day(day - timedelta(days=back)):
            return calendar.deadline_on(day - timedelta(days=back))
    return f"Không có ngày làm việc trước ngày {day.day}/{day.month}. {_HOW}."


def _within(day: date, hours: HoursRead, calendar: Calendar) -> datetime | str:
    """That hour of that day in working time; a day off goes over to the end of the next working day."""
    if not calendar.is_working_day(day):
        return calendar.deadline_on(day)
    shifts = [(start.astimezone(VIETNAM), end.astimezone(VIETNAM)) for start, end in calendar.shifts(day)]
    if hours.at is not None:
        wanted = datetime.combine(day, hours.at, VIETNAM)
        inside = [wanted for start, end in shifts if start <= wanted <= end]
        ended = inside or [end for _, end in shifts if end < wanted]
        missing = f"{hours.at:%H:%M} là trước giờ làm việc"
    elif hours.part is Part.MORNING:
        ended = [end for start, end in shifts if start.time() < _NOON]
        missing = "Buổi sáng không làm việc"
    else:
        ended = [end for _, end in shifts if end.time() > _NOON or hours.part is Part.EVENING]
        missing = "Buổi chiều không làm việc"
    if not ended:
        return f"{missing} ngày {day.day}/{day.month}/{day.year}. Hãy ghi giờ trong giờ hành chính."
    return max(ended).astimezone(UTC)
