"""The day in a deadline, and the date in a correction, as written in Vietnamese or by an English telephone."""

from __future__ import annotations

import calendar as gregorian
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from gateway.policy.orders.letters import key
from gateway.policy.orders.phrase import Phrase

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
JUST_PAST = timedelta(days=60)
EARLIEST_YEAR = 1945

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAME = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_START, _END = r"(?<![\w/.:-])", r"(?![/.-]?\d|\w)"
_ISO = re.compile(_START + r"(?P<year>\d{4})(?P<sep>[/.-])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})(?:t(?=\d)|(?!\d))")
_FIGURES = re.compile(
    _START
    + r"(?:ngay )?(?P<day>\d{1,2}) ?(?P<sep>[/.-]) ?(?P<month>\d{1,2})(?: ?(?P=sep) ?(?P<year>\d{4}|\d\d))?"
    + _END
)
_SPELT = re.compile(
    _START + r"(?:ngay )?(?P<day>\d{1,2}),? thang (?P<month>\d{1,2})(?:[/,]? ?(?:nam )?(?P<year>\d{4}))?" + _END
)
_ENGLISH_DAY = re.compile(_START + rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)? {_MONTH_NAME}(?:,? (?P<year>\d{{4}}))?" + _END)
_ENGLISH_MONTH = re.compile(
    _START + rf"{_MONTH_NAME} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year>\d{{4}}))?" + _END
)
_DATES = (_ISO, _FIGURES, _SPELT, _ENGLISH_DAY, _ENGLISH_MONTH)

_WEEK = r"(?: (?:cua )?(?P<week>(?:tuan )?nay|tuan sau|tuan toi|next week|this week)|(?P<coming> toi))?"
_WEEKDAY = re.compile(
    r"(?<![\w/.:-])(?P<next>next )?(?:thu (?P<word>hai|ba|tu|nam|sau|bay|[2-7])|t(?P<figure>[2-7])"
    r"|(?P<sunday>chu nhat|cn)|(?P<english>mon|tue|wed|thu(?=r)|fri|sat|sun)(?:s|rs?|(?:s|nes|rs|ur)?day)?)(?!\w)"
    + _WEEK
)
_DAY_OF_MONTH = re.compile(_START + r"(?:ngay|mung|mong) (?P<day>\d{1,2})(?: thang (?P<which>nay|sau|toi))?" + _END)
_DAY_OF_THIS = re.compile(_START + r"(?P<day>\d{1,2}) thang (?P<which>nay|sau|toi)" + _END)
_WEEKDAY_WORDS = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5}
_ENGLISH_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LAST_MONTH = 12
_CENTURY = 2000
_SUNDAY = 6


@dataclass(frozen=True, slots=True)
class DayRead:
    """A day, or a stretch of days of which the last working day is meant (the first, where `at_start`)."""

    first: date
    last: date
    at_start: bool = False


def date_of(written: str) -> date | None:
    """The full date that all of `written` is; None where it is none or lacks its year."""
    phrase = Phrase(key(written).strip(" .,"))
    for pattern in _DATES:
        found = phrase.take(pattern)
        if found:
            whole = bool(found["year"]) and not phrase.words() - {"ngay"}
            return _calendar_day(*_numbers(found)) if whole else None
    return None


def day_in(phrase: Phrase, today: date) -> DayRead | str | None:
    """The day that `phrase` names, taken from it; None where it names none; a Vietnamese reason where it cannot be.

    A day without its year is the next such day, unless one has passed not long ago.
    """
    dated = _dated(phrase, today)
    if dated is None:
        return _relative(phrase, today)
    if isinstance(dated, str):
        return dated
    weekday = phrase.take(_WEEKDAY)
    if weekday and _weekday(weekday) != dated.weekday():
        written = f"{dated.day}/{dated.month}/{dated.year}"
        return f"Ngày {written} là {WEEKDAYS[dated.weekday()]}, không phải {WEEKDAYS[_weekday(weekday)]}; hãy xem lại."
    return DayRead(dated, dated)


def _dated(phrase: Phrase, today: date) -> date | str | None:
    for pattern in _DATES:
        found = phrase.take(pattern)
        if found:
            day, month, year = _numbers(found)
            return _calendar_day(day, month, year) or _no_such(day, month, year) if year else _next(day, month, today)
    for pattern in (_DAY_OF_THIS, _DAY_OF_MONTH):
        found = phrase.take(pattern)
        if found:
            day, later = int(found["day"]), found["which"] in {"sau", "toi"}
            passed = found["which"] is None and day < today.day
            year, month = _month_after(today) if later or passed else (today.year, today.month)
            return _calendar_day(day, month, year) or _no_such(day, month, year)
    return None


def _numbers(found: re.Match[str]) -> tuple[int, int, int | None]:
    parts = found.groupdict()
    month = int(parts["month"]) if parts.get("month") else _MONTHS.index(parts["name"][:3]) + 1
    year = int(parts["year"]) if parts["year"] else None
    return int(parts["day"]), month, year + _CENTURY if year is not None and len(parts["year"]) == 2 else year  # noqa: PLR2004


def _calendar_day(day: int, month: int, year: int | None) -> date | None:
    try:
        return date(year, month, day) if year and year >= EARLIEST_YEAR else None
    except ValueError:
        return None


def _no_such(day: int, month: int, year: int | None) -> str:
    return f"Không có ngày {day}/{month}{f'/{year}' if year else ''}; hãy xem lại."


