"""Notices on their way: tried again, given up, warned of, and told of."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gateway.model.alarm import AlarmCause
from gateway.model.notice import DeliveryOutcome, DeliveryResult, NoticeKind, NoticeStage, Outgoing
from tests.flow.conftest import Bench
from tests.flow.reading import CLERK, IT
from tests.mails import SENDER, mail, page_one


class Moody:
    """A relay that answers as told, and remembers what it was given."""

    def __init__(self, *outcomes: DeliveryOutcome, only: str = SENDER) -> None:
        self.outcomes = list(outcomes)
        self.only = only
        self.given: list[Outgoing] = []

    async def send(self, outgoing: Outgoing) -> DeliveryResult:
        if outgoing.recipient != self.only:
            return DeliveryResult(DeliveryOutcome.SENT, "250 relay says")
        self.given.append(outgoing)
        return DeliveryResult(self.outcomes.pop(0) if self.outcomes else DeliveryOutcome.SENT, "relay says")


async def alarms(bench: Bench) -> list[AlarmCause]:
    notices = await bench.office.queries.outbox(open_only=False)
    return [notice.owed.alarm.cause for notice in reversed(notices) if notice.owed.alarm]


async def test_a_notice_is_tried_again_with_the_same_bytes(bench: Bench) -> None:
    relay = Moody(DeliveryOutcome.TEMPORARY, DeliveryOutcome.UNREACHABLE)
    async with bench.with_desk(sender=relay):
        await bench.end_of(mail())
        bench.clock.pass_(timedelta(minutes=1))
        await bench.work()
        bench.clock.pass_(timedelta(minutes=5))
        await bench.work()
    assert len(relay.given) == 3
    assert len(set(relay.given)) == 1
    assert await bench.office.queries.outbox(open_only=True) == []


async def test_each_notice_has_a_reverse_path_of_its_own(bench: Bench) -> None:
    relay = Moody()
    async with bench.with_desk(sender=relay):
        for number in (1, 2):
            await bench.end_of(mail(("a.txt", page_one(number)), message_id=f"<{number}@agency.example>"))
    paths = [outgoing.reverse_path for outgoing in relay.given]
    assert len(set(paths)) == 2
    for outgoing in relay.given:
        assert outgoing.reverse_path == f"sgtvt+b-{outgoing.envelope_id}@quangngai.gov.vn"


@pytest.mark.parametrize("outcome", [DeliveryOutcome.TEMPORARY, DeliveryOutcome.PERMANENT])
async def test_a_notice_that_cannot_be_delivered_ends_failed_and_the_clerk_is_told(
    bench: Bench, outcome: DeliveryOutcome
) -> None:
    relay = Moody(*[outcome] * 100)
    async with bench.with_desk(sender=relay):
        await bench.end_of(mail())
        for _ in range(20):
            bench.clock.pass_(timedelta(hours=4))
            await bench.work()
    (notice,) = await bench.office.queries.outbox(open_only=True)
    assert notice.stage is NoticeStage.FAILED
    assert len(relay.given) == 1 or outcome is DeliveryOutcome.TEMPORARY
    told = await alarms(bench)
    assert told.count(AlarmCause.DELIVERY_FAILED) == 1
    assert told.count(AlarmCause.DELIVERY_DELAYED) == (outcome is DeliveryOutcome.TEMPORARY)


async def test_the_clerk_is_warned_after_four_hours_and_not_before(bench: Bench) -> None:
    relay = Moody(*[DeliveryOutcome.TEMPORARY] * 100)
    async with bench.with_desk(sender=relay):
        await bench.end_of(mail())
        for _ in range(3):
            bench.clock.pass_(timedelta(hours=1))
            await bench.work()
        assert await alarms(bench) == []
        bench.clock.pass_(timedelta(hours=4))
        await bench.work()
        assert await alarms(bench) == [AlarmCause.DELIVERY_DELAYED]
        bench.clock.pass_(timedelta(hours=4))
        await bench.work()
    assert await alarms(bench) == [AlarmCause.DELIVERY_DELAYED]


async def test_a_relay_that_is_away_is_one_matter_for_all_notices(bench: Bench) -> None:
    relay = Moody(*[DeliveryOutcome.UNREACHABLE] * 100)
    async with bench.with_desk(sender=relay):
        for number in range(5):
            await bench.end_of(mail(message_id=f"<{number}@agency.example>"))
        for _ in range(4):
            bench.clock.pass_(timedelta(hours=2))
            await bench.work()
    assert await alarms(bench) == [AlarmCause.RELAY_AWAY] * 2, "the clerk and the IT staff, each once"


async def test_mail_that_does_not_reach_the_clerk_is_told_to_the_others_of_the_office(bench: Bench) -> None:
    relay = Moody(*[DeliveryOutcome.PERMANENT] * 100, only=CLERK)
    async with bench.with_desk(sender=relay):
        await bench.end_of(mail(("a.txt", page_one(1))))
    assert await alarms(bench) == [AlarmCause.DELIVERY_FAILED]
    assert len(bench.delivered(IT)) == 0, "this relay delivers nothing"
    told = [n.owed.recipient for n in await bench.office.queries.outbox(open_only=False) if n.owed.alarm]
    assert told == [IT]
    (failed,) = await bench.office.queries.outbox(open_only=True)
    assert failed.owed.kind is NoticeKind.CLERK_DOCUMENT


async def test_an_alarm_that_does_not_arrive_raises_no_other(bench: Bench) -> None:
    class Deaf:
        async def send(self, outgoing: Outgoing) -> DeliveryResult:
            return DeliveryResult(DeliveryOutcome.PERMANENT, "550 5.1.1 nobody")

    async with bench.with_desk(sender=Deaf()):
        await bench.end_of(mail(("a.txt", page_one(1))))
        await bench.work()
    assert (await alarms(bench)).count(AlarmCause.DELIVERY_FAILED) == 2, (
        "of the sender's receipt, of the clerk's notice"
    )


async def test_what_a_person_sends_again_has_all_the_time_once_more(bench: Bench) -> None:
    relay = Moody(*[DeliveryOutcome.TEMPORARY] * 100)
    async with bench.with_desk(sender=relay):
        await bench.end_of(mail())
        for _ in range(20):
            bench.clock.pass_(timedelta(hours=4))
            await bench.work()
        (failed,) = await bench.office.queries.outbox(open_only=True)
        assert failed.stage is NoticeStage.FAILED
        async with bench.office.desk.store.begin() as unit:
            await unit.notice_retry(failed, bench.clock.now())
        await bench.work()
        again = await bench.office.queries.notice(failed.id)
        assert again.stage is NoticeStage.READY
        assert again.token != failed.token
        relay.outcomes.clear()
        bench.clock.pass_(timedelta(hours=4))
        await bench.work()
    assert (await bench.office.queries.notice(failed.id)).stage is NoticeStage.SENT
