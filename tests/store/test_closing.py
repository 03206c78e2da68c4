"""A day is closed once, over what was committed, and the journal knows when somebody changes it afterwards."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, insert, text, update

from gateway.clock import local
from gateway.model.day_close import DayClose, Series
from gateway.model.journal import NewEvent
from gateway.store import schema
from gateway.store.queries import Queries
from gateway.store.sqlstore import SqlStore
from tests.records import MORNING, entry, envelope, raw

TODAY = local(MORNING).date()
MIDNIGHT = local(MORNING).replace(hour=0, minute=0) + timedelta(days=1)
A_DAY = timedelta(days=1)


async def enter(store: SqlStore, name: str, at: datetime, *, book: str = "den", year: int = 2026) -> None:
    mail = await store.accept(envelope(name), raw(name), at)
    async with store.begin() as unit:
        document = await unit.register(mail, entry(name, book=book), at, year, "a@agency.example", answer_to=None)
        await unit.record(NewEvent("document.registered", "gateway", "pipeline", mail.id, document.id), at)


async def close(store: SqlStore, day: date = TODAY, ends: datetime = MIDNIGHT) -> DayClose | None:
    async with store.begin() as unit:
        closed = await unit.close_day(day, ends, ends + timedelta(seconds=30))
        if closed is not None:
            data = {"day": day.isoformat(), "events": closed.events, "head": closed.head, **closed.counted}
            await unit.record(NewEvent("day.closed", "gateway", "timer", data=data), closed.closed_at)
    return closed


async def test_a_close_has_the_numbers_of_its_day_by_book_and_the_head_of_the_journal(
    store: SqlStore, queries: Queries
) -> None:
    for name, book in (("a", "den"), ("b", "den"), ("c", "don-thu")):
        await enter(store, name, MORNING, book=book)
    async with store.begin() as unit:
        await unit.record(NewEvent("document.void", "cli:an", "cli"), MORNING)
        await unit.record(NewEvent("document.correct", "cli:an", "cli"), MORNING)
    head = await store.journal_head()
    closed = await close(store)
    assert closed is not None
    assert closed.series == (Series("den", 2026, 2, 2), Series("don-thu", 2026, 1, 1))
    assert [each.first for each in closed.series] == [1, 1]
    assert (closed.events, closed.head, closed.voids, closed.corrections) == (head.sequence, head.hash, 1, 1)
    assert await queries.day_closes() == [closed]
    assert await queries.day_closes(2025) == []


async def test_every_number_belongs_to_exactly_one_day_even_where_the_clock_went_back(store: SqlStore) -> None:
    await enter(store, "a", MORNING)
    await enter(store, "b", MORNING + A_DAY)
    first = await close(store)
    await enter(store, "c", MORNING)
    second = await close(store, TODAY + A_DAY, MIDNIGHT + A_DAY)
    third = await close(store, TODAY + 2 * A_DAY, MIDNIGHT + 2 * A_DAY)
    assert first is not None
    assert second is not None
    assert third is not None
    assert [closed.series for closed in (first, second, third)] == [
        (Series("den", 2026, 1, 1),),
        (Series("den", 2026, 3, 2),),
        (Series("den", 2026, 3, 0),),
    ]
    assert [closed.entered for closed in (first, second, third)] == [1, 2, 0]


async def test_a_new_year_opens_a_series_and_the_old_one_stays_as_it_ended(store: SqlStore) -> None:
    await enter(store, "a", MORNING)
    await close(store)
    await enter(store, "b", MORNING + A_DAY, year=2027)
    closed = await close(store, TODAY + A_DAY, MIDNIGHT + A_DAY)
    assert closed is not None
    assert closed.series == (Series("den", 2026, 1, 0), Series("den", 2027, 1, 1))


async def test_nodes_that_close_at_the_same_moment_close_once(store: SqlStore, queries: Queries) -> None:
    await enter(store, "a", MORNING)
    closed = await asyncio.gather(*(close(store) for _ in range(5)))
    assert sum(each is not None for each in closed) == 1
    report = await queries.audit()
    assert (report.days, report.broken_at) == (1, None)


async def test_a_day_is_never_closed_again_nor_one_before_it(store: SqlStore) -> None:
    await enter(store, "a", MORNING)
    assert await close(store) is not None
    assert await close(store) is None
    assert await close(store, TODAY - A_DAY, MIDNIGHT - A_DAY) is None


async def test_what_commits_while_a_day_is_closed_is_in_it_or_in_the_next(store: SqlStore, queries: Queries) -> None:
    await enter(store, "first", MORNING)
    work = [enter(store, f"m{number}", MORNING) for number in range(8)]
    closed, *_ = await asyncio.gather(close(store), *work)
    later = await close(store, TODAY + A_DAY, MIDNIGHT + A_DAY)
    assert closed is not None
    assert later is not None
    assert closed.entered + later.entered == 9
    assert later.series == (Series("den", 2026, 9, later.entered),)
    assert (await queries.audit()).broken_at is None


ROW = schema.day_close
OTHER = {"series": [], "voids": 0, "corrections": 0}


@pytest.mark.parametrize(
    "statement",
    [
        update(ROW).values(head="f" * 64),
        update(ROW).values(events=ROW.c.events - 1),
        update(ROW).values(events=ROW.c.events + 1_000),
        update(ROW).values(books=OTHER),
        update(ROW).values(day=TODAY + A_DAY),
        delete(ROW),
        insert(ROW).values(day=TODAY + A_DAY, closed_at=MIDNIGHT, events=0, head="0" * 64, books=OTHER),
        text("UPDATE day_close SET events = 0"),
    ],
    ids=["head", "fewer", "more", "numbers", "day", "gone", "invented", "none"],
)
async def test_a_close_that_was_changed_afterwards_is_found(
    store: SqlStore, queries: Queries, statement: object
) -> None:
    await enter(store, "a", MORNING)
    await close(store)
    assert (await queries.audit()).broken_at is None
    async with store.database.write() as connection:
        await connection.execute(statement)  # type: ignore[call-overload] # statements of every kind
    report = await queries.audit()
    assert report.broken_at is not None
    assert "đóng sổ" in report.cause
