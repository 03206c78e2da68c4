"""Dust taken out of a scanned page: it is read as stops and accents, and breaks lines."""

from __future__ import annotations

from PIL import Image, ImageChops, ImageFilter

_INK = 160
_DPI = 250
_AROUND = 4
_LARGEST = 12
_REACH = 3


def without_specks(grey: Image.Image, dpi: float) -> Image.Image:
    """The page with every spot made white that is smaller than a full stop and stands by itself.

    Ink is kept where there is more of it around, and what hangs on such ink.
    """
    ink = grey.point([255 if value < _INK else 0 for value in range(256)])
    size = dpi / _DPI
    reach = max(round(_AROUND * size), 2)
    most = 255 * _LARGEST * size**2 / (2 * reach + 1) ** 2
    crowded = ink.filter(ImageFilter.BoxBlur(reach)).point([255 if value > most else 0 for value in range(256)])
    letters = ImageChops.darker(ink, crowded)
    beside = letters.filter(ImageFilter.BoxBlur(max(round(_REACH * size), 2))).point([0] + [255] * 255)
    specks = ImageChops.subtract(ink, beside).filter(ImageFilter.MaxFilter(3))
    clean = grey.copy()
    clean.paste(255, mask=specks)
    return clean
