"""The texts of findings: one for each cause, with its clause, what was found, and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.model.finding import Finding, Outcome


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said where `rule` finds the cause `name`.

    `found`, `mend` and `note` are Vietnamese, with `{facts}` in braces; `mend` tells the sender what to do, `note` is
    for the records office alone. `outcome` is what the cause demands where no table says otherwise. `example` has
    every fact as it could be, for the catalogue.
    """

    rule: str
    name: str
    clause: str
    outcome: Outcome
    found: str
    mend: str = ""
    note: str = ""
    example: Mapping[str, Any] = field(default_factory=dict)

    def finding(self, file: str | None = None, *, outcome: Outcome | None = None, **facts: object) -> Finding:
        """The finding on `file`, or on the whole mail; raises KeyError for a fact that the text wants and has not."""
        return Finding(
            self.rule,
            self.clause,
            outcome or self.outcome,
            self.found.format_map(facts),
            self.mend.format_map(facts),
            file,
            self.note.format_map(facts),
        )
