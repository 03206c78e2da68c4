"""Text and pages of a file of any type the regulation allows (Điều 5 khoản 5 điểm b, Điều 11 khoản 1).

Everything here works on foreign bytes and is meant to run in a sandboxed worker process. A reader's
library is loaded when the first file of its kind comes.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from gateway.model.page import FileText

UNREADABLE = "không đọc được chữ từ loại tệp này"

_WORD = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.",
    "application/vnd.ms-word.",
)
_WORKBOOK = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.",
    "application/vnd.ms-excel",
    "application/vnd.oasis.opendocument.spreadsheet",
)
_PACKAGES = (*_WORD, *_WORKBOOK, "application/vnd.oasis.opendocument.text")
_LOCKED = "application/x-tika-ooxml-protected"
_EMPTY = "application/x-empty"


def read_text(path: Path, media_type: str, *, ocr: bool = True) -> FileText:
    """The text of `path`, whose true type is `media_type` (lower case).

    Page 1 is the first of `pages` wherever anything could be read; lines have boxes in PDF files and
    pictures. A file that needs a password has `encrypted` set. Other types are noted, not an error.
    Raises Exception of many kinds where the content is damaged; what is then known is nothing.
    """
    if media_type == "application/pdf":
        from gateway.adapters.text.pdf import read_pdf

        text = read_pdf(path, ocr=ocr)
        return _with_stamps(path, text) if ocr and not text.encrypted else text
    if media_type.startswith("image/"):
        from gateway.adapters.text.image import read_image

        return read_image(path, media_type, ocr=ocr)
    if media_type == _LOCKED:
        return FileText(encrypted=True)
    text = _written(path, media_type)
    return text if text.encrypted or not media_type.startswith(_PACKAGES) else _with_margins(path, text)


def _with_stamps(path: Path, text: FileText) -> FileText:
    from gateway.adapters.text.pdf_stamps import read_pdf_stamps

    stamps, first = read_pdf_stamps(path)
    return replace(text, stamps=stamps, first_stamps=first)


def _with_margins(path: Path, text: FileText) -> FileText:
    from gateway.adapters.text.margins import read_margins

    return replace(text, margins=read_margins(path))


def _written(path: Path, media_type: str) -> FileText:
    """Types that hold letters only."""
    from gateway.adapters.text import docx, odt, office, plain

    if media_type in ("text/plain", "text/csv", _EMPTY):
        return plain.read_plain(path)
    if media_type.startswith(_WORD):
        return docx.read_docx(path)
    if media_type == "application/msword":
        return office.read_doc(path)
    if media_type.startswith(_WORKBOOK):
        return office.read_workbook(path, media_type)
    flowing = {"application/rtf": office.read_rtf, "application/vnd.oasis.opendocument.text": odt.read_odt}
    return flowing[media_type](path) if media_type in flowing else FileText(notes=(UNREADABLE,))
