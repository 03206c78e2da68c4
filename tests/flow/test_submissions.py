"""A submission goes to the province once, goes again only when that is ordered, and is followed to its answer."""

from __future__ import annotations

import asyncio
import hashlib
import http.client
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from gateway.model.directory import Absence, Party, PartyKind, Role
from gateway.model.docket import Approval, DocumentState
from gateway.model.health import Health
from gateway.model.mail import MailStage
from gateway.model.notice import DeliveryOutcome, DeliveryResult, Notice, NoticeKind, Outgoing
from gateway.model.timer import TimerKind
from gateway.serve import DeskCounter
from gateway.shipped import shipped
from gateway.web.app import build_app
from gateway.web.server import start_web
from handlers.import_directory import import_directory
from tests.flow.conftest import Bench, on_both_databases
from tests.flow.province import (
    FORWARD,
    docket_of,
    forwardings,
    journal,
    newest,
    notices,
    order,
    running,
    steps,
    submitted,
    without_approval,
    work_by_two,
)
from tests.flow.reading import CLERK, read, text_of
from tests.flow.reports import delivery_status
from tests.flow.staff import DIRECTOR, DIRECTORY, DOMAIN, OUTSIDE, PROVINCE, SPECIALIST, answer, staffed
from tests.mails import SENDER, mail, page_one
from tests.records import MINUTE
from tests.replies import reply

pytestmark = pytest.mark.usefixtures("own_domain")

BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Accept": "text/html",
    "Accept-Language": "vi",
}
AGAIN = "Chuyển lại UBND: UBND báo chưa thấy thư"
PROVINCES_SERVER = "198.51.100.9"


def said(raw: bytes) -> str:
    """What a mail says, on one line."""
    return " ".join(text_of(raw).split())


def transcript(bench: Bench, recipient: str = CLERK) -> str:
    return said(newest(bench, recipient, NoticeKind.TRANSCRIPT))


def news(bench: Bench, recipient: str) -> list[str]:
    return [said(raw) for raw in notices(bench, recipient, NoticeKind.NEWS)]


async def arrives(bench: Bench, raw: bytes, author: str) -> None:
    """A reply is accepted, and nothing more happens yet."""
    to = str(read(raw)["To"]).strip("<>").rpartition("<")[2]
    await bench.receive(raw, mail_from=author, recipient=to, peer=OUTSIDE)


async def cover_letter(bench: Bench, document: int, number: int = 1) -> Notice:
    """The notice by which a submission was forwarded."""
    message_id = (await forwardings(bench, document))[number - 1].message_id
    (notice,) = [
        each for each in await bench.office.queries.outbox(open_only=False) if each.owed.message_id == message_id
    ]
    return notice


async def reported(bench: Bench, document: int, action: str, status: str = "2.0.0", number: int = 1) -> None:
    """A mail server reports of the mail to the province."""
    notice = await cover_letter(bench, document, number)
    path = f"sgtvt+b-{notice.token}@{DOMAIN}"
    raw = delivery_status(to=path, recipient=PROVINCE, action=action, status=status)
    found = await bench.end_of(raw, mail_from="", recipient=path, peer="192.0.2.99")
    assert found.stage is MailStage.NOTED


@dataclass
class Relay:
    """A relay that answers mail for the province as told."""

    answers: list[DeliveryResult]

    async def send(self, outgoing: Outgoing) -> DeliveryResult:
        if outgoing.recipient == PROVINCE and self.answers:
            return self.answers.pop(0)
        return DeliveryResult(DeliveryOutcome.SENT, "250 2.0.0 Ok")


