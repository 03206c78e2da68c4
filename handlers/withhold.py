"""Facts that are not kept: of a mail with signs of a state secret there is its level on record, and nothing it says."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.model.facts import FileFacts, Secrecy
from gateway.model.part import ParsedMail
from gateway.model.verdict import Disposition, Verdict
from gateway.policy.rules.secrecy import STATE_SECRET
from gateway.policy.secrecy.mail import sightings

_LEVELS = list(Secrecy)


def seen_level(parsed: ParsedMail, facts: Sequence[FileFacts]) -> Secrecy | None:
    """The highest level whose mark was surely seen, wherever in the mail; None where there is none."""
    seen = (sighting.sign.level for sighting in sightings(parsed, facts) if sighting.sign.certain)
    return max(seen, key=_LEVELS.index, default=None)


def sealing(parsed: ParsedMail, facts: Sequence[FileFacts], waived: frozenset[str]) -> Verdict | None:
    """The verdict that takes the place of the facts where the mail will be sealed; None where they may be kept.

    Facts are kept by content, which other mails may have too: what stands there of those is not this mail's to change.
    """
    level = seen_level(parsed, facts)
    if level is None or STATE_SECRET.rule in waived:
        return None
    return Verdict(Disposition.SEAL, (STATE_SECRET.finding(),), level=level)
