"""How the time of a task grows with its size."""

from __future__ import annotations

import time
from collections.abc import Callable

TIMES_LONGER = 4
NOT_SQUARE = 10
"""Linear work takes four times as long for four times the size, quadratic work sixteen times."""


def growth(work: Callable[[int], object], size: int) -> float:
    """How many times longer `work` computes for TIMES_LONGER times `size`, by the best of three measurements."""
    return _seconds(work, TIMES_LONGER * size) / _seconds(work, size)


def _seconds(work: Callable[[int], object], size: int) -> float:
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        work(size)
        best = min(best, time.process_time() - started)
    return max(best, time.get_clock_info("process_time").resolution)
