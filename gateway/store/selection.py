"""What a filter of the register asks for, as conditions that the indexes of its tables answer."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Column, ColumnElement, Select, TextClause, and_, func, null, select, true

from gateway.model.register_filter import RegisterFilter
from gateway.store import schema

Condition = ColumnElement[bool] | TextClause

_D = schema.document.c
_S = schema.search.c
_A = schema.assignment.c


def chosen(wanted: RegisterFilter) -> ColumnElement[bool]:
    """The condition on `document` that the filter means."""
    return and_(true(), *_columns(wanted, few=False), *(_D.id.in_(found.correlate(None)) for found in _others(wanted)))


def chosen_of_few(wanted: RegisterFilter) -> ColumnElement[bool]:
    """The same for documents that are known already: each is looked at, no index is gone through."""
    same = (found.where(found.selected_columns[0] == _D.id) for found in _others(wanted))
    asked = (found.correlate(schema.document).exists() for found in same)
    return and_(true(), *_columns(wanted, few=True), *asked)


def parts_chosen(wanted: RegisterFilter) -> ColumnElement[bool]:
    """The condition on a part in `assignment`, of the unit that the filter names."""
    return and_(_A.unit == wanted.unit, *_late(wanted))


def is_narrow(wanted: RegisterFilter) -> bool:
    """Whether an index of its own finds what the filter asks for; the order of the register is then no way to it."""
    named = (wanted.arrived_from, wanted.arrived_before, wanted.issued_from, wanted.issued_to)
    others = (wanted.sender, wanted.unit, wanted.overdue_at)
    return wanted.paper_owed or any(each is not None for each in (*named, *others))


def _columns(wanted: RegisterFilter, *, few: bool) -> Iterator[Condition]:
    def read(column: Column[object]) -> ColumnElement[object]:
        return func.coalesce(column, null()) if few else column

    pairs = (
        (read(_D.book).__eq__, wanted.book),
        (read(_D.year).__eq__, wanted.year),
        (read(_D.arrival_number).__ge__, wanted.arrival_from),
        (read(_D.arrival_number).__le__, wanted.arrival_to),
        (read(_D.received_at).__ge__, wanted.arrived_from),
        (read(_D.received_at).__lt__, wanted.arrived_before),
        (read(_D.issued_on).__ge__, wanted.issued_from),
        (read(_D.issued_on).__le__, wanted.issued_to),
        (read(_D.direction).__eq__, wanted.direction),
        (read(_D.urgency).__eq__, wanted.urgency),
    )
    for compare, value in pairs:
        if value is not None:
            yield compare(value)
    if wanted.statuses:
        yield read(_D.status).in_(sorted(wanted.statuses))
    if wanted.states:
        yield read(_D.state).in_(sorted(wanted.states))
    if wanted.paper_owed:
        yield schema.paper_is_owed
    if wanted.overdue_at is not None:
        yield schema.work_is_open


def _others(wanted: RegisterFilter) -> Iterator[Select[tuple[int]]]:
    """Ids of documents that have what the filter asks of other tables."""
    if wanted.sender is not None:
        address, _, domain = wanted.sender.lower().rpartition("@")
        sent = select(_S.document_id).where(_S.sender_domain == domain)
        yield sent.where(_S.sender == wanted.sender.lower()) if address else sent
    if wanted.unit is not None or wanted.overdue_at is not None:
        parts = select(_A.document_id).where(*_late(wanted))
        yield parts.where(_A.unit == wanted.unit) if wanted.unit is not None else parts


def _late(wanted: RegisterFilter) -> Iterator[Condition]:
    if wanted.overdue_at is not None:
        yield _A.deadline < wanted.overdue_at
        yield schema.part_is_open
