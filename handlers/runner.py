"""The one loop: claim what is due, take it through its stages, survive whatever happens on the way."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TypeVar

from gateway.errors import StaleState, StorageFull, TemporaryError
from gateway.model.journal import NewEvent
from gateway.model.mail import Mail, MailStage
from gateway.model.notice import Notice, NoticeKind, NoticeStage, OwedNotice
from gateway.ports import Claim
from handlers.desk import Desk
from handlers.register import message_id
from handlers.stages import MAIL_STAGES, NOTICE_STAGES

log = logging.getLogger(__name__)

T = TypeVar("T", Mail, Notice)

STRIKES = 3
_WAIT_AFTER_STRIKE = (timedelta(seconds=2), timedelta(seconds=20))
_WAIT_FOR_OTHERS = timedelta(seconds=5)
_BETWEEN_RECORDINGS = 1.0
_LONGEST_WAIT = timedelta(minutes=1)
_CLOCK_SLACK = timedelta(minutes=10)
"""Nothing is ever put off further than this beyond its longest wait: what seems so met a clock that was set back."""


@dataclass(frozen=True, slots=True)
class RunnerOptions:
    """`node` names this process's leases; `at_once` caps mails and notices in work, each by itself."""

    node: str
    at_once: int
    lease: timedelta
    poll: timedelta


