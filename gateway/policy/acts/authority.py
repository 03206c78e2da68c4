"""What somebody is to a document, and whether a row of the table lets him."""

from __future__ import annotations

from gateway.model.act import Act
from gateway.model.directory import Role
from gateway.model.docket import Assignment, Docket, RequestKind
from gateway.policy.acts.matter import ROLES
from gateway.policy.acts.records import Asker
from gateway.policy.acts.table import ActRow, Who, rows_of


def roles_of(asker: Asker, docket: Docket) -> frozenset[Who]:
    """Everything that the asker is to the document."""
    if asker.machine:
        return frozenset({Who.MACHINE})
    if asker.operator:
        return frozenset({Who.OPERATOR})
    found = set()
    if asker.is_sender:
        found.add(Who.SENDER)
    if asker.is_receiver_of is not None:
        found.add(Who.RECEIVER)
    if asker.actor is not None:
        found |= {who for who, role in ((Who.CLERK, Role.CLERK), (Who.LEADER, Role.LEADER)) if asker.actor.holds(role)}
        found |= {who for who in (Who.UNIT, Who.SPECIALIST) if parts_of(asker, docket, frozenset({who}))}
    return frozenset(found)


def parts_of(asker: Asker, docket: Docket, who: frozenset[Who]) -> tuple[Assignment, ...]:
    """The parts that are the asker's as UNIT or SPECIALIST: his own before those he stands in for, the lead first."""
    own = {part.unit: _standing(asker, part, who) for part in docket.assignments}
    fitting = [part for part in docket.assignments if own[part.unit] is not None]
    return tuple(sorted(fitting, key=lambda part: (own[part.unit] is False, not part.lead)))


def _standing(asker: Asker, part: Assignment, who: frozenset[Who]) -> bool | None:
    """Whether the part is the asker's own; False where he stands in for another, None where it is not his at all."""
    if asker.actor is None:
        return None
    mine = [
        standing.for_whom
        for standing in asker.actor.standings
        if Who.UNIT in who and standing.role in ROLES[Who.UNIT] and standing.unit == part.unit
    ]
    if Who.SPECIALIST in who and part.specialist:
        if asker.actor.code == part.specialist:
            mine.append(None)
        elif any(standing.for_whom == part.specialist for standing in asker.actor.standings):
            mine.append(part.specialist)
    return None if not mine else None in mine


def rows_about(act: Act, about: RequestKind | None) -> tuple[ActRow, ...]:
    """The rows of an act; of an answer only those about what was asked."""
    return tuple(row for row in rows_of(act) if row.about is about)


def part_for(row: ActRow, asker: Asker, docket: Docket) -> Assignment | None:
    """The part that the row lets the asker act on."""
    parts = parts_of(asker, docket, row.who)
    return next((part for part in parts if part.state in row.parts), None)
