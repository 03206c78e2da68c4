"""The text of the mail itself, as a person would read it first."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.adapters.mime.charset import decode, decode_unlabelled
from gateway.adapters.mime.html_text import html_to_text
from gateway.adapters.mime.limits import LIMITS
from gateway.adapters.mime.node import Node, Problems
from gateway.adapters.mime.rtf import rtf_to_text
from gateway.adapters.mime.words import composed
from gateway.model.part import PartDecision


def body_text(nodes: Sequence[Node], problems: Problems) -> str:
    """The first text/plain body with anything in it, else HTML, else RTF; NFC, line feeds, bounded."""
    own = own_bodies(nodes)
    plain = [node for node in own if node.declared not in {"text/html", "application/rtf", "text/enriched"}]
    marked_up = [node for node in own if node.declared == "text/html"]
    rich = [node for node in own if node.declared == "application/rtf"]
    for node in (*plain, *marked_up, *rich):
        text = _text(node, problems)
        if text.strip():
            return text
    return ""


def own_bodies(nodes: Sequence[Node]) -> list[Node]:
    """The bodies with anything in them that belong to the mail itself, not to a mail it carries."""
    return [node for node in nodes if node.decision is PartDecision.BODY and not node.nested and node.size]


def source_text(node: Node, problems: Problems) -> str:
    """A body as it was sent, markup and all, rich text without; its first `LIMITS.text_source` bytes."""
    if node.content is None:
        return ""
    with node.content.open("rb") as file:
        source = file.read(LIMITS.text_source)
    return rtf_to_text(source) if node.declared == "application/rtf" else _decoded(node, source, problems)


def beginning(node: Node, most: int) -> str:
    """The first `most` characters of any text with words in it, as people read it."""
    return _shown(_plain(node, Problems(), LIMITS.beginning).strip(), most)


def _plain(node: Node, problems: Problems, most: int = LIMITS.text_source) -> str:
    text = source_text(node, problems)[:most]
    if node.declared == "text/html":
        text = html_to_text(text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _shown(text: str, most: int) -> str:
    return composed(_printable(text[:most]))[:most]


def _text(node: Node, problems: Problems) -> str:
    text = _plain(node, problems)
    if len(text) > LIMITS.body_text:
        problems.add(f"Nội dung thư quá dài, chỉ lấy {LIMITS.body_text} ký tự đầu: {node.label}.")
    return _shown(text, LIMITS.body_text)


def _decoded(node: Node, source: bytes, problems: Problems) -> str:
    if not node.charset:
        return decode_unlabelled(source)
    text, exact = decode(source, node.charset)
    if not exact and node.size <= LIMITS.text_source:
        problems.add(f"Bảng mã “{node.charset[:40]}” không đúng với nội dung, một số ký tự có thể sai: {node.label}.")
    return text


def _printable(text: str) -> str:
    """Control characters other than line feed and tab, and lone surrogates, have no place in a text to show."""
    return text.translate(_CONTROLS).encode("utf-8", "replace").decode("utf-8")


_CONTROLS = {code: None for code in (*range(32), 127, *range(0x80, 0xA0)) if code not in {9, 10}}
