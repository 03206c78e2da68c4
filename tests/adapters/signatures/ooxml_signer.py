"""Signs docx and xlsx files as Office does, by string and hash alone (ECMA-376 part 2, section 10; MS-OFFCRYPTO 2.5).

Every element is written as canonicalisation would write it, so that what is signed is the text itself: nothing here
shares code with what is tested.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

import docx
import openpyxl
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

from gateway.demo.pki import Identity
from tests.pki import NOW

DSIG = "http://www.w3.org/2000/09/xmldsig#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
OPC = "http://schemas.openxmlformats.org/package/2006"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
RELS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
ORIGIN_TYPE = "application/vnd.openxmlformats-package.digital-signature-origin"
SIGNATURE_TYPE = "application/vnd.openxmlformats-package.digital-signature-xmlsignature+xml"
SHA = {
    "sha1": f"{DSIG}sha1",
    "sha256": "http://www.w3.org/2001/04/xmlenc#sha256",
    "sha512": "http://www.w3.org/2001/04/xmlenc#sha512",
    "md5": "http://www.w3.org/2001/04/xmldsig-more#md5",
}
HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),  # noqa: S303 - told as weak
    "sha256": hashes.SHA256(),
    "sha512": hashes.SHA512(),
}
UNSIGNED_RELATIONS = re.compile("core-properties|extended-properties|custom-properties|thumbnail|digital-signature/")

Parts = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Way:
    """How to sign. `left_out` are names that are not signed, `edit_*` change a text before it is signed or sealed."""

    digest: str = "sha256"
    pss: bool = False
    der_value: bool = False
    by_type: bool = False
    signed_at: datetime = NOW
    comments: str = ""
    certificate: bytes = b""
    left_out: frozenset[str] = frozenset()
    edit_manifest: Callable[[str], str] = field(default=str)
    edit_info: Callable[[str], str] = field(default=str)
    unsigned: Callable[[bytes], str] = field(default=lambda _: "")


@cache
def document() -> bytes:
    """A docx file of python-docx, unsigned."""
    made = docx.Document()
    made.add_heading("QUYẾT ĐỊNH", 0)
    made.add_paragraph("Về việc bổ nhiệm cán bộ")
    return _written(made.save)


@cache
def sheet() -> bytes:
    """An xlsx file of openpyxl, unsigned."""
    made = openpyxl.Workbook()
    made.active["A1"] = "Kinh phí"
    made.active["B1"] = 1_000_000
    return _written(made.save)


def sign(package: bytes, identity: Identity, way: Way = Way(), *, number: int = 1) -> bytes:
    """The package with one more signature part, `_xmlsignatures/sig<number>.xml`."""
    parts = unpacked(package)
    types = parts["[Content_Types].xml"].decode()
    if "digital-signature" not in types:
        types = types.replace(
            "</Types>", f'<Override PartName="/_xmlsignatures/origin.sigs" ContentType="{ORIGIN_TYPE}"/></Types>'
        )
        parts["_rels/.rels"] = with_relation(parts["_rels/.rels"], "rIdOrigin", "origin", "_xmlsignatures/origin.sigs")
        parts["_xmlsignatures/origin.sigs"] = b""
        parts["_xmlsignatures/_rels/origin.sigs.rels"] = f'<Relationships xmlns="{OPC}/relationships"/>'.encode()
    name = f"_xmlsignatures/sig{number}.xml"
    types = types.replace("</Types>", f'<Override PartName="/{name}" ContentType="{SIGNATURE_TYPE}"/></Types>')
    origin = parts["_xmlsignatures/_rels/origin.sigs.rels"]
    relations = origin.replace(b"/>", b"></Relationships>", 1) if b"</Relationships>" not in origin else origin
    relations = with_relation(relations, f"rId{number}", "signature", f"sig{number}.xml")
    parts["_xmlsignatures/_rels/origin.sigs.rels"] = relations
    parts["[Content_Types].xml"] = types.encode()
    parts[name] = signature(parts, identity, way).encode()
    return packed(parts)


def with_relation(relations: bytes, number: str, kind: str, target: str) -> bytes:
    """A relationships part with one more; `kind` is of digital signatures unless it is a whole address."""
    address = kind if ":" in kind else f"{OPC}/relationships/digital-signature/{kind}"
    entry = f'<Relationship Id="{number}" Type="{address}" Target="{target}"/>'.encode()
    return relations.replace(b"</Relationships>", entry + b"</Relationships>")


def signature(parts: Parts, identity: Identity, way: Way) -> str:
    """The signature part over these parts."""
    manifest = way.edit_manifest(f"<Manifest>{_manifest(parts, way)}</Manifest>")
    moment = f"{way.signed_at:%Y-%m-%dT%H:%M:%SZ}"
    package = (
        f'<Object xmlns="{DSIG}" Id="idPackageObject">{manifest}<SignatureProperties>'
        f'<SignatureProperty Id="idSignatureTime" Target="#idPackageSignature"><mdssi:SignatureTime'
        f' xmlns:mdssi="{OPC}/digital-signature"><mdssi:Format>YYYY-MM-DDThh:mm:ssTZD</mdssi:Format>'
        f"<mdssi:Value>{moment}</mdssi:Value></mdssi:SignatureTime></SignatureProperty></SignatureProperties></Object>"
    )
    office = (
        f'<Object xmlns="{DSIG}" Id="idOfficeObject"><SignatureProperties><SignatureProperty Id="idOfficeV1Details"'
        f' Target="#idPackageSignature"><SignatureInfoV1 xmlns="http://schemas.microsoft.com/office/2006/digsig">'
        f"<SignatureComments>{way.comments}</SignatureComments><SignatureType>1</SignatureType></SignatureInfoV1>"
        f"</SignatureProperty></SignatureProperties></Object>"
    )
    named = way.certificate or identity.der
    properties = (
        f'<xd:SignedProperties xmlns="{DSIG}" xmlns:xd="{XADES}" Id="idSignedProperties"><xd:SignedSignatureProperties>'
        f"<xd:SigningTime>{moment}</xd:SigningTime><xd:SigningCertificate><xd:Cert><xd:CertDigest>"
        f'<DigestMethod Algorithm="{SHA["sha256"]}"></DigestMethod>'
        f"<DigestValue>{_base64(hashlib.sha256(identity.der).digest())}</DigestValue></xd:CertDigest></xd:Cert>"
        f"</xd:SigningCertificate></xd:SignedSignatureProperties></xd:SignedProperties>"
    )
    references = (
        _reference("#idPackageObject", package.encode(), way, f"{DSIG}Object")
        + _reference("#idOfficeObject", office.encode(), way, f"{DSIG}Object")
        + _reference(
            "#idSignedProperties", properties.encode(), way, "http://uri.etsi.org/01903#SignedProperties", C14N
        )
    )
    info = way.edit_info(
        f'<SignedInfo xmlns="{DSIG}"><CanonicalizationMethod Algorithm="{C14N}"></CanonicalizationMethod>'
        f'<SignatureMethod Algorithm="{_method(identity, way)}"></SignatureMethod>{references}</SignedInfo>'
    )
    value = f'<SignatureValue xmlns="{DSIG}">{_base64(_value(identity, way, info.encode()))}</SignatureValue>'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Signature xmlns="{DSIG}" Id="idPackageSignature">{info}{value}'
        f"<KeyInfo><X509Data><X509Certificate>{_base64(named)}</X509Certificate></X509Data></KeyInfo>{package}{office}"
        f'<Object><xd:QualifyingProperties xmlns:xd="{XADES}" Target="#idPackageSignature">{properties}'
        f"{way.unsigned(value.encode())}</xd:QualifyingProperties></Object></Signature>"
    )


def unpacked(package: bytes) -> Parts:
    """All members by name."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes], *more: tuple[str, bytes]) -> bytes:
    """A package of these parts and of more, whose names may come twice."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in [*parts.items(), *more]:
            archive.writestr(name, content)
    return output.getvalue()


def digest_text(content: bytes, name: str = "sha256") -> str:
    """A digest as a signature writes it."""
    return _base64(hashlib.new(name, content).digest())


def _manifest(parts: Parts, way: Way) -> str:
    types = parts["[Content_Types].xml"].decode()
    written = []
    for name, content in sorted(parts.items()):
        custom = name.startswith("customXml/") and not name.endswith(".rels")
        if name == "[Content_Types].xml" or name.startswith(("docProps/", "_xmlsignatures/")) or custom:
            continue
        if name in way.left_out:
            continue
        if name.endswith(".rels"):
            written.append(_relationships(name, content.decode(), way))
            continue
        override = re.search(f'PartName="/{re.escape(name)}" ContentType="([^"]*)"', types) or re.search(
            f'ContentType="([^"]*)" PartName="/{re.escape(name)}"', types
        )
        default = re.search(f'Extension="{name.rpartition(".")[2]}" ContentType="([^"]*)"', types)
        kind = (override or default)[1]  # type: ignore[index] # the package is whole
        written.append(_reference(f"/{name}?ContentType={kind}", content, way))
    return "".join(written)


def _relationships(name: str, content: str, way: Way) -> str:
    """A reference to the relationships that Office would sign, transformed."""
    found = [dict(re.findall(r'(\w+)="([^"]*)"', each)) for each in re.findall("<Relationship ([^>]*)>", content)]
    taken = sorted((each for each in found if not UNSIGNED_RELATIONS.search(each["Type"])), key=lambda each: each["Id"])
    if not taken:
        return ""
    selected = (
        "".join(
            f'<mdssi:RelationshipsGroupReference xmlns:mdssi="{OPC}/digital-signature" SourceType="{kind}">'
            f"</mdssi:RelationshipsGroupReference>"
            for kind in sorted({each["Type"] for each in taken})
        )
        if way.by_type
        else "".join(
            f'<mdssi:RelationshipReference xmlns:mdssi="{OPC}/digital-signature" SourceId="{each["Id"]}">'
            f"</mdssi:RelationshipReference>"
            for each in taken
        )
    )
    transforms = (
        f'<Transforms><Transform Algorithm="{OPC}/RelationshipTransform">{selected}</Transform>'
        f'<Transform Algorithm="{C14N}"></Transform></Transforms>'
    )
    inner = "".join(
        f'<Relationship Id="{each["Id"]}" Target="{each["Target"]}" TargetMode="{each.get("TargetMode", "Internal")}"'
        f' Type="{each["Type"]}"></Relationship>'
        for each in taken
    )
    transformed = f'<Relationships xmlns="{OPC}/relationships">{inner}</Relationships>'
    return _reference(f"/{name}?ContentType={RELS_TYPE}", transformed.encode(), way, transforms=transforms)


def _reference(uri: str, content: bytes, way: Way, kind: str = "", transform: str = "", *, transforms: str = "") -> str:
    typed = f' Type="{kind}"' if kind else ""
    changed = f'<Transforms><Transform Algorithm="{transform}"></Transform></Transforms>' if transform else transforms
    return (
        f'<Reference{typed} URI="{uri}">{changed}<DigestMethod Algorithm="{SHA[way.digest]}"></DigestMethod>'
        f"<DigestValue>{digest_text(content, way.digest)}</DigestValue></Reference>"
    )


def _method(identity: Identity, way: Way) -> str:
    if isinstance(identity.key, ec.EllipticCurvePrivateKey):
        return f"http://www.w3.org/2001/04/xmldsig-more#ecdsa-{way.digest}"
    if way.pss:
        return f"http://www.w3.org/2007/05/xmldsig-more#{way.digest}-rsa-MGF1"
    return f"{DSIG}rsa-sha1" if way.digest == "sha1" else f"http://www.w3.org/2001/04/xmldsig-more#rsa-{way.digest}"


def _value(identity: Identity, way: Way, content: bytes) -> bytes:
    key, chosen = identity.key, HASHES.get(way.digest, HASHES["sha256"])
    if isinstance(key, rsa.RSAPrivateKey):
        salted = padding.PSS(padding.MGF1(chosen), chosen.digest_size)
        return key.sign(content, salted if way.pss else padding.PKCS1v15(), chosen)
    der = key.sign(content, ec.ECDSA(chosen))
    r, s = utils.decode_dss_signature(der)
    return der if way.der_value else r.to_bytes(32) + s.to_bytes(32)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _written(save: Callable[[io.BytesIO], None]) -> bytes:
    output = io.BytesIO()
    save(output)
    return output.getvalue()
