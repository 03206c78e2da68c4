"""`vanthu explain`: the whole story of a mail or a document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.account import account_of
from gateway.cli.issued_story import tell_issued
from gateway.cli.outbox import kind_words
from gateway.cli.output import complain, print_json, print_table, say, when
from gateway.cli.session import AsJson, Config, Records, id_of, looking_for, records_of, run
from gateway.cli.story_json import story_json
from gateway.cli.words import actor_words, details, event_words, waits_for
from gateway.cli.work_story import tell_work
from gateway.model.asked import AskedField
from gateway.model.authentication import Authentication, AuthResult, DkimCheck, DmarcCheck
from gateway.model.directory import Party
from gateway.model.document import Document
from gateway.model.facts import FileFacts, Scan
from gateway.model.finding import Finding
from gateway.model.part import ParsedMail
from gateway.model.verdict import Verdict
from gateway.model.wording import (
    ACTION_WORDS,
    AUTH_RESULT_WORDS,
    DECISION_WORDS,
    DELIVERY_WORDS,
    DISPOSITION_WORDS,
    FIELD_WORDS,
    JUDGE_WORDS,
    KIND_WORDS,
    NOTICE_STAGE_WORDS,
    OUTCOME_WORDS,
    SCAN_WORDS,
    STAGE_WORDS,
    TRANSPORT_WORDS,
    UNREAD,
    arrival,
    authentication,
    file_type,
    one_line,
    pages,
    paper,
    percent,
    read_from,
    size,
    title,
)
from gateway.store.story import NoticeReport, Story

NUMBER = re.compile(r"(\d{1,9})/(\d{4})")
"""A number of arrival with its year."""


def explain(
    what: Annotated[str, typer.Argument(metavar="ID", help="Mã thư M17, mã văn bản D17, hoặc số đến 17/2026.")],
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Kể toàn bộ việc đã xảy ra với một thư hoặc văn bản: dữ kiện, quy tắc và điều khoản, việc đã làm, thư đã gửi."""
    run(_explain(what, config, as_json=as_json))


async def _explain(what: str, config: Path | None, *, as_json: bool) -> None:
    async with records_of(config) as records:
        issued = await _issued(what.strip(), records)
        if issued is not None:
            await tell_issued(issued, records, as_json=as_json)
            return
        for mail_id in await _mails_of(what.strip(), records):
            await tell(mail_id, records, as_json=as_json)


async def _issued(what: str, records: Records) -> Document | None:
    """The document that is meant, where no mail brought it."""
    if not what.upper().startswith("D"):
        return None
    with looking_for(what):
        document = await records.queries.document(id_of(what, "D"))
    return document if document.mail_id is None else None


async def _mails_of(what: str, records: Records) -> list[int]:
    numbered = NUMBER.fullmatch(what)
    if numbered:
        documents = await records.queries.by_number(int(numbered[1]), int(numbered[2]))
        if not documents:
            complain(f"sổ không có số đến {what}")
            raise typer.Exit(1)
        return sorted({document.mail_id for document in documents if document.mail_id is not None})
    if what.upper().startswith("D"):
        document = id_of(what, "D")
        with looking_for(f"D{document}"):
            return [(await records.queries.document(document)).source]
    return [id_of(what, "M")]


async def tell(mail_id: int, records: Records, *, as_json: bool, brief: bool = False) -> None:
    """Print the story; `brief` leaves out parts, journal and reports. Ends the program where there is no such mail."""
    account = await account_of(mail_id, records)
    if as_json:
        print_json(story_json(account))
        return
    story = account.story
    _tell_mail(story, account.parsed)
    if account.authentication:
        tell_sender(account.authentication, account.sender, brief=brief)
    if account.parsed and not brief:
        tell_parts(account.parsed, account.facts, account.scans)
    if account.verdict:
        _tell_verdict(account.verdict)
    for document in (*story.documents, *story.repeats):
        _tell_document(document, repeated=document in story.repeats)
        _tell_asked(document, account.asked.get(document.id, ()))
    if not brief:
        for work in account.works:
            tell_work(work, records.settings.calendar, records.settings.work.handle_within)
    if not brief:
        _tell_journal(story)
    _tell_notices(story)
    if not brief:
        _tell_what_came_back(story)


def _tell_mail(story: Story, parsed: ParsedMail | None) -> None:
    mail = story.mail
    say(f"{mail.label}: {STAGE_WORDS[mail.stage]}")
    sender = mail.envelope.mail_from or "(không có địa chỉ trả lại)"
    way = TRANSPORT_WORDS[mail.envelope.transport]
    say(f"  Từ {sender} qua {way}, nhận lúc {when(mail.received_at)}, {size(mail.raw.size)}")
    say(f"  SHA-256 {mail.raw.sha256}")
    if parsed:
        subject, message_id = one_line(parsed.subject), one_line(parsed.message_id or "")
        say(f"  Tiêu đề: {subject or '(không có)'}; Message-ID: {message_id or '(không có)'}")
    if story.same_bytes:
        say(f"  Cùng từng byte với {', '.join(f'M{number}' for number in story.same_bytes)}")
    if story.copies:
        say(f"  Gặp lại đúng thư này thêm {story.copies} lần trong hộp thư; không nhận thành thư mới")
    if story.filed_on:
        say(f"  Lưu theo thông báo {', '.join(f'N{number}' for number in story.filed_on)}")
    if mail.waiting_for:
        cause = (mail.last_error or "").removeprefix(f"{mail.waiting_for}: ")
        say(f"  Đang chờ: {waits_for(mail.waiting_for)} ({cause})")
    if mail.failed_stage:
        say(f"  Hỏng ở bước sau “{STAGE_WORDS[mail.failed_stage]}”: {mail.last_error}")
        say(f"  Sửa xong nguyên nhân thì chạy: vanthu replay {mail.label}")


