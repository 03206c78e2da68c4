"""How far the work on a registered document has come: its state, the units' parts, what waits for a decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from gateway.model.document import Document, Status


class DocumentState(StrEnum):
    """Where an incoming document stands, finer than the national status.

    REGISTERED waits for the clerk to present it, PRESENTED for the leader to assign it, ASSIGNED for the clerk to
    transfer it, TRANSFERRED for the lead unit to accept it. FORWARDED is a submission on its way. RETURNED (to the
    sender), RECALLED (by the sender) and FINISHED are ends; so are ISSUED of an outgoing document, and VOIDED of an
    entry made in error, which keeps its row and number.
    """

    REGISTERED = "registered"
    PRESENTED = "presented"
    ASSIGNED = "assigned"
    TRANSFERRED = "transferred"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    FORWARDED = "forwarded"
    FINISHED = "finished"
    RETURNED = "returned"
    RECALLED = "recalled"
    ISSUED = "issued"
    VOIDED = "voided"

    @property
    def is_end(self) -> bool:
        """True where the work is over."""
        return self in _ENDS


_ENDS = frozenset(
    {
        DocumentState.FINISHED,
        DocumentState.RETURNED,
        DocumentState.RECALLED,
        DocumentState.ISSUED,
        DocumentState.VOIDED,
    }
)

STATUS_OF: Mapping[DocumentState, Status] = {
    DocumentState.REGISTERED: Status.RECEIVED,
    DocumentState.PRESENTED: Status.RECEIVED,
    DocumentState.ASSIGNED: Status.ASSIGNED,
    DocumentState.TRANSFERRED: Status.ASSIGNED,
    DocumentState.ACCEPTED: Status.ASSIGNED,
    DocumentState.IN_PROGRESS: Status.IN_PROGRESS,
    DocumentState.FORWARDED: Status.IN_PROGRESS,
    DocumentState.FINISHED: Status.FINISHED,
    DocumentState.RETURNED: Status.REFUSED,
    DocumentState.RECALLED: Status.AGREED,
    DocumentState.ISSUED: Status.FINISHED,
    DocumentState.VOIDED: Status.REFUSED,
}
"""The national status of each state (Quyết định 28/2018/QĐ-TTg); while a recall is asked for it is RECALLED."""


class ShareState(StrEnum):
    """Where one unit's part stands."""

    ASSIGNED = "assigned"
    TRANSFERRED = "transferred"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    FINISHED = "finished"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Assignment:
    """One unit's part in a document. `unit` and `specialist` are codes of the directory; `note` ends it in words."""

    unit: str
    lead: bool
    state: ShareState
    deadline: datetime | None = None
    specialist: str | None = None
    note: str = ""


class RequestKind(StrEnum):
    """What waits for an authorised head, or, of a recall, for the clerk too."""

    FORWARD = "forward"
    EXTENSION = "extension"
    RECALL = "recall"


@dataclass(frozen=True, slots=True)
class Request:
    """A question that was put. `unit` and `deadline` belong to EXTENSION; `asked_by` is a mail address."""

    kind: RequestKind
    asked_by: str
    asked_at: datetime
    text: str = ""
    unit: str | None = None
    deadline: datetime | None = None

    @property
    def subject(self) -> str:
        """What a token for its answer is bound to: `extension:van-phong`."""
        return f"{self.kind.value}:{self.unit}" if self.unit else self.kind.value


class Declared(StrEnum):
    """How a document came to be a submission to the province (Điều 5 khoản 4)."""

    BY_SENDER = "sender"
    BY_ADDRESSEE = "addressee"
    BY_RULE = "rule"
    BY_CLERK = "clerk"


class Approval(StrEnum):
    """Whether the Director lets a submission go; NOT_REQUIRED is set by configuration: he is told only."""

    NOT_REQUIRED = "not_required"
    PENDING = "pending"
    GIVEN = "given"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Forwarding:
    """One sending of a submission, the `number`-th. `token` opens its own tracking page, `message_id` is its mail's.

    `fetched_at` is when a machine first asked for the page, `opened_at` when a person seems to have; neither is an
    acknowledgement. `answered_by` is the id of the document that answers it.
    """

    number: int
    token: str
    message_id: str
    recipient: str
    ordered_by: str
    ordered_at: datetime
    reason: str = ""
    relayed_at: datetime | None = None
    delivered_at: datetime | None = None
    failed_at: datetime | None = None
    failure: str = ""
    fetched_at: datetime | None = None
    opened_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    answered_at: datetime | None = None
    answered_by: int | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """A document meant for the province."""

    declared: Declared
    approval: Approval
    forwardings: tuple[Forwarding, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A document that answers this one: `identifier` as people write it, `document_id` where it is in the register."""

    identifier: str
    document_id: int | None = None


@dataclass(frozen=True, slots=True)
class Docket:
    """A document with its work. `revision` counts the changes, for compare-and-set.

    `presented_to` is the code of a person, `opinion` the leader's words, `answer_to` the proved address of the sender,
    None where he may not be told anything. `transferred_at` is when the records office last passed the document on to
    those who handle it.
    """

    document: Document
    state: DocumentState
    revision: int = 0
    presented_to: str | None = None
    opinion: str = ""
    assignments: tuple[Assignment, ...] = ()
    requests: tuple[Request, ...] = ()
    submission: Submission | None = None
    answers: tuple[Answer, ...] = ()
    answer_to: str | None = None
    transferred_at: datetime | None = None

    @property
    def status(self) -> Status:
        """The national status."""
        if any(request.kind is RequestKind.RECALL for request in self.requests):
            return Status.RECALLED
        return STATUS_OF[self.state]

    @property
    def lead(self) -> Assignment | None:
        """The lead unit's part."""
        return next((part for part in self.assignments if part.lead), None)

    def part_of(self, unit: str | None) -> Assignment | None:
        """A unit's part."""
        return next((part for part in self.assignments if part.unit == unit), None)

    def with_part(self, part: Assignment) -> Docket:
        """The same docket with a unit's part replaced or added."""
        known = any(other.unit == part.unit for other in self.assignments)
        rest = tuple(part if other.unit == part.unit else other for other in self.assignments)
        return replace(self, assignments=rest if known else (*rest, part))

    def without_request(self, subject: str) -> Docket:
        """The same docket with a question answered."""
        return replace(self, requests=tuple(request for request in self.requests if request.subject != subject))

    def open_request(self, subject: str) -> Request | None:
        """The question of that subject, while it waits."""
        return next((request for request in self.requests if request.subject == subject), None)
