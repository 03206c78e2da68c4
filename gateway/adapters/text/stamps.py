"""Words of stamps on a page: framed or red, turned, pressed over other text.

The program that recognises whole pages leaves out a word whose frame is not level or touches it, and a stamp on a page
whose own text is not a picture. So stamps are looked for by their shape, coarsely and in any colour; what could be one
is drawn large, level and without its frame, and recognised by itself. A page without such shapes costs no recognition.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from statistics import median

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from gateway.adapters.text.frames import without_frames
from gateway.adapters.text.ocr import recognise_block

SHARE = 0.5
COARSE_DPI, FINE_DPI = 100, 250
MOST_PIXELS = 1_500_000
MOST_ON_A_PAGE = 5
SECONDS = 8.0
WIDTHS, HEIGHTS = (0.4, 3.4), (0.17, 0.85)
FLATTEST = 1.15
STEEPEST = 0.2
PAPERS = (5.5, 17.0)
A4_INCHES = 8.27
_INCH = 72
_MARGIN = 0.05
_RED = 45
_DARK_SHARE = 0.72
_REACH = 6
_ROWS = 2
_COLOURS = 3
_COVERED = 0.8
_INK = re.compile(b"\x01+")


@dataclass(slots=True)
class _Shape:
    """Ink that hangs together; the highest and lowest row of each column."""

    left: int
    right: int
    top: int
    bottom: int
    runs: list[tuple[int, int, int]] = field(default_factory=list)

    def take(self, other: _Shape) -> None:
        self.left, self.right = min(self.left, other.left), max(self.right, other.right)
        self.top, self.bottom = min(self.top, other.top), max(self.bottom, other.bottom)
        self.runs.extend(other.runs)


def read_stamps(page: pdfium.PdfPage, most: int = MOST_ON_A_PAGE) -> list[str]:
    """The lines in what may be stamps, the first `most`, in the upper half of a page.

    Raises OcrUnavailable and OcrFailed.
    """
    return find_stamps(page, most)[0]


def find_stamps(page: pdfium.PdfPage, most: int) -> tuple[list[str], int]:
    """The same, with how many shapes were recognised."""
    width, height = page.get_size()
    if not width or not height:
        return [], 0
    inch = _inch(min(width, height))
    scale = min(COARSE_DPI / inch, math.sqrt(MOST_PIXELS / (width * height * SHARE)))
    planes = _drawn(page, scale, round(width * scale), round(height * SHARE * scale))
    found: list[str] = []
    looked_at = 0
    for shape, red in islice(_apart(_shapes(planes, scale * inch)), min(most, MOST_ON_A_PAGE)):
        looked_at += 1
        found += [line for line in _lines(page, shape, scale, FINE_DPI / inch, red=red) if line not in found]
    return found, looked_at


def _inch(side: float) -> float:
    """Points of the page that are an inch of the paper: a picture made into a page may have any size."""
    return _INCH if PAPERS[0] <= side / _INCH <= PAPERS[1] else side / A4_INCHES


@dataclass(frozen=True, slots=True)
class _Planes:
    """A picture's green and its excess of red over green, row by row."""

    green: bytes
    red: bytes
    width: int
    height: int


def _drawn(
    page: pdfium.PdfPage,
    scale: float,
    width: int,
    height: int,
    middle: tuple[float, float] | None = None,
    slope: float = 0.0,
) -> _Planes:
    """A piece of the page; with `middle` (points from the top left) around it and turned level by `slope`."""
    bitmap = pdfium.PdfBitmap.new_native(max(width, 1), max(height, 1), pdfium_c.FPDFBitmap_BGR)
    try:
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, bitmap.width, bitmap.height)
        turn = math.atan(slope)
        cos, sin = scale * math.cos(turn), scale * math.sin(turn)
        x, y = middle or (width / 2 / scale, height / 2 / scale)
        matrix = pdfium_c.FS_MATRIX(cos, -sin, sin, cos, width / 2 - cos * x - sin * y, height / 2 + sin * x - cos * y)
        clip = pdfium_c.FS_RECTF(0, 0, bitmap.width, bitmap.height)
        pdfium_c.FPDF_RenderPageBitmapWithMatrix(
            bitmap, page, ctypes.byref(matrix), ctypes.byref(clip), pdfium_c.FPDF_ANNOT
        )
        data, stride, used = bytes(bitmap.buffer), bitmap.stride, bitmap.width * _COLOURS
        packed = b"".join(data[row * stride : row * stride + used] for row in range(bitmap.height))
        green, red = packed[1::_COLOURS], packed[2::_COLOURS]
        excess = bytes(high - low if high > low else 0 for high, low in zip(red, green, strict=True))
        return _Planes(green, excess, bitmap.width, bitmap.height)
    finally:
        bitmap.close()


def _shapes(planes: _Planes, dpi: float) -> Iterator[tuple[_Shape, bool]]:
    """What has the size of a stamp: first in red ink, letters and frame taken together, then dark frames."""
    red = planes.red.translate(bytes(value >= _RED for value in range(256)))
    if red.count(1) > dpi:
        yield from ((shape, True) for shape in _joined(_grown(red, planes.width), dpi, grown=_REACH))
    paper = max(groupby(sorted(planes.green[::7])), key=lambda same: sum(1 for _ in same[1]))[0]
    dark = planes.green.translate(bytes(value < _DARK_SHARE * paper for value in range(256)))
    rows = [dark[start : start + planes.width] for start in range(0, len(dark), planes.width)]
    yield from ((shape, False) for shape in _joined(rows, dpi))


