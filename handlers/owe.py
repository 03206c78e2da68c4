"""Put notices into the outbox: answers to senders, tasks for the clerks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from gateway.model.authentication import Authentication
from gateway.model.document import Document
from gateway.model.journal import NewEvent
from gateway.model.mail import Mail
from gateway.model.notice import NoticeKind, OwedNotice
from gateway.model.part import ParsedMail
from gateway.policy.sender import answer_address
from gateway.ports import Unit
from handlers.alarm import hour, message_id_of, tell_of_answers_stopped, tell_of_more_held
from handlers.conversation import give_mail_token, give_tokens
from handlers.desk import Correspondence, Desk
from handlers.report import report_tokens

_CHEAP = (NoticeKind.REPEAT, NoticeKind.REFUSAL, NoticeKind.HOLD, NoticeKind.SEALED)
"""Answers that a machine could draw from us for ever with nothing in hand."""
_EARNED = (NoticeKind.RECEIPT,)
"""There is a new document behind each; even so a machine may send one to answer the last."""
_MORE = 10
"""So many times the answers of one address may go to its domain, and so many times the cheap ones may be earned."""
_A_DAY = timedelta(days=1)


def answerable(mail: Mail, parsed: ParsedMail, authentication: Authentication | None, to: Correspondence) -> str | None:
    """Where an answer to this mail may go (RFC 3834): never to the null reverse-path, machines, or ourselves.

    Nor to an address that was not proved: it may be somebody's who never wrote to us.
    """
    if authentication is None or parsed.automatic or report_tokens(mail, parsed, to):
        return None
    address = answer_address(authentication)
    return None if not address or to.is_ours(address) else address


async def owe_answer(
    kind: NoticeKind,
    mail: Mail,
    recipient: str | None,
    unit: Unit,
    desk: Desk,
    documents: Sequence[int] = (),
    *,
    entered: Sequence[Document] = (),
    correspondent: str | None = None,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Answer the sender, if he may be answered and has not had a day's answers; the clerk hears of that.

    To what he brought that was `entered` the `correspondent` may reply, if it is one document: to ask for it back, or
    how it stands.
    """
    if recipient is None:
        return
    cheap = kind in _CHEAP
    limit = desk.correspondence.answers_per_day * (1 if cheap else _MORE)
    now = desk.clock.now()
    same, domain = await unit.count_notices(recipient, _CHEAP if cheap else _EARNED, now - _A_DAY)
    if same >= limit or domain >= limit * _MORE:
        await tell_of_answers_stopped(mail, recipient, same, unit, desk)
        data = {"notice": kind.value, "to": recipient}
        await unit.record(NewEvent("answer.withheld", "gateway", "pipeline", mail.id, data=data), now)
        return
    (message_id,) = await owe(kind, mail, (recipient,), unit, desk, documents, facts=facts)
    if correspondent is not None and len(entered) == 1 == len(documents):
        await give_tokens(entered[0], correspondent, message_id, unit, desk)


async def owe(
    kind: NoticeKind,
    mail: Mail,
    recipients: Sequence[str],
    unit: Unit,
    desk: Desk,
    documents: Sequence[int] = (),
    *,
    occasion: str = "",
    facts: Mapping[str, Any] | None = None,
) -> list[str]:
    """Owe each recipient a notice about this mail, once for each occasion however often it is decided; their ids."""
    now, owed = desk.clock.now(), []
    for recipient in recipients:
        identity = (mail.envelope.transport, mail.envelope.transport_id, mail.raw.sha256, recipient, occasion)
        message_id = message_id_of(f"{kind.value}.{mail.label.lower()}", (kind.value, *identity), desk)
        await unit.owe(OwedNotice(kind, recipient, message_id, mail.id, tuple(documents), facts=facts or {}), now)
        owed.append(message_id)
    return owed


async def owe_clerk_attention(mail: Mail, unit: Unit, desk: Desk, *, series: str = "") -> None:
    """Tell the clerks that a mail was set aside: each time there is cause; of a `series` at its first mail in an hour,
    and when that is over, that there were more.
    """
    now, clerks, kind = desk.clock.now(), desk.correspondence.clerks, NoticeKind.CLERK_ATTENTION
    if not series:
        message_ids = await owe(kind, mail, clerks, unit, desk, occasion=f"{mail.stage.value} {now.isoformat()}")
        for clerk, message_id in zip(clerks, message_ids, strict=True):
            await give_mail_token(mail.id, clerk, message_id, unit, desk)
        return
    more = False
    for clerk in clerks:
        message_id = message_id_of(kind.value, (kind.value, series, hour(now), clerk), desk)
        new = await unit.owe(OwedNotice(kind, clerk, message_id, mail.id), now)
        if new:
            await give_mail_token(mail.id, clerk, message_id, unit, desk)
        more |= not new
    if more:
        await tell_of_more_held(mail, series, unit, desk)
