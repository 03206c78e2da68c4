"""The shipped calendar: hours, the holidays of Vietnam, and the file that has the last word."""

from __future__ import annotations

import tomllib
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import accumulate
from pathlib import Path

import pytest
from holidays import country_holidays
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.clock import VIETNAM
from gateway.errors import SettingsError
from gateway.policy.calendar import Calendar, NoWorkingTime, Season, in_words
from gateway.settings import load_settings, settings_from
from gateway.settings.calendar import calendar_of
from gateway.shipped import shipped

SETTINGS = load_settings()
CALENDAR = SETTINGS.calendar
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def at(text: str) -> datetime:
    """A Vietnamese time."""
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def with_rows(*rows: dict[str, object]) -> Calendar:
    return calendar_of(SETTINGS.hours.record(), {"day": list(rows)})


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-09-04T16:00", "2026-09-07T08:00"),
        ("2026-09-04T11:00", "2026-09-04T15:00"),
        ("2026-09-02T10:00", "2026-09-03T09:00"),
        ("2026-08-28T16:00", "2026-09-03T08:00"),
        ("2026-02-13T16:30", "2026-02-23T08:30"),
        ("2026-08-21T16:00", "2026-08-22T08:00"),
        ("2025-12-31T16:00", "2026-01-05T08:00"),
    ],
)
def test_two_office_hours_skip_lunch_nights_weekends_and_holidays(received: str, due: str) -> None:
    assert CALENDAR.add(at(received), 2 * HOUR) == at(due)


@pytest.mark.parametrize(
    ("off", "worked"),
    [
        ("2018-12-31", "2019-01-05"),
        ("2024-04-29", "2024-05-04"),
        ("2025-05-02", "2025-04-26"),
        ("2026-01-02", "2026-01-10"),
        ("2026-08-31", "2026-08-22"),
        ("2015-01-02", "2014-12-27"),
    ],
)
def test_a_swapped_day_is_off_and_another_worked_for_it(off: str, worked: str) -> None:
    assert not CALENDAR.is_working_day(date.fromisoformat(off))
    assert (CALENDAR.why_off(date.fromisoformat(off)) or "").startswith("nghỉ hoán đổi")
    assert CALENDAR.is_working_day(date.fromisoformat(worked))
    assert date.fromisoformat(worked).weekday() == 5


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("2026-11-24", "Ngày Văn hóa Việt Nam"),
        ("2025-11-24", None),
        ("2026-02-16", "Tết Nguyên đán"),
        ("2024-02-14", "Tết Nguyên đán"),
        ("2026-04-27", "Ngày Giỗ Tổ Hùng Vương (nghỉ bù)"),
        ("2026-09-01", "Quốc khánh"),
        ("2020-09-03", None),
        ("2026-08-31", "nghỉ hoán đổi, làm bù ngày 22/8/2026"),
        ("2026-01-02", "nghỉ hoán đổi theo thông báo của Bộ Nội vụ ngày 25/12/2025"),
        ("2026-09-05", "Thứ Bảy"),
        ("2026-09-06", "Chủ nhật"),
        ("2026-09-07", None),
    ],
)
def test_a_day_off_says_why(day: str, reason: str | None) -> None:
    assert CALENDAR.why_off(date.fromisoformat(day)) == reason


def test_a_sum_over_a_swapped_day_names_the_swap() -> None:
    told = in_words(CALENDAR.explain(at("2026-08-21T16:00"), 2 * HOUR))
    assert "thứ Bảy 22/8 (1 giờ, làm bù cho ngày 31/8/2026)" in told


