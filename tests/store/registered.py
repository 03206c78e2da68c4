"""A document in the register for tests that are about its work."""

from __future__ import annotations

from gateway.model.docket import Docket, Submission
from gateway.model.document import Document
from gateway.store.sqlstore import SqlStore
from tests.records import MORNING, entry, envelope, raw

SENDER = "vanthu@agency.example"


async def registered(
    store: SqlStore, name: str = "a", *, answer_to: str | None = SENDER, submission: Submission | None = None
) -> Document:
    mail = await store.accept(envelope(name), raw(name), MORNING)
    async with store.begin() as unit:
        return await unit.register(mail, entry(name), MORNING, 2026, SENDER, answer_to=answer_to, submission=submission)


async def docketed(store: SqlStore, name: str = "a", *, submission: Submission | None = None) -> Docket:
    return await store.docket((await registered(store, name, submission=submission)).id)


async def kept(store: SqlStore, before: Docket, after: Docket) -> Docket:
    async with store.begin() as unit:
        return await unit.keep_docket(before, after, actor="clerk@office.example", at=MORNING)
