"""Mails that were set aside: what clerks decide by reply, what they are told each day, and that the clock runs on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from gateway.errors import SandboxFailure, UnfitDecision
from gateway.model.mail import Mail, MailStage
from gateway.model.notice import NoticeKind
from gateway.model.timer import TimerKind
from handlers import quarantine
from handlers.bell import Bell
from handlers.quarantine_digest import QuarantineDigest
from handlers.runner import Runner, RunnerOptions
from tests.flow.conftest import Bench, on_both_databases
from tests.flow.province import newest, notices
from tests.flow.reading import CLERK, IT, numbers, read, text_of
from tests.flow.reply_links import Link, links_in
from tests.flow.staff import DIRECTOR, OUTSIDE, answer, staffed
from tests.mails import SENDER, mail, page_one

pytestmark = pytest.mark.usefixtures("own_domain")

FORGER = "203.0.113.9"
DAY = timedelta(days=1)
TO_WORKING_DAY = 2 * DAY
"""From Monday the 23rd of November 2026 to the next working day: the 24th is a day off."""


@dataclass
class Case:
    """An office with one held mail, and the clerk's notice about it."""

    bench: Bench
    held: Mail

    @property
    def notice(self) -> bytes:
        return newest(self.bench, CLERK, NoticeKind.CLERK_ATTENTION)

    async def now(self) -> Mail:
        return await self.bench.office.desk.store.mail(self.held.id)

    async def press(
        self, notice: bytes, label: str, reason: str = "đã gọi điện đối chiếu", author: str = CLERK
    ) -> Mail:
        """Somebody presses the button whose line begins so, and writes a reason."""
        self.bench.clock.pass_(timedelta(minutes=1))
        (link,) = [link for link in links_in(notice) if link.body.startswith(label)]
        return await self.send(link, f"{link.body}{reason}" if link.body.rstrip().endswith(":") else link.body, author)

    async def send(self, link: Link, body: str, author: str = CLERK) -> Mail:
        raw = replace(link, body=body).mail(author, self.bench.clock.now(), f"<{hash(body)}.{author}>", filled=False)
        return await self.bench.end_of(raw, mail_from=author, recipient=link.to, peer=OUTSIDE)

    def told(self, author: str = CLERK) -> str:
        return " ".join(text_of(newest(self.bench, author, NoticeKind.TRANSCRIPT)).split())

    async def decisions(self) -> list[tuple[str, str, str, object]]:
        """Who decided what by which way and why."""
        story = await self.bench.office.queries.story(self.held.id)
        return [
            (link.event.kind, link.event.actor, link.event.source, (link.event.data or {}).get("reason"))
            for link in story.events
            if link.event.source in {"reply", "cli"}
        ]


async def twin(bench: Bench) -> Case:
    """A mail that is held for the clerk: the number of another document, with other content."""
    await staffed(bench)
    await bench.end_of(mail(("a.txt", page_one(9))))
    raw = mail(("b.txt", page_one(9, abstract="Về việc báo cáo đã sửa")), message_id="<2@agency.example>")
    return Case(bench, await bench.end_of(raw))


async def forged(bench: Bench) -> Case:
    """A mail in the name of an agency that it did not send."""
    await staffed(bench)
    return Case(bench, await bench.end_of(mail(("a.txt", page_one(3))), peer=FORGER))


@asynccontextmanager
async def dead(bench: Bench) -> AsyncIterator[Case]:
    """A mail that died three times; the fault is mended at the end of the block's beginning."""

    class Broken:
        async def parse(self, raw: object, scratch: object) -> object:
            raise SandboxFailure("tiến trình kiểm tra dừng đột ngột")

    await staffed(bench)
    async with bench.with_desk(parser=Broken()):
        bad = await bench.end_of(mail(("a.txt", page_one(1))))
        for _ in range(3):
            bench.clock.pass_(timedelta(minutes=1))
            await bench.work()
    yield Case(bench, await bench.office.desk.store.mail(bad.id))


