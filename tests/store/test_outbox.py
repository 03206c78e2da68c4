"""A notice is owed once, rendered once, ends sent or failed with every attempt on record, and what is reported of it
is kept beside."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from gateway.errors import StaleState
from gateway.model.alarm import Alarm, AlarmCause
from gateway.model.notice import DeliveryOutcome, DeliveryResult, Notice, NoticeKind, NoticeStage, OwedNotice
from gateway.model.report import DeliveryState, RecipientReport, ReportedAction
from gateway.store import schema
from gateway.store.queries import Queries
from gateway.store.sqlstore import SqlStore
from tests.records import MINUTE, MORNING, claim, envelope, raw

SENT = DeliveryResult(DeliveryOutcome.SENT, "250 2.0.0 queued")
LATER = DeliveryResult(DeliveryOutcome.TEMPORARY, "451 4.7.1 later")
BOUNCED = RecipientReport(ReportedAction.FAILED, "5.1.1", "a@x", "a@x", "550 5.1.1 không có người này\0")
AWAY = Alarm(AlarmCause.MAILBOX_AWAY, {"mailbox": "văn thư", "reason": "không kết nối được"})


async def owed(store: SqlStore, message_id: str = "<n@x>") -> Notice:
    mail = await store.accept(envelope("a"), raw("a"), MORNING)
    async with store.begin() as unit:
        await unit.owe(OwedNotice(NoticeKind.RECEIPT, "a@x", message_id, mail.id, (4, 5)), MORNING)
    (notice,) = await store.claim_notices(claim("w"))
    return notice


async def ready(store: SqlStore) -> Notice:
    notice = await owed(store)
    async with store.begin() as unit:
        return await unit.notice_ready(notice, raw("rendered"), MORNING)


async def sent(store: SqlStore, queries: Queries) -> Notice:
    notice = await ready(store)
    async with store.begin() as unit:
        await unit.notice_attempt(notice, SENT, MORNING, to=NoticeStage.SENT, due=MORNING)
    return await queries.notice(notice.id)


async def reported(store: SqlStore, notice: Notice, state: DeliveryState) -> int:
    """The id of the mail that brought the report."""
    mail = await store.accept(envelope("report"), raw("report"), MORNING)
    async with store.begin() as unit:
        await unit.notice_reported(notice, mail.id, BOUNCED, MORNING, to=state)
    return mail.id


async def test_the_same_message_id_is_owed_once(store: SqlStore) -> None:
    mail = await store.accept(envelope("a"), raw("a"), MORNING)
    notice = OwedNotice(NoticeKind.RECEIPT, "a@x", "<n@x>", mail.id, (4, 5))
    async with store.begin() as unit:
        assert await unit.owe(notice, MORNING)
        assert not await unit.owe(notice, MORNING)
    async with store.begin() as unit:
        assert not await unit.owe(notice, MORNING + MINUTE)
    (kept,) = await store.claim_notices(claim("w"))
    assert (kept.owed, kept.created_at, kept.delivery) == (notice, MORNING, None)
    assert await store.claim_notices(claim("w")) == []


async def test_what_an_undone_unit_owed_is_not_owed(store: SqlStore) -> None:
    notice = OwedNotice(NoticeKind.ALARM, "a@x", "<n@x>", None, alarm=AWAY)

    async def fail() -> None:
        async with store.begin() as unit:
            assert await unit.owe(notice, MORNING)
            raise RuntimeError("crash")

    with pytest.raises(RuntimeError):
        await fail()
    async with store.begin() as unit:
        assert await unit.owe(notice, MORNING)


async def test_a_notice_goes_from_owed_to_sent(store: SqlStore, queries: Queries) -> None:
    notice = await ready(store)
    assert notice.rendered_sha256 == raw("rendered").sha256
    async with store.begin() as unit:
        await unit.notice_attempt(notice, LATER, MORNING, to=NoticeStage.READY, due=MORNING + MINUTE)
    (again,) = await store.claim_notices(claim("w", MORNING + MINUTE))
    assert (again.attempts, again.last_error, again.delivery) == (1, LATER.response, None)
    async with store.begin() as unit:
        await unit.notice_attempt(again, SENT, MORNING, to=NoticeStage.SENT, due=MORNING)
    assert notice.owed.mail_id is not None
    story = await queries.story(notice.owed.mail_id)
    assert [delivery.outcome for delivery in story.deliveries] == ["temporary", "sent"]
    assert [each.delivery for each in story.notices] == [DeliveryState.TAKEN]
    assert await queries.outbox(open_only=True) == []
    assert len(await queries.outbox(open_only=False)) == 1


async def test_two_workers_cannot_both_record_the_same_attempt(store: SqlStore) -> None:
    notice = await ready(store)
    async with store.begin() as unit:
        await unit.notice_attempt(notice, LATER, MORNING, to=NoticeStage.READY, due=MORNING)
    with pytest.raises(StaleState):
        async with store.begin() as unit:
            await unit.notice_attempt(notice, SENT, MORNING, to=NoticeStage.SENT, due=MORNING)


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


@pytest.mark.parametrize(
    ("kind", "attached", "stage"),
    [
        (NoticeKind.TASK, (), NoticeStage.OWED),
        (NoticeKind.SUBMISSION, (), NoticeStage.OWED),
        (NoticeKind.TASK, ("f" * 64,), NoticeStage.READY),
        (NoticeKind.NEWS, (), NoticeStage.READY),
    ],
)
async def test_a_notice_of_whose_files_nothing_is_known_is_made_anew_before_it_leaves_again(
    store: SqlStore, queries: Queries, kind: NoticeKind, attached: tuple[str, ...], stage: NoticeStage
) -> None:
    async with store.begin() as unit:
        await unit.owe(OwedNotice(kind, "a@x", "<n@x>", None), MORNING)
    (notice,) = await store.claim_notices(claim("w"))
    async with store.begin() as unit:
        made = await unit.notice_ready(notice, raw("rendered"), MORNING, attached=attached)
        await unit.notice_failed(made, "550")
    async with store.begin() as unit:
        await unit.notice_retry(await queries.notice(notice.id), MORNING)
    assert (await queries.notice(notice.id)).stage is stage


@pytest.mark.parametrize("state", [DeliveryState.FAILED_SOFT, DeliveryState.FAILED_HARD])
async def test_a_notice_that_came_back_can_be_sent_again_by_hand_once(
    store: SqlStore, queries: Queries, state: DeliveryState
) -> None:
    notice = await sent(store, queries)
    await reported(store, notice, state)
    returned = await queries.notice(notice.id)
    assert [each.id for each in await queries.outbox(open_only=True)] == [notice.id]
    async with store.begin() as unit:
        await unit.notice_retry(returned, MORNING)
    with pytest.raises(StaleState):
        async with store.begin() as unit:
            await unit.notice_retry(returned, MORNING)
    (revived,) = await store.claim_notices(claim("w"))
    assert (revived.stage, revived.attempts, revived.delivery) == (NoticeStage.READY, 0, None)
    assert revived.rendered_sha256 == notice.rendered_sha256
    assert revived.token != notice.token, "what is still reported of the first copy is not of the second"
    async with store.begin() as unit:
        await unit.notice_attempt(revived, SENT, MORNING, to=NoticeStage.SENT, due=MORNING)
    assert (await queries.notice(notice.id)).delivery is DeliveryState.TAKEN
    assert await queries.outbox(open_only=True) == []


@pytest.mark.parametrize("state", [None, DeliveryState.DELAYED, DeliveryState.RELAYED, DeliveryState.DELIVERED])
async def test_a_notice_not_known_to_have_failed_is_not_sent_again(
    store: SqlStore, queries: Queries, state: DeliveryState | None
) -> None:
    notice = await sent(store, queries)
    if state:
        await reported(store, notice, state)
    with pytest.raises(StaleState):
        async with store.begin() as unit:
            await unit.notice_retry(await queries.notice(notice.id), MORNING)
    assert await queries.outbox(open_only=True) == []


async def test_a_report_moves_the_delivery_and_is_kept_with_its_mail(store: SqlStore, queries: Queries) -> None:
    notice = await sent(store, queries)
    assert notice.delivery is DeliveryState.TAKEN
    mail_id = await reported(store, notice, DeliveryState.FAILED_HARD)
    moved = await queries.notice(notice.id)
    assert (moved.stage, moved.delivery) == (NoticeStage.SENT, DeliveryState.FAILED_HARD)
    assert notice.owed.mail_id is not None
    (kept,) = (await queries.story(notice.owed.mail_id)).reports
    assert (kept.notice_id, kept.mail_id, kept.at) == (notice.id, mail_id, MORNING)
    assert (kept.reported.action, kept.reported.status) == (ReportedAction.FAILED, "5.1.1")
    assert kept.reported.diagnostic == "550 5.1.1 không có người này\ufffd"


async def test_a_report_of_a_notice_that_moved_on_is_stale_and_leaves_nothing(
    store: SqlStore, queries: Queries
) -> None:
    before = await ready(store)
    async with store.begin() as unit:
        await unit.notice_attempt(before, SENT, MORNING, to=NoticeStage.SENT, due=MORNING)
    with pytest.raises(StaleState):
        await reported(store, before, DeliveryState.FAILED_HARD)
    assert (await queries.notice(before.id)).delivery is DeliveryState.TAKEN
    async with store.database.read() as connection:
        assert (await connection.execute(select(func.count()).select_from(schema.report))).scalar_one() == 0


async def test_a_report_faster_than_our_own_commit_is_not_lost(store: SqlStore, queries: Queries) -> None:
    """The relay had the mail, and its report came, before the attempt was on record."""
    notice = await ready(store)
    await reported(store, notice, DeliveryState.DELIVERED)
    async with store.begin() as unit:
        await unit.notice_attempt(notice, SENT, MORNING, to=NoticeStage.SENT, due=MORNING)
    kept = await queries.notice(notice.id)
    assert (kept.stage, kept.delivery, kept.attempts) == (NoticeStage.SENT, DeliveryState.DELIVERED, 1)


async def test_a_notice_is_found_by_message_id_or_token(store: SqlStore) -> None:
    mail = await store.accept(envelope("a"), raw("a"), MORNING)
    ids = ["<1@x>", "<2@x>", "<3@x>"]
    async with store.begin() as unit:
        for message_id in ids:
            await unit.owe(OwedNotice(NoticeKind.HOLD, "a@x", message_id, mail.id), MORNING)
    first, second, third = await store.notices_with(ids)
    assert [notice.owed.message_id for notice in (first, second, third)] == ids
    assert len({first.token, second.token, third.token}) == 3
    assert all(len(notice.token) == 20 and notice.token.isalnum() for notice in (first, second, third))
    assert all(notice.token == notice.token.lower() for notice in (first, second, third))
    assert await store.notices_with(["<other@x>", "<2@x>"]) == [second]
    assert await store.notices_with((), [third.token, "khác"]) == [third]
    assert await store.notices_with(["<3@x>"], [third.token, first.token]) == [first, third]
    assert await store.notices_with(["<other@x>"], ["khác"]) == []
    assert await store.notices_with((), ()) == []


async def test_notices_are_counted_by_recipient_kind_and_age(store: SqlStore) -> None:
    mail = await store.accept(envelope("a"), raw("a"), MORNING)
    rows = [
        (NoticeKind.HOLD, "a@x", MORNING),
        (NoticeKind.REFUSAL, "a@x", MORNING + MINUTE),
        (NoticeKind.RECEIPT, "a@x", MORNING),
        (NoticeKind.HOLD, "b@x", MORNING),
        (NoticeKind.HOLD, "A@X", MORNING - timedelta(days=1)),
    ]
    kinds = [NoticeKind.HOLD, NoticeKind.REFUSAL]
    before = MORNING - MINUTE
    async with store.begin() as unit:
        for number, (kind, recipient, at) in enumerate(rows):
            await unit.owe(OwedNotice(kind, recipient, f"<{number}@x>", mail.id), at)
        assert await unit.count_notices("a@x", kinds, before) == (2, 3)
        assert await unit.count_notices("a@x", kinds, MORNING) == (1, 1)
        assert await unit.count_notices("a@x", kinds, MORNING - timedelta(days=2)) == (3, 4)
        assert await unit.count_notices("a@x", [NoticeKind.RECEIPT], before) == (1, 1)
        assert await unit.count_notices("c@x", kinds, before) == (0, 3)
        assert await unit.count_notices("a@x", [], before) == (0, 0)


async def test_an_alarm_needs_no_mail_and_keeps_its_cause(store: SqlStore, queries: Queries) -> None:
    alarm = OwedNotice(NoticeKind.ALARM, "it@x", "<alarm@x>", None, alarm=AWAY)
    async with store.begin() as unit:
        assert await unit.owe(alarm, MORNING)
    (notice,) = await store.claim_notices(claim("w"))
    assert notice.owed == alarm
    assert await queries.outbox(open_only=True) == [notice]


@pytest.mark.parametrize(("kind", "alarm"), [(NoticeKind.ALARM, None), (NoticeKind.HOLD, AWAY)])
async def test_the_database_itself_wants_a_cause_for_alarms_alone(
    store: SqlStore, kind: NoticeKind, alarm: Alarm | None
) -> None:
    with pytest.raises(IntegrityError):
        async with store.begin() as unit:
            await unit.owe(OwedNotice(kind, "it@x", "<alarm@x>", None, alarm=alarm), MORNING)


async def test_the_score_of_an_address_is_the_last_one_set(store: SqlStore) -> None:
    async with store.begin() as unit:
        assert await unit.address_score("a@x") is None
        await unit.score_address("a@x", 2.5, MORNING)
        await unit.score_address("b@x", 0.5, MORNING)
    async with store.begin() as unit:
        assert await unit.address_score("a@x") == (2.5, MORNING)
        await unit.score_address("a@x", 0.0, MORNING + MINUTE)
    async with store.begin() as unit:
        assert await unit.address_score("a@x") == (0.0, MORNING + MINUTE)
        assert await unit.address_score("b@x") == (0.5, MORNING)


async def test_facts_beside_the_documents_come_back(store: SqlStore) -> None:
    mail = await store.accept(envelope("a"), raw("a"), MORNING)
    facts = {"step": "assigned", "subject": "extension:van-phong", "lines": [{"n": 1, "ok": True, "words": None}]}
    notice = OwedNotice(NoticeKind.TASK, "a@x", "<n@x>", mail.id, (4,), facts=facts)
    async with store.begin() as unit:
        await unit.owe(notice, MORNING)
        await unit.owe(replace(notice, message_id="<m@x>", facts={"lời\0": "a\ud800"}), MORNING)
    first, second = await store.claim_notices(claim("w"))
    assert first.owed == notice
    assert second.owed.facts == {"lời\ufffd": "a\ufffd"}


def digest(*documents: int) -> OwedNotice:
    return OwedNotice(NoticeKind.DIGEST, "a@x", "<digest@x>", None, documents)


async def collected(store: SqlStore, *documents: int) -> bool:
    async with store.begin() as unit:
        return await unit.collect(digest(*documents), MORNING, MORNING + MINUTE)


async def test_documents_are_collected_in_one_notice_until_it_is_made(store: SqlStore) -> None:
    assert await collected(store, 1)
    assert await collected(store, 2, 1)
    assert await collected(store, 3)
    assert await store.claim_notices(claim("w")) == []
    (notice,) = await store.claim_notices(claim("w", MORNING + MINUTE))
    assert notice.owed == digest(1, 2, 3)
    assert not await collected(store, 4), "whoever renders it has read its documents"
    async with store.begin() as unit:
        await unit.notice_postponed(notice, MORNING, "template")
    assert await collected(store, 4)
    (notice,) = await store.claim_notices(claim("w"))
    assert notice.owed == digest(1, 2, 3, 4)
    async with store.begin() as unit:
        await unit.notice_ready(notice, raw("rendered"), MORNING)
    await store.free_leases("w")
    assert not await collected(store, 5)
    (made,) = await store.notices_with(["<digest@x>"])
    assert made.owed == digest(1, 2, 3, 4)


async def test_many_collect_at_once_and_none_is_lost(store: SqlStore) -> None:
    assert all(await asyncio.gather(*(collected(store, number) for number in range(12))))
    (notice,) = await store.notices_with(["<digest@x>"])
    assert sorted(notice.owed.document_ids) == list(range(12))


async def test_what_is_collected_while_work_is_claimed_is_in_the_notice_or_refused(store: SqlStore) -> None:
    assert await collected(store, 0)
    later = claim("w", MORNING + MINUTE)
    claiming = asyncio.create_task(store.claim_notices(later))
    added = await asyncio.gather(*(collected(store, number) for number in range(1, 9)))
    (notice,) = await claiming or await store.claim_notices(later)
    told = {0} | {number for number, was_added in enumerate(added, 1) if was_added}
    assert set(notice.owed.document_ids) == told
