"""The demonstration: a whole gateway for a few minutes, fed over real SMTP."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import email
import email.policy
import re
import shutil
import signal
import smtplib
import socket
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from gateway.adapters.demo_scanner import DemoScanner
from gateway.adapters.maildir_out import MaildirSender
from gateway.app import scanner_of
from gateway.cli.output import complain, console, print_table, say
from gateway.clock import Clock, SystemClock
from gateway.demo.cast import DIRECTORY, NAMES, OWN_SERVER, SENDER
from gateway.demo.letters import Letter, letters
from gateway.demo.names import serving_names
from gateway.demo.pki import Pki, make_pki, make_seal
from gateway.demo.replies import REPLIES, Reply, reply_to
from gateway.errors import TemporaryError
from gateway.log import configure
from gateway.model.docket import Docket, DocumentState
from gateway.model.finding import Outcome
from gateway.model.mail import Mail, MailStage
from gateway.model.notice import Notice, NoticeKind, NoticeStage
from gateway.model.verdict import Verdict
from gateway.model.wording import STAGE_WORDS, STATE_WORDS, arrival, title
from gateway.ports import Scanner
from gateway.serve import Running, running
from gateway.settings import Settings, settings_from
from handlers.import_directory import import_directory

_PATIENCE = 120.0
_LOOK_AGAIN = 0.1
_CERTIFICATE, _KEY = "phieu.pem", "phieu-khoa.pem"


async def run_demo(*, once: bool) -> bool:
    """Show the gateway at work; true where every mail came to its expected end."""
    configure("error")
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="vanthu-demo-"))
    try:
        return await _show(folder, once=once)
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


async def _show(folder: Path, *, once: bool) -> bool:
    clock = SystemClock()
    pki = await asyncio.to_thread(
        make_pki,
        clock.now(),
        seal="SỞ TRÌNH DIỄN",
        organisation="ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI",
        unit="BAN GIÁM ĐỐC",
        person="Nguyễn Văn Trình",
    )
    async with serving_names(NAMES) as nameserver, _scanner(folder, clock) as (scanner, engine):
        await asyncio.to_thread(_write_own_pair, pki, folder, clock)
        settings = _settings(folder, nameserver)
        await asyncio.to_thread(pki.write_anchors, settings.anchors)
        say(f"Cổng chạy thử trong {folder}; máy quét: {engine}")
        async with running(settings, scanner=scanner, clock=clock) as gateway:
            await import_directory(DIRECTORY, actor="demo", desk=gateway.office.desk)
            prepared = await asyncio.to_thread(letters, pki, settings.agency.mailbox, clock.now())
            mailboxes = MaildirSender(folder / "maildir")
            with console.status("Đang gửi thư qua SMTP …"):
                sent = await _send(prepared, gateway)
                replied = await _work(mailboxes, gateway, len(prepared))
            passed = await _report(sent, gateway)
            passed = _report_work(replied) and passed
            await _report_register(gateway)
            if not once:
                _show_links(await _dockets(gateway), gateway)
                await _show_mails(mailboxes, replied, folder / "thong-bao")
                await _until_interrupted(gateway)
    return passed


def _settings(folder: Path, nameserver: str) -> Settings:
    web = _free_port()
    return settings_from(
        {
            "smtp": {"listen": f"127.0.0.1:{_free_port()}"},
            "store": {"database": "gateway.db", "blobs": "blobs"},
            "signatures": {"anchors": "trust"},
            "receipts": {"certificate": _CERTIFICATE, "key": _KEY},
            "relay": {"maildir": "maildir"},
            "senders": {"nameservers": [nameserver]},
            "web": {"listen": f"127.0.0.1:{web}", "public_url": f"http://127.0.0.1:{web}"},
            "log": {"level": "error"},
        },
        folder,
    )


def _write_own_pair(pki: Pki, folder: Path, clock: Clock) -> None:
    """The certificate of the demonstration's own gateway, by which its receipts are signed."""
    gateway = make_seal(pki.authority, clock.now(), "CỔNG THƯ CÔNG VĂN – SỞ TRÌNH DIỄN", "SỞ TRÌNH DIỄN")
    (folder / _CERTIFICATE).write_bytes(gateway.pem + pki.authority.pem)
    key = gateway.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / _KEY).write_bytes(key)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def _scanner(folder: Path, clock: Clock) -> AsyncIterator[tuple[Scanner, str]]:
    """The machine's ClamAV where it answers and knows recent viruses; else what is plainly not an antivirus."""
    settings = settings_from({}, folder)
    clamd = scanner_of(settings, clock)
    try:
        with contextlib.suppress(TemporaryError):
            version = await clamd.version()
            made_at = version.signature_time
            if made_at is not None and clock.now() - made_at <= settings.scanner.max_signature_age:
                yield clamd, version.engine
                return
        yield DemoScanner(), "BỘ QUÉT TRÌNH DIỄN, không phải phần mềm diệt vi-rút, chỉ nhận ra tệp thử EICAR"
    finally:
        clamd.close()


