"""Mails that lie in a mailbox on another server: taken once, or left there and told of."""

from __future__ import annotations

import asyncio
from datetime import datetime
from weakref import WeakValueDictionary

from gateway.clock import local
from gateway.model.alarm import Alarm, AlarmCause
from gateway.model.journal import NewEvent
from gateway.model.mail import Envelope, Mail, StoredBlob, Transport
from gateway.ports import Acceptance
from handlers.alarm import day, hour, owe_alarm
from handlers.desk import Desk
from handlers.destroy import destroy_copy
from handlers.ingest import ingest

_PEER = "imap"
_TRANSPORT = Transport.IMAP.value
_being_taken: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
"""By SHA-256, for as long as somebody holds or awaits the lock."""


def admit(sender: str, size: int, desk: Desk) -> float:
    """How long a mail must stay in its mailbox for the hourly limits; 0 counts it as taken."""
    now = desk.clock.now()
    wait = desk.admission.wait(sender, _PEER, size, now).total_seconds()
    if not wait:
        desk.admission.note(Acceptance(now, sender, _PEER, size))
    return wait


async def take(envelope: Envelope, raw: StoredBlob, desk: Desk) -> Mail:
    """Enter a mail of a mailbox, unless it is there already under another UID; raises as `ingest` does.

    A mailbox that was moved or rebuilt numbers its mails anew (RFC 3501 section 2.3.1.1). Two deliveries of one mail
    differ in their trace fields, so the very same bytes are the same delivery. Where several of them come at once,
    the others wait for the first.
    """
    async with _being_taken.setdefault(raw.sha256, asyncio.Lock()):
        return await _take(envelope, raw, desk)


async def _take(envelope: Envelope, raw: StoredBlob, desk: Desk) -> Mail:
    known = await desk.store.same_bytes(envelope.transport, raw.sha256)
    if known is None:
        return await ingest(envelope, raw, desk)
    now = desk.clock.now()
    async with desk.store.begin() as unit:
        if await unit.is_destroyed(known.id):
            await destroy_copy(known.id, envelope.transport_id, raw, unit, desk)
        if known.envelope.transport_id == envelope.transport_id:
            return known
        await unit.link_copy(envelope, known.id, now)
        data = {"transport_id": envelope.transport_id}
        await unit.record(NewEvent("mail.found_again", "gateway", envelope.transport.value, known.id, data=data), now)
    return known


async def tell_left(mailbox: str, folder: str, uidvalidity: int, uid: int, reason: str, desk: Desk) -> None:
    """A mail cannot be taken and stays where it is. Raises TemporaryError.

    The journal names each; the clerks hear of the first in an hour, because a thousand may lie there.
    """
    facts = {"mailbox": mailbox, "folder": folder, "uid": str(uid), "reason": reason}
    now = desk.clock.now()
    event = NewEvent("mailbox.mail_left", "gateway", _TRANSPORT, data=facts | {"uidvalidity": str(uidvalidity)})
    async with desk.store.begin() as unit:
        alarm = Alarm(AlarmCause.MAIL_LEFT, facts)
        await owe_alarm(alarm, f"{mailbox} {hour(now)}", desk.correspondence.clerks, unit, desk)
        await unit.record(event, now)
    desk.wake()


async def tell_away(mailbox: str, reason: str, since: datetime, desk: Desk) -> None:
    """A mailbox has not been read since a moment long ago: clerks and IT hear of it once a day, whichever node tells.

    Raises TemporaryError.
    """
    facts = {"mailbox": mailbox, "reason": reason, "since": f"{local(since):%H:%M ngày %d/%m/%Y}"}
    now = desk.clock.now()
    async with desk.store.begin() as unit:
        alarm = Alarm(AlarmCause.MAILBOX_AWAY, facts)
        if await owe_alarm(alarm, f"{mailbox} {day(now)}", desk.correspondence.office, unit, desk):
            await unit.record(NewEvent("mailbox.away", "gateway", _TRANSPORT, data=facts), now)
    desk.wake()
