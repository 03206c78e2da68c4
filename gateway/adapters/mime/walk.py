"""A mail taken apart into nodes: every leaf decoded, hashed and written, every container opened within limits.

Works on offsets into the raw bytes: boundaries are found by searching, outermost first, so that cost stays linear in
the size of the mail for each level, and neither broken structure nor any bytes at all can raise.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from gateway.adapters.mime.containers import Item, archived, unwrap
from gateway.adapters.mime.envelope import read_message_id
from gateway.adapters.mime.headers import Headers, read_headers
from gateway.adapters.mime.html_text import referenced_ids
from gateway.adapters.mime.image_size import image_size
from gateway.adapters.mime.limits import LIMITS
from gateway.adapters.mime.names import file_name, name_trick
from gateway.adapters.mime.node import Node, Problems
from gateway.adapters.mime.parameters import Structured, read_structured
from gateway.adapters.mime.split import Split, guess_boundary, split
from gateway.adapters.mime.transfer import Decoded, undo
from gateway.adapters.mime.whole import Bound, Loss, ends_in_delimiter, loss
from gateway.adapters.mime.words import clean
from gateway.errors import Unopened
from gateway.model.archive import Member
from gateway.model.exchange import ExchangeMessage, OpenedExchange
from gateway.model.part import PartDecision

_MESSAGES = frozenset({"message/rfc822", "message/global", "message/news"})
_MESSAGE_FIELDS = frozenset(
    {"from", "date", "subject", "received", "message-id", "mime-version", "to", "return-path", "content-type"}
)
_ENCODED = frozenset({"base64", "quoted-printable"})
_COMMENT = re.compile(r"\([^()]*\)")
_OTHER_NAME = re.compile(r"\.(?!\d+[. \t\xa0]*\Z|msg\Z)[^\s./\\]{1,24}[. \t\xa0]*\Z", re.IGNORECASE)
_EXCHANGE = "application/edxml+xml"
# The names under which a message of exchange is taken for what it is; behind any other it hides.
_EXCHANGE_NAME = re.compile(r"\.(?:edxml|xml)[. \t\xa0]*\Z", re.IGNORECASE)
_EXCHANGE_ROOT = re.compile(rb"<(?:[A-Za-z][\w.-]*:)?edXML[\s>]")
_EXCHANGE_HEAD = 8_192
_DOCUMENT_NAME = re.compile(r"\.(?:docx?|xlsx?|pptx?|rtf|pdf|csv|mht|mhtml|html?)\Z", re.IGNORECASE)
_LONGEST_PREAMBLE = 300
_IMAGE_HEAD = 256 * 1024


@dataclass(frozen=True, slots=True)
class _Span:
    content: bytes
    start: int
    end: int

    def cut(self) -> bytes:
        return self.content[self.start : self.end]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an entity stands. `number` is 0 for the root of a message, whose multipart has the path `0`.

    `bound` is what ends it.
    """

    prefix: str
    number: int
    depth: int
    parent: Node | None
    nested: bool
    bound: Bound

    def path(self, *, multipart: bool) -> str:
        return f"{self.prefix}{self.number if multipart else self.number or 1}"

    def prefix_within(self, *, multipart: bool) -> str:
        return self.prefix if multipart and not self.number else f"{self.path(multipart=multipart)}."


class Archives(Protocol):
    """What opens the archives of one mail."""

    def opens(self, media_type: str, name: str) -> bool:
        """Whether files of this true type and name are opened."""
        ...

    def members(self, path: Path, media_type: str, depth: int, name: str) -> Iterator[Member]:
        """Every file in an archive called `name`; `depth` counts it and the archives around it.

        Raises Unopened where no more is opened.
        """
        ...


