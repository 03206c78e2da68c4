"""Which entries of the register are asked for, and in what order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from gateway.model.docket import DocumentState
from gateway.model.document import Direction, Status
from gateway.model.facts import Urgency


class RegisterOrder(StrEnum):
    """NUMBER is by book, year and arrival number; NEWEST begins with what was entered last."""

    NUMBER = "number"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What must be true of an entry; a field that is None (or empty) asks for nothing. Bounds belong to the range.

    `arrived_from` and `arrived_before` are moments, the second outside the range. `unit` is the code of a unit that
    has a part in the document; with `overdue_at` such a part, or any part where no unit is named, must be unfinished
    with its deadline before that moment. `sender` is a mail address as From named it, or `@` and its domain.
    `paper_owed` asks for documents whose paper copy is to come and has not.
    """

    book: str | None = None
    year: int | None = None
    arrival_from: int | None = None
    arrival_to: int | None = None
    arrived_from: datetime | None = None
    arrived_before: datetime | None = None
    issued_from: date | None = None
    issued_to: date | None = None
    direction: Direction | None = None
    statuses: frozenset[Status] = frozenset()
    states: frozenset[DocumentState] = frozenset()
    unit: str | None = None
    overdue_at: datetime | None = None
    sender: str | None = None
    urgency: Urgency | None = None
    paper_owed: bool = False


EVERYTHING = RegisterFilter()
"""The whole register."""
