"""Deadlines as written, row by row: what is understood, what is asked back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.model.act import Deadline
from gateway.policy.orders.moments import VIETNAM, echo, read_moment
from tests.policy.orders.conftest import CALENDAR, MONDAY, at

SATURDAY = at(12, 9, 8)
DECEMBER = at(21, 12, 9)
JANUARY = at(4, 1, 9, year=2027)
FRIDAY_NIGHT = at(11, 9, 20)

UNDERSTOOD: list[tuple[str, datetime, datetime]] = [
    ("15/9", MONDAY, at(15, 9)),
    ("15-9", MONDAY, at(15, 9)),
    ("15.9", MONDAY, at(15, 9)),
    ("15 / 9 / 2026", MONDAY, at(15, 9)),
    ("15/09/2026", MONDAY, at(15, 9)),
    ("15/9/26", MONDAY, at(15, 9)),
    ("15/9.", MONDAY, at(15, 9)),
    ("ngày 15/9", MONDAY, at(15, 9)),
    ("ngày 15 tháng 9", MONDAY, at(15, 9)),
    ("15 tháng 9", MONDAY, at(15, 9)),
    ("ngày 15 tháng 9 năm 2026", MONDAY, at(15, 9)),
    ("NGAY 15 THANG 9 NAM 2026", MONDAY, at(15, 9)),
    ("ngày 15", MONDAY, at(15, 9)),
    ("ngày 5", MONDAY, at(5, 10)),
    ("ngày 15 tháng này", MONDAY, at(15, 9)),
    ("ngày 15 tháng sau", MONDAY, at(15, 10)),
    ("2026-09-15", MONDAY, at(15, 9)),
    ("2026-09-15T16:30", MONDAY, at(15, 9, 16, 30)),
    ("2026-09-15 16:30", MONDAY, at(15, 9, 16, 30)),
    ("hôm nay", MONDAY, at(7, 9)),
    ("trong ngày", MONDAY, at(7, 9)),
    ("hết ngày hôm nay", MONDAY, at(7, 9)),
    ("mai", MONDAY, at(8, 9)),
    ("ngày mai", MONDAY, at(8, 9)),
    ("ngày kia", MONDAY, at(9, 9)),
    ("mốt", MONDAY, at(9, 9)),
    ("sáng nay", MONDAY, at(7, 9, 11, 30)),
    ("chiều nay", MONDAY, at(7, 9)),
    ("tối nay", MONDAY, at(7, 9)),
    ("sáng mai", MONDAY, at(8, 9, 11, 30)),
    ("trưa mai", MONDAY, at(8, 9, 11, 30)),
    ("cuối buổi chiều mai", MONDAY, at(8, 9)),
    ("thứ sáu", MONDAY, at(11, 9)),
    ("thứ 6", MONDAY, at(11, 9)),
    ("T6", MONDAY, at(11, 9)),
    ("thứ năm", MONDAY, at(10, 9)),
    ("thứ tư", MONDAY, at(9, 9)),
    ("thứ 6 nhé", MONDAY, at(11, 9)),
    ("thứ sáu này", MONDAY, at(11, 9)),
    ("thứ 6 tới", MONDAY, at(11, 9)),
    ("thứ hai tới", MONDAY, at(14, 9)),
    ("thứ 6 tuần sau", MONDAY, at(18, 9)),
    ("thứ sáu tuần tới", MONDAY, at(18, 9)),
    ("thứ sáu, 18/9", MONDAY, at(18, 9)),
    ("thứ hai", SATURDAY, at(14, 9)),
    ("thứ sáu tuần sau", SATURDAY, at(18, 9)),
    ("chủ nhật", MONDAY, at(14, 9)),
    ("T7", MONDAY, at(14, 9)),
    ("tuần sau", MONDAY, at(18, 9)),
    ("đầu tuần sau", MONDAY, at(14, 9)),
    ("cuối tuần", MONDAY, at(11, 9)),
    ("trong tuần này", MONDAY, at(11, 9)),
    ("cuối tuần sau", MONDAY, at(18, 9)),
    ("cuối tháng", MONDAY, at(30, 9)),
    ("cuối tháng", at(3, 10, 9), at(30, 10)),
    ("hết tháng 9", MONDAY, at(30, 9)),
    ("cuối tháng sau", MONDAY, at(30, 10)),
    ("cuối quý", MONDAY, at(30, 9)),
    ("cuối năm", MONDAY, at(31, 12)),
    ("3 ngày", MONDAY, at(10, 9)),
    ("3 ngày làm việc", MONDAY, at(10, 9)),
    ("5 ngày", MONDAY, at(14, 9)),
    ("03 (ba) ngày làm việc", MONDAY, at(10, 9)),
    ("trong vòng 3 ngày", MONDAY, at(10, 9)),
    ("ba ngày nữa", MONDAY, at(10, 9)),
    ("2 ngày", SATURDAY, at(15, 9)),
    ("1 tuần", MONDAY, at(14, 9)),
    ("2 giờ", MONDAY, at(7, 9, 11)),
    ("trong 4 giờ làm việc", MONDAY, at(7, 9, 15)),
    ("2 giờ", FRIDAY_NIGHT, at(14, 9, 9)),
    ("30 phút", MONDAY, at(7, 9, 9, 30)),
    ("16h", MONDAY, at(7, 9, 16)),
    ("16h30", MONDAY, at(7, 9, 16, 30)),
    ("16g30", MONDAY, at(7, 9, 16, 30)),
    ("16:30", MONDAY, at(7, 9, 16, 30)),
    ("16 giờ", MONDAY, at(7, 9, 16)),
    ("16 giờ 30", MONDAY, at(7, 9, 16, 30)),
    ("16 giờ 30 phút", MONDAY, at(7, 9, 16, 30)),
    ("4h chiều", MONDAY, at(7, 9, 16)),
    ("2 giờ chiều", MONDAY, at(7, 9, 14)),
    ("4h rưỡi chiều", MONDAY, at(7, 9, 16, 30)),
    ("16h chiều nay", MONDAY, at(7, 9, 16)),
    ("9h sáng mai", MONDAY, at(8, 9, 9)),
    ("10h sáng thứ hai tuần sau", MONDAY, at(14, 9, 10)),
    ("16h ngày 15/9", MONDAY, at(15, 9, 16)),
    ("16h 15/9", MONDAY, at(15, 9, 16)),
    ("15/9 lúc 16h", MONDAY, at(15, 9, 16)),
    ("trước 16h ngày 15/9", MONDAY, at(15, 9, 16)),
    ("12h ngày 15/9", MONDAY, at(15, 9, 11, 30)),
    ("20h ngày 15/9", MONDAY, at(15, 9)),
    ("16h ngày 13/9", MONDAY, at(14, 9)),
    ("trước ngày 15/9", MONDAY, at(14, 9)),
    ("trước 14/9", MONDAY, at(11, 9)),
    ("đến hết ngày 15/9", MONDAY, at(15, 9)),
    ("chậm nhất ngày 15/9", MONDAY, at(15, 9)),
    ("1/9", at(20, 8, 9), at(3, 9)),
    ("22/8", at(20, 8, 9), at(22, 8)),
    ("5/6", at(2, 3, 9), at(5, 6)),
    ("15/1", DECEMBER, at(15, 1, year=2027)),
    ("tomorrow", MONDAY, at(8, 9)),
    ("Friday", MONDAY, at(11, 9)),
    ("Thursday", MONDAY, at(10, 9)),
    ("next Monday", MONDAY, at(14, 9)),
    ("Sep 15", MONDAY, at(15, 9)),
    ("September 15th", MONDAY, at(15, 9)),
    ("15 Sep 2026", MONDAY, at(15, 9)),
    ("4pm", MONDAY, at(7, 9, 16)),
    ("tomorrow 4:30 pm", MONDAY, at(8, 9, 16, 30)),
    ("by Friday 4pm", MONDAY, at(11, 9, 16)),
    ("2 hours", MONDAY, at(7, 9, 11)),
    ("end of week", MONDAY, at(11, 9)),
]
ASKED_BACK: list[tuple[str, datetime, str]] = [
    ("", MONDAY, "Chưa ghi thời hạn"),
    ("sớm", MONDAY, "Không hiểu thời hạn"),
    ("ngay", MONDAY, "Không hiểu thời hạn"),
    ("15", MONDAY, "Không hiểu thời hạn"),
    ("8-10/9", MONDAY, "Không hiểu thời hạn"),
    ("15/9 hoặc 16/9", MONDAY, "Không hiểu thời hạn"),
    ("sau 15/9", MONDAY, "Không hiểu thời hạn"),
    ("mai mốt", MONDAY, "Không hiểu thời hạn"),
    ("thứ", MONDAY, "Không hiểu thời hạn"),
    ("thứ 8", MONDAY, "Không hiểu thời hạn"),
    ("15/9 " * 40, MONDAY, "quá dài"),
    ("31/2", MONDAY, "Không có ngày 31/2"),
    ("31/9/2026", MONDAY, "Không có ngày 31/9/2026"),
    ("9/15", MONDAY, "Không có ngày 9/15"),
    ("ngày 31", MONDAY, "Không có ngày 31/9/2026"),
    ("15/9", at(16, 9, 9), "nếu là năm 2027, hãy ghi rõ năm"),
    ("20/12", JANUARY, "nếu là năm 2027, hãy ghi rõ năm"),
    ("15/9/2025", MONDAY, "đã qua"),
    ("hôm nay", FRIDAY_NIGHT, "đã qua"),
    ("8h", MONDAY, "đã qua"),
    ("sáng nay", at(7, 9, 14), "đã qua"),
    ("cuối tuần", SATURDAY, "đã qua"),
    ("15/9/2062", MONDAY, "quá xa"),
    ("thứ hai", MONDAY, "Hôm nay là thứ Hai"),
    ("thứ năm 11/9", MONDAY, "là thứ Sáu, không phải thứ Năm"),
    ("8 giờ", MONDAY, "có thể là thời điểm hoặc khoảng thời gian"),
    ("2h", MONDAY, "có thể là thời điểm hoặc khoảng thời gian"),
    ("1 tháng", MONDAY, "hãy ghi ngày cụ thể"),
    ("0 ngày", MONDAY, "quá ngắn"),
    ("6h ngày 15/9", MONDAY, "trước giờ làm việc"),
    ("16h sáng mai", MONDAY, "Không có giờ"),
    ("16h75", MONDAY, "Không có giờ"),
    ("tháng 13", MONDAY, "Không hiểu thời hạn"),
    ("cuối tháng 13", MONDAY, "Không có tháng 13"),
    ("cuối tháng 8", MONDAY, "đã qua"),
]


@pytest.mark.parametrize(("written", "now", "expected"), UNDERSTOOD)
def test_a_deadline_is_understood_in_working_time(written: str, now: datetime, expected: datetime) -> None:
    read = read_moment(written, now=now, calendar=CALENDAR)
    assert isinstance(read, Deadline), read
    assert read.at.astimezone(VIETNAM) == expected
    assert read.written == written


@pytest.mark.parametrize(("written", "now", "reason"), ASKED_BACK)
def test_what_is_no_moment_or_could_be_two_is_asked_back(written: str, now: datetime, reason: str) -> None:
    read = read_moment(written, now=now, calendar=CALENDAR)
    assert isinstance(read, str), read
    assert reason in read


def test_the_echo_tells_what_a_deadline_was_taken_for() -> None:
    assert echo(Deadline(at(15, 9).astimezone(UTC), "15/9")) == "15/9 → 17 giờ 00 phút ngày 15/9/2026 (thứ Ba)"


@settings(deadline=None)
@given(
    st.text(max_size=90)
    | st.lists(st.sampled_from(" ".join(row[0] for row in UNDERSTOOD).split()), max_size=8).map(" ".join),
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001
)
def test_a_deadline_lies_ahead_within_working_time_or_on_its_end(written: str, moment: datetime) -> None:
    now = moment.replace(tzinfo=VIETNAM)
    read = read_moment(written, now=now, calendar=CALENDAR)
    if isinstance(read, Deadline):
        assert read.at > now
        shifts = CALENDAR.shifts(read.at.astimezone(VIETNAM).date())
        assert any(start <= read.at <= end for start, end in shifts)


@settings(deadline=None)
@given(st.dates(MONDAY.date() + timedelta(days=1), MONDAY.date() + timedelta(days=900)))
def test_a_full_date_means_the_same_however_it_is_written(day: datetime) -> None:
    forms = (
        f"{day.day}/{day.month}/{day.year}",
        f"{day:%d.%m.%Y}",
        f"ngày {day.day} tháng {day.month} năm {day.year}",
        f"{day:%Y-%m-%d}",
    )
    read = {form: read_moment(form, now=MONDAY, calendar=CALENDAR) for form in forms}
    assert {one.at if isinstance(one, Deadline) else one for one in read.values()} == {CALENDAR.deadline_on(day)}
