"""Mail that the gateway owes to somebody."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class NoticeKind(StrEnum):
    """The notices, each with a folder of that name in templates/mail."""

    RECEIPT = "receipt"
    REPEAT = "repeat"
    REFUSAL = "refusal"
    HOLD = "hold"
    CLERK_DOCUMENT = "clerk_document"
    CLERK_ATTENTION = "clerk_attention"


class NoticeStage(StrEnum):
    """Where a notice stands: owed (decided), ready (rendered bytes kept), then one of two ends."""

    OWED = "owed"
    READY = "ready"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class OwedNotice:
    """A notice as decided by an act. `message_id` is fixed here, so that every copy bears it.

    `document_ids` are the documents it speaks of, `mail_id` the mail that caused it.
    """

    kind: NoticeKind
    recipient: str
    message_id: str
    mail_id: int
    document_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """A row of the outbox."""

    id: int
    owed: OwedNotice
    stage: NoticeStage
    created_at: datetime
    attempts: int
    rendered_sha256: str | None = None
    last_error: str | None = None

    def at_stage(self, stage: NoticeStage) -> Notice:
        """The same notice, moved on."""
        return replace(self, stage=stage)

    @property
    def label(self) -> str:
        """The id that people and logs use, as `N17`."""
        return f"N{self.id}"


class DeliveryOutcome(StrEnum):
    """What the relay said of one attempt; a surprise counts as temporary."""

    SENT = "sent"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """One attempt with the relay's words."""

    outcome: DeliveryOutcome
    response: str
