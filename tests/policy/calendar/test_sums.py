"""A due moment is shown with its working-out, so that a reader can check it by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given

from gateway.clock import VIETNAM
from gateway.policy.calendar import Calendar, SpecialDay, in_words
from gateway.policy.calendar.sums import length
from tests.policy.calendar.strategies import PLAIN, amounts, calendars, moments

HOUR = timedelta(hours=1)
WITH_HOLIDAYS = Calendar(
    PLAIN.schedule,
    {
        date(2026, 8, 22): SpecialDay(True, "làm bù cho ngày 31/8/2026"),
        date(2026, 8, 31): SpecialDay(False, "nghỉ hoán đổi, làm bù ngày 22/8/2026"),
        date(2026, 9, 1): SpecialDay(False, "Quốc khánh"),
        date(2026, 9, 2): SpecialDay(False, "Quốc khánh"),
    }.get,
)


def at(text: str) -> datetime:
    """A Vietnamese time."""
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("received", "worked", "told"),
    [
        (
            "2026-09-04T16:00",
            2 * HOUR,
            "Nhận 16:00 thứ Sáu 04/9/2026: tính 16:00–17:00 (1 giờ); nghỉ thứ Bảy 05/9, Chủ nhật 06/9; "
            "tính 07:00–08:00 thứ Hai 07/9 (1 giờ); hạn 08:00 ngày 07/9/2026.",
        ),
        (
            "2026-09-03T11:00",
            2 * HOUR,
            "Nhận 11:00 thứ Năm 03/9/2026: tính 11:00–11:30, 13:30–15:00 (2 giờ); hạn 15:00 ngày 03/9/2026.",
        ),
        (
            "2026-09-03T20:15",
            2 * HOUR,
            "Nhận 20:15 thứ Năm 03/9/2026: tính 07:00–09:00 thứ Sáu 04/9 (2 giờ); hạn 09:00 ngày 04/9/2026.",
        ),
        (
            "2026-08-28T16:00:30.600000",
            2 * HOUR,
            "Nhận 16:00:30 thứ Sáu 28/8/2026: tính 16:00:30–17:00 (59 phút 30 giây); nghỉ thứ Bảy 29/8, Chủ nhật 30/8, "
            "thứ Hai 31/8 (nghỉ hoán đổi, làm bù ngày 22/8/2026), thứ Ba 01/9 (Quốc khánh), thứ Tư 02/9 (Quốc khánh); "
            "tính 07:00–08:00:30 thứ Năm 03/9 (1 giờ 30 giây); hạn 08:00:30 ngày 03/9/2026.",
        ),
        (
            "2026-08-21T16:30",
            2 * HOUR,
            "Nhận 16:30 thứ Sáu 21/8/2026: tính 16:30–17:00 (30 phút); "
            "tính 07:00–08:30 thứ Bảy 22/8 (1 giờ 30 phút, làm bù cho ngày 31/8/2026); hạn 08:30 ngày 22/8/2026.",
        ),
        (
            "2026-09-03T16:00",
            42 * HOUR,
            "Nhận 16:00 thứ Năm 03/9/2026: tính 16:00–17:00 (1 giờ); "
            "tính 07:00–11:30, 13:30–17:00 thứ Sáu 04/9 (8 giờ); "
            "nghỉ thứ Bảy 05/9, Chủ nhật 06/9; tính trọn 4 ngày thứ Hai 07/9 – thứ Năm 10/9 (32 giờ); "
            "tính 07:00–08:00 thứ Sáu 11/9 (1 giờ); hạn 08:00 ngày 11/9/2026.",
        ),
        (
            "2026-01-31T09:00",
            0 * HOUR,
            "Nhận 09:00 thứ Bảy 31/01/2026: nghỉ thứ Bảy 31/01, Chủ nhật 01/02; hạn 07:00 ngày 02/02/2026.",
        ),
    ],
)
def test_the_sum_is_told_step_by_step(received: str, worked: timedelta, told: str) -> None:
    assert in_words(WITH_HOLIDAYS.explain(at(received), worked)) == told


@given(calendars, moments, amounts)
def test_any_sum_is_one_sentence_on_one_line(calendar: Calendar, start: datetime, worked: timedelta) -> None:
    told = in_words(calendar.explain(start, worked))
    assert told.startswith("Nhận ")
    assert told.endswith(".")
    assert "\n" not in told
    assert "()" not in told


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        (timedelta(), "0 phút"),
        (timedelta(minutes=80), "1 giờ 20 phút"),
        (timedelta(hours=100), "100 giờ"),
        (timedelta(seconds=61), "1 phút 1 giây"),
        (timedelta(microseconds=5), "0 phút"),
    ],
    ids=str,
)
def test_lengths_name_what_is_there(amount: timedelta, told: str) -> None:
    assert length(amount) == told
