"""The one place that changes a document: an order is decided by policy, and all that follows is written together."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from gateway.clock import local
from gateway.model.act import Act, Order
from gateway.model.directory import Role, address_key
from gateway.model.docket import Answer, Docket, DocumentState, Forwarding
from gateway.model.document import Document, Link, LinkKind
from gateway.model.journal import NewEvent
from gateway.model.notice import NoticeKind
from gateway.model.wording import arrival
from gateway.policy.acts import Asker, CorrectionFacts, Decision, ForwardOrder, Refusal, Surroundings, Told, decide
from gateway.policy.acts.rechecks import identifier_after, keys_after
from gateway.policy.acts.records import NO_FACTS
from gateway.policy.staff import Staff
from gateway.ports import Unit
from handlers.conversation import owe_about, owe_clerk_task
from handlers.desk import Desk
from handlers.destroy import destroy_document
from handlers.paper import paper_anew, standing_of

_TOKEN_BYTES = 20
_UNQUOTED = frozenset({Act.CORRECT, Act.CONFIRM, Act.STATUS, Act.HELP})
"""Acts whose words would put what a document says into the journal, or only repeat it."""


@dataclass(frozen=True, slots=True)
class Source:
    """By what way an order came (`reply`, `web`, `cli`, `pipeline`), and in which mail."""

    way: str
    mail_id: int | None = None
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Performed:
    """What became of an order: the document as it stands then, and what policy said."""

    docket: Docket
    answer: Decision | Refusal


def surroundings(staff: Staff, desk: Desk) -> Surroundings:
    """What policy looks at beside the document itself."""
    return Surroundings(staff=staff, calendar=desk.work.calendar, now=desk.clock.now(), rules=desk.work.rules)


async def perform(
    order: Order,
    docket: Docket,
    asker: Asker,
    source: Source,
    staff: Staff,
    unit: Unit,
    desk: Desk,
    *,
    subject: str = "",
    answered_by: Answer | None = None,
) -> Performed:
    """Decide one order, and do it: the docket, the journal, the notices owed and the timers, all in `unit`.

    `docket` was read in this unit. A refusal changes nothing but the journal.
    """
    facts = await _facts(order, docket.document, desk)
    around = surroundings(staff, desk)
    answer = decide(order, docket, asker, around, subject=subject, answered_by=answered_by, facts=facts)
    now, actor = desk.clock.now(), source.actor or asker.address
    if isinstance(answer, Refusal):
        cause = {"act": order.act.value, "cause": answer.code}
        event = NewEvent("order.refused", actor, source.way, source.mail_id, docket.document.id, cause)
        await unit.record(event, now)
        return Performed(docket, answer)
    after = answer.docket
    if answer.forward is not None:
        after = await _forward(after, answer.forward, actor, unit, desk)
    if after.document.header != docket.document.header:
        paper = await paper_anew(after.document, desk)
        after = replace(after, document=replace(after.document, paper=paper))
    if after != docket:
        keys = keys_after(docket.document, after.document, facts.others)
        after = await unit.keep_docket(docket, after, actor=actor, at=now, identity=keys)
        await _link_named(order, after.document, facts.others, unit)
    if after.state is DocumentState.VOIDED is not docket.state:
        await _answers_no_more(after.document, actor, source, unit, desk)
    if after.state is DocumentState.RECALLED is not docket.state:
        after = await destroy_document(after, actor, source.way, unit, desk)
    data: dict[str, object] = {
        **answer.journal,
        "status": after.status.value,
        "state": after.state.value,
        "public": answer.public,
    }
    if answer.act not in _UNQUOTED:
        data["result"] = answer.result
    event = NewEvent(f"document.{answer.act.value}", actor, source.way, source.mail_id, docket.document.id, data)
    await unit.record(event, now)
    for kinds, timer_subject in answer.cancel:
        await unit.cancel_timers(docket.document.id, kinds, timer_subject)
    for timer in answer.set_timers:
        await unit.set_timer(docket.document.id, timer)
    await tell(answer.told, after, staff, unit, desk, occasion=f"{answer.act.value} {after.revision}")
    return Performed(after, answer)


async def tell(told: tuple[Told, ...], docket: Docket, staff: Staff, unit: Unit, desk: Desk, *, occasion: str) -> None:
    """Owe what an act, or a timer, tells people; tasks of a clerk are counted, lest they become a flood."""
    clerks = {holder.address for holder in staff.holders(Role.CLERK, local(desk.clock.now()).date())}
    for one in told:
        facts = {**one.facts, "step": one.step, "subject": one.subject}
        owe = owe_clerk_task if one.kind is NoticeKind.TASK and one.address in clerks else owe_about
        await owe(
            one.kind, docket.document, one.address, f"{occasion} {one.step} {one.subject}", unit, desk, facts=facts
        )


async def _forward(docket: Docket, order: ForwardOrder, actor: str, unit: Unit, desk: Desk) -> Docket:
    """Owe the mail to the province, and enter it in the docket under a tracking link of its own."""
    document, recipient = docket.document, desk.work.rules.submissions_to
    if docket.submission is None:
        raise ValueError(f"{document.label} is no submission")
    facts = {"number": order.number, "reason": order.reason}
    message_id = await owe_about(
        NoticeKind.SUBMISSION, document, recipient, f"forward {order.number}", unit, desk, facts=facts
    )
    forwarding = Forwarding(
        number=order.number,
        token=secrets.token_urlsafe(_TOKEN_BYTES),
        message_id=message_id,
        recipient=recipient,
        ordered_by=actor,
        ordered_at=desk.clock.now(),
        reason=order.reason,
    )
    forwardings = (*docket.submission.forwardings, forwarding)
    return replace(docket, submission=replace(docket.submission, forwardings=forwardings))


async def _answers_no_more(voided: Document, actor: str, source: Source, unit: Unit, desk: Desk) -> None:
    """What was answered by a number that is struck out has no such answer."""
    now = desk.clock.now()
    for answered in await unit.answered_by(voided.id):
        left = tuple(answer for answer in answered.answers if answer.document_id != voided.id)
        kept = await unit.keep_docket(answered, replace(answered, answers=left), actor=actor, at=now)
        text = f"Văn bản trả lời {voided.header.identifier} không còn: số đi {arrival(voided)} đã hủy."
        data = {"result": text, "status": kept.status.value, "state": kept.state.value, "voided": voided.label}
        document = kept.document
        event = NewEvent("document.answer_voided", actor, source.way, source.mail_id, document.id, data)
        await unit.record(event, now)


async def _facts(order: Order, document: Document, desk: Desk) -> CorrectionFacts:
    """What a correction is judged by beside its document."""
    if order.act is not Act.CORRECT:
        return NO_FACTS
    sender = await desk.store.party_of(address_key(document.sender))
    standing = await standing_of(document.header, document.files, sender, desk)
    return CorrectionFacts(await _of_same_number(order, document, desk), standing)


async def _of_same_number(order: Order, document: Document, desk: Desk) -> tuple[Document, ...]:
    """The other documents that bear the number and notation which a correction gives."""
    identifier = identifier_after(document.header, order.correction)
    if identifier is None:
        return ()
    return tuple(other for other in await desk.store.registered_as("", identifier) if other.id != document.id)


async def _link_named(order: Order, document: Document, others: tuple[Document, ...], unit: Unit) -> None:
    """Note of which document somebody has said that it bears the same number and is another one."""
    for other in others:
        if other.label == order.correction.same_as:
            older, younger = sorted((other.id, document.id))
            await unit.link([Link(younger, older, LinkKind.SAME_NUMBER)])
