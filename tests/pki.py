"""Signed PDF files and the certificates behind them, made for one test run."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from gateway.adapters.signatures import TrustAnchors
from gateway.demo.pki import (
    Identity,
    Pki,
    make_authority,
    make_person,
    make_pki,
    make_root,
    make_seal,
    make_stamper,
    sign_pdf,
)

__all__ = ["Identity", "Pki", "sign_pdf"]

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
PROVINCE = "ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI"
AGENCY = "SỞ GIAO THÔNG VẬN TẢI"
PERSON = "Trần Thị Mẫu"


@cache
def pki() -> Pki:
    """The trusted PKI of the tests."""
    return make_pki(NOW, seal=AGENCY, organisation=PROVINCE, unit="PHÒNG KẾ HOẠCH TỔNG HỢP", person=PERSON)


@cache
def anchors() -> TrustAnchors:
    """What an agency that trusts `pki()` has in its trust folder."""
    return TrustAnchors((pki().root.der,), (pki().authority.der,))


@cache
def stranger() -> Identity:
    """A seal of the same name from a PKI nobody trusts."""
    root = make_root(NOW, "Gốc lạ")
    return make_seal(make_authority(root, NOW, "Cơ quan chứng thực lạ"), NOW, AGENCY, PROVINCE)


@cache
def strange_stamper() -> Identity:
    """A time stamping authority nobody trusts."""
    return make_stamper(make_root(NOW, "Gốc lạ"), NOW)


@cache
def expired() -> Identity:
    """A trusted person's certificate that ended in 2021."""
    return make_person(pki().authority, datetime(2016, 6, 1, tzinfo=UTC), "Lê Văn Cũ", PROVINCE, (AGENCY,))


@cache
def first_generation() -> tuple[Identity, TrustAnchors]:
    """A seal whose chain is signed with SHA-1, and the anchors that trust it."""
    root = make_root(NOW, "RootCA G1")
    authority = with_sha1(make_authority(root, NOW, "Co quan chung thuc so Chinh phu"), root)
    seal = with_sha1(make_seal(authority, NOW, AGENCY, PROVINCE), authority)
    return seal, TrustAnchors((root.der,), (authority.der,))


def with_sha1(identity: Identity, issuer: Identity) -> Identity:
    """The same certificate, signed anew by the issuer with SHA-1 (libraries no longer offer it)."""
    certificate = asn1_x509.Certificate.load(identity.der)
    certificate["tbs_certificate"]["signature"] = {"algorithm": "sha1_ecdsa"}
    certificate["signature_algorithm"] = {"algorithm": "sha1_ecdsa"}
    content = certificate["tbs_certificate"].dump(force=True)
    if not isinstance(issuer.key, ec.EllipticCurvePrivateKey):
        raise TypeError("the issuer's key is not on a curve")
    certificate["signature_value"] = issuer.key.sign(content, ec.ECDSA(hashes.SHA1()))  # noqa: S303 - old chains are so
    return replace(identity, certificate=x509.load_der_x509_certificate(certificate.dump(force=True)))


def plain_pdf(text: str = "CONG HOA XA HOI CHU NGHIA VIET NAM") -> bytes:
    """One page of A4 with one line of ASCII text."""
    return plain_pdf_of(f"BT /F1 12 Tf 72 760 Td ({text}) Tj ET")


def plain_pdf_of(drawing: str) -> bytes:
    """One page of A4 with this content, which may use the font `/F1`."""
    content = drawing.encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    pdf = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(pdf))
        pdf += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(pdf)
    pdf += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    pdf += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return bytes(pdf + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))


def sealed_pdf(signed_at: datetime = NOW) -> bytes:
    """As offices issue them: signed by a person, then sealed."""
    by_person = sign_pdf(plain_pdf(), pki().person, field="Signature1", signed_at=signed_at, box=(300, 100, 400, 150))
    later = signed_at + timedelta(minutes=5)
    return sign_pdf(by_person, pki().seal, field="Signature2", signed_at=later, box=(250, 100, 350, 200))


def stamp_document(pdf: bytes, stamper: Identity | None = None, moment: datetime = NOW) -> bytes:
    """A time stamp over the whole document (ISO 32000-2 12.8.5), which is nobody's signature."""
    by = stamper or pki().stamp
    certificate = asn1_x509.Certificate.load(by.der)
    key = by.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    client = DummyTimeStamper(certificate, asn1_keys.PrivateKeyInfo.load(key), fixed_dt=moment)
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    stamped: bytes = PdfTimeStamper(client).timestamp_pdf(writer, "sha256", output=io.BytesIO()).getvalue()
    return stamped


def tamper_after_signing(pdf: bytes) -> bytes:
    """One byte of the signed text changed, sizes kept."""
    changed = pdf.replace(b"(CONG HOA", b"(GONG HOA", 1)
    if changed == pdf:
        raise ValueError("the text to change is not in this file")
    return changed


def replace_page_after_signing(pdf: bytes) -> bytes:
    """Another text put over the signed one by an incremental update (the signed bytes stay as they are)."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    page = writer.root["/Pages"]["/Kids"][0]
    page[generic.pdf_name("/Contents")] = writer.add_object(
        generic.StreamObject(stream_data=b"BT /F1 12 Tf 72 760 Td (FORGED) Tj ET")
    )
    writer.update_container(page)
    output = io.BytesIO()
    writer.write(output)  # type: ignore[no-untyped-call] # pyHanko leaves it so
    return output.getvalue()
