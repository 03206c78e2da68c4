"""The one place that acts on a verdict: entry, notices, journal and the mail's end, in one transaction."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from gateway.clock import local
from gateway.errors import AlreadyRegistered
from gateway.model.authentication import Authentication
from gateway.model.directory import Party, address_key
from gateway.model.docket import Approval, Declared, DocumentState, Submission
from gateway.model.document import Document, Link
from gateway.model.finding import Outcome
from gateway.model.journal import NewEvent
from gateway.model.mail import Mail, MailStage
from gateway.model.notice import Notice, NoticeKind
from gateway.model.part import ParsedMail
from gateway.model.verdict import Disposition, JudgedEntry, Verdict
from gateway.policy.sender import IMPERSONATION, UNCHECKED_SENDER, UNKNOWN_SENDER, correspondent
from gateway.policy.staff import Staff
from gateway.policy.submission import declared_as_submission
from gateway.ports import Unit
from handlers.alarm import tell_of_impersonation, tell_of_misuse
from handlers.apply import apply_orders
from handlers.bearer import Bearer, bearer_of, borne_tokens, written_by_somebody
from handlers.desk import Desk
from handlers.dossier import Dossier
from handlers.enter import begin_work
from handlers.forward import answered
from handlers.owe import answerable, owe_answer, owe_clerk_attention
from handlers.paper import paper_of
from handlers.report import apply_report, notices_meant
from handlers.seal import seal
from handlers.staff import staff_of
from handlers.transcript import Written

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Matter:
    """A judged mail with all that acting on it needs. `answer_to` is None where nobody may be answered.

    `bearer` is who gives orders by it, `borne` the tokens for replies that it bears.
    """

    mail: Mail
    parsed: ParsedMail
    verdict: Verdict
    authentication: Authentication
    party: Party | None
    answer_to: str | None
    thread: tuple[Notice, ...]
    reported: tuple[Notice, ...]
    bearer: Bearer | None
    borne: tuple[str, ...]
    staff: Staff


async def register(mail: Mail, desk: Desk, dossier: Dossier) -> Mail:
    """From `judged` to an end state. Where another mail was faster with the same document, judge again."""
    if (await dossier.verdict()).disposition is Disposition.SEAL:
        return await seal(mail, desk, dossier)
    parsed, authentication = await dossier.parsed(), await dossier.authentication()
    matter = _Matter(
        mail=mail,
        parsed=parsed,
        verdict=await dossier.verdict(),
        authentication=authentication,
        party=await dossier.party(),
        answer_to=answerable(mail, parsed, authentication, desk.correspondence),
        thread=await dossier.thread(),
        reported=tuple(await notices_meant(mail, parsed, desk)),
        bearer=await bearer_of(mail, desk, dossier),
        borne=borne_tokens(mail, parsed, desk),
        staff=await staff_of(desk),
    )
    try:
        async with desk.store.begin() as unit:
            await unit.file_on_thread(mail.id, [notice.id for notice in (*matter.thread, *matter.reported)])
            moved, entered = await _act(matter, unit, desk)
    except AlreadyRegistered:
        async with desk.store.begin() as unit:
            return await unit.move(mail, MailStage.INSPECTED)
    if moved.stage is MailStage.APPLIED:
        # A decision may have sent another mail back to work.
        desk.wake()
    for document in entered:
        ids = {"mail": mail.label, "document": document.label, "arrival_number": document.arrival_number}
        log.info("document registered", extra=ids)
    return moved


async def _act(matter: _Matter, unit: Unit, desk: Desk) -> tuple[Mail, list[Document]]:
    """The mail at its end, and the documents entered."""
    mail, answer_to = matter.mail, matter.answer_to
    await _deny_tokens(matter, unit, desk)
    match matter.verdict.disposition:
        case Disposition.REGISTER:
            return await _enter(matter, unit, desk)
        case Disposition.APPLY:
            if matter.bearer is None:
                # Who could give orders when the mail was judged is out of the directory by now.
                return await unit.move(mail, MailStage.INSPECTED), []
            await apply_orders(Written(mail, matter.parsed, matter.bearer), matter.staff, unit, desk)
            return await _end(matter, MailStage.APPLIED, unit, desk), []
        case Disposition.NOTE:
            await apply_report(mail, matter.parsed, matter.reported, unit, desk)
            return await _end(matter, MailStage.NOTED, unit, desk), []
        case Disposition.REFUSE:
            await owe_answer(NoticeKind.REFUSAL, mail, answer_to, unit, desk)
            return await _end(matter, MailStage.REFUSED, unit, desk), []
        case Disposition.HOLD:
            await _hold(matter, unit, desk)
            return await _end(matter, MailStage.HELD, unit, desk), []
        case Disposition.SEAL:
            raise ValueError(f"{mail.label} is to be sealed before anything is done by it")


async def _deny_tokens(matter: _Matter, unit: Unit, desk: Desk) -> None:
    """Note that a mail which gives no orders bore tokens of others, or none that were given, and tell the IT staff.

    Whichever they are, the mail itself fares as if it bore none. Machines return what they were sent, and of an
    impersonation IT hears anyway; others in a name that was not proved are one series.
    """
    mail, found, now = matter.mail, matter.authentication, desk.clock.now()
    if not matter.borne or matter.verdict.disposition is Disposition.APPLY:
        return
    if not written_by_somebody(mail, matter.parsed, desk):
        return
    author = address_key(found.author) if found.proved else ""
    held = matter.verdict.disposition is Disposition.HOLD
    given = [await unit.token(token) for token in matter.borne]
    own = author and any(token is not None and token.address == author for token in given)
    if own and not held:
        return
    data = {"cause": "sender", "tokens": len(matter.borne)}
    await unit.record(NewEvent("orders.denied", found.author or "unknown", "reply", mail.id, data=data), now)
    rules = {finding.rule for finding in matter.verdict.findings if finding.outcome is Outcome.HOLD}
    if not own and not rules & {IMPERSONATION, UNCHECKED_SENDER}:
        await tell_of_misuse(mail, author, "", unit, desk)


async def _hold(matter: _Matter, unit: Unit, desk: Desk) -> None:
    """Tell the sender, if he may be told, and the clerk; of a suspected impersonation the IT staff too.

    Mails of strangers come in swarms, and so do those in a name that is misused: the clerk hears of each kind once an
    hour. So he does of what comes from the office itself, where a responder may answer whatever he is told.
    """
    mail, found = matter.mail, matter.authentication
    await owe_answer(NoticeKind.HOLD, mail, matter.answer_to, unit, desk)
    await apply_report(mail, matter.parsed, matter.reported, unit, desk)
    held = {finding.rule for finding in matter.verdict.findings if finding.outcome is Outcome.HOLD}
    author = found.author.lower()
    name = matter.party.code if matter.party else "own"
    if IMPERSONATION in held:
        await owe_clerk_attention(mail, unit, desk, series=f"{IMPERSONATION} {name}")
        await tell_of_impersonation(mail, name, found, unit, desk)
    elif author in desk.correspondence.office:
        await owe_clerk_attention(mail, unit, desk, series=f"office {author}")
    elif UNCHECKED_SENDER in held:
        await owe_clerk_attention(mail, unit, desk, series=UNCHECKED_SENDER)
    elif UNKNOWN_SENDER in held:
        proved = f"{UNKNOWN_SENDER} {author.rpartition('@')[2]}" if matter.answer_to else UNKNOWN_SENDER
        await owe_clerk_attention(mail, unit, desk, series=proved)
    else:
        await owe_clerk_attention(mail, unit, desk)


async def _enter(matter: _Matter, unit: Unit, desk: Desk) -> tuple[Mail, list[Document]]:
    mail = matter.mail
    documents: list[int] = []
    entered: list[Document] = []
    sender = _brought_by(matter)
    for judged in matter.verdict.entries:
        if judged.repeats is not None:
            await _repeat(judged.repeats, mail, unit)
            documents.append(judged.repeats)
            continue
        document = await _number(judged, matter, sender, unit, desk)
        entered.append(document)
        documents.append(document.id)
    kind = NoticeKind.RECEIPT if entered else NoticeKind.REPEAT
    await owe_answer(
        kind, mail, matter.answer_to, unit, desk, documents, entered=entered, correspondent=_correspondent(matter)
    )
    for document in entered:
        await begin_work(document, matter.staff, unit, desk)
    if entered:
        await answered(entered, matter.thread, matter.authentication.author, unit, desk)
    stage = MailStage.REGISTERED if entered else MailStage.NOTED
    return await _end(matter, stage, unit, desk), entered


async def _repeat(document_id: int, mail: Mail, unit: Unit) -> None:
    """Note it; raises AlreadyRegistered, to be judged anew, where the document was recalled or voided meanwhile."""
    if (await unit.docket(document_id)).state in {DocumentState.RECALLED, DocumentState.VOIDED}:
        raise AlreadyRegistered(f"D{document_id}")
    await unit.link_repeat(mail.id, document_id)


async def _number(judged: JudgedEntry, matter: _Matter, sender: str, unit: Unit, desk: Desk) -> Document:
    """Enter one document under the next number; one meant for the province is declared so."""
    now, mail, parsed = desk.clock.now(), matter.mail, matter.parsed
    declared = declared_as_submission(
        parsed.subject, parsed.authored.text, _ours(matter, desk), judged.entry.header, desk.work.submissions
    )
    paper = await paper_of(judged.entry.header, judged.entry.files, matter.party, mail.received_at, desk)
    document = await unit.register(
        mail,
        judged.entry,
        now,
        local(now).year,
        sender,
        answer_to=_correspondent(matter),
        submission=_submission(declared, desk) if declared else None,
        paper=paper,
    )
    await unit.link([Link(document.id, other, kind) for other, kind in judged.links])
    data: dict[str, object] = {
        "book": document.book,
        "year": document.year,
        "arrival_number": document.arrival_number,
    }
    if judged.links:
        data["links"] = [f"{kind.value} D{other}" for other, kind in judged.links]
    data["paper"] = paper.duty.value
    if declared is not None:
        data["submission"] = declared.value
    await unit.record(NewEvent("document.registered", "gateway", "pipeline", mail.id, document.id, data), now)
    return document


def _correspondent(matter: _Matter) -> str | None:
    """Who hears of the work on what the mail brought, and may give orders about it; nobody where none is answered."""
    return correspondent(matter.authentication) if matter.answer_to else None


def _submission(declared: Declared, desk: Desk) -> Submission:
    required = desk.work.rules.approval_required
    return Submission(declared, Approval.PENDING if required else Approval.NOT_REQUIRED)


def _ours(matter: _Matter, desk: Desk) -> tuple[str, ...]:
    """The addresses of our own, plus parts and all, that the mail came to."""
    addressed = (*matter.mail.envelope.recipients, *matter.parsed.addressed)
    return tuple(address for address in addressed if desk.correspondence.is_ours(address))


def _brought_by(matter: _Matter) -> str:
    return matter.answer_to or matter.authentication.author or matter.mail.envelope.mail_from


async def _end(matter: _Matter, stage: MailStage, unit: Unit, desk: Desk) -> Mail:
    mail = matter.mail
    data = {"rules": sorted({f"{finding.rule}:{finding.outcome.value}" for finding in matter.verdict.findings})}
    await unit.record(NewEvent(f"mail.{stage.value}", "gateway", "pipeline", mail.id, data=data), desk.clock.now())
    return await unit.move(mail, stage)
