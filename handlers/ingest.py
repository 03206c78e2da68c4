"""Take a durable raw mail into our charge: when this returns, 250 may be said."""

from __future__ import annotations

from gateway.model.mail import Envelope, Mail, StoredBlob
from handlers.desk import Desk


async def ingest(envelope: Envelope, raw: StoredBlob, desk: Desk) -> Mail:
    """Enter the mail, once for each (transport, transport id); raises StorageFull, TemporaryError."""
    mail = await desk.store.accept(envelope, raw, desk.clock.now())
    desk.rush.note(mail.received_at)
    desk.wake()
    return mail
