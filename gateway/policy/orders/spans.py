"""Working time by number: `3 ngày làm việc`, `2 giờ`, `03 (ba) ngày`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_NUMBERS = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "bay": 7, "tam": 8, "chin": 9, "muoi": 10}
_ENGLISH = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "a": 1, "an": 1}
_SPAN = re.compile(
    r"(?P<lead>(?:trong(?: vong)?|sau|in|within|toi da) )?"
    r"(?P<number>\d{1,3}|[a-z]{1,5}) ?(?:\( ?\w{1,10}(?: \w{1,10})? ?\) ?)?"
    r"(?P<unit>phut|gio|tieng|h|ngay|tuan|thang|minutes?|hours?|days?|weeks?|working days?|business days?"
    r"|working hours?)"
    r"(?P<worked> (?:lam viec|hanh chinh|cong))?"
    r"(?P<tail> (?:nua|toi|sau|ke tu (?:hom nay|nay|ngay nhan|khi nhan|bay gio)|from now))?"
)
_FEW_HOURS = 6
_MORNING_ENDS = 12
_LONGEST = {"minute": 999, "hour": 200, "day": 366, "week": 52}


class Unit(StrEnum):
    """What is counted."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Span:
    """A number of minutes or hours worked, of working days, or of weeks."""

    number: int
    unit: Unit


_UNITS = {
    "phut": Unit.MINUTE,
    "minute": Unit.MINUTE,
    "gio": Unit.HOUR,
    "tieng": Unit.HOUR,
    "h": Unit.HOUR,
    "hour": Unit.HOUR,
    "working hour": Unit.HOUR,
    "ngay": Unit.DAY,
    "day": Unit.DAY,
    "working day": Unit.DAY,
    "business day": Unit.DAY,
    "tuan": Unit.WEEK,
    "week": Unit.WEEK,
}


def span_of(text: str) -> Span | str | None:
    """The time that all of `text` (see `letters.key`) counts; None where it is none; a reason where it may be an hour.

    `2 giờ` is two hours, `16 giờ` is four o'clock, and `8 giờ` or `2h` could be either.
    """
    found = _SPAN.fullmatch(text)
    if not found:
        return None
    number = _number(found["number"])
    if number is None:
        return None
    unit = _UNITS.get(found["unit"].removesuffix("s"))
    if unit is None:
        return "Không tính thời hạn theo tháng; hãy ghi ngày cụ thể, như 15/9/2026."
    if (
        unit is Unit.HOUR
        and found["unit"] in {"gio", "h"}
        and not any(found[one] for one in ("lead", "worked", "tail"))
    ):
        return _hours(number, found["unit"])
    if not 0 < number <= _LONGEST[unit]:
        return "Thời hạn quá ngắn hoặc quá dài; hãy ghi ngày cụ thể, như 15/9/2026."
    return Span(number, unit)


def _hours(number: int, unit: str) -> Span | str | None:
    if unit == "gio" and 0 < number <= _FEW_HOURS:
        return Span(number, Unit.HOUR)
    if number > _FEW_HOURS and (unit == "h" or number > _MORNING_ENDS) and number < 24:  # noqa: PLR2004
        return None
    return (
        f"“{number} {'giờ' if unit == 'gio' else 'h'}” có thể là thời điểm hoặc khoảng thời gian; hãy ghi như "
        "“8h30 ngày 15/9”, “14h” hoặc “trong 8 giờ làm việc”."
    )


def _number(written: str) -> int | None:
    return int(written) if written.isdecimal() else _NUMBERS.get(written, _ENGLISH.get(written))
