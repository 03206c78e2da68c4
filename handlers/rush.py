"""Whether mails pour in: then receiving them, which others wait for, goes before working on them."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

SPAN = timedelta(milliseconds=200)
MANY = 4


class Rush:
    """On while the last MANY acceptances lie within SPAN of now."""

    def __init__(self) -> None:
        self._moments: deque[datetime] = deque(maxlen=MANY)

    def note(self, now: datetime) -> None:
        """A mail was accepted."""
        self._moments.append(now)

    def is_on(self, now: datetime) -> bool:
        """True while many mails were accepted just now. A clock set back ends it."""
        return len(self._moments) == MANY and timedelta(0) <= now - self._moments[0] < SPAN
