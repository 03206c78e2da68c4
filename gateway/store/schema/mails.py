"""Mails: how far they have come, what was found in them, and what was decided."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    text,
)

from gateway.model.mail import MailStage, Transport
from gateway.store.schema.columns import Json, Moment, Sha256, Words, metadata, one_of, row_id

working_stages = ", ".join(f"'{stage.value}'" for stage in MailStage if not stage.is_end)

mail = Table(
    "mail",
    metadata,
    row_id(),
    Column("transport", String(8), nullable=False),
    Column("transport_id", String(200), nullable=False),
    Column("mail_from", Words, nullable=False),
    Column("recipients", Json, nullable=False),
    Column("peer", Words, nullable=False),
    Column("helo", Words, nullable=False),
    Column("tls", Boolean, nullable=False),
    Column("raw_sha256", Sha256, nullable=False),
    Column("raw_size", BigInteger, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("stage", String(12), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_at", Moment, nullable=False),
    Column("lease_owner", String(64)),
    Column("lease_until", Moment),
    Column("failed_stage", String(12)),
    Column("last_error", Words),
    Column("waiting_for", String(32)),
    UniqueConstraint("transport", "transport_id"),
    one_of("stage", MailStage),
    one_of("transport", Transport),
    CheckConstraint("stage <> 'dead' OR failed_stage IS NOT NULL", name="dead_remembers_stage"),
    Index("ix_mail_raw_sha256", "raw_sha256"),
    Index("ix_mail_stage", "stage"),
    Index("ix_mail_received_at", "received_at"),
    Index(
        "ix_mail_work",
        "due_at",
        sqlite_where=text(f"stage IN ({working_stages})"),
        postgresql_where=text(f"stage IN ({working_stages})"),
    ),
    sqlite_autoincrement=True,
)

mail_copy = Table(
    "mail_copy",
    metadata,
    Column("transport", String(8), nullable=False),
    Column("transport_id", String(200), nullable=False),
    Column("mail_id", ForeignKey("mail.id"), nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("transport", "transport_id"),
    one_of("transport", Transport),
    Index("ix_mail_copy_mail_id", "mail_id"),
)

authentication = Table(
    "authentication",
    metadata,
    Column("mail_id", ForeignKey("mail.id"), primary_key=True),
    Column("data", Json, nullable=False),
)

parsed_mail = Table(
    "parsed_mail",
    metadata,
    Column("mail_id", ForeignKey("mail.id"), primary_key=True),
    Column("message_id", Words),
    Column("sender", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("data", Json, nullable=False),
    Index("ix_parsed_mail_message_id", "message_id"),
)

part = Table(
    "part",
    metadata,
    Column("mail_id", ForeignKey("mail.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("path", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("declared_type", Words, nullable=False),
    Column("type", Words, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Sha256),
    Column("decision", String(12), nullable=False),
    Column("reason", Words, nullable=False),
    PrimaryKeyConstraint("mail_id", "path"),
    Index("ix_part_sha256", "sha256"),
)

verdict = Table(
    "verdict",
    metadata,
    Column("mail_id", ForeignKey("mail.id"), primary_key=True),
    Column("disposition", String(12), nullable=False),
    Column("data", Json, nullable=False),
)

waiver = Table(
    "waiver",
    metadata,
    Column("mail_id", ForeignKey("mail.id"), nullable=False),
    Column("rule", String(48), nullable=False),
    Column("actor", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("mail_id", "rule"),
)
