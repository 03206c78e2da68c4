"""After midnight the day that is over is closed: once, in the order of days, whatever became of the daemon between."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from gateway.clock import VIETNAM, local
from gateway.model.day_close import DayClose
from gateway.model.journal import NewEvent
from handlers.desk import Desk

_A_DAY = timedelta(days=1)
_BETWEEN_LOOKS = timedelta(minutes=1)


class DayClosing:
    """Looks at most once a minute, whatever the look before met, and asks the database once a day."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._seen: date | None = None
        self._looked_at: datetime | None = None

    @property
    def is_due(self) -> bool:
        """Whether a day began since the last look."""
        now = self._desk.clock.now()
        rested = self._looked_at is None or not timedelta(0) <= now - self._looked_at < _BETWEEN_LOOKS
        return rested and local(now).date() != self._seen

    async def look(self) -> list[DayClose]:
        """Close what is over; the days closed. Raises TemporaryError without a database; the next look tries again."""
        self._looked_at = self._desk.clock.now()
        today = local(self._looked_at).date()
        closed = await close_days(self._desk, actor="gateway", source="timer")
        self._seen = today
        return closed


async def close_days(desk: Desk, *, actor: str, source: str) -> list[DayClose]:
    """Close every local day that is over, from the day after the one closed last, or from the journal's first on.

    However often it is asked for, and by however many nodes, each day is closed once; the days closed here.
    """
    closed: list[DayClose] = []
    today = local(desk.clock.now()).date()
    day = await _next_day(desk)
    while day is not None and day < today:
        done = await _close(day, desk, actor, source)
        if done is None:
            day = await _next_day(desk)
            continue
        closed.append(done)
        day += _A_DAY
    return closed


async def _close(day: date, desk: Desk, actor: str, source: str) -> DayClose | None:
    """Close one day; None where another node was faster."""
    now, ends = desk.clock.now(), datetime.combine(day + _A_DAY, time(), VIETNAM)
    async with desk.store.begin() as unit:
        closed = await unit.close_day(day, ends, now)
        if closed is not None:
            data = {"day": day.isoformat(), "events": closed.events, "head": closed.head, **closed.counted}
            await unit.record(NewEvent("day.closed", actor, source, data=data), now)
    return closed


async def _next_day(desk: Desk) -> date | None:
    """The day to be closed next, over or not; None while nothing has ever happened."""
    last = await desk.store.last_close()
    if last is not None:
        return last.day + _A_DAY
    first = await desk.store.first_event_at()
    return local(first).date() if first else None
