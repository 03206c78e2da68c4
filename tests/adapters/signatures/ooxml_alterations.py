"""Signed docx and xlsx files, whole and altered in every way known."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import re
import struct
import warnings
import zipfile
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from gateway.adapters.signatures.anchors import TrustAnchors, load_anchors
from gateway.demo.pki import Identity
from tests import pki
from tests.adapters.signatures.ooxml_signer import (
    C14N,
    DSIG,
    Way,
    digest_text,
    document,
    packed,
    sheet,
    sign,
    unpacked,
    with_relation,
)
from tests.certificates import crl, issue, rsa_key
from tests.pki import AGENCY, NOW

BY_LIBREOFFICE = Path(__file__).parent / "libreoffice"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SIGNATURE = "_xmlsignatures/sig1.xml"
BODY = "word/document.xml"
WORD_RELS = "word/_rels/document.xml.rels"


@cache
def signed(way: Way = Way()) -> bytes:  # noqa: B008 - frozen
    """A docx file sealed by the agency."""
    return sign(document(), pki.pki().seal, way)


@cache
def signed_sheet() -> bytes:
    """An xlsx file sealed by the agency."""
    return sign(sheet(), pki.pki().seal)


@cache
def rsa_seal() -> Identity:
    """A seal with an RSA key."""
    return issue(pki.pki().authority, AGENCY, NOW - timedelta(days=1), key=rsa_key())


def by_libreoffice() -> TrustAnchors:
    """Whom the files signed by LibreOffice lead to."""
    return load_anchors(BY_LIBREOFFICE)


def altered(name: str, old: str, new: str, package: bytes | None = None) -> bytes:
    """A signed package with a text in one part replaced; raises ValueError where that is not there."""
    parts = unpacked(package or signed())
    if old.encode() not in parts[name]:
        raise ValueError(f"{old} is not in {name}")
    return packed({**parts, name: parts[name].replace(old.encode(), new.encode(), 1)})


def added(name: str, content: bytes = b"<a/>", package: bytes | None = None) -> bytes:
    """A signed package with a member more, be its name there already or not."""
    return packed(unpacked(package or signed()), (name, content))


def related(rels: str, kind: str, target: str, package: bytes | None = None) -> bytes:
    """A signed package with a relationship and its part more, declared by its content type."""
    parts = unpacked(package or signed())
    parts[rels] = with_relation(parts[rels], "rId99", kind, target)
    return packed(parts, (f"word/{Path(target).name}", b"<a/>"))


def without(name: str) -> bytes:
    """A signed package with one part less."""
    return packed({each: content for each, content in unpacked(signed()).items() if each != name})


def in_signature(pattern: str, new: str, package: bytes | None = None) -> bytes:
    """A signed package whose signature part is changed at the first match; raises ValueError without one."""
    parts = unpacked(package or signed())
    text, count = re.subn(pattern, new, parts[SIGNATURE].decode(), count=1, flags=re.DOTALL)
    if not count:
        raise ValueError(f"no {pattern} in the signature")
    return packed({**parts, SIGNATURE: text.encode()})


def refitted(*, info_too: bool) -> bytes:
    """The text altered and its digest in the manifest made to fit, and in SignedInfo too."""
    parts = unpacked(signed())
    old, new = parts[BODY], parts[BODY].replace("bổ nhiệm".encode(), "bãi nhiệm".encode())
    text = parts[SIGNATURE].decode()
    manifest = r'<Object xmlns="[^"]*" Id="idPackageObject">.*?</Object>'
    before = re.search(manifest, text, re.DOTALL)[0]  # type: ignore[index] # the signer has written it
    after = before.replace(digest_text(old), digest_text(new))
    text = text.replace(before, after)
    if info_too:
        text = text.replace(digest_text(before.encode()), digest_text(after.encode()))
    return packed({**parts, BODY: new, SIGNATURE: text.encode()})


def wrapped(*, same_id: bool) -> bytes:
    """The signed object put where nobody reads it, and another manifest in its place."""
    parts = unpacked(signed())
    text = parts[SIGNATURE].decode()
    genuine = re.search(r'<Object xmlns="[^"]*" Id="idPackageObject">.*?</Object>', text, re.DOTALL)[0]  # type: ignore[index]
    forged = genuine if same_id else genuine.replace('Id="id', 'Id="idForged')
    body = parts[BODY].replace("bổ nhiệm".encode(), "bãi nhiệm".encode())
    forged = forged.replace(digest_text(parts[BODY]), digest_text(body))
    text = text.replace(genuine, forged + f"<Object><Hidden>{genuine}</Hidden></Object>")
    return packed({**parts, BODY: body, SIGNATURE: text.encode()})


def hidden_member() -> bytes:
    """A member between others that the directory does not list; Office finds it when it repairs a file."""
    package = signed()
    entry = packed({BODY: b"<w:document/>"})
    entry = entry[: entry.index(b"PK\x01\x02")]
    end = package.rindex(b"PK\x05\x06")
    start = struct.unpack_from("<I", package, end + 16)[0]
    tail = bytearray(package[end:])
    struct.pack_into("<I", tail, 16, start + len(entry))
    return package[:start] + entry + package[start:end] + bytes(tail)


def other_local_name() -> bytes:
    """A member that the directory names otherwise than the header before it."""
    package = signed()
    at = package.index(b"word/document.xml")
    return package[:at] + b"word/documenU.xml" + package[at + len(b"word/document.xml") :]


def twice() -> bytes:
    """Signed by a person, then sealed."""
    return sign(sign(document(), pki.pki().person), pki.pki().seal, number=2)


def stamped(stamper: Identity) -> bytes:
    """A signature with a time stamp over its value (XAdES-T)."""
    key = stamper.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    client = DummyTimeStamper(asn1_x509.Certificate.load(stamper.der), asn1_keys.PrivateKeyInfo.load(key), fixed_dt=NOW)

    def properties(value: bytes) -> str:
        token = asyncio.run(client.async_timestamp(hashlib.sha256(value).digest(), "sha256"))
        return (
            f"<xd:UnsignedProperties><xd:UnsignedSignatureProperties><xd:SignatureTimeStamp>"
            f'<CanonicalizationMethod xmlns="{DSIG}" Algorithm="{C14N}"/><xd:EncapsulatedTimeStamp>'
            f"{base64.b64encode(token.dump()).decode()}</xd:EncapsulatedTimeStamp></xd:SignatureTimeStamp>"
            f"</xd:UnsignedSignatureProperties></xd:UnsignedProperties>"
        )

    return sign(document(), pki.pki().seal, Way(unsigned=properties))


def bound(store: str) -> bytes:
    """Signed with a content control that Word fills from another part."""
    parts = unpacked(document())
    control = (
        f'<w:sdt><w:sdtPr><w:dataBinding w:xpath="/a" w:storeItemID="{store}"/></w:sdtPr>'
        f"<w:sdtContent><w:p/></w:sdtContent></w:sdt><w:sectPr"
    )
    parts[BODY] = parts[BODY].replace(b"<w:sectPr", control.encode(), 1)
    return sign(packed(parts), pki.pki().seal)


def renamed(old: str, new: str) -> bytes:
    """A reference in SignedInfo or manifest that points elsewhere, signed so by its signer."""
    change = Way(edit_manifest=lambda text: text.replace(old, new), edit_info=lambda text: text.replace(old, new))
    return sign(document(), pki.pki().seal, change)


def revoked() -> TrustAnchors:
    """Anchors with a list on which the seal stands as revoked before it signed."""
    listed = crl(pki.pki().authority, NOW, [(pki.pki().seal, NOW - timedelta(hours=5))])
    return replace(pki.anchors(), crls=(listed,))


def read(name: str) -> bytes:
    """A file that LibreOffice has signed."""
    return (BY_LIBREOFFICE / name).read_bytes()


def added_properties() -> bytes:
    """Only the author in the properties changed, which Office does not sign."""
    return altered("docProps/core.xml", "python-docx", "người khác")


def doubled(name: str) -> bytes:
    """A member there twice, with other content."""
    output = io.BytesIO(signed())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        with zipfile.ZipFile(output, "a") as archive:
            archive.writestr(name, b"<w:document/>")
    return output.getvalue()


def first_generation() -> bytes:
    """Sealed with a certificate that a SHA-1 chain stands behind."""
    return sign(document(), pki.first_generation()[0])


def first_anchors() -> TrustAnchors:
    """Whom that chain leads to."""
    return pki.first_generation()[1]
