"""`vanthu explain`: the whole story of a mail or a document."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli.output import (
    complain,
    entry_json,
    facts_json,
    finding_json,
    parsed_json,
    print_json,
    print_table,
    say,
    when,
)
from gateway.cli.session import AsJson, Config, Records, id_of, looking_for, records_of, run
from gateway.cli.words import actor_words, details, event_words, waits_for
from gateway.model.document import Document
from gateway.model.facts import FileFacts, Scan, ScanVerdict
from gateway.model.finding import Finding
from gateway.model.part import ParsedMail
from gateway.model.verdict import Verdict
from gateway.model.wording import (
    DECISION_WORDS,
    DISPOSITION_WORDS,
    NOTICE_STAGE_WORDS,
    NOTICE_WORDS,
    OUTCOME_WORDS,
    SCAN_WORDS,
    STAGE_WORDS,
    TRANSPORT_WORDS,
    arrival,
    file_type,
    pages,
    size,
    title,
)
from gateway.store.queries import Story

_NUMBER = re.compile(r"(\d{1,9})/(\d{4})")
_UNSCANNED = Scan(ScanVerdict.NOT_SCANNED, "")


def explain(
    what: Annotated[str, typer.Argument(metavar="ID", help="Mã thư M17, mã văn bản D17, hoặc số đến 17/2026.")],
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Kể toàn bộ việc đã xảy ra với một thư hoặc văn bản: dữ kiện, quy tắc và điều khoản, việc đã làm, thư đã gửi."""
    run(_explain(what, config, as_json=as_json))


async def _explain(what: str, config: Path | None, *, as_json: bool) -> None:
    async with records_of(config) as records:
        for mail_id in await _mails_of(what.strip(), records):
            await tell(mail_id, records, as_json=as_json)


async def _mails_of(what: str, records: Records) -> list[int]:
    numbered = _NUMBER.fullmatch(what)
    if numbered:
        documents = await records.queries.by_number(int(numbered[1]), int(numbered[2]))
        if not documents:
            complain(f"sổ không có số đến {what}")
            raise typer.Exit(1)
        return sorted({document.mail_id for document in documents})
    if what.upper().startswith("D"):
        document = id_of(what, "D")
        with looking_for(f"D{document}"):
            return [(await records.queries.document(document)).mail_id]
    return [id_of(what, "M")]


async def tell(mail_id: int, records: Records, *, as_json: bool, brief: bool = False) -> None:
    """Print the story; `brief` leaves out journal and deliveries. Ends the program where there is no such mail."""
    with looking_for(f"M{mail_id}"):
        story = await records.queries.story(mail_id)
    store = records.store
    parsed, verdict = await store.parsed(mail_id), await store.verdict(mail_id)
    contents = [part.sha256 for part in parsed.parts if part.sha256] if parsed else []
    facts = await store.facts(contents)
    scans = await store.scans([story.mail.raw.sha256, *contents])
    if as_json:
        print_json(_story_json(story, parsed, verdict, facts, scans))
        return
    _tell_mail(story, parsed)
    if parsed and not brief:
        _tell_parts(parsed, facts, scans)
    if verdict:
        _tell_verdict(verdict)
    for document in (*story.documents, *story.repeats):
        _tell_document(document, repeated=document in story.repeats)
    if not brief:
        _tell_journal(story)
    _tell_notices(story)


def _tell_mail(story: Story, parsed: ParsedMail | None) -> None:
    mail = story.mail
    say(f"{mail.label}: {STAGE_WORDS[mail.stage]}")
    sender = mail.envelope.mail_from or "(không có địa chỉ trả lại)"
    way = TRANSPORT_WORDS[mail.envelope.transport]
    say(f"  Từ {sender} qua {way}, nhận lúc {when(mail.received_at)}, {size(mail.raw.size)}")
    say(f"  SHA-256 {mail.raw.sha256}")
    if parsed:
        say(f"  Tiêu đề: {parsed.subject or '(không có)'}; Message-ID: {parsed.message_id or '(không có)'}")
    if story.same_bytes:
        say(f"  Cùng từng byte với {', '.join(f'M{number}' for number in story.same_bytes)}")
    if mail.waiting_for:
        cause = (mail.last_error or "").removeprefix(f"{mail.waiting_for}: ")
        say(f"  Đang chờ: {waits_for(mail.waiting_for)} ({cause})")
    if mail.failed_stage:
        say(f"  Hỏng ở bước sau “{STAGE_WORDS[mail.failed_stage]}”: {mail.last_error}")
        say(f"  Sửa xong nguyên nhân thì chạy: vanthu replay {mail.label}")