@on_both_databases
async def test_a_clerk_releases_by_a_button_and_the_clock_still_runs_from_receipt(bench: Bench) -> None:
    case = await twin(bench)
    bench.clock.pass_(timedelta(minutes=40))
    reply = await case.press(case.notice, "Chấp nhận", "đã hỏi, là bản thay thế")
    assert reply.stage is MailStage.APPLIED
    assert (await case.now()).stage is MailStage.REGISTERED
    assert await numbers(bench) == [1, 2]
    assert await case.decisions() == [("mail.released", CLERK, "reply", "đã hỏi, là bản thay thế")]
    assert "Đã thực hiện đủ 1 việc" in case.told()
    assert "Đã chấp nhận thư M2" in case.told()
    (document,) = (await bench.office.queries.story(case.held.id)).documents
    assert document.received_at == case.held.received_at < document.registered_at
    work = await bench.office.queries.work(document.id)
    desk = bench.office.desk
    due = desk.work.calendar.add(case.held.received_at, desk.work.rules.handle_within)
    assert [kept.timer.due for kept in work.timers if kept.timer.kind is TimerKind.TRANSFER_DUE] == [due]


@on_both_databases
async def test_a_clerk_refuses_by_reply_and_the_sender_hears_why(bench: Bench) -> None:
    case = await twin(bench)
    await answer(bench, CLERK, case.notice, "Khong tiep nhan: văn bản gửi nhầm cơ quan")
    assert (await case.now()).stage is MailStage.REFUSED
    assert "văn bản gửi nhầm cơ quan" in text_of(newest(bench, SENDER, NoticeKind.REFUSAL))
    assert await case.decisions() == [("mail.refused", CLERK, "reply", "văn bản gửi nhầm cơ quan")]


async def test_the_notice_tells_how_long_the_mail_is_held_and_has_its_buttons(bench: Bench) -> None:
    case = await twin(bench)
    assert "đã giữ dưới 1 phút làm việc; còn 2 giờ làm việc" in " ".join(text_of(case.notice).split())
    assert [link.body for link in links_in(case.notice)] == ["Chấp nhận: ", "Không tiếp nhận: ", "Tiêu hủy: "]


async def test_a_reason_left_out_does_nothing_and_the_answer_has_the_buttons_again(bench: Bench) -> None:
    case = await twin(bench)
    await case.press(case.notice, "Chấp nhận", reason="")
    assert (await case.now()).stage is MailStage.HELD
    assert "chưa có lý do" in case.told()
    await case.press(newest(bench, CLERK, NoticeKind.TRANSCRIPT), "Chấp nhận")
    assert (await case.now()).stage is MailStage.REGISTERED


async def test_what_is_only_quoted_decides_nothing(bench: Bench) -> None:
    case = await twin(bench)
    await answer(bench, CLERK, case.notice, "Để tôi hỏi lại nơi gửi.")
    assert (await case.now()).stage is MailStage.HELD
    assert "Không đọc thấy quyết định nào" in case.told()


async def test_a_decision_that_came_second_is_told_who_decided_first(bench: Bench) -> None:
    case = await twin(bench)
    desk = bench.office.desk
    await quarantine.refuse(case.held.id, actor="cli:an", reason="gửi nhầm", desk=desk)
    await bench.work()
    await case.press(case.notice, "Chấp nhận")
    assert (await case.now()).stage is MailStage.REFUSED
    assert "Thư M2 đã được quyết định không tiếp nhận lúc" in case.told()
    assert "(cli:an)" in case.told()
    with pytest.raises(UnfitDecision, match="được quyết định không tiếp nhận"):
        await quarantine.refuse(case.held.id, actor="cli:lan", reason="gửi nhầm", desk=desk)


async def test_a_suspected_forgery_is_released_only_by_the_name_of_its_rule(bench: Bench) -> None:
    case = await forged(bench)
    await answer(bench, CLERK, case.notice, "Chấp nhận: đã hỏi")
    assert (await case.now()).stage is MailStage.HELD
    assert "ghi đích danh" in case.told()
    await case.press(case.notice, "Chấp nhận (bỏ qua: nghi mạo nhận nơi gửi)")
    assert (await case.now()).stage is MailStage.REGISTERED
    assert bench.delivered(SENDER) == []