@on_both_databases
async def test_a_second_forward_is_refused_and_an_ordered_one_has_a_link_of_its_own(bench: Bench) -> None:
    async with without_approval(bench):
        document = await submitted(bench)
        task = newest(bench, CLERK, NoticeKind.CLERK_DOCUMENT)
        await answer(bench, CLERK, task, FORWARD)
        assert (await docket_of(bench, document)).state is DocumentState.FORWARDED
        await answer(bench, CLERK, newest(bench, CLERK, NoticeKind.TRANSCRIPT), FORWARD)
        assert len(await forwardings(bench, document)) == 1
        assert "Văn bản đã được chuyển UBND tỉnh" in transcript(bench)
        assert "gửi lại thì ghi “Chuyển lại UBND: lý do”" in transcript(bench)
        assert len(bench.delivered(PROVINCE)) == 1

        await answer(bench, CLERK, task, AGAIN)
        assert len(await forwardings(bench, document)) == 1, "a task that has served must be confirmed"
        await answer(bench, CLERK, newest(bench, CLERK, NoticeKind.CONFIRM), "Xác nhận")
        first, second = await forwardings(bench, document)
        assert (first.number, second.number) == (1, 2)
        assert second.reason == "UBND báo chưa thấy thư"
        assert first.token != second.token
        assert first.message_id != second.message_id
        letters = bench.delivered(PROVINCE)
        assert [first.token in text_of(raw) for raw in letters] == [True, False]
        assert [second.token in text_of(raw) for raw in letters] == [False, True]


@on_both_databases
async def test_to_confirm_twice_forwards_once(bench: Bench) -> None:
    async with without_approval(bench):
        document = await submitted(bench)
        bench.clock.pass_(timedelta(hours=25))
        await order(bench, FORWARD)
        assert await forwardings(bench, document) == ()
        question = newest(bench, CLERK, NoticeKind.CONFIRM)
        for number in (1, 2):
            at = bench.clock.now() + number * MINUTE
            raw = reply(
                "gmail", to=question, text="Xác nhận", author=CLERK, date=at, message_id=f"<{number}@x.example>"
            )
            await arrives(bench, raw, CLERK)
        await work_by_two(bench)
        assert len(await forwardings(bench, document)) == 1
        assert len(bench.delivered(PROVINCE)) == 1
        answers = " ".join(said(raw) for raw in notices(bench, CLERK, NoticeKind.TRANSCRIPT))
        assert "không thực hiện lần nữa" in answers


@on_both_databases
async def test_two_clerks_at_once_forward_once(bench: Bench) -> None:
    other = f"ltmai-sogtvt@{DOMAIN}"
    clerk = Party("ltmai-sogtvt", PartyKind.PERSON, "Lê Thị Mai", (other,), parent="van-phong", roles=(Role.CLERK,))
    async with without_approval(bench):
        await staffed(bench)
        directory = replace(DIRECTORY, parties=(*DIRECTORY.parties, clerk))
        await import_directory(directory, actor="test", desk=bench.office.desk)
        received = await bench.end_of(mail(("a.txt", page_one(7)), subject="[TRÌNH UBND] Gửi"))
        (document,) = (await bench.office.queries.story(received.id)).documents
        for author in (CLERK, other):
            task = newest(bench, author, NoticeKind.CLERK_DOCUMENT)
            raw = reply("gmail", to=task, text=FORWARD, author=author, message_id=f"<{author}>")
            await arrives(bench, raw, author)
        await work_by_two(bench)
        assert len(await forwardings(bench, document.id)) == 1
        assert len(bench.delivered(PROVINCE)) == 1
        answers = [transcript(bench, author) for author in (CLERK, other)]
        assert sorted("gửi lại thì ghi" in each for each in answers) == [False, True]
        assert (await journal(bench, document.id))["document.forward"] == 1


@pytest.mark.parametrize(
    ("action", "status"), [("failed", "5.1.1"), ("failed", "5.2.2")], ids=["no-mailbox", "mailbox-full"]
)
async def test_after_a_bounce_the_clerk_is_told_what_to_do_and_may_forward_again(
    bench: Bench, action: str, status: str
) -> None:
    async with without_approval(bench):
        document = await submitted(bench)
        await order(bench, FORWARD)
        for _ in range(2):
            await reported(bench, document, action, status)
        (sent,) = await forwardings(bench, document)
        assert sent.failed_at is not None
        assert TimerKind.ACKNOWLEDGEMENT_DUE not in await running(bench, document)
        await _failure_is_told_once(bench, document)
        await answer(bench, CLERK, newest(bench, CLERK, NoticeKind.NEWS), FORWARD)
        _, again = await forwardings(bench, document)
        assert again.failed_at is None
        assert len(bench.delivered(PROVINCE)) == 2
        assert TimerKind.ACKNOWLEDGEMENT_DUE in await running(bench, document)