def _apart(shapes: Iterable[tuple[_Shape, bool]]) -> Iterator[tuple[_Shape, bool]]:
    """The shapes without those that lie in one before, as letters lie in their frame."""
    before: list[_Shape] = []
    for shape, red in shapes:
        if not any(_within(shape, other) for other in before):
            before.append(shape)
            yield shape, red


def _within(shape: _Shape, other: _Shape) -> bool:
    across = min(shape.right, other.right) - max(shape.left, other.left)
    down = min(shape.bottom, other.bottom) - max(shape.top, other.top)
    size = (shape.right - shape.left) * (shape.bottom - shape.top)
    return across > 0 and down > 0 and across * down > _COVERED * size


def _grown(mask: bytes, width: int) -> list[bytes]:
    """The rows of a mask with each spot made larger, so that the letters of a word hang together."""
    rows = [int.from_bytes(mask[start : start + width], "big") for start in range(0, len(mask), width)]
    empty = [0] * _ROWS
    padded = [*empty, *rows, *empty]
    grown = []
    for place in range(len(rows)):
        merged = 0
        for row in padded[place : place + 2 * _ROWS + 1]:
            merged |= row
        for step in (1, 2, _REACH - 3):
            merged |= (merged << (8 * step)) | (merged >> (8 * step))
        grown.append((merged & ((1 << (8 * width)) - 1)).to_bytes(width, "big"))
    return grown


def _joined(rows: Sequence[bytes], dpi: float, grown: int = 0) -> list[_Shape]:
    """Connected ink of the size of a stamp, the topmost first."""
    done: list[_Shape] = []
    above: list[tuple[int, int, _Shape]] = []
    owner: dict[int, _Shape] = {}

    def resolved(shape: _Shape) -> _Shape:
        while id(shape) in owner:
            shape = owner[id(shape)]
        return shape

    for row, line in enumerate(rows):
        current: list[tuple[int, int, _Shape]] = []
        start = 0
        for run in _INK.finditer(line):
            left, right = run.span()
            shape = _Shape(left, right, row, row + 1, [(row, left, right)])
            while start < len(above) and above[start][1] < left:
                start += 1
            for at in range(start, len(above)):
                if above[at][0] > right:
                    break
                other = resolved(above[at][2])
                mine = resolved(shape)
                if other is not mine:
                    small, large = sorted((other, mine), key=lambda one: len(one.runs))
                    large.take(small)
                    owner[id(small)] = large
                    done.append(small)
            current.append((left, right, shape))
        above = current
        done.extend(shape for _, _, shape in current)
    whole = {id(shape): shape for shape in done if id(shape) not in owner}
    fitting = [shape for shape in whole.values() if _fits(shape, dpi, grown)]
    return sorted(fitting, key=lambda shape: shape.top)


def _fits(shape: _Shape, dpi: float, grown: int) -> bool:
    wide, high = (shape.right - shape.left - grown) / dpi, (shape.bottom - shape.top) / dpi
    return WIDTHS[0] <= wide <= WIDTHS[1] and HEIGHTS[0] <= high <= HEIGHTS[1] and wide >= FLATTEST * high


def _slope(shape: _Shape) -> float:
    """How much the shape falls to the right, by its upper and lower edges."""
    highest: dict[int, int] = {}
    lowest: dict[int, int] = {}
    step = max((shape.right - shape.left) // 40, 1)
    for row, left, right in shape.runs:
        for column in range(left - left % step, right, step):
            highest[column] = min(row, highest.get(column, row))
            lowest[column] = max(row, lowest.get(column, row))
    inner = (shape.right - shape.left) / 8
    slopes = []
    for edge in (highest, lowest):
        columns = sorted(column for column in edge if shape.left + inner <= column <= shape.right - inner)
        half = len(columns) // 2
        slopes += [(edge[b] - edge[a]) / (b - a) for a, b in zip(columns, columns[half:], strict=False) if b > a]
    found = median(slopes) if slopes else 0.0
    return found if abs(found) <= STEEPEST else 0.0


def _lines(page: pdfium.PdfPage, shape: _Shape, scale: float, fine: float, *, red: bool) -> list[str]:
    """What is written in a shape, in its own ink alone where that is red; scales in pixels a point."""
    middle = ((shape.left + shape.right) / 2 / scale, (shape.top + shape.bottom) / 2 / scale)
    margin = 2 * _MARGIN * FINE_DPI
    width = round((shape.right - shape.left) / scale * fine + margin)
    height = round((shape.bottom - shape.top) / scale * fine + margin)
    planes = _drawn(page, fine, width, height, middle, _slope(shape))
    grey = planes.red.translate(bytes(255 - min(2 * value, 255) for value in range(256))) if red else planes.green
    clear, _ = without_frames(grey, planes.width, planes.height, FINE_DPI)
    words = recognise_block(clear, planes.width, planes.height, FINE_DPI, SECONDS)
    return [" ".join(word.text for word in line) for _, line in groupby(words, key=lambda word: word.baseline)]
