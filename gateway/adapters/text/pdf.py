"""Pages and text of a PDF, in memory only: the file itself is never written.

The number and day of a signed document often stand in the appearance of a signature field and not in
the page: annotations are made part of the page (flattened) before it is read. A page that is a
scanned picture is recognised; text that lies over the picture replaces what was recognised there.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from gateway.adapters.text.layout import Word, box_of, build_lines
from gateway.adapters.text.limits import MAX_PAGES, MAX_TEXT_BYTES, bounded
from gateway.adapters.text.ocr import NO_WORD, OcrFailed, OcrUnavailable
from gateway.adapters.text.pdf_letters import Sheet, read_sheets
from gateway.adapters.text.pdf_pictures import DAMAGED, is_damaged
from gateway.adapters.text.pdf_words import page_words
from gateway.adapters.text.plain import lines_of
from gateway.adapters.text.scan import (
    HEAD_DPI,
    HEAD_PIXELS,
    HEAD_SHARE,
    MAX_PIXELS,
    Recognised,
    merged,
    recognise_first,
    recognise_page,
    scale_for,
)
from gateway.adapters.text.signature_page import Signature, signature_on
from gateway.model.page import FileText, Page, TextSource

DPI = 250
PLACED_PAGES = 20
# How many pages of a scan are recognised to find the signature, and until how many seconds after its reading began.
SEARCHED_PAGES = 12
SEARCH_UNTIL = 25.0
SCAN_TEXT = 400
SCAN_COVER = 0.5
MAX_OBJECTS = 200
_LOCKED = frozenset({pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY})


def read_pdf(path: Path, *, ocr: bool) -> FileText:
    """All pages with places; scanned first and last pages through OCR, and those between up to the signature.

    Raises PdfiumError where damaged, OcrUnavailable and OcrFailed where page 1 is a scan that cannot be
    recognised: whether it bears a mark is then not known. The same on the last page is a note.
    """
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
    begun: float = field(default_factory=time.monotonic)

    def read(self) -> FileText:
        count = len(self.document)
        drawn = list(self._sheets(min(count, MAX_PAGES)))
        if self.ocr:
            self._recognise_to_signature(drawn)
        sheets, reading = read_sheets(drawn)
        pages, cut = bounded(map(_page, sheets), count)
        return FileText(
            pages=pages,
            page_count=count,
            encoding=reading.encoding,
            notes=(*dict.fromkeys(self.notes), *reading.notes, *cut),
        )

    def _sheets(self, count: int) -> Iterator[Sheet]:
        """The first pages, as many as may be kept."""
        size = 0
        for index in range(count):
            page = _flattened(self.document, index)
            try:
                edge = index in (0, len(self.document) - 1)
                placed = edge or index < PLACED_PAGES
                sheet = self._placed(page, index + 1, wanted=self.ocr and edge) if placed else _plain(page, index + 1)
            finally:
                page.close()
            yield sheet
            size += sum(len(word.text) for word in sheet.words) + len(sheet.text or "")
            if size > MAX_TEXT_BYTES:
                return

    def _recognise_to_signature(self, sheets: list[Sheet]) -> None:
        """Recognise the pages of a scan between the first and the last up to the one that bears the signature."""
        if not sheets[0].recognised or any(_signature_on(end) is Signature.HERE for end in (sheets[0], sheets[-1])):
            return
        near = False
        for index in range(1, min(len(sheets) - 1, SEARCHED_PAGES)):
            if time.monotonic() - self.begun > SEARCH_UNTIL:
                return
            page = _flattened(self.document, index)
            try:
                sheets[index] = self._placed(page, index + 1, wanted=True)
            finally:
                page.close()
            told = _signature_on(sheets[index])
            if near or told is Signature.HERE:
                return
            near = told is Signature.HERE_OR_NEXT

    def _placed(self, page: pdfium.PdfPage, number: int, *, wanted: bool) -> Sheet:
        words = _written(page)
        if not wanted or not _is_scan(page, words):
            width, height = page.get_size()
            return Sheet(number, width, height, words=words)
        lay = page.get_rotation()
        found = self._recognise(page, number)
        if page.get_rotation() != lay:
            words = _written(page)
        width, height = page.get_size()
        words = found.straightened(words, width, height)
        return Sheet(number, width, height, words=words, recognised=found.words, arrivals=found.arrivals)

    def _recognise(self, page: pdfium.PdfPage, number: int) -> Recognised:
        scale = scale_for(page, DPI, MAX_PIXELS)
        if number == 1:
            if any(is_damaged(picture) for picture in _pictures(page)):
                raise OcrFailed(DAMAGED)
            found = recognise_first(page, scale, scale_for(page, HEAD_DPI, HEAD_PIXELS, HEAD_SHARE))
        else:
            try:
                found = recognise_page(page, scale)
            except (OcrFailed, OcrUnavailable) as error:
                self.notes.append(f"trang {number}: {error}")
                return Recognised([], 0.0)
        if not found.words:
            self.notes.append(f"trang {number}: {NO_WORD}")
        return found


def _signature_on(sheet: Sheet) -> Signature:
    return signature_on(sheet.recognised, sheet.width, sheet.height)


def _flattened(document: pdfium.PdfDocument, index: int) -> pdfium.PdfPage:
    """The page with the appearance of its annotations as part of its content."""
    page = document[index]
    if pdfium_c.FPDFPage_GetAnnotCount(page) <= 0:
        return page
    pdfium_c.FPDFPage_Flatten(page, pdfium_c.FLAT_NORMALDISPLAY)
    page.close()
    return document[index]


def _written(page: pdfium.PdfPage) -> list[Word]:
    text_page = page.get_textpage()
    try:
        return page_words(page, text_page)
    finally:
        text_page.close()


def _plain(page: pdfium.PdfPage, number: int) -> Sheet:
    """A page deep inside a long document: its text without places, which is ten times quicker."""
    text_page = page.get_textpage()
    width, height = page.get_size()
    try:
        return Sheet(number, width, height, text=text_page.get_text_range())
    finally:
        text_page.close()


def _page(sheet: Sheet) -> Page:
    if sheet.text is not None:
        return Page(sheet.number, tuple(lines_of(sheet.text)))
    words = list(sheet.words)
    if sheet.recognised:
        words = merged(words, list(sheet.recognised))
    source = TextSource.OCR if sheet.recognised else TextSource.TEXT
    lines = build_lines(words, sheet.width, sheet.height, sheet.arrivals)
    boxes = tuple(box_of(region, sheet.width, sheet.height) for region in sheet.arrivals)
    return Page(sheet.number, lines, source, boxes)


def _is_scan(page: pdfium.PdfPage, words: list[Word]) -> bool:
    """Whether the page is a picture: little text of its own, or none, and pictures over most of it."""
    if not words:
        return True
    if sum(len(word.text) for word in words) > SCAN_TEXT:
        return False
    width, height = page.get_size()
    covered = 0.0
    for picture in _pictures(page):
        left, bottom, right, top = picture.get_bounds()
        covered += max(0.0, right - left) * max(0.0, top - bottom)
    return bool(covered >= SCAN_COVER * width * height)


def _pictures(page: pdfium.PdfPage) -> Iterator[pdfium.PdfImage]:
    return islice(page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3), MAX_OBJECTS)