class Runner:
    """Drives mails and notices. Several runners on one database never take the same row at once."""

    def __init__(self, desk: Desk, options: RunnerOptions, roused: asyncio.Event) -> None:
        self._desk = desk
        self._options = options
        self._roused = roused
        self._stopping = False
        self._mails: dict[int, asyncio.Task[None]] = {}
        self._notices: dict[int, asyncio.Task[None]] = {}
        self.progressed_at = desk.clock.now()

    async def run(self) -> None:
        """Work until `stop`; then let what is in hand come to the end of its stages."""
        while not self._stopping:
            self._roused.clear()
            try:
                found = await self._take()
                self.progressed_at = self._desk.clock.now()
            except (TemporaryError, StorageFull) as error:
                log.warning("database unavailable", extra={"cause": str(error)})
                found = False
            except Exception:  # the loop outlives every surprise; the watchdog sees that it makes no progress
                log.exception("the loop met a surprise")
                found = False
            if not found:
                await self._rest()
        await self._finish()

    def stop(self) -> None:
        """Take nothing new; `run` returns once what is in hand is done."""
        self._stopping = True
        self._roused.set()

    async def until_idle(self) -> None:
        """Work until nothing is due now; what waits for a later moment stays."""
        while True:
            found = await self._take()
            if found or self._mails or self._notices:
                await self._finish()
            else:
                return

    async def _take(self) -> bool:
        """Claim up to the free places; true where something was found."""
        now = self._desk.clock.now()
        until = now + self._options.lease
        store, options = self._desk.store, self._options
        found = False
        if room := options.at_once - len(self._mails):
            horizon = until + _CLOCK_SLACK
            for mail in await store.claim_mails(Claim(options.node, now, until, horizon, room)):
                found |= self._start(self._mails, mail.id, self._work_mail(mail))
        if room := options.at_once - len(self._notices):
            horizon = until + self._desk.correspondence.longest_wait + _CLOCK_SLACK
            for notice in await store.claim_notices(Claim(options.node, now, until, horizon, room)):
                found |= self._start(self._notices, notice.id, self._work_notice(notice))
        return found

    def _start(self, running: dict[int, asyncio.Task[None]], key: int, work: Awaitable[None]) -> bool:
        async def until_done() -> None:
            try:
                await work
            finally:
                del running[key]
                self._roused.set()

        running[key] = asyncio.create_task(until_done())
        return True

    async def _rest(self) -> None:
        """Sleep until roused, or until the next row falls due, at most one poll."""
        seconds = self._options.poll.total_seconds()
        try:
            due = await self._desk.store.next_due()
        except (TemporaryError, StorageFull):
            due = None
        if due is not None and len(self._mails) + len(self._notices) == 0:
            seconds = min(seconds, max(0.0, (due - self._desk.clock.now()).total_seconds()))
        try:
            await asyncio.wait_for(self._roused.wait(), seconds)
        except TimeoutError:
            return

    async def _finish(self) -> None:
        while running := [*self._mails.values(), *self._notices.values()]:
            await asyncio.wait(running)

    async def _work_mail(self, mail: Mail) -> None:
        """Through as many stages as it will go. The only broad net of the gateway is here and below."""
        while not mail.stage.is_end:
            try:
                mail = await MAIL_STAGES[mail.stage](mail, self._desk)
                log.info("mail moved", extra={"mail": mail.label, "stage": mail.stage.value})
            except StaleState:
                return
            except (TemporaryError, StorageFull) as error:
                await self._recorded(partial(self._wait, mail, error))
                return
            except Exception as error:  # a bug or hostile mail must cost this mail alone
                log.exception("stage failed", extra={"mail": mail.label, "stage": mail.stage.value})
                await self._recorded(partial(self._strike, mail, error))
                return

    async def _work_notice(self, notice: Notice) -> None:
        while notice.stage in NOTICE_STAGES:
            before = notice
            try:
                notice = await NOTICE_STAGES[notice.stage](notice, self._desk)
                ids = {"notice": notice.label, "mail": f"M{notice.owed.mail_id}", "stage": notice.stage.value}
                log.info("notice moved", extra=ids)
            except StaleState:
                return
            except Exception as error:  # a notice that cannot be made is set aside like a mail
                log.exception("notice failed", extra={"notice": notice.label, "stage": notice.stage.value})
                await self._recorded(partial(self._strike_notice, notice, error))
                return
            if notice.stage is before.stage:
                return

    async def _recorded(self, record: Callable[[], Awaitable[None]]) -> None:
        """Record a failure, waiting for a database that is gone itself, or else the lease would hide the row."""
        while True:
            try:
                return await record()
            except StaleState:
                return None
            except (TemporaryError, StorageFull) as error:
                log.warning("failure not recorded yet", extra={"cause": str(error)})
                if self._stopping:
                    return None
                await asyncio.sleep(_BETWEEN_RECORDINGS)

    async def _wait(self, mail: Mail, error: TemporaryError | StorageFull) -> None:
        waiting_for = error.waiting_for if isinstance(error, TemporaryError) else "disk"
        now = self._desk.clock.now()
        # The longer an outage lasts, the less often a thousand waiting mails need to knock.
        wait = min(max((now - mail.received_at) / 10, _WAIT_FOR_OTHERS), _LONGEST_WAIT)
        async with self._desk.store.begin() as unit:
            await unit.postpone(mail, now + wait, waiting_for=waiting_for, error=str(error))
            if mail.waiting_for != waiting_for:
                data = {"waiting_for": waiting_for}
                await unit.record(NewEvent("mail.waiting", "gateway", "pipeline", mail.id, data=data), now)

    async def _strike(self, mail: Mail, error: Exception) -> None:
        now = self._desk.clock.now()
        cause = f"{type(error).__name__}: {error}"
        async with self._desk.store.begin() as unit:
            if mail.attempts + 1 < STRIKES:
                await unit.strike(mail, now + _WAIT_AFTER_STRIKE[mail.attempts], error=cause)
                return
            await unit.bury(mail, error=cause)
            for clerk in self._desk.correspondence.clerks:
                kind = NoticeKind.CLERK_ATTENTION
                stable = message_id(kind, mail, clerk, self._desk.correspondence.message_domain)
                await unit.owe(OwedNotice(kind, clerk, stable, mail.id), now)
            data = {"stage": mail.stage.value, "error": type(error).__name__}
            await unit.record(NewEvent(f"mail.{MailStage.DEAD.value}", "gateway", "pipeline", mail.id, data=data), now)

    async def _strike_notice(self, notice: Notice, error: Exception) -> None:
        now = self._desk.clock.now()
        cause = f"{type(error).__name__}: {error}"
        async with self._desk.store.begin() as unit:
            if isinstance(error, TemporaryError | StorageFull) or notice.attempts + 1 < STRIKES:
                await unit.notice_postponed(notice, now + _WAIT_FOR_OTHERS, cause)
                return
            await unit.notice_failed(notice, cause)
            data = {"notice": notice.owed.kind.value, "to": notice.owed.recipient, "error": type(error).__name__}
            event = NewEvent(
                f"notice.{NoticeStage.FAILED.value}", "gateway", "pipeline", notice.owed.mail_id, data=data
            )
            await unit.record(event, now)
