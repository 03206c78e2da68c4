"""Something outside that the gateway cannot do without, and that is away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Outage:
    """One `service` away `since` a moment, for a `reason` in Vietnamese; `told_at` is when people were told of it."""

    service: str
    since: datetime
    reason: str
    told_at: datetime | None = None
