"""Stamps on the pages of a PDF that hold pictures, whether or not those pages have text of their own.

A scan often comes with text that the scanner recognised, and a letter made on a computer with a picture of a stamp put
into it: in both the mark is in no text.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from gateway.adapters.text.stamps import find_stamps

MAX_PAGES = 60
MAX_SHAPES = 24


def read_pdf_stamps(path: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines in stamps of the first pages, in their order, each once, and those of page 1.

    At most MAX_SHAPES are looked at.

    Raises PdfiumError where damaged or locked, OcrUnavailable and OcrFailed where what looks like a stamp cannot be
    recognised.
    """
    found: dict[str, None] = {}
    first: tuple[str, ...] = ()
    left = MAX_SHAPES
    document = pdfium.PdfDocument(path)
    try:
        for index in range(min(len(document), MAX_PAGES)):
            page = document[index]
            try:
                if _may_have_one(page):
                    lines, looked_at = find_stamps(page, left)
                    found |= dict.fromkeys(lines)
                    first = first or (tuple(lines) if index == 0 else ())
                    left -= looked_at
            finally:
                page.close()
            if not left:
                break
    finally:
        document.close()
    return tuple(found), first


def _may_have_one(page: pdfium.PdfPage) -> bool:
    pictures = page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3)
    return pdfium_c.FPDFPage_GetAnnotCount(page) > 0 or any(True for _ in islice(pictures, 1))
