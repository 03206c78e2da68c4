"""The one loop: claim what is due, take it through its stages, survive whatever happens on the way."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from gateway.errors import StaleState, StorageFull, TemporaryError
from gateway.model.mail import Mail, MailStage
from gateway.model.notice import Notice
from gateway.model.timer import DueTimer
from gateway.ports import Claim
from handlers.bell import Bell
from handlers.close_day import DayClosing
from handlers.desk import Desk
from handlers.destroy import is_owed, sweep
from handlers.dossier import Dossier
from handlers.failure import notice_failed, put_off, strike
from handlers.quarantine_digest import QuarantineDigest
from handlers.remind import postpone, remind
from handlers.rush import SPAN
from handlers.stages import MAIL_STAGES, NOTICE_STAGES

log = logging.getLogger(__name__)

_BETWEEN_RECORDINGS = 1.0
_AFTER_A_SURPRISE = 5.0
_DOSSIERS = 32
_CLOCK_SLACK = timedelta(minutes=10)
"""Nothing is ever put off further than this beyond its longest wait: what seems so met a clock that was set back."""
_ONE_PLACE_EVERY = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class RunnerOptions:
    """`node` names this process's leases; `at_once` caps mails and notices in work, each by itself."""

    node: str
    at_once: int
    lease: timedelta
    poll: timedelta


@dataclass(frozen=True, slots=True)
class _Closed:
    """A dossier whose mail came to its end at a moment; notices owed until then may use it."""

    dossier: Dossier
    at: datetime