def test_the_file_has_the_last_word() -> None:
    decision = {"source": "Quyết định số 1/QĐ-UBND"}
    calendar = with_rows(
        {"date": date(2026, 9, 2), "kind": "work", **decision},
        {"date": date(2026, 8, 22), "kind": "off", **decision},
        {"date": date(2027, 3, 24), "kind": "off", "source": "Công văn số 2/UBND-NC"},
        {"date": date(2027, 3, 28), "kind": "work", "source": "Công văn số 3/UBND-NC"},
    )
    assert calendar.is_working_day(date(2026, 9, 2))
    assert calendar.why_off(date(2026, 8, 22)) == "nghỉ hoán đổi theo Quyết định số 1/QĐ-UBND"
    assert calendar.why_off(date(2027, 3, 24)) == "nghỉ theo Công văn số 2/UBND-NC"
    assert calendar.explain(at("2027-03-28T08:00"), HOUR).spans[0].reason == "làm việc theo Công văn số 3/UBND-NC"
    assert calendar.why_off(date(2026, 1, 2)) is None, "what the shipped file said is no longer there"


@settings(deadline=None)
@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_any_day_of_the_century_has_hours_or_a_reason(day: date) -> None:
    assert bool(CALENDAR.shifts(day)) == (CALENDAR.why_off(day) is None)
    assert day < CALENDAR.deadline_on(day).astimezone(VIETNAM).date() + DAY <= day + 15 * DAY


@pytest.mark.parametrize("year", [1950, 1999, 2101, 2500])
def test_years_without_known_holidays_still_have_weekends(year: int) -> None:
    assert CALENDAR.add(datetime(year, 6, 1, 7, tzinfo=VIETNAM), 40 * HOUR).year == year


FIRST, LAST = date(2018, 1, 1), date(2027, 12, 31)
SAMPLES = range(0, (LAST - FIRST).days * 24 * 60, 997)


def open_minutes() -> Iterator[bool]:
    """Every minute of ten years, from local midnight of FIRST on, told by the library's table and the clock alone."""
    known = country_holidays("VN", language="vi", years=range(2018, 2028))
    off = {*known, date(2026, 1, 2)}
    worked = {*known.weekend_workdays, date(2026, 1, 10)}
    for each in range((LAST - FIRST).days + 1):
        day = FIRST + each * DAY
        is_worked = day in worked or (day.weekday() < 5 and day not in off)
        for minute in range(24 * 60):
            yield is_worked and (7 * 60 <= minute < 11 * 60 + 30 or 13 * 60 + 30 <= minute < 17 * 60)


