"""What clerks were told of a mail that was set aside: it goes with the mail, and it bounds what they decide by it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from gateway.model.finding import Finding, Outcome
from gateway.model.mail import MailStage
from gateway.model.notice import DeliveryOutcome, DeliveryResult, NoticeKind, Outgoing
from gateway.model.verdict import Disposition, Verdict
from gateway.ports import NoticeContext
from handlers import quarantine
from handlers.quarantine_digest import QuarantineDigest
from tests.flow.conftest import Bench, on_both_databases
from tests.flow.province import newest, notices
from tests.flow.reading import CLERK, text_of
from tests.flow.reply_links import links_in
from tests.flow.staff import staffed
from tests.flow.test_quarantine import DAY, TO_WORKING_DAY, Case, forged, twin
from tests.mails import mail, page_one
from tests.traces import forms, found_in

pytestmark = pytest.mark.usefixtures("own_domain")

SUBJECT = "Báo cáo riêng Zêbra Quýnh Xoắn"


async def quoted(bench: Bench) -> Case:
    """A held mail with a subject that stands nowhere else."""
    await staffed(bench)
    await bench.end_of(mail(("a.txt", page_one(9))))
    raw = mail(
        ("b.txt", page_one(9, abstract="Về việc báo cáo đã sửa")), message_id="<2@agency.example>", subject=SUBJECT
    )
    return Case(bench, await bench.end_of(raw))


async def traces(bench: Bench) -> set[str]:
    """The files of blobs and database that still have the subject, or its words in a database."""
    store = bench.office.settings.store
    return set(found_in([store.blobs, Path(str(store.database))], forms(SUBJECT)))


async def quoting(bench: Bench) -> int:
    """How many notices that were made quote the subject."""
    blobs = bench.office.blobs
    found = [n.rendered_sha256 for n in await bench.office.queries.outbox(open_only=False) if n.rendered_sha256]
    count = 0
    for sha256 in found:
        try:
            count += SUBJECT in " ".join(text_of(await blobs.read(sha256)).split())
        except KeyError:
            continue
    return count


async def test_when_a_mail_is_destroyed_no_notice_keeps_a_word_of_it(bench: Bench) -> None:
    case = await quoted(bench)
    bench.clock.pass_(TO_WORKING_DAY)
    await bench.work()
    await case.press(newest(bench, CLERK, NoticeKind.QUARANTINE_DIGEST), "Chấp nhận", reason="")
    for kind in (NoticeKind.CLERK_ATTENTION, NoticeKind.QUARANTINE_DIGEST, NoticeKind.TRANSCRIPT):
        assert SUBJECT in " ".join(text_of(newest(bench, CLERK, kind)).split()), kind
    assert await quoting(bench) >= 3
    await quarantine.purge(case.held.id, actor="cli:an", reason="thư rác", desk=bench.office.desk)
    await bench.work()
    assert await quoting(bench) == 0
    assert await traces(bench) == set()
    assert (await bench.office.queries.audit()).broken_at is None


@on_both_databases
async def test_a_digest_that_waits_for_the_relay_is_made_anew_without_what_was_destroyed(bench: Bench) -> None:
    class Away:
        async def send(self, _: Outgoing) -> DeliveryResult:
            return DeliveryResult(DeliveryOutcome.TEMPORARY, "451 4.3.0 not now")

    case = await quoted(bench)
    other = mail(("c.txt", page_one(9, abstract="Về việc khác nữa")), message_id="<3@agency.example>")
    await bench.end_of(other)
    bench.clock.pass_(TO_WORKING_DAY)
    async with bench.with_desk(sender=Away()):
        await bench.work()
        assert await quoting(bench) > 0
        await quarantine.purge(case.held.id, actor="cli:an", reason="thư rác", desk=bench.office.desk)
    bench.clock.pass_(timedelta(minutes=11))
    await bench.work()
    digest = newest(bench, CLERK, NoticeKind.QUARANTINE_DIGEST)
    assert SUBJECT not in text_of(digest)
    assert {link.subject for link in links_in(digest)} == {"Re: Thư M3"}
    assert await quoting(bench) == 0


async def test_a_mail_destroyed_while_a_notice_is_made_leaves_nothing_in_it(bench: Bench) -> None:
    case = await quoted(bench)
    renderer, desk = bench.office.desk.renderer, bench.office.desk

    class Slow:
        async def render(self, context: NoticeContext) -> bytes:
            made = await renderer.render(context)
            if (await case.now()).stage is MailStage.HELD:
                await quarantine.purge(case.held.id, actor="cli:an", reason="thư rác", desk=desk)
            return made

    bench.clock.pass_(TO_WORKING_DAY)
    async with bench.with_desk(renderer=Slow()):
        await bench.work()
    assert await traces(bench) == set()
    bench.clock.pass_(timedelta(minutes=11))
    await bench.work()
    assert SUBJECT not in text_of(newest(bench, CLERK, NoticeKind.QUARANTINE_DIGEST))
    assert await traces(bench) == set()


async def holds_now(case: Case, rule: str) -> None:
    """The mail was judged again since, and something else holds it."""
    found = Finding(rule, "Điều 5 khoản 5 điểm b", Outcome.HOLD, "Tệp b.txt không đọc được.")
    async with case.bench.office.desk.store.begin() as unit:
        await unit.keep_verdict(case.held.id, Verdict(Disposition.HOLD, (found,)))


@on_both_databases
async def test_a_reply_to_an_old_notice_waives_nothing_that_the_notice_did_not_tell(bench: Bench) -> None:
    case = await twin(bench)
    old = case.notice
    await holds_now(case, "readable")
    await case.press(old, "Chấp nhận")
    assert (await case.now()).stage is MailStage.HELD
    assert "Thư nay bị giữ vì lý do khác" in case.told()
    assert await case.decisions() == []
    assert case.notice != old
    assert "Tệp b.txt không đọc được" in " ".join(text_of(case.notice).split())
    await case.press(case.notice, "Chấp nhận", reason="đã xem")
    assert [(kind, reason) for kind, _, _, reason in await case.decisions()] == [("mail.released", "đã xem")]
    assert await bench.office.desk.store.waived(case.held.id) == {"readable"}


async def test_what_is_confirmed_is_what_was_told_when_it_was_asked(bench: Bench) -> None:
    case = await forged(bench)
    notice = case.notice
    bench.clock.pass_(2 * DAY)
    await case.press(notice, "Chấp nhận (bỏ qua: nghi mạo nhận nơi gửi)")
    asked = newest(bench, CLERK, NoticeKind.CONFIRM)
    await holds_now(case, "readable")
    await case.press(asked, "Xác nhận")
    assert (await case.now()).stage is MailStage.HELD
    assert "Thư nay bị giữ vì lý do khác" in case.told()
    assert await case.decisions() == []


async def test_a_fault_in_the_daily_look_stops_no_mail(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> bool:
        raise ValueError("a row that nobody can read")

    case = await twin(bench)
    bench.clock.pass_(TO_WORKING_DAY)
    with monkeypatch.context() as faulty:
        faulty.setattr("handlers.quarantine_digest.owe_digest", broken)
        arrived = await bench.end_of(mail(("d.txt", page_one(4)), message_id="<4@agency.example>"))
        assert arrived.stage is MailStage.REGISTERED
        look = QuarantineDigest(bench.office.desk)
        with pytest.raises(ValueError, match="nobody can read"):
            await look.look()
        assert not look.is_due
    bench.clock.pass_(timedelta(minutes=1))
    assert look.is_due
    assert await look.look()
    await bench.work()
    assert "M2." in text_of(notices(case.bench, CLERK, NoticeKind.QUARANTINE_DIGEST)[0])
