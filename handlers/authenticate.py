"""Find out who sent a mail: by the directory's networks, else by what the mail can prove."""

from __future__ import annotations

from gateway.model.authentication import Authentication, Judge
from gateway.model.directory import Party, address_key
from gateway.model.mail import Mail, MailKind, Transport
from gateway.model.part import CARRIES_DOCUMENT, ParsedMail
from gateway.policy.sender import is_from_network_of
from handlers.desk import Desk

WAITS_FOR = "sender"
_FILED = frozenset({MailKind.AUTOMATIC, MailKind.REPORT})


async def authenticate(mail: Mail, parsed: ParsedMail, desk: Desk) -> Authentication:
    """The facts about the sender; raises TemporaryError("sender") while a look-up fails that may yet succeed.

    Nobody is asked about machines whose mail is only filed: a report proves itself by the token that it brings.
    """
    author, envelope = parsed.claims.author, mail.envelope
    if parsed.kind in _FILED and not any(part.decision in CARRIES_DOCUMENT for part in parsed.parts):
        return Authentication(Judge.NOBODY, author, _reverse_path(mail, parsed))
    party = await desk.store.party_of(address_key(author)) if author else None
    if party and envelope.transport is Transport.SMTP and is_from_network_of(party, envelope.peer):
        return await _by_network(author, party, mail, desk)
    # The first failure is always waited out, however long the mail has been here.
    young = desk.clock.now() - mail.received_at < desk.senders.patience
    patient = young or mail.waiting_for != WAITS_FOR
    path = desk.blobs.path(mail.raw.sha256)
    return await desk.authenticator.authenticate(envelope, parsed.claims, path, patient=patient)


async def _by_network(author: str, party: Party, mail: Mail, desk: Desk) -> Authentication:
    sender = mail.envelope.mail_from
    known = await desk.store.party_of(address_key(sender)) if sender else None
    return Authentication(
        Judge.NETWORK, author, sender, aligned=True, reverse_path_proved=known is not None and known.code == party.code
    )


def _reverse_path(mail: Mail, parsed: ParsedMail) -> str | None:
    return parsed.claims.return_path if mail.envelope.transport is Transport.IMAP else mail.envelope.mail_from
