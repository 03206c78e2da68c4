"""The transform by which relationships are signed (ECMA-376 part 2, section 10.5.8; once 13.2.4.24 and .25)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from gateway.adapters.signatures.ooxml.package import Relationship
from gateway.adapters.signatures.ooxml.safe_xml import Canonical, canonicalised

ALGORITHM = "http://schemas.openxmlformats.org/package/2006/RelationshipTransform"

_DIGSIG = "{http://schemas.openxmlformats.org/package/2006/digital-signature}"
_NAMESPACE = "http://schemas.openxmlformats.org/package/2006/relationships"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which relationships of a part are signed: these ids, and all of these types."""

    ids: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()

    def takes(self, relationship: Relationship) -> bool:
        """Whether this one is among them; ids and types are held against each other letter by letter."""
        return relationship.id in self.ids or relationship.type in self.types


def selection(transform: etree._Element) -> Selection:
    """What a Transform element selects."""
    ids = [each.get("SourceId", "") for each in transform.iter(f"{_DIGSIG}RelationshipReference")]
    types = [each.get("SourceType", "") for each in transform.iter(f"{_DIGSIG}RelationshipsGroupReference")]
    return Selection(frozenset(ids), frozenset(types))


def transformed(
    relationships: Iterable[Relationship], selected: Selection, method: Canonical, blanks: int = 0
) -> bytes:
    """The selected relationships sorted by id, target modes written out, nothing between them, in canonical form.

    With `blanks` it is what LibreOffice signs where so many runs of white space stand between the relationships: before
    version 1.3 libxmlsec made an element `text` of each, which the standard would have removed.
    """
    taken = sorted((each for each in relationships if selected.takes(each)), key=lambda each: each.id)
    root = etree.Element(f"{{{_NAMESPACE}}}Relationships", nsmap={None: _NAMESPACE})
    for _ in range(blanks):
        etree.SubElement(root, f"{{{_NAMESPACE}}}text")
    for each in taken:
        written = etree.SubElement(root, f"{{{_NAMESPACE}}}Relationship")
        written.attrib.update({"Id": each.id, "Type": each.type, "Target": each.raw_target, "TargetMode": each.mode})
    return canonicalised(root, method)
