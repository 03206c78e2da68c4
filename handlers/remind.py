"""A timer ran out: look at the document as it stands now, and tell who has to act."""

from __future__ import annotations

from datetime import timedelta

from gateway.model.journal import NewEvent
from gateway.model.timer import DueTimer
from gateway.policy.acts import on_timer
from handlers.act import surroundings, tell
from handlers.desk import Desk
from handlers.staff import staff_of

_AFTER_A_FAULT = timedelta(minutes=5)


async def remind(due: DueTimer, desk: Desk) -> None:
    """Fire a timer once, whoever claims it; raises StaleState where another did. Out of hours it waits."""
    now = desk.clock.now()
    opens = desk.work.calendar.next_open(now)
    if opens > now:
        async with desk.store.begin() as unit:
            await unit.postpone_timer(due, opens)
        return
    staff = await staff_of(desk)
    async with desk.store.begin() as unit:
        docket = await unit.docket(due.document_id)
        await unit.fire(due, now)
        decided = on_timer(due.timer, docket, surroundings(staff, desk))
        kind, subject = due.timer.kind.value, due.timer.subject
        await tell(decided.told, docket, staff, unit, desk, occasion=f"{kind} {subject} {due.timer.due.isoformat()}")
        for timer in decided.set_timers:
            await unit.set_timer(due.document_id, timer)
        if decided.told:
            data = {"timer": kind, "subject": subject, "told": [told.address for told in decided.told]}
            event = NewEvent("document.reminded", "gateway", "timer", docket.document.mail_id, due.document_id, data)
            await unit.record(event, now)


async def postpone(due: DueTimer, desk: Desk) -> None:
    """Looking at it failed: try again in a while; harmless where it has fired since."""
    async with desk.store.begin() as unit:
        await unit.postpone_timer(due, desk.clock.now() + _AFTER_A_FAULT)
