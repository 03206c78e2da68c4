"""A document's work as one reader of a notice sees it: what he may do, where he replies, what is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gateway.clock import local
from gateway.model.asked import AskedField
from gateway.model.directory import Role, address_key
from gateway.model.docket import Docket, DocumentState
from gateway.model.notice import Notice, NoticeKind
from gateway.model.token import Purpose, ThreadToken
from gateway.model.tracking import TimelineStep
from gateway.model.wording import link_words
from gateway.policy.acts import Asker, offers
from gateway.policy.calendar import clocks_of, standing
from gateway.policy.header.asking import asked_about, asked_fields
from gateway.policy.staff import Staff
from gateway.ports import Conversation, Offer
from handlers.act import surroundings
from handlers.conversation import reference_of, reply_address, root_of
from handlers.desk import Desk

_UNTIL_TRANSFER = frozenset({DocumentState.REGISTERED, DocumentState.PRESENTED, DocumentState.ASSIGNED})


async def conversations_of(
    notice: Notice, dockets: Sequence[Docket], staff: Staff, desk: Desk
) -> tuple[Conversation, ...]:
    """One for each document that the reader was given a token for."""
    tokens = await desk.store.tokens_with(notice.owed.message_id)
    found = []
    for docket in dockets:
        own = [token for token in tokens if token.document_id == docket.document.id]
        replies = next((token for token in own if token.purpose is not Purpose.FILES), None)
        if replies is not None:
            files = next((token for token in own if token.purpose is Purpose.FILES), None)
            found.append(await _conversation(notice, docket, replies, files, staff, desk))
    return tuple(found)


async def _conversation(
    notice: Notice, docket: Docket, token: ThreadToken, files: ThreadToken | None, staff: Staff, desk: Desk
) -> Conversation:
    to, now = desk.correspondence, desk.clock.now()
    asker = asker_at(token.address, docket, staff, desk)
    around = surroundings(staff, desk)
    offered = [] if token.purpose is Purpose.CONFIRM else offers(docket, asker, around, token.subject)
    office = asker.actor is not None
    opens_files = files is not None and (office or notice.owed.kind is NoticeKind.SUBMISSION)
    clocks: tuple[str, ...] = ()
    if office and docket.state in _UNTIL_TRANSFER:
        clocked = clocks_of(docket.document.received_at, desk.work.calendar, desk.work.rules.handle_within)
        left = standing(clocked.register_and_transfer_by, now, desk.work.calendar)
        clocks = (*clocked.sums, f"Thời gian còn lại để chuyển giao: {left}.")
    steps = await desk.store.steps(docket.document.id)
    return Conversation(
        docket=docket,
        offers=tuple(Offer(label, reply) for label, reply in offered),
        reply_to=reply_address(token.token, to),
        references=(root_of(docket.document, to), reference_of(token.token, to)),
        files_token=files.token if files and opens_files else None,
        files_until=files.expires_at if files and opens_files else None,
        clocks=clocks,
        news=_news(steps, office=office),
    )


def _news(steps: Sequence[TimelineStep], *, office: bool) -> tuple[TimelineStep, ...]:
    """The office reads of each act what it was told itself, and who did it; others what is meant for them alone."""
    if not office:
        return tuple(replace(step, who="") for step in steps if not step.inside)
    inside = {(step.at, step.who) for step in steps if step.inside}
    return tuple(step for step in steps if step.inside or (step.at, step.who) not in inside)


async def asked_in(dockets: Sequence[Docket], desk: Desk) -> Mapping[int, tuple[AskedField, ...]]:
    """What of these documents a person is asked about, with what it was read from."""
    found = {}
    for document in (docket.document for docket in dockets):
        if asked_about(document):
            found[document.id] = asked_fields(document, await desk.store.evidence(document.id))
    return found


async def related_in(dockets: Sequence[Docket], desk: Desk) -> Mapping[int, tuple[str, ...]]:
    """How these documents stand to others in the register, a phrase for each that they are linked with."""
    found = {}
    for document in (docket.document for docket in dockets):
        links = await desk.store.links(document.id)
        others = {link: link.other_id if link.document_id == document.id else link.document_id for link in links}
        known = {other.id: other for other in await desk.store.documents(sorted(set(others.values())))}
        found[document.id] = tuple(
            link_words(link.kind, known[other], younger=link.document_id == document.id)
            for link, other in others.items()
        )
    return found


def asker_at(address: str, docket: Docket, staff: Staff, desk: Desk) -> Asker:
    """Who somebody at this address is to a document."""
    forwardings = docket.submission.forwardings if docket.submission else ()
    received = [sent.number for sent in forwardings if address_key(sent.recipient) == address]
    return Asker(
        address=address,
        actor=staff.actor(address, local(desk.clock.now()).date()),
        is_sender=docket.answer_to is not None and address_key(docket.answer_to) == address,
        is_receiver_of=received[-1] if received else None,
    )


def names_in(staff: Staff, desk: Desk) -> Mapping[str, str]:
    """The names behind the codes and addresses of units and people."""
    ours = (*staff.units(), *staff.people())
    by_address = {address: party.name for party in ours for address in party.addresses}
    day = local(desk.clock.now()).date()
    clerks = {holder.address: holder.name for holder in staff.holders(Role.CLERK, day)}
    return clerks | by_address | {party.code: party.name for party in ours}
