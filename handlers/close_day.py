"""After midnight the day that is over is closed: once, in the order of days, whatever became of the daemon between."""

from __future__ import annotations

import logging
from datetime import date, datetime, time, timedelta

from gateway.clock import VIETNAM, local
from gateway.model.day_close import DayClose
from gateway.model.journal import NewEvent
from handlers.desk import Desk

log = logging.getLogger(__name__)

_A_DAY = timedelta(days=1)
_MOST_AT_ONCE = timedelta(days=31)
"""A machine that was off is rarely off for longer; a clock that is wrong often is wrong by more."""
_BETWEEN_LOOKS = timedelta(minutes=1)
_BETWEEN_LATE_DAYS = timedelta(hours=1)


class DayClosing:
    """Looks at most once a minute, whatever the look before met, and asks the database once a day.

    Where more than a month waits it closes one day an hour: a closed day is not opened again, and people shall have the
    time to set a clock right that has run ahead.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._seen: date | None = None
        self._looked_at: datetime | None = None
        self._rest = _BETWEEN_LOOKS

    @property
    def is_due(self) -> bool:
        """Whether a day began since the last look."""
        now = self._desk.clock.now()
        rested = self._looked_at is None or not timedelta(0) <= now - self._looked_at < self._rest
        return rested and local(now).date() != self._seen

    async def look(self) -> list[DayClose]:
        """Close what is over; the days closed. Raises TemporaryError without a database; the next look tries again."""
        self._looked_at, self._rest = self._desk.clock.now(), _BETWEEN_LOOKS
        today = local(self._looked_at).date()
        day = await _next_day(self._desk)
        if day is not None and today - day > _MOST_AT_ONCE:
            log.warning("more than a month of days to close, is the clock right", extra={"from": day, "today": today})
            closed = await close_days(self._desk, actor="gateway", source="timer", until=day + _A_DAY)
            self._rest = _BETWEEN_LATE_DAYS
            return closed
        closed = await close_days(self._desk, actor="gateway", source="timer")
        self._seen = today
        return closed


async def close_days(desk: Desk, *, actor: str, source: str, until: date | None = None) -> list[DayClose]:
    """Close every local day that is over, from the day after the one closed last, or from the journal's first on.

    However often it is asked for, and by however many nodes, each day is closed once; the days closed here, those
    before `until` where that is given. In a journal older than the closing of days the first close is a month back, and
    counts everything before it.
    """
    closed: list[DayClose] = []
    today = local(desk.clock.now()).date()
    ends = min(today, until or today)
    day = await _next_day(desk)
    while day is not None and day < ends:
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
    return max(local(first).date(), local(desk.clock.now()).date() - _MOST_AT_ONCE) if first else None
