"""The hash-chained journal."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table

from gateway.store.schema.columns import Id, Moment, Sha256, Words, metadata

event = Table(
    "event",
    metadata,
    Column("sequence", Id, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("kind", String(48), nullable=False),
    Column("actor", Words, nullable=False),
    Column("source", Words, nullable=False),
    Column("mail_id", ForeignKey("mail.id")),
    Column("document_id", ForeignKey("document.id")),
    Column("data", Words, nullable=False),
    Column("previous_hash", Sha256, nullable=False, unique=True),
    Column("hash", Sha256, nullable=False, unique=True),
    Index("ix_event_mail_id", "mail_id"),
    Index("ix_event_document_id", "document_id"),
)

journal_head = Table(
    "journal_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("sequence", BigInteger, nullable=False),
    Column("hash", Sha256, nullable=False),
    CheckConstraint("id = 1", name="single"),
)
