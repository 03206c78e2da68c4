"""A document in the register."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from gateway.model.facts import Marks, Scan
from gateway.model.header import HeaderFields
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


class LinkKind(StrEnum):
    """How a document stands to another: SAME_NUMBER bears its number, notation and issuer with other content,
    SAME_FILE shares its main file; a person had both entered. REPLACES takes its place.
    """

    SAME_NUMBER = "same_number"
    SAME_FILE = "same_file"
    REPLACES = "replaces"


@dataclass(frozen=True, slots=True)
class Link:
    """That `document_id` stands so to the older `other_id`."""

    document_id: int
    other_id: int
    kind: LinkKind


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
    document is found again whose issuer or date was not read. `exchange_id` is the
    DocumentId of an exchange message (QCVN 102:2016), by which its sender knows the document.
    """

    book: str
    header: HeaderFields
    marks: Marks
    files: tuple[RegisteredFile, ...]
    content_key: str
    identity_key: str | None
    identifier_key: str | None = None
    exchange_id: str | None = None

    def apart(self, mark: str) -> Entry:
        """The same entry under keys of its own: a person has declared it to be another document."""
        identity = f"{self.identity_key}#{mark}" if self.identity_key else None
        return replace(self, content_key=f"{self.content_key}#{mark}", identity_key=identity)


@dataclass(frozen=True, slots=True)
class Document:
    """A row of the register. `arrival_number` (số đến) has no gap within (`book`, `year`).

    `received_at` is the durable receipt of its mail, `registered_at` the moment the number
    was given; `year` is the local calendar year of the latter. `token` opens the tracking page. `paper` is whether a
    paper copy goes with it. An outgoing document has the number it was issued with as its `arrival_number`, and no mail
    where it was entered by hand. `copies`, `kept_by` and `note` are columns of the register that people fill in (Nghị
    định 30/2020 Phụ lục IV): how many copies, who keeps the file copy, remarks. Of a recalled document `purged_at` is
    when its content was destroyed; its row stays. What the fields were read from is kept beside: the header of a
    document that was read back has no evidence.
    """

    id: int
    mail_id: int | None
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
    exchange_id: str | None = None
    copies: int | None = None
    kept_by: str = ""
    note: str = ""
    purged_at: datetime | None = None

    @property
    def source(self) -> int:
        """The id of the mail that brought it; raises LookupError for a document entered by hand."""
        if self.mail_id is None:
            raise LookupError(f"{self.label} came by no mail")
        return self.mail_id

    @property
    def label(self) -> str:
        """The id that people and logs use, as `D17`."""
        return f"D{self.id}"
