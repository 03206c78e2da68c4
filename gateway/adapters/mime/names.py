"""File names as people may see and keep them."""

from __future__ import annotations

import re

from gateway.adapters.mime.words import clean

LONGEST_NAME = 255

# `955/QĐ-SGTVT.pdf` is a document number and notation, not a folder.
_NUMBER_AND_NOTATION = re.compile(r"\d{1,6}[a-zđ]?/[^/\\]*[A-ZĐ]", re.IGNORECASE)
_LONGEST_EXTENSION = 16


_TURNING = frozenset("\u202b\u202e\u2067")
_TRAVERSAL = re.compile(r"(?:^|[/\\])\s*\.\.\s*[/\\]")


def name_trick(sent: str) -> str:
    """With what a name misleads people that `file_name` takes away, in Vietnamese; "" for an honest one.

    Marks that do not turn letters round come along with copied text, and full paths with old mail programs.
    """
    if _TURNING & set(sent):
        return "có ký tự đảo chiều chữ, làm đuôi tên tệp hiện ra khác đi"
    if "\x00" in sent:
        return "có ký tự NUL, che phần sau của tên tệp"
    if _TRAVERSAL.search(sent):
        return "có đường dẫn trỏ ra ngoài thư mục"
    return ""


def file_name(sent: str) -> str:
    """The name of a file in NFC, without folders, control and bidirectional characters; "" where nothing is left."""
    name = clean(sent, 4 * LONGEST_NAME).strip("\"' ")
    if _NUMBER_AND_NOTATION.match(name):
        name = name.replace("/", "-")
    name = re.split(r"[/\\]", name)[-1].strip(" ")
    if not name.strip("."):
        return ""
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > _LONGEST_EXTENSION:
        return name[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(extension) - 1]}.{extension}"
