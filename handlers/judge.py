"""Apply the regulation to the facts of a mail; the verdict is kept, nothing is done yet."""

from __future__ import annotations

from dataclasses import replace

from gateway.clock import local
from gateway.model.document import Document, Entry
from gateway.model.facts import Scan, ScanVerdict
from gateway.model.mail import WITH_ENVELOPE, Mail, MailStage
from gateway.model.part import CARRIES_DOCUMENT, READ, PartDecision
from gateway.policy.case import Candidate, Case, Examined
from gateway.policy.grouping import decisions, group
from gateway.policy.header import may_be_same
from gateway.policy.judgement import judge as judgement
from gateway.policy.signing.parts import carriers, with_signatures
from handlers.bearer import bearer_of
from handlers.desk import Desk
from handlers.dossier import Dossier
from handlers.paper import agencies_with_seals
from handlers.report import report_tokens

_UNSCANNED = Scan(ScanVerdict.NOT_SCANNED, "", "chưa có kết quả quét")


async def judge(mail: Mail, desk: Desk, dossier: Dossier) -> Mail:
    """From `inspected` to `judged`; back to `parsed` where facts of a file are not on record."""
    if await _lacks_facts(dossier):
        async with desk.store.begin() as unit:
            return await unit.move(mail, MailStage.PARSED)
    case = await _case(mail, desk, dossier)
    verdict = judgement(case)
    async with desk.store.begin() as unit:
        await unit.keep_verdict(mail.id, verdict)
        await unit.decide_parts(mail.id, _changed(case))
        moved = await unit.move(mail, MailStage.JUDGED)
    dossier.keep_verdict(verdict)
    return moved


async def _lacks_facts(dossier: Dossier) -> bool:
    """As a mail's that was about to be sealed, and is judged once more for a new scan.

    What a signature is worth that stands beside files depends on the mail: another one with the same signature may have
    left its own facts in the store, so they count only from the inspection of this one.
    """
    parsed, facts = await dossier.parsed(), await dossier.facts()
    wanted = {part.sha256 for part in parsed.parts if part.sha256 and part.decision in READ}
    return not wanted <= facts.keys() or bool(carriers(parsed) and not dossier.just_inspected)


def _changed(case: Case) -> dict[str, PartDecision]:
    """The parts of which the grouping made something else than parse did."""
    before = {file.part.path: file.part.decision for file in case.files}
    grouped = decisions([candidate.entry for candidate in case.candidates])
    return {path: decision for path, decision in grouped.items() if before.get(path) is not decision}


async def _case(mail: Mail, desk: Desk, dossier: Dossier) -> Case:
    parsed, facts, scans = await dossier.parsed(), await dossier.facts(), await dossier.scans()
    waived = await desk.store.waived(mail.id)
    read = tuple(
        Examined(part, facts[part.sha256], scans.get(part.sha256, _UNSCANNED))
        for part in parsed.parts
        if part.sha256 and part.decision in READ
    )
    signing = tuple(
        Examined(part, facts[part.sha256], scans.get(part.sha256, _UNSCANNED))
        for part in carriers(parsed)
        if part.sha256 and part.sha256 in facts
    )
    files = tuple(with_signatures(file, signing) for file in read if file.part.decision in CARRIES_DOCUMENT)
    others = tuple(
        (part.name or f"phần {part.path} của thư", scans.get(part.sha256, _UNSCANNED))
        for part in parsed.parts
        if part.sha256 and part.decision not in CARRIES_DOCUMENT
    )
    authors = parsed.claims.authors
    return Case(
        parsed=parsed,
        raw=mail.raw,
        files=files,
        scans=(*others, ("toàn bộ thư", scans.get(mail.raw.sha256, _UNSCANNED))),
        candidates=await _candidates(mail, await _in_books(files, dossier, desk), waived, desk),
        content=desk.content,
        in_known_thread=bool(await dossier.thread()),
        waived=waived,
        to_report_address=bool(report_tokens(mail, parsed, desk.correspondence)),
        null_path=mail.envelope.transport in WITH_ENVELOPE and not mail.envelope.mail_from,
        authentication=await dossier.authentication(),
        sender=await dossier.party(),
        names_us=any(map(desk.correspondence.is_of_the_office, authors)),
        accept_unknown=desk.senders.accept_unknown,
        gives_orders=await bearer_of(mail, desk, dossier) is not None,
        returned=tuple(file for file in read if file.part.decision is PartDecision.RETURNED),
        carriers=signing,
        agencies=await agencies_with_seals([each for file in files for each in file.facts.signatures], desk),
    )


async def _in_books(files: tuple[Examined, ...], dossier: Dossier, desk: Desk) -> tuple[Entry, ...]:
    """The documents that the files make, each in the book that the rules name."""
    parsed, sender = await dossier.parsed(), await dossier.party()
    author = (await dossier.authentication()).author

    def book_of(entry: Entry) -> str:
        return desk.books.book_of(entry.header, sender, author, parsed.subject)

    return tuple(replace(entry, book=book_of(entry)) for entry in group(files, desk.books.main.code))


async def _candidates(
    mail: Mail, entries: tuple[Entry, ...], waived: frozenset[str], desk: Desk
) -> tuple[Candidate, ...]:
    """Each entry beside what the register has; what a person has declared another document gets keys of its own."""
    found: list[Candidate] = []
    for number, entry in enumerate(entries, 1):
        if any(entry.content_key == before.entry.content_key for before in found):
            continue
        candidate = await _beside_register(entry, [before.entry for before in found], desk)
        if candidate.clash is not None and "duplicate" in waived:
            candidate = Candidate(entry.apart(f"{mail.label}.{number}"))
        found.append(candidate)
    return tuple(found)


async def _beside_register(entry: Entry, before: list[Entry], desk: Desk) -> Candidate:
    if any(entry.identity_key is not None and entry.identity_key == other.identity_key for other in before):
        return Candidate(entry, clash="Hai văn bản trong thư có cùng số, ký hiệu và cơ quan ban hành.")
    known = [
        (document, {file.sha256 for file in document.files})
        for document in await desk.store.registered_as(entry.content_key, entry.identifier_key)
    ]
    mine = {file.sha256 for file in entry.files}
    # A repeat of any of them comes before a likeness to another: a replacement once accepted may be sent again.
    for document, theirs in known:
        if mine <= theirs:
            return Candidate(entry, repeats=document.id, known=_place(document))
    for document, theirs in known:
        if entry.files[0].sha256 in theirs:
            clash = "Văn bản này đã có trong sổ, nhưng lần này thư có thêm tệp chưa có."
            return Candidate(entry, clash=clash, known=_place(document))
        if may_be_same(entry.header, document.header):
            clash = "Số, ký hiệu trùng với một văn bản đã có trong sổ, nhưng nội dung tệp khác."
            return Candidate(entry, clash=clash, known=_place(document))
    return Candidate(entry)


def _place(document: Document) -> str:
    number, day = f"{document.arrival_number}/{document.year}", f"{local(document.registered_at):%d/%m/%Y}"
    return f"Đã vào sổ: {document.label}, số đến {number}, ngày {day}."
