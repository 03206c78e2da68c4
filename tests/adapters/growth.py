"""How the time of a task grows with its size."""

from __future__ import annotations

import time
from collections.abc import Callable

TIMES_LONGER = 8
NOT_SQUARE = 24
"""Linear work takes eight times as long for eight times the size, quadratic work sixty-four times."""
_ROUNDS = 3
_LEAST_SECONDS = 0.005
"""Less is not told from what the machine does besides."""


def growth(work: Callable[[int], object], size: int) -> float:
    """How many times longer `work` computes for TIMES_LONGER times `size`.

    Both sizes are measured in turn, so that a machine under load slows both, and the best of each counts.
    """
    short = long = float("inf")
    for _ in range(_ROUNDS):
        short, long = min(short, _seconds(work, size)), min(long, _seconds(work, TIMES_LONGER * size))
    return long / max(short, _LEAST_SECONDS)


def _seconds(work: Callable[[int], object], size: int) -> float:
    started = time.process_time()
    work(size)
    return time.process_time() - started
