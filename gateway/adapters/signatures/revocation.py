"""What lists (RFC 5280 section 5) and answers (RFC 6960) of an authority say of a certificate it has issued."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from asn1crypto import ocsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pyhanko_certvalidator.sig_validate import DefaultSignatureValidator

from gateway.adapters.signatures.anchors import TrustAnchors
from gateway.model.signature import Proof, ProofKind, RevocationFacts

ALLOWED_HASHES = {"sha1", "sha224", "sha256", "sha384", "sha512", "sha3-256", "sha3-384", "sha3-512"}
"""SHA-1 too: the lists of the government's first generation are signed with it."""

WITHOUT_NEXT = timedelta(days=1)
"""How long a statement that names no next one may be used."""

ON_HOLD = "certificate_hold"
HARMLESS = {"unspecified", "affiliation_changed", "superseded", "cessation_of_operation"}
"""After a revocation for these, time stamps of before remain good (RFC 3161 section 4)."""

SIGNATURES = DefaultSignatureValidator()


@dataclass(frozen=True, slots=True)
class Source:
    """One list or answer in DER and where it comes from: "embedded", "folder" or "cached"."""

    kind: ProofKind
    content: bytes
    origin: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What one source says of one certificate; `reason` as asn1crypto names it, "" where none is given."""

    facts: RevocationFacts
    proof: Proof
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Said:
    """The answer of one source: when it was given, until when it holds, and since when the certificate is revoked."""

    issued_at: datetime
    until: datetime | None
    revoked_at: datetime | None = None
    reason: str = ""


def sources(anchors: TrustAnchors, crls: Iterable[bytes] = (), ocsps: Iterable[bytes] = ()) -> tuple[Source, ...]:
    """What came with a signature (`crls`, `ocsps`, in DER) and what lies in the trust folder and in the cache."""
    found = [Source(ProofKind.CRL, content, "embedded") for content in crls]
    found += [Source(ProofKind.OCSP, content, "embedded") for content in ocsps]
    for kind, contents in ((ProofKind.CRL, anchors.crls), (ProofKind.OCSP, anchors.ocsps)):
        found += [Source(kind, content, "cached" if content in anchors.cached else "folder") for content in contents]
    return tuple(dict.fromkeys(found))


def statement_on(
    certificate: asn1.Certificate, issuer: asn1.Certificate, heard: Iterable[Source], moment: datetime
) -> Statement | None:
    """What is known of `certificate` at `moment`; None where nothing usable speaks of it.

    What is revoked for good stays so whatever else is said; otherwise the newest statement counts. One that had run
    out before the moment, or was made when the certificate had expired (lists then drop it), clears nobody.
    """
    said = [(each, source) for source in heard if (each := _asked(source, certificate, issuer)) is not None]
    final = [pair for pair in said if pair[0].revoked_at and pair[0].reason != ON_HOLD]
    fresh = [pair for pair in said if _holds(pair[0], certificate, moment)]
    if not (final or fresh):
        return None
    answer, source = max(final or fresh, key=lambda pair: pair[0].issued_at)
    digest = hashlib.sha256(source.content).hexdigest()
    facts = RevocationFacts(
        kind=source.kind,
        sha256=digest,
        about=certificate.subject.human_friendly,
        source=source.origin,
        issued_at=answer.issued_at,
        revoked_at=answer.revoked_at,
    )
    return Statement(facts, Proof(source.kind, digest, source.content), answer.reason)


def _holds(said: _Said, certificate: asn1.Certificate, moment: datetime) -> bool:
    if said.issued_at > certificate.not_valid_after and said.revoked_at is None:
        return False
    return moment <= (said.until or said.issued_at + WITHOUT_NEXT) or said.issued_at >= moment


def _asked(source: Source, certificate: asn1.Certificate, issuer: asn1.Certificate) -> _Said | None:
    """None where the source says nothing of this certificate, or is not to be believed or understood."""
    with suppress(ValueError, TypeError, KeyError, NotImplementedError):
        if source.kind is ProofKind.CRL:
            return _listed(source.content, certificate, issuer)
        if certificate.serial_number in _serials(source.content):
            return _answered(source.content, certificate, issuer)
    return None


def _listed(content: bytes, certificate: asn1.Certificate, issuer: asn1.Certificate) -> _Said | None:
    usage = issuer.key_usage_value
    if usage is not None and "crl_sign" not in usage.native:
        return None
    found = _list(content)
    if found is None or asn1.Name.load(found.issuer.public_bytes()) != certificate.issuer:
        return None
    if not _list_is_signed(content, issuer.public_key.dump()) or not _speaks_of(found, certificate):
        return None
    entry = found.get_revoked_certificate_by_serial_number(certificate.serial_number)
    if entry is None:
        return _Said(found.last_update_utc, found.next_update_utc)
    revoked_at, reason = entry.revocation_date_utc, ""
    for extension in entry.extensions:
        if isinstance(extension.value, x509.CRLReason):
            reason = _words(extension.value.reason.value)
        elif isinstance(extension.value, x509.InvalidityDate):
            revoked_at = min(revoked_at, extension.value.invalidity_date_utc)
    return _Said(found.last_update_utc, found.next_update_utc, revoked_at, reason)


@lru_cache(maxsize=16)
def _list(content: bytes) -> x509.CertificateRevocationList | None:
    with suppress(ValueError, TypeError):
        return x509.load_der_x509_crl(content)
    return None


@lru_cache(maxsize=256)
def _list_is_signed(content: bytes, key: bytes) -> bool:
    found = _list(content)
    hashed = found.signature_hash_algorithm if found else None
    if found is None or (hashed is not None and hashed.name not in ALLOWED_HASHES):
        return False
    return bool(found.is_signature_valid(load_der_public_key(key)))  # type: ignore[arg-type] # others raise TypeError


def _speaks_of(found: x509.CertificateRevocationList, certificate: asn1.Certificate) -> bool:
    """Whether a list is whole and meant for certificates like this one (RFC 5280 sections 5.2.4, 5.2.5)."""
    for extension in found.extensions:
        scope = extension.value
        if isinstance(scope, x509.IssuingDistributionPoint):
            if scope.indirect_crl or scope.only_some_reasons or scope.only_contains_attribute_certs:
                return False
            if scope.only_contains_user_certs if certificate.ca else scope.only_contains_ca_certs:
                return False
            if scope.full_name and not _points(certificate) & {str(name.value) for name in scope.full_name}:
                return False
        elif isinstance(scope, x509.DeltaCRLIndicator) or (
            extension.critical and isinstance(scope, x509.UnrecognizedExtension)
        ):
            return False
    return True


def _points(certificate: asn1.Certificate) -> set[str]:
    points = certificate.crl_distribution_points_value
    names = [point["distribution_point"] for point in points or ()]
    return {str(name.native) for each in names if each.name == "full_name" for name in each.chosen}


@lru_cache(maxsize=256)
def _serials(content: bytes) -> frozenset[int]:
    """The certificates that an OCSP response speaks of, by serial number."""
    try:
        response = ocsp.OCSPResponse.load(content)
        if response["response_status"].native != "successful":
            return frozenset()
        singles = response.basic_ocsp_response["tbs_response_data"]["responses"]
        return frozenset(int(single["cert_id"]["serial_number"].native) for single in singles)
    except (ValueError, TypeError, KeyError, AttributeError):
        return frozenset()


def _answered(content: bytes, certificate: asn1.Certificate, issuer: asn1.Certificate) -> _Said | None:
    basic = ocsp.OCSPResponse.load(content).basic_ocsp_response
    for single in basic["tbs_response_data"]["responses"]:
        if _is_about(single["cert_id"], certificate, issuer):
            return _single(single) if _answer_is_signed(basic, issuer) else None
    return None


def _single(single: ocsp.SingleResponse) -> _Said | None:
    issued, until = single["this_update"].native, single["next_update"].native
    status = single["cert_status"]
    if status.name == "good":
        return _Said(issued, until)
    if status.name != "revoked":
        return None
    reason = status.chosen["revocation_reason"].native
    return _Said(issued, until, status.chosen["revocation_time"].native, reason or "")


def _is_about(named: ocsp.CertId, certificate: asn1.Certificate, issuer: asn1.Certificate) -> bool:
    algorithm = named["hash_algorithm"]["algorithm"].native
    if algorithm not in ALLOWED_HASHES or named["serial_number"].native != certificate.serial_number:
        return False
    name = hashlib.new(algorithm, certificate.issuer.dump()).digest()
    key = hashlib.new(algorithm, bytes(issuer.public_key["public_key"])).digest()
    return bool(named["issuer_name_hash"].native == name and named["issuer_key_hash"].native == key)


def _answer_is_signed(basic: ocsp.BasicOCSPResponse, issuer: asn1.Certificate) -> bool:
    """Signed by the issuer, or by one whom the issuer has certified for this alone (RFC 6960 section 4.2.2.2)."""
    produced = basic["tbs_response_data"]["produced_at"].native
    content = basic["tbs_response_data"].dump()
    for key in [issuer, *_delegates(basic, issuer, produced)]:
        if _verifies(key, basic["signature"].native, content, basic["signature_algorithm"]):
            return True
    return False


def _delegates(
    basic: ocsp.BasicOCSPResponse, issuer: asn1.Certificate, produced: datetime
) -> Iterator[asn1.Certificate]:
    for each in basic["certs"] or ():
        purposes = each.extended_key_usage_value
        if (
            each.issuer == issuer.subject
            and purposes is not None
            and "ocsp_signing" in purposes.native
            and each.not_valid_before <= produced <= each.not_valid_after
            and _verifies(
                issuer, each["signature_value"].native, each["tbs_certificate"].dump(), each["signature_algorithm"]
            )
        ):
            yield each


def _verifies(key: asn1.Certificate, signature: bytes, content: bytes, algorithm: asn1.SignedDigestAlgorithm) -> bool:
    try:
        if algorithm.signature_algo != "ed25519" and algorithm.hash_algo not in ALLOWED_HASHES:
            return False
        SIGNATURES.validate_signature(signature, content, key.public_key, algorithm)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - keys, parameters and signatures are foreign; whatever fails has not verified
        return False
    return True


def _words(reason: str) -> str:
    """`keyCompromise` as asn1crypto writes it: `key_compromise`."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in reason)
