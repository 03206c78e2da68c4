"""A timer of a kind and subject stands once, can be moved and dropped, and fires once."""

from __future__ import annotations

import asyncio

import pytest

from gateway.errors import StaleState
from gateway.model.mail import MailStage
from gateway.model.timer import Timer, TimerKind
from gateway.store.queries import Queries
from gateway.store.sqlstore import SqlStore
from tests.records import MINUTE, MORNING
from tests.store.registered import registered

DUE = Timer(TimerKind.DEADLINE_DUE, MORNING, "van-phong")
REMIND = Timer(TimerKind.REMIND_DEADLINE, MORNING - MINUTE, "van-phong")
OTHER = Timer(TimerKind.DEADLINE_DUE, MORNING + MINUTE, "ke-hoach")


async def with_timers(store: SqlStore, *timers: Timer) -> int:
    """The id of a document that has them."""
    document = await registered(store)
    async with store.begin() as unit:
        await unit.move(await store.mail(document.source), MailStage.REGISTERED)
        for timer in timers:
            await unit.set_timer(document.id, timer)
    return document.id


async def due(store: SqlStore, *, limit: int = 10) -> list[Timer]:
    return [each.timer for each in await store.due_timers(MORNING, limit)]


async def test_due_timers_come_longest_due_first(store: SqlStore) -> None:
    document_id = await with_timers(store, OTHER, DUE, REMIND)
    found = await store.due_timers(MORNING, 10)
    assert [(each.document_id, each.timer) for each in found] == [(document_id, REMIND), (document_id, DUE)]
    assert await due(store, limit=1) == [REMIND]
    assert await store.next_due() == REMIND.due


async def test_setting_a_timer_again_moves_it_fired_or_not(store: SqlStore) -> None:
    document_id = await with_timers(store, OTHER)
    moved = Timer(OTHER.kind, MORNING - MINUTE, OTHER.subject)
    for _ in range(2):
        async with store.begin() as unit:
            await unit.set_timer(document_id, moved)
        (found,) = await store.due_timers(MORNING, 10)
        assert found.timer == moved
        async with store.begin() as unit:
            await unit.fire(found, MORNING)
        assert await due(store) == []
        assert await store.next_due() is None


async def test_a_timer_fires_once(store: SqlStore, queries: Queries) -> None:
    document_id = await with_timers(store, DUE)
    (found,) = await store.due_timers(MORNING, 10)

    async def fire() -> None:
        async with store.begin() as unit:
            await unit.fire(found, MORNING)

    results = await asyncio.gather(fire(), fire(), fire(), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "StaleState", "StaleState"]
    assert [(each.timer, each.fired_at) for each in (await queries.work(document_id)).timers] == [(DUE, MORNING)]


async def test_firing_and_moving_a_timer_do_not_wait_for_each_other(store: SqlStore) -> None:
    document_id = await with_timers(store, DUE)

    async def fire() -> None:
        for found in await store.due_timers(MORNING, 10):
            async with store.begin() as unit:
                await unit.fire(found, MORNING)
                await unit.docket(document_id)

    async def move() -> None:
        async with store.begin() as unit:
            await unit.docket(document_id)
            await unit.set_timer(document_id, DUE)

    results = await asyncio.gather(*(each() for _ in range(8) for each in (fire, move)), return_exceptions=True)
    assert {type(result) for result in results} <= {type(None), StaleState}


async def test_a_timer_that_moved_or_went_does_not_fire(store: SqlStore) -> None:
    document_id = await with_timers(store, DUE, REMIND)
    remind, found = await store.due_timers(MORNING, 10)
    async with store.begin() as unit:
        await unit.set_timer(document_id, Timer(DUE.kind, OTHER.due, DUE.subject))
        await unit.cancel_timers(document_id, [REMIND.kind])
    for stale in (remind, found):
        with pytest.raises(StaleState):
            async with store.begin() as unit:
                await unit.fire(stale, MORNING)
        async with store.begin() as unit:
            await unit.postpone_timer(stale, MORNING - MINUTE)
    assert await due(store) == []
    assert await store.next_due() == OTHER.due


async def test_a_postponed_timer_is_looked_at_later(store: SqlStore) -> None:
    await with_timers(store, DUE)
    (found,) = await store.due_timers(MORNING, 10)
    async with store.begin() as unit:
        await unit.postpone_timer(found, MORNING + MINUTE)
    assert await due(store) == []
    (later,) = await store.due_timers(MORNING + MINUTE, 10)
    assert later == found, "what was due stays so"


@pytest.mark.parametrize(
    ("kinds", "subject", "left"),
    [
        pytest.param([DUE.kind], "van-phong", [REMIND, OTHER], id="of one subject"),
        pytest.param([DUE.kind], None, [REMIND], id="of every subject"),
        pytest.param([DUE.kind, REMIND.kind], None, [], id="of several kinds"),
        pytest.param([], None, [REMIND, DUE, OTHER], id="of no kind"),
    ],
)
async def test_timers_are_dropped_by_kind_and_subject(
    store: SqlStore, queries: Queries, kinds: list[TimerKind], subject: str | None, left: list[Timer]
) -> None:
    document_id = await with_timers(store, DUE, REMIND, OTHER)
    other_id = (await registered(store, "other")).id
    async with store.begin() as unit:
        await unit.set_timer(other_id, DUE)
        await unit.cancel_timers(document_id, kinds, subject)
    assert [each.timer for each in (await queries.work(document_id)).timers] == left
    assert len((await queries.work(other_id)).timers) == 1


async def test_what_has_fired_is_not_dropped(store: SqlStore, queries: Queries) -> None:
    document_id = await with_timers(store, DUE)
    async with store.begin() as unit:
        (found,) = await store.due_timers(MORNING, 10)
        await unit.fire(found, MORNING)
        await unit.cancel_timers(document_id, [DUE.kind])
    assert len((await queries.work(document_id)).timers) == 1


async def test_an_undone_unit_fires_and_sets_nothing(store: SqlStore) -> None:
    document_id = await with_timers(store, DUE)
    (found,) = await store.due_timers(MORNING, 10)

    async def fail() -> None:
        async with store.begin() as unit:
            await unit.fire(found, MORNING)
            await unit.set_timer(document_id, REMIND)
            raise RuntimeError("crash")

    with pytest.raises(RuntimeError):
        await fail()
    assert await due(store) == [DUE]
