"""How far a notice came, after what other machines report, and how an address fares in the long run."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from gateway.model.report import DeliveryState, RecipientReport, ReportedAction

BAD_SCORE = 4.0
"""From here on an address counts as one that does not work."""

_HARD, _SOFT = 2.0, 0.5
_HALVES_WITHIN = timedelta(days=7)

_RANK: Mapping[DeliveryState | None, int] = {
    None: 0,
    DeliveryState.TAKEN: 1,
    DeliveryState.DELAYED: 2,
    DeliveryState.RELAYED: 3,
    DeliveryState.FAILED_SOFT: 4,
    DeliveryState.FAILED_HARD: 5,
    DeliveryState.DELIVERED: 6,
    DeliveryState.DISPLAYED: 7,
}
"""Reports come in any order, and late: one that knows less changes nothing. What arrived has arrived."""

_MEANING: Mapping[ReportedAction, DeliveryState] = {
    ReportedAction.DELAYED: DeliveryState.DELAYED,
    ReportedAction.RELAYED: DeliveryState.RELAYED,
    ReportedAction.DELIVERED: DeliveryState.DELIVERED,
    ReportedAction.EXPANDED: DeliveryState.DELIVERED,
    ReportedAction.DISPLAYED: DeliveryState.DISPLAYED,
}

_PASSING = ("4.", "5.2.2.", "5.3.4.", "5.4.7.", "5.6.", "5.7.")
"""Given up for a reason that is not the address: mailbox full, too large, expired, its form or its looks (RFC 3463)."""


def state_after(before: DeliveryState | None, reported: RecipientReport) -> DeliveryState:
    """The state once a report is known; `before` where it says nothing new."""
    failed = reported.action is ReportedAction.FAILED
    meant = failed_state(reported.status) if failed else _MEANING[reported.action]
    if before is None or _RANK[meant] > _RANK[before]:
        return meant
    return before


def failed_state(status: str) -> DeliveryState:
    """Whether a failure with this enhanced status code (RFC 3463; empty where there is none) may pass."""
    soft = not status or f"{status}.".startswith(_PASSING)
    return DeliveryState.FAILED_SOFT if soft else DeliveryState.FAILED_HARD


def status_in(response: str) -> str:
    """The enhanced status code in a relay's words, empty where there is none."""
    found = _STATUS.search(response)
    return found[0] if found else ""


_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


def score_after(before: float, noted_at: datetime | None, state: DeliveryState, now: datetime) -> float:
    """The score of an address, halved each week: up with each failure, back to nothing with an arrival."""
    if state in {DeliveryState.DELIVERED, DeliveryState.DISPLAYED}:
        return 0.0
    weeks = max((now - noted_at) / _HALVES_WITHIN, 0.0) if noted_at else 0.0
    left = before * math.exp2(-weeks)
    if state is DeliveryState.FAILED_HARD:
        return left + _HARD
    return left + _SOFT if state is DeliveryState.FAILED_SOFT else left


def reverse_path_with(pattern: str, token: str) -> str:
    """The envelope sender of one notice: `pattern` with its token (VERP)."""
    return pattern.replace("*", token)


def token_in(address: str, pattern: str) -> str | None:
    """The token that a notice's reverse-path bore, None where `address` is none of ours."""
    before, star, after = pattern.lower().partition("*")
    address = address.lower()
    if not star or not address.startswith(before) or not address.endswith(after):
        return None
    return address[len(before) : len(address) - len(after)] or None
