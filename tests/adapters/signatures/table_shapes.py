"""The PKI of the table: two generations, agencies and persons, and whatever may be wrong with their certificates."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

from asn1crypto import x509 as asn1
from asn1crypto.crl import CertificateList
from asn1crypto.ocsp import OCSPResponse
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import ValidationContext

from gateway.adapters.signatures import TrustAnchors
from gateway.demo.pki import Identity, sign_pdf
from tests.certificates import YEAR, authority, issue, rsa_key, signed_anew
from tests.pki import AGENCY, NOW, PERSON, PROVINCE, plain_pdf

START = NOW - 2 * YEAR
TODAY = NOW + timedelta(days=400)


@dataclass(frozen=True, slots=True)
class World:
    """One generation: a root, the authority below it, and whom that has certified."""

    root: Identity
    authority: Identity
    seal: Identity
    person: Identity
    stamp: Identity

    def anchors(
        self, crls: Sequence[bytes] = (), ocsps: Sequence[bytes] = (), cached: Sequence[bytes] = ()
    ) -> TrustAnchors:
        """The trust folder of an agency that trusts this generation, with lists and answers lying there."""
        lists = (*crls, *cached)
        return TrustAnchors((self.root.der,), (self.authority.der,), tuple(lists), tuple(ocsps), frozenset(cached))


@cache
def second() -> World:
    """The second generation: SHA-256 throughout."""
    root = authority(None, "RootCA kiểm thử G2", START)
    below = authority(root, "CA phục vụ các cơ quan kiểm thử G2", START, path=0)
    return World(
        root=root,
        authority=below,
        seal=issue(below, AGENCY, START, organisation=PROVINCE),
        person=issue(below, PERSON, START, organisation=AGENCY),
        stamp=issue(below, "TSA kiểm thử", START, purposes=(ExtendedKeyUsageOID.TIME_STAMPING,), key=rsa_key()),
    )


@cache
def first() -> World:
    """The first generation: certificates signed with SHA-1."""
    old = hashes.SHA1()  # noqa: S303 - as the government's first generation is
    root = authority(None, "RootCA kiểm thử G1", START)
    root = signed_anew(root, root, old)
    below = signed_anew(authority(root, "Co quan chung thuc so kiem thu", START), root, old)
    seal = signed_anew(issue(below, AGENCY, START, organisation=PROVINCE), below, old)
    person = signed_anew(issue(below, PERSON, START, organisation=AGENCY), below, old)
    return World(root, below, seal, person, second().stamp)


@cache
def strange() -> World:
    """The same names in a PKI that nobody trusts."""
    root = authority(None, "Gốc lạ", START)
    below = authority(root, "Cơ quan chứng thực lạ", START)
    stamp = issue(below, "TSA lạ", START, purposes=(ExtendedKeyUsageOID.TIME_STAMPING,), key=rsa_key())
    return World(root, below, issue(below, AGENCY, START), issue(below, PERSON, START), stamp)


def both(world: World) -> TrustAnchors:
    """The anchors of a generation beside those of the second, which has the time stamping authority."""
    ours, theirs = world.anchors(), second().anchors()
    return replace(ours, roots=ours.roots + theirs.roots, intermediates=ours.intermediates + theirs.intermediates)


def signed(by: Identity, at: datetime = NOW, pdf: bytes | None = None, field: str = "S", **options: object) -> bytes:
    """One page with one more signature."""
    return sign_pdf(pdf or plain_pdf(), by, field=field, signed_at=at, **options)  # type: ignore[arg-type]


def with_store(
    pdf: bytes, certificates: Sequence[Identity] = (), crls: Sequence[bytes] = (), ocsps: Sequence[bytes] = ()
) -> bytes:
    """The file with a document security store appended."""
    output = io.BytesIO(pdf)
    DocumentSecurityStore.add_dss(
        output,
        None,
        certs=[asn1.Certificate.load(each.der) for each in certificates],
        crls=[CertificateList.load(each) for each in crls],
        ocsps=[OCSPResponse.load(each) for each in ocsps],
        strict=False,
    )
    return output.getvalue()


def archiving(crls: Sequence[bytes]) -> ValidationContext:
    """What a signer of the second generation puts into his signature by himself (ISO 32000-2 section 12.8.3.3.2)."""
    return ValidationContext(
        trust_roots=[asn1.Certificate.load(second().root.der)],
        other_certs=[asn1.Certificate.load(second().authority.der)],
        crls=list(crls),
        moment=NOW,
        revocation_mode="hard-fail",
    )
