"""Fields of a text that a reader fills from parts that nobody signed: what they show is then not known to be signed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lxml import etree

from gateway.adapters.signatures.ooxml.package import Package
from gateway.adapters.signatures.ooxml.safe_xml import parsed

_PROPERTIES = {"{6C3C8BC8-F283-45AE-878A-BAB7291924A1}", "{6668398D-A668-4E3E-A5EB-62B293D839F1}"}
"""Word's names for the core and extended properties as sources of content controls (ECMA-376 part 1, 17.5.2.6)."""

_BINDING = "dataBinding"
_MARKS = (_BINDING.encode(), _BINDING.encode("utf-16-le"), _BINDING.encode("utf-16-be"))
_CUSTOM_FOLDER = "/customxml/"


def fills_from(package: Package, texts: Iterable[str], unsigned: Sequence[str]) -> str:
    """The first unsigned part that a content control of the signed texts draws on, "" where none does.

    Raises Malformed or Unsupported.
    """
    custom = [key for key in unsigned if key.startswith(_CUSTOM_FOLDER)]
    properties = [key for key in unsigned if not key.startswith(_CUSTOM_FOLDER)]
    for key in sorted(texts):
        if not (custom or properties) or "wordprocessingml" not in package.content_type(key):
            continue
        for source in _sources(package, key):
            drawn = properties if source in _PROPERTIES else custom if source else custom + properties
            if drawn:
                return package.shown(drawn[0])
    return ""


def _sources(package: Package, key: str) -> list[str]:
    """The stores that content controls of a part name, "" for one that names none."""
    content = package.read(key)
    if not any(mark in content for mark in _MARKS):
        return []
    found: list[str] = []
    for element in parsed(content, package.shown(key)).iter(f"{{*}}{_BINDING}"):
        named = {etree.QName(name).localname: str(value) for name, value in element.attrib.items()}
        found.append(named.get("storeItemID", "").upper())
    return found
