"""A reminder comes once, in office hours, to who has to act, and not at all where the matter is settled."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from gateway.clock import VIETNAM, local
from gateway.model.mail import MailStage
from gateway.model.notice import NoticeKind
from gateway.model.timer import TimerKind
from tests.flow.conftest import Bench, on_both_databases
from tests.flow.province import (
    FORWARD,
    journal,
    newest,
    notices,
    order,
    running,
    submitted,
    without_approval,
    work_by_two,
)
from tests.flow.reading import CLERK
from tests.flow.staff import DIRECTOR, HEAD, OTHER_HEAD, PROVINCE, SPECIALIST, answer, staffed
from tests.mails import SENDER, mail, page_one

pytestmark = pytest.mark.usefixtures("own_domain")

UNIT = "khtc-sogtvt@quangngai.gov.vn"
EVERYBODY = (CLERK, DIRECTOR, HEAD, UNIT, SPECIALIST, OTHER_HEAD, PROVINCE, SENDER)
FRIDAY_LATE = datetime(2026, 11, 20, 16, 50, tzinfo=VIETNAM)
SATURDAY = datetime(2026, 11, 21, 10, 0, tzinfo=VIETNAM)
MONDAY_OPENS = datetime(2026, 11, 23, 7, 0, tzinfo=VIETNAM)
HOLIDAY = datetime(2026, 11, 24, 9, 0, tzinfo=VIETNAM)


async def entered(bench: Bench, at: datetime | None = None) -> int:
    """A document in the register, received at that moment."""
    if at is not None:
        bench.clock.moment = at
    await staffed(bench)
    received = await bench.end_of(mail(("van-ban.txt", page_one(7))))
    assert received.stage is MailStage.REGISTERED
    (document,) = (await bench.office.queries.story(received.id)).documents
    return document.id


async def transferred(bench: Bench, deadline: str = "26/11") -> int:
    """A document at its unit, with a deadline, all within the two hours."""
    document = await entered(bench)
    await answer(bench, CLERK, newest(bench, CLERK, NoticeKind.CLERK_DOCUMENT), "Trình")
    await answer(bench, DIRECTOR, newest(bench, DIRECTOR, NoticeKind.TASK), f"Chủ trì: KHTC\nHạn: {deadline}")
    await answer(bench, CLERK, newest(bench, CLERK, NoticeKind.TASK), "Chuyển")
    return document


async def reminded(bench: Bench) -> list[tuple[str, str]]:
    """Who was reminded of what, each time."""
    owed = [each.owed for each in reversed(await bench.office.queries.outbox(open_only=False, limit=1000))]
    return sorted((each.facts["step"], each.recipient) for each in owed if each.kind is NoticeKind.REMINDER)


async def at(bench: Bench, moment: datetime) -> list[tuple[str, str]]:
    """Who is reminded by two workers that look at that moment, of what they were not before."""
    before = await reminded(bench)
    bench.clock.moment = moment
    await work_by_two(bench)
    found = await reminded(bench)
    for each in before:
        found.remove(each)
    return found


def of(kind: TimerKind, *people: str) -> list[tuple[str, str]]:
    return sorted((kind.value, person) for person in people)


@on_both_databases
async def test_the_two_clocks_of_a_document_that_lies_with_the_clerk(bench: Bench) -> None:
    document = await entered(bench)
    due = await running(bench, document)
    assert [local(due[kind]).strftime("%H:%M") for kind in sorted(due)] == ["17:00", "09:45", "10:15"]
    moment = due[TimerKind.REMIND_TRANSFER]
    assert await at(bench, moment - timedelta(seconds=1)) == []
    assert await at(bench, moment) == of(TimerKind.REMIND_TRANSFER, CLERK)
    assert await at(bench, moment + timedelta(minutes=5)) == []
    assert await at(bench, due[TimerKind.TRANSFER_DUE]) == of(TimerKind.TRANSFER_DUE, CLERK, DIRECTOR)
    assert await at(bench, due[TimerKind.HAND_OVER_DUE]) == [], "the office closes at that moment"
    opens = datetime(2026, 11, 25, 7, 0, tzinfo=VIETNAM)
    assert await at(bench, opens - timedelta(seconds=1)) == [], "the day after is a holiday"
    assert await at(bench, opens) == of(TimerKind.HAND_OVER_DUE, CLERK, DIRECTOR)
    assert await running(bench, document) == {}
    assert (await journal(bench, document))["document.reminded"] == 3
    assert len(notices(bench, CLERK, NoticeKind.REMINDER)) == 3


@pytest.mark.parametrize(
    ("received", "reminder", "due"),
    [
        (FRIDAY_LATE, "23/11 08:20", "23/11 08:50"),
        (SATURDAY, "23/11 08:30", "23/11 09:00"),
        (HOLIDAY, "25/11 08:30", "25/11 09:00"),
    ],
    ids=["friday-late", "saturday", "holiday"],
)
async def test_nobody_is_reminded_out_of_office_hours(
    bench: Bench, received: datetime, reminder: str, due: str
) -> None:
    document = await entered(bench, received)
    timers = await running(bench, document)
    shown = [f"{local(timers[kind]):%d/%m %H:%M}" for kind in (TimerKind.REMIND_TRANSFER, TimerKind.TRANSFER_DUE)]
    assert shown == [reminder, due]
    moment = received
    while moment < timers[TimerKind.REMIND_TRANSFER] - timedelta(hours=1):
        moment += timedelta(hours=1)
        found = await at(bench, moment)
        if received == FRIDAY_LATE and moment >= MONDAY_OPENS:
            assert set(found) <= set(of(TimerKind.HAND_OVER_DUE, CLERK, DIRECTOR))
        else:
            assert found == []
    assert (TimerKind.REMIND_TRANSFER.value, CLERK) in await at(bench, timers[TimerKind.REMIND_TRANSFER])


async def test_the_leader_is_reminded_of_what_waits_for_him(bench: Bench) -> None:
    document = await entered(bench)
    await answer(bench, CLERK, newest(bench, CLERK, NoticeKind.CLERK_DOCUMENT), "Trình")
    due = await running(bench, document)
    assert await at(bench, due[TimerKind.REMIND_TRANSFER]) == of(TimerKind.REMIND_TRANSFER, DIRECTOR)
    assert await at(bench, due[TimerKind.TRANSFER_DUE]) == of(TimerKind.TRANSFER_DUE, CLERK, DIRECTOR)


@on_both_databases
async def test_a_deadline_is_told_to_who_works_then_to_clerk_and_leader(bench: Bench) -> None:
    document = await transferred(bench)
    due = await running(bench, document)
    assert set(due) == {TimerKind.HAND_OVER_DUE, TimerKind.REMIND_DEADLINE, TimerKind.DEADLINE_DUE}
    await answer(bench, HEAD, newest(bench, HEAD, NoticeKind.TASK), "Giao: Nam")
    due = await running(bench, document)
    assert set(due) == {TimerKind.REMIND_DEADLINE, TimerKind.DEADLINE_DUE}
    at_work = (SPECIALIST, HEAD, UNIT)
    assert await at(bench, due[TimerKind.REMIND_DEADLINE]) == of(TimerKind.REMIND_DEADLINE, *at_work)
    assert await at(bench, due[TimerKind.DEADLINE_DUE]) == [], "the day ends with the deadline"
    opens = datetime(2026, 11, 27, 7, 0, tzinfo=VIETNAM)
    assert await at(bench, opens) == of(TimerKind.DEADLINE_DUE, *at_work, CLERK, DIRECTOR)
    assert await at(bench, opens + timedelta(days=3)) == []


async def test_a_unit_that_gives_the_document_to_nobody_is_reminded(bench: Bench) -> None:
    document = await transferred(bench)
    await answer(bench, HEAD, newest(bench, HEAD, NoticeKind.TASK), "Đã nhận")
    due = await running(bench, document)
    opens = datetime(2026, 11, 25, 7, 0, tzinfo=VIETNAM)
    assert await at(bench, due[TimerKind.HAND_OVER_DUE]) == []
    assert await at(bench, opens) == of(TimerKind.HAND_OVER_DUE, HEAD, UNIT, CLERK, DIRECTOR)


async def test_a_finished_document_reminds_nobody(bench: Bench) -> None:
    document = await transferred(bench)
    await answer(bench, HEAD, newest(bench, HEAD, NoticeKind.TASK), "Giao: Nam")
    await answer(bench, SPECIALIST, newest(bench, SPECIALIST, NoticeKind.TASK), "Hoàn thành: đã báo cáo")
    assert await running(bench, document) == {}
    assert await at(bench, datetime(2026, 12, 4, 9, 0, tzinfo=VIETNAM)) == []


async def test_a_recalled_document_reminds_nobody(bench: Bench) -> None:
    document = await transferred(bench)
    receipt = newest(bench, SENDER, NoticeKind.RECEIPT)
    await answer(bench, SENDER, receipt, "Thu hồi: gửi nhầm", peer="127.0.0.1")
    await answer(bench, DIRECTOR, newest(bench, DIRECTOR, NoticeKind.TASK), "Đồng ý")
    assert (await bench.office.desk.store.docket(document)).state.is_end
    assert await running(bench, document) == {}
    assert await at(bench, datetime(2026, 12, 4, 9, 0, tzinfo=VIETNAM)) == []


@on_both_databases
async def test_the_province_that_says_nothing_is_noticed_once(bench: Bench) -> None:
    async with without_approval(bench):
        document = await submitted(bench)
        await order(bench, FORWARD)
        due = await running(bench, document)
        assert set(due) == {TimerKind.ACKNOWLEDGEMENT_DUE}
        moment = due[TimerKind.ACKNOWLEDGEMENT_DUE]
        assert await at(bench, moment - timedelta(seconds=1)) == []
        assert await at(bench, moment) == of(TimerKind.ACKNOWLEDGEMENT_DUE, CLERK, DIRECTOR)
        assert await at(bench, moment + timedelta(days=7)) == []


async def test_an_acknowledged_submission_reminds_nobody(bench: Bench) -> None:
    async with without_approval(bench):
        document = await submitted(bench)
        await order(bench, FORWARD)
        letter = newest(bench, PROVINCE, NoticeKind.SUBMISSION)
        await answer(bench, PROVINCE, letter, "Đã nhận", peer="198.51.100.9")
        assert await running(bench, document) == {}
        assert await at(bench, datetime(2026, 12, 4, 9, 0, tzinfo=VIETNAM)) == []


async def test_after_a_weekend_down_each_clock_speaks_once_at_the_opening(bench: Bench) -> None:
    """Received on Friday at 14:00; reminder, transfer and hand-over fell due while the gateway was down."""
    document = await entered(bench, datetime(2026, 11, 20, 14, 0, tzinfo=VIETNAM))
    assert await at(bench, SATURDAY) == []
    assert await at(bench, MONDAY_OPENS - timedelta(seconds=1)) == []
    assert await at(bench, MONDAY_OPENS) == sorted(
        (*of(TimerKind.TRANSFER_DUE, CLERK, DIRECTOR), *of(TimerKind.HAND_OVER_DUE, CLERK, DIRECTOR))
    )
    for hours in (1, 2, 26, 50):
        assert await at(bench, MONDAY_OPENS + timedelta(hours=hours)) == []
    assert await running(bench, document) == {}


async def test_a_deadline_that_passed_while_down_is_told_as_passed_alone(bench: Bench) -> None:
    await transferred(bench)
    await answer(bench, HEAD, newest(bench, HEAD, NoticeKind.TASK), "Giao: Nam")
    monday = datetime(2026, 11, 30, 7, 0, tzinfo=VIETNAM)
    assert await at(bench, monday) == of(TimerKind.DEADLINE_DUE, SPECIALIST, HEAD, UNIT, CLERK, DIRECTOR)
    assert await at(bench, monday + timedelta(hours=3)) == []


async def test_a_clock_set_back_reminds_nobody_again(bench: Bench) -> None:
    document = await entered(bench)
    due = (await running(bench, document))[TimerKind.REMIND_TRANSFER]
    assert await at(bench, due) == of(TimerKind.REMIND_TRANSFER, CLERK)
    assert await at(bench, due - timedelta(hours=1)) == []
    assert await at(bench, due) == []
    assert await at(bench, due + timedelta(minutes=30)) == of(TimerKind.TRANSFER_DUE, CLERK, DIRECTOR)


async def test_a_clock_set_back_after_a_reminder_was_put_off_does_not_lose_it(bench: Bench) -> None:
    await entered(bench, SATURDAY)
    assert await at(bench, datetime(2026, 11, 28, 9, 0, tzinfo=VIETNAM)) == []
    found = await at(bench, datetime(2026, 11, 23, 9, 30, tzinfo=VIETNAM))
    later = await at(bench, datetime(2026, 11, 30, 7, 0, tzinfo=VIETNAM))
    assert sorted((*found, *later)) == sorted(
        (*of(TimerKind.TRANSFER_DUE, CLERK, DIRECTOR), *of(TimerKind.HAND_OVER_DUE, CLERK, DIRECTOR))
    )


async def test_a_reminder_that_cannot_be_made_comes_later(bench: Bench) -> None:
    document = await entered(bench)
    due = (await running(bench, document))[TimerKind.REMIND_TRANSFER]
    broken = replace(bench.office.desk.work, calendar=_Broken(bench.office.desk.work.calendar))  # type: ignore[arg-type]
    async with bench.with_desk(work=broken):
        assert await at(bench, due) == []
    assert await at(bench, due + timedelta(minutes=4)) == []
    assert await at(bench, due + timedelta(minutes=5)) == of(TimerKind.REMIND_TRANSFER, CLERK)


class _Broken:
    """A calendar that fails where a document is looked at."""

    def __init__(self, calendar: object) -> None:
        self._calendar = calendar

    def __getattr__(self, name: str) -> object:
        if name == "between":
            raise RuntimeError("the calendar is broken")
        return getattr(self._calendar, name)
