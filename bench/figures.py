"""From samples to the few figures that are printed."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence


def percentile(samples: Sequence[float], share: float) -> float:
    """The smallest sample that `share` (0…1) of all samples do not exceed; raises ValueError without samples."""
    if not samples:
        raise ValueError("no samples")
    return sorted(samples)[max(0, math.ceil(share * len(samples)) - 1)]


def milliseconds(seconds: float) -> float:
    """Seconds as milliseconds with one digit."""
    return round(seconds * 1000, 1)


def spread(samples: Sequence[float]) -> dict[str, float]:
    """p50, p95 and the worst of samples in seconds, as milliseconds."""
    return {
        "p50_ms": milliseconds(statistics.median(samples)),
        "p95_ms": milliseconds(percentile(samples, 0.95)),
        "worst_ms": milliseconds(max(samples)),
    }
