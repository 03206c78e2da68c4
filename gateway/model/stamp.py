"""The arrival stamp (Nghị định 30/2020 Phụ lục IV mục V), and how stamping a copy went."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class StampColour(StrEnum):
    """The colours that stamps of offices have."""

    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What stands in the stamp. What is "" is left to be written by hand."""

    agency: str
    number: str
    arrived_on: str
    passed_to: str = ""
    file_notation: str = ""
    colour: StampColour = StampColour.RED


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the stamp is: mm from the left and from the top of the page as it is seen. `free`: it covers nothing."""

    left: int
    top: int
    free: bool


@dataclass(frozen=True, slots=True)
class Stamped:
    """How the stamping went: `fault` in Vietnamese, "" where the copy was written; then `spot` is where."""

    fault: str
    spot: Spot | None = None
