"""The page of a link tells the steps that are for the sender; the office sees the others too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from gateway.model.docket import Approval, Declared, Docket, DocumentState, Forwarding, Submission
from gateway.model.document import Status
from gateway.model.journal import NewEvent
from gateway.model.tracking import TimelineStep
from gateway.store.queries import Queries
from gateway.store.sqlstore import SqlStore
from tests.records import MINUTE, MORNING
from tests.store.registered import docketed, kept, registered

SENDINGS = (
    Forwarding(1, "f1", "<f1@x>", "tinh@x", "cuc@x", MORNING),
    Forwarding(2, "f2", "<f2@x>", "tinh@x", "cuc@x", MORNING, "gửi lại"),
)


async def told(store: SqlStore, document_id: int, kind: str, data: Mapping[str, object], minutes: int = 1) -> None:
    async with store.begin() as unit:
        event = NewEvent(kind, "cuc@x", "mail", None, document_id, data)
        await unit.record(event, MORNING + minutes * MINUTE)


async def forwarded(store: SqlStore) -> Docket:
    before = await docketed(store)
    submission = Submission(Declared.BY_RULE, Approval.GIVEN, SENDINGS)
    return await kept(store, before, replace(before, state=DocumentState.FORWARDED, submission=submission))


async def test_the_page_tells_steps_for_the_sender_alone(store: SqlStore, queries: Queries) -> None:
    document, other = await registered(store), await registered(store, "b")
    assigned = {"status": "04", "public": "Đã giao đơn vị xử lý", "result": "Giao Văn phòng, hạn 05/12/2026"}
    await told(store, document.id, "document.presented", {"status": "03", "public": "", "result": "Trình Giám đốc"})
    await told(store, document.id, "document.assigned", assigned, 2)
    await told(store, document.id, "document.registered", {"book": "den"}, 3)
    await told(store, document.id, "notice.sent", {"status": "06", "public": "không phải"}, 4)
    await told(store, other.id, "document.assigned", {"status": "04", "public": "của văn bản khác"}, 5)
    await told(store, document.id, "submission.forwarded", {"status": "05", "public": "Đã gửi Ủy ban tỉnh"}, 6)
    tracked = await queries.by_token(document.token)
    assert tracked is not None
    assert tracked.forwarding is None
    assert tracked.docket == await store.docket(document.id)
    assert [step.status for step in tracked.timeline[:2]] == [Status.ARRIVED, Status.RECEIVED]
    assert tracked.timeline[2:] == (
        TimelineStep(MORNING + 2 * MINUTE, Status.ASSIGNED, "Đã giao đơn vị xử lý"),
        TimelineStep(MORNING + 6 * MINUTE, Status.IN_PROGRESS, "Đã gửi Ủy ban tỉnh"),
    )
    steps = await store.steps(document.id)
    assert steps[2:] == (
        TimelineStep(MORNING + MINUTE, Status.RECEIVED, "Trình Giám đốc", inside=True, who="cuc@x"),
        TimelineStep(MORNING + 2 * MINUTE, Status.ASSIGNED, "Đã giao đơn vị xử lý", who="cuc@x"),
        TimelineStep(MORNING + 2 * MINUTE, Status.ASSIGNED, "Giao Văn phòng, hạn 05/12/2026", inside=True, who="cuc@x"),
        TimelineStep(MORNING + 6 * MINUTE, Status.IN_PROGRESS, "Đã gửi Ủy ban tỉnh", who="cuc@x"),
    )
    assert (await queries.work(document.id)).steps == steps


async def test_there_are_no_steps_of_a_document_we_do_not_have(store: SqlStore, queries: Queries) -> None:
    with pytest.raises(KeyError):
        await store.steps(1)
    with pytest.raises(KeyError):
        await queries.work(1)


@pytest.mark.parametrize("number", [1, 2])
async def test_the_link_of_a_forwarding_shows_its_document(store: SqlStore, queries: Queries, number: int) -> None:
    docket = await forwarded(store)
    await registered(store, "b")
    tracked = await queries.by_token(f"f{number}")
    assert tracked is not None
    assert (tracked.docket, tracked.forwarding) == (docket, SENDINGS[number - 1])
    assert await store.forwarded_as(f"f{number}") == docket
    async with store.begin() as unit:
        assert await unit.forwarded_as(f"f{number}") == docket
    by_document = await queries.by_token(docket.document.token)
    assert by_document is not None
    assert (by_document.docket, by_document.forwarding) == (docket, None)
    assert by_document.timeline == tracked.timeline


@pytest.mark.parametrize("token", ["f", "f3", "f1\0", ""])
async def test_a_token_of_no_forwarding_is_none(store: SqlStore, token: str) -> None:
    docket = await forwarded(store)
    for other in (token, docket.document.token):
        assert await store.forwarded_as(other) is None
        async with store.begin() as unit:
            assert await unit.forwarded_as(other) is None


@pytest.mark.parametrize("end", [DocumentState.RETURNED, DocumentState.RECALLED])
async def test_a_link_still_answers_when_the_document_went_back(
    store: SqlStore, queries: Queries, end: DocumentState
) -> None:
    before = await docketed(store)
    await kept(store, before, replace(before, state=end))
    tracked = await queries.by_token(before.document.token)
    assert tracked is not None
    assert tracked.docket.state is end
