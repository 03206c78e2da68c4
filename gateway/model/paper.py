"""Whether a paper copy goes with a document (Điều 5 khoản 1, 2, 3), and what has become of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PaperDuty(StrEnum):
    """What the sender owes on paper.

    NONE: electronic only (khoản 1). ALSO: paper too (khoản 2). WAIVED: khoản 2, but validly signed (khoản 3). DESPITE:
    validly signed, and yet one of those that the receiver has to keep on paper (khoản 3). UNKNOWN: the type was not
    read, so that the clerk has to say.
    """

    NONE = "none"
    ALSO = "also"
    WAIVED = "waived"
    DESPITE = "despite"
    UNKNOWN = "unknown"

    @property
    def wants_paper(self) -> bool:
        """True where the sender owes a paper copy."""
        return self in {PaperDuty.ALSO, PaperDuty.DESPITE}


@dataclass(frozen=True, slots=True)
class Paper:
    """The duty with its clause and its reason in Vietnamese; both are empty where nothing was decided yet.

    `due_at` is when the clerks are reminded, None for never; `received_at` when the paper came.
    """

    duty: PaperDuty = PaperDuty.UNKNOWN
    clause: str = ""
    reason: str = ""
    due_at: datetime | None = None
    received_at: datetime | None = None

    @property
    def is_owed(self) -> bool:
        """True while paper is to come."""
        return self.duty.wants_paper and self.received_at is None


NOT_DECIDED = Paper()
"""Of a document that was registered before anybody asked for its paper, or without the lists."""
