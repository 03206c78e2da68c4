"""The tables. Invariants stand here as constraints, so that no code path can break them."""

from __future__ import annotations

from gateway.store.schema.columns import Moment, Words, metadata, storable
from gateway.store.schema.contents import blob_fact, outage, proof, scan
from gateway.store.schema.journal import event, journal_head
from gateway.store.schema.mails import (
    authentication,
    mail,
    mail_copy,
    parsed_mail,
    part,
    verdict,
    waiver,
    working_stages,
)
from gateway.store.schema.notices import address_score, delivery, filing, outbox, report
from gateway.store.schema.parties import absence, party, party_address, party_domain
from gateway.store.schema.register import (
    correction,
    counter,
    day_close,
    document,
    evidence,
    file,
    link,
    paper_is_owed,
    repeat,
    work_is_open,
)
from gateway.store.schema.sealing import destruction, remainder, seal
from gateway.store.schema.search import part_is_open, search
from gateway.store.schema.work import (
    answer,
    assignment,
    forwarding,
    orders_taken,
    request,
    submission,
    thread_token,
    timer,
)

__all__ = [
    "Moment",
    "Words",
    "absence",
    "address_score",
    "answer",
    "assignment",
    "authentication",
    "blob_fact",
    "correction",
    "counter",
    "day_close",
    "delivery",
    "destruction",
    "document",
    "event",
    "evidence",
    "file",
    "filing",
    "forwarding",
    "journal_head",
    "link",
    "mail",
    "mail_copy",
    "metadata",
    "orders_taken",
    "outage",
    "outbox",
    "paper_is_owed",
    "parsed_mail",
    "part",
    "part_is_open",
    "party",
    "party_address",
    "party_domain",
    "proof",
    "remainder",
    "repeat",
    "report",
    "request",
    "scan",
    "seal",
    "search",
    "storable",
    "submission",
    "thread_token",
    "timer",
    "verdict",
    "waiver",
    "work_is_open",
    "working_stages",
]
