"""The agencies, units and people that the gateway knows, with their addresses."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gateway.model.domain_name import a_label


class PartyKind(StrEnum):
    """What a party is: another agency, a unit of our own agency, or a person in it."""

    AGENCY = "agency"
    UNIT = "unit"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Party:
    """One entry of the directory, known by its `code`.

    `addresses` are mail addresses in lower case. `domains` are whole domains of which every address counts as the
    party's; one with a leading dot stands for its subdomains. `networks` are CIDR networks from which the party's own
    mail servers deliver to us. `parent` is the code of the unit of a person.
    """

    code: str
    kind: PartyKind
    name: str
    addresses: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    parent: str | None = None


def address_key(address: str) -> str:
    """How a mail address is looked up: in lower case, a Vietnamese domain as DNS has it; empty where it is none."""
    local, _, domain = address.strip().lower().rpartition("@")
    name = a_label(domain)
    return f"{local}@{name}" if local and name else ""