@dataclass(frozen=True, slots=True)
class _Sent:
    """A letter at its end, with the notices that this end brought forth."""

    letter: Letter
    mail: Mail
    notices: Sequence[Notice]


async def _send(prepared: Sequence[Letter], gateway: Running) -> list[_Sent]:
    """One mail after the other over SMTP, each to its end, so that the repeat meets its original in the register."""
    recipient = gateway.office.settings.agency.mailbox
    sent = []
    for number, letter in enumerate(prepared, 1):
        mail = await _through(gateway, number, letter.client, letter.sender, recipient, letter.content)
        sent.append(_Sent(letter, mail, (await gateway.office.queries.story(mail.id)).notices))
    async with asyncio.timeout(_PATIENCE):
        await _all_sent(gateway)
    return sent


@dataclass(frozen=True, slots=True)
class _Replied:
    """A reply with the notice that it answers, and what became of it: the transcript's lines, the document's state."""

    reply: Reply
    notice: bytes
    mail: Mail
    lines: Sequence[Mapping[str, Any]]
    state: DocumentState

    @property
    def came_out(self) -> bool:
        """Whether it did what it must."""
        as_told = bool(self.lines) and all(line["ok"] is self.reply.done for line in self.lines)
        return self.mail.stage is MailStage.APPLIED and as_told and self.state is self.reply.expected


async def _work(mailboxes: MaildirSender, gateway: Running, before: int) -> list[_Replied]:
    """The people's replies in turn, each to what the office has sent them so far; `before` mails came first.

    They end early where somebody has no notice to reply to.
    """
    replied: list[_Replied] = []
    for number, reply in enumerate(REPLIES, before + 1):
        notice = await asyncio.to_thread(_newest, mailboxes, reply)
        if notice is None:
            complain(f"{reply.author} không nhận được thư {reply.kind.value} về D{reply.document_id} để trả lời")
            return replied
        recipient, content = reply_to(notice, reply, gateway.office.desk.clock.now())
        mail = await _through(gateway, number, OWN_SERVER, reply.author, recipient, content)
        async with asyncio.timeout(_PATIENCE):
            await _all_sent(gateway)
        story = await gateway.office.queries.story(mail.id)
        told = [notice.owed.facts for notice in story.notices if notice.owed.kind is NoticeKind.TRANSCRIPT]
        docket = await gateway.office.desk.store.docket(reply.document_id)
        replied.append(_Replied(reply, notice, mail, told[0]["lines"] if told else (), docket.state))
    return replied


def _newest(mailboxes: MaildirSender, reply: Reply) -> bytes | None:
    """The notice that the reply answers."""
    arrived = sorted((mailboxes.folder(reply.author) / "new").glob("*"), key=lambda path: path.stat().st_mtime_ns)
    for path in reversed(arrived):
        content = path.read_bytes()
        if reply.answers(str(email.message_from_bytes(content, policy=email.policy.default)["Message-ID"])):
            return content
    return None


async def _through(gateway: Running, number: int, client: str, sender: str, recipient: str, content: bytes) -> Mail:
    """Hand one mail in and wait for its end."""
    host, _, port = gateway.smtp[0].rpartition(":")
    await asyncio.to_thread(_submit, host, int(port), client, sender, recipient, content)
    async with asyncio.timeout(_PATIENCE):
        return await _ended(number, gateway)


def _submit(host: str, port: int, client: str, sender: str, recipient: str, content: bytes) -> None:
    with smtplib.SMTP(host, port, timeout=_PATIENCE, source_address=(client, 0)) as server:
        server.sendmail(sender, [recipient], content)


async def _ended(mail_id: int, gateway: Running) -> Mail:
    while True:
        mail = await gateway.office.desk.store.mail(mail_id)
        if mail.stage.is_end:
            return mail
        await asyncio.sleep(_LOOK_AGAIN)


async def _all_sent(gateway: Running) -> None:
    while True:
        owed = await gateway.office.queries.outbox(open_only=True)
        if all(notice.stage is NoticeStage.SENT for notice in owed):
            return
        await asyncio.sleep(_LOOK_AGAIN)


_ANSWERS = {
    NoticeKind.RECEIPT: "gửi xác nhận",
    NoticeKind.REPEAT: "gửi lại số đến cũ",
    NoticeKind.REFUSAL: "gửi lý do, cách sửa",
    NoticeKind.HOLD: "báo nơi gửi",
    NoticeKind.CLERK_DOCUMENT: "báo văn thư",
    NoticeKind.CLERK_ATTENTION: "báo văn thư",
    NoticeKind.ALARM: "báo cán bộ CNTT",
    NoticeKind.TASK: "xin ý kiến Giám đốc",
    NoticeKind.SEALED: "báo sự việc",
}


async def _report(sent: Sequence[_Sent], gateway: Running) -> bool:
    rows = []
    for each in sent:
        letter, mail = each.letter, each.mail
        verdict = await gateway.office.desk.store.verdict(mail.id)
        answers = ", ".join(_ANSWERS[notice.owed.kind] for notice in each.notices)
        end = f"{_end(letter, mail)}; {answers or 'không trả lời'}"
        rows.append((mail.label, letter.shows, end, _why(verdict, mail)))
    print_table(f"{len(rows)} thư qua SMTP", ("Thư", "Đã gửi", "Kết cục", "Vì sao"), rows)
    return all(each.mail.stage is each.letter.expected for each in sent)


