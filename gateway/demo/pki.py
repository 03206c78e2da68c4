"""A certification authority shaped like the government's (Ban Cơ yếu Chính phủ), made on the spot, worth nothing.

Names follow the shapes seen in its certificates: a person below agency and unit, a seal as the
agency itself. Keys are on NIST P-256, quick to make; the time stamping authority needs RSA.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
Box = tuple[int, int, int, int]

COUNTRY = (NameOID.COUNTRY_NAME, "VN")
AUTHORITY = (NameOID.ORGANIZATION_NAME, "Ban Cơ yếu trình diễn")
CA_YEARS = 30
LEAF_YEARS = 5
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate with its private key."""

    certificate: x509.Certificate
    key: Key

    @property
    def der(self) -> bytes:
        """The certificate in DER."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> bytes:
        """The certificate in PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)


@dataclass(frozen=True, slots=True)
class Pki:
    """A root, one authority below it, and whom that has certified."""

    root: Identity
    authority: Identity
    seal: Identity
    person: Identity
    stamp: Identity

    def write_anchors(self, folder: Path) -> None:
        """Put root and intermediate into a trust folder, as an operator would."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "root.pem").write_bytes(self.root.pem)
        (folder / "authority.pem").write_bytes(self.authority.pem)


def make_pki(now: datetime, *, seal: str, organisation: str, unit: str, person: str, generation: str = "G2") -> Pki:
    """A PKI whose seal is that of agency `seal`, and whose person works in `unit` of it, both below `organisation`."""
    root = make_root(now, f"RootCA trình diễn {generation}")
    authority = make_authority(root, now, f"CA phục vụ các cơ quan trình diễn {generation}")
    return Pki(
        root=root,
        authority=authority,
        seal=make_seal(authority, now, seal, organisation),
        person=make_person(authority, now, person, organisation, (seal, unit)),
        stamp=make_stamper(authority, now),
    )


def make_root(now: datetime, name: str) -> Identity:
    """A self-signed root."""
    key = _key()
    subject = _name(COUNTRY, AUTHORITY, (NameOID.COMMON_NAME, name))
    return Identity(_authority(subject, subject, key, key, now, None), key)


def make_authority(issuer: Identity, now: datetime, name: str) -> Identity:
    """An authority that certifies leaves only."""
    key = _key()
    subject = _name(COUNTRY, AUTHORITY, (NameOID.COMMON_NAME, name))
    return Identity(_authority(subject, issuer.certificate.subject, key, issuer.key, now, 0), key)


def make_seal(
    issuer: Identity,
    now: datetime,
    agency: str,
    organisation: str,
    *,
    place: str = "Quảng Ngãi",
) -> Identity:
    """The certificate of an agency: `CN=<agency>, O=<organisation>, L=<place>, C=VN`."""
    subject = _name(
        COUNTRY,
        (NameOID.LOCALITY_NAME, place),
        (NameOID.ORGANIZATION_NAME, organisation),
        (NameOID.COMMON_NAME, agency),
    )
    return _leaf(issuer, subject, now)


def make_person(
    issuer: Identity,
    now: datetime,
    name: str,
    organisation: str,
    units: Sequence[str],
    *,
    mailbox: str = "can.bo@so.example.vn",
    place: str = "Quảng Ngãi",
) -> Identity:
    """The certificate of a person: units from the largest to the smallest, then `CN=<name>, E=<mailbox>`."""
    subject = _name(
        COUNTRY,
        (NameOID.LOCALITY_NAME, place),
        (NameOID.ORGANIZATION_NAME, organisation),
        *((NameOID.ORGANIZATIONAL_UNIT_NAME, unit) for unit in units),
        (NameOID.COMMON_NAME, name),
        (NameOID.EMAIL_ADDRESS, mailbox),
    )
    return _leaf(issuer, subject, now)


def make_stamper(issuer: Identity, now: datetime) -> Identity:
    """The certificate of a time stamping authority (RFC 3161 section 2.3)."""
    subject = _name(COUNTRY, AUTHORITY, (NameOID.COMMON_NAME, "Dấu thời gian trình diễn"))
    return _leaf(
        issuer, subject, now, purpose=ExtendedKeyUsageOID.TIME_STAMPING, key=rsa.generate_private_key(65537, 2048)
    )


def sign_pdf(
    pdf: bytes,
    signer: Identity,
    *,
    field: str,
    signed_at: datetime,
    reason: str | None = None,
    box: Box | None = None,
    digest: str = "sha256",
    stamper: Identity | None = None,
    stamped_at: datetime | None = None,
    locks: bool = False,
    archived: ValidationContext | None = None,
) -> bytes:
    """`pdf` with one more signature (ETSI.CAdES.detached), appended without touching the bytes before.

    Only the leaf is embedded, as the government's tools do. `box` (left, bottom, right, top in points on
    page 1) shows a red frame for it; `stamper` adds a time stamp, of `signed_at` unless told otherwise; `locks`
    forbids every later change (DocMDP); `archived` has the lists and answers to put in (adbe.pkcs7.detached).
    """
    at_work = _Signer(
        signers.PdfSignatureMetadata(
            field_name=field,
            md_algorithm=digest,
            reason=reason,
            subfilter=fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED if archived else fields.SigSeedSubFilter.PADES,
            embed_validation_info=archived is not None,
            validation_context=archived,
            certify=locks,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES if locks else fields.MDPPerm.FILL_FORMS,
        ),
        signer=_simple_signer(signer),
        timestamper=_timestamper(stamper, stamped_at or signed_at) if stamper else None,
        new_field_spec=fields.SigFieldSpec(field, on_page=0, box=box),
        stamp_style=_frame(box) if box else None,
    )
    at_work.signed_at = signed_at
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    with ThreadPoolExecutor(1) as thread:  # pyHanko runs an event loop of its own, ours may be running here
        output = thread.submit(at_work.sign_pdf, writer, output=io.BytesIO()).result()
    signed: bytes = output.getvalue()
    return signed


class _Signer(signers.PdfSigner):
    """pyHanko's signer at a moment of our choosing."""

    signed_at: datetime

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:
        """As the base class, with the time set."""
        session = super().init_signing_session(pdf_out, existing_fields_only=existing_fields_only)
        session.system_time = self.signed_at
        return session


