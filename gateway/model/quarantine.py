"""What a person decides about a mail that was set aside."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class RulingKind(StrEnum):
    """RELEASE lets a held mail be judged without what held it, REFUSE ends it, REPLAY tries a dead one again.

    PURGE destroys the content and leaves the fact. CONFIRM repeats a ruling that was put back to be confirmed.
    """

    RELEASE = "release"
    REFUSE = "refuse"
    REPLAY = "replay"
    PURGE = "purge"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Ruling:
    """One decision with its reason, the same by reply and by command.

    `named` are the rules that a RELEASE expressly sets aside, each by its key or its Vietnamese title; `written` the
    lines it was read from, for the transcript.
    """

    kind: RulingKind
    reason: str = ""
    named: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
