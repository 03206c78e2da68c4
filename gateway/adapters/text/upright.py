"""By how much a scanned page is askew.

Lines of print that run level leave white rows between them: the angle at which the page's rows differ most is the one
at which it is straight. Looked for coarsely, then finely, on a picture made small.
"""

from __future__ import annotations

import math
from itertools import pairwise

from PIL import Image

SMALL_WIDTH = 700
MOST_DEGREES = 3.0
LEAST_DEGREES = 0.15
_COARSE, _FINE = 0.5, 0.1
_INK = 160


def degrees_askew(grey: Image.Image) -> float:
    """The degrees by which the page is to be turned anticlockwise to be straight; 0.0 for the little nobody sees.

    `grey` is 8-bit; up to MOST_DEGREES are found.
    """
    small = grey.resize((SMALL_WIDTH, max(round(grey.height * SMALL_WIDTH / grey.width), 1)), Image.Resampling.BOX)
    ink = small.point([255 if value < _INK else 0 for value in range(256)])
    steps = round(MOST_DEGREES / _COARSE)
    coarse = max((_COARSE * step for step in range(-steps, steps + 1)), key=lambda angle: _contrast(ink, angle))
    steps = round(_COARSE / _FINE)
    fine = max((coarse + _FINE * step for step in range(-steps, steps + 1)), key=lambda angle: _contrast(ink, angle))
    return fine if abs(fine) >= LEAST_DEGREES else 0.0


def turned_point(x: float, y: float, degrees: float, centre: tuple[float, float]) -> tuple[float, float]:
    """Where a point comes to lie when the page is turned by `degrees` anticlockwise, y downwards."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    across, down = x - centre[0], y - centre[1]
    return centre[0] + across * cos + down * sin, centre[1] - across * sin + down * cos


def _contrast(ink: Image.Image, degrees: float) -> int:
    """How much neighbouring rows differ in ink."""
    rows = ink.rotate(degrees).resize((1, ink.height), Image.Resampling.BOX).tobytes()
    return sum((above - below) ** 2 for above, below in pairwise(rows))