async def test_after_a_refusal_by_the_relay_the_clerk_may_forward_again(bench: Bench) -> None:
    relay = Relay([DeliveryResult(DeliveryOutcome.PERMANENT, "552 5.3.4 Message too big")])
    async with without_approval(bench):
        document = await submitted(bench)
        task = newest(bench, CLERK, NoticeKind.CLERK_DOCUMENT)
        async with bench.with_desk(sender=relay):
            await answer(bench, CLERK, task, FORWARD)
        await bench.work()
        (sent,) = await forwardings(bench, document)
        assert (sent.failed_at is not None, sent.failure) == (True, "552 5.3.4 Message too big")
        owed = await bench.office.queries.outbox(open_only=False)
        told = [each for each in owed if each.owed.facts.get("step") == "forward_failed"]
        assert sorted(each.owed.recipient for each in told) == sorted((CLERK, DIRECTOR))
        assert (await journal(bench, document))["submission.forward_failed"] == 1
        await answer(bench, CLERK, task, FORWARD)
        await answer(bench, CLERK, newest(bench, CLERK, NoticeKind.CONFIRM), "Xác nhận")
        assert len(await forwardings(bench, document)) == 2
        assert len(bench.delivered(PROVINCE)) == 1


async def _failure_is_told_once(bench: Bench, document: int) -> None:
    for recipient in (CLERK, DIRECTOR):
        told = [each for each in news(bench, recipient) if "Chuyển UBND" in each and "chưa" in each.lower()]
        assert len(told) == 1, news(bench, recipient)
    assert not [each for each in news(bench, SENDER) if "không đến" in each]
    assert (await journal(bench, document))["submission.forward_failed"] == 1


async def test_without_the_directors_approval_nothing_goes(bench: Bench) -> None:
    document = await submitted(bench)
    task = newest(bench, CLERK, NoticeKind.CLERK_DOCUMENT)
    await answer(bench, CLERK, task, FORWARD)
    assert "Giám đốc chưa cho ý kiến" in transcript(bench)
    question = newest(bench, DIRECTOR, NoticeKind.TASK)
    await answer(bench, DIRECTOR, question, "Không đồng ý: bổ sung dự toán")
    submission = (await docket_of(bench, document)).submission
    assert submission is not None
    assert submission.approval is Approval.DECLINED
    assert "bổ sung dự toán" in said(newest(bench, CLERK, NoticeKind.TASK))
    await answer(bench, CLERK, newest(bench, CLERK, NoticeKind.TASK), FORWARD)
    assert "Giám đốc không đồng ý" in transcript(bench)
    await answer(bench, CLERK, newest(bench, CLERK, NoticeKind.TASK), "Trình UBND")
    await answer(bench, DIRECTOR, newest(bench, DIRECTOR, NoticeKind.TASK), "Đồng ý")
    assert await forwardings(bench, document) == ()
    await answer(bench, CLERK, newest(bench, CLERK, NoticeKind.TASK), FORWARD)
    assert len(await forwardings(bench, document)) == 1
    assert len(bench.delivered(PROVINCE)) == 1


async def test_the_deputy_approves_while_the_director_is_away(bench: Bench) -> None:
    await staffed(bench)
    today = bench.clock.now().date()
    absence = Absence("hvphuong-sogtvt", today, today, "nvnam-sogtvt")
    await import_directory(replace(DIRECTORY, absences=(absence,)), actor="test", desk=bench.office.desk)
    received = await bench.end_of(mail(("a.txt", page_one(7)), subject="[TRÌNH UBND] Gửi"))
    (document,) = (await bench.office.queries.story(received.id)).documents
    assert bench.delivered(DIRECTOR) == []
    await answer(bench, SPECIALIST, newest(bench, SPECIALIST, NoticeKind.TASK), "Đồng ý")
    submission = (await docket_of(bench, document.id)).submission
    assert submission is not None
    assert submission.approval is Approval.GIVEN
    await answer(bench, CLERK, newest(bench, CLERK, NoticeKind.TASK), FORWARD)
    assert len(bench.delivered(PROVINCE)) == 1


