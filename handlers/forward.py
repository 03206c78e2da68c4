"""A submission after it was forwarded: how far its mail came, who opened its page, acknowledged or answered it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gateway.clock import local
from gateway.model.act import Act, Order
from gateway.model.directory import Role, address_key
from gateway.model.docket import Answer, Docket, DocumentState, Forwarding, RequestKind
from gateway.model.document import Document
from gateway.model.journal import NewEvent
from gateway.model.notice import Notice, NoticeKind
from gateway.model.report import DeliveryState
from gateway.model.timer import Timer, TimerKind
from gateway.policy.acts import Asker
from gateway.policy.staff import Staff
from gateway.ports import Unit
from handlers.act import Source, perform
from handlers.conversation import owe_about
from handlers.desk import Desk
from handlers.staff import staff_of

_GOT = frozenset({DeliveryState.DELIVERED, DeliveryState.DISPLAYED})


async def followed(notice: Notice, state: DeliveryState, words: str, unit: Unit, desk: Desk) -> None:
    """The relay, or a report, says how far the mail of a forwarding came. A failure is told at once."""
    if notice.owed.kind is not NoticeKind.SUBMISSION:
        return
    docket = await unit.docket(notice.owed.document_ids[0])
    sent = _sent_with(docket, notice.owed.message_id)
    if sent is None or (state is DeliveryState.TAKEN and await _known_better(notice, unit)):
        return
    now = desk.clock.now()
    if state.has_failed:
        after, step = replace(sent, failed_at=now, failure=words[:500]), "forward_failed"
    elif state in _GOT:
        after, step = replace(sent, delivered_at=sent.delivered_at or now, failed_at=None), "delivered"
    elif state in {DeliveryState.TAKEN, DeliveryState.RELAYED}:
        after, step = replace(sent, relayed_at=sent.relayed_at or now, failed_at=None), "relayed"
    else:
        return
    if after == sent:
        return
    docket = await _keep(docket, after, step, unit, desk)
    if sent.failed_at is not None and after.failed_at is None:
        await _wait_again(docket, after, unit, desk)
    if step == "relayed":
        return
    if step == "forward_failed":
        await unit.cancel_timers(docket.document.id, (TimerKind.ACKNOWLEDGEMENT_DUE,), str(sent.number))
    tried = notice.tried_since.isoformat()
    await _tell(
        docket, after, step, await staff_of(desk), unit, desk, text=words if state.has_failed else "", occasion=tried
    )


async def _known_better(notice: Notice, unit: Unit) -> bool:
    """Whether a report was faster than the note that the relay took the mail."""
    return (await unit.notice(notice.id)).delivery is not DeliveryState.TAKEN


async def _wait_again(docket: Docket, sent: Forwarding, unit: Unit, desk: Desk) -> None:
    """What had come back is on its way after all, sent once more or against a report: its receiver is waited for."""
    is_last = docket.submission is not None and docket.submission.forwardings[-1].number == sent.number
    if docket.state.is_end or sent.acknowledged_at or sent.answered_at or not is_last:
        return
    due = desk.work.calendar.add(desk.clock.now(), desk.work.rules.acknowledge_within)
    await unit.set_timer(docket.document.id, Timer(TimerKind.ACKNOWLEDGEMENT_DUE, due, str(sent.number)))


async def acknowledge(token: str, name: str, desk: Desk) -> bool:
    """The receiver says on the page of a forwarding that he has it; false where the token is of none."""
    staff = await staff_of(desk)
    async with desk.store.begin() as unit:
        docket = await unit.forwarded_as(token)
        if docket is None:
            return False
        sent = _sent_by_token(docket, token)
        if sent is None or sent.acknowledged_at is not None:
            return True
        asker = Asker(address=sent.recipient, actor=None, is_sender=False, is_receiver_of=sent.number)
        order = Order(Act.ACKNOWLEDGE, text=name)
        await perform(order, docket, asker, Source("web", actor=f"{sent.recipient} ({name})"), staff, unit, desk)
    desk.wake()
    return True


async def seen(token: str, desk: Desk, *, by_person: bool) -> None:
    """The page of a forwarding was asked for: noted the first time for machines, and the first time for people."""
    known = await desk.store.forwarded_as(token)
    if known is None or not _is_news(_sent_by_token(known, token), by_person=by_person):
        return
    async with desk.store.begin() as unit:
        docket = await unit.forwarded_as(token)
        sent = _sent_by_token(docket, token) if docket else None
        if docket is None or sent is None or not _is_news(sent, by_person=by_person):
            return
        now = desk.clock.now()
        after = replace(sent, opened_at=now) if by_person else replace(sent, fetched_at=now)
        await _keep(docket, after, "opened" if by_person else "fetched", unit, desk)


async def answered(documents: list[Document], thread: tuple[Notice, ...], author: str, unit: Unit, desk: Desk) -> None:
    """Documents that came in answer to the mail of a forwarding, from who received it, answer the submission."""
    for notice in thread:
        if notice.owed.kind is not NoticeKind.SUBMISSION or address_key(notice.owed.recipient) != address_key(author):
            continue
        docket = await unit.docket(notice.owed.document_ids[0])
        sent = _sent_with(docket, notice.owed.message_id)
        if sent is None or sent.answered_at is not None:
            continue
        now, first = desk.clock.now(), documents[0]
        after = replace(
            sent,
            answered_at=now,
            answered_by=first.id,
            acknowledged_at=sent.acknowledged_at or now,
            acknowledged_by=sent.acknowledged_by or author,
        )
        await unit.cancel_timers(docket.document.id, (TimerKind.ACKNOWLEDGEMENT_DUE,))
        docket = await _keep(_answered_by(first, docket), after, "answered", unit, desk)
        text = f"Văn bản trả lời: {docket.answers[-1].identifier}."
        await _tell(docket, after, "answered", await staff_of(desk), unit, desk, text=text)


def _answered_by(document: Document, docket: Docket) -> Docket:
    """A submission whose answer has come is finished, unless it had come to another end.

    Where its sender has asked for it back it stays open, so that he can still be answered.
    """
    answer = Answer(document.header.identifier or document.label, document.id)
    docket = replace(docket, answers=(*docket.answers, answer))
    if docket.state.is_end or docket.open_request(RequestKind.RECALL.value):
        return docket
    return replace(docket, state=DocumentState.FINISHED, requests=())


def _is_news(sent: Forwarding | None, *, by_person: bool) -> bool:
    return sent is not None and (sent.opened_at if by_person else sent.fetched_at) is None


def _sent_with(docket: Docket, message_id: str) -> Forwarding | None:
    sent = docket.submission.forwardings if docket.submission else ()
    return next((each for each in sent if each.message_id == message_id), None)


def _sent_by_token(docket: Docket, token: str) -> Forwarding | None:
    sent = docket.submission.forwardings if docket.submission else ()
    return next((each for each in sent if each.token == token), None)


_PUBLIC = {
    "relayed": "Máy chủ thư đã nhận để chuyển đến {to}",
    "delivered": "Thư đã đến hộp thư {to}",
    "forward_failed": "Chưa chuyển được đến {to}; văn thư đang xử lý",
    "fetched": "Máy tự động của nơi nhận đã truy cập liên kết",
    "opened": "Nơi nhận đã mở trang theo dõi",
    "answered": "Đã có văn bản trả lời",
}


async def _keep(docket: Docket, sent: Forwarding, step: str, unit: Unit, desk: Desk) -> Docket:
    """Write a forwarding as it stands now, with its event."""
    submission = docket.submission
    if submission is None:
        raise ValueError(f"{docket.document.label} is no submission")
    before = await unit.docket(docket.document.id)
    forwardings = tuple(sent if each.number == sent.number else each for each in submission.forwardings)
    after = replace(docket, submission=replace(submission, forwardings=forwardings))
    now = desk.clock.now()
    kept = await unit.keep_docket(before, after, actor="gateway", at=now)
    data = {
        "number": sent.number,
        "status": kept.status.value,
        "public": _PUBLIC[step].format(to=sent.recipient),
    }
    event = NewEvent(f"submission.{step}", "gateway", "delivery", docket.document.mail_id, docket.document.id, data)
    await unit.record(event, now)
    return kept


async def _tell(
    docket: Docket, sent: Forwarding, step: str, staff: Staff, unit: Unit, desk: Desk, *, text: str, occasion: str = ""
) -> None:
    """Clerk, Director and the agency that submitted hear of each step; of a failure the agency does not."""
    day = local(desk.clock.now()).date()
    office = (*staff.holders(Role.CLERK, day), *staff.holders(Role.LEADER, day))
    told = [holder.address for holder in office]
    if docket.answer_to is not None and step != "forward_failed":
        told.append(docket.answer_to)
    facts: dict[str, Any] = {"step": step, "text": text, "number": sent.number}
    if step == "answered":
        # Words that come with a status are meant for the sender too; those of a mail server are not.
        facts["status"] = docket.status.value
    for address in dict.fromkeys(told):
        about = f"{step} {sent.number} {occasion}"
        await owe_about(NoticeKind.NEWS, docket.document, address, about, unit, desk, facts=facts)
