"""Apply the regulation to the facts of a mail; the verdict is kept, nothing is done yet."""

from __future__ import annotations

from gateway.clock import local
from gateway.model.document import Document, Entry
from gateway.model.facts import FileFacts, Scan, ScanVerdict
from gateway.model.journal import NewEvent
from gateway.model.mail import Mail, MailStage
from gateway.model.part import ParsedMail
from gateway.policy.case import Candidate, Case, Examined
from gateway.policy.grouping import decisions, group
from gateway.policy.judgement import judge as judgement
from handlers.desk import Desk
from handlers.inspect import CARRIES_DOCUMENT

_UNSCANNED = Scan(ScanVerdict.NOT_SCANNED, "", "chưa có kết quả quét")


async def judge(mail: Mail, desk: Desk) -> Mail:
    """From `inspected` to `judged`."""
    parsed = await desk.store.parsed(mail.id)
    if parsed is None:
        raise LookupError(f"{mail.label} has no parts on record")
    case = await _case(mail, parsed, desk)
    verdict = judgement(case)
    async with desk.store.begin() as unit:
        await unit.keep_verdict(mail.id, verdict)
        await unit.decide_parts(mail.id, decisions([candidate.entry for candidate in case.candidates]))
        data = {
            "disposition": verdict.disposition.value,
            "rules": sorted({f"{finding.rule}:{finding.outcome.value}" for finding in verdict.findings}),
        }
        await unit.record(NewEvent("mail.judged", "gateway", "pipeline", mail.id, data=data), desk.clock.now())
        return await unit.move(mail, MailStage.JUDGED)


async def _case(mail: Mail, parsed: ParsedMail, desk: Desk) -> Case:
    contents = [part.sha256 for part in parsed.parts if part.sha256]
    facts = await desk.store.facts(contents)
    scans = await desk.store.scans([mail.raw.sha256, *contents])
    waived = await desk.store.waived(mail.id)
    files = tuple(
        Examined(part, facts.get(part.sha256, _unknown(part.sha256, part.size)), scans.get(part.sha256, _UNSCANNED))
        for part in parsed.parts
        if part.sha256 and part.decision in CARRIES_DOCUMENT
    )
    others = tuple(
        (part.name or f"phần {part.path} của thư", scans.get(part.sha256, _UNSCANNED))
        for part in parsed.parts
        if part.sha256 and part.decision not in CARRIES_DOCUMENT
    )
    return Case(
        parsed=parsed,
        raw=mail.raw,
        files=files,
        scans=(*others, ("toàn bộ thư", scans.get(mail.raw.sha256, _UNSCANNED))),
        candidates=await _candidates(mail, group(files, desk.incoming_book), waived, desk),
        formats=desk.formats,
        in_known_thread=await desk.store.is_own_message_id(parsed.in_reply_to),
        waived=waived,
    )


def _unknown(sha256: str, size: int) -> FileFacts:
    return FileFacts(sha256, size, "", unknown={"inspection": "chưa có kết quả kiểm tra"})


async def _candidates(
    mail: Mail, entries: tuple[Entry, ...], waived: frozenset[str], desk: Desk
) -> tuple[Candidate, ...]:
    """Each entry beside what the register has; a waived duplicate gets keys of its own."""
    found = []
    seen: set[str] = set()
    for number, entry in enumerate(entries, 1):
        if entry.content_key in seen:
            continue
        twin = entry.identity_key in seen
        seen |= {entry.content_key, entry.identity_key or entry.content_key}
        content, identity = await desk.store.registered_as(entry.content_key, entry.identity_key)
        taken = "một văn bản khác trong cùng thư" if twin else _place(identity)
        if content is None and taken and "duplicate" in waived:
            found.append(Candidate(entry.renamed(f"{entry.identity_key}#{mail.label}.{number}")))
        else:
            found.append(Candidate(entry, content.id if content else None, _place(content), taken))
    return tuple(found)


def _place(document: Document | None) -> str | None:
    if document is None:
        return None
    number, day = f"{document.arrival_number}/{document.year}", f"{local(document.registered_at):%d/%m/%Y}"
    return f"văn bản đã vào sổ, số đến {number}, ngày {day}"
