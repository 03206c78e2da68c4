"""Who is told of an act: everybody once, what he has to do before what he only hears, nobody of what he just did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gateway.model.directory import Role, address_key
from gateway.model.docket import Docket
from gateway.model.document import Status
from gateway.model.notice import NoticeKind
from gateway.policy.acts.records import Asker, Surroundings, Told
from gateway.policy.staff import Addressee


class Telling:
    """Collects notices about one document. `asker` is None where a timer or the register speaks."""

    def __init__(self, around: Surroundings, docket: Docket, asker: Asker | None = None) -> None:
        self._around = around
        self._docket = docket
        self._asker = asker
        self._told: dict[str, Told] = {}

    def all(self) -> tuple[Told, ...]:
        """The notices, in the order they were thought of."""
        return tuple(self._told.values())

    def clerks(self, kind: NoticeKind, step: str, subject: str = "", /, **facts: str) -> None:
        """The clerks of the agency."""
        self._people(self._around.staff.holders(Role.CLERK, self._around.today), kind, step, subject, facts)

    def leader(self, kind: NoticeKind, step: str, subject: str = "", /, **facts: str) -> None:
        """The leader that the document was presented to, else all of them."""
        self._people(leader_of(self._docket, self._around), kind, step, subject, facts)

    def directors(self, kind: NoticeKind, step: str, subject: str = "", /, **facts: str) -> None:
        """Everybody who decides for the agency."""
        self._people(self._around.staff.holders(Role.LEADER, self._around.today), kind, step, subject, facts)

    def unit(self, unit: str, kind: NoticeKind, step: str, subject: str = "", /, **facts: str) -> None:
        """A unit, at its address, its clerks and its heads."""
        self._people(self._around.staff.of_unit(unit, self._around.today), kind, step, subject, facts)

    def heads(self, unit: str, kind: NoticeKind, step: str, subject: str = "", /, **facts: str) -> None:
        """Who heads a unit; the unit where nobody does."""
        found = self._around.staff.holders(Role.UNIT_HEAD, self._around.today, unit)
        self._people(found or self._around.staff.of_unit(unit, self._around.today), kind, step, subject, facts)

    def person(self, code: str | None, kind: NoticeKind, step: str, subject: str = "", /, **facts: str) -> None:
        """One person, or his deputy."""
        found = self._around.staff.person(code, self._around.today) if code else None
        self._people((found,) if found else (), kind, step, subject, facts)

    def sender(self, step: str, status: Status, text: str, *, himself: bool = False, **facts: str) -> None:
        """The sender, where he may be told anything; `himself` where he asked and gets a receipt."""
        address = self._docket.answer_to
        if address and (himself or self._asker is None or not _same(address, self._asker.address)):
            self._keep(Told(NoticeKind.NEWS, address, step, "", {"status": status.value, "text": text, **facts}))

    def province(self, step: str, text: str) -> None:
        """The province's mailbox for submissions."""
        address = self._around.rules.submissions_to
        if address and not (self._asker and _same(address, self._asker.address)):
            self._keep(Told(NoticeKind.NEWS, address, step, "", {"text": text}))

    def _people(
        self, people: Iterable[Addressee], kind: NoticeKind, step: str, subject: str, facts: Mapping[str, str]
    ) -> None:
        for each in people:
            if self._is_asker(each):
                continue
            absent = self._around.staff.party(each.for_whom) if each.for_whom else None
            place = {"for_whom": absent.name} if absent else {}
            self._keep(Told(kind, each.address, step, subject, {**facts, **place}))

    def _is_asker(self, addressee: Addressee) -> bool:
        if self._asker is None:
            return False
        actor = self._asker.actor
        return _same(addressee.address, self._asker.address) or (actor is not None and addressee.code == actor.code)

    def _keep(self, told: Told) -> None:
        """What somebody has to do takes the place of what he would only hear; else the first notice stays."""
        known = self._told.get(told.address)
        if known is None or (known.kind is NoticeKind.NEWS and told.kind is not NoticeKind.NEWS):
            self._told[told.address] = told


def leader_of(docket: Docket, around: Surroundings) -> tuple[Addressee, ...]:
    """Who decides on the document: whom it was presented to, else everybody who may."""
    named = around.staff.person(docket.presented_to, around.today) if docket.presented_to else None
    return (named,) if named else around.staff.holders(Role.LEADER, around.today)


def _same(one: str, other: str) -> bool:
    return (address_key(one) or one) == (address_key(other) or other)
