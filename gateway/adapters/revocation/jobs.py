"""What is done with foreign certificates, lists and answers; each function is a job for a worker process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from gateway.model.signature import ProofKind, Wanted

_SCHEMES = ("http://", "https://")
_MOST_OF_A_KIND = 3
"""Addresses that one certificate may name: others are meant for those who cannot reach the first."""


@dataclass(frozen=True, slots=True)
class Heard:
    """When an authority said something, and when it will say the next; None where it does not tell."""

    issued_at: datetime
    next_update: datetime | None


def wanted_of(chain: Sequence[bytes]) -> tuple[Wanted, ...]:
    """What its authorities offer to tell of each certificate of a chain that goes from the signer's to the root's.

    Addresses are those of HTTP in the extensions (RFC 5280 sections 4.2.1.13, 4.2.2.1), answers before lists.
    """
    found: list[Wanted] = []
    for certificate, issuer in pairwise(chain):
        read = asn1.Certificate.load(certificate)
        for kind, urls in ((ProofKind.OCSP, _responders(read)), (ProofKind.CRL, _lists(read))):
            offered = dict.fromkeys(url for url in urls if url.lower().startswith(_SCHEMES))
            found += [Wanted(url, kind, certificate, issuer) for url in list(offered)[:_MOST_OF_A_KIND]]
    return tuple(found)


def _responders(certificate: asn1.Certificate) -> Iterator[str]:
    for access in certificate.authority_information_access_value or ():
        if access["access_method"].native == "ocsp" and access["access_location"].name == "uniform_resource_identifier":
            yield str(access["access_location"].native)


def _lists(certificate: asn1.Certificate) -> Iterator[str]:
    for point in certificate.crl_distribution_points_value or ():
        if point["distribution_point"].name == "full_name":
            for name in point["distribution_point"].chosen:
                if name.name == "uniform_resource_identifier":
                    yield str(name.native)


def request_for(certificate: bytes, issuer: bytes) -> bytes | None:
    """The OCSP request about a certificate (RFC 6960 section 4.1), None where one cannot be made.

    Names and keys are told by SHA-1, which every responder knows and which protects nothing here.
    """
    try:
        builder = ocsp.OCSPRequestBuilder().add_certificate(
            x509.load_der_x509_certificate(certificate),
            x509.load_der_x509_certificate(issuer),
            SHA1(),  # noqa: S303 - see above
        )
        return builder.build().public_bytes(Encoding.DER)
    except (ValueError, TypeError):
        return None


def read_heard(content: Path, kind: ProofKind, certificate: bytes, issuer: bytes) -> Heard | None:
    """What was fetched, if it is a list of this issuer, or an answer about this certificate; else None.

    Whether it is to be believed is seen where it is used: its signature is verified there each time.
    """
    octets = content.read_bytes()
    try:
        if kind is ProofKind.CRL:
            return _list(octets, asn1.Certificate.load(issuer))
        return _answer(octets, asn1.Certificate.load(certificate))
    except (ValueError, TypeError, KeyError):
        return None


def _list(content: bytes, issuer: asn1.Certificate) -> Heard | None:
    found = x509.load_der_x509_crl(content)
    if asn1.Name.load(found.issuer.public_bytes()) != issuer.subject:
        return None
    return Heard(found.last_update_utc, found.next_update_utc)


def _answer(content: bytes, certificate: asn1.Certificate) -> Heard | None:
    response = ocsp.load_der_ocsp_response(content)
    if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        return None
    for single in response.responses:
        if single.serial_number == certificate.serial_number:
            return Heard(single.this_update_utc, single.next_update_utc)
    return None