@on_both_databases
async def test_what_cannot_be_taken_back_is_asked_again_where_the_notice_is_old(bench: Bench) -> None:
    case = await forged(bench)
    notice = case.notice
    bench.clock.pass_(2 * DAY)
    await case.press(notice, "Chấp nhận (bỏ qua: nghi mạo nhận nơi gửi)")
    assert (await case.now()).stage is MailStage.HELD
    asked = newest(bench, CLERK, NoticeKind.CONFIRM)
    assert [link.body for link in links_in(asked)] == ["Xác nhận"]
    await case.press(asked, "Xác nhận")
    assert (await case.now()).stage is MailStage.REGISTERED
    assert await case.decisions() == [("mail.released", CLERK, "reply", "đã gọi điện đối chiếu")]
    await answer(bench, CLERK, asked, "Xác nhận")
    assert "đã được xác nhận và thực hiện trước đó" in case.told()


@on_both_databases
async def test_a_clerk_destroys_a_held_mail_and_only_the_fact_remains(bench: Bench) -> None:
    case = await twin(bench)
    notice = case.notice
    await case.press(notice, "Tiêu hủy", "thư rác")
    desk = bench.office.desk
    assert (await case.now()).stage is MailStage.REFUSED
    assert await desk.store.parsed(case.held.id) is None
    with pytest.raises(KeyError):
        bench.office.blobs.path(case.held.raw.sha256)
    assert await case.decisions() == [("mail.purged", CLERK, "reply", "thư rác")]
    await case.press(notice, "Chấp nhận")
    assert "Thư M2 đã được tiêu hủy nội dung lúc" in case.told()
    assert bench.delivered(IT) == []
    with pytest.raises(UnfitDecision, match="tiêu hủy"):
        await quarantine.purge(case.held.id, actor="cli:an", reason="thư rác", desk=desk)


@on_both_databases
async def test_a_dead_mail_goes_on_by_a_button(bench: Bench) -> None:
    async with dead(bench) as case:
        assert [link.body for link in links_in(case.notice)] == ["Xử lý lại", "Không tiếp nhận: ", "Tiêu hủy: "]
        await case.press(case.notice, "Xử lý lại")
    assert (await case.now()).stage is MailStage.REGISTERED
    assert await case.decisions() == [("mail.replayed", CLERK, "reply", "")]


async def test_a_dead_mail_can_be_refused(bench: Bench) -> None:
    async with dead(bench) as case:
        await quarantine.refuse(case.held.id, actor="cli:an", reason="không mở được", desk=bench.office.desk)
    await bench.work()
    assert (await case.now()).stage is MailStage.REFUSED
    assert bench.delivered(SENDER) == []


async def test_a_forwarded_notice_gives_nobody_else_the_right_to_decide(bench: Bench) -> None:
    case = await twin(bench)
    await case.press(case.notice, "Chấp nhận", author=DIRECTOR)
    assert (await case.now()).stage is MailStage.HELD
    assert "không dùng được cho địa chỉ thư này" in case.told(DIRECTOR)
    assert await case.decisions() == []


async def test_a_stranger_with_the_clerks_token_decides_nothing(bench: Bench) -> None:
    case = await twin(bench)
    (link, *_) = links_in(case.notice)
    raw = replace(link, body="Chấp nhận: đã hỏi").mail(CLERK, bench.clock.now(), "<x@evil.example>", filled=False)
    forger = await bench.end_of(raw, mail_from="a@evil.example", recipient=link.to, peer=FORGER)
    assert forger.stage is MailStage.HELD
    assert (await case.now()).stage is MailStage.HELD


async def test_the_same_reply_once_more_does_nothing(bench: Bench) -> None:
    case = await twin(bench)
    (link, *_) = links_in(case.notice)
    bench.clock.pass_(timedelta(minutes=1))
    for _ in range(2):
        await case.send(link, "Chấp nhận: đã hỏi")
    assert len(notices(bench, CLERK, NoticeKind.TRANSCRIPT)) == 1
    assert len(await case.decisions()) == 1


