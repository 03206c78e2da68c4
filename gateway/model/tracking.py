"""What the holder of a tracking link may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.model.document import Document, Status


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """One change of status. `text` is Vietnamese and may be empty, where the status says all."""

    at: datetime
    status: Status
    text: str = ""


@dataclass(frozen=True, slots=True)
class TrackedDocument:
    """A document with its steps, oldest first."""

    document: Document
    timeline: tuple[TimelineStep, ...]
