"""Place and date (Nghị định 30/2020/NĐ-CP, Phụ lục I phần I mục II khoản 4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from gateway.policy.header.text import fold, plain_punctuation, squeeze

MAX_LENGTH = 120
EARLIEST_YEAR = 1945
LATEST_YEAR = 2100

_GAP = r"[ .,_…]{0,20}"
_DAY = r"(?P<day>[0-9lio]{1,2})?"
_MONTH = r"(?P<month>[0-9lio]{1,2})?"
_YEAR = r"(?P<year>[0-9lio]{4})"
_WRITTEN = re.compile(rf"ngay{_GAP}{_DAY}{_GAP}thang{_GAP}{_MONTH}{_GAP}nam{_GAP}{_YEAR}")
_SLASHED = re.compile(rf"ngay ?:? ?{_DAY} ?[/.-] ?{_MONTH} ?[/.-] ?{_YEAR}")
# One figure with a stop before it, where two are the rule: the other one, written by hand, may be the stop.
_HALF_READ = re.compile(r"(?:ngay|thang) ?[.,_] ?\d(?!\d)")
_BLANK_YEAR = re.compile(rf"ngay{_GAP}{_DAY}{_GAP}thang{_GAP}{_MONTH}{_GAP}nam(?P<year>){_GAP}$")
_PLACE = re.compile(r"[^\W\d_]{1,16}(?:[.' -]{1,3}[^\W\d_]{1,16}){0,6}")
_END = re.compile(r"[ .,;:/)\]\"'|_*-]{0,10}")
_PASSED = re.compile(
    r"(?:luat|bo luat|nghi quyet|phap lenh|hien phap)(?: \w{1,10}){0,2} (?:da )?duoc .{5,200}?thong qua.{0,20}?"
    r"ngay (?P<day>\d{1,2}) thang (?P<month>\d{1,2}) nam (?P<year>\d{4})"
)
_MONTHS = ("gieng", "hai", "ba", "tu", "nam", "sau", "bay", "tam", "chin", "muoi", "muoi mot", "muoi hai")
_SPOKEN = re.compile(rf"(?<=thang )(?:{'|'.join(reversed(_MONTHS))})(?=,? nam )|(?<=ngay )(?:mong|mung) (?=\d)")
_DIGITS = str.maketrans("lio", "110")
_NOT_A_PLACE = (
    "can cu",
    "theo",
    "tu ",
    "den ",
    "ke tu",
    "xet",
    "truoc",
    "hom nay",
    "vao",
    "thong qua",
    "ban hanh",
    "kem",
)


@dataclass(frozen=True, slots=True)
class DateRead:
    """A place and date line. `day` is None where the day (or the month) is left blank or is no date."""

    on: date | None
    placed: bool
    exact: bool


def date_in(text: str) -> DateRead | None:
    """The place and date that are all of `text`, or None: a date within a sentence is not the document's."""
    if len(text) > MAX_LENGTH:
        return None
    folded = _SPOKEN.sub(_figures, fold(plain_punctuation(squeeze(text))))
    found = _WRITTEN.search(folded) or _SLASHED.search(folded) or _BLANK_YEAR.search(folded)
    if found is None or not _END.fullmatch(folded[found.end() :]):
        return None
    place = folded[: found.start()].strip(" ,.;:-_(/|*")
    if place and (not _PLACE.fullmatch(place) or place.startswith(_NOT_A_PLACE) or not _capital(text)):
        return None
    on = _date(found)
    figures = "".join(found[part] or "" for part in ("day", "month", "year"))
    return DateRead(on, bool(place), figures.isdigit() and not _HALF_READ.search(found.group()))


def passed_on(text: str) -> date | None:
    """The day a law or resolution was passed, from its closing sentence, or None."""
    found = _PASSED.match(fold(plain_punctuation(squeeze(text[:600]))))
    return _date(found) if found else None


def _figures(spoken: re.Match[str]) -> str:
    """`tháng ba` as `tháng 3`, `ngày mồng 5` as `ngày 5`."""
    return str(_MONTHS.index(spoken.group()) + 1) if spoken.group() in _MONTHS else ""


def _capital(text: str) -> bool:
    first = next((letter for letter in text if letter.isalpha()), "")
    return first.isupper()


def _date(found: re.Match[str]) -> date | None:
    try:
        year, month, day = (int((found[part] or "").translate(_DIGITS)) for part in ("year", "month", "day"))
        return date(year, month, day) if EARLIEST_YEAR <= year <= LATEST_YEAR else None
    except ValueError:
        return None