async def test_an_answer_that_lost_its_token_is_given_a_new_one(bench: Bench) -> None:
    case = await twin(bench)
    found = await answer(
        bench, CLERK, strip_tokens(case.notice), "Chấp nhận: đã hỏi", recipient="sgtvt@quangngai.gov.vn"
    )
    assert found.stage is MailStage.APPLIED
    assert (await case.now()).stage is MailStage.HELD
    await case.press(newest(bench, CLERK, NoticeKind.TRANSCRIPT), "Chấp nhận")
    assert (await case.now()).stage is MailStage.REGISTERED


def strip_tokens(notice: bytes) -> bytes:
    """The notice as a mail program answers it that keeps neither Reply-To nor References."""
    message = read(notice)
    for name in ("Reply-To", "References", "In-Reply-To"):
        del message[name]
    return message.as_bytes()


@on_both_databases
async def test_once_a_working_day_the_clerk_reads_what_waits_and_decides_from_there(bench: Bench) -> None:
    case = await twin(bench)
    assert notices(bench, CLERK, NoticeKind.QUARANTINE_DIGEST) == []
    bench.clock.pass_(TO_WORKING_DAY)
    for _ in range(3):
        await bench.work()
        bench.clock.pass_(timedelta(hours=1))
    (digest,) = notices(bench, CLERK, NoticeKind.QUARANTINE_DIGEST)
    words = " ".join(text_of(digest).split())
    assert "M2." in words
    assert "quá hạn" in words
    await case.press(digest, "Không tiếp nhận", "gửi nhầm")
    assert (await case.now()).stage is MailStage.REFUSED
    bench.clock.pass_(DAY)
    await bench.work()
    assert len(notices(bench, CLERK, NoticeKind.QUARANTINE_DIGEST)) == 1


async def test_on_days_off_and_before_work_begins_no_digest_is_sent(bench: Bench) -> None:
    await twin(bench)
    monday = bench.clock.now()
    for quiet in (DAY, TO_WORKING_DAY - timedelta(hours=3), 5 * DAY):
        bench.clock.moment = monday + quiet
        await bench.work()
        assert notices(bench, CLERK, NoticeKind.QUARANTINE_DIGEST) == []
    bench.clock.moment = monday + 7 * DAY
    await bench.work()
    assert len(notices(bench, CLERK, NoticeKind.QUARANTINE_DIGEST)) == 1


@on_both_databases
async def test_several_nodes_that_look_at_the_same_moment_send_one_digest(bench: Bench) -> None:
    await twin(bench)
    bench.clock.pass_(TO_WORKING_DAY)
    owed = await asyncio.gather(*(QuarantineDigest(bench.office.desk).look() for _ in range(4)))
    assert sorted(owed) == [False, False, False, True]
    options = [RunnerOptions(node, 2, timedelta(minutes=10), timedelta(seconds=5)) for node in ("a", "b")]
    await asyncio.gather(*(Runner(bench.office.desk, each, Bell()).until_idle() for each in options))
    (digest,) = notices(bench, CLERK, NoticeKind.QUARANTINE_DIGEST)
    assert len({link.to for link in links_in(digest)}) == 1


async def test_a_digest_lists_each_mail_with_addresses_of_its_own(bench: Bench) -> None:
    case = await twin(bench)
    raw = mail(("c.txt", page_one(9, abstract="Về việc khác nữa")), message_id="<3@agency.example>")
    await bench.end_of(raw)
    bench.clock.pass_(TO_WORKING_DAY)
    await bench.work()
    digest = newest(bench, CLERK, NoticeKind.QUARANTINE_DIGEST)
    links = links_in(digest)
    assert [link.subject for link in links] == ["Re: Thư M2"] * 3 + ["Re: Thư M3"] * 3
    assert len({link.to for link in links}) == 2
    await case.send(links[0], "Chấp nhận: đã hỏi")
    stages = [(await bench.office.desk.store.mail(number)).stage for number in (2, 3)]
    assert stages == [MailStage.REGISTERED, MailStage.HELD]
