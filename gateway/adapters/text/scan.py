"""Recognising a page that is a picture; on page 1 the marks in their frames get a second look.

A page is recognised as it is, then its head once more, enlarged, red ink dark and frames taken out: a
secrecy mark that is missed would be sent on (Luật 29/2018/QH14).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

import pypdfium2 as pdfium

from gateway.adapters.text.frames import Rule, without_frames
from gateway.adapters.text.layout import Word
from gateway.adapters.text.ocr import recognise_pixels

MAX_PIXELS = 12_000_000
HEAD_SHARE = 0.45
HEAD_DPI = 300
HEAD_PIXELS = 6_000_000
FIRST_SECONDS = 25.0
HEAD_SECONDS = 15.0
LAST_SECONDS = 10.0
MARK_WORDS = 4
_INCH = 72
_GREEN = 1
_REACH = 1.2


def recognise_page(page: pdfium.PdfPage, scale: float) -> list[Word]:
    """Words of a page in points, drawn at `scale` pixels a point; raises OcrUnavailable and OcrFailed."""
    return _whole(page, scale, LAST_SECONDS)


def recognise_first(page: pdfium.PdfPage, scale: float, head_scale: float) -> list[Word]:
    """The same of page 1 with its marks, its head drawn once more at `head_scale`."""
    words = _whole(page, scale, FIRST_SECONDS)
    return _completed(words, *_head(page, head_scale))


def scale_for(page: pdfium.PdfPage, dpi: float, pixels: int, share: float = 1.0) -> float:
    """Pixels a point for `dpi`, less where `share` of the page would take more than `pixels`."""
    width, height = page.get_size()
    return min(dpi / _INCH, math.sqrt(pixels / max(width * height * share, 1.0)))


def merged(written: list[Word], recognised: list[Word]) -> list[Word]:
    """Written words, and the recognised ones that do not lie on any of them, numbered after them."""
    after = max((word.order for word in written), default=0) + 10
    free = [word for word in recognised if not any(_on(word, other) for other in written)]
    return written + [replace(word, order=word.order + after) for word in free]


def _whole(page: pdfium.PdfPage, scale: float, seconds: float) -> list[Word]:
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        grey = _packed(bitmap)
        found = recognise_pixels(grey, bitmap.width, bitmap.height, round(scale * _INCH), seconds)
    finally:
        bitmap.close()
    return [_scaled(word, 1 / scale) for word in found]


def _head(page: pdfium.PdfPage, scale: float) -> tuple[list[Word], list[tuple[float, float, float]]]:
    """Words of the head, and its horizontal rules as left, right, y; all in points."""
    bitmap = page.render(scale=scale, crop=(0, (1 - HEAD_SHARE) * page.get_height(), 0, 0), prefer_bgrx=False)
    try:
        width, height = bitmap.width, bitmap.height
        # Red and blue ink are both dark in green light.
        green = _packed(bitmap)[_GREEN :: bitmap.n_channels]
    finally:
        bitmap.close()
    clear, rules = without_frames(green, width, height, HEAD_DPI)
    found = recognise_pixels(clear, width, height, HEAD_DPI, HEAD_SECONDS)
    return [_scaled(word, 1 / scale) for word in found], [_in_points(rule, scale) for rule in rules]


def _completed(words: list[Word], head: list[Word], rules: list[tuple[float, float, float]]) -> list[Word]:
    """Words with those of the head that stand in a frame, in place of what was recognised there."""
    result = words
    for line in _lines(head):
        if len(line) > MARK_WORDS or not _framed(line, rules):
            continue
        left, right = min(word.left for word in line), max(word.right for word in line)
        top, bottom = min(word.top for word in line), max(word.bottom for word in line)
        frame = replace(line[0], left=left - line[0].size, right=right + line[0].size, top=top, bottom=bottom)
        result = merged(line, [word for word in result if not _on(word, frame)])
    return result


def _lines(words: Iterable[Word]) -> Iterable[list[Word]]:
    """Words of one line have one baseline and size, and follow one another."""
    return (list(line) for _, line in groupby(words, key=lambda word: (word.baseline, word.size)))


def _framed(line: list[Word], rules: list[tuple[float, float, float]]) -> bool:
    left, right = min(word.left for word in line), max(word.right for word in line)
    top, bottom = min(word.top for word in line), max(word.bottom for word in line)
    reach = _REACH * line[0].size
    covering = [y for start, end, y in rules if start <= left + reach / 2 and end >= right - reach / 2]
    above = any(top - reach <= y <= (top + bottom) / 2 for y in covering)
    return above and any((top + bottom) / 2 <= y <= bottom + reach for y in covering)


def _in_points(rule: Rule, scale: float) -> tuple[float, float, float]:
    return rule.left / scale, rule.right / scale, rule.row / scale


def _packed(bitmap: pdfium.PdfBitmap) -> bytes:
    """The rows without their padding."""
    data, stride, used = bytes(bitmap.buffer), bitmap.stride, bitmap.width * bitmap.n_channels
    return b"".join(data[row * stride : row * stride + used] for row in range(bitmap.height))


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


def _on(word: Word, other: Word) -> bool:
    across = min(word.right, other.right) - max(word.left, other.left)
    down = min(word.bottom, other.bottom) - max(word.top, other.top)
    if across <= 0 or down <= 0:
        return False
    return across * down > 0.3 * (word.right - word.left) * (word.bottom - word.top)
