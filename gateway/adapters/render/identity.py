"""Header fields that say what a notice is, on which thread, and keep other machines from answering it."""

from __future__ import annotations

import hashlib

from gateway.adapters.render import headers
from gateway.adapters.render.view import TO_THE_OFFICE
from gateway.model.alarm import Alarm
from gateway.ports import NoticeContext

_THREAD_FACTS = ("mailbox", "recipient", "correspondent")


def identity(context: NoticeContext, instance: str, domain: str) -> list[bytes]:
    """The fields of RFC 3834 sections 3.1.6, 3.1.7 and 5, with our own Message-ID.

    An answer threads on the mail it answers; what goes to the office has a thread of its own for each mail, or, where
    no mail caused it, for each cause and what it is about. There is no Reply-To and no Precedence: answers belong
    where the notice came from (3.1.2), and the latter is discouraged (3.1.8). Raises ValueError where the
    Message-ID of the notice is none.
    """
    owed = context.notice.owed
    own = headers.message_id(owed.message_id)
    if own is None:
        raise ValueError(f"{context.notice.label} has no usable Message-ID")
    office = owed.kind in TO_THE_OFFICE
    if office:
        thread: str | None = f"<{_office_thread(context)}.{instance}@{domain}>"
    else:
        thread = headers.message_id(context.parsed.message_id) if context.parsed else None
    threading = [headers.plain(name, thread) for name in ("In-Reply-To", "References") if thread]
    return [
        headers.plain("Message-ID", own),
        *threading,
        headers.plain("Auto-Submitted", "auto-generated" if office else "auto-replied"),
        headers.plain("X-Auto-Response-Suppress", "OOF, AutoReply, RN, NRN"),
        headers.plain("X-Vanthu-Instance", instance),
        headers.plain("Content-Language", "vi"),
        headers.plain("MIME-Version", "1.0"),
    ]


def _office_thread(context: NoticeContext) -> str:
    if context.mail is not None:
        return f"thread.{context.mail.label}"
    alarm = context.notice.owed.alarm
    return f"alarm.{alarm.cause.value}.{_subject_key(alarm)}" if alarm else f"thread.{context.notice.label}"


def _subject_key(alarm: Alarm) -> str:
    """What the alarm is about as a short hash: the fact itself may hold anything."""
    about = next((alarm.facts[name] for name in _THREAD_FACTS if alarm.facts.get(name)), "")
    return hashlib.sha256(about.casefold().encode("utf-8", "surrogatepass")).hexdigest()[:16]
