"""Tokens that give a person, at one address and for a time, the right to act on one document, or to decide about one
mail that was set aside, by reply or page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gateway.model.act import Order
from gateway.model.quarantine import Ruling


class Purpose(StrEnum):
    """What a token is for: replies about a document, or about a mail that was set aside; the confirming reply to one
    order; the files behind a personal link.
    """

    WORK = "work"
    QUARANTINE = "quarantine"
    CONFIRM = "confirm"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class ThreadToken:
    """A row of the tokens. `address` is in the form of address_key; `message_id` is that of the notice that bore it.

    It is for a document or for a mail, never both. `subject` is that of the question whose answer it allows, empty for
    the document as a whole; `order`, or `ruling` for a mail, is what CONFIRM confirms. `told` are the keys of the rules
    that held the mail when it was given: its bearer decides about these, and no others.
    """

    token: str
    document_id: int | None
    address: str
    purpose: Purpose
    message_id: str
    issued_at: datetime
    expires_at: datetime
    subject: str = ""
    order: Order | None = None
    used_at: datetime | None = None
    mail_id: int | None = None
    ruling: Ruling | None = None
    told: tuple[str, ...] = ()

    @property
    def about(self) -> str:
        """What it is for by its label: `D17`, or `M17` for a mail."""
        return f"D{self.document_id}" if self.mail_id is None else f"M{self.mail_id}"

    def is_alive(self, at: datetime) -> bool:
        """Before its expiry."""
        return at < self.expires_at

    def is_fresh(self, at: datetime, within: timedelta) -> bool:
        """Given so lately, and not used yet, that what cannot be undone needs no second asking."""
        return self.used_at is None and at - self.issued_at < within
