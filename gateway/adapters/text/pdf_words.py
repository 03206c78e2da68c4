"""Words with places from one page of a PDF, through PDFium's character interface."""

from __future__ import annotations

import ctypes
import math
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from gateway.adapters.text.layout import Word

MAX_CHARACTERS = 200_000
LONGEST_FONT_NAME = 200
# What lies further back than a sign over the letter before, in sizes, is no part of the word.
BACK = 0.2
_HYPHENS = frozenset({0x02, 0xFFFE})
_SOFT_HYPHEN = "\N{SOFT HYPHEN}"
# What letters of legacy codes may be shown as, beside signs that print.
_LEGACY = re.compile("[\x80-\x9f\xad\uf020-\uf0ff]")
_SURROGATES = range(0xD800, 0xE000)


@dataclass(frozen=True, slots=True)
class _Char:
    """A character in page units, origin top left."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    x: float
    y: float
    size: float
    angle: int
    index: int


@dataclass(slots=True)
class _Open:
    """A word that is still growing."""

    chars: list[_Char] = field(default_factory=list)

    def takes(self, char: _Char) -> bool:
        last = self.chars[-1]
        if char.angle != last.angle:
            return False
        size = max(char.size, last.size)
        if char.angle == 0:
            level = abs(char.y - last.y) < 0.5 * size
            return level and char.x - last.x > -BACK * size and char.left - last.right < 0.6 * size
        turn = math.radians(char.angle)
        cos, sin = math.cos(turn), math.sin(turn)
        dx, dy = char.x - last.x, char.y - last.y
        along, across = dx * cos + dy * sin, dy * cos - dx * sin
        advance = along - abs((last.right - last.left) * cos) - abs((last.bottom - last.top) * sin)
        return abs(across) < 0.5 * size and along > -BACK * size and advance < 0.6 * size

    def close(self, order: int, font: str) -> Word:
        chars = self.chars
        return Word(
            text="".join(char.text for char in chars),
            left=min(char.left for char in chars),
            top=min(char.top for char in chars),
            right=max(char.right for char in chars),
            bottom=max(char.bottom for char in chars),
            baseline=chars[0].y,
            size=max(char.size for char in chars),
            angle=chars[0].angle,
            order=order,
            font=font,
        )


def page_words(page: pdfium.PdfPage, text_page: pdfium.PdfTextPage) -> list[Word]:
    """Words in stream order, in points, as the page is shown.

    Text outside the page is not printed and left out. At most MAX_CHARACTERS are read.
    """
    words: list[Word] = []
    fonts = _Fonts(text_page.raw)
    order = 0
    current = _Open()
    for char in _chars(page, text_page):
        if current.chars and (char is None or not current.takes(char)):
            words.append(current.close(order, fonts.of(current.chars[0])))
            current = _Open()
            order += 1
        if char is None:
            order += 1
        else:
            current.chars.append(char)
    if current.chars:
        words.append(current.close(order, fonts.of(current.chars[0])))
    return words


class _Fonts:
    """The names of the fonts that characters are set in."""

    def __init__(self, raw: pdfium_c.FPDF_TEXTPAGE) -> None:
        self._raw = raw
        self._name = ctypes.create_string_buffer(LONGEST_FONT_NAME)
        self._flags = ctypes.c_int()

    def of(self, char: _Char) -> str:
        """The name that the file gives the font of `char`, "" where it gives none."""
        flags = ctypes.byref(self._flags)
        length = pdfium_c.FPDFText_GetFontInfo(self._raw, char.index, self._name, LONGEST_FONT_NAME, flags)
        return self._name.value.decode(errors="replace") if 0 < length <= LONGEST_FONT_NAME else ""


def _chars(page: pdfium.PdfPage, text_page: pdfium.PdfTextPage) -> Iterator[_Char | None]:
    """Printed characters; None for a space or line end."""
    view = _View(page)
    raw = text_page.raw
    x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium_c.FS_RECTF()
    x_ref, y_ref, box_ref = ctypes.byref(x), ctypes.byref(y), ctypes.byref(box)
    for index in range(min(pdfium_c.FPDFText_CountChars(raw), MAX_CHARACTERS)):
        code = pdfium_c.FPDFText_GetUnicode(raw, index)
        text = _character(code)
        if text == " ":
            yield None
        if text in {"", " "}:
            continue
        pdfium_c.FPDFText_GetCharOrigin(raw, index, x_ref, y_ref)
        pdfium_c.FPDFText_GetLooseCharBox(raw, index, box_ref)
        slanted = pdfium_c.FPDFText_GetCharAngle(raw, index) != 0
        char = view.char(text, (x.value, y.value), box, _direction(raw, index) if slanted else 0.0, index)
        if char is not None:
            yield char


def _direction(raw: pdfium_c.FPDF_TEXTPAGE, index: int) -> float:
    """Radians of the writing direction; the angle that PDFium gives itself takes italics for slanted text."""
    matrix = pdfium_c.FS_MATRIX()
    if not pdfium_c.FPDFText_GetMatrix(raw, index, ctypes.byref(matrix)):
        return 0.0
    return math.atan2(matrix.b, matrix.a)


def _character(code: int) -> str:
    """A hyphen at the end of a line comes out soft: in a legacy code it may be a letter."""
    if code in _HYPHENS:
        return _SOFT_HYPHEN
    if code in _SURROGATES or code > sys.maxunicode:
        return "\N{REPLACEMENT CHARACTER}"
    text = chr(code)
    if text.isspace():
        return " "
    return text if text.isprintable() or _LEGACY.match(text) else ""


class _View:
    """From the page's own coordinates to those of the page as shown: turned, cropped, y downwards."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        left, bottom, right, top = page.get_cropbox()
        self.width, self.height = page.get_size()
        self.a, self.b, self.e, self.c, self.d, self.f = {
            0: (1, 0, -left, 0, -1, top),
            90: (0, 1, -bottom, 1, 0, -left),
            180: (-1, 0, right, 0, 1, -bottom),
            270: (0, -1, top, -1, 0, right),
        }[page.get_rotation()]
        self.upright = page.get_rotation() == 0

    def _point(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.b * y + self.e, self.c * x + self.d * y + self.f

    def char(
        self, text: str, origin: tuple[float, float], box: pdfium_c.FS_RECTF, radians: float, index: int
    ) -> _Char | None:
        x1, y1 = self._point(box.left, box.top)
        x2, y2 = self._point(box.right, box.bottom)
        left, right = (x1, x2) if x1 <= x2 else (x2, x1)
        top, bottom = (y1, y2) if y1 <= y2 else (y2, y1)
        if right < 0 or bottom < 0 or left > self.width or top > self.height:
            return None
        x, y = self._point(*origin)
        if radians == 0.0 and self.upright:
            return _Char(text, left, top, right, bottom, x, y, bottom - top, 0, index)
        cos, sin = math.cos(radians), math.sin(radians)
        along, down = self.a * cos + self.b * sin, self.c * cos + self.d * sin
        angle = round(math.degrees(math.atan2(down, along)))
        # A letter is about half as wide as high: its box seen aslant is this much larger than its size.
        if abs(along) > abs(down):
            size = (bottom - top) / (abs(along) + 0.5 * abs(down))
        else:
            size = (right - left) / (abs(down) + 0.5 * abs(along))
        return _Char(text, left, top, right, bottom, x, y, size, 0 if abs(angle) <= 1 else angle, index)
