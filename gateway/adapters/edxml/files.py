"""The files in a message: base64 of the file, or of a ZIP that holds it alone under another name."""

from __future__ import annotations

import base64
import binascii
import io
import re
import zipfile
import zlib

from lxml import etree

from gateway.adapters.edxml.tree import at, children, words
from gateway.model.archive import Member

LARGEST_UNPACKED = 256 * 1024 * 1024
"""Bytes that all files of one message may grow to."""
MOST_FILES = 1_000

_GROWTH, _SMALL = 100, 1_000_000
_ZIP = b"PK\x03\x04"
_BLANKS = re.compile(r"\s+")


class Lost(Exception):
    """A file that cannot be had; the cause is Vietnamese, without a full stop."""


def files_of(root: etree._Element) -> tuple[list[Member], list[str]]:
    """Every file that can be had, in the order sent, and why the others cannot, in Vietnamese."""
    found: list[Member] = []
    lost: list[str] = []
    names = _names(root)
    left = LARGEST_UNPACKED
    for part in children(root, "AttachmentEncoded"):
        for attachment in children(part, "Attachment"):
            key = _key(words(attachment, "ContentId"))
            name = words(attachment, "AttachmentName") or names.get(key, "") or words(attachment, "Description")
            if len(found) + len(lost) >= MOST_FILES:
                lost.append(f"Thông điệp edXML có quá {MOST_FILES} tệp; các tệp còn lại không được mở.")
                return found, lost
            try:
                member = _member(attachment, name, left)
            except Lost as cause:
                lost.append(f"Không lấy được tệp “{name}” trong thông điệp edXML: {cause}.")
                continue
            left -= len(member.content)
            found.append(member)
    return found, lost


def _names(root: etree._Element) -> dict[str, str]:
    manifest = at(root, "edXMLEnvelope", "edXMLBody", "edXMLManifest")
    return {
        _key(words(reference, "ContentId")): words(reference, "AttachmentName")
        for reference in children(manifest, "Reference")
    }


def _key(content_id: str) -> str:
    return content_id.strip("<> ").lower().removeprefix("cid:")


def _member(attachment: etree._Element, name: str, most: int) -> Member:
    encoded = at(attachment, "ContentTransferEncoded")
    text = _BLANKS.sub("", (encoded.text if encoded is not None else "") or "")
    try:
        content = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise Lost("nội dung không phải base64") from None
    if not content:
        raise Lost("thông điệp không có nội dung của tệp")
    if content.startswith(_ZIP) and not name.lower().endswith(".zip"):
        return _alone(content, name, most)
    if len(content) > most:
        raise Lost("các tệp trong thông điệp quá lớn")
    return Member(name, content)


def _alone(content: bytes, name: str, most: int) -> Member:
    """The one file in a ZIP; a package of several members, as a Word file is, is the file itself."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            if len(members) != 1:
                return Member(name, content)
            info = members[0]
            if info.flag_bits & 1:
                raise Lost("tệp nén trong thông điệp đặt mật khẩu")
            limit = min(most, max(_SMALL, _GROWTH * len(content)))
            with archive.open(info) as packed:
                unpacked = packed.read(limit + 1)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError, ValueError, zlib.error):
        raise Lost("tệp nén trong thông điệp bị hỏng") from None
    if len(unpacked) > limit:
        raise Lost("tệp nén trong thông điệp giải ra quá lớn")
    return Member(name or info.filename, unpacked)
