"""Words of stamps on a page: framed or red, turned, pressed over other text.

The program that recognises whole pages leaves out a word whose frame is not level or touches it, and a stamp on a page
whose own text is not a picture. So stamps are looked for by their shape, coarsely and in any colour; what could be one
is drawn large, level and without its frame, and recognised by itself. A page without such shapes costs no recognition.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from statistics import median

import pypdfium2 as pdfium

from gateway.adapters.text.frames import without_frames
from gateway.adapters.text.ink import Planes, Shape, connected, draw_piece
from gateway.adapters.text.ocr import recognise_block
from gateway.adapters.text.turned import Lying, lying, without_outline

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
_COVERED = 0.8


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
    inch = inch_of(min(width, height))
    scale = min(COARSE_DPI / inch, math.sqrt(MOST_PIXELS / (width * height * SHARE)))
    planes = draw_piece(page, scale, round(width * scale), round(height * SHARE * scale))
    found: list[str] = []
    looked_at = 0
    for place in islice(_places(planes, scale * inch), min(most, MOST_ON_A_PAGE)):
        looked_at += 1
        found += [line for line in _lines(page, place, scale, FINE_DPI / inch) if line not in found]
    return found, looked_at


def inch_of(side: float) -> float:
    """Points of the page that are an inch of the paper: a picture made into a page may have any size."""
    return _INCH if PAPERS[0] <= side / _INCH <= PAPERS[1] else side / A4_INCHES


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a stamp may be, in pixels, and whether in red ink; `turned` says that its outline is no level frame."""

    lying: Lying
    red: bool
    turned: bool


def _places(planes: Planes, dpi: float) -> Iterator[_Place]:
    """What has the size of a stamp: what lies nearly level, then what is turned further."""
    far: list[tuple[Shape, bool, Lying]] = []

    def fitting() -> Iterator[tuple[Shape, bool]]:
        for shape, red in inked(planes, dpi):
            turned = lying(shape, dpi)
            if turned is not None:
                far.append((shape, red, turned))
            if _fits(shape, dpi, _REACH if red else 0):
                yield shape, red

    for shape, red in _apart(fitting()):
        yield _Place(_level(shape), red, turned=False)
    apart = {id(shape) for shape, _ in _apart((shape, red) for shape, red, _ in far)}
    yield from (_Place(how, red, turned=True) for shape, red, how in far if id(shape) in apart)


def _level(shape: Shape) -> Lying:
    middle = (shape.left + shape.right) / 2, (shape.top + shape.bottom) / 2
    return Lying(_slope(shape), middle, shape.right - shape.left, shape.bottom - shape.top)


def inked(planes: Planes, dpi: float) -> Iterator[tuple[Shape, bool]]:
    """Ink that hangs together, the topmost first: in red ink, letters and frame taken together, then dark."""
    red = planes.red.translate(bytes(value >= _RED for value in range(256)))
    if red.count(1) > dpi:
        yield from ((shape, True) for shape in _topmost_first(_grown(red, planes.width)))
    paper = max(groupby(sorted(planes.green[::7])), key=lambda same: sum(1 for _ in same[1]))[0]
    dark = planes.green.translate(bytes(value < _DARK_SHARE * paper for value in range(256)))
    rows = [dark[start : start + planes.width] for start in range(0, len(dark), planes.width)]
    yield from ((shape, False) for shape in _topmost_first(rows))


def _topmost_first(rows: Sequence[bytes]) -> list[Shape]:
    return sorted(connected(rows), key=lambda shape: shape.top)


def _apart(shapes: Iterable[tuple[Shape, bool]]) -> Iterator[tuple[Shape, bool]]:
    """The shapes without those that lie in one before, as letters lie in their frame."""
    before: list[Shape] = []
    for shape, red in shapes:
        if not any(_within(shape, other) for other in before):
            before.append(shape)
            yield shape, red


def _within(shape: Shape, other: Shape) -> bool:
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


def _fits(shape: Shape, dpi: float, grown: int) -> bool:
    wide, high = (shape.right - shape.left - grown) / dpi, (shape.bottom - shape.top) / dpi
    return WIDTHS[0] <= wide <= WIDTHS[1] and HEIGHTS[0] <= high <= HEIGHTS[1] and wide >= FLATTEST * high


def _slope(shape: Shape) -> float:
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


def _lines(page: pdfium.PdfPage, place: _Place, scale: float, fine: float) -> list[str]:
    """What is written at a place, in its own ink alone where that is red; scales in pixels a point."""
    lies = place.lying
    middle = (lies.middle[0] / scale, lies.middle[1] / scale)
    margin = 2 * _MARGIN * FINE_DPI
    width = round(lies.length / scale * fine + margin)
    height = round(lies.height / scale * fine + margin)
    planes = draw_piece(page, fine, width, height, middle, lies.slope)
    grey = planes.red.translate(bytes(255 - min(2 * value, 255) for value in range(256))) if place.red else planes.green
    inside = without_outline(grey, planes.width) if place.turned else grey
    clear, _ = without_frames(inside, planes.width, planes.height, FINE_DPI)
    words = recognise_block(clear, planes.width, planes.height, FINE_DPI, SECONDS)
    return [" ".join(word.text for word in line) for _, line in groupby(words, key=lambda word: word.baseline)]