def test_ten_years_counted_minute_by_minute_come_to_the_same() -> None:
    midnight = datetime(2018, 1, 1, tzinfo=VIETNAM)
    counted = list(open_minutes())
    worked_before = [0, *accumulate(counted)]
    opened = [minute for minute, is_open in enumerate(counted) if is_open]
    shifts = [shift for each in range((LAST - FIRST).days + 1) for shift in CALENDAR.shifts(FIRST + each * DAY)]
    starts_and_ends = [((start - midnight) // MINUTE, (end - midnight) // MINUTE) for start, end in shifts]
    assert [minute for start, end in starts_and_ends for minute in range(start, end)] == opened
    for place, minute in enumerate(SAMPLES):
        now, amount = midnight + minute * MINUTE, 1 + place * 7 % 3000
        assert CALENDAR.is_open(now) == counted[minute]
        following = bisect_left(opened, minute)
        if following + amount <= len(opened):
            assert CALENDAR.next_open(now) == midnight + opened[following] * MINUTE
            assert CALENDAR.add(now, amount * MINUTE) == midnight + (opened[following + amount - 1] + 1) * MINUTE
        later = min(minute + amount * 11, len(counted))
        assert CALENDAR.between(now, midnight + later * MINUTE) == MINUTE * (
            worked_before[later] - worked_before[minute]
        )


def test_the_two_seasons_in_the_comment_of_the_shipped_file_work(tmp_path: Path) -> None:
    text = (shipped("config") / "gateway.toml").read_text(encoding="utf-8")
    lines = text[text.index("#   [[hours.schedule]]") : text.index("\n[[hours.schedule]]")].splitlines()
    written = tomllib.loads("\n".join(line.removeprefix("#   ") for line in lines))
    configured = settings_from(written, tmp_path)
    assert [row.season for row in configured.hours.schedule] == [
        Season((4, 16), (10, 15)),
        Season((10, 16), (4, 15)),
    ]
    assert configured.calendar.next_open(at("2030-07-02T00:00")) == at("2030-07-02T07:00")
    assert configured.calendar.next_open(at("2030-12-03T00:00")) == at("2030-12-03T07:30")


def test_a_row_that_names_no_season_is_all_of_the_year(tmp_path: Path) -> None:
    row = {"since": date(2020, 1, 1), "days": ["T7"], "shifts": ["08:00-10:00"]}
    configured = settings_from({"hours": {"schedule": [row]}}, tmp_path)
    assert configured.hours.schedule[0].season is None
    assert configured.calendar.next_open(at("2026-09-01T00:00")) == at("2026-09-05T08:00")


GOOD: dict[str, object] = {"date": date(2026, 1, 2), "kind": "off", "source": "Thông báo số 1/TB-BNV"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"date": "2026-01-02"}, 'day[1].date = "2026-01-02": phải là ngày dạng năm-tháng-ngày, không có dấu nháy'),
        ({"date": datetime(2026, 1, 2)}, "day[1].date = 2026-01-02T00:00:00: phải là ngày"),  # noqa: DTZ001
        ({"date": date(1999, 12, 31)}, "từ năm 2000 đến năm 2100"),
        ({"date": date(2101, 1, 1)}, "từ năm 2000 đến năm 2100"),
        ({"kind": "nghỉ"}, 'day[1].kind = "nghỉ": phải là "off" (nghỉ) hoặc "work" (làm việc)'),
        ({"kind": ["off"]}, 'day[1].kind = ["off"]: phải là'),
        ({"source": " "}, 'day[1].source = " ": phải là tên văn bản'),
        ({"source": "a\nb"}, "trên một dòng"),
        ({"source": 7}, "day[1].source = 7: phải là tên văn bản"),
        ({"note": "x"}, "day[1]: phải có đúng các khóa date, kind, source; sai ở note"),
    ],
    ids=str,
)
def test_a_faulty_row_is_named(change: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=r"day\[1\]") as caught:
        with_rows({**GOOD, **change})
    assert told in str(caught.value)


def test_a_misspelt_table_is_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"days: không có khóa này"):
        calendar_of(SETTINGS.hours.record(), {"days": [GOOD]})
    with pytest.raises(ValueError, match=r"day: phải là danh sách"):
        calendar_of(SETTINGS.hours.record(), {"day": GOOD})
    for name in ("formats.toml", "document_types.toml"):
        (tmp_path / name).write_bytes((shipped("config") / "policy" / name).read_bytes())
    (tmp_path / "holidays.toml").write_text("[[days]]\ndate = 2026-01-02\n", "utf-8")
    with pytest.raises(SettingsError, match=r"holidays\.toml: days: không có khóa này"):
        settings_from({"policy": {"tables": str(tmp_path)}}, tmp_path)


def test_a_file_that_closes_a_whole_year_is_refused() -> None:
    days = [date(2026, 1, 1) + each * DAY for each in range(400)]
    with pytest.raises(NoWorkingTime, match="một năm không có ngày làm việc nào"):
        with_rows(*({**GOOD, "date": day} for day in days))
    assert with_rows(*({**GOOD, "date": day} for day in days[:300])).why_off(days[299]) is not None


def test_the_same_files_give_the_same_calendar_whatever_it_was_asked() -> None:
    assert load_settings().calendar == CALENDAR
    assert with_rows(GOOD) == with_rows(GOOD) != with_rows()


def test_an_empty_file_leaves_the_public_holidays() -> None:
    calendar = calendar_of(SETTINGS.hours.record(), {})
    assert calendar.why_off(date(2026, 9, 2)) == "Quốc khánh"