async def test_what_is_no_submission_is_not_forwarded_but_may_become_one(bench: Bench) -> None:
    await staffed(bench)
    received = await bench.end_of(mail(("a.txt", page_one(7))))
    (document,) = (await bench.office.queries.story(received.id)).documents
    await order(bench, FORWARD)
    assert "hãy ghi “Trình UBND” trước" in transcript(bench)
    assert bench.delivered(PROVINCE) == []
    html = read(newest(bench, CLERK, NoticeKind.TRANSCRIPT)).get_body(("html",))
    assert html is not None
    assert "Trình UBND</a>" in "".join(str(html.get_content()).split("\n"))
    await order(bench, "Trình UBND")
    submission = (await docket_of(bench, document.id)).submission
    assert submission is not None
    assert submission.approval is Approval.PENDING


async def test_what_was_brought_arrives_byte_for_byte(bench: Bench) -> None:
    files = (("phu-luc-1.txt", b"PHU LUC\r\n1\n" * 50), ("phu-luc-2.txt", "Phụ lục hai\n".encode() * 80))
    async with without_approval(bench):
        document = await submitted(bench, files=files)
        await order(bench, FORWARD)
        docket = await docket_of(bench, document)
        original = await bench.office.desk.store.mail(docket.document.source)
        raw = await bench.office.blobs.read(original.raw.sha256)
        (letter,) = bench.delivered(PROVINCE)
        attached = _attachments(letter)
        assert Counter(hashlib.sha256(content).hexdigest() for content in attached.values()) == Counter(
            [*(file.sha256 for file in docket.document.files), original.raw.sha256]
        )
        assert attached[f"thu-goc-{original.label}.eml"] == raw


async def test_what_is_too_large_is_named_and_left_to_the_page(bench: Bench) -> None:
    files = (("ban-ve-lon.txt", "Bản vẽ\n".encode() * 3000),)
    async with without_approval(bench, forward_up_to=10_000):
        document = await submitted(bench, files=files)
        await order(bench, FORWARD)
        (letter,) = bench.delivered(PROVINCE)
        (sent,) = await forwardings(bench, document)
        mail_id = (await docket_of(bench, document)).document.mail_id
        assert list(_attachments(letter)) == ["to-trinh.txt"]
        words = said(letter)
        assert "ban-ve-lon.txt" in words
        assert f"thu-goc-M{mail_id}.eml" in words
        assert f"/t/{sent.token}" in words


def _attachments(raw: bytes) -> Mapping[str, bytes]:
    return {
        str(part.get_filename()): part.get_payload(decode=True) or b""  # type: ignore[misc]
        for part in read(raw).walk()
        if part.get_content_disposition() == "attachment"
    }


class _Well:
    async def health(self) -> Health:
        return Health(True, ())


@asynccontextmanager
async def site(bench: Bench) -> AsyncIterator[str]:
    """The pages of the office, on a real server."""
    office = bench.office
    app = build_app(
        office.queries,
        _Well(),
        office.settings.agency.record(),
        shipped("templates"),
        lambda: b"",
        bench.clock,
        counter=DeskCounter(office.desk),
        blobs=office.blobs,
    )
    server = await start_web(app)
    try:
        yield server.address
    finally:
        await server.stop()


async def fetch(address: str, path: str, headers: Mapping[str, str] = BROWSER, form: str | None = None) -> str:
    """A page, or what the form on it brings."""

    def ask() -> str:
        connection = http.client.HTTPConnection(address, timeout=20)
        with closing(connection):
            kind = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
            connection.request("POST" if form else "GET", path, form, {**headers, **kind})
            answer = connection.getresponse()
            assert answer.status in {200, 303}
            return " ".join(answer.read().decode().split())

    return await asyncio.to_thread(ask)


