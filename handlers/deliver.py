"""Hand a finished notice to the relay, and remember what it said."""

from __future__ import annotations

from datetime import datetime

from gateway.model.journal import NewEvent
from gateway.model.notice import DeliveryOutcome, DeliveryResult, Notice, NoticeStage, Outgoing
from gateway.model.report import DeliveryState
from gateway.policy.delivery import failed_state, reverse_path_with, status_in
from handlers.alarm import tell_of_refusal, warn_of_delay
from handlers.desk import Desk
from handlers.dossier import Dossier
from handlers.forward import followed
from handlers.outgoing import keep_back, kept_back


async def deliver(notice: Notice, desk: Desk, _dossier: Dossier | None) -> Notice:
    """One attempt: from `ready` to `sent`, to `failed`, or to a later attempt.

    A crash between the relay's 250 and our commit sends again, with the same bytes and
    Message-ID: SMTP has no way to ask whether it was taken (RFC 1047). Files that are not clean by now do not leave,
    and none does while there is no scanner: raises TemporaryError.
    """
    if notice.rendered_sha256 is None:
        raise LookupError(f"{notice.label} has no rendered mail")
    if notice.attached:
        dockets = await desk.store.dockets(notice.owed.document_ids)
        if unclean := await kept_back(notice.attached, dockets, desk):
            return await keep_back(notice, unclean, dockets, desk)
    content = await desk.blobs.read(notice.rendered_sha256)
    sender = reverse_path_with(desk.correspondence.return_path, notice.token)
    result = await desk.sender.send(Outgoing(sender, notice.owed.recipient, content, notice.token))
    now = desk.clock.now()
    stage, due = _next(notice, result, now, desk)
    async with desk.store.begin() as unit:
        await unit.notice_attempt(notice, result, now, to=stage, due=due)
        if stage is not NoticeStage.READY:
            await followed(notice, _state(stage, result), result.response, unit, desk)
        if stage is NoticeStage.FAILED:
            await tell_of_refusal(notice, result, unit, desk)
        elif stage is NoticeStage.READY and now - notice.tried_since >= desk.correspondence.warn_after:
            await warn_of_delay(notice, result, unit, desk)
        if stage is not NoticeStage.READY:
            data = {"notice": notice.owed.kind.value, "to": notice.owed.recipient, "response": result.response[:200]}
            event = NewEvent(f"notice.{stage.value}", "gateway", "relay", notice.owed.mail_id, data=data)
            await unit.record(event, now)
    return notice.at_stage(stage)


def _state(stage: NoticeStage, result: DeliveryResult) -> DeliveryState:
    """What one attempt that was the last says of the way of a notice."""
    return DeliveryState.TAKEN if stage is NoticeStage.SENT else failed_state(status_in(result.response))


def _next(notice: Notice, result: DeliveryResult, now: datetime, desk: Desk) -> tuple[NoticeStage, datetime]:
    """Where the notice stands then, and when it is tried again: not beyond the moments of warning and giving up.

    What the office itself is owed is not given up because the relay cannot be reached: nobody else would hear of it.
    """
    if result.outcome is DeliveryOutcome.SENT:
        return NoticeStage.SENT, now
    to = desk.correspondence
    if result.outcome is DeliveryOutcome.PERMANENT:
        return NoticeStage.FAILED, now
    end = notice.tried_since + to.give_up_after
    kept = result.outcome is DeliveryOutcome.UNREACHABLE and notice.owed.recipient in to.office
    if now >= end and not kept:
        return NoticeStage.FAILED, now
    due = now + to.retry[min(notice.attempts, len(to.retry) - 1)]
    sooner = [at for at in (notice.tried_since + to.warn_after, end) if now < at < due]
    return NoticeStage.READY, min(sooner, default=due)
