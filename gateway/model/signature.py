"""Digital signatures as they were found: what each is worth, who made it, and by which proofs that was decided."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path


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


class Carrier(StrEnum):
    """What carries a signature: a PDF file, a CMS file beside or around another (RFC 5652), the package of an Office
    document (ECMA-376 part 2), or the mail itself (RFC 8551).
    """

    PDF = "pdf"
    CMS = "cms"
    OOXML = "ooxml"
    SMIME = "smime"


class Revocation(StrEnum):
    """What the lists and answers of authorities say of the signer's chain at the time of signing.

    NOT_KNOWN: nothing usable was at hand. REVOKED holds of the time of signing; what was revoked later is GOOD.
    """

    GOOD = "good"
    REVOKED = "revoked"
    NOT_KNOWN = "not_known"


class ProofKind(StrEnum):
    """What an authority has said: a certificate, a list of revoked ones, an answer about one, a time stamp."""

    CERTIFICATE = "certificate"
    CRL = "crl"
    OCSP = "ocsp"
    TIME_STAMP = "time_stamp"


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing that a verdict rests on, in DER, under the SHA-256 by which it is kept (TT 15/2025/TT-BKHCN)."""

    kind: ProofKind
    sha256: str
    content: bytes


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """A certificate of the signer's chain, the signer's own first. `serial` is hexadecimal, times are UTC."""

    sha256: str
    subject: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True)
class RevocationFacts:
    """One list or answer that was used: `about` is the subject asked for, `source` "embedded", "cached" or "folder"."""

    kind: ProofKind
    sha256: str
    about: str
    source: str
    issued_at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a signature shows: the page from 1, and its box in points from the lower left corner of the page."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Signature:
    """One digital signature. `intact`, `valid` and `trusted` stay apart; None is not known. `cause` is Vietnamese.

    `name` is the field or part that holds it. `covers` names the parts or files that are signed where that is not the
    whole file. `beside` is what is printed on the page around its place (title and capacity of the signer), "" where
    it shows nowhere. `notes` are Vietnamese remarks that do not change the verdict. `chain` goes from the signer's
    certificate to the root; `proofs` are the SHA-256 of everything the verdict rests on.
    """

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
    carrier: Carrier = Carrier.PDF
    name: str = ""
    unit: str = ""
    mailbox: str = ""
    algorithm: str = ""
    covers: tuple[str, ...] = ()
    place: Place | None = None
    beside: str = ""
    notes: tuple[str, ...] = ()
    chain: tuple[CertificateFacts, ...] = ()
    revocation: Revocation = Revocation.NOT_KNOWN
    revocations: tuple[RevocationFacts, ...] = ()
    proofs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SignedFile:
    """A file that a signature beside it may sign: its bytes, their SHA-256, the name it was sent under."""

    content: Path
    sha256: str
    name: str


@dataclass(frozen=True, slots=True)
class SignatureCarrier:
    """A part that signs what stands beside or inside it.

    `raw` is the whole mail where the part is the signature of its body (S/MIME), else None. `files` are what a detached
    signature may sign, the likeliest by name first; they are none where the part encloses what it signs.
    """

    content: Path
    sha256: str
    media_type: str
    raw: Path | None
    files: tuple[SignedFile, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A list (CRL) or an answer (OCSP) that would tell whether a certificate is revoked, and where it is offered.

    Both certificates are in DER. Their chain has led to an anchor: nobody else may say whom the gateway asks.
    """

    url: str
    kind: ProofKind
    certificate: bytes
    issuer: bytes

    @property
    def file_name(self) -> str:
        """Under which it is kept: the SHA-256 of its address, and for an answer of the certificate asked about too."""
        digest = hashlib.sha256(self.url.encode("utf-8", "surrogatepass"))
        if self.kind is ProofKind.OCSP:
            digest.update(b"\0" + hashlib.sha256(self.certificate).digest() + hashlib.sha256(self.issuer).digest())
        return f"{digest.hexdigest()}.{self.kind.value}"
