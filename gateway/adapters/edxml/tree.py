"""The tree of a message: parsed without document types, entities or network, and mended no further than is safe."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator

from lxml import etree

from gateway.errors import Unopened

LARGEST = 96 * 1024 * 1024
"""Bytes of a message that are read at most; files in it stand in base64."""
LONGEST_TEXT = 2_000
MOST_TAGS = 200_000
"""A tree takes many times the room of its text; real messages have some hundreds of tags."""

_BEFORE = 4_096
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DECLARATION = re.compile(r"<\?xml\s[^>]{0,200}\?>")
_DOCUMENT_TYPE = re.compile(r"<!(?:DOCTYPE|ENTITY)")
_BLANKS = re.compile(r"\s+")
_NAMESPACE_ERRORS = frozenset({"NS_ERR_UNDEFINED_NAMESPACE"})
_DAMAGED = "thông điệp bị hỏng hoặc không phải XML đọc được"


def tree_of(content: bytes) -> tuple[etree._Element, list[str]]:
    """The root element and what was passed over, in Vietnamese; raises Unopened.

    Bytes before the declaration are left out, and a prefix that nothing declares is taken for a part of its name; any
    other breach, as by a message that was cut, leaves it unopened.
    """
    if len(content) > LARGEST:
        raise Unopened(f"thông điệp lớn quá {LARGEST // 1024 // 1024} MB")
    text, problems = _text(content)
    if _DOCUMENT_TYPE.search(text):
        raise Unopened("thông điệp khai báo DOCTYPE hoặc ENTITY, trái với quy chuẩn")
    if text.count("<") > MOST_TAGS:
        raise Unopened("thông điệp có quá nhiều phần tử")
    source = text.encode("utf-8", "replace")
    try:
        root = etree.fromstring(source, _parser(recover=False))
    except (etree.XMLSyntaxError, ValueError):
        root = _mended(source)
        problems.append("Thông điệp edXML dùng tiền tố không khai báo; đã đọc bỏ qua tiền tố ấy.")
    return root, problems


def _mended(source: bytes) -> etree._Element:
    parser = _parser(recover=True)
    try:
        root = etree.fromstring(source, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Unopened(_DAMAGED) from None
    if root is None or any(error.type_name not in _NAMESPACE_ERRORS for error in parser.error_log):
        raise Unopened(_DAMAGED)
    return root


def _parser(*, recover: bool) -> etree.XMLParser:
    """A file in base64 is one long text, so the limits of libxml2 are off; there are others above."""
    return etree.XMLParser(
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )


def _text(content: bytes) -> tuple[str, list[str]]:
    encoding = next((name for bom, name in _BOMS if content.startswith(bom)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise Unopened("mã chữ của thông điệp không đọc được") from None
    head = text[:_BEFORE]
    declared = _DECLARATION.search(head)
    start = declared.start() if declared else max(head.find("<"), 0)
    stray = len(text[:start].strip().encode("utf-8", "replace"))
    problems = [f"Thông điệp edXML có {stray} byte thừa đứng trước nội dung; đã bỏ qua."] if stray else []
    return text[declared.end() if declared else start :].lstrip(), problems


def local(element: etree._Element) -> str:
    """The name of an element without namespace and prefix; "" of what is no element."""
    name = element.tag
    return re.split(r"[}:]", name)[-1] if isinstance(name, str) else ""


def children(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    """The children of that name, in their order."""
    if element is not None:
        yield from (child for child in element if local(child) == name)


def at(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first element at the end of a path of names, None where there is none."""
    for name in path:
        element = next(children(element, name), None)
    return element


def words(element: etree._Element | None, *path: str) -> str:
    """The text there on one line, NFC and bounded; "" where there is none, or the word `null` of a careless program."""
    found = at(element, *path)
    if found is None or not found.text:
        return ""
    text = _BLANKS.sub(" ", unicodedata.normalize("NFC", found.text[: 2 * LONGEST_TEXT])).strip()
    shown = "".join(letter for letter in text if letter.isprintable())[:LONGEST_TEXT]
    return "" if shown.lower() == "null" else shown
