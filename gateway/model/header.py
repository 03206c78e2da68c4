"""The register's fields as read from a document, each with how sure its reader is and what it was read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from gateway.model.page import Box


class EvidenceSource(StrEnum):
    """Where a value stands: printed on a page, recognised in a picture of one, in an exchange message (QCVN 102:2016),
    in the words of the mail, in a file's name, or in the word of a person.
    """

    TEXT = "text"
    OCR = "ocr"
    EXCHANGE = "exchange"
    MAIL = "mail"
    FILE_NAME = "file_name"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a field was read from: `text` as it stands there, at most 300 characters.

    `file` is the SHA-256 of the file, empty while the fields are still those of one file. `page` counts from 1; `box`
    is on that page, None where the format has no positions.
    """

    source: EvidenceSource
    text: str
    page: int | None = None
    box: Box | None = None
    file: str = ""


@dataclass(frozen=True, slots=True)
class HeaderFields:
    """The register's fields as read from a document (Nghị định 30/2020 Phụ lục I phần I mục II, Phụ lục VI phần II).

    `number` keeps its printed form (`07`, `12a`); `notation` is what follows the slash (`QĐ-SGTVT`, `2014/QĐ-UBND`).
    `superior` is the agency printed above `issuer`; several issuers of one document are joined by ` - `, as they are
    quoted. `capacity` is in what capacity `signer` signs, its lines joined by ` / ` (`KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC`).
    `addressee` is who stands after Kính gửi, `recipients` who stands under Nơi nhận, both joined by `; `. `reply_by`
    is the day until which the text asks for an answer.
    `confidence` maps the name of each field found to 0…1, `evidence` the name of each to what it was read from.
    """

    number: str | None = None
    notation: str | None = None
    issued_on: date | None = None
    document_type: str | None = None
    abstract: str | None = None
    issuer: str | None = None
    superior: str | None = None
    signer: str | None = None
    capacity: str | None = None
    addressee: str | None = None
    recipients: str | None = None
    reply_by: date | None = None
    confidence: Mapping[str, float] = field(default_factory=dict)
    evidence: Mapping[str, Evidence] = field(default_factory=dict)

    @property
    def identifier(self) -> str | None:
        """`955/QĐ-SGTVT`, or None unless both halves were read."""
        return f"{self.number}/{self.notation}" if self.number and self.notation else None
