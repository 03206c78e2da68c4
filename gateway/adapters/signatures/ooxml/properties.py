"""What a signature in a package says of itself: time, certificate, purpose (ECMA-376 part 2; MS-OFFCRYPTO; XAdES)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

from asn1crypto import cms, x509
from lxml import etree

from gateway.adapters.signatures.anchors import TrustAnchors
from gateway.adapters.signatures.ooxml.algorithms import digest, digest_name
from gateway.adapters.signatures.ooxml.faults import Malformed
from gateway.adapters.signatures.ooxml.safe_xml import Canonical, canonical_method, canonicalised, child, text
from gateway.adapters.signatures.ooxml.signature_part import D, SignaturePart, certificate_from, from_base64
from gateway.adapters.signatures.ooxml.signed_content import XADES
from gateway.adapters.signatures.signer import digest as digest_of
from gateway.adapters.signatures.stamps import Stamp, judge_stamp
from gateway.clock import VIETNAM

_OPC = "{http://schemas.openxmlformats.org/package/2006/digital-signature}"
_OFFICE = "{http://schemas.microsoft.com/office/2006/digsig}"
_SIGNED = f"{XADES}SignedSignatureProperties"
_LONGEST_REMARK = 200
_MOST_VALUES = 50
_WRONG_CERTIFICATE = "chứng thư kèm theo không phải chứng thư mà người ký đã ghi trong chữ ký"


def signed_at(elements: Sequence[etree._Element]) -> datetime | None:
    """The time of signing that was signed, in UTC: of XAdES, else of the package."""
    times = [each for element in elements for each in element.iter(f"{XADES}SigningTime")]
    times += [
        value
        for element in elements
        for each in element.iter(f"{_OPC}SignatureTime")
        for value in each.iter(f"{_OPC}Value")
    ]
    for each in times:
        try:
            moment = datetime.fromisoformat(text(each))
            return (moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    return None


def purpose(elements: Sequence[etree._Element]) -> str:
    """What the signer wrote as the purpose of signing (SignatureComments), as one printable line."""
    for element in elements:
        for each in element.iter(f"{_OFFICE}SignatureComments"):
            line = " ".join(text(each).split())
            return "".join(letter for letter in line if letter.isprintable())[:_LONGEST_REMARK]
    return ""


def bound_certificate(
    elements: Sequence[etree._Element], candidates: Sequence[x509.Certificate]
) -> x509.Certificate | None:
    """The certificate that the signed properties name by its digest, None where they name none or there is none.

    Raises Malformed where it is not among the candidates: another one was put beside the signature.
    """
    named = [each for element in elements if element.tag == f"{XADES}SignedProperties" for each in _named(element)]
    if not named or not candidates:
        return None
    for candidate in candidates:
        content = candidate.dump()
        if all(digest(name, [content]) == expected for name, expected in named):
            return candidate
    raise Malformed(_WRONG_CERTIFICATE)


def stamp(part: SignaturePart, anchors: TrustAnchors) -> Stamp | None:
    """The time stamp over the signature value (XAdES-T), judged; the first one where there are several."""
    for element in _unsigned(part, "SignatureTimeStamp"):
        encapsulated = child(element, f"{XADES}EncapsulatedTimeStamp")
        if encapsulated is None:
            continue
        asked = child(element, f"{D}CanonicalizationMethod")
        stamped = canonicalised(part.value_element, canonical_method(asked) if asked is not None else Canonical())
        token = cms.ContentInfo.load(from_base64(text(encapsulated)))
        return judge_stamp(token, partial(digest_of, content=stamped), anchors)
    return None


def carried_along(part: SignaturePart) -> tuple[tuple[x509.Certificate, ...], tuple[bytes, ...], tuple[bytes, ...]]:
    """Certificates, lists and OCSP responses in the unsigned properties (XAdES-X-L), in DER but the first."""
    certificates = [certificate_from(each) for each in _values(part, "EncapsulatedX509Certificate")]
    return tuple(certificates), _values(part, "EncapsulatedCRLValue"), _values(part, "EncapsulatedOCSPValue")


def _named(properties: etree._Element) -> list[tuple[str, bytes]]:
    """Digests of the signer's certificate; the first of each list is his (EN 319 132-1 section 5.2.2)."""
    found = []
    for kind in ("SigningCertificate", "SigningCertificateV2"):
        listed = child(properties, _SIGNED, f"{XADES}{kind}")
        first = listed.find(f"{XADES}Cert/{XADES}CertDigest") if listed is not None else None
        if first is None:
            continue
        method = child(first, f"{D}DigestMethod")
        algorithm = method.get("Algorithm", "") if method is not None else ""
        found.append((digest_name(algorithm), from_base64(text(child(first, f"{D}DigestValue")))))
    return found


def _unsigned(part: SignaturePart, local: str) -> list[etree._Element]:
    path = f"{D}Object/{XADES}QualifyingProperties/{XADES}UnsignedProperties/{XADES}UnsignedSignatureProperties"
    return [each for holder in part.root.findall(path) for each in holder.findall(f"{XADES}{local}")]


def _values(part: SignaturePart, local: str) -> tuple[bytes, ...]:
    path = f"{D}Object/{XADES}QualifyingProperties/{XADES}UnsignedProperties"
    found = [each for holder in part.root.findall(path) for each in holder.iter(f"{XADES}{local}")]
    return tuple(from_base64(text(each)) for each in found[:_MOST_VALUES])
