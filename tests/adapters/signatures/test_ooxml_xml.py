"""XML of strangers as signatures need it: canonical form, and nothing fetched or expanded."""

import pytest

from gateway.adapters.signatures.ooxml.faults import Malformed, Unsupported
from gateway.adapters.signatures.ooxml.package import Relationship
from gateway.adapters.signatures.ooxml.relationship_transform import Selection, transformed
from gateway.adapters.signatures.ooxml.safe_xml import Canonical, canonical_method, canonicalised, child, parsed, text

OUTER = (
    b'<o:root xmlns:o="urn:o" xmlns="urn:d" xmlns:unused="urn:u">'
    b'<inner b="2" o:a="1" a=\'x&#9;"y"\' ><!-- c --><![CDATA[<&]]><o:leaf/><gone xmlns=""/></inner> tail</o:root>'
)


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        (
            Canonical(),
            b'<inner xmlns="urn:d" xmlns:o="urn:o" xmlns:unused="urn:u" a="x&#x9;&quot;y&quot;" b="2" o:a="1">'
            b'&lt;&amp;<o:leaf></o:leaf><gone xmlns=""></gone></inner>',
        ),
        (
            Canonical(comments=True),
            b'<inner xmlns="urn:d" xmlns:o="urn:o" xmlns:unused="urn:u" a="x&#x9;&quot;y&quot;" b="2" o:a="1">'
            b'<!-- c -->&lt;&amp;<o:leaf></o:leaf><gone xmlns=""></gone></inner>',
        ),
        (
            Canonical(exclusive=True),
            b'<inner xmlns="urn:d" xmlns:o="urn:o" a="x&#x9;&quot;y&quot;" b="2" o:a="1">'
            b'&lt;&amp;<o:leaf></o:leaf><gone xmlns=""></gone></inner>',
        ),
        (
            Canonical(exclusive=True, prefixes=("unused",)),
            b'<inner xmlns="urn:d" xmlns:o="urn:o" xmlns:unused="urn:u" a="x&#x9;&quot;y&quot;" b="2" o:a="1">'
            b'&lt;&amp;<o:leaf></o:leaf><gone xmlns=""></gone></inner>',
        ),
    ],
    ids=["inclusive", "with comments", "exclusive", "exclusive with a prefix"],
)
def test_an_element_is_canonicalised_with_the_namespaces_it_inherits(method: Canonical, expected: bytes) -> None:
    assert canonicalised(parsed(OUTER, "part")[0], method) == expected


def test_inherited_attributes_of_xml_are_not_guessed_at() -> None:
    root = parsed(b'<a xml:lang="vi"><b/></a>', "part")
    with pytest.raises(Unsupported):
        canonicalised(root[0], Canonical())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<a>",
        b"<!DOCTYPE a><a/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<!DOCTYPE a SYSTEM "http://a.example/a.dtd"><a/>',
    ],
)
def test_what_is_broken_or_declares_a_document_type_is_refused(content: bytes) -> None:
    with pytest.raises(Malformed, match="phần “part”"):
        parsed(content, "part")


def test_a_part_too_large_to_hold_as_a_tree_is_not_read() -> None:
    with pytest.raises(Unsupported, match="quá lớn"):
        parsed(b"<a>" + b" " * 20_000_000 + b"</a>", "part")


def test_a_method_is_taken_from_its_address_and_its_prefixes() -> None:
    address = "http://www.w3.org/2001/10/xml-exc-c14n#"
    element = parsed(
        f'<T Algorithm="{address}"><n:InclusiveNamespaces xmlns:n="{address}" PrefixList="a #default"/></T>'.encode(),
        "t",
    )
    assert canonical_method(element) == Canonical(exclusive=True, prefixes=("a", "#default"))
    with pytest.raises(Unsupported, match="urn:x"):
        canonical_method(parsed(b'<T Algorithm="urn:x"/>', "t"))


def test_one_element_where_one_is_meant() -> None:
    root = parsed(b"<a><b>1<!-- x -->2</b><c/><c/></a>", "part")
    assert text(child(root, "b")) == "12"
    assert child(root, "d") is None
    with pytest.raises(Malformed):
        child(root, "c")


def test_relationships_are_sorted_filtered_and_completed() -> None:
    relationships = [
        Relationship("rId2", "urn:b", "", "External", "http://a.example/?a&b"),
        Relationship("rId10", "urn:a", "/x", "Internal", "x"),
        Relationship("rId1", "urn:c", "/y", "Internal", "y"),
    ]
    selected = Selection(frozenset({"rId2"}), frozenset({"urn:a"}))
    assert transformed(relationships, selected, Canonical()) == (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="rId10" Target="x" TargetMode="Internal" Type="urn:a"></Relationship>'
        b'<Relationship Id="rId2" Target="http://a.example/?a&amp;b" TargetMode="External" Type="urn:b"></Relationship>'
        b"</Relationships>"
    )
