"""A notice is owed once, rendered once, and ends sent or failed with every attempt on record."""

from __future__ import annotations

import pytest

from gateway.errors import StaleState
from gateway.model.notice import DeliveryOutcome, DeliveryResult, Notice, NoticeKind, NoticeStage, OwedNotice
from gateway.store.queries import Queries
from gateway.store.sqlstore import SqlStore
from tests.records import MINUTE, MORNING, claim, envelope, raw

SENT = DeliveryResult(DeliveryOutcome.SENT, "250 2.0.0 queued")
LATER = DeliveryResult(DeliveryOutcome.TEMPORARY, "451 4.7.1 later")


async def owed(store: SqlStore, message_id: str = "<n@x>") -> Notice:
    mail = await store.accept(envelope("a"), raw("a"), MORNING)
    async with store.begin() as unit:
        for _ in range(2):
            await unit.owe(OwedNotice(NoticeKind.RECEIPT, "a@x", message_id, mail.id, (4, 5)), MORNING)
    (notice,) = await store.claim_notices(claim("w"))
    return notice


async def test_the_same_message_id_is_owed_once(store: SqlStore) -> None:
    notice = await owed(store)
    assert notice.owed.document_ids == (4, 5)
    assert await store.claim_notices(claim("w")) == []
    assert await store.is_own_message_id(["<other@x>", "<n@x>"])
    assert not await store.is_own_message_id(["<other@x>"])


async def test_a_notice_goes_from_owed_to_sent(store: SqlStore, queries: Queries) -> None:
    notice = await owed(store)
    async with store.begin() as unit:
        ready = await unit.notice_ready(notice, raw("rendered"), MORNING)
    assert ready.rendered_sha256 == raw("rendered").sha256
    async with store.begin() as unit:
        await unit.notice_attempt(ready, LATER, MORNING, to=NoticeStage.READY, due=MORNING + MINUTE)
    (again,) = await store.claim_notices(claim("w", MORNING + MINUTE))
    assert (again.attempts, again.last_error) == (1, LATER.response)
    async with store.begin() as unit:
        await unit.notice_attempt(again, SENT, MORNING, to=NoticeStage.SENT, due=MORNING)
    story = await queries.story(notice.owed.mail_id)
    assert [delivery.outcome for delivery in story.deliveries] == ["temporary", "sent"]
    assert await queries.outbox(open_only=True) == []
    assert len(await queries.outbox(open_only=False)) == 1


async def test_two_workers_cannot_both_record_the_same_attempt(store: SqlStore) -> None:
    notice = await owed(store)
    async with store.begin() as unit:
        ready = await unit.notice_ready(notice, raw("rendered"), MORNING)
    async with store.begin() as unit:
        await unit.notice_attempt(ready, LATER, MORNING, to=NoticeStage.READY, due=MORNING)
    with pytest.raises(StaleState):
        async with store.begin() as unit:
            await unit.notice_attempt(ready, SENT, MORNING, to=NoticeStage.SENT, due=MORNING)


async def test_a_failed_notice_can_be_sent_again_by_hand(store: SqlStore, queries: Queries) -> None:
    notice = await owed(store)
    async with store.begin() as unit:
        await unit.notice_postponed(notice, MORNING, "template")
    (again,) = await store.claim_notices(claim("w"))
    async with store.begin() as unit:
        await unit.notice_failed(again, "template")
    failed = await queries.notice(notice.id)
    assert failed.stage is NoticeStage.FAILED
    async with store.begin() as unit:
        await unit.notice_retry(failed, MORNING)
    with pytest.raises(StaleState):
        async with store.begin() as unit:
            await unit.notice_retry(await queries.notice(notice.id), MORNING)
    (revived,) = await store.claim_notices(claim("w"))
    assert (revived.stage, revived.attempts) == (NoticeStage.OWED, 0)
