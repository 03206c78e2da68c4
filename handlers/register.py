"""The one place that acts on a verdict: entry, notices, journal and the mail's end, in one transaction."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime

from gateway.clock import local
from gateway.errors import AlreadyRegistered
from gateway.model.document import Document
from gateway.model.journal import NewEvent
from gateway.model.mail import Mail, MailStage
from gateway.model.notice import NoticeKind, OwedNotice
from gateway.model.part import ParsedMail
from gateway.model.verdict import Disposition, Verdict
from gateway.ports import Unit
from handlers.desk import Correspondence, Desk
from handlers.dossier import Dossier

log = logging.getLogger(__name__)


async def register(mail: Mail, desk: Desk, dossier: Dossier) -> Mail:
    """From `judged` to an end state. Where another mail was faster with the same document, judge again."""
    verdict, parsed = await dossier.verdict(), await dossier.parsed()
    sender = answerable(mail, parsed, desk.correspondence)
    try:
        async with desk.store.begin() as unit:
            moved, entered = await _act(mail, verdict, sender, unit, desk)
    except AlreadyRegistered:
        async with desk.store.begin() as unit:
            return await unit.move(mail, MailStage.INSPECTED)
    for document in entered:
        ids = {"mail": mail.label, "document": document.label, "arrival_number": document.arrival_number}
        log.info("document registered", extra=ids)
    return moved


async def _act(
    mail: Mail, verdict: Verdict, sender: tuple[str, ...], unit: Unit, desk: Desk
) -> tuple[Mail, list[Document]]:
    """The mail at its end, and the documents entered."""
    match verdict.disposition:
        case Disposition.REGISTER:
            return await _enter(mail, verdict, sender, unit, desk)
        case Disposition.NOTE:
            return await _end(mail, MailStage.NOTED, verdict, unit, desk), []
        case Disposition.REFUSE:
            await owe(NoticeKind.REFUSAL, mail, sender, unit, desk)
            return await _end(mail, MailStage.REFUSED, verdict, unit, desk), []
        case Disposition.HOLD:
            await owe(NoticeKind.HOLD, mail, sender, unit, desk)
            await owe(NoticeKind.CLERK_ATTENTION, mail, desk.correspondence.clerks, unit, desk)
            return await _end(mail, MailStage.HELD, verdict, unit, desk), []


async def _enter(
    mail: Mail, verdict: Verdict, sender: tuple[str, ...], unit: Unit, desk: Desk
) -> tuple[Mail, list[Document]]:
    now = desk.clock.now()
    documents: list[int] = []
    entered: list[Document] = []
    for judged in verdict.entries:
        if judged.repeats is not None:
            await unit.link_repeat(mail.id, judged.repeats)
            documents.append(judged.repeats)
            continue
        document = await unit.register(mail, judged.entry, now, local(now).year)
        entered.append(document)
        documents.append(document.id)
        data = {"book": document.book, "year": document.year, "arrival_number": document.arrival_number}
        await unit.record(NewEvent("document.registered", "gateway", "pipeline", mail.id, document.id, data), now)
    kind = NoticeKind.RECEIPT if entered else NoticeKind.REPEAT
    await owe(kind, mail, sender, unit, desk, documents)
    if entered:
        ids = [document.id for document in entered]
        await owe(NoticeKind.CLERK_DOCUMENT, mail, desk.correspondence.clerks, unit, desk, ids)
    stage = MailStage.REGISTERED if entered else MailStage.NOTED
    return await _end(mail, stage, verdict, unit, desk), entered


async def _end(mail: Mail, stage: MailStage, verdict: Verdict, unit: Unit, desk: Desk) -> Mail:
    data = {"rules": sorted({f"{finding.rule}:{finding.outcome.value}" for finding in verdict.findings})}
    await unit.record(NewEvent(f"mail.{stage.value}", "gateway", "pipeline", mail.id, data=data), desk.clock.now())
    return await unit.move(mail, stage)


def answerable(mail: Mail, parsed: ParsedMail, to: Correspondence) -> tuple[str, ...]:
    """The reverse-path alone is answered (RFC 3834 section 4); never the null one, automatic mail, or ourselves."""
    sender = mail.envelope.mail_from
    local_part, _, domain = sender.lower().rpartition("@")
    ours = f"{local_part.partition('+')[0]}@{domain}" in to.own_addresses
    return () if not sender or parsed.automatic or ours else (sender,)


async def owe(
    kind: NoticeKind,
    mail: Mail,
    recipients: tuple[str, ...],
    unit: Unit,
    desk: Desk,
    documents: Sequence[int] = (),
) -> None:
    """Put a notice for each recipient into the outbox."""
    now = desk.clock.now()
    for recipient in recipients:
        notice = OwedNotice(
            kind=kind,
            recipient=recipient,
            message_id=_message_id(kind, mail, recipient, now, desk.correspondence.message_domain),
            mail_id=mail.id,
            document_ids=tuple(documents),
        )
        await unit.owe(notice, now)


def _message_id(kind: NoticeKind, mail: Mail, recipient: str, now: datetime, domain: str) -> str:
    """One answer to a mail, whenever and however often it is decided; an alarm each time there is cause for one."""
    occasion = f"{mail.stage.value} {now.isoformat()}" if kind is NoticeKind.CLERK_ATTENTION else ""
    identity = (kind.value, mail.envelope.transport, mail.envelope.transport_id, mail.raw.sha256, recipient, occasion)
    digest = hashlib.sha256("\n".join(identity).encode("utf-8", "surrogatepass")).hexdigest()[:24]
    return f"<{kind.value}.{mail.label.lower()}.{digest}@{domain}>"
