"""What is owed on paper is kept with the register entry, listed till it came, and changed by compare-and-set."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from gateway.errors import StaleState
from gateway.model.docket import DocumentState
from gateway.model.document import Document
from gateway.model.paper import NOT_DECIDED, Paper, PaperDuty
from gateway.store import schema
from gateway.store.queries import Queries
from gateway.store.sqlstore import SqlStore
from tests.records import MORNING, entry, envelope, raw
from tests.store.old_databases import DOCUMENT
from tests.store.registered import SENDER, kept

OWED = Paper(PaperDuty.ALSO, "Điều 5 khoản 2", "Tờ trình: kèm bản giấy.", MORNING + timedelta(days=7))


async def with_paper(store: SqlStore, name: str, paper: Paper) -> Document:
    mail = await store.accept(envelope(name), raw(name), MORNING)
    async with store.begin() as unit:
        return await unit.register(mail, entry(name), MORNING, 2026, SENDER, answer_to=None, paper=paper)


async def test_an_entry_keeps_what_was_decided_of_its_paper(store: SqlStore, queries: Queries) -> None:
    for number, duty in enumerate(PaperDuty, 1):
        paper = replace(OWED, duty=duty, reason=f"lý do {duty}")
        document = await with_paper(store, duty, paper)
        assert document.paper == paper
        (found,) = await queries.by_number(number, 2026)
        assert found.paper == paper


async def test_an_entry_without_a_decision_says_so(store: SqlStore) -> None:
    assert (await with_paper(store, "a", NOT_DECIDED)).paper == Paper(PaperDuty.UNKNOWN)
    assert await store.paper_owed() == []


async def test_owed_is_what_wants_paper_and_has_none(store: SqlStore) -> None:
    documents = [await with_paper(store, duty, replace(OWED, duty=duty)) for duty in PaperDuty]
    assert {document.paper.duty for document in await store.paper_owed()} == {PaperDuty.ALSO, PaperDuty.DESPITE}
    docket = await store.docket(documents[1].id)
    came = replace(docket, document=replace(docket.document, paper=replace(OWED, received_at=MORNING)))
    assert (await kept(store, docket, came)).document.paper.received_at == MORNING
    (left,) = await store.paper_owed()
    assert left.paper.duty is PaperDuty.DESPITE


async def test_overdue_is_what_is_due_by_then(store: SqlStore) -> None:
    await with_paper(store, "a", OWED)
    await with_paper(store, "b", replace(OWED, due_at=None))
    assert OWED.due_at is not None
    assert await store.paper_owed(overdue_at=OWED.due_at - timedelta(seconds=1)) == []
    assert [each.paper for each in await store.paper_owed(overdue_at=OWED.due_at)] == [OWED]
    assert len(await store.paper_owed()) == 2


@pytest.mark.parametrize("state", [DocumentState.RETURNED, DocumentState.RECALLED])
async def test_of_what_went_back_no_paper_is_owed(store: SqlStore, state: DocumentState) -> None:
    docket = await store.docket((await with_paper(store, "a", OWED)).id)
    await kept(store, docket, replace(docket, state=state))
    assert await store.paper_owed() == []


async def test_of_two_changes_at_once_one_stands(store: SqlStore) -> None:
    docket = await store.docket((await with_paper(store, "a", OWED)).id)
    await kept(store, docket, replace(docket, document=replace(docket.document, paper=NOT_DECIDED)))
    with pytest.raises(StaleState):
        await kept(store, docket, replace(docket, document=replace(docket.document, paper=OWED)))


async def test_the_database_knows_the_duties(store: SqlStore) -> None:
    await store.accept(envelope("a"), raw("a"), MORNING)
    row = DOCUMENT | {"arrival_number": 1, "token": "k", "content_key": "c", "paper_duty": "perhaps"}
    with pytest.raises(IntegrityError):
        async with store.database.write() as connection:
            await connection.execute(insert(schema.document).values(row))
