"""Hand a finished notice to the relay, and remember what it said."""

from __future__ import annotations

from datetime import datetime

from gateway.model.journal import NewEvent
from gateway.model.notice import DeliveryOutcome, DeliveryResult, Notice, NoticeStage
from handlers.desk import Desk
from handlers.dossier import Dossier


async def deliver(notice: Notice, desk: Desk, _dossier: Dossier) -> Notice:
    """One attempt: from `ready` to `sent`, to `failed`, or to a later attempt.

    A crash between the relay's 250 and our commit sends again, with the same bytes and
    Message-ID: SMTP has no way to ask whether it was taken (RFC 1047).
    """
    if notice.rendered_sha256 is None:
        raise LookupError(f"{notice.label} has no rendered mail")
    content = await desk.blobs.read(notice.rendered_sha256)
    result = await desk.sender.send(desk.correspondence.envelope_sender, notice.owed.recipient, content)
    now = desk.clock.now()
    stage, due = _next(notice, result, now, desk)
    async with desk.store.begin() as unit:
        await unit.notice_attempt(notice, result, now, to=stage, due=due)
        if stage is not NoticeStage.READY:
            data = {"notice": notice.owed.kind.value, "to": notice.owed.recipient, "response": result.response[:200]}
            event = NewEvent(f"notice.{stage.value}", "gateway", "relay", notice.owed.mail_id, data=data)
            await unit.record(event, now)
    return notice.at_stage(stage)


def _next(notice: Notice, result: DeliveryResult, now: datetime, desk: Desk) -> tuple[NoticeStage, datetime]:
    if result.outcome is DeliveryOutcome.SENT:
        return NoticeStage.SENT, now
    waits = desk.correspondence.retry
    due = now + waits[min(notice.attempts, len(waits) - 1)]
    out_of_time = due > notice.created_at + desk.correspondence.give_up_after
    if result.outcome is DeliveryOutcome.PERMANENT or out_of_time:
        return NoticeStage.FAILED, now
    return NoticeStage.READY, due
