"""Notices about the work on a document, or about a mail that was set aside, with the tokens they give their reader."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from gateway.model.act import Order
from gateway.model.directory import address_key
from gateway.model.document import Document
from gateway.model.mail import Mail
from gateway.model.notice import NoticeKind, OwedNotice
from gateway.model.quarantine import Ruling
from gateway.model.token import Purpose, ThreadToken
from gateway.policy.delivery import reverse_path_with, token_in
from gateway.policy.quarantine import holding_rules
from gateway.ports import Unit
from handlers.alarm import message_id_of
from handlers.desk import Correspondence, Desk

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_LENGTH = 26
_AN_HOUR = timedelta(hours=1)
_TOGETHER = timedelta(minutes=15)
"""So long at most a task waits for others: the clerk has two hours for a document (Điều 3 khoản 4)."""
_TASKS = (NoticeKind.CLERK_DOCUMENT, NoticeKind.TASK, NoticeKind.REMINDER)


def new_token() -> str:
    """130 random bits in letters that survive as a local part, whatever case a server gives them."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def reply_address(token: str, to: Correspondence) -> str:
    """Where the reply that bears this token goes; the same for all where the mail server takes no plus part."""
    return reverse_path_with(to.reply_to, token)


def reference_of(token: str, to: Correspondence) -> str:
    """The token as a Message-ID, which mail programs carry along in References (RFC 5322 section 3.6.4)."""
    return f"<r-{token}@{to.message_domain}>"


def tokens_in(addresses: tuple[str, ...], references: tuple[str, ...], to: Correspondence) -> tuple[str, ...]:
    """The reply tokens that a mail bears, each once, those of its addresses first."""
    by_address = (token_in(address, to.reply_to) for address in addresses) if "*" in to.reply_to else ()
    pattern = reference_of("*", to)
    by_reference = (token_in(reference, pattern) for reference in references)
    return tuple(dict.fromkeys(token for token in (*by_address, *by_reference) if token))


def root_of(document: Document, to: Correspondence) -> str:
    """The Message-ID that no mail has and all mails about a document name, so that they stand together."""
    digest = hashlib.sha256(document.token.encode()).hexdigest()[:16]
    return f"<{document.label.lower()}.{digest}@{to.message_domain}>"


async def owe_about(
    kind: NoticeKind,
    document: Document,
    address: str,
    occasion: str,
    unit: Unit,
    desk: Desk,
    *,
    facts: Mapping[str, Any] | None = None,
    order: Order | None = None,
    mail_id: int | None = None,
) -> str:
    """Owe one person a notice about one document, once for each occasion, with the tokens it bears; its Message-ID.

    `facts["subject"]` is the question that his answer is bound to; with `order`, his reply confirms that order.
    """
    facts = dict(facts or {})
    identity = (kind.value, document.token, address, occasion)
    message_id = message_id_of(f"{kind.value}.{document.label.lower()}", identity, desk)
    notice = OwedNotice(kind, address, message_id, mail_id or document.mail_id, (document.id,), facts=facts)
    now = desk.clock.now()
    if await unit.owe(notice, now):
        await give_tokens(document, address, message_id, unit, desk, subject=str(facts.get("subject", "")), order=order)
    return message_id


async def owe_clerk_task(
    kind: NoticeKind,
    document: Document,
    address: str,
    occasion: str,
    unit: Unit,
    desk: Desk,
    *,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """The same for one who gets many of them: beyond so many in an hour they come together, each quarter of it.

    What is urgent never waits for it (Nghị định 30/2020/NĐ-CP Điều 22).
    """
    now = desk.clock.now()
    had, _ = await unit.count_notices(address, _TASKS, now - _AN_HOUR)
    if had < desk.work.digest_after or document.marks.urgency:
        await owe_about(kind, document, address, occasion, unit, desk, facts=facts)
        return
    due = now - (now - datetime.min.replace(tzinfo=UTC)) % _TOGETHER + _TOGETHER
    number = 1
    while True:
        message_id = message_id_of("digest", (address, due.isoformat(), str(number)), desk)
        digest = OwedNotice(NoticeKind.DIGEST, address, message_id, None, (document.id,))
        if await unit.collect(digest, now, due):
            break
        number += 1
    await give_tokens(document, address, message_id, unit, desk, subject=str((facts or {}).get("subject", "")))


async def owe_about_mail(
    kind: NoticeKind,
    about: Mail,
    address: str,
    occasion: str,
    unit: Unit,
    desk: Desk,
    *,
    facts: Mapping[str, Any],
    ruling: Ruling | None = None,
    mail_id: int | None = None,
    may_decide: bool = True,
) -> None:
    """Owe one person a notice about a mail that was set aside, once for each occasion, with the token it bears.

    `mail_id` is the mail that caused it, if another; with `ruling`, his reply confirms that one.
    """
    identity = (kind.value, about.envelope.transport, about.envelope.transport_id, about.raw.sha256, address, occasion)
    message_id = message_id_of(f"{kind.value}.{about.label.lower()}", identity, desk)
    notice = OwedNotice(kind, address, message_id, mail_id or about.id, facts={**facts, "about": about.label})
    if await unit.owe(notice, desk.clock.now()) and may_decide:
        await give_mail_token(about.id, address, message_id, unit, desk, ruling=ruling)


async def give_mail_token(
    mail_id: int, address: str, message_id: str, unit: Unit, desk: Desk, *, ruling: Ruling | None = None
) -> None:
    """The token by which a clerk decides about one mail that was set aside; with `ruling` it only confirms that."""
    now, work, verdict = desk.clock.now(), desk.work, await desk.store.verdict(mail_id)
    purpose, valid = (Purpose.CONFIRM, work.confirm_valid) if ruling else (Purpose.QUARANTINE, work.token_valid)
    token = ThreadToken(
        token=new_token(),
        document_id=None,
        address=address_key(address),
        purpose=purpose,
        message_id=message_id,
        issued_at=now,
        expires_at=now + valid,
        mail_id=mail_id,
        ruling=ruling,
        told=holding_rules(verdict.findings) if verdict else (),
    )
    await unit.give_token(token)


async def give_tokens(
    document: Document,
    address: str,
    message_id: str,
    unit: Unit,
    desk: Desk,
    *,
    subject: str = "",
    order: Order | None = None,
) -> None:
    """The tokens of one reader for one document in one notice: for his replies, and for the files by a link."""
    now, work = desk.clock.now(), desk.work
    purpose, valid = (Purpose.CONFIRM, work.confirm_valid) if order else (Purpose.WORK, work.token_valid)
    await unit.give_token(_token(document, address, purpose, message_id, now, valid, subject, order))
    if purpose is Purpose.WORK:
        await unit.give_token(_token(document, address, Purpose.FILES, message_id, now, work.links_valid))


def _token(
    document: Document,
    address: str,
    purpose: Purpose,
    message_id: str,
    now: datetime,
    valid: timedelta,
    subject: str = "",
    order: Order | None = None,
) -> ThreadToken:
    return ThreadToken(
        token=new_token(),
        document_id=document.id,
        address=address_key(address),
        purpose=purpose,
        message_id=message_id,
        issued_at=now,
        expires_at=now + valid,
        subject=subject,
        order=order,
    )
