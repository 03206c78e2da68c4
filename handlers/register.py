"""The one place that acts on a verdict: entry, notices, journal and the mail's end, in one transaction."""

from __future__ import annotations

import hashlib
import logging

from gateway.clock import local
from gateway.errors import AlreadyRegistered
from gateway.model.document import Document
from gateway.model.journal import NewEvent
from gateway.model.mail import Mail, MailStage
from gateway.model.notice import NoticeKind, OwedNotice
from gateway.model.verdict import Disposition, Verdict
from gateway.ports import Unit
from handlers.desk import Correspondence, Desk

log = logging.getLogger(__name__)


async def register(mail: Mail, desk: Desk) -> Mail:
    """From `judged` to an end state. Where another mail was faster with the same document, judge again."""
    verdict = await desk.store.verdict(mail.id)
    if verdict is None:
        raise LookupError(f"{mail.label} has no verdict on record")
    try:
        async with desk.store.begin() as unit:
            moved, entered = await _act(mail, verdict, unit, desk)
    except AlreadyRegistered:
        async with desk.store.begin() as unit:
            return await unit.move(mail, MailStage.INSPECTED)
    for document in entered:
        ids = {"mail": mail.label, "document": document.label, "arrival_number": document.arrival_number}
        log.info("document registered", extra=ids)
    return moved


async def _act(mail: Mail, verdict: Verdict, unit: Unit, desk: Desk) -> tuple[Mail, list[Document]]:
    """The mail at its end, and the documents entered."""
    to = desk.correspondence
    match verdict.disposition:
        case Disposition.REGISTER:
            return await _enter(mail, verdict, unit, desk)
        case Disposition.NOTE:
            return await _end(mail, MailStage.NOTED, unit, desk), []
        case Disposition.REFUSE:
            await owe_refusal(mail, unit, desk)
            return await _end(mail, MailStage.REFUSED, unit, desk), []
        case Disposition.HOLD:
            await _owe(NoticeKind.HOLD, mail, _answer_to(mail, to), unit, desk)
            await _owe(NoticeKind.CLERK_ATTENTION, mail, to.clerks, unit, desk)
            return await _end(mail, MailStage.HELD, unit, desk), []


async def _enter(mail: Mail, verdict: Verdict, unit: Unit, desk: Desk) -> tuple[Mail, list[Document]]:
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
    await _owe(kind, mail, _answer_to(mail, desk.correspondence), unit, desk, documents)
    if entered:
        ids = [document.id for document in entered]
        await _owe(NoticeKind.CLERK_DOCUMENT, mail, desk.correspondence.clerks, unit, desk, ids)
    return await _end(mail, MailStage.REGISTERED if entered else MailStage.NOTED, unit, desk), entered


async def owe_refusal(mail: Mail, unit: Unit, desk: Desk) -> None:
    """Put the refusal into the outbox, where its sender may be answered."""
    await _owe(NoticeKind.REFUSAL, mail, _answer_to(mail, desk.correspondence), unit, desk)


async def _end(mail: Mail, stage: MailStage, unit: Unit, desk: Desk) -> Mail:
    await unit.record(NewEvent(f"mail.{stage.value}", "gateway", "pipeline", mail.id), desk.clock.now())
    return await unit.move(mail, stage)


def _answer_to(mail: Mail, to: Correspondence) -> tuple[str, ...]:
    """The reverse-path alone is answered (RFC 3834 section 4); never the null one, never ourselves."""
    sender = mail.envelope.mail_from
    return (sender,) if sender and sender.lower() not in to.own_addresses else ()


async def _owe(
    kind: NoticeKind,
    mail: Mail,
    recipients: tuple[str, ...],
    unit: Unit,
    desk: Desk,
    documents: list[int] | None = None,
) -> None:
    for recipient in recipients:
        notice = OwedNotice(
            kind=kind,
            recipient=recipient,
            message_id=message_id(kind, mail, recipient, desk.correspondence.message_domain),
            mail_id=mail.id,
            document_ids=tuple(documents or ()),
        )
        await unit.owe(notice, desk.clock.now())


def message_id(kind: NoticeKind, mail: Mail, recipient: str, domain: str) -> str:
    """The same for the same notice of the same mail, whenever and however often it is decided."""
    seed = f"{kind.value}\n{mail.envelope.transport}\n{mail.envelope.transport_id}\n{mail.raw.sha256}\n{recipient}"
    digest = hashlib.sha256(seed.encode()).hexdigest()[:24]
    return f"<{kind.value}.{mail.label.lower()}.{digest}@{domain}>"
