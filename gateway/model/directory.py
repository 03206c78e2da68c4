"""The agencies, units and people that the gateway knows, with their addresses, roles and deputies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gateway.model.domain_name import a_label


class PartyKind(StrEnum):
    """What a party is: another agency, a unit of our own agency, or a person in it."""

    AGENCY = "agency"
    UNIT = "unit"
    PERSON = "person"


class Role(StrEnum):
    """What a person does in the agency.

    By Điều 11: its clerk (văn thư Sở), who decides for it (người có thẩm quyền), who heads a unit, a unit's own clerk,
    a specialist; by Điều 12: who minds the machines; by Điều 8: who answers for security and secrets.
    """

    CLERK = "clerk"
    LEADER = "leader"
    UNIT_HEAD = "unit_head"
    UNIT_CLERK = "unit_clerk"
    SPECIALIST = "specialist"
    IT = "it"
    SECURITY_OFFICER = "security_officer"

    @property
    def within_unit(self) -> bool:
        """True where the role is held in one unit, not in the whole agency."""
        return self in {Role.UNIT_HEAD, Role.UNIT_CLERK, Role.SPECIALIST}


@dataclass(frozen=True, slots=True)
class Party:
    """One entry of the directory, known by its `code`.

    `addresses` are mail addresses in lower case. `domains` are whole domains of which every address counts as the
    party's; one with a leading dot stands for its subdomains. `networks` are CIDR networks from which the party's own
    mail servers deliver to us. `parent` is the code of the unit of a person, `short_name` what people call a unit or a
    person, `roles` what a person does.
    """

    code: str
    kind: PartyKind
    name: str
    addresses: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    parent: str | None = None
    short_name: str | None = None
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class Absence:
    """Local days, the first and the last among them, on which `deputy` acts for `person`; both are codes of people."""

    person: str
    since: date
    until: date
    deputy: str


@dataclass(frozen=True, slots=True)
class Directory:
    """Everybody, and who is away when."""

    parties: tuple[Party, ...] = ()
    absences: tuple[Absence, ...] = ()


def address_key(address: str) -> str:
    """How a mail address is looked up: in lower case, a Vietnamese domain as DNS has it; empty where it is none.

    Letters that are not ASCII stay as they are before the @: the small letter of K (U+212A) is an ordinary k.
    """
    local, _, domain = address.strip().rpartition("@")
    name = a_label(domain)
    lowered = "".join(letter.lower() if letter.isascii() else letter for letter in local)
    return f"{lowered}@{name}" if lowered and name else ""
