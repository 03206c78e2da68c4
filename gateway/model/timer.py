"""Moments at which the gateway has to look at a document again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TimerKind(StrEnum):
    """What runs out: the two clocks of an incoming document, a unit's deadline, the wait for an acknowledgement.

    The REMIND_ kinds come some working time before.
    """

    REMIND_TRANSFER = "remind_transfer"
    TRANSFER_DUE = "transfer_due"
    HAND_OVER_DUE = "hand_over_due"
    REMIND_DEADLINE = "remind_deadline"
    DEADLINE_DUE = "deadline_due"
    ACKNOWLEDGEMENT_DUE = "acknowledgement_due"


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer to be set: one of a kind and subject per document; setting it again moves it.

    `subject` is a unit's code, the number of a forwarding, or empty.
    """

    kind: TimerKind
    due: datetime
    subject: str = ""


@dataclass(frozen=True, slots=True)
class DueTimer:
    """A row that a worker has claimed."""

    id: int
    document_id: int
    timer: Timer
