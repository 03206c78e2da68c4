"""What a signature in a package signs, its digests computed anew: its own objects, and the parts of the manifest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from gateway.adapters.signatures.ooxml import relationship_transform
from gateway.adapters.signatures.ooxml.algorithms import digest
from gateway.adapters.signatures.ooxml.faults import Malformed, Unsupported
from gateway.adapters.signatures.ooxml.package import Package, part_key
from gateway.adapters.signatures.ooxml.relationship_transform import Selection
from gateway.adapters.signatures.ooxml.safe_xml import Canonical, canonical_method, canonicalised, parsed
from gateway.adapters.signatures.ooxml.signature_part import D, Reference, SignaturePart, references_in

XADES = "{http://uri.etsi.org/01903/v1.3.2#}"
_TYPE = "?ContentType="


@dataclass(slots=True)
class Covered:
    """The parts a manifest vouches for: whole, or of a relationships part these relationships.

    `faults` say in Vietnamese what is not as it was signed; `blanks_signed` that relationships are signed in the way of
    older LibreOffice (see `transformed`).
    """

    whole: set[str] = field(default_factory=set)
    selected: dict[str, list[Selection]] = field(default_factory=dict)
    hashes: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    blanks_signed: bool = False

    @property
    def parts(self) -> set[str]:
        """The keys of all parts vouched for, wholly or in part."""
        return self.whole | set(self.selected)


def signed_elements(part: SignaturePart) -> tuple[tuple[etree._Element, ...], bool]:
    """The elements SignedInfo refers to, and whether all their digests hold; raises Malformed or Unsupported.

    It may refer only to objects of this signature and to XAdES properties in one (part 2, section 10.5.6): whatever
    else has the right digest could stand anywhere and be shown to nobody.
    """
    elements = [_own_element(part, each) for each in part.references]
    holds = all(_digest_of(one, each) == each.expected for one, each in zip(elements, part.references, strict=True))
    return tuple(elements), holds


def check_manifests(package: Package, elements: Iterable[etree._Element]) -> Covered:
    """Hold every part that the signed manifests name against its digest; raises Malformed or Unsupported."""
    covered = Covered()
    manifests = [manifest for element in elements for manifest in element.findall(f"{D}Manifest")]
    for reference in [each for manifest in manifests for each in references_in(manifest)]:
        _check_part(package, reference, covered)
    if not covered.parts and not covered.faults:
        raise Malformed("chữ ký không chỉ ra phần nào của tài liệu được ký")
    return covered


def _own_element(part: SignaturePart, reference: Reference) -> etree._Element:
    element = part.ids.get(reference.uri.removeprefix("#")) if reference.uri.startswith("#") else None
    if element is None:
        raise Malformed("chữ ký trỏ tới nội dung nằm ngoài danh mục được ký")
    parent = element.getparent()
    own_object = element.tag == f"{D}Object" and parent is part.root
    qualifying = parent is not None and parent.tag == f"{XADES}QualifyingProperties"
    properties = element.tag == f"{XADES}SignedProperties" and qualifying and _in_object(parent, part)
    if not own_object and not properties:
        raise Malformed("chữ ký trỏ tới nội dung nằm ngoài danh mục được ký")
    return element


def _in_object(element: etree._Element | None, part: SignaturePart) -> bool:
    holder = element.getparent() if element is not None else None
    return holder is not None and holder.tag == f"{D}Object" and holder.getparent() is part.root


def _digest_of(element: etree._Element, reference: Reference) -> bytes:
    """Of an element of the signature; a reference by identifier leaves comments out whatever its transform says."""
    methods = [canonical_method(each) for each in reference.transforms] or [Canonical()]
    if len(methods) > 1:
        raise Unsupported("chữ ký dùng nhiều phép biến đổi liên tiếp, không được hỗ trợ")
    without_comments = Canonical(methods[0].exclusive, comments=False, prefixes=methods[0].prefixes)
    return digest(reference.hash, [canonicalised(element, without_comments)])


def _check_part(package: Package, reference: Reference, covered: Covered) -> None:
    name, separator, kind = reference.uri.partition(_TYPE)
    if not name.startswith("/") or name.startswith("//") or not separator or "#" in reference.uri:
        raise Malformed("danh mục được ký trỏ tới nội dung nằm ngoài gói tài liệu")
    key = part_key(name)
    if not package.has(key):
        covered.faults.append(f"phần “{name}” đã bị xóa sau khi ký")
        return
    if package.content_type(key) != kind:
        covered.faults.append(f"loại nội dung của phần “{name}” đã bị đổi sau khi ký")
    covered.hashes.add(reference.hash)
    if _relationships_signed(reference):
        holds = _relationships_hold(package, key, reference, covered)
    else:
        covered.whole.add(key)
        holds = _digest_of_part(package, key, reference) == reference.expected
    if not holds:
        covered.faults.append(f"phần “{name}” đã bị thay đổi sau khi ký")


def _relationships_signed(reference: Reference) -> bool:
    return bool(reference.transforms) and reference.transforms[0].get("Algorithm") == relationship_transform.ALGORITHM


def _relationships_hold(package: Package, key: str, reference: Reference, covered: Covered) -> bool:
    selected = relationship_transform.selection(reference.transforms[0])
    covered.selected.setdefault(key, []).append(selected)
    method = _only_method(reference.transforms[1:])
    relationships = package.relationships_in(key)

    def found(blanks: int) -> bytes:
        content = relationship_transform.transformed(relationships, selected, method, blanks)
        return digest(reference.hash, [content])

    if found(0) == reference.expected:
        return True
    blanks = min(package.blanks_in(key), len(relationships) + 1)
    as_libreoffice = bool(blanks) and found(blanks) == reference.expected
    covered.blanks_signed |= as_libreoffice
    return as_libreoffice


def _digest_of_part(package: Package, key: str, reference: Reference) -> bytes:
    if not reference.transforms:
        return package.digest(key, reference.hash)
    method = _only_method(reference.transforms)
    return digest(reference.hash, [canonicalised(parsed(package.read(key), package.shown(key)), method)])


def _only_method(transforms: tuple[etree._Element, ...]) -> Canonical:
    if len(transforms) > 1:
        raise Unsupported("chữ ký dùng nhiều phép biến đổi liên tiếp, không được hỗ trợ")
    return canonical_method(transforms[0]) if transforms else Canonical()
