"""Điều 3 khoản 4: two office hours to register and transfer, and to the specialist within the day."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.clock import VIETNAM
from gateway.policy.calendar import Calendar, clocks_of, remind_at, standing
from tests.policy.calendar.strategies import PLAIN, amounts, calendars, moments

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    """A Vietnamese time."""
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("received", "transfer", "hand_over"),
    [
        ("2026-09-03T08:00", "2026-09-03T10:00", "2026-09-03T17:00"),
        ("2026-09-03T12:00", "2026-09-03T15:30", "2026-09-03T17:00"),
        ("2026-09-04T16:00", "2026-09-07T08:00", "2026-09-04T17:00"),
        ("2026-09-03T05:00", "2026-09-03T09:00", "2026-09-03T17:00"),
        ("2026-09-03T17:00", "2026-09-04T09:00", "2026-09-04T17:00"),
        ("2026-09-05T10:00", "2026-09-07T09:00", "2026-09-07T17:00"),
    ],
)
def test_both_clocks_start_with_the_receipt(received: str, transfer: str, hand_over: str) -> None:
    clocks = clocks_of(at(received), PLAIN)
    assert clocks.register_and_transfer_by == at(transfer)
    assert clocks.hand_over_by == at(hand_over)


def test_both_clocks_are_explained() -> None:
    assert clocks_of(at("2026-09-03T14:30"), PLAIN).sums == (
        "Vào sổ và chuyển xử lý trong 2 giờ hành chính. "
        "Nhận 14:30 thứ Năm 03/9/2026: tính 14:30–16:30 (2 giờ); hạn 16:30 ngày 03/9/2026.",
        "Chuyển chuyên viên chủ trì ngay trong ngày. "
        "Nhận 14:30 thứ Năm 03/9/2026: tính 14:30–17:00 (2 giờ 30 phút); hạn 17:00 ngày 03/9/2026.",
    )


def test_the_allowance_is_the_callers() -> None:
    assert clocks_of(at("2026-09-03T08:00"), PLAIN, HOUR).register_and_transfer_by == at("2026-09-03T09:00")
    assert "trong 1 giờ hành chính" in clocks_of(at("2026-09-03T08:00"), PLAIN, HOUR).sums[0]


@given(calendars, moments)
def test_what_is_explained_is_what_is_due(calendar: Calendar, received: datetime) -> None:
    clocks = clocks_of(received, calendar)
    for due, told in zip((clocks.register_and_transfer_by, clocks.hand_over_by), clocks.sums, strict=True):
        assert f"hạn {due.astimezone(VIETNAM):%H:%M}" in told


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("2026-09-04T15:10", "còn 1 giờ 20 phút làm việc"),
        ("2026-09-03T17:00", "còn 7 giờ 30 phút làm việc"),
        ("2026-09-04T12:00", "còn 3 giờ làm việc"),
        ("2026-09-04T16:29:30", "còn dưới 1 phút làm việc"),
        ("2026-09-04T16:30", "đến hạn"),
        ("2026-09-04T16:30:20", "quá hạn dưới 1 phút làm việc"),
        ("2026-09-04T17:00", "quá hạn 30 phút làm việc"),
        ("2026-09-06T10:00", "quá hạn 30 phút làm việc"),
        ("2026-09-07T07:05:59", "quá hạn 35 phút làm việc"),
    ],
)
def test_a_deadline_stands_in_working_time(now: str, told: str) -> None:
    assert standing(at("2026-09-04T16:30"), at(now), PLAIN) == told


def test_what_is_done_is_done_and_what_is_late_overnight_is_late() -> None:
    assert standing(None, at("2026-09-04T16:30"), PLAIN) == "đã xong"
    assert standing(at("2026-09-04T17:00"), at("2026-09-04T23:00"), PLAIN) == "vừa quá hạn"


@given(calendars, moments, amounts.filter(bool))
def test_a_reminder_comes_in_hours_and_ahead(calendar: Calendar, due: datetime, before: timedelta) -> None:
    reminder = remind_at(due, before, calendar)
    assert calendar.is_open(reminder)
    assert reminder < due
    assert calendar.between(reminder, due) == before


@pytest.mark.parametrize(
    ("due", "before", "reminder"),
    [
        ("2026-09-07T08:00", 30 * MINUTE, "2026-09-07T07:30"),
        ("2026-09-07T08:00", HOUR, "2026-09-07T07:00"),
        ("2026-09-07T08:00", 2 * HOUR, "2026-09-04T16:00"),
        ("2026-09-03T14:00", HOUR, "2026-09-03T11:00"),
        ("2026-09-05T10:00", HOUR, "2026-09-04T16:00"),
    ],
    ids=str,
)
def test_a_reminder_skips_lunch_nights_and_weekends(due: str, before: timedelta, reminder: str) -> None:
    assert remind_at(at(due), before, PLAIN) == at(reminder)


@given(st.timedeltas(max_value=timedelta()))
def test_a_reminder_is_never_after_the_fact(before: timedelta) -> None:
    with pytest.raises(ValueError, match="before"):
        remind_at(at("2026-09-04T16:30"), before, PLAIN)
