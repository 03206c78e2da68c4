"""Take a durable raw mail into our charge: when this returns, 250 may be said."""

from __future__ import annotations

from gateway.model.mail import Envelope, Mail, StoredBlob, Transport
from gateway.ports import Acceptance
from handlers.desk import Desk


async def ingest(envelope: Envelope, raw: StoredBlob, desk: Desk) -> Mail:
    """Enter the mail, once for each (transport, transport id); raises StorageFull, TemporaryError.

    A mailbox has been asked for admission before each fetch, by the sender that the header names.
    """
    mail = await desk.store.accept(envelope, raw, desk.clock.now())
    desk.rush.note(mail.received_at)
    if envelope.transport is not Transport.IMAP:
        desk.admission.note(Acceptance(mail.received_at, envelope.mail_from, envelope.peer, raw.size))
    desk.wake()
    return mail
