"""A mail as it was accepted, and the stages it passes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Transport(StrEnum):
    """The way a mail came to us."""

    SMTP = "smtp"
    LMTP = "lmtp"
    IMAP = "imap"
    CLI = "cli"


WITH_ENVELOPE = frozenset({Transport.SMTP, Transport.LMTP})
"""The ways on which an empty reverse-path is the null one of machines, and not one that nobody told."""


class MailStage(StrEnum):
    """Where a mail stands; the last seven are end states, of which every mail reaches exactly one."""

    ACCEPTED = "accepted"
    PARSED = "parsed"
    INSPECTED = "inspected"
    JUDGED = "judged"

    REGISTERED = "registered"
    APPLIED = "applied"
    NOTED = "noted"
    REFUSED = "refused"
    HELD = "held"
    SEALED = "sealed"
    DEAD = "dead"

    @property
    def is_end(self) -> bool:
        """True where no handler takes the mail further by itself."""
        return self not in _WORKING


_WORKING = frozenset({MailStage.ACCEPTED, MailStage.PARSED, MailStage.INSPECTED, MailStage.JUDGED})


class MailKind(StrEnum):
    """What a mail is, read from its structure and headers alone."""

    DOCUMENT = "document"
    REPLY = "reply"
    REPORT = "report"
    AUTOMATIC = "automatic"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the transport told us beside the bytes (RFC 5321 section 2.3.1).

    `mail_from` is empty for the null reverse-path, and over IMAP, which has no envelope. `transport_id` is unique
    among all deliveries of one transport: together they are the claim that a delivery is made once.
    """

    transport: Transport
    transport_id: str
    mail_from: str
    recipients: tuple[str, ...]
    peer: str = ""
    helo: str = ""
    tls: bool = False


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """Bytes that are durable in the blob store under their SHA-256 (lower-case hex)."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Mail:
    """One accepted delivery. `received_at` is the durable receipt, from which working time runs."""

    id: int
    raw: StoredBlob
    envelope: Envelope
    received_at: datetime
    stage: MailStage
    attempts: int = 0
    failed_stage: MailStage | None = None
    last_error: str | None = None
    waiting_for: str | None = None

    @property
    def label(self) -> str:
        """The id that people and logs use, as `M17`."""
        return f"M{self.id}"
