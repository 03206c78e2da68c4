"""Certificates in PEM or DER (RFC 7468, X.690), and what of them tells an authority."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path

from asn1crypto import cms, pem, x509

from gateway.errors import GatewayError
from gateway.model.trust import AuthorityCertificate

LARGEST_FILE = 1024 * 1024
LONGEST_NAME = 200
NOT_AN_AUTHORITY = "không phải chứng thư của tổ chức chứng thực (basicConstraints không ghi CA)"
NOT_TO_CERTIFY = "khóa không được dùng để ký chứng thư (keyUsage không có keyCertSign)"
_SHORT = {
    "common_name": "CN",
    "organization_name": "O",
    "organizational_unit_name": "OU",
    "locality_name": "L",
    "country_name": "C",
}
_BUNDLES = ("PKCS7", "CMS")
_READ_ONLY = "không phải chứng thư X.509 dạng PEM hoặc DER"


class NotACertificate(GatewayError):
    """A file holds something else than certificates. The text is Vietnamese and names the file."""


def read_brought(file: Path) -> dict[str, bytes]:
    """As `read_certificates`, and those that a PKCS #7 file brings along (`.p7b`, RFC 5652 section 5.1)."""
    return _read(file, bundles=True)


def read_certificates(file: Path) -> dict[str, bytes]:
    """All certificates of a file in DER, by SHA-256, in their order. Raises NotACertificate, OSError."""
    return _read(file, bundles=False)


def _read(file: Path, *, bundles: bool) -> dict[str, bytes]:
    if file.stat().st_size > LARGEST_FILE:
        raise NotACertificate(f"{file}: lớn hơn 1 MB, {_READ_ONLY}")
    content = file.read_bytes()
    try:
        found = [("", content)]
        if pem.detect(content):
            found = [(kind or "", der) for kind, _, der in pem.unarmor(content, multiple=True)]
        kinds = {"", "CERTIFICATE", *(_BUNDLES if bundles else ())}
        ders = [each for kind, der in found if kind in kinds for each in (_bundled(der) if bundles else [der])]
        for der in ders:
            described(der)
    except (ValueError, TypeError, KeyError) as problem:
        raise NotACertificate(f"{file}: {_READ_ONLY}") from problem
    if not ders:
        raise NotACertificate(f"{file}: {_READ_ONLY}")
    return {hashlib.sha256(der).hexdigest(): der for der in ders}


def _bundled(content: bytes) -> list[bytes]:
    """The certificates of a PKCS #7 file, nothing else in which counts; the content itself where it is another."""
    try:
        bundle = cms.ContentInfo.load(content, strict=True)
        if bundle["content_type"].native != "signed_data":
            return [content]
    except (ValueError, TypeError):
        return [content]
    return [each.chosen.dump() for each in bundle["content"]["certificates"] or () if each.name == "certificate"]


def described(der: bytes) -> AuthorityCertificate:
    """What a certificate says of itself; raises ValueError, TypeError, KeyError where it is none."""
    certificate = x509.Certificate.load(der, strict=True)
    _ = certificate.public_key.algorithm
    return AuthorityCertificate(
        sha256=hashlib.sha256(der).hexdigest(),
        name=_name(certificate.subject),
        subject=_line(_distinguished(certificate.subject)),
        issuer=_name(certificate.issuer),
        root=certificate.subject == certificate.issuer,
        not_before=certificate.not_valid_before,
        not_after=certificate.not_valid_after,
        own_key=(certificate.subject.hashable, _hexadecimal(certificate.key_identifier)),
        issuer_key=(certificate.issuer.hashable, _hexadecimal(certificate.authority_key_identifier)),
        refusal=_refusal(certificate),
    )


def _refusal(certificate: x509.Certificate) -> str:
    """RFC 5280 sections 4.2.1.3 and 4.2.1.9."""
    if not certificate.ca:
        return NOT_AN_AUTHORITY
    usage = certificate.key_usage_value
    return NOT_TO_CERTIFY if usage is not None and "key_cert_sign" not in usage.native else ""


def _hexadecimal(identifier: bytes | None) -> str:
    return (identifier or b"").hex()


def _name(holder: x509.Name) -> str:
    """The last CN, or else the whole name."""
    names = [value for kind, value in _pairs(holder) if kind == "common_name"]
    return _line(names[-1] if names else _distinguished(holder))


def _distinguished(holder: x509.Name) -> str:
    """The most specific name first, as RFC 4514 has it; not meant to be read by machines."""
    return ", ".join(f"{_SHORT.get(kind, kind)}={value}" for kind, value in reversed(_pairs(holder)))


def _pairs(holder: x509.Name) -> list[tuple[str, str]]:
    return [(pair["type"].native, str(pair["value"].native)) for rdn in holder.chosen for pair in rdn]


def _line(name: str) -> str:
    line = " ".join(unicodedata.normalize("NFC", name).split())
    return "".join(letter for letter in line if letter.isprintable())[:LONGEST_NAME]
