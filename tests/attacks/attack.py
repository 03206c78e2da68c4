"""What an attack is, and what an ordinary file is that must not be taken for one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attack:
    """A hostile file as somebody would attach it; at least one of the rules in `expect` must keep it out."""

    name: str
    family: str
    file_name: str
    declared_type: str
    make: Callable[[], bytes]
    expect: frozenset[str]


@dataclass(frozen=True, slots=True)
class Clean:
    """An ordinary file: no rule may hold or refuse it."""

    name: str
    file_name: str
    declared_type: str
    make: Callable[[], bytes]
