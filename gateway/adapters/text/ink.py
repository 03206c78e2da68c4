"""Ink on a page: pieces of it drawn turned level, and what hangs together in them."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

_COLOURS = 3
_INK = re.compile(b"\x01+")


@dataclass(slots=True)
class Shape:
    """Ink that hangs together; the highest and lowest row of each column."""

    left: int
    right: int
    top: int
    bottom: int
    runs: list[tuple[int, int, int]] = field(default_factory=list)

    def take(self, other: Shape) -> None:
        """Make the other's ink this one's."""
        self.left, self.right = min(self.left, other.left), max(self.right, other.right)
        self.top, self.bottom = min(self.top, other.top), max(self.bottom, other.bottom)
        self.runs.extend(other.runs)


@dataclass(frozen=True, slots=True)
class Planes:
    """A picture's green and its excess of red over green, row by row."""

    green: bytes
    red: bytes
    width: int
    height: int


def draw_piece(
    page: pdfium.PdfPage,
    scale: float,
    width: int,
    height: int,
    middle: tuple[float, float] | None = None,
    slope: float = 0.0,
) -> Planes:
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
        return Planes(green, excess, bitmap.width, bitmap.height)
    finally:
        bitmap.close()


def connected(rows: Sequence[bytes]) -> list[Shape]:
    """The shapes of the ones in `rows`, each of which has one byte a pixel, 0 or 1."""
    done: list[Shape] = []
    above: list[tuple[int, int, Shape]] = []
    owner: dict[int, Shape] = {}

    def resolved(shape: Shape) -> Shape:
        while id(shape) in owner:
            shape = owner[id(shape)]
        return shape

    for row, line in enumerate(rows):
        current: list[tuple[int, int, Shape]] = []
        start = 0
        for run in _INK.finditer(line):
            left, right = run.span()
            shape = Shape(left, right, row, row + 1, [(row, left, right)])
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
    return [shape for shape in done if id(shape) not in owner]