class Runner:
    """Drives mails and notices. Several runners on one database never take the same row at once."""

    def __init__(self, desk: Desk, options: RunnerOptions, bell: Bell) -> None:
        self._desk = desk
        self._options = options
        self._bell = bell
        self._rings = -1
        self._more_mails = self._more_notices = self._more_timers = self._more_traces = True
        self._digest = QuarantineDigest(desk)
        self._closing = DayClosing(desk)
        self._stopping = False
        self._mails: dict[int, asyncio.Task[None]] = {}
        self._notices: dict[int, asyncio.Task[None]] = {}
        self._timers: dict[int, asyncio.Task[None]] = {}
        self._sweeps: dict[int, asyncio.Task[None]] = {}
        self._looks: dict[int, asyncio.Task[None]] = {}
        self._closed: OrderedDict[int, _Closed] = OrderedDict()
        self.turned_at = self._claimed_at = self._renewed_at = desk.clock.now()

    async def run(self) -> None:
        """Work until `stop`; then let what is in hand come to the end of its stages."""
        while not self._stopping:
            self._bell.rest()
            self.turned_at = self._desk.clock.now()
            try:
                await self._renew()
                if not await self._take(self._places()):
                    await self._rest()
            except (TemporaryError, StorageFull) as error:
                log.warning("database unavailable", extra={"cause": str(error)})
                await asyncio.sleep(_BETWEEN_RECORDINGS)
            except Exception:  # the loop outlives every surprise, or one bad row would stop the line
                log.exception("the loop met a surprise")
                await asyncio.sleep(_AFTER_A_SURPRISE)
        await self._finish()

    def stop(self) -> None:
        """Take nothing new; `run` returns once what is in hand is done."""
        self._stopping = True
        self._bell.nudge()

    async def until_idle(self) -> None:
        """Work until nothing is due now; what waits for a later moment stays."""
        while True:
            self._more_mails = self._more_notices = self._more_timers = self._more_traces = True
            if not await self._take(self._options.at_once) and not self._in_work():
                return
            await self._finish()

    def _places(self) -> int:
        """How many mails, and how many notices, may be in work: while mails pour in, receiving them comes first.

        Every second one place opens all the same, so that a long flood cannot stop the line.
        """
        now = self._desk.clock.now()
        if not self._desk.rush.is_on(now):
            return self._options.at_once
        return 1 if now - self._claimed_at > _ONE_PLACE_EVERY else 0

    async def _take(self, places: int) -> bool:
        """Claim as long as fewer than `places` are in work; true where something was begun.

        The database is asked only where it may have something: after a ring, a full claim, or a rest.
        """
        now, store = self._desk.clock.now(), self._desk.store
        until = now + self._options.lease
        if self._rings != self._bell.rings:
            self._rings = self._bell.rings
            self._more_mails = self._more_notices = self._more_timers = self._more_traces = True
        begun = False
        if self._digest.is_due:
            begun |= self._start(self._looks, 0, self._look)
        if self._closing.is_due:
            begun |= self._start(self._looks, 1, self._close)
        if self._more_mails and (room := places - len(self._mails)) > 0:
            claim = Claim(self._options.node, now, until, until + _CLOCK_SLACK, room)
            mails = await store.claim_mails(claim)
            self._more_mails = len(mails) == room
            for mail in mails:
                begun |= self._start(self._mails, mail.id, partial(self._work_mail, mail))
        if self._more_notices and (room := places - len(self._notices)) > 0:
            horizon = until + self._desk.correspondence.longest_wait + _CLOCK_SLACK
            notices = await store.claim_notices(Claim(self._options.node, now, until, horizon, room))
            self._more_notices = len(notices) == room
            for notice in notices:
                begun |= self._start(self._notices, notice.id, partial(self._work_notice, notice))
        if self._more_timers and (room := places - len(self._timers)) > 0:
            timers = await store.due_timers(now, room)
            self._more_timers = len(timers) == room
            for timer in timers:
                begun |= self._start(self._timers, timer.id, partial(self._work_timer, timer))
        if self._more_traces and not self._sweeps:
            self._more_traces = await is_owed(self._desk)
            if self._more_traces:
                begun |= self._start(self._sweeps, 0, self._sweep)
        return begun

    def _start(self, running: dict[int, asyncio.Task[None]], key: int, work: Callable[[], Awaitable[None]]) -> bool:
        """Begin, unless this row is in our own hands already, its lease having run out all the same."""
        if key in running:
            return False

        async def until_done() -> None:
            try:
                await work()
            finally:
                del running[key]
                self._bell.nudge()

        self._claimed_at = self._desk.clock.now()
        running[key] = asyncio.create_task(until_done())
        return True

    async def _renew(self) -> None:
        """Long work keeps its lease, or another node would do it again."""
        now, third = self._desk.clock.now(), self._options.lease / 3
        if (self._mails or self._notices) and not timedelta(0) <= now - self._renewed_at < third:
            until = now + self._options.lease
            await self._desk.store.renew(self._options.node, list(self._mails), list(self._notices), until)
            self._renewed_at = now

    async def _rest(self) -> None:
        """Sleep until roused, or until the next row falls due, at most one poll."""
        if self._bell.is_heard:
            return
        if self._desk.rush.is_on(self._desk.clock.now()):
            await self._bell.wait(SPAN.total_seconds())
            return
        seconds = self._options.poll.total_seconds()
        if not self._in_work() and (due := await self._desk.store.next_due()) is not None:
            seconds = min(seconds, max(0.0, (due - self._desk.clock.now()).total_seconds()))
        if not await self._bell.wait(seconds):
            self._more_mails = self._more_notices = self._more_timers = self._more_traces = True

    def _in_work(self) -> list[asyncio.Task[None]]:
        kinds = (self._mails, self._notices, self._timers, self._sweeps, self._looks)
        return [task for running in kinds for task in running.values()]

    async def _finish(self) -> None:
        while running := self._in_work():
            await asyncio.wait(running)

    async def _work_mail(self, mail: Mail) -> None:
        """Through as many stages as it will go."""
        dossier = Dossier(mail, self._desk.store)
        while not mail.stage.is_end:
            try:
                mail = await MAIL_STAGES[mail.stage](mail, self._desk, dossier)
            except StaleState:
                return
            except (TemporaryError, StorageFull) as error:
                await self._recorded(partial(put_off, mail, error, self._desk))
                return
            except Exception as error:  # a bug or hostile mail must cost this mail alone
                log.exception("stage failed", extra={"mail": mail.label, "stage": mail.stage.value})
                await self._recorded(partial(strike, mail, error, self._desk))
                self._more_notices = True
                return
            dossier.mail = mail
            self._more_notices |= mail.stage.is_end
            self._more_traces |= mail.stage is MailStage.SEALED
            log.info("mail moved", extra={"mail": mail.label, "stage": mail.stage.value})
        self._closed[mail.id] = _Closed(dossier, self._desk.clock.now())
        while len(self._closed) > _DOSSIERS:
            self._closed.popitem(last=False)

    async def _work_notice(self, notice: Notice) -> None:
        """Make it, then try to send it once."""
        try:
            dossier = await self._dossier_for(notice)
            while (stage := NOTICE_STAGES.get(notice.stage)) is not None:
                before, notice = notice, await stage(notice, self._desk, dossier)
                ids = {"notice": notice.label, "stage": notice.stage.value}
                if dossier is not None:
                    ids["mail"] = dossier.mail.label
                log.info("notice moved", extra=ids)
                if notice.stage is before.stage:
                    return
        except StaleState:
            return
        except Exception as error:  # a notice that cannot be made is set aside like a mail
            if not isinstance(error, TemporaryError | StorageFull):
                log.exception("notice failed", extra={"notice": notice.label, "stage": notice.stage.value})
            await self._recorded(partial(notice_failed, notice, error, self._desk))

    async def _work_timer(self, timer: DueTimer) -> None:
        """Look at its document; what cannot be looked at now comes again later, and holds up nothing."""
        ids = {"timer": timer.timer.kind.value, "document": f"D{timer.document_id}"}
        try:
            await remind(timer, self._desk)
        except StaleState:
            return
        except (TemporaryError, StorageFull) as error:
            log.warning("timer not looked at", extra=ids | {"cause": str(error)})
            await self._recorded(partial(postpone, timer, self._desk))
        except Exception:  # a fault in one reminder must not stop the line
            log.exception("timer failed", extra=ids)
            await self._recorded(partial(postpone, timer, self._desk))
        else:
            self._more_notices = True
            log.info("timer fired", extra=ids)

    async def _sweep(self) -> None:
        """Destroy what is owed to destruction; what cannot be destroyed now is due again later."""
        try:
            gone = await sweep(self._desk)
        except (TemporaryError, StorageFull) as error:
            log.warning("destruction waits", extra={"cause": str(error)})
            await asyncio.sleep(_BETWEEN_RECORDINGS)
        except Exception:  # a fault here must not stop the line
            log.exception("destruction failed")
            await asyncio.sleep(_AFTER_A_SURPRISE)
        else:
            log.info("content destroyed", extra={"traces": gone})

    async def _look(self) -> None:
        """Owe the day's digest of what waits, if it is time; what cannot be owed now is looked at again later."""
        try:
            self._more_notices |= await self._digest.look()
        except (TemporaryError, StorageFull) as error:
            log.warning("digest waits", extra={"cause": str(error)})
        except Exception:  # a fault here must not stop the line
            log.exception("digest failed")

    async def _close(self) -> None:
        """Close the days that are over; what cannot be closed now is looked at again later."""
        try:
            closed = await self._closing.look()
        except (TemporaryError, StorageFull) as error:
            log.warning("day not closed yet", extra={"cause": str(error)})
        except Exception:  # a fault here must not stop the line
            log.exception("day not closed")
        else:
            for day in closed:
                log.info("day closed", extra={"day": day.day.isoformat(), "entered": day.entered})

    async def _dossier_for(self, notice: Notice) -> Dossier | None:
        if notice.owed.mail_id is None:
            return None
        closed = self._closed.get(notice.owed.mail_id)
        if closed is not None and notice.created_at <= closed.at:
            return closed.dossier
        return Dossier(await self._desk.store.mail(notice.owed.mail_id), self._desk.store)

    async def _recorded(self, record: Callable[[], Awaitable[None]]) -> None:
        """Record a failure, waiting for a database that is gone itself, or else the lease would hide the row."""
        while True:
            try:
                return await record()
            except StaleState:
                return None
            except (TemporaryError, StorageFull) as error:
                log.warning("failure not recorded yet", extra={"cause": str(error)})
            except Exception:  # recorded or not, the row comes back when its lease ends
                log.exception("failure not recorded")
                return None
            if self._stopping:
                return None
            await asyncio.sleep(_BETWEEN_RECORDINGS)
