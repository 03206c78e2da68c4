"""Stamps pressed far from level: how they lie, and what is written in them without their outline.

An arrow or a frame that is turned by more than a few degrees is no rule that could be taken out line by line.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from gateway.adapters.text.ink import Shape, connected

LEAST_SLOPE, MOST_SLOPE = 0.2, 1.2
WIDTHS, HEIGHTS = (0.5, 3.4), (0.17, 1.0)
FLATTEST = 1.5
_OUTLINE_SHARE = 0.5
_DARK_SHARE = 0.72
_HALO = 2
_SAMPLE = 7


@dataclass(frozen=True, slots=True)
class Lying:
    """How a shape lies: its fall to the right, its middle, and its length and height along that; in its own pixels."""

    slope: float
    middle: tuple[float, float]
    length: float
    height: float


def lying(shape: Shape, dpi: float) -> Lying | None:
    """How a shape lies that has the size of a stamp and is turned by more than LEAST_SLOPE, else None."""
    if max(shape.right - shape.left, shape.bottom - shape.top) > (WIDTHS[1] + HEIGHTS[1]) * dpi:
        return None
    if shape.right - shape.left < WIDTHS[0] * dpi / 2 or shape.bottom - shape.top < HEIGHTS[0] * dpi:
        return None
    turn = _turn(shape)
    if not LEAST_SLOPE < abs(math.tan(turn)) <= MOST_SLOPE:
        return None
    cos, sin = math.cos(turn), math.sin(turn)
    ends = [(column, row) for row, left, right in shape.runs for column in (left, right)]
    along = _span(x * cos + y * sin for x, y in ends)
    across = _span(y * cos - x * sin for x, y in ends)
    length, height = along[1] - along[0], across[1] - across[0]
    if not (WIDTHS[0] <= length / dpi <= WIDTHS[1] and HEIGHTS[0] <= height / dpi <= HEIGHTS[1]):
        return None
    if length < FLATTEST * height:
        return None
    u, v = sum(along) / 2, sum(across) / 2
    return Lying(math.tan(turn), (u * cos - v * sin, u * sin + v * cos), length, height)


def _span(values: Iterable[float]) -> tuple[float, float]:
    ordered = sorted(values)
    return ordered[0], ordered[-1]


def without_outline(grey: bytes, width: int) -> bytes:
    """The picture with all ink made white that hangs together over more than half of its width."""
    paper = max(groupby(sorted(grey[::_SAMPLE])), key=lambda same: sum(1 for _ in same[1]))[0]
    mask = grey.translate(bytes(value < _DARK_SHARE * paper for value in range(256)))
    rows = [mask[start : start + width] for start in range(0, len(mask), width)]
    outlines = [shape for shape in connected(rows) if shape.right - shape.left > _OUTLINE_SHARE * width]
    return _erased(grey, width, outlines, paper)


def _erased(grey: bytes, width: int, outlines: Sequence[Shape], paper: int) -> bytes:
    clear = bytearray(grey)
    last = len(grey) // width - 1
    for shape in outlines:
        for row, left, right in shape.runs:
            start, end = max(left - _HALO, 0), min(right + _HALO, width)
            for near in range(max(row - _HALO, 0), min(row + _HALO, last) + 1):
                clear[near * width + start : near * width + end] = bytes([paper]) * (end - start)
    return bytes(clear)


def _turn(shape: Shape) -> float:
    """The angle of the longest axis of a shape, clockwise, in radians."""
    count = sums_x = sums_y = squares_x = squares_y = products = 0.0
    for row, left, right in shape.runs:
        length, middle = right - left, (left + right - 1) / 2
        count += length
        sums_x += length * middle
        sums_y += length * row
        squares_x += length * (middle * middle + (length * length - 1) / 12)
        squares_y += length * row * row
        products += length * middle * row
    x, y = sums_x / count, sums_y / count
    return 0.5 * math.atan2(2 * (products / count - x * y), squares_x / count - x * x - squares_y / count + y * y)
