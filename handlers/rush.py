"""Whether mails pour in: then receiving them, which others wait for, goes before working on them, for a while."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

SPAN = timedelta(milliseconds=200)
MANY = 4
LONGEST = timedelta(seconds=10)
"""A flood without end must not stop the line: after this both share the machine."""


class Rush:
    """On while the last MANY acceptances lie within SPAN of now, but no longer than LONGEST at a stretch."""

    def __init__(self) -> None:
        self._moments: deque[datetime] = deque(maxlen=MANY)
        self._began: datetime | None = None

    def note(self, now: datetime) -> None:
        """A mail was accepted."""
        self._moments.append(now)
        if not self._dense(now):
            self._began = None
        elif self._began is None:
            self._began = now

    def is_on(self, now: datetime) -> bool:
        """True while many mails were accepted just now. A clock set back ends it."""
        return self._dense(now) and self._began is not None and timedelta(0) <= now - self._began < LONGEST

    def _dense(self, now: datetime) -> bool:
        return len(self._moments) == MANY and timedelta(0) <= now - self._moments[0] < SPAN
