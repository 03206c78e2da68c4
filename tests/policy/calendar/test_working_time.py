"""Working time as arithmetic: properties that hold for any agency's hours, whatever its days off."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.clock import VIETNAM
from gateway.policy.calendar import Calendar, Hours, NoWorkingTime, Schedule, Season, SpecialDay
from tests.policy.calendar.strategies import PLAIN, SHIFTS, WEEK, amounts, calendar_of, calendars, moments

SINCE = date(2017, 9, 7)
NOTHING = timedelta()
HOUR = timedelta(hours=1)


def at(text: str) -> datetime:
    """A Vietnamese time."""
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def is_allowed_as_due(calendar: Calendar, moment: datetime) -> bool:
    return calendar.is_open(moment) or calendar.is_open(moment - timedelta(microseconds=1))


@given(calendars, moments, amounts)
def test_nothing_is_ever_due_outside_hours(calendar: Calendar, start: datetime, worked: timedelta) -> None:
    due = calendar.add(start, worked)
    assert due >= start
    assert due.tzinfo is UTC
    assert is_allowed_as_due(calendar, due)


@given(calendars, moments, amounts)
def test_what_is_added_lies_between(calendar: Calendar, start: datetime, worked: timedelta) -> None:
    assert calendar.between(start, calendar.add(start, worked)) == worked


@given(calendars, moments, amounts, amounts)
def test_adding_in_two_steps_is_adding_at_once(calendar: Calendar, start: datetime, a: timedelta, b: timedelta) -> None:
    twice, once = calendar.add(calendar.add(start, a), b), calendar.add(start, a + b)
    assert calendar.between(start, twice) == calendar.between(start, once) == a + b
    assert b == NOTHING or twice == once


@given(calendars, moments, moments, amounts, amounts)
def test_later_and_more_is_never_due_earlier(
    calendar: Calendar, one: datetime, other: datetime, a: timedelta, b: timedelta
) -> None:
    earlier, later = sorted((one, other))
    less, more = sorted((a, b))
    assert calendar.add(earlier, less) <= calendar.add(later, less)
    assert calendar.add(earlier, less) <= calendar.add(earlier, more)


@given(calendars, moments, moments, moments)
def test_time_between_adds_up(calendar: Calendar, one: datetime, two: datetime, three: datetime) -> None:
    first, second, third = sorted((one, two, three))
    parts = calendar.between(first, second) + calendar.between(second, third)
    assert parts == calendar.between(first, third) <= third - first
    assert calendar.between(third, first) == NOTHING


@given(calendars, moments)
def test_the_next_open_moment_is_open_and_stays(calendar: Calendar, moment: datetime) -> None:
    opened = calendar.next_open(moment)
    assert calendar.is_open(opened)
    assert calendar.next_open(opened) == opened == calendar.add(moment, NOTHING)
    assert (opened == moment) == calendar.is_open(moment)
    assert calendar.between(moment, opened) == NOTHING


@given(calendars, moments, amounts.filter(bool))
def test_going_back_is_the_latest_open_moment_with_that_much_left(
    calendar: Calendar, until: datetime, worked: timedelta
) -> None:
    start = calendar.before(until, worked)
    assert calendar.is_open(start)
    assert calendar.between(start, until) == worked
    assert calendar.between(start + timedelta(microseconds=1), until) < worked


@given(calendars, moments)
def test_the_day_ends_ahead_at_the_end_of_its_last_shift(calendar: Calendar, moment: datetime) -> None:
    end = calendar.end_of_day(moment)
    day = end.astimezone(VIETNAM).date()
    assert end > moment
    assert end == calendar.shifts(day)[-1][1] == calendar.deadline_on(day)
    assert end == calendar.end_of_day(calendar.next_open(moment))
    assert end == calendar.deadline_on(calendar.next_open(moment).astimezone(VIETNAM).date())


@given(calendars, st.dates(date(2025, 11, 1), date(2026, 5, 1)))
def test_a_deadline_on_a_day_off_moves_to_the_next_working_day(calendar: Calendar, day: date) -> None:
    due = calendar.deadline_on(day).astimezone(VIETNAM).date()
    assert due >= day
    assert calendar.is_working_day(due)
    assert all(calendar.why_off(day + timedelta(days=each)) for each in range((due - day).days))
    assert calendar.why_off(due) is None


@given(calendars, moments, amounts)
def test_an_explanation_is_the_whole_sum(calendar: Calendar, start: datetime, worked: timedelta) -> None:
    found = calendar.explain(start, worked)
    assert found.due == calendar.add(start, worked)
    assert (found.start, found.worked) == (start, worked)
    assert sum((span.worked for span in found.spans), NOTHING) == worked
    assert all(calendar.is_open(span.start) and span.start < span.end for span in found.spans)
    first, last = start.astimezone(VIETNAM).date(), found.due.astimezone(VIETNAM).date()
    days = [first + timedelta(days=each) for each in range((last - first).days + 1)]
    assert [each.day for each in found.skipped] == [day for day in days if not calendar.is_working_day(day)]
    assert all(each.reason == calendar.why_off(each.day) for each in found.skipped)


@pytest.mark.parametrize(
    ("start", "worked", "due"),
    [
        ("2026-09-04T16:00", 2 * HOUR, "2026-09-07T08:00"),
        ("2026-09-03T11:00", 2 * HOUR, "2026-09-03T15:00"),
        ("2026-09-03T12:00", 2 * HOUR, "2026-09-03T15:30"),
        ("2026-09-03T05:00", 2 * HOUR, "2026-09-03T09:00"),
        ("2026-09-03T09:30", 2 * HOUR, "2026-09-03T11:30"),
        ("2026-09-03T15:00", 2 * HOUR, "2026-09-03T17:00"),
        ("2026-09-03T17:00", 2 * HOUR, "2026-09-04T09:00"),
        ("2026-09-03T23:59:59", 2 * HOUR, "2026-09-04T09:00"),
        ("2026-09-05T10:00", 2 * HOUR, "2026-09-07T09:00"),
        ("2026-09-03T07:00", 8 * HOUR, "2026-09-03T17:00"),
        ("2026-09-03T07:00", 40 * HOUR, "2026-09-09T17:00"),
        ("2026-09-03T16:59:59.999999", timedelta(microseconds=2), "2026-09-04T07:00:00.000001"),
    ],
)
def test_worked_examples(start: str, worked: timedelta, due: str) -> None:
    assert PLAIN.add(at(start), worked) == at(due)


def test_shifts_are_utc_and_open_until_their_end() -> None:
    morning, afternoon = PLAIN.shifts(date(2026, 9, 4))
    assert morning == (datetime(2026, 9, 4, 0, 0, tzinfo=UTC), datetime(2026, 9, 4, 4, 30, tzinfo=UTC))
    assert PLAIN.is_open(morning[0])
    assert not PLAIN.is_open(morning[1])
    assert not PLAIN.is_open(afternoon[1])
    assert PLAIN.shifts(date(2026, 9, 5)) == ()


def test_a_day_off_says_why_and_a_day_worked_instead_is_open() -> None:
    special = {
        date(2026, 9, 4): SpecialDay(False, "nghỉ bão"),
        date(2026, 9, 5): SpecialDay(True, "làm bù"),
        date(2026, 9, 6): SpecialDay(False, "Quốc khánh"),
    }
    calendar = Calendar(PLAIN.schedule, special.get)
    reasons = [calendar.why_off(date(2026, 9, day)) for day in range(3, 8)]
    assert reasons == [None, "nghỉ bão", None, "Quốc khánh", None]
    assert [PLAIN.why_off(date(2026, 9, day)) for day in (5, 6)] == ["Thứ Bảy", "Chủ nhật"]
    assert len(calendar.shifts(date(2026, 9, 5))) == 2


def test_hours_change_with_the_row_and_the_first_row_reaches_back() -> None:
    later = Hours(date(2026, 9, 7), WEEK, ((time(8), time(12)),))
    calendar = calendar_of(Hours(date(2020, 1, 1), WEEK, SHIFTS), later)
    assert calendar.add(at("2026-09-04T16:00"), 2 * HOUR) == at("2026-09-07T09:00")
    assert calendar.add(at("2001-06-01T16:00"), HOUR) == at("2001-06-01T17:00")
    future = calendar_of(Hours(date(2090, 1, 1), WEEK, SHIFTS))
    assert future.next_open(at("2026-09-05T10:00")) == at("2026-09-07T07:00")


def test_seasons_return_every_year() -> None:
    summer = Hours(SINCE, WEEK, SHIFTS, Season((4, 16), (10, 15)))
    winter = Hours(SINCE, WEEK, ((time(7, 30), time(12)), (time(13, 30), time(17))), Season((10, 16), (4, 15)))
    calendar = calendar_of(summer, winter)
    for year in (2019, 2024, 2031):
        for day in (date(year, 4, 15), date(year, 10, 16), date(year, 12, 31), date(year, 1, 1), date(year, 2, 28)):
            assert calendar.schedule.of(day) == winter
        for day in (date(year, 4, 16), date(year, 10, 15)):
            assert calendar.schedule.of(day) == summer
    assert calendar.schedule.of(date(2024, 2, 29)) == winter
    assert calendar.next_open(at("2026-10-16T07:00")) == at("2026-10-16T07:30")


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ((), "ít nhất một dòng"),
        ((Hours(SINCE, (), SHIFTS),), "ít nhất một ngày làm việc"),
        ((Hours(SINCE, (7,), SHIFTS),), "ít nhất một ngày làm việc"),
        ((Hours(SINCE, WEEK, ()),), "ít nhất một ca"),
        ((Hours(SINCE, WEEK, ((time(7), time(7)),)),), "giờ đầu trước giờ cuối"),
        ((Hours(SINCE, WEEK, tuple(reversed(SHIFTS))),), "ca sớm ghi trước"),
        ((Hours(SINCE, WEEK, SHIFTS, Season((1, 1), (12, 30))),), "còn thiếu ngày 31/12"),
        ((Hours(SINCE, WEEK, SHIFTS), Hours(SINCE, WEEK, SHIFTS)), "cùng có since"),
        ((Hours(SINCE, WEEK, SHIFTS), Hours(date(2016, 1, 1), WEEK, SHIFTS)), "sớm hơn dòng trước"),
    ],
    ids=str,
)
def test_a_schedule_by_which_nobody_could_count_is_refused(rows: tuple[Hours, ...], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Schedule(rows)


def test_a_calendar_without_a_working_day_gives_up() -> None:
    closed = Calendar(PLAIN.schedule, lambda _: SpecialDay(False, "đóng cửa"))
    with pytest.raises(NoWorkingTime):
        closed.next_open(at("2026-09-04T10:00"))
    with pytest.raises(NoWorkingTime):
        closed.before(at("2026-09-04T10:00"), HOUR)
    assert closed.between(at("2026-09-04T10:00"), at("2027-09-04T10:00")) == NOTHING


def test_naive_moments_and_negative_amounts_are_refused() -> None:
    naive = datetime(2026, 9, 4, 10)  # noqa: DTZ001
    for act in (PLAIN.is_open, PLAIN.next_open, PLAIN.end_of_day):
        with pytest.raises(ValueError, match="naive"):
            act(naive)
    with pytest.raises(ValueError, match="naive"):
        PLAIN.add(naive, HOUR)
    with pytest.raises(ValueError, match="negative"):
        PLAIN.add(at("2026-09-04T10:00"), -HOUR)


def test_a_calendar_of_the_same_rows_is_the_same_whatever_it_was_asked() -> None:
    table: dict[date, SpecialDay] = {}
    one, other = Calendar(PLAIN.schedule, table.get), Calendar(PLAIN.schedule, table.get)
    one.next_open(at("2026-09-04T10:00"))
    assert one == other
    assert "2026" not in repr(one)