class Walker:
    """Takes one mail apart; `nodes`, `problems`, `shown_ids` and `incomplete` (a cap was met) are its results.

    So are `subjects`, those of the mail and of the mails in it, undecoded, and `exchanges`, the messages of exchange.
    """

    def __init__(
        self,
        scratch: Path,
        sniff: Callable[[Path], str],
        archives: Archives | None = None,
        read_exchange: Callable[[bytes], OpenedExchange] | None = None,
    ) -> None:
        self.nodes: list[Node] = []
        self.problems = Problems()
        self.shown_ids: set[str] = set()
        self.subjects: list[str] = []
        self.exchanges: list[ExchangeMessage] = []
        self.incomplete = False
        self._scratch = scratch
        self._sniff = sniff
        self._archives = archives
        self._read_exchange = read_exchange
        self._budget = LIMITS.decoded

    def mail(self, content: bytes) -> Headers:
        """Walk the whole mail and return its own headers."""
        return self._message(_Span(content, 0, len(content)), _Place("", 0, 0, None, nested=False, bound=Bound.END))

    def _message(self, span: _Span, place: _Place) -> Headers:
        block = read_headers(span.content, span.start, span.end)
        if block.cut:
            self._header_cut("thư")
        self.subjects += block.headers.texts("subject")
        self._entity(_Span(span.content, block.body, span.end), block.headers, place, "text/plain")
        return block.headers

    def _header_cut(self, of: str) -> None:
        self.incomplete = True
        self.problems.add(
            f"Phần tiêu đề {of} dài quá {LIMITS.header_block // 1024} KB, đã bỏ qua các dòng vượt giới hạn."
        )

    def _entity(self, span: _Span, headers: Headers, place: _Place, default_type: str) -> None:
        kind = read_structured(headers.text("content-type") or "")
        disposition = read_structured(headers.text("content-disposition") or "")
        sent_name = _sent_name(disposition, kind)
        node = Node(
            path=place.path(multipart=False),
            declared=clean(kind.value, 100) or default_type,
            parent=place.parent,
            name=file_name(sent_name),
            name_trick=name_trick(sent_name),
            disposition=disposition.value,
            content_id=clean(headers.text("content-id") or "", 300).strip("<> ").lower(),
            charset=kind.parameters.get("charset", ""),
            flowed=kind.parameters.get("format", "").strip().lower() == "flowed",
            delsp=kind.parameters.get("delsp", "").strip().lower() == "yes",
            nested=place.nested,
        )
        for field in ("content-type", "content-transfer-encoding"):
            if len(set(headers.texts(field))) > 1:
                self.problems.add(f"Khai báo {field} nhiều lần khác nhau, lấy lần thứ nhất: {node.label}.")
        encoding = _COMMENT.sub("", headers.text("content-transfer-encoding") or "")
        container = node.declared.startswith("multipart/") or node.declared in _MESSAGES
        if container and place.depth >= LIMITS.depth:
            self.nodes.append(node)
            if self._store(node, span.cut()):
                self._too_deep(node)
        elif node.declared.startswith("multipart/"):
            self._multipart(node, span, kind, encoding, place)
        elif node.declared in _MESSAGES:
            self._attached_message(node, span, encoding, place)
        else:
            self._coded_leaf(node, span, encoding, place)

    def _too_deep(self, node: Node) -> None:
        node.decide(PartDecision.DOCUMENT, f"Lồng quá {LIMITS.depth} cấp, không mở, giữ nguyên để người kiểm tra")
        self.problems.add(f"Nội dung lồng quá {LIMITS.depth} cấp không được mở: {node.label}.")

    def _coded_leaf(self, node: Node, span: _Span, encoding: str, place: _Place) -> None:
        decoded = self._decoded(node, span, encoding)
        self._leaf(node, decoded.content, place)
        self._lost(node, decoded, place.bound)

    def _lost(self, node: Node, decoded: Decoded, bound: Bound) -> None:
        """Note what transfer took from a leaf; an announced file of which nothing came was cut off before it."""
        lost = loss(decoded, node.type, bound)
        carried = bool(node.name) or node.disposition == "attachment" or not node.declared.startswith("text/")
        if not node.size:
            lost = Loss.REST if carried and bound is Bound.MISSING else Loss.NONE
        if lost is not Loss.NONE:
            node.loss = lost
        # A signature stands last in multipart/signed: nothing of use comes after it.
        if lost is Loss.REST and node.parent is not None and node.siblings_type != "multipart/signed":
            node.parent.loss = Loss.REST

    def _decoded(self, node: Node, span: _Span, encoding: str) -> Decoded:
        decoded = undo(span.cut(), encoding)
        if decoded.problem:
            self.problems.add(f"Tại {node.label}: {decoded.problem}.")
        if decoded.damaged:
            node.loss = Loss.BYTES
        return decoded

    def _multipart(self, node: Node, span: _Span, kind: Structured, encoding: str, place: _Place) -> None:
        boundary = kind.parameters.get("boundary", "")
        found = self._split(node, span, boundary)
        if found is None and encoding.strip().lower() in _ENCODED:
            # Forbidden by RFC 2045 section 6.4, so the header alone is not believed.
            content = self._decoded(node, span, encoding).content
            span = _Span(content, 0, len(content))
            found = self._split(node, span, boundary)
        if found is None and not span.cut().strip():
            node.type, node.size = node.declared, span.end - span.start
            node.decide(PartDecision.CONTAINER, "Vỏ chứa rỗng, không có phần nào")
            self.nodes.append(node)
            return
        if found is None:
            self.problems.add(f"Không tìm thấy ranh giới các phần: {node.label} được giữ như một tệp.")
            self._leaf(node, span.cut(), place)
            return
        node.path = place.path(multipart=True)
        node.type, node.size = node.declared, span.end - span.start
        node.decide(PartDecision.CONTAINER, "Vỏ chứa các phần của thư")
        self.nodes.append(node)
        self._outside(node, span, found)
        last = self._last_bound(node, span, found, place)
        default = "message/rfc822" if node.declared == "multipart/digest" else "text/plain"
        prefix = place.prefix_within(multipart=True)
        for number, (start, end) in enumerate(found.parts, 1):
            if self._full(len(found.parts) - number + 1 + found.left):
                return
            block = read_headers(span.content, start, end)
            if block.cut:
                self._header_cut(f"của phần {prefix}{number}")
            bound = last if number == len(found.parts) else Bound.DELIMITER
            if bound is Bound.MISSING and block.headers.fields and not _has_blank_line(span.content, block.body, end):
                node.loss = Loss.REST
            inner = _Place(prefix, number, place.depth + 1, node, place.nested, bound)
            self._entity(_Span(span.content, block.body, end), block.headers, inner, default)
        if found.left:
            self._full(found.left, certain=True)

    def _last_bound(self, node: Node, span: _Span, found: Split, place: _Place) -> Bound:
        """What ends the last part; a mail that goes on with a delimiter of the outer multipart is not cut there."""
        if found.closed or (place.number and place.bound is Bound.DELIMITER):
            return Bound.DELIMITER
        if ends_in_delimiter(span.content, span.start, span.end, found.boundary):
            node.loss = Loss.REST
        return Bound.MISSING

    def _split(self, node: Node, span: _Span, boundary: str) -> Split | None:
        most = LIMITS.parts
        given = boundary.encode("utf-8", "replace").rstrip()
        found = split(span.content, span.start, span.end, given, most) if given else None
        if found is None and (guessed := guess_boundary(span.content, span.start, span.end)):
            found = split(span.content, span.start, span.end, guessed, most)
            if found:
                self.problems.add(
                    f"Khai báo ranh giới các phần bị thiếu hoặc sai, đã suy ra từ nội dung: {node.label}."
                )
        if found and not found.parts and not found.left and found.preamble[1] - found.preamble[0] > _LONGEST_PREAMBLE:
            return None
        return found

    def _outside(self, node: Node, span: _Span, found: Split) -> None:
        if not found.closed:
            self.problems.add(f"Thiếu ranh giới kết thúc, thư có thể bị cắt cụt: {node.label}.")
        preamble = span.content[slice(*found.preamble)].strip()
        epilogue = span.content[slice(*found.epilogue)].strip(b"\r\n\t \x00")
        if len(preamble) > (_LONGEST_PREAMBLE if found.parts or found.left else 0):
            self.problems.add(f"{len(preamble)} byte trước phần thứ nhất không thuộc phần nào: {node.label}.")
        if epilogue:
            self.problems.add(f"{len(epilogue)} byte sau phần cuối cùng không thuộc phần nào: {node.label}.")

    def _full(self, left: int, *, certain: bool = False) -> bool:
        if not certain and len(self.nodes) < LIMITS.parts:
            return False
        self.incomplete = True
        self.problems.add(f"Thư có quá {LIMITS.parts} phần: còn ít nhất {left} phần không được mở.")
        return True

    def _attached_message(self, node: Node, span: _Span, encoding: str, place: _Place) -> None:
        if encoding.strip().lower() in _ENCODED:
            content = self._decoded(node, span, encoding).content
            span = _Span(content, 0, len(content))
        if not _looks_like_message(span) or _DOCUMENT_NAME.search(node.name):
            self._leaf(node, span.cut(), place)
            return
        node.type, node.size = "message/rfc822", span.end - span.start
        node.decide(PartDecision.CONTAINER, "Thư được đính kèm, đã mở để lấy từng phần")
        self.nodes.append(node)
        self._nested_message(node, span, place)

    def _nested_message(self, node: Node, span: _Span, place: _Place) -> None:
        headers = self._message(span, self._within(node, place, nested=True))
        node.message_id = read_message_id(headers.text("message-id") or "")

    def _within(self, node: Node, place: _Place, *, nested: bool) -> _Place:
        return _Place(f"{node.path}.", 0, place.depth + 1, node, place.nested or nested, place.bound)

    def _leaf(self, node: Node, content: bytes, place: _Place) -> None:
        self.nodes.append(node)
        if not self._store(node, content):
            return
        if node.type.startswith("image/"):
            node.pixels = image_size(content[:_IMAGE_HEAD])
        elif node.declared == "text/html" or node.type == "text/html":
            self.shown_ids |= referenced_ids(content)
        if _is_attached_message(node, content):
            self._open_message(node, content, place)
            return
        if self._read_exchange is not None and _is_exchange(node, content):
            self._open_exchange(node, self._read_exchange, content, place)
            return
        if self._archives is not None and node.decision is None and self._archives.opens(node.type, node.name):
            self._open_archive(node, self._archives, place)
            return
        opened = unwrap(node, content, self._budget)
        for problem in opened.problems:
            self.problems.add(problem)
        if opened.items and place.depth >= LIMITS.depth:
            self._too_deep(node)
            return
        for number, item in enumerate(opened.items, 1):
            if self._full(len(opened.items) - number + 1):
                return
            self._item(node, item, number, place)

    def _open_archive(self, node: Node, archives: Archives, place: _Place) -> None:
        """Take the files out one by one; an archive not opened to its end stays a file that a person must see."""
        if place.depth >= LIMITS.depth:
            self._too_deep(node)
            return
        archive_type, found = node.type, 0
        path, depth = self._scratch / (node.sha256 or ""), _layers(node, archives)
        try:
            for member in archives.members(path, archive_type, depth, node.name):
                if self._full(1):
                    break
                found += 1
                self._item(node, archived(member), found, place)
        except Unopened as cause:
            node.type = f"{archive_type}; unopened=yes"
            node.decide(PartDecision.DOCUMENT, str(cause))
            self.problems.add(f"Tệp nén không mở được hết: {node.label}, {cause}.")
            return
        if not found:
            self.problems.add(f"Tệp nén rỗng, không có tệp nào bên trong: {node.label}.")
        node.decide(PartDecision.CONTAINER, "Tệp nén, đã mở để lấy từng tệp")

    def _open_exchange(
        self, node: Node, read: Callable[[bytes], OpenedExchange], content: bytes, place: _Place
    ) -> None:
        """Take the files out of a message (QCVN 102:2016); one that cannot be read a person must see."""
        if place.depth >= LIMITS.depth:
            self._too_deep(node)
            return
        node.type = _EXCHANGE
        try:
            opened = read(content)
        except Unopened as cause:
            node.type = f"{_EXCHANGE}; unopened=yes"
            node.decide(PartDecision.DOCUMENT, str(cause))
            self.problems.add(f"Thông điệp edXML không đọc được: {node.label}, {cause}.")
            return
        node.decide(PartDecision.CONTAINER, "Thông điệp edXML (QCVN 102:2016), đã mở để lấy từng tệp văn bản bên trong")
        self.exchanges.append(replace(opened.message, path=node.path))
        for problem in opened.problems:
            self.problems.add(problem)
        if not opened.whole:
            node.loss = Loss.BYTES
        for number, member in enumerate(opened.files, 1):
            if self._full(len(opened.files) - number + 1):
                return
            self._item(node, archived(member), number, place)

    def _item(self, node: Node, item: Item, number: int, place: _Place) -> None:
        span = _Span(item.content, 0, len(item.content))
        if item.message and _looks_like_message(span):
            self._message(span, self._within(node, place, nested=False))
            return
        child = Node(
            path=f"{node.path}.{number}",
            declared=item.declared,
            parent=node,
            name=file_name(item.name),
            name_trick=name_trick(item.name),
            disposition="" if item.body else "attachment",
            content_id=item.content_id.strip("<> ").lower(),
            charset=item.charset,
            nested=place.nested or item.nested,
        )
        if item.body:
            child.decide(PartDecision.BODY, item.body)
        if item.ignored:
            child.decide(PartDecision.IGNORED, item.ignored)
        if item.damaged:
            child.loss = Loss.BYTES
        inner = _Place(f"{node.path}.", number, place.depth + 1, node, child.nested, Bound.DELIMITER)
        self._leaf(child, item.content, inner)

    def _open_message(self, node: Node, content: bytes, place: _Place) -> None:
        if place.depth >= LIMITS.depth:
            self._too_deep(node)
            return
        node.type = "message/rfc822"
        node.decide(PartDecision.CONTAINER, "Tệp thư được đính kèm, đã mở để lấy từng phần")
        self._nested_message(node, _Span(content, 0, len(content)), place)

    def _store(self, node: Node, content: bytes) -> bool:
        """Write the content under its hash and tell its type; False where the cap on decoded bytes forbids it."""
        node.size = len(content)
        if len(content) > self._budget:
            node.type = node.declared
            node.decide(PartDecision.IGNORED, "Vượt giới hạn tổng dung lượng giải mã, không mở")
            self.incomplete = True
            self.problems.add(f"Vượt giới hạn tổng dung lượng giải mã, không mở {node.label}, {len(content)} byte.")
            return False
        self._budget -= len(content)
        node.sha256 = hashlib.sha256(content).hexdigest()
        node.content = self._scratch / node.sha256
        if not node.content.exists():
            node.content.write_bytes(content)
        node.type = self._sniff(node.content)
        return True


