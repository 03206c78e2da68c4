"""A docket comes back as it was written, changes by compare-and-set, and forgets nothing that was corrected."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event, insert
from sqlalchemy.exc import IntegrityError

from gateway.errors import AlreadyRegistered, StaleState
from gateway.model.docket import (
    Answer,
    Approval,
    Assignment,
    Declared,
    Docket,
    DocumentState,
    Forwarding,
    Request,
    RequestKind,
    ShareState,
    Submission,
)
from gateway.model.document import Status
from gateway.model.facts import Marks, Urgency
from gateway.model.journal import NewEvent
from gateway.store import schema
from gateway.store.queries import Queries
from gateway.store.sqlstore import SqlStore
from tests.records import MINUTE, MORNING, entry, envelope, header, raw
from tests.store.registered import SENDER, docketed, kept, registered

LATER = MORNING + timedelta(days=5)
LEAD = Assignment("van-phong", True, ShareState.ACCEPTED, LATER, "cuc", "")
SUPPORT = Assignment("ke-hoach", False, ShareState.ASSIGNED)
EXTENSION = Request(RequestKind.EXTENSION, "cuc@x", MORNING, "vướng mắc", "van-phong", LATER)
FORWARDING = Forwarding(1, "f1", "<f1@x>", "tinh@x", "cuc@x", MORNING, "gửi Ủy ban nhân dân tỉnh")
SUBMISSION = Submission(Declared.BY_CLERK, Approval.PENDING)


def worked(docket: Docket) -> Docket:
    """The docket with something in every field."""
    return replace(
        docket,
        state=DocumentState.IN_PROGRESS,
        presented_to="giam-doc",
        opinion="Văn phòng chủ trì",
        assignments=(SUPPORT, LEAD),
        requests=(EXTENSION, Request(RequestKind.FORWARD, "cuc@x", MORNING)),
        submission=replace(SUBMISSION, forwardings=(FORWARDING, replace(FORWARDING, number=2, token="f2"))),
        answers=(Answer("12/SGTVT-VP", docket.document.id), Answer("13/SGTVT-VP")),
        answer_to=None,
    )


async def test_a_new_document_waits_for_the_clerk(store: SqlStore) -> None:
    document = await registered(store)
    docket = await store.docket(document.id)
    assert docket == Docket(document, DocumentState.REGISTERED, answer_to=SENDER)
    assert docket.status is document.status is Status.RECEIVED


async def test_a_submission_is_opened_with_its_document(store: SqlStore) -> None:
    sent = Submission(Declared.BY_ADDRESSEE, Approval.NOT_REQUIRED)
    assert (await docketed(store, submission=sent)).submission == sent


async def test_a_docket_comes_back_as_it_was_written(store: SqlStore) -> None:
    before = await docketed(store)
    after = await kept(store, before, worked(before))
    assert after.revision == before.revision + 1
    assert after.document.status is Status.IN_PROGRESS
    assert await store.docket(after.document.id) == after
    async with store.begin() as unit:
        assert await unit.docket(after.document.id) == after


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda d: replace(d, assignments=d.assignments[1:]), id="a unit leaves"),
        pytest.param(lambda d: replace(d, assignments=tuple(reversed(d.assignments))), id="another order"),
        pytest.param(
            lambda d: replace(d, assignments=tuple(replace(part, lead=not part.lead) for part in d.assignments)),
            id="another lead",
        ),
        pytest.param(lambda d: d.with_part(replace(LEAD, note="đã xong", state=ShareState.FINISHED)), id="a part ends"),
        pytest.param(lambda d: d.without_request(EXTENSION.subject), id="a question answered"),
        pytest.param(lambda d: replace(d, submission=None), id="no submission after all"),
        pytest.param(
            lambda d: replace(d, submission=replace(d.submission, approval=Approval.GIVEN)), id="a submission approved"
        ),
        pytest.param(
            lambda d: replace(
                d,
                submission=replace(
                    d.submission,
                    forwardings=(replace(FORWARDING, acknowledged_at=LATER, acknowledged_by="Lê Thị Lan"),),
                ),
            ),
            id="a forwarding acknowledged, another gone",
        ),
        pytest.param(lambda d: replace(d, answers=tuple(reversed(d.answers))), id="answers change places"),
        pytest.param(lambda d: replace(d, answer_to="khac@x", presented_to=None, opinion=""), id="plain fields"),
        pytest.param(lambda d: d, id="nothing"),
    ],
)
async def test_every_change_of_a_docket_is_kept(store: SqlStore, change: Callable[[Docket], Docket]) -> None:
    first = await docketed(store)
    before = await kept(store, first, worked(first))
    after = await kept(store, before, change(before))
    assert after == replace(change(before), revision=before.revision + 1)
    assert await store.docket(after.document.id) == after


async def test_while_a_recall_is_asked_for_the_status_says_so(store: SqlStore) -> None:
    before = await docketed(store)
    asked = replace(before, requests=(Request(RequestKind.RECALL, SENDER, MORNING),))
    after = await kept(store, before, asked)
    assert (await store.documents([before.document.id]))[0].status is after.document.status is Status.RECALLED
    back = await kept(store, after, after.without_request("recall"))
    assert (await store.documents([before.document.id]))[0].status is back.document.status is Status.RECEIVED


async def test_a_stale_docket_is_not_written(store: SqlStore) -> None:
    before = await docketed(store)
    after = await kept(store, before, worked(before))
    with pytest.raises(StaleState):
        await kept(store, before, replace(before, state=DocumentState.RETURNED))
    assert await store.docket(before.document.id) == after


async def test_of_two_units_with_the_same_docket_one_is_stale(store: SqlStore) -> None:
    before = await docketed(store)

    async def present(to: str) -> Docket:
        return await kept(store, before, replace(before, state=DocumentState.PRESENTED, presented_to=to))

    results = await asyncio.gather(present("a"), present("b"), return_exceptions=True)
    (won,) = [result for result in results if isinstance(result, Docket)]
    assert [type(result) for result in results if not isinstance(result, Docket)] == [StaleState]
    assert await store.docket(before.document.id) == won


async def test_units_that_take_a_docket_first_follow_one_another(store: SqlStore, queries: Queries) -> None:
    """Each sees what the one before it wrote, and the journal, which refers to the document, hinders none of them."""
    document = await registered(store)

    async def add(number: int) -> None:
        async with store.begin() as unit:
            docket = await unit.docket(document.id)
            answers = (*docket.answers, Answer(f"{number}/SGTVT-VP"))
            await unit.keep_docket(docket, replace(docket, answers=answers), actor="cuc@x", at=MORNING)
            await unit.record(NewEvent("document.noted", "cuc@x", "mail", None, document.id), MORNING)

    async def tell(number: int) -> None:
        async with store.begin() as unit:
            await unit.record(NewEvent("test", f"{number}", "cli", None, document.id), MORNING)

    await asyncio.gather(*(each(number) for number in range(8) for each in (add, tell)))
    docket = await store.docket(document.id)
    assert sorted(answer.identifier for answer in docket.answers) == [f"{number}/SGTVT-VP" for number in range(8)]
    assert docket.revision == 8
    assert (await queries.audit()).broken_at is None


async def test_an_undone_unit_leaves_the_docket_as_it_was(store: SqlStore) -> None:
    before = await docketed(store)

    async def fail() -> None:
        async with store.begin() as unit:
            await unit.keep_docket(before, worked(before), actor="cuc@x", at=MORNING)
            raise RuntimeError("crash")

    with pytest.raises(RuntimeError):
        await fail()
    assert await store.docket(before.document.id) == before


async def test_the_database_itself_allows_one_lead(store: SqlStore) -> None:
    before = await docketed(store)
    row = {"document_id": before.document.id, "lead": True, "state": "assigned", "note": ""}
    with pytest.raises(IntegrityError):
        async with store.database.write() as connection:
            await connection.execute(
                insert(schema.assignment), [row | {"unit": unit, "position": n} for n, unit in enumerate("ab")]
            )


async def test_a_docket_we_do_not_have_is_a_key_error(store: SqlStore) -> None:
    document = await registered(store)
    with pytest.raises(KeyError):
        await store.docket(document.id + 1)
    with pytest.raises(KeyError):
        await store.dockets([document.id, document.id + 1])
    async with store.begin() as unit:
        with pytest.raises(KeyError):
            await unit.docket(document.id + 1)


@contextmanager
def counting(store: SqlStore) -> Iterator[list[str]]:
    """The statements of reading transactions."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    engine = store.database._snapshot.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def test_many_dockets_cost_no_more_statements_than_one(store: SqlStore) -> None:
    dockets = [await docketed(store, f"d{number}") for number in range(4)]
    full = [await kept(store, docket, worked_alone(docket)) for docket in dockets]
    ids = [docket.document.id for docket in full]
    with counting(store) as one:
        await store.dockets(ids[:1])
    with counting(store) as many:
        assert await store.dockets([ids[2], ids[0], ids[3]]) == (full[2], full[0], full[3])
    assert len(many) == len(one)
    assert await store.dockets([]) == ()


