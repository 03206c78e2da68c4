"""What a rule of the regulation says of a mail or a file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

ONLY_BY_NAME = frozenset({"state_secret", "not_scanned", "impersonation"})
"""Rules that nobody sets aside by the way: whoever does must name them."""


class Outcome(StrEnum):
    """What a finding demands, weakest first."""

    OK = "ok"
    WARN = "warn"
    HOLD = "hold"
    REFUSE = "refuse"
    SEAL = "seal"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule applied once. `text` and `remedy` are Vietnamese, `clause` as `Điều 5 khoản 5 điểm b`.

    `file` is the name of the part concerned, None where the whole mail is meant; `note` is for
    the records office alone and never goes to the sender.
    """

    rule: str
    clause: str
    outcome: Outcome
    text: str
    remedy: str = ""
    file: str | None = None
    note: str = ""
