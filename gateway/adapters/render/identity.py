"""Header fields that say what a notice is, on which thread, and keep other machines from answering it."""

from __future__ import annotations

import hashlib

from gateway.adapters.render import headers
from gateway.adapters.render.view import ABOUT_WORK, ANSWERS, TO_THE_OFFICE
from gateway.model.alarm import Alarm
from gateway.model.notice import NoticeKind
from gateway.ports import NoticeContext

_OF_MANY = frozenset({NoticeKind.DIGEST, NoticeKind.QUARANTINE_DIGEST})
_THREAD_FACTS = ("mailbox", "recipient", "correspondent")


def identity(context: NoticeContext, instance: str, domain: str) -> list[bytes]:
    """The fields of RFC 3834 sections 3.1.6, 3.1.7 and 5, with our own Message-ID.

    An answer threads on the mail it answers, what speaks of the work on a document on its conversation. Other mail to
    the office has a thread of its own for each mail, or, where no mail caused it, for each cause and what it is about.
    Reply-To stands only where one address takes orders; answers belong where the notice came from (3.1.2). There is no
    Precedence, which is discouraged (3.1.8). Raises ValueError where the Message-ID of the notice is none.
    """
    owed = context.notice.owed
    own = headers.message_id(owed.message_id)
    if own is None:
        raise ValueError(f"{context.notice.label} has no usable Message-ID")
    thread = _thread(context, instance, domain)
    order_address = reply_address(context)
    return [
        headers.plain("Message-ID", own),
        *([headers.reply_to(order_address)] if order_address else []),
        *([headers.plain("In-Reply-To", thread[-1]), headers.references(thread)] if thread else []),
        headers.plain("Auto-Submitted", "auto-replied" if owed.kind in ANSWERS else "auto-generated"),
        headers.plain("X-Auto-Response-Suppress", "OOF, AutoReply, RN, NRN"),
        headers.plain("X-Vanthu-Instance", instance),
        headers.plain("Content-Language", "vi"),
        headers.plain("MIME-Version", "1.0"),
    ]


def reply_address(context: NoticeContext) -> str | None:
    """The one address that takes the orders of a reply; None where there is none, or one for each of several."""
    conversations = {each.reply_to for each in context.conversations}
    addresses = (conversations | {each.reply_to for each in context.pendings}) - {None}
    return addresses.pop() if len(addresses) == 1 else None


def _thread(context: NoticeContext, instance: str, domain: str) -> list[str]:
    """The Message-IDs on whose thread the notice stands, the one it answers last."""
    owed = context.notice.owed
    earlier = context.conversations[0].references if len(context.conversations) == 1 else ()
    answered = context.parsed.message_id if context.parsed and owed.kind in ANSWERS else None
    told = earlier if owed.kind in ABOUT_WORK else ()
    asked = context.pendings[0].references if len(context.pendings) == 1 else ()
    known = [usable for each in (*told, *asked, answered) if (usable := headers.message_id(each))]
    thread = [each for at, each in enumerate(known) if each not in known[at + 1 :]]
    if (thread and not asked) or owed.kind not in TO_THE_OFFICE or owed.kind in _OF_MANY:
        return thread
    return [f"<{_office_thread(context)}.{instance}@{domain}>", *thread]


def _office_thread(context: NoticeContext) -> str:
    if context.mail is not None:
        return f"thread.{context.mail.label}"
    alarm = context.notice.owed.alarm
    return f"alarm.{alarm.cause.value}.{_subject_key(alarm)}" if alarm else f"thread.{context.notice.label}"


def _subject_key(alarm: Alarm) -> str:
    """What the alarm is about as a short hash: the fact itself may hold anything."""
    about = next((alarm.facts[name] for name in _THREAD_FACTS if alarm.facts.get(name)), "")
    return hashlib.sha256(about.casefold().encode("utf-8", "surrogatepass")).hexdigest()[:16]
