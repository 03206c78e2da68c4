"""What the holder of a link may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.model.docket import Docket, Forwarding
from gateway.model.document import Document, Status


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """One step of the work. `text` is Vietnamese, fit for the sender, and may be empty, where the status says all.

    `inside` is true of what the office alone is told, `who` says who did it, for the office too.
    """

    at: datetime
    status: Status
    text: str = ""
    inside: bool = False
    who: str = ""


@dataclass(frozen=True, slots=True)
class TrackedDocument:
    """A document with its steps, oldest first, none of them `inside`.

    `forwarding` is there where the link is that of a forwarding, whose receiver may acknowledge it.
    """

    docket: Docket
    timeline: tuple[TimelineStep, ...]
    forwarding: Forwarding | None = None

    @property
    def document(self) -> Document:
        """The register entry."""
        return self.docket.document


@dataclass(frozen=True, slots=True)
class PersonalFiles:
    """The files of a document behind one person's link, which ends at `expires_at`; `address` is whose it is."""

    document: Document
    address: str
    expires_at: datetime
