"""Certificates of every good and bad shape, and what their authority says of them, made for one test run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import NameOID

from gateway.demo.pki import Identity, Key

USAGES = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
    *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)
SIGNING = ("digital_signature", "content_commitment")
CERTIFYING = ("key_cert_sign", "crl_sign")
DAY = timedelta(days=1)
YEAR = 365 * DAY
NOBODY_KNOWS = x509.ObjectIdentifier("1.3.6.1.4.1.99999.7")


def issue(
    issuer: Identity | None,
    name: str,
    start: datetime,
    *,
    years: float = 5,
    ca: bool = False,
    path_length: int | None = None,
    usage: Sequence[str] | None = SIGNING,
    purposes: Sequence[x509.ObjectIdentifier] = (),
    key: Key | None = None,
    organisation: str = "Ban Cơ yếu kiểm thử",
    strange: bool = False,
    lists: str = "",
) -> Identity:
    """A certificate from `start` on; self-signed where there is no issuer.

    `strange` adds what nobody understands, `lists` is the address where what was revoked is listed.
    """
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + years * YEAR)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=path_length), critical=True)
    )
    if usage is not None:
        builder = builder.add_extension(x509.KeyUsage(**{each: each in usage for each in USAGES}), critical=True)
    if purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(list(purposes)), critical=True)
    if lists:
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(lists)], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    if strange:
        builder = builder.add_extension(x509.UnrecognizedExtension(NOBODY_KNOWS, b"\x05\x00"), critical=True)
    return Identity(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)


def authority(
    issuer: Identity | None, name: str, start: datetime, *, years: float = 30, path: int | None = None
) -> Identity:
    """A root, or an authority below `issuer`."""
    return issue(issuer, name, start, years=years, ca=True, path_length=path, usage=CERTIFYING)


def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """A new RSA key."""
    return rsa.generate_private_key(65537, bits)


def signed_anew(identity: Identity, issuer: Identity, hashed: hashes.HashAlgorithm) -> Identity:
    """The same certificate with a signature that libraries no longer make (MD5, SHA-1)."""
    certificate = asn1.Certificate.load(identity.der)
    kind = "ecdsa" if isinstance(issuer.key, ec.EllipticCurvePrivateKey) else "rsa"
    algorithm = {"algorithm": f"{hashed.name}_{kind}"}
    certificate["tbs_certificate"]["signature"] = algorithm
    certificate["signature_algorithm"] = algorithm
    content = certificate["tbs_certificate"].dump(force=True)
    if isinstance(issuer.key, ec.EllipticCurvePrivateKey):
        certificate["signature_value"] = issuer.key.sign(content, ec.ECDSA(hashed))
    else:
        certificate["signature_value"] = issuer.key.sign(content, padding.PKCS1v15(), hashed)
    return replace(identity, certificate=x509.load_der_x509_certificate(certificate.dump(force=True)))


def crl(
    issuer: Identity,
    issued_at: datetime,
    revoked: Iterable[tuple[Identity, datetime]] = (),
    *,
    lasts: timedelta = 7 * DAY,
    reason: x509.ReasonFlags | None = None,
    invalid_since: datetime | None = None,
    scope: x509.ExtensionType | None = None,
    signer: Identity | None = None,
) -> bytes:
    """A list of `issuer` in DER, `signer` being who really signs it."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(issued_at)
        .next_update(issued_at + lasts)
    )
    for identity, since in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(identity.certificate.serial_number)
        entry = entry.revocation_date(since)
        if reason is not None:
            entry = entry.add_extension(x509.CRLReason(reason), critical=False)
        if invalid_since is not None:
            entry = entry.add_extension(x509.InvalidityDate(invalid_since), critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    if scope is not None:
        builder = builder.add_extension(scope, critical=True)
    made = builder.sign((signer or issuer).key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.DER)


def answer(
    issuer: Identity,
    about: Identity,
    issued_at: datetime,
    *,
    revoked_at: datetime | None = None,
    unknown: bool = False,
    lasts: timedelta = DAY,
    responder: Identity | None = None,
    reason: x509.ReasonFlags | None = None,
) -> bytes:
    """An OCSP response in DER, by the issuer itself or by `responder`."""
    status = ocsp.OCSPCertStatus.GOOD
    if revoked_at is not None:
        status = ocsp.OCSPCertStatus.REVOKED
    if unknown:
        status = ocsp.OCSPCertStatus.UNKNOWN
    by = responder or issuer
    builder = (
        ocsp.OCSPResponseBuilder()
        .add_response(
            cert=about.certificate,
            issuer=issuer.certificate,
            algorithm=hashes.SHA1(),  # noqa: S303 - what responders use to name certificates (RFC 5019)
            cert_status=status,
            this_update=issued_at,
            next_update=issued_at + lasts,
            revocation_time=revoked_at,
            revocation_reason=reason,
        )
        .responder_id(ocsp.OCSPResponderEncoding.HASH, by.certificate)
    )
    if responder is not None:
        builder = builder.certificates([responder.certificate])
    return builder.sign(by.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