def tell_sender(found: Authentication, sender: Party | None, *, brief: bool) -> None:
    """The author as he says, as the directory knows him, and as it was proved."""
    known = f"{one_line(sender.name)} ({sender.code})" if sender else "không có trong danh bạ"
    author = f"{one_line(found.author)}; {known}" if found.author else "không có, hoặc có nhiều địa chỉ"
    say(f"  Người gửi ghi trong thư: {author}")
    say(f"  Xác thực: {authentication(found, sender)}")
    results = [
        ("SPF", found.spf.result, found.spf.domain, found.spf.detail),
        *(("DKIM", each.result, _signed_by(each), each.detail) for each in found.dkim),
        ("DMARC", found.dmarc.result, _asked_by(found.dmarc), found.dmarc.detail),
    ]
    rows = [
        (method, AUTH_RESULT_WORDS[result], one_line(domain), one_line(detail))
        for method, result, domain, detail in results
        if result is not AuthResult.NONE or domain or detail
    ]
    if rows and not brief:
        heading = f"Xác thực nơi gửi: {JUDGE_WORDS[found.judge]}"
        print_table(heading, ("Phương pháp", "Kết quả", "Tên miền", "Chi tiết"), rows)


def _signed_by(check: DkimCheck) -> str:
    return f"{check.domain} (s={check.selector})" if check.selector else check.domain


def _asked_by(check: DmarcCheck) -> str:
    return f"{check.domain} (p={check.policy})" if check.policy else check.domain


def tell_parts(parsed: ParsedMail, facts: dict[str, FileFacts], scans: dict[str, Scan]) -> None:
    """The parts with what was found out about each and decided."""
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
    unknown = "chưa đọc được trích yếu" if document.purged_at is None else "nội dung đã hủy"
    say(f"  {title(document.header)}: {document.header.abstract or unknown}")
    say(f"  Cơ quan ban hành: {document.header.issuer or 'chưa đọc được'}")
    if document.purged_at is None:
        say(f"  Bản giấy: {paper(document.paper, reason=True) or 'chưa xác định'}")
    if document.note:
        say(f"  Ghi chú: {one_line(document.note)}")


def _tell_asked(document: Document, asked: Sequence[AskedField]) -> None:
    """What waits for a person's word, and the command that gives it."""
    rows = [
        (
            FIELD_WORDS[each.name],
            one_line(each.value) or UNREAD,
            percent(each.confidence) if each.confidence is not None else "",
            read_from(each.evidence, one_line(each.file)) if each.evidence else "",
        )
        for each in asked
    ]
    if rows:
        print_table(f"Cần xác nhận {document.label}", ("Mục", "Máy đọc", "Tin cậy", "Đọc từ"), rows)
        say(
            f"  Đúng thì: vanthu register confirm {document.label}; sai thì: vanthu register correct {document.label} …"
        )


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
            kind_words(notice.owed),
            notice.owed.recipient,
            NOTICE_STAGE_WORDS[notice.stage],
            DELIVERY_WORDS[notice.delivery] if notice.delivery else "",
            notice.last_error,
        )
        for notice in story.notices
    )
    print_table("Thông báo", ("Mã", "Loại", "Người nhận", "Trạng thái", "Tới đâu", "Lỗi gần nhất"), rows)


def _tell_what_came_back(story: Story) -> None:
    """What machines reported of the notices, and what mails answer them; nothing where nothing came."""
    if story.reports:
        columns = ("Lúc", "Thông báo", "Báo là", "Mã", "Nơi nhận", "Lời của máy chủ", "Theo thư")
        print_table("Báo cáo về thông báo", columns, [_report_row(report) for report in story.reports])
    if story.filed:
        rows = [
            (
                mail.label,
                when(mail.received_at),
                KIND_WORDS[mail.kind],
                one_line(mail.sender),
                one_line(mail.subject),
                f"N{mail.notice_id}",
            )
            for mail in story.filed
        ]
        print_table("Thư lưu theo thông báo", ("Mã", "Nhận lúc", "Loại", "Người gửi", "Tiêu đề", "Thông báo"), rows)


def _report_row(report: NoticeReport) -> tuple[object, ...]:
    reported = report.reported
    action = ACTION_WORDS[reported.action]
    return (
        when(report.at),
        f"N{report.notice_id}",
        f"{action} (suy từ lời thư)" if reported.guessed else action,
        one_line(reported.status),
        one_line(reported.final_recipient or reported.original_recipient),
        one_line(reported.diagnostic),
        f"M{report.mail_id}",
    )
