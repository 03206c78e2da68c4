"""Ruled frames taken out of a grey picture.

The program that recognises letters takes a stamp in its frame for a drawing or a table and leaves the
word out (`MẬT`, `KHẨN`), the more so the coarser the scan.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

LONG_INCHES = 0.35
TALL_INCHES = 0.22
_SAMPLE = 7
_PAPER = 100
_DARK = 128
_INK_SHARE, _PAPER_SHARE = 0.5, 0.95


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line one pixel high, `right` past its last pixel."""

    row: int
    left: int
    right: int


def without_frames(grey: bytes, width: int, height: int, dpi: int) -> tuple[bytes, tuple[Rule, ...]]:
    """The picture with pale ink darkened and straight lines longer than letters made white; the horizontal ones.

    `grey` is 8-bit, row by row without padding. Lines may climb by one pixel from step to step.
    """
    clear = bytearray(grey.translate(_contrast(grey)))
    mask = bytes(clear).translate(bytes(value < _DARK for value in range(256)))
    across = _runs([mask[row * width : (row + 1) * width] for row in range(height)], round(LONG_INCHES * dpi))
    upright = _runs([mask[column::width] for column in range(width)], round(TALL_INCHES * dpi))
    for row, left, right in across:
        clear[row * width + left : row * width + right] = b"\xff" * (right - left)
    for column, top, bottom in upright:
        clear[top * width + column : bottom * width + column : width] = b"\xff" * (bottom - top)
    return bytes(clear), tuple(Rule(*run) for run in across)


def _contrast(grey: bytes) -> bytes:
    """A table that makes the paper white and ink of half its brightness, such as a faint red stamp, black."""
    usual = Counter(grey[::_SAMPLE]).most_common()
    paper = next((value for value, _ in usual if value >= _PAPER), 255)
    black, white = _INK_SHARE * paper, _PAPER_SHARE * paper
    return bytes(min(max(round((value - black) / (white - black) * 255), 0), 255) for value in range(256))


def _runs(lines: Sequence[bytes], shortest: int) -> list[tuple[int, int, int]]:
    """Line, start and end of every run of ones that is long enough, its neighbours' ones counted with it."""
    long = re.compile(b"\x01{%d,}" % max(shortest, 1))
    numbers = [0, *(int.from_bytes(line, "big") for line in lines), 0]
    found: list[tuple[int, int, int]] = []
    for place, line in enumerate(lines):
        thick = numbers[place] | numbers[place + 1] | numbers[place + 2]
        if thick:
            runs = long.finditer(thick.to_bytes(len(line), "big"))
            found.extend((place, run.start(), run.end()) for run in runs)
    return found
