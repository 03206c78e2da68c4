"""An authority made for the test: it certifies, lists what it has revoked, and answers questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)
LIST_URL = "http://crl.authority.example/list.crl"
RESPONDER_URL = "http://ocsp.authority.example/"


@dataclass(frozen=True, slots=True)
class Authority:
    """A root and one certificate below it."""

    root: x509.Certificate
    leaf: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def chain(self) -> tuple[bytes, bytes]:
        """In DER, the leaf first."""
        return self.leaf.public_bytes(Encoding.DER), self.root.public_bytes(Encoding.DER)

    def revoked(self, *, issued_at: datetime = NOW, valid: timedelta = DAY) -> bytes:
        """A list that names the leaf."""
        entry = x509.RevokedCertificateBuilder().serial_number(self.leaf.serial_number).revocation_date(issued_at)
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.root.subject)
        builder = builder.last_update(issued_at).next_update(issued_at + valid)
        return builder.add_revoked_certificate(entry.build()).sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def answer(self, request: bytes, *, valid: timedelta | None = DAY) -> bytes:
        """The answer to a request: good."""
        asked = ocsp.load_der_ocsp_request(request)
        builder = ocsp.OCSPResponseBuilder().responder_id(ocsp.OCSPResponderEncoding.HASH, self.root)
        builder = builder.add_response_by_hash(
            issuer_name_hash=asked.issuer_name_hash,
            issuer_key_hash=asked.issuer_key_hash,
            serial_number=asked.serial_number,
            algorithm=asked.hash_algorithm,
            cert_status=ocsp.OCSPCertStatus.GOOD,
            this_update=NOW,
            next_update=NOW + valid if valid else None,
            revocation_time=None,
            revocation_reason=None,
        )
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)


@cache
def authority(name: str = "Gốc thử") -> Authority:
    """An authority of this name."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    root = _builder(subject, subject, key).add_extension(
        x509.BasicConstraints(ca=True, path_length=None), critical=True
    )
    holder = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "SỞ GIAO THÔNG VẬN TẢI")])
    responder = x509.AccessDescription(
        AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(RESPONDER_URL)
    )
    points = [LIST_URL, "ldap://ldap.authority.example/cn=list", LIST_URL]
    leaf = _builder(holder, subject, ec.generate_private_key(ec.SECP256R1()))
    leaf = leaf.add_extension(x509.AuthorityInformationAccess([responder]), critical=False)
    leaf = leaf.add_extension(
        x509.CRLDistributionPoints(
            [x509.DistributionPoint([x509.UniformResourceIdentifier(url)], None, None, None) for url in points]
        ),
        critical=False,
    )
    return Authority(root.sign(key, hashes.SHA256()), leaf.sign(key, hashes.SHA256()), key)


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
    return builder.not_valid_before(NOW - 100 * DAY).not_valid_after(NOW + 100 * DAY)
