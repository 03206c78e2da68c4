"""Mail that the gateway owes to somebody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from gateway.model.alarm import Alarm
from gateway.model.report import DeliveryState


class NoticeKind(StrEnum):
    """The notices, each with a folder of that name in templates/mail.

    TASK asks a person to act on a document, NEWS tells him what became of it, REMINDER that time runs out. TRANSCRIPT
    answers a mail with orders, CONFIRM puts one back to be confirmed. DIGEST stands for many tasks of a clerk,
    QUARANTINE_DIGEST tells him each working day what waits for his decision.
    SUBMISSION is the cover letter that forwards a document to the province. SEALED tells the bare fact that a mail was
    sealed: to its sender, to the clerks, and to those who take care of state secrets (`reader` in its facts).
    """

    RECEIPT = "receipt"
    REPEAT = "repeat"
    REFUSAL = "refusal"
    HOLD = "hold"
    CLERK_DOCUMENT = "clerk_document"
    CLERK_ATTENTION = "clerk_attention"
    ALARM = "alarm"
    TASK = "task"
    NEWS = "news"
    REMINDER = "reminder"
    TRANSCRIPT = "transcript"
    CONFIRM = "confirm"
    DIGEST = "digest"
    QUARANTINE_DIGEST = "quarantine_digest"
    SUBMISSION = "submission"
    SEALED = "sealed"


class NoticeStage(StrEnum):
    """Where a notice stands: owed (decided), ready (rendered bytes kept), then one of two ends."""

    OWED = "owed"
    READY = "ready"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class OwedNotice:
    """A notice as decided by an act. `message_id` is fixed here, so that every copy bears it.

    `document_ids` are the documents it speaks of, `mail_id` the mail that caused it, None where no mail did.
    `alarm` is there for the kind ALARM alone. `facts` is plain JSON, what the notice says beside the documents: `step`
    names the text of a TASK, NEWS or REMINDER, `subject` the question that a token of it answers.
    """

    kind: NoticeKind
    recipient: str
    message_id: str
    mail_id: int | None
    document_ids: tuple[int, ...] = ()
    alarm: Alarm | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notice:
    """A row of the outbox.

    `token` cannot be guessed and stands in the reverse-path and in ENVID: who returns it speaks of this notice.
    `delivery` is None until the relay took it. `tried_since` is when it was owed, or when a person asked to try again.
    `attached` are the SHA-256 of the files inside what was rendered.
    """

    id: int
    owed: OwedNotice
    stage: NoticeStage
    created_at: datetime
    tried_since: datetime
    attempts: int
    rendered_sha256: str | None = None
    last_error: str | None = None
    token: str = ""
    delivery: DeliveryState | None = None
    attached: tuple[str, ...] = ()

    def at_stage(self, stage: NoticeStage) -> Notice:
        """The same notice, moved on."""
        return replace(self, stage=stage)

    @property
    def label(self) -> str:
        """The id that people and logs use, as `N17`."""
        return f"N{self.id}"


class DeliveryOutcome(StrEnum):
    """What the relay said of one attempt; a surprise counts as temporary.

    UNREACHABLE: it could not be spoken to, which says nothing of this mail and is tried again as well.
    """

    SENT = "sent"
    TEMPORARY = "temporary"
    UNREACHABLE = "unreachable"
    PERMANENT = "permanent"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One finished mail for one recipient. `reverse_path` may be empty; `envelope_id` is our ENVID (RFC 3461)."""

    reverse_path: str
    recipient: str
    content: bytes
    envelope_id: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """One attempt with the relay's words. `reports` is true where the relay took our wish for reports (RFC 3461)."""

    outcome: DeliveryOutcome
    response: str
    reports: bool = False
