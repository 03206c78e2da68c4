"""One signature part of a package, taken apart (W3C XMLDSIG; ECMA-376 part 2, 10.5): nothing is believed yet."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from asn1crypto import x509
from lxml import etree

from gateway.adapters.signatures.ooxml.algorithms import Method, digest_name, signature_method
from gateway.adapters.signatures.ooxml.faults import Malformed
from gateway.adapters.signatures.ooxml.safe_xml import DSIG, Canonical, canonical_method, child, parsed, text

D = f"{{{DSIG}}}"
_ID_NAMES = {"Id", "ID", "id", "{http://www.w3.org/XML/1998/namespace}id"}
_MOST_REFERENCES = 20_000
_MOST_CERTIFICATES = 20


@dataclass(frozen=True, slots=True)
class Reference:
    """One Reference: where it points, through which transforms, and the digest that was signed."""

    uri: str
    hash: str
    expected: bytes
    transforms: tuple[etree._Element, ...]


@dataclass(frozen=True, slots=True)
class SignaturePart:
    """A Signature element; `ids` are all elements with an identifier, each of which is given once."""

    root: etree._Element
    ids: dict[str, etree._Element]
    signed_info: etree._Element
    canonical: Canonical
    method: Method
    references: tuple[Reference, ...]
    value_element: etree._Element
    value: bytes
    certificates: tuple[x509.Certificate, ...]


def taken_apart(content: bytes, name: str) -> SignaturePart:
    """The signature in a part's bytes; raises Malformed or Unsupported."""
    root = parsed(content, name)
    if root.tag != f"{D}Signature":
        raise Malformed(f"phần “{name}” không phải chữ ký XML")
    signed_info = _needed(root, "SignedInfo")
    value = _needed(root, "SignatureValue")
    return SignaturePart(
        root=root,
        ids=_identified(root),
        signed_info=signed_info,
        canonical=canonical_method(_needed(signed_info, "CanonicalizationMethod")),
        method=signature_method(_needed(signed_info, "SignatureMethod").get("Algorithm", "")),
        references=references_in(signed_info),
        value_element=value,
        value=from_base64(text(value)),
        certificates=_certificates(root),
    )


def references_in(parent: etree._Element) -> tuple[Reference, ...]:
    """The references of a SignedInfo or Manifest; raises Malformed or Unsupported."""
    found = parent.findall(f"{D}Reference")
    if not found or len(found) > _MOST_REFERENCES:
        raise Malformed("chữ ký không chỉ ra nội dung được ký")
    return tuple(_reference(each) for each in found)


def from_base64(content: str) -> bytes:
    """Decoded, white space left out; raises Malformed."""
    try:
        return base64.b64decode("".join(content.split()), validate=True)
    except (binascii.Error, ValueError) as problem:
        raise Malformed("dữ liệu chữ ký thiếu hoặc hỏng") from problem


def certificate_from(content: bytes) -> x509.Certificate:
    """A certificate in DER; raises Malformed."""
    try:
        certificate = x509.Certificate.load(content, strict=True)
        _ = (certificate.subject.native, certificate.issuer.native, certificate.public_key.algorithm)
    except (ValueError, TypeError) as problem:
        raise Malformed("chứng thư kèm chữ ký bị hỏng") from problem
    return certificate


def _reference(element: etree._Element) -> Reference:
    transforms = child(element, f"{D}Transforms")
    return Reference(
        uri=element.get("URI", ""),
        hash=digest_name(_needed(element, "DigestMethod").get("Algorithm", "")),
        expected=from_base64(text(_needed(element, "DigestValue"))),
        transforms=tuple(transforms.findall(f"{D}Transform")) if transforms is not None else (),
    )


def _identified(root: etree._Element) -> dict[str, etree._Element]:
    found: dict[str, etree._Element] = {}
    for element in root.iter(etree.Element):
        for name in _ID_NAMES & {str(key) for key in element.attrib}:
            if element.attrib[name] in found:
                raise Malformed("chữ ký có hai phần tử mang cùng một mã Id")
            found[str(element.attrib[name])] = element
    return found


def _certificates(root: etree._Element) -> tuple[x509.Certificate, ...]:
    info = child(root, f"{D}KeyInfo")
    found = list(info.iter(f"{D}X509Certificate")) if info is not None else []
    return tuple(certificate_from(from_base64(text(each))) for each in found[:_MOST_CERTIFICATES])


def _needed(parent: etree._Element, local: str) -> etree._Element:
    found = child(parent, f"{D}{local}")
    if found is None:
        raise Malformed("dữ liệu chữ ký thiếu hoặc hỏng")
    return found
