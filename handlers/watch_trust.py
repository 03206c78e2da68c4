"""Look after the certificates of authorities: tell the IT staff once a week of those that end."""

from __future__ import annotations

from datetime import datetime

from gateway.clock import local
from gateway.model.alarm import Alarm, AlarmCause
from gateway.model.journal import NewEvent
from gateway.policy.trust import expiry_warning, to_be_told_of
from gateway.ports.trust import TrustFolder
from handlers.alarm import owe_alarm
from handlers.desk import Desk


class TrustWatch:
    """Looks whenever it is told to; `machine` names this node, whose folder may be its own."""

    def __init__(self, desk: Desk, folder: TrustFolder, machine: str) -> None:
        self._desk = desk
        self._folder = folder
        self._machine = machine
        self._told: str | None = None

    async def look(self) -> bool:
        """True where somebody is told now. Raises SettingsError for the folder, TemporaryError without a database.

        However often it looks, and by however many processes, each week of the calendar owes it once.
        """
        now = self._desk.clock.now()
        week = _week(now)
        if week == self._told:
            return False
        ending = to_be_told_of(await self._folder.kept(), now)
        if not ending:
            return False
        facts = {
            "certificates": "; ".join(expiry_warning(each, now) for each in ending),
            "machine": self._machine,
        }
        alarm = Alarm(AlarmCause.TRUST_ENDING, facts)
        async with self._desk.store.begin() as unit:
            occasion = f"{self._machine} {week}"
            new = await owe_alarm(alarm, occasion, self._desk.correspondence.it, unit, self._desk)
            if new:
                hashes = [each.sha256 for each in ending]
                event = NewEvent("trust.ending", "gateway", "trust", data={"sha256": hashes, **facts})
                await unit.record(event, now)
        self._told = week
        if new:
            self._desk.wake()
        return new


def _week(at: datetime) -> str:
    """One occasion for each week, which begins on Monday (ISO 8601)."""
    return f"{local(at):%G-W%V}"
