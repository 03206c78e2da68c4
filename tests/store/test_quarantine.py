"""Mails that were set aside in the database: what waits, who decided last, and tokens about a mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from gateway.model.finding import Finding, Outcome
from gateway.model.journal import NewEvent
from gateway.model.mail import Mail, MailStage
from gateway.model.quarantine import Ruling, RulingKind
from gateway.model.token import Purpose, ThreadToken
from gateway.model.verdict import Disposition, Verdict
from gateway.store.queries import Queries
from gateway.store.sqlstore import SqlStore
from tests.records import MORNING, envelope, parsed, raw
from tests.store.registered import registered

EXPIRY = MORNING + timedelta(days=90)
RULING = Ruling(RulingKind.RELEASE, "đã gọi điện", ("nghi mạo nhận nơi gửi",), ("Chấp nhận (bỏ qua: …): đã gọi điện",))
HOLD = Finding("duplicate", "Điều 11 khoản 1 điểm b", Outcome.HOLD, "Số trùng.")


def token(mail_id: int | None, *, document_id: int | None = None, ruling: Ruling | None = None) -> ThreadToken:
    purpose = Purpose.CONFIRM if ruling else Purpose.QUARANTINE
    return ThreadToken("t1", document_id, "cuc@x", purpose, "<n@x>", MORNING, EXPIRY, mail_id=mail_id, ruling=ruling)


async def accepted(store: SqlStore, name: str, *, minutes: int = 0) -> Mail:
    return await store.accept(envelope(name), raw(name), MORNING + timedelta(minutes=minutes))


@pytest.mark.parametrize("ruling", [None, RULING], ids=["to decide", "to confirm"])
async def test_a_token_about_a_mail_comes_back_as_given(store: SqlStore, ruling: Ruling | None) -> None:
    mail = await accepted(store, "held")
    given = token(mail.id, ruling=ruling)
    async with store.begin() as unit:
        await unit.give_token(given)
    assert await store.token("t1") == given
    assert await store.tokens_with("<n@x>") == [given]


async def test_a_token_is_for_one_document_or_one_mail_and_never_for_both_or_none(store: SqlStore) -> None:
    document = await registered(store)
    mail = await accepted(store, "held")
    for bad in (token(None), token(mail.id, document_id=document.id)):
        with pytest.raises(IntegrityError):
            async with store.begin() as unit:
                await unit.give_token(bad)


async def test_what_waits_is_held_dead_or_in_want_of_something_outside(store: SqlStore, queries: Queries) -> None:
    names = ("held", "dead", "waiting", "working", "refused", "sealed", "later")
    mails = {name: await accepted(store, name, minutes=int(name == "later")) for name in names}
    async with store.begin() as unit:
        for name in ("held", "later"):
            await unit.move(mails[name], MailStage.HELD)
        await unit.bury(mails["dead"], error="hỏng")
        await unit.postpone(mails["waiting"], MORNING, waiting_for="scanner", error="scanner: away")
        await unit.move(mails["refused"], MailStage.REFUSED)
        await unit.move(mails["sealed"], MailStage.SEALED)
    expected = [mails[name].id for name in ("held", "dead", "waiting")]
    assert [mail.id for mail in await store.waiting(MORNING + timedelta(seconds=1))] == expected
    assert [aside.mail.id for aside in await queries.set_aside()] == [*expected, mails["later"].id]
    everything = await queries.set_aside(sealed=True, refused_since=MORNING)
    assert {aside.mail.id for aside in everything} == {mails[name].id for name in names if name != "working"}
    assert await queries.set_aside(refused_since=MORNING + timedelta(seconds=1)) == await queries.set_aside()


async def test_the_list_has_the_findings_and_of_a_sealed_mail_no_subject(store: SqlStore, queries: Queries) -> None:
    held, sealed = await accepted(store, "held"), await accepted(store, "sealed")
    async with store.begin() as unit:
        for mail, stage in ((held, MailStage.HELD), (sealed, MailStage.SEALED)):
            await unit.keep_parsed(mail.id, replace(parsed("a.pdf"), subject="Về việc họp"))
            await unit.keep_verdict(mail.id, Verdict(Disposition.HOLD, (HOLD,)))
            await unit.move(mail, stage)
    found = {aside.mail.id: aside for aside in await queries.set_aside(sealed=True)}
    assert (found[held.id].subject, found[held.id].findings) == ("Về việc họp", (HOLD,))
    assert (found[sealed.id].subject, found[sealed.id].findings) == ("", ())
    assert not found[held.id].is_destroyed


async def test_the_last_event_of_some_kinds_is_found(store: SqlStore) -> None:
    mail = await accepted(store, "held")
    kinds = ("mail.released", "mail.refused")
    assert await store.last_event(mail.id, kinds) is None
    for number, kind in enumerate(("mail.released", "mail.refused", "mail.judged")):
        async with store.begin() as unit:
            await unit.record(NewEvent(kind, "cli:an", "cli", mail.id), MORNING + timedelta(minutes=number))
    found = await store.last_event(mail.id, kinds)
    assert found is not None
    assert (found.event.kind, found.at) == ("mail.refused", MORNING + timedelta(minutes=1))


async def test_a_mail_that_is_revived_comes_back_as_it_stands(store: SqlStore) -> None:
    mail = await accepted(store, "held")
    async with store.begin() as unit:
        held = await unit.move(mail, MailStage.HELD)
        back = await unit.revive(held, MailStage.INSPECTED, MORNING)
    assert back == await store.mail(mail.id)
    assert back.stage is MailStage.INSPECTED
