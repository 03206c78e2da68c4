"""Files that hide other files: winmail.dat, opaque S/MIME, uuencoded text. Told by content, never by name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gateway.adapters.mime.charset import decode_unlabelled
from gateway.adapters.mime.cms import CmsKind, cms_kind, is_pgp_signature, open_cms
from gateway.adapters.mime.limits import LIMITS
from gateway.adapters.mime.node import Node
from gateway.adapters.mime.rtf import decompress
from gateway.adapters.mime.tnef import SIGNATURE, read_tnef
from gateway.adapters.mime.transfer import uuencoded
from gateway.adapters.mime.whole import Loss
from gateway.model.archive import Member
from gateway.model.part import PartDecision

_DESKTOP_STORE = b"\x00\x00\x00\x01Bud1"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The streams by which documents of Office are known, as thumbnails are not.
_OF_OFFICE = tuple(name.encode("utf-16-le") for name in ("WordDocument", "Workbook", "Book", "PowerPoint", "VBA"))
_MOST_SETTINGS = 4_096
_OUTSIDE = re.compile(rb"\\\\|//|open\s*=|clsid", re.IGNORECASE)
_SETTINGS = re.compile(rb"\s*\[(?:\.ShellClassInfo|LocalizedFileNames|ViewState|DeleteOnCopy)\]", re.IGNORECASE)
_APPLE_DOUBLE = b"\x00\x05\x16\x07"
_CMS_TYPE = "application/pkcs7-mime"
_PGP_MESSAGE = b"-----BEGIN PGP MESSAGE-----"
# The first line of yEnc data, an encoding of news groups that mail programs do not write.
_YENC = re.compile(rb"^=ybegin [^\r\n]{0,200}\bsize=\d", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Item:
    """Something found inside. `body` is the reason why it is a body text, "" for a file.

    `message` is true where the content may be a MIME entity of its own, `nested` where it belongs to
    an attached message, `damaged` where bytes of it are known to be missing. `ignored` is why it is none of the
    sender's files, "" for all others.
    """

    content: bytes
    declared: str
    name: str = ""
    charset: str = ""
    content_id: str = ""
    body: str = ""
    message: bool = False
    nested: bool = False
    damaged: bool = False
    ignored: str = ""


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """The items inside, with problems in Vietnamese."""

    items: tuple[Item, ...] = ()
    problems: tuple[str, ...] = ()


def unwrap(node: Node, content: bytes, most: int) -> Unwrapped:
    """Open a stored leaf if it is a container, deciding the node where the content shows what it is."""
    if node.decision is not None:
        return Unwrapped()
    if content.startswith(SIGNATURE):
        return _tnef(node, content)
    kind = cms_kind(content)
    if kind is not None:
        return _cms(node, content, kind, most)
    if is_pgp_signature(content):
        node.decide(PartDecision.SIGNATURE, "Chữ ký PGP tách rời của thư")
    elif content[:4096].lstrip().startswith(_PGP_MESSAGE):
        node.type = "application/pgp-encrypted"
        node.decide(PartDecision.DOCUMENT, "Nội dung mã hóa PGP, không mở được")
        return Unwrapped(problems=(f"Nội dung mã hóa PGP không mở được: {node.label}.",))
    elif node.declared.startswith("text/") and b"begin" in content:
        return _uuencoded(node, content)
    return Unwrapped()


def archived(member: Member) -> Item:
    """A file of an archive; what desktops leave in folders, told by name and content, is nobody's document."""
    base = member.name.replace("\\", "/").rpartition("/")[2]
    left = _left_by_desktop(base.lower(), member.content)
    ignored = "Tệp phụ do hệ điều hành để lại trong tệp nén, không phải văn bản" if left else ""
    return Item(member.content, "application/octet-stream", member.name, ignored=ignored)


