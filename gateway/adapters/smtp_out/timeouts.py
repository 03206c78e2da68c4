"""How long we wait for a relay."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RelayTimeouts:
    """Limits in seconds: for the way to a greeted connection, one command, the content and a whole attempt.

    `idle` is how long an unused connection is kept open.
    """

    connect: float = 20.0
    command: float = 30.0
    content: float = 300.0
    attempt: float = 420.0
    idle: float = 5.0
