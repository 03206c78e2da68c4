"""The register gives each document one number, without gap or repeat, whatever happens around it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import IntegrityError

from gateway.errors import AlreadyRegistered
from gateway.model.mail import Mail
from gateway.store import schema
from gateway.store.database import Database
from gateway.store.queries import Queries
from gateway.store.sqlstore import SqlStore
from tests.records import MORNING, entry, envelope, raw


async def accepted(store: SqlStore, name: str) -> Mail:
    return await store.accept(envelope(name), raw(name), MORNING)


async def numbers(queries: Queries, book: str = "den", year: int = 2026) -> list[int]:
    return [document.arrival_number for document in await queries.register(book=book, year=year, limit=1_000)]


async def test_parallel_units_number_gaplessly(store: SqlStore, queries: Queries) -> None:
    mails = [await accepted(store, f"m{n}") for n in range(20)]

    async def enter(mail: Mail, content: str) -> None:
        async with store.begin() as unit:
            await unit.register(mail, entry(content), MORNING, 2026, "vanthu@agency.example", answer_to=None)

    await asyncio.gather(*(enter(mail, f"c{mail.id}") for mail in mails))
    assert await numbers(queries) == list(range(1, 21))


async def test_an_undone_unit_leaves_no_gap(store: SqlStore, queries: Queries) -> None:
    mail = await accepted(store, "m")

    async def fail() -> None:
        async with store.begin() as unit:
            await unit.register(mail, entry("lost"), MORNING, 2026, "vanthu@agency.example", answer_to=None)
            raise RuntimeError("crash")

    with pytest.raises(RuntimeError):
        await fail()
    async with store.begin() as unit:
        document = await unit.register(mail, entry("kept"), MORNING, 2026, "vanthu@agency.example", answer_to=None)
    assert document.arrival_number == 1
    assert await numbers(queries) == [1]


async def test_a_first_number_set_while_a_series_runs_begins_nothing_anew(store: SqlStore, queries: Queries) -> None:
    later = SqlStore(store.database, {("den", 2026): 3})
    for number, at in enumerate((store, store, later, later), 1):
        mail = await accepted(store, f"m{number}")
        async with at.begin() as unit:
            await unit.register(mail, entry(f"c{number}"), MORNING, 2026, "vanthu@agency.example", answer_to=None)
    assert await numbers(queries) == [1, 2, 3, 4]
    assert (await queries.audit()).broken_at is None


@pytest.mark.parametrize("key", ["content", "identity"])
async def test_the_same_document_is_not_numbered_twice(store: SqlStore, queries: Queries, key: str) -> None:
    first, second = await accepted(store, "a"), await accepted(store, "b")
    entries = {"content": entry("same"), "identity": entry("other", identity="955|QD|SGTVT|2017")}
    async with store.begin() as unit:
        await unit.register(
            first, entry("same", identity="955|QD|SGTVT|2017"), MORNING, 2026, "vanthu@agency.example", answer_to=None
        )
    with pytest.raises(AlreadyRegistered):
        async with store.begin() as unit:
            await unit.register(second, entries[key], MORNING, 2026, "vanthu@agency.example", answer_to=None)
    assert await numbers(queries) == [1]


async def test_each_book_and_year_has_its_own_series(store: SqlStore, queries: Queries) -> None:
    mail = await accepted(store, "m")
    async with store.begin() as unit:
        await unit.register(mail, entry("a"), MORNING, 2026, "vanthu@agency.example", answer_to=None)
        await unit.register(mail, entry("b", book="don-thu"), MORNING, 2026, "vanthu@agency.example", answer_to=None)
        await unit.register(
            mail, entry("c"), MORNING + timedelta(days=60), 2027, "vanthu@agency.example", answer_to=None
        )
    assert await numbers(queries) == [1]
    assert await numbers(queries, "don-thu") == [1]
    assert await numbers(queries, year=2027) == [1]


async def test_a_series_may_open_where_the_paper_book_ended(database_url: str) -> None:
    database = Database(database_url)
    try:
        store = SqlStore(database, {("den", 2026): 731})
        mail = await accepted(store, "m")
        async with store.begin() as unit:
            first = await unit.register(mail, entry("a"), MORNING, 2026, "vanthu@agency.example", answer_to=None)
            second = await unit.register(mail, entry("b"), MORNING, 2026, "vanthu@agency.example", answer_to=None)
        assert (first.arrival_number, second.arrival_number) == (731, 732)
    finally:
        await database.close()


async def test_the_database_itself_refuses_gaps_and_removals(store: SqlStore) -> None:
    mail = await accepted(store, "m")
    async with store.begin() as unit:
        for content in "abc":
            await unit.register(mail, entry(content), MORNING, 2026, "vanthu@agency.example", answer_to=None)
    table = schema.document
    for statement in (
        delete(schema.file),
        update(table).where(table.c.arrival_number == 3).values(arrival_number=4),
        update(table).where(table.c.arrival_number == 3).values(arrival_number=9, previous_number=8),
        update(table).where(table.c.arrival_number == 3).values(arrival_number=9, previous_number=None),
        delete(table).where(table.c.arrival_number == 2),
    ):
        if statement.table is schema.file:
            async with store.database.write() as connection:
                await connection.execute(statement)
            continue
        with pytest.raises(IntegrityError):
            async with store.database.write() as connection:
                await connection.execute(statement)


async def test_files_come_back_as_entered(store: SqlStore, queries: Queries) -> None:
    mail = await accepted(store, "m")
    async with store.begin() as unit:
        entered = await unit.register(mail, entry("a"), MORNING, 2026, "vanthu@agency.example", answer_to=None)
    assert entered.sender == "vanthu@agency.example"
    assert await queries.document(entered.id) == entered
    assert (await store.documents([entered.id])) == (entered,)
    tracked = await queries.by_token(entered.token)
    assert tracked is not None
    assert tracked.document == entered
    assert await queries.by_token(entered.token[:-1]) is None


async def test_an_entry_is_found_by_its_number(store: SqlStore, queries: Queries) -> None:
    mail = await accepted(store, "m")
    async with store.begin() as unit:
        await unit.register(mail, entry("a"), MORNING, 2026, "vanthu@agency.example", answer_to=None)
    assert await queries.by_number(1, 2026)


async def test_foreign_keys_are_enforced(store: SqlStore) -> None:
    with pytest.raises(IntegrityError):
        async with store.database.write() as connection:
            await connection.execute(text("INSERT INTO repeat (mail_id, document_id) VALUES (99, 99)"))