def _sent_name(disposition: Structured, kind: Structured) -> str:
    """The first name given of which something is left that people may see."""
    names = (
        disposition.parameters.get("filename", ""),
        disposition.parameters.get("name", ""),
        kind.parameters.get("name", "") or kind.parameters.get("filename", ""),
    )
    return next((name for name in names if file_name(name)), "")


def _layers(node: Node, archives: Archives) -> int:
    """The archive itself and those around it."""
    layers, around = 1, node.parent
    while around is not None:
        layers += archives.opens(around.type, around.name)
        around = around.parent
    return layers


def _has_blank_line(content: bytes, body: int, end: int) -> bool:
    """Whether a header block was finished: something comes after it, or the blank line at least."""
    return body < end or content[max(end - 3, 0) : end].endswith((b"\n\n", b"\n\r\n"))


def _looks_like_message(span: _Span) -> bool:
    headers = read_headers(span.content, span.start, min(span.end, span.start + LIMITS.header_block)).headers
    return any(name in _MESSAGE_FIELDS or name.startswith("content-") for name, _ in headers.fields)


def _is_exchange(node: Node, content: bytes) -> bool:
    """A message of exchange by its root, also where a careless program wrote something before its declaration."""
    if node.decision is not None or (not _EXCHANGE_NAME.search(node.name) and _OTHER_NAME.search(node.name)):
        return False
    named = node.name.lower().endswith(".edxml")
    return node.type == _EXCHANGE or (named and _EXCHANGE_ROOT.search(content, 0, _EXCHANGE_HEAD) is not None)


def _is_attached_message(node: Node, content: bytes) -> bool:
    """An attached .eml, or one without a name that says what opens it; a text that merely begins so is not one.

    Nor is what a program other than one for mail would open by its name: a saved page (MHTML) as `.doc`, an `.hta`.
    """
    named = node.name.lower().endswith(".eml")
    carried = bool(node.name) or node.disposition == "attachment" or not node.declared.startswith("text/")
    told = node.type == "message/rfc822" and carried and not _OTHER_NAME.search(node.name)
    if not (named or told) or node.decision is not None or node.declared.startswith("message/"):
        return False
    fields = {name for name, _ in read_headers(content, 0, len(content)).headers.fields}
    return len(fields & _MESSAGE_FIELDS) > 1
