"""What may be kept of the facts of a mail with signs of a state secret: that it has them, and nothing it says."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.model.facts import FileFacts, Marks, Secrecy
from gateway.model.part import ParsedMail
from gateway.policy.rules.secrecy import STATE_SECRET
from gateway.policy.secrecy.mail import sightings

_LEVELS = list(Secrecy)


def seen_level(parsed: ParsedMail, facts: Sequence[FileFacts]) -> Secrecy | None:
    """The highest level whose mark was surely seen, wherever in the mail; None where there is none."""
    seen = (sighting.sign.level for sighting in sightings(parsed, facts) if sighting.sign.certain)
    return max(seen, key=_LEVELS.index, default=None)


def withheld(parsed: ParsedMail, facts: list[FileFacts], waived: frozenset[str]) -> list[FileFacts]:
    """The facts as they may reach the database: of a mail that will be sealed neither text nor fields of any file."""
    if STATE_SECRET.rule in waived or seen_level(parsed, facts) is None:
        return facts
    return [FileFacts(each.sha256, each.size, each.type, each.pages, marks=Marks(each.marks.secrecy)) for each in facts]
