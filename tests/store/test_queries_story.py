"""The story of a mail holds what came back: reports, and mails filed on its notices."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.model.mail import Mail, MailKind
from gateway.model.notice import Notice, NoticeKind, OwedNotice
from gateway.model.report import DeliveryState, RecipientReport, ReportedAction
from gateway.store.queries import Queries
from gateway.store.sqlstore import SqlStore
from tests.records import MORNING, entry, envelope, parsed, raw


async def accepted(store: SqlStore, name: str, *, kind: MailKind = MailKind.DOCUMENT, sender: str = "") -> Mail:
    mail = await store.accept(envelope(name), raw(name), MORNING)
    async with store.begin() as unit:
        await unit.keep_parsed(mail.id, replace(parsed(kind=kind), sender=sender, subject=f"Thư {name}"))
    return mail


async def owed(store: SqlStore, mail: Mail, *documents: int) -> Notice:
    message_id = f"<{mail.id}.{len(documents)}@x>"
    async with store.begin() as unit:
        await unit.owe(OwedNotice(NoticeKind.RECEIPT, "a@x", message_id, mail.id, documents), MORNING)
    (notice,) = await store.notices_with([message_id])
    return notice


async def filed(store: SqlStore, mail: Mail, *notices: Notice) -> None:
    async with store.begin() as unit:
        await unit.file_on_thread(mail.id, [notice.id for notice in notices])


async def test_a_mail_is_filed_on_the_notices_it_answers(store: SqlStore, queries: Queries) -> None:
    mail = await accepted(store, "a")
    first, second = await owed(store, mail), await owed(store, mail, 1)
    away = await accepted(store, "away", kind=MailKind.AUTOMATIC, sender="robot@x")
    nameless = await accepted(store, "nameless", kind=MailKind.REPLY)
    await filed(store, away, first, second)
    await filed(store, away, second)
    await filed(store, nameless, first)
    await filed(store, nameless)
    assert (await queries.story(away.id)).filed_on == (first.id, second.id)
    story = await queries.story(mail.id)
    assert story.filed_on == ()
    assert [(each.label, each.notice_id) for each in story.filed] == [
        (away.label, first.id),
        (away.label, second.id),
        (nameless.label, first.id),
    ]
    assert [(each.kind, each.sender, each.subject) for each in story.filed[1:]] == [
        (MailKind.AUTOMATIC, "robot@x", "Thư away"),
        (MailKind.REPLY, nameless.envelope.mail_from, "Thư nameless"),
    ]


async def test_what_was_filed_on_any_notice_of_a_document_is_in_its_story(store: SqlStore, queries: Queries) -> None:
    """A mail that brought the document again had its own answer; who answers that one speaks of the document too."""
    first, again, answer, other = [await accepted(store, name) for name in ("first", "again", "answer", "other")]
    async with store.begin() as unit:
        document = await unit.register(first, entry("c"), MORNING, 2026, "a@x", answer_to=None)
        another = await unit.register(again, entry("d"), MORNING, 2026, "a@x", answer_to=None)
        await unit.link_repeat(again.id, document.id)
    of_both = await owed(store, again, document.id)
    of_another = await owed(store, again, another.id, another.id)
    await filed(store, answer, of_both)
    await filed(store, other, of_another)
    assert [each.mail_id for each in (await queries.story(first.id)).filed] == [answer.id]
    assert [each.mail_id for each in (await queries.story(again.id)).filed] == [answer.id, other.id]


async def test_reports_stand_with_the_notices_of_their_mail_alone(store: SqlStore, queries: Queries) -> None:
    mail, other, evidence = [await accepted(store, name) for name in ("mail", "other", "evidence")]
    notice, of_other = await owed(store, mail), await owed(store, other)
    delayed = RecipientReport(ReportedAction.DELAYED, "4.4.1", "a@x")
    failed = RecipientReport(ReportedAction.FAILED, "", "a@x", diagnostic="hộp thư đầy", guessed=True)
    async with store.begin() as unit:
        await unit.notice_reported(notice, evidence.id, delayed, MORNING, to=DeliveryState.DELAYED)
        await unit.notice_reported(notice, evidence.id, failed, MORNING, to=DeliveryState.FAILED_SOFT)
        await unit.notice_reported(of_other, evidence.id, delayed, MORNING, to=DeliveryState.DELAYED)
    story = await queries.story(mail.id)
    assert [each.reported for each in story.reports] == [delayed, failed]
    assert {(each.notice_id, each.mail_id) for each in story.reports} == {(notice.id, evidence.id)}
    assert [each.delivery for each in story.notices] == [DeliveryState.FAILED_SOFT]
    assert (await queries.story(evidence.id)).reports == ()


async def test_there_is_no_story_of_a_mail_we_do_not_have(queries: Queries) -> None:
    with pytest.raises(KeyError):
        await queries.story(1)
