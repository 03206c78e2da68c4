"""A clock for tests."""

from __future__ import annotations

from datetime import datetime, timedelta


class StandingClock:
    """Time that moves only when told."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def pass_(self, time: timedelta) -> None:
        self.moment += time
