"""Pictures: their text through OCR, and the frames of a TIFF as pages."""

from __future__ import annotations

import struct
from pathlib import Path

from gateway.adapters.text.encoding import guess_encoding
from gateway.adapters.text.layout import build_lines
from gateway.adapters.text.ocr import UNAVAILABLE, OcrFailed, OcrUnavailable, recognise_file
from gateway.model.page import FileText, Page, TextSource

MAX_FRAMES = 2_000
NO_TEXT = "không đọc chữ từ định dạng này"
_READABLE = frozenset({"image/png", "image/jpeg", "image/tiff", "image/bmp", "image/gif", "image/webp"})


def read_image(path: Path, media_type: str, *, ocr: bool) -> FileText:
    """Page 1 recognised; one page, or as many as a TIFF has frames. A picture that OCR cannot open is noted."""
    count = tiff_frames(path) if media_type == "image/tiff" else 1
    if media_type not in _READABLE:
        return FileText(page_count=count, notes=(NO_TEXT,))
    blank = (Page(1, (), TextSource.OCR),)
    if not ocr:
        return FileText(pages=blank, page_count=count)
    try:
        words, width, height = recognise_file(path)
    except OcrUnavailable:
        return FileText(pages=blank, page_count=count, notes=(UNAVAILABLE,))
    except OcrFailed as error:
        return FileText(pages=blank, page_count=count, notes=(str(error),))
    page = Page(1, build_lines(words, width, height), TextSource.OCR)
    return FileText(pages=(page,), page_count=count, encoding=guess_encoding(page.text))


def tiff_frames(path: Path) -> int:
    """The length of the chain of image file directories (TIFF 6.0 section 2), at most MAX_FRAMES.

    Raises ValueError where there is none; a chain that breaks or turns back ends there.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(16)
        order = "<" if head[:2] == b"II" else ">"
        big = head[2:4] in (b"\x2b\x00", b"\x00\x2b")
        count_format, offset_format, entry = (f"{order}Q", f"{order}Q", 20) if big else (f"{order}H", f"{order}I", 12)
        place = 8 if big else 4
        offset = _number(offset_format, head[place:])
        seen: set[int] = set()
        while offset and offset < size and offset not in seen and len(seen) < MAX_FRAMES:
            seen.add(offset)
            file.seek(offset)
            entries = _number(count_format, file.read(struct.calcsize(count_format)))
            file.seek(min(offset + struct.calcsize(count_format) + entries * entry, size))
            offset = _number(offset_format, file.read(struct.calcsize(offset_format)))
    if not seen:
        raise ValueError("TIFF without a frame")
    return len(seen)


def _number(layout: str, content: bytes) -> int:
    size = struct.calcsize(layout)
    return int(struct.unpack(layout, content[:size])[0]) if len(content) >= size else 0
