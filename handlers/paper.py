"""Paper copies: the duty at entry and after a correction, the Director's word, and the paper that came (Điều 5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.clock import local
from gateway.errors import NotOfStaff, UnfitDecision
from gateway.model.directory import Party, Role, address_key
from gateway.model.docket import DocumentState
from gateway.model.document import Document, RegisteredFile
from gateway.model.header import HeaderFields
from gateway.model.journal import NewEvent
from gateway.model.paper import Paper
from gateway.model.signature import Signature
from gateway.model.wording import STATE_WORDS
from gateway.policy.paper import paper_duty, read_anew, received, required, waived
from gateway.policy.signing import Standing, roles_of, signatures_of
from handlers.desk import Desk
from handlers.staff import staff_of

_STRUCK_OUT = frozenset({DocumentState.VOIDED, DocumentState.RECALLED})


@dataclass(frozen=True, slots=True)
class PaperOrder:
    """A change of a document's paper as one person at the machine entered it: what it is called, and what it does."""

    name: str
    words: str
    decide: Callable[[Paper, Document, datetime], Paper]
    reason: str = ""


async def agencies_with_seals(signatures: Sequence[Signature], desk: Desk) -> dict[str, str]:
    """The names of the agencies that the configuration gives seals to; asked for only where something is signed."""
    codes = {owner.agency for owner in desk.content.seals}
    if not codes or not signatures:
        return {}
    return {party.code: party.name for party in (await desk.store.directory()).parties if party.code in codes}


async def standing_of(
    header: HeaderFields, files: Sequence[RegisteredFile], sender: Party | None, desk: Desk
) -> Standing:
    """What the signatures of a document are compared with."""
    signatures = [signature for file in files for signature in file.signatures]
    return Standing(header, sender, desk.content.seals, await agencies_with_seals(signatures, desk))


async def paper_of(
    header: HeaderFields, files: Sequence[RegisteredFile], sender: Party | None, since: datetime, desk: Desk
) -> Paper:
    """The duty by the lists and by the signatures of the main file."""
    signatures = next((signatures_of(file, files) for file in files if file.main), ())
    standing = await standing_of(header, files, sender, desk)
    return paper_duty(header, roles_of(signatures, standing), desk.work.paper, since)


async def paper_anew(document: Document, desk: Desk) -> Paper:
    """The duty of a document whose header was corrected."""
    sender = await desk.store.party_of(address_key(document.sender))
    after = await paper_of(document.header, document.files, sender, document.received_at, desk)
    return read_anew(document.paper, after)


def to_require(reason: str, desk: Desk) -> PaperOrder:
    """The Director wants the paper."""
    table = desk.work.paper
    return PaperOrder(
        "paper_require", "Giám đốc yêu cầu bản giấy", lambda paper, _, now: required(paper, reason, now, table), reason
    )


def to_waive(reason: str) -> PaperOrder:
    """The Director does without it."""
    return PaperOrder(
        "paper_waive", "Giám đốc cho phép không gửi bản giấy", lambda paper, _, __: waived(paper, reason), reason
    )


def to_receive(on: datetime | None) -> PaperOrder:
    """The paper came `on` that moment, now where it is None."""
    return PaperOrder(
        "paper_receive",
        "Đã nhận bản giấy",
        lambda paper, document, now: received(paper, on or now, document.received_at, now),
    )


async def order_paper(
    document_id: int, order: PaperOrder, operator: str, desk: Desk, *, leader: str | None = None
) -> Document:
    """Carry out one order, and journal who gave it and why; the document as it stands then.

    `leader` is the code or address of who said it, for the operator. Raises KeyError where there is no such document,
    NotOfStaff where `leader` is none of those who decide for the agency, UnfitDecision where policy does not allow it.
    """
    actor = operator if leader is None else f"{await _leader(leader, desk)} ({operator})"
    async with desk.store.begin() as unit:
        docket, now = await unit.docket(document_id), desk.clock.now()
        if docket.state in _STRUCK_OUT:
            raise UnfitDecision(f"{docket.document.label}: văn bản {STATE_WORDS[docket.state]}")
        before = docket.document.paper
        try:
            after = order.decide(before, docket.document, now)
        except ValueError as error:
            raise UnfitDecision(f"{docket.document.label}: {error}") from None
        if after == before:
            return docket.document
        changed = replace(docket, document=replace(docket.document, paper=after))
        kept = await unit.keep_docket(docket, changed, actor=actor, at=now)
        data = {"result": f"{order.words}.", "status": kept.status.value, "from": before.duty.value}
        data |= {"to": after.duty.value, "reason": order.reason}
        if after.received_at is not None:
            data["received_at"] = after.received_at.isoformat()
        await unit.record(
            NewEvent(f"document.{order.name}", actor, "cli", docket.document.mail_id, document_id, data), now
        )
    return kept.document


async def _leader(person: str, desk: Desk) -> str:
    """The address of one who decides for the agency today."""
    staff, day = await staff_of(desk), local(desk.clock.now()).date()
    party = staff.party(person)
    actor = staff.actor(party.addresses[0] if party and party.addresses else person, day)
    if actor is None or not actor.holds(Role.LEADER):
        raise NotOfStaff(person)
    return actor.address
