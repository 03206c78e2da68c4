"""Pictures: their text through OCR, and the frames of a TIFF as pages."""

from __future__ import annotations

import struct
from math import inf
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from gateway.adapters.text.layout import box_of, build_lines
from gateway.adapters.text.ocr import FAILED, NO_WORD, OcrFailed, picture_as_pdf, recognise_file
from gateway.adapters.text.scan import (
    FIRST_SECONDS,
    HEAD_DPI,
    HEAD_PIXELS,
    HEAD_SHARE,
    MAX_PIXELS,
    Recognised,
    recognise_first,
    scale_for,
)
from gateway.adapters.text.stamps import read_stamps
from gateway.letters import read_letters
from gateway.model.page import FileText, Page, TextSource

MAX_FRAMES = 2_000
OPEN_SECONDS = 8.0
A4_INCHES = 8.27
MAX_ENLARGEMENT = 2.5
NO_TEXT = "không đọc chữ từ định dạng này"
_READABLE = frozenset({"image/png", "image/jpeg", "image/tiff", "image/bmp", "image/gif", "image/webp"})


def read_image(path: Path, media_type: str, *, ocr: bool) -> FileText:
    """Page 1 recognised; one page, or as many as a TIFF has frames.

    Raises OcrUnavailable and OcrFailed where it cannot be recognised: whether it bears a mark is then not known.
    """
    count = tiff_frames(path) if media_type == "image/tiff" else 1
    if media_type not in _READABLE:
        return FileText(page_count=count, notes=(NO_TEXT,))
    if not ocr:
        return FileText(pages=(Page(1, (), TextSource.OCR),), page_count=count)
    found, width, height, stamps = _recognise(path)
    boxes = tuple(box_of(region, width, height) for region in found.arrivals)
    page = Page(1, build_lines(found.words, width, height, found.arrivals), TextSource.OCR, boxes)
    return FileText(
        pages=(page,),
        page_count=count,
        encoding=read_letters(page.text).encoding,
        notes=() if found.words else (NO_WORD,),
        stamps=stamps,
        first_stamps=stamps,
    )


def _recognise(path: Path) -> tuple[Recognised, float, float, tuple[str, ...]]:
    """The page recognised with its width and height, and the lines of its stamps."""
    try:
        content = picture_as_pdf(path, OPEN_SECONDS)
    except OcrFailed:
        # The program reads JPEG in four colours, which it cannot put into a PDF.
        words, width, height = recognise_file(path, FIRST_SECONDS)
        return Recognised(words, 0.0), width, height, ()
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError:
        raise OcrFailed(FAILED) from None
    try:
        page = document[0]
        enlarged = _pixels_a_point(page)
        scale = min(enlarged, scale_for(page, inf, MAX_PIXELS))
        head_scale = min(enlarged, scale_for(page, inf, HEAD_PIXELS, HEAD_SHARE))
        found = recognise_first(page, scale, head_scale)
        return found, *page.get_size(), tuple(read_stamps(page))
    finally:
        document.close()


def _pixels_a_point(page: pdfium.PdfPage) -> float:
    """Such that the shorter side of an A4 page has HEAD_DPI, but no picture is enlarged more than is of use.

    What a picture says of its own resolution is not relied on: phones and converters write anything there.
    """
    width, height = next(page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE])).get_px_size()
    wanted = A4_INCHES * HEAD_DPI / min(width, height)
    return float(min(max(wanted, 1.0), MAX_ENLARGEMENT) * width / page.get_width())


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
