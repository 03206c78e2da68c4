"""What checks found out about a file. Facts carry no opinion: rules have that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class ScanVerdict(StrEnum):
    """NOT_SCANNED is a verdict of its own and never passes for clean."""

    CLEAN = "clean"
    INFECTED = "infected"
    NOT_SCANNED = "not_scanned"


@dataclass(frozen=True, slots=True)
class Scan:
    """One virus scan. `engine` names product and signature version; `name` is the virus or why nothing was scanned.

    `transient` is true where a later try may succeed (no scanner, time-out), false where
    the content itself cannot be scanned (over the scanner's limits).
    """

    verdict: ScanVerdict
    engine: str
    name: str | None = None
    transient: bool = False


class Secrecy(StrEnum):
    """Secrecy marks of Luật 29/2018/QH14, lowest first."""

    MAT = "mat"
    TOI_MAT = "toi_mat"
    TUYET_MAT = "tuyet_mat"


class Urgency(StrEnum):
    """Urgency marks of Nghị định 30/2020 Phụ lục I, lowest first."""

    KHAN = "khan"
    THUONG_KHAN = "thuong_khan"
    HOA_TOC = "hoa_toc"


@dataclass(frozen=True, slots=True)
class Marks:
    """Marks standing by themselves in the header zone of page 1."""

    secrecy: Secrecy | None = None
    urgency: Urgency | None = None


@dataclass(frozen=True, slots=True)
class HeaderFields:
    """The register's fields as read from page 1 (Nghị định 30/2020 Phụ lục I phần I mục II).

    `number` keeps its printed form (`07`, `12a`); `notation` is what follows the slash
    (`QĐ-SGTVT`, `2014/QĐ-UBND`). `confidence` maps the name of each field found to 0…1.
    """

    number: str | None = None
    notation: str | None = None
    issued_on: date | None = None
    document_type: str | None = None
    abstract: str | None = None
    issuer: str | None = None
    signer: str | None = None
    addressee: str | None = None
    confidence: Mapping[str, float] = field(default_factory=dict)

    @property
    def identifier(self) -> str | None:
        """`955/QĐ-SGTVT`, or None unless both halves were read."""
        return f"{self.number}/{self.notation}" if self.number and self.notation else None


class SignatureVerdict(StrEnum):
    """The conclusion on one signature; `unknown` means that the check itself failed."""

    VALID = "valid"
    VALID_WEAK = "valid_weak"
    UNTRUSTED = "untrusted"
    INVALID = "invalid"
    UNKNOWN = "unknown"


class SignerKind(StrEnum):
    """Whether a certificate stands for an agency's seal or for a person (Điều 6)."""

    SEAL = "seal"
    PERSON = "person"
    UNKNOWN = "unknown"


class Coverage(StrEnum):
    """What of the present file a signature covers."""

    WHOLE = "whole"
    EXTENDED_ALLOWED = "extended_allowed"
    MODIFIED = "modified"


@dataclass(frozen=True, slots=True)
class Signature:
    """One digital signature. `intact`, `valid` and `trusted` stay apart; None is not known. `cause` is Vietnamese."""

    verdict: SignatureVerdict
    cause: str
    signer: str
    organisation: str
    kind: SignerKind
    coverage: Coverage
    intact: bool | None
    valid: bool | None
    trusted: bool | None
    signed_at: datetime | None
    timestamped_at: datetime | None


class TextEncoding(StrEnum):
    """The code of the Vietnamese letters in a file (Điều 5 khoản 5 điểm a)."""

    UNICODE = "unicode"
    TCVN3 = "tcvn3"
    VNI = "vni"
    VPS = "vps"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Everything found out about one file except its scan, which ages and is kept beside it.

    `type` is the media type told from content. `pages` is None where the format has none or
    they could not be counted. `unknown` lists checks that did not come to an end, by name
    with a cause in Vietnamese: such a file is held, never passed (promise 3).
    """

    sha256: str
    size: int
    type: str
    pages: int | None = None
    text: str = ""
    encoding: TextEncoding = TextEncoding.NONE
    marks: Marks = field(default_factory=Marks)
    header: HeaderFields = field(default_factory=HeaderFields)
    signatures: tuple[Signature, ...] = ()
    encrypted: bool = False
    notes: tuple[str, ...] = ()
    unknown: Mapping[str, str] = field(default_factory=dict)
