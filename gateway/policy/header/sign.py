"""One sign that something is a state secret."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gateway.model.facts import Secrecy

CHECK = "secrecy"
"""Under this name `FileFacts.unknown` says that a file may bear a mark, and that a person has to look."""

_ORDER = list(Secrecy)


@dataclass(frozen=True, slots=True)
class Sign:
    """A level somewhere; `certain` is false where a person has to look whether it is a mark at all."""

    level: Secrecy
    certain: bool = True


def strongest(signs: Iterable[Sign]) -> Sign | None:
    """The highest of the certain signs, else the highest of the others."""
    return max(signs, key=lambda sign: (sign.certain, _ORDER.index(sign.level)), default=None)
