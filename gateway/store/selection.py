"""What a filter of the register asks for, as conditions that indexes of `document` and `assignment` answer."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, TextClause, and_, select, true

from gateway.model.register_filter import RegisterFilter
from gateway.store import schema

_D = schema.document.c
_S = schema.search.c
_A = schema.assignment.c


def chosen(wanted: RegisterFilter) -> ColumnElement[bool]:
    """The condition on `document` that the filter means."""
    return and_(true(), *_conditions(wanted))


def _conditions(wanted: RegisterFilter) -> Iterator[ColumnElement[bool] | TextClause]:
    yield from _compared(wanted)
    if wanted.statuses:
        yield _D.status.in_(sorted(wanted.statuses))
    if wanted.states:
        yield _D.state.in_(sorted(wanted.states))
    if wanted.sender is not None:
        yield _from(wanted.sender.lower())
    if wanted.paper_owed:
        yield schema.paper_is_owed
    if wanted.unit is not None or wanted.overdue_at is not None:
        yield from _work(wanted)


def _compared(wanted: RegisterFilter) -> Iterator[ColumnElement[bool]]:
    pairs = (
        (_D.book.__eq__, wanted.book),
        (_D.year.__eq__, wanted.year),
        (_D.arrival_number.__ge__, wanted.arrival_from),
        (_D.arrival_number.__le__, wanted.arrival_to),
        (_D.received_at.__ge__, wanted.arrived_from),
        (_D.received_at.__lt__, wanted.arrived_before),
        (_D.issued_on.__ge__, wanted.issued_from),
        (_D.issued_on.__le__, wanted.issued_to),
        (_D.direction.__eq__, wanted.direction),
        (_D.urgency.__eq__, wanted.urgency),
    )
    for compare, value in pairs:
        if value is not None:
            yield compare(value)


def _from(sender: str) -> ColumnElement[bool]:
    address, _, domain = sender.rpartition("@")
    sent = select(_S.document_id).where(_S.sender_domain == domain)
    return _D.id.in_(sent.where(_S.sender == sender) if address else sent)


def _work(wanted: RegisterFilter) -> Iterator[ColumnElement[bool] | TextClause]:
    parts = select(_A.document_id)
    if wanted.unit is not None:
        parts = parts.where(_A.unit == wanted.unit)
    if wanted.overdue_at is not None:
        yield schema.work_is_open
        parts = parts.where(_A.deadline < wanted.overdue_at, schema.part_is_open)
    yield _D.id.in_(parts)