def worked_alone(docket: Docket) -> Docket:
    """As `worked`, with a forwarding token of its own."""
    sending = replace(FORWARDING, token=f"f{docket.document.id}")
    return replace(worked(docket), submission=replace(SUBMISSION, forwardings=(sending,)))


async def test_corrected_fields_are_kept_with_who_and_when(store: SqlStore, queries: Queries) -> None:
    before = await docketed(store)
    document = before.document
    right = replace(
        document.header, number="956", issued_on=date(2017, 9, 8), addressee="Ủy ban nhân dân tỉnh", signer=None
    )
    corrected = replace(document, header=right, marks=Marks(urgency=Urgency.HOA_TOC))
    after = await kept(store, before, replace(before, document=corrected))
    assert (await store.docket(document.id)).document == after.document == corrected
    corrections = (await queries.work(document.id)).corrections
    assert {(each.field, each.old, each.new) for each in corrections} == {
        ("number", "955", "956"),
        ("issued_on", "2017-09-07", "2017-09-08"),
        ("addressee", None, "Ủy ban nhân dân tỉnh"),
        ("signer", "Nguyễn Văn An", None),
        ("urgency", None, "hoa_toc"),
    }
    assert {(each.at, each.actor) for each in corrections} == {(MORNING, "clerk@office.example")}
    assert (await queries.work(document.id)).docket == after


