"""Commands on files: parse, inspect, ingest."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
import uuid
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from gateway.app import Office, archives_of, sandbox_of, scanner_of
from gateway.cli.output import errors, facts_json, parsed_json, print_json, print_table, say
from gateway.cli.session import AsJson, Config, kept_by, office_of, run, settings_of
from gateway.cli.story import tell
from gateway.clock import SystemClock
from gateway.errors import SettingsError
from gateway.model.document import Status
from gateway.model.exchange import ExchangeBusiness, ExchangeMessage
from gateway.model.facts import FileFacts, Scan
from gateway.model.finding import Finding
from gateway.model.mail import Envelope, Mail, MailKind, StoredBlob, Transport
from gateway.model.part import ParsedMail, Part, PartDecision
from gateway.model.wording import (
    ACTION_WORDS,
    BUSINESS_WORDS,
    DECISION_WORDS,
    KIND_WORDS,
    OUTCOME_WORDS,
    SCAN_WORDS,
    SIGNATURE_WORDS,
    STATUS_WORDS,
    UNREAD,
    file_type,
    one_line,
    pages,
    signer,
    size,
)
from gateway.policy.case import Candidate, Case, Examined
from gateway.policy.grouping import group
from gateway.policy.rules import RULES
from gateway.serve import sole_node
from gateway.settings import Settings
from gateway.workers import SandboxedInspector, SandboxedParser, sniff_job
from handlers.ingest import ingest as ingest_mail
from handlers.runner import Runner, RunnerOptions

Files = Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True, help="Các tệp cần đọc.")]

_COPY = 1024 * 1024
_LONGEST_WAIT = 600.0
_LOOK_AGAIN = 0.5


def parse(files: Files, config: Config = None, as_json: AsJson = False) -> None:
    """Đọc thư .eml: phong bì và quyết định cho từng phần."""
    run(_parse(files, settings_of(config), as_json=as_json))


async def _parse(files: list[Path], settings: Settings, *, as_json: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sandbox = sandbox_of(settings, Path(folder))
        parser = SandboxedParser(sandbox, settings.smtp.hostname, archives_of(settings))
        try:
            for file in files:
                scratch = Path(await asyncio.to_thread(tempfile.mkdtemp, dir=folder))
                parsed = await parser.parse(file.absolute(), scratch)
                if as_json:
                    print_json(parsed_json(str(file), parsed))
                else:
                    _show_parsed(file, parsed)
        finally:
            await sandbox.close()


def _show_parsed(file: Path, parsed: ParsedMail) -> None:
    say(f"{file}: {parsed.subject or '(không có tiêu đề)'}")
    say(f"  Từ {parsed.sender_name} <{parsed.sender}>, {KIND_WORDS[parsed.kind]}, {len(parsed.parts)} phần")
    for reported in parsed.report.recipients if parsed.report else ():
        said = (reported.final_recipient or reported.original_recipient, reported.status, reported.diagnostic)
        say(f"  Báo cáo: {ACTION_WORDS[reported.action]} {one_line(' '.join(filter(None, said)))}".rstrip())
    for message in parsed.exchanges:
        say(f"  Thông điệp edXML (phần {message.path}): {_exchange_words(message)}")
    for problem in parsed.problems:
        say(f"  Lưu ý: {problem}")
    rows = (
        (part.path, part.name, file_type(part.type), size(part.size), DECISION_WORDS[part.decision], part.reason)
        for part in parsed.parts
    )
    print_table("Các phần", ("Phần", "Tên", "Loại thật", "Dung lượng", "Quyết định", "Lý do"), rows)


def _exchange_words(message: ExchangeMessage) -> str:
    """One message of exchange on one line: what it does, with which document, from whom."""
    known = next((each for each in Status if each == message.status), None)
    does = STATUS_WORDS[known] if known else message.status or BUSINESS_WORDS[message.business or ExchangeBusiness.NEW]
    day = f"ngày {message.issued_on:%d/%m/%Y}" if message.issued_on else ""
    said = (does, message.identifier, day, message.organ, message.subject, f"mã {message.document_id or 'không có'}")
    return one_line("; ".join(filter(None, said)))


def inspect(files: Files, config: Config = None, as_json: AsJson = False) -> None:
    """Kiểm tra tệp: loại thật, số trang, thể thức trang đầu, chữ ký số, mã độc, và quy chế nói gì."""
    run(_inspect(files, settings_of(config), as_json=as_json))


async def _inspect(files: list[Path], settings: Settings, *, as_json: bool) -> None:
    sandbox, scanner = sandbox_of(settings), scanner_of(settings, SystemClock())
    inspector = SandboxedInspector(sandbox)
    try:
        for file in files:
            place = file.absolute()
            sha256 = await asyncio.to_thread(_sha256, place)
            scan, media_type = await asyncio.gather(scanner.scan(place), sandbox.run(sniff_job, place))
            facts = await inspector.inspect(place, sha256, media_type)
            findings = _findings(file, facts, scan, settings)
            if as_json:
                print_json(facts_json(str(file), facts, scan, findings))
            else:
                _show_facts(file, facts, scan, findings)
    finally:
        scanner.close()
        await sandbox.close()


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _findings(file: Path, facts: FileFacts, scan: Scan, settings: Settings) -> list[Finding]:
    """What the rules would say of a mail with this one file."""
    part = Part("1", file.name, facts.type, facts.type, facts.size, facts.sha256, PartDecision.DOCUMENT, "")
    examined = (Examined(part, facts, scan),)
    parsed = ParsedMail(None, "", "", "", None, MailKind.DOCUMENT, None, (), "", (part,), ())
    case = Case(
        parsed=parsed,
        raw=StoredBlob(facts.sha256, facts.size),
        files=examined,
        scans=(),
        candidates=tuple(Candidate(each.entry) for each in group(examined)),
        content=settings.content,
    )
    return [finding for rule in RULES for finding in rule.check(case)]


def _show_facts(file: Path, facts: FileFacts, scan: Scan, findings: list[Finding]) -> None:
    header = facts.header
    say(f"{file}: {file_type(facts.type)}, {size(facts.size)}, {pages(facts.pages)}")
    say(f"  SHA-256 {facts.sha256}")
    say(f"  Mã độc: {SCAN_WORDS[scan.verdict]} ({scan.engine}{'; ' + scan.name if scan.name else ''})")
    fields = {
        "Số": header.number,
        "Ký hiệu": header.notation,
        "Ngày": header.issued_on,
        "Tên loại": header.document_type,
        "Trích yếu": header.abstract,
        "Cơ quan ban hành": header.issuer,
        "Người ký": header.signer,
        "Kính gửi": header.addressee,
    }
    for name, value in fields.items():
        say(f"  {name}: {value if value is not None else UNREAD}")
    not_on_every_document = {
        "Cơ quan chủ quản": header.superior,
        "Quyền hạn, chức vụ người ký": header.capacity,
        "Nơi nhận": header.recipients,
        "Hạn trả lời": header.reply_by,
    }
    for name, value in not_on_every_document.items():
        if value is not None:
            say(f"  {name}: {value}")
    for signature in facts.signatures:
        say(f"  Chữ ký số: {signer(signature)}: {SIGNATURE_WORDS[signature.verdict]}. {signature.cause}")
    for finding in findings:
        say(f"  [{OUTCOME_WORDS[finding.outcome]}] {finding.clause}: {finding.text} {finding.remedy}".rstrip())


def ingest(
    files: Files,
    config: Config = None,
    sender: Annotated[
        str,
        typer.Option(
            "--from",
            help="Địa chỉ trả lại trên phong bì, nơi nhận câu trả lời; không ghi thì chỉ trả lời khi xác thực được. "
            "Không thay cho người gửi ghi trong thư.",
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Nhận thư .eml như khi được gửi tới, và chờ xử lý xong.

    Người chạy lệnh bảo đảm nơi gửi, trừ khi chữ ký DKIM hoặc máy chủ thư đứng trước cho biết điều ngược lại.
    """
    run(_ingest(files, config, sender, as_json=as_json))


