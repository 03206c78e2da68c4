"""What other machines report of our mail: delivery status (RFC 3464), disposition (RFC 8098), free-form bounces."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ReportedAction(StrEnum):
    """What is said to have happened (RFC 3464 section 2.3.3), and `displayed` of RFC 8098."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"
    DISPLAYED = "displayed"


@dataclass(frozen=True, slots=True)
class RecipientReport:
    """One recipient in a report. `status` is an enhanced code (RFC 3463) or empty; addresses are without their type.

    `guessed` is true where action and status were read from a text that follows no standard.
    """

    action: ReportedAction
    status: str = ""
    final_recipient: str = ""
    original_recipient: str = ""
    diagnostic: str = ""
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A report as read. `envelope_id` is the ENVID we gave (RFC 3461), `message_id` that of the mail it speaks of."""

    envelope_id: str | None = None
    message_id: str | None = None
    recipients: tuple[RecipientReport, ...] = ()


class DeliveryState(StrEnum):
    """How far a notice that the relay took is known to have come.

    TAKEN: the relay answered 250. RELAYED: handed on to a server that reports no further. FAILED_SOFT: given up for a
    reason that may pass; FAILED_HARD: the address does not work.
    """

    TAKEN = "taken"
    DELAYED = "delayed"
    RELAYED = "relayed"
    DELIVERED = "delivered"
    DISPLAYED = "displayed"
    FAILED_SOFT = "failed_soft"
    FAILED_HARD = "failed_hard"

    @property
    def has_failed(self) -> bool:
        """True where the notice did not arrive."""
        return self in {DeliveryState.FAILED_SOFT, DeliveryState.FAILED_HARD}
