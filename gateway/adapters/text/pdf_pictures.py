"""Whether a picture in a PDF is whole: PDFium draws a damaged one as far as it goes and says nothing."""

from __future__ import annotations

import ctypes

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

DAMAGED = "ảnh quét của trang 1 bị hỏng"
LARGEST_BYTES = 64_000_000
_PACKED = frozenset({"FlateDecode", "LZWDecode", "RunLengthDecode", "ASCII85Decode", "ASCIIHexDecode"})
_JPEG_START, _JPEG_SCAN, _JPEG_END = b"\xff\xd8", b"\xff\xda", b"\xff\xd9"


def is_damaged(picture: pdfium.PdfImage) -> bool:
    """Whether pixels are missing, for JPEG and the filters that only pack; others are not looked into.

    A picture that unpacks to more than LARGEST_BYTES is taken for whole.
    """
    filters = picture.get_filters()
    if filters and filters[-1] == "DCTDecode":
        jpeg = bytes(picture.get_data(decode_simple=True))
        return not jpeg.startswith(_JPEG_START) or jpeg.rfind(_JPEG_END) < jpeg.rfind(_JPEG_SCAN)
    if not filters or not _PACKED.issuperset(filters):
        return False
    facts = pdfium_c.FPDF_IMAGEOBJ_METADATA()
    if not pdfium_c.FPDFImageObj_GetImageMetadata(picture, picture.page, ctypes.byref(facts)):
        return True
    whole = int(facts.height) * ((int(facts.width) * int(facts.bits_per_pixel) + 7) // 8)
    return whole <= LARGEST_BYTES and len(picture.get_data(decode_simple=True)) < whole
