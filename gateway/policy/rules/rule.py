"""What a rule is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gateway.model.finding import Finding
from gateway.policy.answers import Answer
from gateway.policy.case import Case

Check = Callable[[Case], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by its key and Vietnamese title, its clause, the function that applies it, and all that it may answer."""

    key: str
    title: str
    clause: str
    check: Check
    answers: tuple[Answer, ...]
