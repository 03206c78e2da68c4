"""Orders that an operator of the machine enters for one of the staff: the same acts, and the journal names both."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.clock import local
from gateway.errors import NotOfStaff
from gateway.model.act import Order
from gateway.model.docket import DocumentState
from gateway.policy.acts import Asker, Decision, Refusal
from gateway.policy.orders import Fault, read_orders
from handlers.act import Performed, Source, perform
from handlers.desk import Desk
from handlers.destroy import sweep
from handlers.staff import staff_of


@dataclass(frozen=True, slots=True)
class Done:
    """What became of the orders, in turn, and the lines that could not be read."""

    answers: tuple[Decision | Refusal, ...]
    faults: tuple[Fault, ...]


async def order_by_hand(document_id: int, text: str, person: str, operator: str, desk: Desk) -> Done:
    """Carry out the orders in `text` as if `person`, a code or an address, had mailed them.

    Raises KeyError where there is no such document, NotOfStaff where there is no such person.
    """
    now, staff = desk.clock.now(), await staff_of(desk)
    party = staff.party(person)
    address = party.addresses[0] if party and party.addresses else person
    actor = staff.actor(address, local(now).date())
    if actor is None:
        raise NotOfStaff(person)
    reading = read_orders(text, now=now, calendar=desk.work.calendar)
    source = Source("cli", actor=f"{actor.address} ({operator})")
    answers = []
    async with desk.store.begin() as unit:
        docket = await unit.docket(document_id)
        for order in reading.orders:
            performed = await perform(order, docket, Asker(actor.address, actor), source, staff, unit, desk)
            docket = performed.docket
            answers.append(performed.answer)
    if docket.state is DocumentState.RECALLED:
        await sweep(desk)
    desk.wake()
    return Done(tuple(answers), reading.faults)


async def order_by_operator(document_id: int, order: Order, operator: str, desk: Desk) -> Performed:
    """Carry out one order of who minds the machine, in the place of the records office; the journal names him.

    Raises KeyError where there is no such document, AlreadyRegistered where one of the same number has just come.
    """
    staff = await staff_of(desk)
    async with desk.store.begin() as unit:
        docket = await unit.docket(document_id)
        source = Source("cli", docket.document.mail_id)
        performed = await perform(order, docket, Asker(operator, operator=True), source, staff, unit, desk)
    if docket.state is DocumentState.RECALLED:
        await sweep(desk)
    desk.wake()
    return performed
