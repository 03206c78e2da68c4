"""Time is injected: aware UTC inside, Asia/Ho_Chi_Minh where people read it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class Clock(Protocol):
    """Where the present comes from."""

    def now(self) -> datetime:
        """The present as aware UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present as aware UTC."""
        return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """`moment` in Vietnamese time; raises ValueError where it is naive."""
    if moment.tzinfo is None:
        raise ValueError("a naive datetime has no place in Vietnam's time")
    return moment.astimezone(VIETNAM)