def _simple_signer(identity: Identity) -> signers.SimpleSigner:
    return signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(identity.der),
        signing_key=_asn1_key(identity.key),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call] # its constructor has no types
    )


def _timestamper(identity: Identity, moment: datetime) -> DummyTimeStamper:
    certificate = asn1_x509.Certificate.load(identity.der)
    return DummyTimeStamper(certificate, _asn1_key(identity.key), fixed_dt=moment)


def _asn1_key(key: Key) -> asn1_keys.PrivateKeyInfo:
    content = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return asn1_keys.PrivateKeyInfo.load(content)


def _frame(box: Box) -> StaticStampStyle:
    width, height = box[2] - box[0], box[3] - box[1]
    drawing = f"q 0.8 0 0 RG 2 w 2 2 {width - 4} {height - 4} re S Q".encode()
    return StaticStampStyle(border_width=0, background=RawContent(drawing, box=BoxConstraints(width, height)))


def _key() -> Key:
    return ec.generate_private_key(ec.SECP256R1())


def _name(*pairs: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in pairs])


def _authority(
    subject: x509.Name,
    issuer: x509.Name,
    key: Key,
    issuer_key: Key,
    now: datetime,
    path_length: int | None,
) -> x509.Certificate:
    builder = (
        _builder(subject, issuer, key, now - YEAR, now + CA_YEARS * YEAR)
        .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
        .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
    )
    return builder.sign(issuer_key, hashes.SHA256())


def _leaf(
    issuer: Identity,
    subject: x509.Name,
    now: datetime,
    *,
    purpose: x509.ObjectIdentifier | None = None,
    key: Key | None = None,
) -> Identity:
    key = key or _key()
    builder = (
        _builder(subject, issuer.certificate.subject, key, now - timedelta(days=1), now + LEAF_YEARS * YEAR)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage("digital_signature", "content_commitment"), critical=True)
    )
    if purpose is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
    return Identity(builder.sign(issuer.key, hashes.SHA256()), key)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: Key, start: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start.astimezone(UTC))
        .not_valid_after(end.astimezone(UTC))
    )


def _usage(*allowed: str) -> x509.KeyUsage:
    names = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
        *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    )
    usage: Callable[..., x509.KeyUsage] = x509.KeyUsage
    return usage(**{name: name in allowed for name in names})