def _left_by_desktop(name: str, content: bytes) -> bool:
    if name.startswith("._"):
        return content.startswith(_APPLE_DOUBLE)
    if name == ".ds_store":
        return content.startswith(_DESKTOP_STORE)
    if name == "thumbs.db":
        return content.startswith(_COMPOUND) and not any(stream in content for stream in _OF_OFFICE)
    if name == "desktop.ini" and len(content) <= _MOST_SETTINGS:
        text = content.replace(b"\0", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xef\xbb\xbf")
        return _SETTINGS.match(text) is not None and _OUTSIDE.search(text) is None
    return False


def _tnef(node: Node, content: bytes) -> Unwrapped:
    tnef = read_tnef(content)
    nested = node.parent is not None and node.parent.type == "application/vnd.ms-tnef"
    items = [
        Item(
            attachment.content,
            attachment.media_type.lower() or "application/octet-stream",
            attachment.name,
            content_id=attachment.content_id,
            nested=nested,
        )
        for attachment in tnef.attachments
    ]
    problems = []
    if tnef.cut:
        node.loss = Loss.BYTES
    if not tnef.whole:
        problems.append(f"Tệp winmail.dat (TNEF) hỏng hoặc bị cắt, chỉ mở được một phần: {node.label}.")
    because = "Nội dung thư trong tệp winmail.dat"
    if tnef.text:
        items.append(
            Item(tnef.text.encode("utf-8", "replace"), "text/plain", charset="utf-8", body=because, nested=nested)
        )
    if tnef.html:
        items.append(Item(tnef.html, "text/html", charset=tnef.internet_codepage, body=because, nested=nested))
    if tnef.rtf:
        try:
            rtf = decompress(tnef.rtf, LIMITS.text_source)
            items.append(Item(rtf, "application/rtf", body=because, nested=nested))
        except ValueError:
            problems.append(f"Nội dung RTF trong tệp winmail.dat không đọc được: {node.label}.")
    node.type = "application/vnd.ms-tnef"
    node.decide(PartDecision.CONTAINER, "Tệp winmail.dat của Outlook, đã mở để lấy từng tệp")
    return Unwrapped(tuple(items), tuple(problems))


def _cms(node: Node, content: bytes, kind: CmsKind, most: int) -> Unwrapped:
    if kind is CmsKind.ENCRYPTED:
        if not node.type.startswith(_CMS_TYPE):
            node.type = _CMS_TYPE
        node.decide(PartDecision.DOCUMENT, "Nội dung mã hóa S/MIME, không mở được")
        return Unwrapped(problems=(f"Nội dung mã hóa S/MIME không mở được: {node.label}.",))
    opened = open_cms(content, kind, most)
    if opened.content is not None:
        node.decide(PartDecision.CONTAINER, "Vỏ S/MIME, đã mở để lấy nội dung bên trong")
        lower = node.name.lower()
        inner = node.name[:-4] if lower.endswith((".p7s", ".p7m", ".p7z")) and lower[:-4] != "smime" else ""
        if not opened.sound:
            node.loss = Loss.BYTES
        problems = () if opened.sound else (f"Vỏ S/MIME chỉ mở được một phần: {node.label}.",)
        return Unwrapped((Item(opened.content, "application/octet-stream", inner, message=True),), problems)
    if opened.sound and kind is CmsKind.SIGNED:
        node.decide(PartDecision.SIGNATURE, "Chữ ký số S/MIME tách rời của thư")
        return Unwrapped()
    if node.siblings_type == "multipart/signed":
        node.decide(PartDecision.SIGNATURE, "Chữ ký số của thư, cấu trúc S/MIME hỏng")
    else:
        node.decide(PartDecision.DOCUMENT, "Cấu trúc S/MIME hỏng, không mở được")
    return Unwrapped(problems=(f"Cấu trúc S/MIME hỏng, không mở được: {node.label}.",))


def _uuencoded(node: Node, content: bytes) -> Unwrapped:
    files = uuencoded(content)
    items = tuple(
        Item(file.content, "application/octet-stream", decode_unlabelled(file.name), damaged=file.damaged)
        for file in files
    )
    problems = [f"Tại {node.label}: {file.problem}." for file in files if file.problem]
    if _YENC.search(content):
        problems.append(f"Có tệp mã hóa yEnc không mở được: {node.label}.")
    return Unwrapped(items, tuple(problems))
