"""Tokens that give a person, at one address and for a time, the right to act on one document by reply or page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gateway.model.act import Order


class Purpose(StrEnum):
    """What a token is for: replies, the confirming reply to one order, the files behind a personal link."""

    WORK = "work"
    CONFIRM = "confirm"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class ThreadToken:
    """A row of the tokens. `address` is in the form of address_key; `message_id` is that of the notice that bore it.

    `subject` is that of the question whose answer it allows, empty for the document as a whole; `order` what CONFIRM
    confirms.
    """

    token: str
    document_id: int
    address: str
    purpose: Purpose
    message_id: str
    issued_at: datetime
    expires_at: datetime
    subject: str = ""
    order: Order | None = None
    used_at: datetime | None = None

    def is_alive(self, at: datetime) -> bool:
        """Before its expiry."""
        return at < self.expires_at

    def is_fresh(self, at: datetime, within: timedelta) -> bool:
        """Given so lately, and not used yet, that what cannot be undone needs no second asking."""
        return self.used_at is None and at - self.issued_at < within
