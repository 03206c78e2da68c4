"""Who may act in which role on a day, and who is written to: roles, deputies and the clerks' mailboxes together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from gateway.model.directory import Directory, Party, PartyKind, Role, address_key
from gateway.model.wording import ROLE_WORDS


@dataclass(frozen=True, slots=True)
class Standing:
    """A role held in the unit of that code, or in the whole agency; `for_whom` is the absent one who has it."""

    role: Role
    unit: str | None
    for_whom: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody of the agency, as known by the address that he wrote from.

    `code` is that of his entry in the directory; a clerks' mailbox that has none is known by its address.
    """

    address: str
    code: str
    name: str
    standings: frozenset[Standing]

    def holds(self, role: Role, unit: str | None = None) -> bool:
        """True where he has the role, himself or for another; of this unit, where one is named and units have it."""
        return any(
            standing.role is role and (unit is None or standing.unit in {None, unit}) for standing in self.standings
        )


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom to write to: one address of an entry; `for_whom` is the absent one for whom he is written to."""

    address: str
    name: str
    code: str
    for_whom: str | None


class Staff:
    """The agency's own units and people, and its clerks' mailboxes `clerks`. Days are local."""

    def __init__(self, directory: Directory, clerks: Sequence[str]) -> None:
        self._parties = {party.code: party for party in directory.parties}
        self._absences = directory.absences
        self._ours = {
            key: party
            for party in directory.parties
            if party.kind is not PartyKind.AGENCY
            for key in map(address_key, party.addresses)
            if key
        }
        self._sorted = sorted(
            (party for party in directory.parties if party.kind is not PartyKind.AGENCY),
            key=lambda party: (party.kind is PartyKind.PERSON, party.code),
        )
        self._clerks = tuple(dict.fromkeys(key for key in map(address_key, clerks) if key))
        self._with_mailbox = frozenset(self._ours[key].code for key in self._clerks if key in self._ours)

    def actor(self, address: str, day: date) -> Actor | None:
        """Who writes from this address on `day`; None for other agencies and strangers.

        Who is away keeps his roles and his deputy has them beside him; the deputy's own deputy does not.
        """
        key = address_key(address)
        party = self._ours.get(key)
        if party is None:
            clerk = frozenset({Standing(Role.CLERK, None)})
            return Actor(key, key, _CLERKS, clerk) if key and key in self._clerks else None
        standings = set(self._own(party))
        for absent, deputy in self._away(day):
            if deputy is party:
                standings |= {Standing(each.role, each.unit, absent.code) for each in self._own(absent)}
        return Actor(key, party.code, party.name, frozenset(standings))

    def holders(self, role: Role, day: date, unit: str | None = None) -> tuple[Addressee, ...]:
        """Who is written to as the one in `role` on `day`: deputies in place of those who are away, each address once.

        `unit` narrows a role that is of one unit. For the clerks, their mailboxes come first.
        """
        found = [self._mailbox(key, day) for key in self._clerks] if role is Role.CLERK else []
        for party in self._members():
            standing = any(
                each.role is role and (unit is None or each.unit in {None, unit}) for each in self._own(party)
            )
            if standing and not (role is Role.CLERK and self._has_mailbox(party)):
                found += self._reached(party, day)
        return _each_once(found)

    def of_unit(self, unit: str, day: date) -> tuple[Addressee, ...]:
        """Who is written to as the unit: its own addresses, its clerks, its heads; deputies as in `holders`."""
        return _each_once((*self.holders(Role.UNIT_CLERK, day, unit), *self.holders(Role.UNIT_HEAD, day, unit)))

    def person(self, code: str, day: date) -> Addressee | None:
        """Where the entry or the clerks' mailbox of this code is written to on `day`: to the deputy while it is away.

        None where there is no such entry of our own, or no address.
        """
        if code in self._clerks and code not in self._parties:
            return self._mailbox(code, day)
        party = self._parties.get(code)
        return next(iter(self._reached(party, day)), None) if party and party.kind is not PartyKind.AGENCY else None

    def party(self, code: str) -> Party | None:
        """The entry of this code, of whatever kind."""
        return self._parties.get(code)

    def units(self) -> tuple[Party, ...]:
        """The units, by code."""
        return tuple(party for party in self._members() if party.kind is PartyKind.UNIT)

    def people(self, unit: str | None = None) -> tuple[Party, ...]:
        """The people, of all units or of one, by code."""
        people = (party for party in self._members() if party.kind is PartyKind.PERSON)
        return tuple(party for party in people if unit is None or party.parent == unit)

    def _members(self) -> list[Party]:
        """Units before people, so that a unit is written to before those in it."""
        return self._sorted

    def _away(self, day: date) -> Iterator[tuple[Party, Party]]:
        """The people who are away, each with his deputy."""
        for absence in self._absences:
            if absence.since <= day <= absence.until:
                absent, deputy = self._parties.get(absence.person), self._parties.get(absence.deputy)
                if absent and deputy and absent.kind is deputy.kind is PartyKind.PERSON:
                    yield absent, deputy

    def _own(self, party: Party) -> Iterator[Standing]:
        """The standings of an entry by itself. Who writes from a unit's own address is its clerk."""
        if party.kind is PartyKind.UNIT:
            yield Standing(Role.UNIT_CLERK, party.code)
        for role in party.roles:
            yield Standing(role, party.parent if role.within_unit else None)
        if self._has_mailbox(party):
            yield Standing(Role.CLERK, None)

    def _has_mailbox(self, party: Party) -> bool:
        return party.code in self._with_mailbox

    def _mailbox(self, key: str, day: date) -> Addressee:
        """A clerks' mailbox; one that is a person's own is read by his deputy while he is away."""
        party = self._ours.get(key)
        if party is None:
            return Addressee(key, _CLERKS, key, None)
        return self._deputy(party, day) or Addressee(key, party.name, party.code, None)

    def _reached(self, party: Party, day: date) -> list[Addressee]:
        """The deputy of one who is away; else a unit at all its addresses, a person at his first."""
        deputy = self._deputy(party, day)
        if deputy is not None:
            return [deputy]
        addresses = _addresses(party) if party.kind is PartyKind.UNIT else _addresses(party)[:1]
        return [Addressee(address, party.name, party.code, None) for address in addresses]

    def _deputy(self, party: Party, day: date) -> Addressee | None:
        """None where nobody stands in, or nobody who can be written to."""
        for absent, deputy in self._away(day):
            if absent is party and deputy.addresses:
                return Addressee(_addresses(deputy)[0], deputy.name, deputy.code, party.code)
        return None


_CLERKS = f"{ROLE_WORDS[Role.CLERK][:1].upper()}{ROLE_WORDS[Role.CLERK][1:]}"


def _addresses(party: Party) -> list[str]:
    """Those of an entry, the one that is named after its code (Điều 4 khoản 2 điểm a) first."""
    return sorted(party.addresses, key=lambda address: (address.rpartition("@")[0] != party.code, address))


def _each_once(found: Iterable[Addressee]) -> tuple[Addressee, ...]:
    """Who is written to for himself is not written to again for another; nor for two others twice."""
    by_address: dict[str, Addressee] = {}
    for addressee in found:
        known = by_address.get(addressee.address)
        if known is None or (known.for_whom is not None and addressee.for_whom is None):
            by_address[addressee.address] = addressee
    return tuple(by_address.values())
