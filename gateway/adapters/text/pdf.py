"""Pages and text of a PDF, in memory only: the file itself is never written.

The number and day of a signed document often stand in the appearance of a signature field and not in
the page: annotations are made part of the page (flattened) before it is read. A page that is a
scanned picture is recognised; text that lies over the picture replaces what was recognised there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from gateway.adapters.text.encoding import guess_encoding
from gateway.adapters.text.layout import Word, build_lines
from gateway.adapters.text.limits import bounded
from gateway.adapters.text.ocr import UNAVAILABLE, OcrFailed, OcrUnavailable, recognise_pixels
from gateway.adapters.text.pdf_words import page_words
from gateway.adapters.text.plain import lines_of
from gateway.model.page import FileText, Page, TextSource

DPI = 250
PLACED_PAGES = 20
MAX_PIXELS = 12_000_000
SCAN_TEXT = 400
SCAN_COVER = 0.5
MAX_OBJECTS = 200
_LOCKED = frozenset({pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY})


def read_pdf(path: Path, *, ocr: bool) -> FileText:
    """All pages with places; scanned first and last pages through OCR. Raises PdfiumError where damaged."""
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if error.err_code in _LOCKED:
            return FileText(encrypted=True)
        raise
    try:
        return _Reader(document, ocr=ocr).read()
    finally:
        document.close()


@dataclass(slots=True)
class _Reader:
    document: pdfium.PdfDocument
    ocr: bool
    notes: list[str] = field(default_factory=list)

    def read(self) -> FileText:
        count = len(self.document)
        pages, cut = bounded(self._pages(count), count)
        return FileText(
            pages=pages,
            page_count=count,
            encoding=guess_encoding("\n".join(page.text for page in pages)),
            notes=(*dict.fromkeys(self.notes), *cut),
        )

    def _pages(self, count: int) -> Iterator[Page]:
        for index in range(count):
            page = _flattened(self.document, index)
            try:
                edge = index in (0, count - 1)
                if edge or index < PLACED_PAGES:
                    yield self._placed(page, index + 1, wanted=self.ocr and edge)
                else:
                    yield _plain(page, index + 1)
            finally:
                page.close()

    def _placed(self, page: pdfium.PdfPage, number: int, *, wanted: bool) -> Page:
        text_page = page.get_textpage()
        try:
            words = page_words(page, text_page)
        finally:
            text_page.close()
        source = TextSource.TEXT
        if wanted and _is_scan(page, words):
            recognised = self._recognise(page)
            if recognised:
                source = TextSource.OCR
                words = _merged(words, recognised)
        return Page(number, build_lines(words, *page.get_size()), source)

    def _recognise(self, page: pdfium.PdfPage) -> list[Word]:
        width, height = page.get_size()
        scale = min(DPI / 72, (MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
        bitmap = page.render(scale=scale, grayscale=True)
        try:
            data, stride = bytes(bitmap.buffer), bitmap.stride
            rows = b"".join(data[row * stride : row * stride + bitmap.width] for row in range(bitmap.height))
            found = recognise_pixels(rows, bitmap.width, bitmap.height, round(scale * 72))
        except OcrUnavailable:
            self.notes.append(UNAVAILABLE)
            return []
        except OcrFailed as error:
            self.notes.append(str(error))
            return []
        finally:
            bitmap.close()
        return [_scaled(word, 1 / scale) for word in found]


def _flattened(document: pdfium.PdfDocument, index: int) -> pdfium.PdfPage:
    """The page with the appearance of its annotations as part of its content."""
    page = document[index]
    if pdfium_c.FPDFPage_GetAnnotCount(page) <= 0:
        return page
    pdfium_c.FPDFPage_Flatten(page, pdfium_c.FLAT_NORMALDISPLAY)
    page.close()
    return document[index]


def _plain(page: pdfium.PdfPage, number: int) -> Page:
    """A page deep inside a long document: its text without places, which is ten times quicker."""
    text_page = page.get_textpage()
    try:
        return Page(number, tuple(lines_of(text_page.get_text_range())))
    finally:
        text_page.close()


def _is_scan(page: pdfium.PdfPage, words: list[Word]) -> bool:
    """Whether the page is a picture: little text of its own, or none, and pictures over most of it."""
    if not words:
        return True
    if sum(len(word.text) for word in words) > SCAN_TEXT:
        return False
    width, height = page.get_size()
    covered = 0.0
    for seen, item in enumerate(page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3)):
        left, bottom, right, top = item.get_bounds()
        covered += max(0.0, right - left) * max(0.0, top - bottom)
        if seen >= MAX_OBJECTS:
            break
    return bool(covered >= SCAN_COVER * width * height)


def _scaled(word: Word, by: float) -> Word:
    return replace(
        word,
        left=word.left * by,
        top=word.top * by,
        right=word.right * by,
        bottom=word.bottom * by,
        baseline=word.baseline * by,
        size=word.size * by,
    )


def _merged(written: list[Word], recognised: list[Word]) -> list[Word]:
    """Written words, and the recognised ones that do not lie on any of them, numbered after them."""
    after = max((word.order for word in written), default=0) + 10
    free = [word for word in recognised if not any(_on(word, other) for other in written)]
    return written + [replace(word, order=word.order + after) for word in free]


def _on(word: Word, other: Word) -> bool:
    across = min(word.right, other.right) - max(word.left, other.left)
    down = min(word.bottom, other.bottom) - max(word.top, other.top)
    if across <= 0 or down <= 0:
        return False
    return across * down > 0.3 * (word.right - word.left) * (word.bottom - word.top)