async def test_each_step_on_the_way_is_seen_on_every_side_and_once(bench: Bench) -> None:
    async with without_approval(bench):
        document = await submitted(bench)
        own_page = (await docket_of(bench, document)).document.token
        await order(bench, FORWARD)
        (sent,) = await forwardings(bench, document)
        assert sent.relayed_at is not None
        for _ in range(2):
            await reported(bench, document, "relayed")
            await reported(bench, document, "delivered")
            await reported(bench, document, "failed", "4.4.7")
        (sent,) = await forwardings(bench, document)
        assert sent.delivered_at is not None
        assert sent.failed_at is None
        async with site(bench) as address:
            page = f"/t/{sent.token}"
            for _ in range(2):
                await fetch(address, page, {"User-Agent": "curl/8"})
                await fetch(address, page)
            assert "<form" in await fetch(address, page)
            form = urlencode({"name": "Lê Thị Mẫu, văn thư", "all_received": "yes"})
            for _ in range(2):
                await fetch(address, f"{page}/acknowledge", form=form)
            await bench.work()
            letter = newest(bench, PROVINCE, NoticeKind.SUBMISSION)
            for _ in range(2):
                await answer(bench, PROVINCE, letter, "Đã nhận", peer=PROVINCES_SERVER)
            (sent,) = await forwardings(bench, document)
            assert sent.acknowledged_by == "Lê Thị Mẫu, văn thư"
            assert TimerKind.ACKNOWLEDGEMENT_DUE not in await running(bench, document)
            await _answered_by_document(bench, letter)
            (sent,) = await forwardings(bench, document)
            assert sent.answered_by is not None
            shown = await fetch(address, f"/t/{own_page}")
    docket = await docket_of(bench, document)
    assert docket.state is DocumentState.FINISHED
    happened = await journal(bench, document)
    for kind in (
        "document.forward",
        "document.acknowledge",
        *(f"submission.{step}" for step in ("relayed", "delivered", "fetched", "opened", "answered")),
    ):
        assert happened[kind] == 1, (kind, happened)
    assert happened["submission.forward_failed"] == 0
    told = await steps(bench, document)
    for words in (
        "Văn bản đã được chuyển đến UBND tỉnh.",
        f"Máy chủ thư đã nhận để chuyển đến {PROVINCE}",
        f"Thư đã đến hộp thư {PROVINCE}",
        "Nơi nhận đã mở trang theo dõi",
        "UBND tỉnh đã xác nhận nhận được văn bản.",
        "Đã có văn bản trả lời",
    ):
        assert told.count(words) == 1, told
        assert words in shown
    for recipient in (CLERK, DIRECTOR, SENDER):
        subjects = Counter(
            each.owed.facts["step"]
            for each in await bench.office.queries.outbox(open_only=False)
            if each.owed.kind is NoticeKind.NEWS and each.owed.recipient == recipient
        )
        for step in ("delivered", "acknowledged", "answered"):
            assert subjects[step] == 1, (recipient, subjects)


async def test_a_reply_acknowledges_as_the_page_does(bench: Bench) -> None:
    async with without_approval(bench):
        document = await submitted(bench)
        await order(bench, FORWARD)
        letter = newest(bench, PROVINCE, NoticeKind.SUBMISSION)
        for _ in range(2):
            await answer(bench, PROVINCE, letter, "Đã nhận", peer=PROVINCES_SERVER)
        (sent,) = await forwardings(bench, document)
        assert sent.acknowledged_by == PROVINCE
        assert (await journal(bench, document))["document.acknowledge"] == 1
        assert TimerKind.ACKNOWLEDGEMENT_DUE not in await running(bench, document)
        for recipient in (CLERK, DIRECTOR, SENDER):
            assert sum("đã xác nhận nhận được văn bản" in each for each in news(bench, recipient)) >= 1


async def _answered_by_document(bench: Bench, letter: bytes) -> None:
    """The province replies with a document of its own."""
    raw = mail(
        ("tra-loi.txt", page_one(3210, notation="UBND-CN", abstract="Về việc trả lời báo cáo")),
        message_id="<tra-loi@ubnd.example>",
        headers={"In-Reply-To": str(read(letter)["Message-ID"]), "References": str(read(letter)["Message-ID"])},
    )
    raw = raw.replace(SENDER.encode(), PROVINCE.encode())
    for _ in range(2):
        found = await bench.end_of(raw, mail_from=PROVINCE, peer=PROVINCES_SERVER)
        assert found.stage in {MailStage.REGISTERED, MailStage.NOTED}