def _next(day: int, month: int, today: date) -> date | str:
    """The next such day from today on; a reason where the last one is but some weeks ago, or there is none soon."""
    near = [_calendar_day(day, month, today.year + years) for years in (-1, 0, 1)]
    for one in near:
        if one and timedelta() < today - one <= JUST_PAST:
            return (
                f"Ngày {day}/{month} đã qua ({one.day}/{one.month}/{one.year}); nếu là năm {one.year + 1}, "
                f"hãy ghi rõ năm: {day}/{month}/{one.year + 1}."
            )
    return next((one for one in near if one and one >= today), None) or _no_such(day, month, None)


def _month_after(today: date) -> tuple[int, int]:
    return (today.year + 1, 1) if today.month == _LAST_MONTH else (today.year, today.month + 1)


def _relative(phrase: Phrase, today: date) -> DayRead | str | None:
    weekday = phrase.take(_WEEKDAY)
    if weekday:
        return _of_week(weekday, today)
    for pattern, stretch in _RELATIVE:
        if phrase.take(pattern):
            return stretch(today)
    month = phrase.take(_MONTH_END)
    return _named_month(int(month["month"]), month["year"], today) if month else None


def _weekday(found: re.Match[str]) -> int:
    if found["sunday"]:
        return _SUNDAY
    if found["english"]:
        return _ENGLISH_WEEKDAYS.index(found["english"])
    figure = found["figure"] or found["word"]
    return int(figure) - 2 if figure.isdecimal() else _WEEKDAY_WORDS[figure]


def _of_week(found: re.Match[str], today: date) -> DayRead | str:
    """The weekday of the week named; without a week the next one, which today itself may or may not be."""
    weekday = _weekday(found)
    monday = today - timedelta(days=today.weekday())
    this_week = monday + timedelta(days=weekday)
    if found["next"] or found["week"] in {"tuan sau", "tuan toi", "next week"}:
        day = this_week + timedelta(weeks=1)
    elif found["week"]:
        day = this_week
    elif weekday == today.weekday() and not found["coming"]:
        name = WEEKDAYS[weekday]
        return f"Hôm nay là {name}; hãy ghi “hôm nay”, “{name} tuần sau” hoặc ngày cụ thể."
    else:
        day = this_week if this_week > today else this_week + timedelta(weeks=1)
    return DayRead(day, day)


def _days(ahead: int) -> Callable[[date], DayRead]:
    return lambda today: DayRead(today + timedelta(days=ahead), today + timedelta(days=ahead))


def _week(ahead: int, *, at_start: bool = False) -> Callable[[date], DayRead]:
    def stretch(today: date) -> DayRead:
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=ahead)
        return DayRead(monday, monday + timedelta(days=6), at_start)

    return stretch


def _month(ahead: int, *, at_start: bool = False) -> Callable[[date], DayRead]:
    def stretch(today: date) -> DayRead:
        year, month = _month_after(today) if ahead else (today.year, today.month)
        return _whole_month(year, month, at_start=at_start)

    return stretch


def _whole_month(year: int, month: int, *, at_start: bool = False) -> DayRead:
    return DayRead(date(year, month, 1), date(year, month, gregorian.monthrange(year, month)[1]), at_start)


def _year_end(today: date) -> DayRead:
    return _whole_month(today.year, _LAST_MONTH)


def _quarter_end(today: date) -> DayRead:
    return _whole_month(today.year, (today.month + 2) // 3 * 3)


def _named_month(month: int, year: str | None, today: date) -> DayRead | str:
    if not 1 <= month <= _LAST_MONTH:
        return f"Không có tháng {month}; hãy xem lại."
    if year is None and month < today.month:
        return f"Tháng {month} đã qua; nếu là năm {today.year + 1}, hãy ghi rõ năm."
    return _whole_month(int(year) if year else today.year, month)


def _phrase(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w/.:-])(?:{pattern})(?!\w)")


_MONTH_END = _phrase(r"(?:cuoi|het|trong) thang (?P<month>\d{1,2})(?:(?:/| nam )(?P<year>20\d\d))?")
_RELATIVE: tuple[tuple[re.Pattern[str], Callable[[date], DayRead]], ...] = (
    (_phrase("dau tuan (?:sau|toi)"), _week(1, at_start=True)),
    (_phrase("cuoi thang (?:sau|toi)"), _month(1)),
    (_phrase("dau thang (?:sau|toi)"), _month(1, at_start=True)),
    (_phrase("(?:cuoi|het|trong) thang(?: nay)?(?! \\d)|end of (?:the |this )?month"), _month(0)),
    (_phrase("(?:cuoi |het |trong )?tuan (?:sau|toi)|(?:end of )?next week"), _week(1)),
    (_phrase("(?:cuoi|het|trong) tuan(?: nay)?|tuan nay|end of (?:the |this )?week|this week"), _week(0)),
    (_phrase("(?:cuoi|het|trong) nam(?: nay)?|end of (?:the |this )?year"), _year_end),
    (_phrase("(?:cuoi|het|trong) quy(?: nay)?"), _quarter_end),
    (_phrase("day after tomorrow|ngay kia|ngay mot|mot|kia"), _days(2)),
    (_phrase("ngay mai|mai|tomorrow"), _days(1)),
    (_phrase("(?:trong |cuoi |het )?(?:ngay )?hom nay|(?:trong|cuoi|het) ngay(?: nay)?$|nay|today|tonight"), _days(0)),
)
