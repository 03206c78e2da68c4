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
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from email.message import EmailMessage
from pathlib import Path

from gateway.adapters.demo_scanner import DemoScanner
from gateway.adapters.maildir_out import MaildirSender
from gateway.app import scanner_of
from gateway.cli.output import console, print_table, say
from gateway.clock import Clock, SystemClock
from gateway.demo.letters import DIRECTORY, NAMES, SENDER, Letter, letters
from gateway.demo.names import serving_names
from gateway.demo.pki import make_pki
from gateway.errors import TemporaryError
from gateway.log import configure
from gateway.model.document import Document
from gateway.model.finding import Outcome
from gateway.model.mail import Mail, MailStage
from gateway.model.notice import NoticeKind, NoticeStage
from gateway.model.verdict import Verdict
from gateway.model.wording import STAGE_WORDS, arrival, title
from gateway.ports import Scanner
from gateway.serve import Running, running
from gateway.settings import Settings, settings_from
from handlers.import_directory import import_directory

_PATIENCE = 120.0
_LOOK_AGAIN = 0.1


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
        settings = _settings(folder, nameserver)
        await asyncio.to_thread(pki.write_anchors, settings.anchors)
        say(f"Cổng chạy thử trong {folder}; máy quét: {engine}")
        async with running(settings, scanner=scanner, clock=clock) as gateway:
            await import_directory(DIRECTORY, actor="demo", desk=gateway.office.desk)
            prepared = await asyncio.to_thread(letters, pki, settings.agency.mailbox, clock.now())
            sent = await _send(prepared, gateway)
            passed = await _report(sent, gateway)
            if not once:
                _show_links(await gateway.office.queries.register(), await _notices(folder), gateway)
                await _until_interrupted()
    return passed


def _settings(folder: Path, nameserver: str) -> Settings:
    web = _free_port()
    return settings_from(
        {
            "smtp": {"listen": f"127.0.0.1:{_free_port()}"},
            "store": {"database": "gateway.db", "blobs": "blobs"},
            "signatures": {"anchors": "trust"},
            "relay": {"maildir": "maildir"},
            "senders": {"nameservers": [nameserver]},
            "web": {"listen": f"127.0.0.1:{web}", "public_url": f"http://127.0.0.1:{web}"},
            "log": {"level": "error"},
        },
        folder,
    )


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


async def _send(prepared: Sequence[Letter], gateway: Running) -> list[tuple[Letter, Mail]]:
    """One mail after the other over SMTP, each to its end, so that the repeat meets its original in the register."""
    host, _, port = gateway.smtp[0].rpartition(":")
    recipient = gateway.office.settings.agency.mailbox
    sent = []
    with console.status("Đang gửi thư qua SMTP …"):
        for number, letter in enumerate(prepared, 1):
            await asyncio.to_thread(_submit, host, int(port), recipient, letter)
            async with asyncio.timeout(_PATIENCE):
                sent.append((letter, await _ended(number, gateway)))
        async with asyncio.timeout(_PATIENCE):
            await _all_sent(gateway)
    return sent


def _submit(host: str, port: int, recipient: str, letter: Letter) -> None:
    with smtplib.SMTP(host, port, timeout=_PATIENCE, source_address=(letter.client, 0)) as client:
        client.sendmail(letter.sender, [recipient], letter.content)


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
}


async def _report(sent: Sequence[tuple[Letter, Mail]], gateway: Running) -> bool:
    rows = []
    for letter, mail in sent:
        verdict = await gateway.office.desk.store.verdict(mail.id)
        story = await gateway.office.queries.story(mail.id)
        answers = ", ".join(_ANSWERS[notice.owed.kind] for notice in story.notices)
        end = f"{_end(letter, mail)}; {answers or 'không trả lời'}"
        rows.append((mail.label, letter.shows, end, _why(verdict, mail)))
    print_table(f"{len(rows)} thư qua SMTP", ("Thư", "Đã gửi", "Kết cục", "Vì sao"), rows)
    documents = await gateway.office.queries.register()
    print_table(
        gateway.office.settings.book.name,
        ("Số đến", "Văn bản", "Trích yếu", "Cơ quan ban hành"),
        [(arrival(d), title(d.header), d.header.abstract, d.header.issuer) for d in documents],
    )
    return all(mail.stage is letter.expected for letter, mail in sent)


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


async def _notices(folder: Path) -> list[Path]:
    return await asyncio.to_thread(_unpack, MaildirSender(folder / "maildir"), folder / "thong-bao")


def _unpack(maildir: MaildirSender, folder: Path) -> list[Path]:
    """The HTML of every answer to the sender as a page of its own, to be opened by a click."""
    folder.mkdir(exist_ok=True)
    arrived = maildir.folder(SENDER) / "new"
    pages: list[Path] = []
    for file in sorted(arrived.glob("*"), key=lambda path: path.stat().st_mtime_ns):
        mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        body = mail.get_body(("html",))
        if body is not None:
            page = folder / f"{len(pages) + 1}.html"
            page.write_text(_with_pictures(body.get_content(), mail), encoding="utf-8")
            pages.append(page)
    return pages


def _with_pictures(html: str, mail: EmailMessage) -> str:
    """What a mail reader does with the pictures inside a mail, for a browser."""
    for part in mail.walk():
        if part.get_content_maintype() == "image":
            shown = base64.b64encode(part.get_content()).decode()
            html = html.replace(
                f"cid:{part['Content-ID'].strip('<>')}", f"data:{part.get_content_type()};base64,{shown}"
            )
    return html


def _show_links(documents: Sequence[Document], pages: Sequence[Path], gateway: Running) -> None:
    say("Trang theo dõi của văn bản:")
    for document in documents:
        say(f"  http://{gateway.web}/t/{document.token}")
    say("Thư đã trả lời nơi gửi:")
    for page in pages:
        say(f"  {page.as_uri()}")
    say(f"Tình trạng cổng: http://{gateway.web}/healthz")


async def _until_interrupted() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    say("Cổng vẫn chạy để mở các liên kết trên; nhấn Ctrl-C để kết thúc và xóa mọi thứ.")
    await stop.wait()