async def test_a_change_of_the_work_alone_corrects_nothing(store: SqlStore, queries: Queries) -> None:
    before = await docketed(store)
    sure = replace(before.document.header, confidence={"number": 1.0})
    after = replace(worked(before), document=replace(before.document, header=sure))
    await kept(store, before, after)
    assert (await store.docket(before.document.id)).document.header.confidence == {"number": 1.0}
    assert (await queries.work(before.document.id)).corrections == ()


async def test_a_corrected_identity_is_known_again(store: SqlStore) -> None:
    before = await docketed(store)
    corrected = replace(before, document=replace(before.document, header=header("956")))
    async with store.begin() as unit:
        keys = ("956/QĐ-SGTVT|so|2017", "956/QĐ-SGTVT")
        await unit.keep_docket(before, corrected, actor="cuc@x", at=MORNING, identity=keys)
    assert await store.registered_as("unknown", "956/QĐ-SGTVT") == [corrected.document]
    mail = await store.accept(envelope("b"), raw("b"), MORNING)
    again = entry("b", identity="956/QĐ-SGTVT|so|2017")
    with pytest.raises(AlreadyRegistered):
        async with store.begin() as unit:
            await unit.register(mail, again, MORNING + MINUTE, 2026, SENDER, answer_to=None)


async def test_a_correction_does_not_make_two_documents_one(store: SqlStore, queries: Queries) -> None:
    mail = await store.accept(envelope("b"), raw("b"), MORNING)
    async with store.begin() as unit:
        await unit.register(mail, entry("b", identity="k"), MORNING, 2026, SENDER, answer_to=None)
    before = await docketed(store)
    corrected = replace(before, document=replace(before.document, header=header("956")))
    with pytest.raises(AlreadyRegistered):
        async with store.begin() as unit:
            await unit.keep_docket(before, corrected, actor="cuc@x", at=MORNING, identity=("k", "956"))
    assert await store.docket(before.document.id) == before
    assert (await queries.work(before.document.id)).corrections == ()
