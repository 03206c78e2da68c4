"""Tokens come back as given and serve once; the orders of a mail are taken all or none, and once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from gateway.errors import StaleState
from gateway.model.act import Act, Correction, Deadline, Order, Share
from gateway.model.token import Purpose, ThreadToken
from gateway.store import schema
from gateway.store.queries import Queries
from gateway.store.sqlstore import SqlStore
from tests.records import MINUTE, MORNING
from tests.store.registered import registered

EXPIRY = MORNING + timedelta(days=30)
ASSIGN = Order(
    Act.ASSIGN,
    ("Giao Văn phòng chủ trì",),
    lead=Share("Văn phòng", Deadline(EXPIRY, "30 ngày")),
    supporting=(Share("KHTC"),),
    text="xử lý\0 sớm",
)
CORRECT = Order(Act.CORRECT, correction=Correction({"issued_on": date(2017, 9, 7), "number": "2017-09-07"}))


def token(document_id: int, name: str = "t1", **values: object) -> ThreadToken:
    given = ThreadToken(name, document_id, "cuc@x", Purpose.WORK, "<n@x>", MORNING, EXPIRY)
    return replace(given, **values)  # type: ignore[arg-type]


async def give(store: SqlStore, *tokens: ThreadToken) -> None:
    async with store.begin() as unit:
        for each in tokens:
            await unit.give_token(each)


@pytest.mark.parametrize("order", [None, Order(Act.FORWARD, again=True), CORRECT], ids=["none", "forward", "correct"])
async def test_a_token_comes_back_as_given(store: SqlStore, order: Order | None) -> None:
    document = await registered(store)
    given = token(document.id, purpose=Purpose.CONFIRM, subject="extension:van-phong", order=order)
    await give(store, given)
    assert await store.token("t1") == given
    async with store.begin() as unit:
        assert await unit.token("t1") == given


async def test_an_order_with_all_its_fields_comes_back(store: SqlStore) -> None:
    document = await registered(store)
    await give(store, token(document.id, purpose=Purpose.CONFIRM, order=ASSIGN))
    found = await store.token("t1")
    assert found is not None
    assert found.order == replace(ASSIGN, text="xử lý\ufffd sớm")


@pytest.mark.parametrize(
    "never", ["t", "t1\0", "\ud800", "", "x" * 500], ids=["short", "nul", "surrogate", "empty", "long"]
)
async def test_a_token_that_was_never_given_is_none(store: SqlStore, queries: Queries, never: str) -> None:
    document = await registered(store)
    await give(store, token(document.id))
    assert await store.token(never) is None
    assert await queries.files_of(never) is None
    assert await queries.by_token(never) is None
    async with store.begin() as unit:
        assert await unit.token(never) is None


async def test_the_tokens_of_a_notice_come_in_the_order_given(store: SqlStore) -> None:
    first, second = await registered(store), await registered(store, "b")
    given = [token(second.id, "z"), token(first.id, "a"), token(first.id, "m", purpose=Purpose.FILES)]
    await give(store, *given, token(first.id, "other", message_id="<o@x>"))
    assert await store.tokens_with("<n@x>") == given
    assert await store.tokens_with("<none@x>") == []


async def test_a_token_serves_once(store: SqlStore) -> None:
    document = await registered(store)
    await give(store, token(document.id))

    async def use() -> None:
        async with store.begin() as unit:
            found = await unit.token("t1")
            assert found is not None
            await unit.use_token(found, MORNING + MINUTE)

    results = await asyncio.gather(use(), use(), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "StaleState"]
    assert await store.token("t1") == token(document.id, used_at=MORNING + MINUTE)
    with pytest.raises(StaleState):
        async with store.begin() as unit:
            await unit.use_token(token(document.id), MORNING)


async def test_the_same_token_is_not_given_twice(store: SqlStore) -> None:
    first, second = await registered(store), await registered(store, "b")
    await give(store, token(first.id))
    with pytest.raises(IntegrityError):
        await give(store, token(second.id))


async def test_a_personal_link_opens_the_files_of_its_document(store: SqlStore, queries: Queries) -> None:
    document = await registered(store)
    await give(store, token(document.id, "f", purpose=Purpose.FILES), token(document.id, "w"))
    found = await queries.files_of("f")
    assert found is not None
    assert (found.document, found.address, found.expires_at) == (document, "cuc@x", EXPIRY)
    assert await queries.files_of("w") is None
    assert await queries.files_of(document.token) is None
    assert (await queries.work(document.id)).tokens == 2


async def taken(store: SqlStore) -> set[str]:
    async with store.database.read() as connection:
        return set((await connection.execute(select(schema.orders_taken.c.key))).scalars())


async def test_orders_are_taken_all_or_none(store: SqlStore) -> None:
    document = await registered(store)
    async with store.begin() as unit:
        assert await unit.take_orders(document.source, document.id, ["b", "a", "a"])
        assert not await unit.take_orders(document.source, document.id, ["a"])
    async with store.begin() as unit:
        assert not await unit.take_orders(document.source, None, ["0", "b", "z"])
        assert await unit.take_orders(document.source, None, ["z"])
        assert await unit.take_orders(document.source, None, [])
    assert await taken(store) == {"a", "b", "z"}


async def test_the_same_orders_are_taken_once_by_many(store: SqlStore) -> None:
    document = await registered(store)

    async def take(keys: list[str]) -> bool:
        async with store.begin() as unit:
            return await unit.take_orders(document.source, document.id, keys)

    won = await asyncio.gather(*(take(keys) for keys in (["a", "b"], ["b", "a"], ["c", "b"]) for _ in range(3)))
    assert won.count(True) == 1
    assert len(await taken(store)) == 2


async def test_an_undone_unit_takes_no_orders(store: SqlStore) -> None:
    document = await registered(store)

    async def fail() -> None:
        async with store.begin() as unit:
            assert await unit.take_orders(document.source, document.id, ["a"])
            raise RuntimeError("crash")

    with pytest.raises(RuntimeError):
        await fail()
    assert await taken(store) == set()
