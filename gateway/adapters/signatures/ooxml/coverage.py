"""What of a package a signature leaves out, and whether that may be left out.

Office does not sign the properties of the document, the signatures, and custom XML that is no ink and no text/xml
(MS-OFFCRYPTO 2.5; ECMA-376 part 2, section 10). Everything else must be signed: each part and each relationship, for a
relationship alone can bring in another main document, a header or comments.
"""

from __future__ import annotations

from gateway.adapters.signatures.ooxml.package import RELATIONSHIPS_TYPE, Package, is_rels, source_key
from gateway.adapters.signatures.ooxml.signed_content import Covered

ORIGIN = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
SIGNATURES_FOLDER = "/_xmlsignatures/"
SIGNATURE_TYPE = "application/vnd.openxmlformats-package.digital-signature-xmlsignature+xml"

NEEDED_BY_SIGNATURES = {
    "application/vnd.openxmlformats-package.digital-signature-origin",
    "application/vnd.openxmlformats-package.digital-signature-certificate",
}
"""The types of what may lie beside signatures without being one."""

_OF_SIGNATURES = {SIGNATURE_TYPE, RELATIONSHIPS_TYPE, *NEEDED_BY_SIGNATURES}
_PROPERTIES_FOLDER = "/docprops/"
_PROPERTIES = {
    "application/vnd.openxmlformats-package.core-properties+xml",
    "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    "application/vnd.openxmlformats-officedocument.custom-properties+xml",
}
_CUSTOM_FOLDER = "/customxml/"
_CUSTOM_SIGNED = {"inkml+xml", "text/xml"}
_UNSIGNED_RELATIONS = {
    ORIGIN,
    "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
    "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties",
    "http://purl.oclc.org/ooxml/officeDocument/relationships/extendedProperties",
    "http://purl.oclc.org/ooxml/officeDocument/relationships/customProperties",
}


def left_out(package: Package, covered: Covered) -> tuple[str, ...]:
    """The parts and relationships that had to be signed and are not, named for people; raises Malformed."""
    found: list[str] = []
    for key in package.parts:
        if key in covered.whole or _may_be_unsigned(package, key):
            continue
        if is_rels(key):
            found += _relations_left_out(package, key, covered)
        else:
            found.append(f"phần “{package.shown(key)}”")
    return tuple(found)


def unsigned_data(package: Package, covered: Covered) -> tuple[str, ...]:
    """The keys of unsigned parts that text of the document can be drawn from: properties and custom XML."""
    return tuple(
        key
        for key in package.parts
        if key not in covered.parts
        and not is_rels(key)
        and not key.startswith(SIGNATURES_FOLDER)
        and _may_be_unsigned(package, key)
    )


def _relations_left_out(package: Package, key: str, covered: Covered) -> list[str]:
    selections = covered.selected.get(key, [])
    allowed = _UNSIGNED_RELATIONS if source_key(key) == "/" else set()
    return [
        f"quan hệ “{each.id}” trong phần “{package.shown(key)}”"
        for each in package.relationships_in(key)
        if each.type not in allowed and not any(selection.takes(each) for selection in selections)
    ]


def _may_be_unsigned(package: Package, key: str) -> bool:
    kind = package.content_type(key)
    if key.startswith(SIGNATURES_FOLDER):
        return kind in _OF_SIGNATURES
    if key.startswith(_PROPERTIES_FOLDER) or kind in _PROPERTIES:
        return True
    return key.startswith(_CUSTOM_FOLDER) and kind not in _CUSTOM_SIGNED
