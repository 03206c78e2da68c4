"""Who gives orders by a mail: what he bears as authority, looked up before the act and looked at again within it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.clock import local
from gateway.model.authentication import Judge
from gateway.model.directory import address_key
from gateway.model.mail import WITH_ENVELOPE, Mail, MailKind
from gateway.model.notice import Notice, NoticeKind
from gateway.model.part import CARRIES_DOCUMENT, ParsedMail
from gateway.policy.staff import Actor
from handlers.conversation import tokens_in
from handlers.desk import Desk
from handlers.dossier import Dossier
from handlers.report import report_tokens
from handlers.staff import staff_of

_BY_PEOPLE = frozenset({MailKind.REPLY, MailKind.DOCUMENT})
_ASK_ABOUT_MAIL = frozenset(
    {NoticeKind.CLERK_ATTENTION, NoticeKind.QUARANTINE_DIGEST, NoticeKind.TRANSCRIPT, NoticeKind.CONFIRM}
)


@dataclass(frozen=True, slots=True)
class Bearer:
    """The proved author of a mail with orders. `actor` is None for an agency that was given a token.

    `borrowed` is true where the mail came from the account of somebody else of the staff, who may not write as him.
    `tokens` are those the mail bears, unread; `thread` the documents of those notices to this very author that it
    answers, `mails` the mails set aside that they ask him about.
    """

    author: str
    actor: Actor | None
    tokens: tuple[str, ...]
    thread: frozenset[int]
    borrowed: bool = False
    mails: frozenset[int] = frozenset()


async def bearer_of(mail: Mail, desk: Desk, dossier: Dossier) -> Bearer | None:
    """Who gives orders by this mail; None where it is to be taken like any other.

    One of the staff gives orders by any reply to us, and is told so if he may not. An agency does by a reply with a
    token of its own that brings no document; whatever else it bears, its mail is judged as if it bore nothing. So is
    that of machines, and what a person put in by hand: he vouches for the file, not for who wrote it.
    """
    parsed, found = await dossier.parsed(), await dossier.authentication()
    author = address_key(found.author) if found.author else ""
    if not author or not found.proved or found.judge is Judge.OPERATOR or not written_by_somebody(mail, parsed, desk):
        return None
    tokens = borne_tokens(mail, parsed, desk)
    thread = await dossier.thread()
    if not tokens and not thread:
        return None
    own = [notice for notice in thread if address_key(notice.owed.recipient) == author]
    staff, day = await staff_of(desk), local(desk.clock.now()).date()
    actor = staff.actor(author, day)
    if actor is None:
        brings_document = any(part.sha256 and part.decision in CARRIES_DOCUMENT for part in parsed.parts)
        given = [await desk.store.token(token) for token in tokens]
        if brings_document or not any(token is not None and token.address == author for token in given):
            return None
    account = staff.actor(found.reverse_path, day) if actor and found.reverse_path else None
    documents = frozenset(document_id for notice in own for document_id in notice.owed.document_ids)
    mails = await _mails_asked_about(own, desk)
    return Bearer(author, actor, tokens, documents, borrowed=_is_borrowed(actor, account), mails=mails)


async def _mails_asked_about(notices: Sequence[Notice], desk: Desk) -> frozenset[int]:
    """The mails set aside that notices gave their reader a token for."""
    asking = (notice.owed.message_id for notice in notices if notice.owed.kind in _ASK_ABOUT_MAIL)
    found = [token.mail_id for message_id in asking for token in await desk.store.tokens_with(message_id)]
    return frozenset(mail_id for mail_id in found if mail_id is not None)


def _is_borrowed(author: Actor | None, account: Actor | None) -> bool:
    """Whether another's account sent the mail: his deputy, or who shares a mailbox of his office, may write as he."""
    if author is None or account is None or account.code == author.code:
        return False
    held = {(standing.role, standing.unit) for standing in account.standings}
    return not {(standing.role, standing.unit) for standing in author.standings} <= held


def written_by_somebody(mail: Mail, parsed: ParsedMail, desk: Desk) -> bool:
    """Whether a person may be behind a mail: no machine says it is one, and it bears no sign that only they bear."""
    if parsed.automatic or parsed.kind not in _BY_PEOPLE or report_tokens(mail, parsed, desk.correspondence):
        return False
    return bool(mail.envelope.mail_from) or mail.envelope.transport not in WITH_ENVELOPE


def borne_tokens(mail: Mail, parsed: ParsedMail, desk: Desk) -> tuple[str, ...]:
    """The reply tokens in the addresses and threads of a mail."""
    return tokens_in((*mail.envelope.recipients, *parsed.addressed), parsed.in_reply_to, desk.correspondence)
