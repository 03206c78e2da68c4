"""What a receipt on paper says, also in the form in which the receipt carries it for machines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from types import UnionType
from typing import Any, TypeVar, get_origin, get_type_hints

from gateway.model.document import Document, RegisteredFile
from gateway.model.journal import JournalHead
from gateway.model.mail import Mail
from gateway.model.wording import SCAN_WORDS, SIGNATURE_WORDS, file_type, signer

T = TypeVar("T")

FORM = "vanthu.receipt/1"
ATTACHED_AS = "phieu-tiep-nhan.json"
"""The name of the file inside the PDF that holds `to_json`."""


class UnreadableReceipt(ValueError):
    """The data of a receipt are not in the form that we write."""


@dataclass(frozen=True, slots=True)
class ReceiptFile:
    """A file as it was received. `scan` is what the scanner said, `signatures` one line each, all Vietnamese."""

    name: str
    type: str
    size: int
    pages: int | None
    sha256: str
    scan: str
    signatures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """One receipt. `document` and `mail` are their labels, `mail_sha256` names the raw mail.

    `paper` is what is owed on paper, "" where nothing is said of it. `head` is the end of the journal when the receipt
    was made: whoever holds it can tell later whether what was written before has been changed.
    """

    agency: str
    document: str
    book: str
    arrival_number: int
    year: int
    received_at: datetime
    registered_at: datetime
    sender: str
    mail: str
    mail_sha256: str
    identifier: str | None
    issued_on: date | None
    document_type: str | None
    abstract: str | None
    issuer: str | None
    files: tuple[ReceiptFile, ...]
    paper: str
    link: str
    head: JournalHead


@dataclass(frozen=True, slots=True)
class ReceiptReading:
    """What a file that is said to be one of our receipts turned out to be.

    `fault` says in Vietnamese why it is none, or no longer as it was signed; "" where it is whole and by one of our
    certificates, whose SHA-256 is `certificate`. `signed_at` is our own clock's word, `timestamped_at` an authority's.
    """

    fault: str
    receipt: Receipt | None = None
    certificate: str = ""
    signed_at: datetime | None = None
    timestamped_at: datetime | None = None


def receipt_of(
    document: Document, mail: Mail, head: JournalHead, *, agency: str, book: str, link: str, paper: str
) -> Receipt:
    """What the receipt for a document that this mail brought says."""
    header = document.header
    return Receipt(
        agency=agency,
        document=document.label,
        book=book,
        arrival_number=document.arrival_number,
        year=document.year,
        received_at=document.received_at,
        registered_at=document.registered_at,
        sender=document.sender,
        mail=mail.label,
        mail_sha256=mail.raw.sha256,
        identifier=header.identifier,
        issued_on=header.issued_on,
        document_type=header.document_type,
        abstract=header.abstract,
        issuer=header.issuer,
        files=tuple(map(_file, document.files)),
        paper=paper,
        link=link,
        head=head,
    )


def _file(file: RegisteredFile) -> ReceiptFile:
    return ReceiptFile(
        name=file.name or f"van-ban-{file.part_path}",
        type=file_type(file.type),
        size=file.size,
        pages=file.pages,
        sha256=file.sha256,
        scan=f"{SCAN_WORDS[file.scan.verdict]} ({file.scan.engine})",
        signatures=tuple(f"{SIGNATURE_WORDS[each.verdict]}: {signer(each)}" for each in file.signatures),
    )


def to_json(receipt: Receipt) -> bytes:
    """The receipt for machines: UTF-8, keys sorted, moments with their zone."""
    return json.dumps(
        {"form": FORM, **asdict(receipt)}, default=_in_iso, ensure_ascii=False, sort_keys=True, indent=1
    ).encode()


def _in_iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no place for {type(value).__name__} in a receipt")


def from_json(content: bytes) -> Receipt:
    """What `to_json` wrote; raises UnreadableReceipt."""
    try:
        values = json.loads(content)
        if values.pop("form") != FORM:
            raise UnreadableReceipt("another form")
        files = tuple(_read(ReceiptFile, {**each, "signatures": tuple(each["signatures"])}) for each in values["files"])
        issued_on = values["issued_on"]
        return _read(
            Receipt,
            {
                **values,
                "received_at": datetime.fromisoformat(values["received_at"]),
                "registered_at": datetime.fromisoformat(values["registered_at"]),
                "issued_on": date.fromisoformat(issued_on) if issued_on else None,
                "files": files,
                "head": _read(JournalHead, values["head"]),
            },
        )
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise UnreadableReceipt(f"{type(error).__name__} in the data of a receipt") from error


def _read(kind: type[T], values: Mapping[str, Any]) -> T:
    """A record with all its fields, each of the plain type it must have; raises TypeError, ValueError."""
    record = kind(**values)
    for name, wanted in get_type_hints(kind).items():
        origin = get_origin(wanted)
        plain = wanted if origin in {None, UnionType} else origin
        if not isinstance(getattr(record, name), plain):
            raise TypeError(name)
    return record
