"""Notices on their way out, and what was heard of them."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    false,
    text,
)

from gateway.model.notice import NoticeKind, NoticeStage
from gateway.model.report import DeliveryState
from gateway.store.schema.columns import Json, Moment, OptionalJson, Sha256, Words, metadata, one_of, row_id

outbox = Table(
    "outbox",
    metadata,
    row_id(),
    Column("kind", String(24), nullable=False),
    Column("recipient", Words, nullable=False),
    Column("message_id", Words, nullable=False, unique=True),
    Column("mail_id", ForeignKey("mail.id")),
    Column("document_ids", Json, nullable=False),
    Column("alarm", OptionalJson),
    Column("facts", Json, nullable=False, server_default=text("'{}'")),
    Column("token", String(20), nullable=False, unique=True),
    Column("stage", String(8), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("tried_since", Moment, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_at", Moment, nullable=False),
    Column("lease_owner", String(64)),
    Column("lease_until", Moment),
    Column("rendered_sha256", Sha256),
    Column("last_error", Words),
    Column("delivery", String(12)),
    Column("attached", Json, nullable=False, server_default=text("'[]'")),
    one_of("kind", NoticeKind),
    one_of("stage", NoticeStage),
    one_of("delivery", DeliveryState),
    CheckConstraint("(kind = 'alarm') = (alarm IS NOT NULL)", name="alarm_has_cause"),
    CheckConstraint("stage = 'owed' OR stage = 'failed' OR rendered_sha256 IS NOT NULL", name="rendered_before_ready"),
    Index("ix_outbox_mail_id", "mail_id"),
    Index("ix_outbox_created_at", "created_at"),
    Index("ix_outbox_rendered_sha256", "rendered_sha256"),
    Index(
        "ix_outbox_work",
        "due_at",
        sqlite_where=text("stage IN ('owed', 'ready')"),
        postgresql_where=text("stage IN ('owed', 'ready')"),
    ),
    sqlite_autoincrement=True,
)

delivery = Table(
    "delivery",
    metadata,
    row_id(),
    Column("notice_id", ForeignKey("outbox.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("response", Words, nullable=False),
    Column("reports", Boolean, nullable=False, server_default=false()),
    Index("ix_delivery_notice_id", "notice_id"),
)

report = Table(
    "report",
    metadata,
    row_id(),
    Column("notice_id", ForeignKey("outbox.id"), nullable=False),
    Column("mail_id", ForeignKey("mail.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("data", Json, nullable=False),
    Index("ix_report_notice_id", "notice_id"),
    Index("ix_report_mail_id", "mail_id"),
)

address_score = Table(
    "address_score",
    metadata,
    Column("address", Words, primary_key=True),
    Column("score", Float, nullable=False),
    Column("at", Moment, nullable=False),
)

filing = Table(
    "filing",
    metadata,
    Column("mail_id", ForeignKey("mail.id"), nullable=False),
    Column("notice_id", ForeignKey("outbox.id"), nullable=False),
    PrimaryKeyConstraint("mail_id", "notice_id"),
    Index("ix_filing_notice_id", "notice_id"),
)
