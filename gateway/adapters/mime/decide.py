"""What each part is to the records office: by content, references and place, never by declaration alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from gateway.adapters.mime.node import Node, Problems
from gateway.model.part import PartDecision

# A sheet photographed or scanned has both sides at least this long, in pixels; a logo or banner has not.
_PAGE_SIDE = 600
_PAGE_LONG_SIDE = 800
# What the mail shows is a sheet beside other documents too, if its sides are in the proportion of paper and of cameras,
# or if it is so large that only a long photograph has them; below, or wider, it may be a logo, and is named.
_PAPER_RATIO = (1.2, 1.65)
_PHOTO_SIDE = 1000
_STRIP_RATIO = 2.4
_DOUBTFUL_SIDE = 400
# Formats of cameras and scanners that do not tell their pixels in a place we read.
_PHOTO_TYPES = frozenset({"image/tiff", "image/heic", "image/heif", "image/avif", "image/webp", "image/jp2"})
# Where an image does not tell its pixels, this many bytes count as a page.
_PAGE_BYTES = 60_000
_ICON_AREA = 300 * 300
_ICON_SIDE = 120

_SIGNATURE_TYPES = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
)
_REPORT_TYPES = frozenset(
    {
        "message/delivery-status",
        "message/global-delivery-status",
        "message/disposition-notification",
        "message/global-disposition-notification",
        "message/feedback-report",
        "message/tracking-status",
        "text/rfc822-headers",
        "message/global-headers",
    }
)
_CARD_TYPES = frozenset({"text/calendar", "application/ics", "text/vcard", "text/x-vcard", "text/directory"})
# Exchange gives these names to the pieces of a body that stand between or after attachments.
_EXCHANGE_TEXT = re.compile(r"ATT\d{5,}\.(?:txt|html?)", re.IGNORECASE)
# Names under which helper parts of mail come; under any other name their content is a file like all others.
_CARD_NAMES = frozenset({"ics", "ical", "ifb", "vcf", "vcs", "vcard"})
_SIGNATURE_NAMES = frozenset({"p7s", "asc", "sig", "pgp"})
_TEXT_NAMES = frozenset({"txt", "text", "htm", "html"})
_EXTENSION = re.compile(r"\.(?!\d+[. \t\xa0]*\Z)([^\s./\\]{1,24})[. \t\xa0]*\Z")
_TEXTS = frozenset({"text/plain", "text/csv"})
# More than a trace, a control part or a signature ever has, in bytes.
_MOST_OF_A_TRACE = 2_048
_MOST_OF_A_REFERENCE = 8_192
_MOST_OF_A_SIGNATURE = 16_384
_APPLE_DOUBLE = b"\x00\x05\x16\x07"
_MOST_READ = 1_000_000
# What a page has that does more than show its text.
_LIVELY = re.compile(
    rb"<(?:script|i?frame|frameset|object|embed|applet|form|svg|xml|hta:|meta[^>]{0,100}refresh)|"
    rb"[\s/\"']on[a-z]{3,20}\s{0,9}=|(?:java|vb)script\s{0,9}:",
    re.IGNORECASE,
)
# Pictures that mail programs show; of these an inline part can be made, and of none else.
_PICTURES = frozenset(
    {"image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff", "image/webp", "image/heic", "image/heif"}
    | {"image/avif", "image/jp2"}
)
_BODY_TYPES = frozenset(
    {"text/plain", "text/html", "text/enriched", "text/richtext", "text/x-amp-html", "text/watch-html"}
)
# True types that say "nothing in particular": the declaration may then name a helper part of mail.
_VAGUE = frozenset({"application/octet-stream", "application/pkcs7-signature", "application/pgp-signature"})


def decide_all(
    nodes: Iterable[Node], shown_ids: set[str], problems: Problems, holds_more: Callable[[Path, str], bool]
) -> None:
    """Give every node still undecided its decision; images come last, as they depend on the other documents.

    A picture of which `holds_more` says that it is more than one, by its content and true type, is a document.
    """
    undecided = [node for node in nodes if node.decision is None]
    images = [node for node in undecided if _is_picture(node)]
    for node in undecided:
        if not _is_picture(node):
            _decide_one(node, problems)
    other_document = any(node.decision is PartDecision.DOCUMENT for node in nodes)
    for node in images:
        if node.content is not None and holds_more(node.content, node.type):
            node.decide(PartDecision.DOCUMENT, f"Ảnh có chứa nội dung khác{_described(node)}, phải kiểm tra")
        elif not _is_shown(node, shown_ids):
            _decide_carried(node)
        elif not _decide_shown(node, other_document=other_document):
            problems.add(f"Ảnh hiển thị trong thư, không coi là văn bản: {node.label}{_described(node)}.")


def _decide_one(node: Node, problems: Problems) -> None:
    if not node.size:
        _decide_empty(node, problems)
    elif _is_elsewhere(node):
        _decide_elsewhere(node, problems)
    elif node.declared in _REPORT_TYPES and _vague(node) and (_in_report(node) or not node.name):
        node.decide(PartDecision.IGNORED, "Phần kỹ thuật của báo cáo phát thư")
    elif _is_signature(node):
        node.decide(PartDecision.SIGNATURE, "Chữ ký số của thư")
    elif node.declared == "application/pgp-encrypted" and _head(node).lstrip()[:8].lower() == b"version:":
        node.decide(PartDecision.IGNORED, "Phần điều khiển của thư mã hóa PGP")
    elif node.declared == "application/applefile" and _head(node).startswith(_APPLE_DOUBLE):
        node.decide(PartDecision.IGNORED, "Phần phụ của máy Macintosh, không có nội dung văn bản")
    elif node.declared == "text/x-moz-deleted" and node.type in _TEXTS and node.size <= _MOST_OF_A_TRACE:
        node.decide(PartDecision.IGNORED, "Dấu vết của tệp đã bị xóa trước khi gửi")
        problems.add(f"Tệp đính kèm đã bị xóa khỏi thư trước khi gửi: {node.label}.")
    elif _is_card(node):
        node.decide(PartDecision.IGNORED, "Lịch hẹn hoặc danh thiếp, không phải văn bản")
    elif _is_body(node):
        node.decide(PartDecision.BODY, "Nội dung của thư được đính kèm" if node.nested else "Nội dung thư")
    else:
        node.decide(PartDecision.DOCUMENT, f"Tệp có nội dung kiểu {node.type}, {node.size} byte")


def _is_picture(node: Node) -> bool:
    """A picture of points; drawings of programs (`image/svg+xml`, `image/vnd.dwg`) are documents."""
    return node.size > 0 and node.type in _PICTURES


def _decide_empty(node: Node, problems: Problems) -> None:
    if node.declared in _BODY_TYPES and not node.name and node.disposition != "attachment":
        node.decide(PartDecision.BODY, "Nội dung thư trống")
        return
    node.decide(PartDecision.IGNORED, "Tệp đính kèm rỗng (0 byte)")
    problems.add(f"Tệp đính kèm rỗng (0 byte): {node.label}.")


def _decide_elsewhere(node: Node, problems: Problems) -> None:
    if node.declared == "message/partial":
        node.decide(PartDecision.IGNORED, "Chỉ là một mảnh của thư bị chia nhỏ")
        problems.add(f"Thư chỉ chứa một mảnh của thư lớn bị chia nhỏ (message/partial): {node.label}.")
    else:
        node.decide(PartDecision.IGNORED, "Nội dung nằm ngoài thư, không được tải về")
        problems.add(f"Nội dung nằm ngoài thư (message/external-body), không nhận được: {node.label}.")


def _vague(node: Node) -> bool:
    return node.type in _VAGUE or node.type.startswith(("text/", "message/"))


def _named_as(node: Node, extensions: frozenset[str]) -> bool:
    """Whether the name is none, has no extension, or one of these."""
    found = _EXTENSION.search(node.name)
    return found is None or found[1].lower() in extensions


def _head(node: Node) -> bytes:
    if node.content is None:
        return b""
    with node.content.open("rb") as file:
        return file.read(_MOST_READ)


def _in_report(node: Node) -> bool:
    return node.siblings_type == "multipart/report"


def _is_elsewhere(node: Node) -> bool:
    """A reference to content outside, or a piece of a mail; under a file name, or longer than a reference, a file."""
    if node.declared == "message/partial":
        return _vague(node) and not node.name
    return node.declared == "message/external-body" and _vague(node) and node.size <= _MOST_OF_A_REFERENCE


def _is_signature(node: Node) -> bool:
    """A signature of the mail by its true type, or a damaged one."""
    if node.declared not in _SIGNATURE_TYPES or not _named_as(node, _SIGNATURE_NAMES):
        return False
    fits = node.type == "application/octet-stream" or (node.siblings_type == "multipart/signed" and _vague(node))
    return node.type in _SIGNATURE_TYPES or (fits and node.size <= _MOST_OF_A_SIGNATURE)


def _is_card(node: Node) -> bool:
    if not _named_as(node, _CARD_NAMES):
        return False
    found = _EXTENSION.search(node.name)
    told = node.declared in _CARD_TYPES or found is not None
    return node.type in _CARD_TYPES or (told and node.type in _TEXTS)


def _is_body(node: Node) -> bool:
    """A text that the mail shows, not one it carries as a file."""
    # RFC 2045 section 5.2: a type that is none counts as plain text.
    text = node.declared in _BODY_TYPES or "/" not in node.declared
    if not text or not (_vague(node) or node.type.endswith(("xml", "json"))):
        return False
    if node.type in {"text/rtf", "application/rtf"}:
        return False
    if node.siblings_type == "multipart/alternative":
        return node.disposition != "attachment" and (
            not node.name or (_named_as(node, _TEXT_NAMES) and _only_shows(node))
        )
    if _EXCHANGE_TEXT.fullmatch(node.name):
        return _only_shows(node)
    return node.disposition != "attachment" and not node.name


def _only_shows(node: Node) -> bool:
    """A plain text, or a page that does no more than show its text."""
    quiet = node.type == "text/html" and not _LIVELY.search(_head(node).replace(b"\0", b""))
    return node.type in _TEXTS or (quiet and node.size <= _MOST_READ)


def _decide_carried(node: Node) -> None:
    size = _described(node)
    if _is_page(node):
        node.decide(PartDecision.DOCUMENT, f"Ảnh cỡ trang giấy{size}, có thể là bản chụp văn bản")
    elif _is_icon(node):
        node.decide(PartDecision.INLINE, f"Ảnh nhỏ trang trí{size}")
    else:
        node.decide(PartDecision.DOCUMENT, f"Ảnh đính kèm{size}")


def _decide_shown(node: Node, *, other_document: bool) -> bool:
    """Decide a picture that the text shows; False where it might be a sheet and is taken for decoration."""
    size = _described(node)
    if _is_sheet(node):
        node.decide(PartDecision.DOCUMENT, f"Ảnh cỡ trang giấy{size} trong nội dung thư, có thể là bản chụp văn bản")
        return True
    if _is_page(node) and not other_document:
        node.decide(PartDecision.DOCUMENT, f"Ảnh cỡ trang giấy{size}, là nội dung duy nhất của thư")
        return True
    node.decide(PartDecision.INLINE, f"Ảnh hiển thị trong nội dung thư{size}")
    return not _is_doubtful(node)


def _is_shown(node: Node, shown_ids: set[str]) -> bool:
    if node.content_id and node.content_id in shown_ids:
        return True
    first = node.path.rpartition(".")[2] == "1"
    return node.siblings_type == "multipart/related" and not first and node.disposition != "attachment"


def _is_page(node: Node) -> bool:
    if node.type == "image/tiff":
        return True
    if node.pixels is None:
        return node.size >= _PAGE_BYTES
    return min(node.pixels) >= _PAGE_SIDE and max(node.pixels) >= _PAGE_LONG_SIDE


def _is_sheet(node: Node) -> bool:
    """Whether a picture is so surely a scan or photograph of a page that it is one beside other documents too."""
    if node.type == "image/tiff":
        return True
    if node.pixels is None:
        return node.type in _PHOTO_TYPES and node.size >= _PAGE_BYTES
    short, long = sorted(node.pixels)
    paper = short >= _PAGE_SIDE and _PAPER_RATIO[0] * short <= long <= _PAPER_RATIO[1] * short
    return paper or (short >= _PHOTO_SIDE and long <= _STRIP_RATIO * short)


def _is_doubtful(node: Node) -> bool:
    if node.pixels is None:
        return node.size >= _PAGE_BYTES
    short, long = sorted(node.pixels)
    return short >= _DOUBTFUL_SIDE and long <= _STRIP_RATIO * short


def _is_icon(node: Node) -> bool:
    if node.pixels is None:
        return False
    width, height = node.pixels
    return min(width, height) > 0 and (width * height <= _ICON_AREA or min(width, height) <= _ICON_SIDE)


def _described(node: Node) -> str:
    return f" ({node.pixels[0]}×{node.pixels[1]} điểm ảnh)" if node.pixels else ""