def _report_work(replied: Sequence[_Replied]) -> bool:
    rows = [
        (each.mail.label, f"D{each.reply.document_id}", each.reply.shows, each.reply.text, _became(each))
        for each in replied
    ]
    title_of_table = f"{len(rows)} thư trả lời, mỗi thư được đáp lại bằng một bản kết quả"
    print_table(title_of_table, ("Thư", "Văn bản", "Ai trả lời", "Viết", "Kết quả"), rows)
    return len(replied) == len(REPLIES) and all(each.came_out for each in replied)


def _became(replied: _Replied) -> str:
    words = "\n".join(str(line["text"]) for line in replied.lines) or STAGE_WORDS[replied.mail.stage]
    return words if replied.came_out else f"SAI: {words} (văn bản {STATE_WORDS[replied.state]})"


async def _dockets(gateway: Running) -> Sequence[Docket]:
    documents = await gateway.office.queries.register()
    return await gateway.office.desk.store.dockets([document.id for document in documents])


async def _report_register(gateway: Running) -> None:
    rows = [
        (arrival(d.document), title(d.document.header), d.document.header.abstract, STATE_WORDS[d.state])
        for d in await _dockets(gateway)
    ]
    print_table(gateway.office.settings.book.name, ("Số đến", "Văn bản", "Trích yếu", "Tình trạng"), rows)


def _end(letter: Letter, mail: Mail) -> str:
    if mail.stage is not letter.expected:
        return f"SAI: {STAGE_WORDS[mail.stage]}, phải là {STAGE_WORDS[letter.expected]}"
    return STAGE_WORDS[mail.stage].partition(",")[0]


_SHOWN = {
    MailStage.REGISTERED: {"counted", "signatures"},
    MailStage.NOTED: {"duplicate", "filed"},
}


def _why(verdict: Verdict | None, mail: Mail) -> str:
    """The findings that led to this end, not all there are."""
    if verdict is None:
        return mail.last_error or ""
    rules = _SHOWN.get(mail.stage)
    told = [
        finding
        for finding in verdict.findings
        if (finding.rule in rules if rules else finding.outcome in {Outcome.HOLD, Outcome.REFUSE})
    ]
    return "\n".join(f"{_beginning(finding.text)} ({finding.clause})" for finding in told)


def _beginning(text: str) -> str:
    """Up to the first semicolon that is not within brackets."""
    found = re.match(r"(?:\([^)]*\)|[^;(])*", text)
    return (found[0] if found else text).rstrip(". ")


async def _show_mails(mailboxes: MaildirSender, replied: Sequence[_Replied], folder: Path) -> None:
    """Links to the mails as pages: the answers to the sender, and what people replied to."""
    arrived = mailboxes.folder(SENDER) / "new"
    answers = await asyncio.to_thread(_read_all, arrived)
    say("Thư đã trả lời nơi gửi:")
    for number, content in enumerate(answers, 1):
        say(f"  {await asyncio.to_thread(_page, content, folder / f'{number}.html')}")
    say("Thư việc, theo thứ tự trả lời ở bảng trên:")
    for each in replied:
        page = await asyncio.to_thread(_page, each.notice, folder / f"{each.mail.label}.html")
        say(f"  {page}  {each.reply.shows}")


def _read_all(arrived: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(arrived.glob("*"), key=lambda path: path.stat().st_mtime_ns)]


def _page(content: bytes, page: Path) -> str:
    """The HTML of a mail as a page of its own, to be opened by a click; its address."""
    page.parent.mkdir(exist_ok=True)
    mail = email.message_from_bytes(content, policy=email.policy.default)
    body = mail.get_body(("html",))
    page.write_text(_with_pictures(body.get_content(), mail) if body else "", encoding="utf-8")
    return page.as_uri()


def _with_pictures(html: str, mail: EmailMessage) -> str:
    """What a mail reader does with the pictures inside a mail, for a browser."""
    for part in mail.walk():
        if part.get_content_maintype() == "image":
            shown = base64.b64encode(part.get_content()).decode()
            html = html.replace(
                f"cid:{part['Content-ID'].strip('<>')}", f"data:{part.get_content_type()};base64,{shown}"
            )
    return html


def _show_links(dockets: Sequence[Docket], gateway: Running) -> None:
    say("Trang theo dõi của văn bản:")
    for docket in dockets:
        say(f"  http://{gateway.web}/t/{docket.document.token}")
    say("Trang của UBND tỉnh về hồ sơ đã chuyển:")
    for docket in dockets:
        for sent in docket.submission.forwardings if docket.submission else ():
            say(f"  http://{gateway.web}/t/{sent.token}")


async def _until_interrupted(gateway: Running) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    say(f"Tình trạng cổng: http://{gateway.web}/healthz")
    say("Cổng vẫn chạy để mở các liên kết trên; nhấn Ctrl-C để kết thúc và xóa mọi thứ.")
    await stop.wait()
