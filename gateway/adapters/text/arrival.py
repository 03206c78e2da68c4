"""Where another office pressed its arrival stamp on page 1 (Nghị định 30/2020/NĐ-CP, Phụ lục IV mẫu dấu "Đến").

Such a stamp has a frame, its own number and its own day, and is pressed beside the title or over it: what is read in it
is nothing of the document's.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import chain

import pypdfium2 as pdfium

from gateway.adapters.text.frames import without_frames
from gateway.adapters.text.ink import Shape, draw_piece
from gateway.adapters.text.layout import Region
from gateway.adapters.text.ocr import OcrFailed, recognise_block
from gateway.adapters.text.stamps import COARSE_DPI, FINE_DPI, MOST_PIXELS, SHARE, inch_of, inked
from gateway.adapters.text.turned import without_outline

SECONDS = 8.0
MOST_FRAMES = 3
WIDTHS, HEIGHTS = (0.9, 3.8), (0.2, 2.2)
LEAST_HEIGHT = 0.4
_MARGIN = 0.04
_NAMES = frozenset({"ĐẾN", "ĐÊN", "ĐỀN", "ĐEN", "DEN", "DẾN"})
_FIELDS = ("chuyen", "ngay", "so", "luu", "gio")
_WRITTEN_FIELD = "chuyen"
_FOLDED = str.maketrans("đĐ", "dD")


def arrival_stamps(page: pdfium.PdfPage) -> list[Region]:
    """Where frames with the words of an arrival stamp lie in the upper half of a page; at most MOST_FRAMES are read.

    What cannot be recognised is none. Raises OcrUnavailable.
    """
    width, height = page.get_size()
    if not width or not height:
        return []
    inch = inch_of(min(width, height))
    scale = min(COARSE_DPI / inch, math.sqrt(MOST_PIXELS / (width * height * SHARE)))
    planes = draw_piece(page, scale, round(width * scale), round(height * SHARE * scale))
    frames = _frames([shape for shape, _ in inked(planes, scale * inch)], scale * inch)
    return [
        Region(frame.left / scale, frame.top / scale, frame.right / scale, frame.bottom / scale)
        for frame in frames[:MOST_FRAMES]
        if _is_arrival(_words(page, frame, scale, FINE_DPI / inch))
    ]


def _frames(shapes: Iterable[Shape], dpi: float) -> list[Shape]:
    """Ink of the size of such a stamp; what overlaps is one, as a bad scan breaks a frame."""
    found: list[Shape] = []
    for shape in shapes:
        wide, high = (shape.right - shape.left) / dpi, (shape.bottom - shape.top) / dpi
        if not (WIDTHS[0] <= wide <= WIDTHS[1] and HEIGHTS[0] <= high <= HEIGHTS[1]):
            continue
        whole = Shape(shape.left, shape.right, shape.top, shape.bottom)
        for other in [each for each in found if _overlap(each, whole)]:
            found.remove(other)
            whole.take(other)
        found.append(whole)
    return [shape for shape in found if shape.bottom - shape.top >= LEAST_HEIGHT * dpi]


def _overlap(one: Shape, other: Shape) -> bool:
    across = min(one.right, other.right) - max(one.left, other.left)
    return across > 0 and min(one.bottom, other.bottom) - max(one.top, other.top) > 0


def _words(page: pdfium.PdfPage, frame: Shape, scale: float, fine: float) -> list[str]:
    """What is read in a frame taken out in either of two ways, of which a bad scan often spares one."""
    middle = ((frame.left + frame.right) / 2 / scale, (frame.top + frame.bottom) / 2 / scale)
    width = round((frame.right - frame.left) / scale * fine + 2 * _MARGIN * FINE_DPI)
    height = round((frame.bottom - frame.top) / scale * fine + 2 * _MARGIN * FINE_DPI)
    grey = draw_piece(page, fine, width, height, middle)
    pictures = (
        without_outline(grey.green, grey.width),
        without_frames(grey.green, grey.width, grey.height, FINE_DPI)[0],
    )
    try:
        read = [recognise_block(each, grey.width, grey.height, FINE_DPI, SECONDS) for each in pictures]
    except OcrFailed:
        return []
    return [word.text for word in chain.from_iterable(read)]


def _is_arrival(words: Sequence[str]) -> bool:
    """Whether among the words are ĐẾN and a field of the stamp, or `Chuyển:` and another field."""
    bare = ["".join(filter(str.isalpha, word)) for word in words]
    named = any(word in _NAMES for word in bare)
    fields = {field for word in bare if word[:1].isupper() and (field := _folded(word)) in _FIELDS}
    return (named and bool(fields)) or (_WRITTEN_FIELD in fields and len(fields) > 1)


def _folded(word: str) -> str:
    letters = unicodedata.normalize("NFD", word.translate(_FOLDED).casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
