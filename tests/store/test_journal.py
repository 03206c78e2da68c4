"""The journal is one chain: what is changed, removed, added or cut off is found."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import delete, text, update

from gateway.model.journal import NewEvent
from gateway.store import schema
from gateway.store.queries import Queries
from gateway.store.sqlstore import SqlStore
from tests.records import MORNING, envelope, raw


@pytest.fixture
async def filled(store: SqlStore) -> SqlStore:
    mail = await store.accept(envelope("a"), raw("a"), MORNING)
    for number in range(5):
        async with store.begin() as unit:
            data = {"số": number, "lý do": "thử"}
            await unit.record(NewEvent("test.one", "gateway", "pipeline", mail.id, data=data), MORNING)
            await unit.record(NewEvent("test.two", "cli:an", "cli"), MORNING)
    return store


async def test_a_whole_chain_verifies(filled: SqlStore, queries: Queries) -> None:
    report = await queries.audit()
    assert (report.events, report.broken_at, report.cause) == (11, None, "")


async def test_the_head_is_the_last_link_and_every_link_is_found_by_its_number(
    filled: SqlStore, queries: Queries
) -> None:
    head = await filled.journal_head()
    last = await queries.event(head.sequence)
    assert last is not None
    assert (last.sequence, last.hash, last.event.kind) == (11, head.hash, "test.two")
    assert await queries.event(head.sequence + 1) is None
    before = await queries.event(head.sequence - 1)
    assert before is not None
    assert before.hash == last.previous_hash


async def test_parallel_units_make_one_chain(store: SqlStore, queries: Queries) -> None:
    async def write(number: int) -> None:
        async with store.begin() as unit:
            await unit.record(NewEvent("test.parallel", "gateway", "pipeline", data={"n": number}), MORNING)

    await asyncio.gather(*(write(number) for number in range(25)))
    report = await queries.audit()
    assert (report.events, report.broken_at) == (25, None)


async def test_an_undone_unit_leaves_no_event(store: SqlStore, queries: Queries) -> None:
    async def fail() -> None:
        async with store.begin() as unit:
            await unit.record(NewEvent("test.lost", "gateway", "pipeline"), MORNING)
            raise RuntimeError("crash")

    with pytest.raises(RuntimeError):
        await fail()
    assert (await queries.audit()).events == 0


TABLE = schema.event


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        (update(TABLE).where(TABLE.c.sequence == 3).values(data='{"n":7}'), 3),
        (update(TABLE).where(TABLE.c.sequence == 4).values(actor="cli:khác"), 4),
        (update(TABLE).where(TABLE.c.sequence == 6).values(at=MORNING.replace(hour=2)), 6),
        (update(TABLE).where(TABLE.c.sequence == 5).values(hash="f" * 64), 5),
        (delete(TABLE).where(TABLE.c.sequence == 5), 5),
        (delete(TABLE).where(TABLE.c.sequence >= 9), 9),
        (text("UPDATE journal_head SET sequence = 10"), 12),
    ],
)
async def test_tampering_is_found(filled: SqlStore, queries: Queries, statement: object, broken_at: int) -> None:
    async with filled.database.write() as connection:
        await connection.execute(statement)  # type: ignore[call-overload]
    report = await queries.audit()
    assert report.broken_at == broken_at
    assert report.cause