def _tell_parts(parsed: ParsedMail, facts: dict[str, FileFacts], scans: dict[str, Scan]) -> None:
    for problem in parsed.problems:
        say(f"  Lưu ý: {problem}")
    rows = [
        (
            part.path,
            part.name,
            file_type(part.type),
            size(part.size),
            pages(facts[part.sha256].pages) if part.sha256 in facts else "",
            SCAN_WORDS[scans[part.sha256].verdict] if part.sha256 in scans else "",
            DECISION_WORDS[part.decision],
            part.reason,
        )
        for part in parsed.parts
    ]
    print_table("Các phần", ("Phần", "Tên", "Loại thật", "Dung lượng", "Trang", "Mã độc", "Quyết định", "Lý do"), rows)


def _tell_verdict(verdict: Verdict) -> None:
    rows = (
        (OUTCOME_WORDS[finding.outcome], finding.clause, finding.file, _said(finding)) for finding in verdict.findings
    )
    heading = f"Kết luận: {DISPOSITION_WORDS[verdict.disposition]}"
    print_table(heading, ("Mức", "Điều khoản", "Tệp", "Nhận xét"), rows)


def _said(finding: Finding) -> str:
    return " ".join(filter(None, (finding.text, finding.remedy, finding.note)))


def _tell_document(document: Document, *, repeated: bool) -> None:
    how = "đã có trong sổ" if repeated else "vào sổ"
    say(f"{document.label}: {how}, số đến {arrival(document)}, lúc {when(document.registered_at)}")
    say(f"  {title(document.header)}: {document.header.abstract or 'chưa đọc được trích yếu'}")
    say(f"  Cơ quan ban hành: {document.header.issuer or 'chưa đọc được'}")


def _tell_journal(story: Story) -> None:
    rows = (
        (link.sequence, when(link.at), event_words(link.event.kind), actor_words(link.event.actor), details(link.event))
        for link in story.events
    )
    print_table("Nhật ký", ("Số", "Lúc", "Việc", "Ai", "Chi tiết"), rows)


def _tell_notices(story: Story) -> None:
    rows = (
        (
            notice.label,
            NOTICE_WORDS[notice.owed.kind],
            notice.owed.recipient,
            NOTICE_STAGE_WORDS[notice.stage],
            notice.last_error,
        )
        for notice in story.notices
    )
    print_table("Thông báo", ("Mã", "Loại", "Người nhận", "Trạng thái", "Lỗi gần nhất"), rows)


def _story_json(
    story: Story,
    parsed: ParsedMail | None,
    verdict: Verdict | None,
    facts: dict[str, FileFacts],
    scans: dict[str, Scan],
) -> dict[str, Any]:
    mail = story.mail
    names = {part.sha256: part.name for part in parsed.parts if part.sha256} if parsed else {}
    return {
        "id": mail.label,
        "stage": mail.stage.value,
        "received_at": mail.received_at.isoformat(),
        "from": mail.envelope.mail_from,
        "recipients": list(mail.envelope.recipients),
        "transport": mail.envelope.transport.value,
        "sha256": mail.raw.sha256,
        "same_bytes_as": [f"M{number}" for number in story.same_bytes],
        "waiting_for": mail.waiting_for,
        "failed_stage": mail.failed_stage.value if mail.failed_stage else None,
        "last_error": mail.last_error,
        "mail": parsed_json(mail.label, parsed) if parsed else None,
        "facts": [facts_json(names[key], fact, scans.get(key, _UNSCANNED), ()) for key, fact in facts.items()],
        "disposition": verdict.disposition.value if verdict else None,
        "findings": [finding_json(finding) for finding in verdict.findings] if verdict else [],
        "documents": [entry_json(document) for document in story.documents],
        "repeats": [entry_json(document) for document in story.repeats],
        "events": [
            {
                "sequence": link.sequence,
                "at": link.at.isoformat(),
                "kind": link.event.kind,
                "actor": link.event.actor,
                "source": link.event.source,
                "data": dict(link.event.data or {}),
            }
            for link in story.events
        ],
        "notices": [
            {
                "id": notice.label,
                "kind": notice.owed.kind.value,
                "to": notice.owed.recipient,
                "message_id": notice.owed.message_id,
                "stage": notice.stage.value,
                "attempts": [
                    {"at": each.at.isoformat(), "outcome": each.outcome, "response": each.response}
                    for each in story.deliveries
                    if each.notice_id == notice.id
                ],
            }
            for notice in story.notices
        ],
    }
