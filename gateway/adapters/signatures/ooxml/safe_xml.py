"""XML of strangers, parsed without document types, entities or network, and canonicalised (W3C C14N and EXC-C14N)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from gateway.adapters.signatures.ooxml.faults import Malformed, Unsupported

DSIG = "http://www.w3.org/2000/09/xmldsig#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
C14N_11 = "http://www.w3.org/2006/12/xml-c14n11"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
COMMENTS = "WithComments"

_LARGEST = 20_000_000
_XML = "{http://www.w3.org/XML/1998/namespace}"
_METHODS = {
    C14N: (False, False),
    f"{C14N}#{COMMENTS}": (False, True),
    C14N_11: (False, False),
    f"{C14N_11}#{COMMENTS}": (False, True),
    EXCLUSIVE: (True, False),
    f"{EXCLUSIVE}{COMMENTS}": (True, True),
}


@dataclass(frozen=True, slots=True)
class Canonical:
    """One way to canonicalise; `prefixes` are those that exclusive canonicalisation treats inclusively."""

    exclusive: bool = False
    comments: bool = False
    prefixes: tuple[str, ...] = ()


def parsed(content: bytes, name: str) -> etree._Element:
    """The root of an XML part; raises Malformed, naming the part, and Unsupported where its tree would be too large."""
    if len(content) > _LARGEST:
        raise Unsupported(f"phần “{name}” quá lớn để kiểm tra")
    try:
        root = etree.fromstring(content, _reader())
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise Malformed(f"phần “{name}” không phải XML đọc được") from problem
    if root.getroottree().docinfo.internalDTD is not None:
        raise Malformed(f"phần “{name}” khai báo DOCTYPE, trái với tiêu chuẩn")
    return root


def canonical_method(element: etree._Element) -> Canonical:
    """What a CanonicalizationMethod or Transform asks for; raises Unsupported where that is no canonicalisation."""
    algorithm = element.get("Algorithm", "")
    if algorithm not in _METHODS:
        raise Unsupported(f"chữ ký dùng phép biến đổi “{algorithm[:100]}” không được hỗ trợ")
    exclusive, comments = _METHODS[algorithm]
    listed = element.find(f"{{{EXCLUSIVE}}}InclusiveNamespaces") if exclusive else None
    prefixes = listed.get("PrefixList", "").split() if listed is not None else []
    return Canonical(exclusive, comments, tuple(prefixes))


def canonicalised(element: etree._Element, method: Canonical) -> bytes:
    """An element and what is in it, in canonical form, with the namespaces it inherits.

    Attributes of the XML namespace would be inherited too; nobody writes them above a signature, and where somebody
    does, Unsupported is raised.
    """
    above: Iterator[etree._Element] = element.iterancestors()
    if any(str(key).startswith(_XML) for each in above for key in each.attrib):
        raise Unsupported("chữ ký có thuộc tính xml: ở phần tử bao ngoài, không được hỗ trợ")
    alone = etree.fromstring(etree.tostring(element, with_tail=False), _reader())  # lxml loses inherited namespaces
    content = etree.tostring(
        alone,
        method="c14n",
        exclusive=method.exclusive,
        with_comments=method.comments,
        inclusive_ns_prefixes=list(method.prefixes) or None,
    )
    return bytes(content)


def child(element: etree._Element, *path: str) -> etree._Element | None:
    """The one descendant along a path of qualified names, None where a step is missing; raises Malformed on two."""
    at: etree._Element | None = element
    for name in path:
        found = at.findall(name) if at is not None else []
        if len(found) > 1:
            raise Malformed(f"chữ ký có nhiều phần tử “{etree.QName(name).localname}” ở một chỗ")
        at = found[0] if found else None
    return at


def text(element: etree._Element | None) -> str:
    """The text right inside an element, comments left out as canonicalisation does, trimmed; "" without one."""
    if element is None:
        return ""
    return "".join([element.text or "", *(each.tail or "" for each in element)]).strip()


def _reader() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, strip_cdata=False)
