"""What the rules together demand for one mail."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gateway.model.document import Entry, LinkKind
from gateway.model.facts import Secrecy
from gateway.model.finding import Finding


class Disposition(StrEnum):
    """The one act that follows: enter, carry out orders, file without entry, refuse, hold for a person, or seal."""

    REGISTER = "register"
    APPLY = "apply"
    NOTE = "note"
    REFUSE = "refuse"
    HOLD = "hold"
    SEAL = "seal"


@dataclass(frozen=True, slots=True)
class JudgedEntry:
    """An entry, and the document it repeats if it is already in the register.

    `links` has the ids of older documents to which it stands in a way that a person has accepted, or that its sender
    declares.
    """

    entry: Entry
    repeats: int | None = None
    links: tuple[tuple[int, LinkKind], ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The disposition with every finding that led to it. `entries` is empty unless registering.

    `level` is the mark of a mail that is sealed, where the facts it was seen in are not kept.
    """

    disposition: Disposition
    findings: tuple[Finding, ...]
    entries: tuple[JudgedEntry, ...] = ()
    level: Secrecy | None = None