async def _ingest(files: list[Path], config: Path | None, sender: str, *, as_json: bool) -> None:
    async with office_of(config) as office:
        mails = [
            await _accept(file, office, sender) for file in track(files, "Nhận thư", console=errors, transient=True)
        ]
        await _work(office, mails)
        for mail in mails:
            await tell(mail.id, kept_by(office), as_json=as_json, brief=True)


async def _accept(file: Path, office: Office, sender: str) -> Mail:
    writer = office.blobs.writer()
    try:
        with await asyncio.to_thread(file.open, "rb") as content:
            while chunk := await asyncio.to_thread(content.read, _COPY):
                await writer.write(chunk)
        raw = await writer.commit()
    finally:
        await writer.discard()
    envelope = Envelope(Transport.CLI, uuid.uuid4().hex, sender, (office.settings.agency.mailbox,))
    return await ingest_mail(envelope, raw, office.desk)


async def _work(office: Office, mails: list[Mail]) -> None:
    """Do what the daemon would do; where a daemon runs, wait for it."""
    try:
        with sole_node(office.settings) as node:
            await office.desk.store.free_leases(node)
            section = office.settings.runner
            options = RunnerOptions(node, section.workers, section.lease, section.poll)
            await Runner(office.desk, options, office.bell).until_idle()
    except SettingsError:
        async with asyncio.timeout(_LONGEST_WAIT):
            for mail in mails:
                await _ended(mail, office)


async def _ended(mail: Mail, office: Office) -> None:
    while True:
        if (await office.desk.store.mail(mail.id)).stage.is_end:
            return
        await asyncio.sleep(_LOOK_AGAIN)
