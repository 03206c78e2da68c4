"""What becomes of a mail or a notice on which work failed: another try, or an end that somebody is told of."""

from __future__ import annotations

from datetime import timedelta

from gateway.errors import StorageFull, TemporaryError
from gateway.model.journal import NewEvent
from gateway.model.mail import Mail, MailStage
from gateway.model.notice import Notice, NoticeStage
from gateway.model.report import DeliveryState
from handlers.alarm import tell_not_made
from handlers.desk import Desk
from handlers.forward import followed
from handlers.owe import owe_clerk_attention

STRIKES = 3
_WAIT_AFTER_STRIKE = (timedelta(seconds=2), timedelta(seconds=20))
_SHORTEST_WAIT = timedelta(seconds=5)
_NOT_MADE = "Hệ thống chưa tạo hoặc chưa giao được thư chuyển; bộ phận phụ trách công nghệ thông tin đã được báo."
_LONGEST_WAIT = timedelta(minutes=1)


async def put_off(mail: Mail, error: TemporaryError | StorageFull, desk: Desk) -> None:
    """Something outside is down: the mail stays at its stage and tries again by itself, without a strike."""
    waiting_for = error.waiting_for if isinstance(error, TemporaryError) else "disk"
    now = desk.clock.now()
    wait = _wait(now - mail.received_at)
    async with desk.store.begin() as unit:
        await unit.postpone(mail, now + wait, waiting_for=waiting_for, error=str(error))
        if mail.waiting_for != waiting_for:
            data = {"waiting_for": waiting_for}
            await unit.record(NewEvent("mail.waiting", "gateway", "pipeline", mail.id, data=data), now)


def _wait(outage: timedelta) -> timedelta:
    """The longer an outage lasts, the less often a thousand that wait need to knock."""
    return min(max(outage / 10, _SHORTEST_WAIT), _LONGEST_WAIT)


async def strike(mail: Mail, error: Exception, desk: Desk) -> None:
    """The work itself failed: after STRIKES times the mail is set aside, with its stage, and the clerk told."""
    now = desk.clock.now()
    cause = f"{type(error).__name__}: {error}"
    async with desk.store.begin() as unit:
        if mail.attempts + 1 < STRIKES:
            await unit.strike(mail, now + _WAIT_AFTER_STRIKE[mail.attempts], error=cause)
            return
        await unit.bury(mail, error=cause)
        await owe_clerk_attention(mail, unit, desk)
        data = {"stage": mail.stage.value, "error": type(error).__name__}
        await unit.record(NewEvent(f"mail.{MailStage.DEAD.value}", "gateway", "pipeline", mail.id, data=data), now)


async def notice_failed(notice: Notice, error: Exception, desk: Desk) -> None:
    """A notice that could not be made or handed over: tried again, and given up after STRIKES faults of its own."""
    now = desk.clock.now()
    cause = f"{type(error).__name__}: {error}"
    async with desk.store.begin() as unit:
        if isinstance(error, TemporaryError | StorageFull) or notice.attempts + 1 < STRIKES:
            await unit.notice_postponed(notice, now + _wait(now - notice.tried_since), cause)
            return
        await unit.notice_failed(notice, cause)
        await tell_not_made(notice, cause, unit, desk)
        await followed(notice, DeliveryState.FAILED_HARD, _NOT_MADE, unit, desk)
        data = {"notice": notice.owed.kind.value, "to": notice.owed.recipient, "error": type(error).__name__}
        kind = f"notice.{NoticeStage.FAILED.value}"
        await unit.record(NewEvent(kind, "gateway", "pipeline", notice.owed.mail_id, data=data), now)
