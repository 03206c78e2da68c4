"""What handlers need of the world outside, as protocols and the records that they speak of."""

from __future__ import annotations

from gateway.ports.notices import Conversation, NoticeContext, Offer, Pending
from gateway.ports.store import Acceptance, Claim, Store
from gateway.ports.unit import Unit
from gateway.ports.web import Counter, HealthSource, TrackingQueries
from gateway.ports.world import (
    Authenticator,
    Blobs,
    BlobWriter,
    Inspector,
    MailParser,
    ReceiptMaker,
    Renderer,
    Scanner,
    Sealer,
    Sender,
    Signer,
)

__all__ = [
    "Acceptance",
    "Authenticator",
    "BlobWriter",
    "Blobs",
    "Claim",
    "Conversation",
    "Counter",
    "HealthSource",
    "Inspector",
    "MailParser",
    "NoticeContext",
    "Offer",
    "Pending",
    "ReceiptMaker",
    "Renderer",
    "Scanner",
    "Sealer",
    "Sender",
    "Signer",
    "Store",
    "TrackingQueries",
    "Unit",
]
