"""What is looked for in the register, after the words of a person have been understood."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.model.docket import Docket
from gateway.model.register_filter import EVERYTHING, RegisterFilter


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number that a document bears, or was entered under.

    `number` and `notation` are keys of `gateway/model/searchable.py`; a document's notation may go on after the one
    asked for (`qd` finds `qd-sgtvt`). `arrival` is the same figures as an arrival number, None where they can be none.
    """

    number: str
    notation: str | None = None
    year: int | None = None
    arrival: int | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """Words that have to stand side by side at one place; all of them without marks where `folded`.

    By `identifier` the words may stand for a document itself, which then comes first.
    """

    words: tuple[str, ...]
    folded: bool
    identifier: Identifier | None = None


@dataclass(frozen=True, slots=True)
class SearchQuestion:
    """All terms have to be found in a document that the filter chooses."""

    terms: tuple[Term, ...]
    wanted: RegisterFilter = EVERYTHING
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, best first. `partly` is true where only the newest documents with those words were looked at."""

    dockets: tuple[Docket, ...]
    partly: bool
