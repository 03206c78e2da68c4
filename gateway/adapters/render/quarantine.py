"""Mails that were set aside, as the notices show them that ask a clerk about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.adapters.render.view import withheld
from gateway.adapters.render.work import OfferView, offer_view
from gateway.model.mail import MailStage
from gateway.model.wording import STAGE_WORDS, WAIT_WORDS
from gateway.ports import NoticeContext, Pending


@dataclass(frozen=True, slots=True)
class PendingView:
    """One mail with what may be decided about it; `withheld` says why its subject is not told.

    `standing` is how it stands against the two hours, `is_late` whether they are over.
    """

    label: str
    state: str
    is_dead: bool
    sender: str
    subject: str
    withheld: str
    received_at: datetime
    standing: str
    is_late: bool
    rules: str
    reply_to: str
    offers: tuple[OfferView, ...]


def pendings_of(context: NoticeContext, raw: NoticeContext) -> tuple[PendingView, ...]:
    """The mails of a cleaned context in their order; `raw` still has the line ends of the replies."""
    message_id = context.notice.owed.message_id
    pairs = zip(context.pendings, raw.pendings, strict=True)
    return tuple(_view(pending, uncleaned, message_id) for pending, uncleaned in pairs)


def subject_of_mail(label: str) -> str:
    """The subject of what is written about one mail that was set aside, beside its first notice."""
    return f"Thư {label}"


def confirming_mail(context: NoticeContext) -> OfferView | None:
    """The one button of a mail that asks to confirm a decision about a mail."""
    pending = context.pendings[0] if len(context.pendings) == 1 else None
    if pending is None or not pending.reply_to:
        return None
    subject = subject_of_mail(pending.mail.label)
    return offer_view("Xác nhận", "Xác nhận", pending.reply_to, subject, context.notice.owed.message_id)


def _view(pending: Pending, raw: Pending, message_id: str) -> PendingView:
    mail, parsed, reply_to = pending.mail, pending.parsed, pending.reply_to or ""
    why = withheld(mail, pending.verdict)
    waits = f", đang chờ {WAIT_WORDS.get(mail.waiting_for, mail.waiting_for)}" if mail.waiting_for else ""
    subject = subject_of_mail(mail.label)
    return PendingView(
        label=mail.label,
        state=f"{STAGE_WORDS[mail.stage]}{waits}",
        is_dead=mail.stage is MailStage.DEAD,
        sender=(parsed.sender if parsed else "") or mail.envelope.mail_from,
        subject=parsed.subject if parsed and not why else "",
        withheld=why,
        received_at=mail.received_at,
        standing=pending.standing,
        is_late="quá hạn" in pending.standing,
        rules="; ".join(pending.rules),
        reply_to=reply_to,
        offers=tuple(offer_view(each.label, each.reply, reply_to, subject, message_id) for each in raw.offers),
    )
