"""Look after the virus scanner: tell of it when it is away for long, scan again what older signatures have judged."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from gateway.errors import TemporaryError
from gateway.model import wording
from gateway.model.alarm import Alarm, AlarmCause
from gateway.model.facts import Engine
from gateway.model.journal import NewEvent
from gateway.model.outage import Outage
from handlers.alarm import owe_alarm
from handlers.desk import Desk
from handlers.scan import renewed, together

_BATCH = 100
_AN_HOUR = timedelta(hours=1)
"""How long what could not be scanned, or read, is left alone."""


class ScannerWatch:
    """Looks whenever it is told to; `machine` names this node, whose scanners may be its own.

    People hear of an outage once, when it has lasted `warn_after`, and of its end.
    """

    def __init__(self, desk: Desk, machine: str, warn_after: timedelta) -> None:
        self._desk = desk
        self._machine = machine
        self._service = f"scanner@{machine}"
        self._warn_after = warn_after
        self._swept: Engine | None = None
        self._sweep_again = desk.clock.now()
        self._unreadable: set[str] = set()

    async def look(self) -> bool:
        """One look; true where more is left to be scanned again. Raises TemporaryError without a database."""
        try:
            engine = await self._desk.scanner.engine()
        except TemporaryError as error:
            await self._away(str(error).removeprefix("scanner: "))
            return False
        await self._back()
        return await self._scan_again(engine)

    async def _away(self, reason: str) -> None:
        self._unreadable.clear()
        known, now = await self._desk.store.outage(self._service), self._desk.clock.now()
        if known is not None and (known.told_at is not None or now - known.since < self._warn_after):
            return
        async with self._desk.store.begin() as unit:
            if known is None:
                await unit.keep_outage(Outage(self._service, now, reason))
                return
            await unit.keep_outage(Outage(self._service, known.since, reason, now))
            facts = {"reason": reason, "since": wording.moment(known.since), "machine": self._machine}
            alarm = Alarm(AlarmCause.SCANNER_AWAY, facts)
            await owe_alarm(alarm, self._occasion(known), self._desk.correspondence.office, unit, self._desk)
            await unit.record(NewEvent("scanner.away", "gateway", "scanner", data=facts), now)
        self._desk.wake()

    async def _back(self) -> None:
        if await self._desk.store.outage(self._service) is None:
            return
        now = self._desk.clock.now()
        async with self._desk.store.begin() as unit:
            known = await unit.outage(self._service)
            if known is None:
                return
            await unit.end_outage(self._service)
            if known.told_at is None:
                return
            facts = {
                "since": wording.moment(known.since),
                "until": wording.moment(now),
                "machine": self._machine,
            }
            alarm = Alarm(AlarmCause.SCANNER_BACK, facts)
            await owe_alarm(alarm, self._occasion(known), self._desk.correspondence.office, unit, self._desk)
            await unit.record(NewEvent("scanner.back", "gateway", "scanner", data=facts), now)
        self._desk.wake()

    def _occasion(self, outage: Outage) -> str:
        return f"{self._machine} {outage.since.isoformat()}"

    async def _scan_again(self, engine: Engine) -> bool:
        """One batch of what is in flight, the receiving of mail going first. True where there may be more."""
        now = self._desk.clock.now()
        if self._desk.rush.is_on(now) or (engine == self._swept and now < self._sweep_again):
            return False
        limit = _BATCH + len(self._unreadable)
        found = await self._desk.store.outdated_scans(engine, now - _AN_HOUR, limit)
        batch = [content for content in found if content not in self._unreadable]
        await self._renew(batch)
        if len(found) == limit:
            return True
        self._swept, self._sweep_again = engine, now + _AN_HOUR
        self._unreadable.clear()
        return False

    async def _renew(self, batch: Sequence[str]) -> None:
        """Each by itself: a blob that is gone or cannot be read is no matter of the others."""
        at_once = asyncio.Semaphore(4)

        async def one(content: str) -> None:
            async with at_once:
                try:
                    await renewed([content], self._desk)
                except (TemporaryError, KeyError):
                    self._unreadable.add(content)

        await together(one(content) for content in batch)
