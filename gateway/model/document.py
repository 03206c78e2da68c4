"""A document in the register."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from gateway.model.facts import HeaderFields, Marks, Scan
from gateway.model.paper import Paper
from gateway.model.signature import Signature


class Direction(StrEnum):
    """Which way a document goes."""

    IN = "in"
    OUT = "out"
    THROUGH = "through"


class Status(StrEnum):
    """National status codes of Quyết định 28/2018/QĐ-TTg."""

    ARRIVED = "01"
    REFUSED = "02"
    RECEIVED = "03"
    ASSIGNED = "04"
    IN_PROGRESS = "05"
    FINISHED = "06"
    RECALLED = "13"
    AGREED = "15"
    DISAGREED = "16"


@dataclass(frozen=True, slots=True)
class RegisteredFile:
    """A file of a document: the main file first, then its appendices, in the order sent."""

    part_path: str
    name: str
    type: str
    size: int
    sha256: str
    pages: int | None
    main: bool
    scan: Scan
    signatures: tuple[Signature, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A document about to be registered: what the register needs, before it has a number.

    `content_key` and `identity_key` are unique in the register, so that nothing is numbered
    twice: the SHA-256 of the main file (of all files where no number was read), and number +
    notation + issuer + year (None if unread). By `identifier_key`, number + notation alone, a
    document is found again whose issuer or date was not read.
    """

    book: str
    header: HeaderFields
    marks: Marks
    files: tuple[RegisteredFile, ...]
    content_key: str
    identity_key: str | None
    identifier_key: str | None = None

    def apart(self, mark: str) -> Entry:
        """The same entry under keys of its own: a person has declared it to be another document."""
        identity = f"{self.identity_key}#{mark}" if self.identity_key else None
        return replace(self, content_key=f"{self.content_key}#{mark}", identity_key=identity)


@dataclass(frozen=True, slots=True)
class Document:
    """A row of the register. `arrival_number` (số đến) has no gap within (`book`, `year`).

    `received_at` is the durable receipt of its mail, `registered_at` the moment the number
    was given; `year` is the local calendar year of the latter. `token` opens the tracking page. `paper` is whether a
    paper copy goes with it.
    """

    id: int
    mail_id: int
    book: str
    year: int
    arrival_number: int
    token: str
    received_at: datetime
    registered_at: datetime
    direction: Direction
    status: Status
    header: HeaderFields
    marks: Marks
    files: tuple[RegisteredFile, ...]
    sender: str
    paper: Paper = field(default_factory=Paper)

    @property
    def label(self) -> str:
        """The id that people and logs use, as `D17`."""
        return f"D{self.id}"
