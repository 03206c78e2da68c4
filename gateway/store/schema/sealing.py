"""Sealed mail, and what of destroyed mail is still to be removed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from gateway.model.facts import Secrecy
from gateway.model.seal import DestructionCause, Trace
from gateway.store.schema.columns import Moment, Sha256, Words, metadata, one_of, row_id

seal = Table(
    "seal",
    metadata,
    Column("mail_id", ForeignKey("mail.id"), primary_key=True),
    Column("sealed_at", Moment, nullable=False),
    Column("level", String(12)),
    Column("author", Words, nullable=False),
    Column("proved", Boolean, nullable=False),
    Column("sealed_sha256", Sha256, nullable=False),
    Column("sealed_size", BigInteger, nullable=False),
    Column("certificate", Sha256, nullable=False),
    Column("holder", Words, nullable=False),
    Column("opened_at", Moment),
    Column("opened_by", Words, nullable=False),
    one_of("level", Secrecy),
    Index("ix_seal_sealed_sha256", "sealed_sha256"),
)

destruction = Table(
    "destruction",
    metadata,
    Column("mail_id", ForeignKey("mail.id"), primary_key=True),
    Column("cause", String(8), nullable=False),
    Column("at", Moment, nullable=False),
    one_of("cause", DestructionCause),
)

remainder = Table(
    "remainder",
    metadata,
    row_id(),
    Column("mail_id", ForeignKey("mail.id"), nullable=False),
    Column("trace", String(8), nullable=False),
    Column("name", String(200), nullable=False),
    Column("since", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("last_error", Words),
    UniqueConstraint("mail_id", "trace", "name"),
    one_of("trace", Trace),
    Index("ix_remainder_due_at", "due_at"),
)
