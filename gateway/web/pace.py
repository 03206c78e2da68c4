"""How often a form may be posted."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

POSTS = 5
WINDOW = timedelta(minutes=1)

_MOST_KEYS = 4096


class Pace:
    """Counts, for this process alone, what was let through for each key in the last WINDOW."""

    def __init__(self) -> None:
        self._passed: dict[str, deque[datetime]] = {}

    def admits(self, key: str, at: datetime) -> bool:
        """Whether one more may pass at `at`; if so, it counts."""
        passed = self._passed.pop(key, deque())
        self._passed[key] = passed
        if len(self._passed) > _MOST_KEYS:
            del self._passed[next(iter(self._passed))]
        while passed and not passed[0] <= at < passed[0] + WINDOW:
            passed.popleft()
        if len(passed) >= POSTS:
            return False
        passed.append(at)
        return True
