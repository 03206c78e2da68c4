"""The bodies of a mail together: which of its alternatives is read, and whether they say the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from gateway.adapters.mime.authored.line import Line
from gateway.adapters.mime.authored.markup import lines_of_html
from gateway.adapters.mime.authored.plain import lines_of_text
from gateway.adapters.mime.authored.separate import Separated, separate
from gateway.adapters.mime.body import own_bodies, source_text
from gateway.adapters.mime.limits import LIMITS
from gateway.adapters.mime.node import Node, Problems
from gateway.adapters.mime.plain import plain
from gateway.adapters.mime.whole import Loss
from gateway.model.part import Authored

DIFFERENT = "Hai dạng của thư (văn bản thuần và HTML) có nội dung mới khác nhau"
TOO_LONG = "Nội dung thư quá dài nên không đọc được hết"
DAMAGED = "Nội dung thư bị hỏng khi truyền hoặc sai bảng mã"

_FORWARDED = re.compile(r"(?:\[[^\]]{0,80}\] ?){0,3}(?:fw|fwd|ct|chuyen tiep|forward(?:ed)?) ?(?:\[\d{1,3}\])? ?:")
_RICH = frozenset({"application/rtf", "text/enriched", "text/richtext", "text/x-amp-html", "text/watch-html"})
_NOT_WORDS = re.compile(
    r"<?\b(?:https?|mailto|tel|cid):[^\s>]{1,2000}>?|\[[^\]\n]{0,200}\]|<[^\s<>@]{1,100}@[^\s<>]{1,200}>", re.IGNORECASE
)
_BULLET = re.compile(r"^(?:\d{1,3}[.)]|o(?= )|[a-z][.)])\s+")
_BLANK_LINES = re.compile(r"\n{3,}")


def read_authored(nodes: Sequence[Node], subject: str) -> Authored:
    """What the sender newly wrote; `subject` may say that the mail passes on another."""
    bodies = [node for node in own_bodies(nodes) if node.content is not None]
    lines = {node.path: _lines(node) for node in bodies}
    written, plainly = _alternatives(bodies, lines)
    forwarded = _FORWARDED.match(plain(subject[:200])) is not None
    found = separate(written, forwarded=forwarded)
    doubt = found.doubt
    if plainly is not None:
        other = separate(plainly, forwarded=forwarded)
        if _letters(found) != _letters(other):
            doubt = doubt or other.doubt or DIFFERENT
            found = min(found, other, key=lambda each: len(_letters(each)))
        elif bool(found.quotes) != bool(other.quotes) and not found.quotes:
            doubt = doubt or other.doubt
    text = _BLANK_LINES.sub("\n\n", "\n".join(found.new)).strip("\n ")
    doubt = doubt or _unread(bodies, lines, text)
    attached = any(node.nested for node in nodes)
    return Authored(
        text=text[: LIMITS.authored].rstrip(),
        certain=not doubt,
        doubt=doubt,
        quotes=found.quotes,
        forwarded=found.forwards or (forwarded and attached),
    )


def _lines(node: Node) -> list[Line]:
    source = source_text(node, Problems())
    if node.declared == "text/html":
        return lines_of_html(source)
    return list(islice(lines_of_text(source, flowed=node.flowed, delsp=node.delsp), LIMITS.body_lines))


def _alternatives(bodies: Sequence[Node], lines: dict[str, list[Line]]) -> tuple[list[Line], list[Line] | None]:
    """The mail as its HTML shows it, and as its plain text does where both are there."""
    groups: dict[str, list[Node]] = {}
    for node in bodies:
        if any(line.text for line in lines[node.path]):
            groups.setdefault(_alternative(node), []).append(node)
    by_html: list[Line] = []
    by_text: list[Line] = []
    both = False
    for group in groups.values():
        html = [line for node in group if node.declared == "text/html" for line in lines[node.path]]
        text = [
            line
            for node in group
            if node.declared != "text/html" and node.declared not in _RICH
            for line in lines[node.path]
        ]
        rich = [] if html or text else [line for node in group for line in lines[node.path]]
        both = both or bool(html and text)
        by_html += html or text or rich
        by_text += text or html or rich
    return by_html, by_text if both else None


def _alternative(node: Node) -> str:
    """The path of the outermost multipart/alternative that a body stands in, its own where there is none."""
    found, outer = node.path, node.parent
    while outer is not None:
        if outer.declared == "multipart/alternative":
            found = f"alternative {outer.path}"
        outer = outer.parent
    return found


def _letters(found: Separated) -> str:
    """Letters and digits only: programs draw links, pictures, lists and emphasis differently in the two."""
    lines = _NOT_WORDS.sub(" ", "\n".join(found.signed)).split("\n")
    return "".join(
        letter for line in lines for letter in _BULLET.sub("", line.strip(" *_-•·§")).casefold() if letter.isalnum()
    )


def _unread(bodies: Sequence[Node], lines: dict[str, list[Line]], text: str) -> str:
    """Why the bodies may not be all that was written, "" where they are."""
    cut = any(node.size > LIMITS.text_source or len(lines[node.path]) >= LIMITS.body_lines for node in bodies)
    if cut or len(text) > LIMITS.authored:
        return TOO_LONG
    damaged = any(node.loss in {Loss.BYTES, Loss.REST} for node in bodies)
    return DAMAGED if damaged or "\ufffd" in text else ""
