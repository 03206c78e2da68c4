"""After midnight the daemon closes the day that is over: once each, in order, and a fault stops no mail."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from gateway.errors import TemporaryError
from gateway.model.mail import MailStage
from handlers.close_day import DayClosing, close_days
from tests.flow.conftest import Bench, on_both_databases
from tests.mails import mail, page_one

A_DAY = timedelta(days=1)
MONDAY = date(2026, 11, 23)


async def closed_days(bench: Bench) -> list[date]:
    return [closed.day for closed in await bench.office.queries.day_closes()]


async def entered(bench: Bench) -> None:
    arrived = await bench.end_of(mail(("d.txt", page_one(4)), message_id="<4@agency.example>"))
    assert arrived.stage is MailStage.REGISTERED


@on_both_databases
async def test_days_are_closed_in_order_however_long_the_daemon_was_away(bench: Bench) -> None:
    await bench.work()
    assert await closed_days(bench) == []
    await entered(bench)
    bench.clock.pass_(A_DAY)
    await bench.work()
    (monday,) = await bench.office.queries.day_closes()
    assert (monday.day, monday.entered) == (MONDAY, 1)
    bench.clock.pass_(4 * A_DAY)
    await bench.work()
    await bench.work()
    assert await closed_days(bench) == [MONDAY + number * A_DAY for number in range(5)]
    report = await bench.office.queries.audit()
    assert (report.days, report.broken_at) == (5, None)


async def test_no_day_is_closed_before_it_is_over_in_vietnam_nor_again_when_the_clock_goes_back(bench: Bench) -> None:
    await entered(bench)
    bench.clock.moment = bench.clock.now().replace(hour=16, minute=59, second=59)
    assert await close_days(bench.office.desk, actor="cli:an", source="cli") == []
    bench.clock.pass_(timedelta(seconds=1))
    (closed,) = await close_days(bench.office.desk, actor="cli:an", source="cli")
    assert closed.day == MONDAY
    bench.clock.pass_(-2 * A_DAY)
    assert await close_days(bench.office.desk, actor="cli:an", source="cli") == []
    bench.clock.pass_(3 * A_DAY)
    (closed,) = await close_days(bench.office.desk, actor="cli:an", source="cli")
    assert closed.day == MONDAY + A_DAY


@on_both_databases
async def test_several_nodes_close_each_day_once(bench: Bench) -> None:
    await entered(bench)
    bench.clock.pass_(3 * A_DAY)
    found = await asyncio.gather(*(DayClosing(bench.office.desk).look() for _ in range(3)))
    days = [closed.day for each in found for closed in each]
    assert sorted(days) == [MONDAY, MONDAY + A_DAY, MONDAY + 2 * A_DAY]
    assert (await bench.office.queries.audit()).broken_at is None


@pytest.mark.parametrize("fault", [TemporaryError("database", "gone"), ValueError("a row that nobody can read")])
async def test_a_close_that_fails_stops_no_mail_and_is_tried_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise fault

    await bench.end_of(mail(("c.txt", page_one(3)), message_id="<3@agency.example>"))
    bench.clock.pass_(A_DAY)
    closing = DayClosing(bench.office.desk)
    with monkeypatch.context() as faulty:
        faulty.setattr("handlers.close_day.close_days", broken)
        await entered(bench)
        with pytest.raises(type(fault)):
            await closing.look()
        assert not closing.is_due
    bench.clock.pass_(timedelta(minutes=1))
    assert closing.is_due
    assert [closed.day for closed in await closing.look()] == [MONDAY]
    assert not closing.is_due


async def test_a_clock_that_has_run_ahead_closes_little_before_it_is_set_right(bench: Bench) -> None:
    desk, closing = bench.office.desk, DayClosing(bench.office.desk)
    await entered(bench)
    bench.clock.pass_(A_DAY)
    assert [closed.day for closed in await closing.look()] == [MONDAY]
    bench.clock.pass_(3650 * A_DAY)
    assert [closed.day for closed in await closing.look()] == [MONDAY + A_DAY]
    bench.clock.pass_(timedelta(minutes=59))
    assert not closing.is_due
    bench.clock.pass_(timedelta(minutes=1))
    assert closing.is_due
    assert [closed.day for closed in await closing.look()] == [MONDAY + 2 * A_DAY]
    bench.clock.pass_(-3649 * A_DAY)
    assert await closing.look() == []
    bench.clock.pass_(39 * A_DAY)
    assert len(await close_days(desk, actor="cli:an", source="cli")) == 38, "a person closes all of them"


async def test_a_journal_older_than_its_closes_begins_with_one_that_counts_what_was_before(bench: Bench) -> None:
    await entered(bench)
    bench.clock.pass_(3650 * A_DAY)
    closed = await DayClosing(bench.office.desk).look()
    today = MONDAY + 3650 * A_DAY
    assert [closed[0].day, closed[-1].day, len(closed)] == [today - 31 * A_DAY, today - A_DAY, 31]
    assert [each.entered for each in closed] == [1, *[0] * 30]
    assert (await bench.office.queries.audit()).broken_at is None
