"""Apply the regulation to the facts of a mail; the verdict is kept, nothing is done yet."""

from __future__ import annotations

from dataclasses import replace

from gateway.clock import local
from gateway.model.facts import Scan, ScanVerdict
from gateway.model.mail import WITH_ENVELOPE, Mail, MailStage
from gateway.model.part import CARRIES_DOCUMENT, READ, PartDecision
from gateway.policy.case import Case, Examined
from gateway.policy.grouping import Grouped, decisions, group
from gateway.policy.judgement import judge as judgement
from gateway.policy.signing.parts import carriers, with_signatures
from gateway.policy.sources.confront import Confronted, confront
from gateway.policy.sources.counts import differences
from handlers.bearer import bearer_of
from handlers.beside_register import candidates
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
    case, grouped = await _case(mail, desk, dossier)
    verdict = judgement(case)
    async with desk.store.begin() as unit:
        await unit.keep_verdict(mail.id, verdict)
        await unit.decide_parts(mail.id, _changed(case, grouped))
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


def _changed(case: Case, grouped: tuple[Grouped, ...]) -> dict[str, tuple[PartDecision, str]]:
    """The parts of which the grouping made something else than parse did, or more than parse could say."""
    before = {file.part.path: (file.part.decision, file.part.reason) for file in case.files}
    return {path: decided for path, decided in decisions(grouped).items() if before.get(path) != decided}


async def _case(mail: Mail, desk: Desk, dossier: Dossier) -> tuple[Case, tuple[Grouped, ...]]:
    """All that the rules are applied to, and how the files were grouped."""
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
    documents = await _documents(mail, files, dossier, desk)
    case = Case(
        parsed=parsed,
        raw=mail.raw,
        files=files,
        scans=(*others, ("toàn bộ thư", scans.get(mail.raw.sha256, _UNSCANNED))),
        candidates=await candidates(mail, documents, waived, desk),
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
        differences=tuple(differences(documents, files, parsed)),
    )
    return case, tuple(document.grouped for document in documents)


async def _documents(mail: Mail, files: tuple[Examined, ...], dossier: Dossier, desk: Desk) -> tuple[Confronted, ...]:
    """The documents that the files make, as all sources give them, each in the book that the rules name."""
    parsed, sender = await dossier.parsed(), await dossier.party()
    author = (await dossier.authentication()).author

    def placed(document: Confronted) -> Confronted:
        entry = document.grouped.entry
        book = desk.books.book_of(entry.header, sender, author, parsed.subject)
        return replace(document, grouped=replace(document.grouped, entry=replace(entry, book=book)))

    received = local(mail.received_at).date()
    return tuple(map(placed, confront(group(files, parsed.exchanges), parsed, mail.raw.sha256, received)))
