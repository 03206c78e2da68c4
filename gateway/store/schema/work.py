"""The work on documents: who does it till when, what is forwarded, and by what replies it is ordered."""

from __future__ import annotations

from sqlalchemy import (
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

from gateway.model.docket import Approval, Declared, RequestKind, ShareState
from gateway.model.timer import TimerKind
from gateway.model.token import Purpose
from gateway.store.schema.columns import Moment, OptionalJson, Words, metadata, one_of, row_id

assignment = Table(
    "assignment",
    metadata,
    Column("document_id", ForeignKey("document.id"), nullable=False),
    Column("unit", String(40), nullable=False),
    Column("position", Integer, nullable=False),
    Column("lead", Boolean, nullable=False),
    Column("state", String(12), nullable=False),
    Column("deadline", Moment),
    Column("specialist", String(40)),
    Column("note", Words, nullable=False),
    PrimaryKeyConstraint("document_id", "unit"),
    one_of("state", ShareState),
    Index(
        "uq_assignment_lead",
        "document_id",
        unique=True,
        sqlite_where=text("lead"),
        postgresql_where=text("lead"),
    ),
)

request = Table(
    "request",
    metadata,
    Column("document_id", ForeignKey("document.id"), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("unit", String(40)),
    Column("asked_by", Words, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("text", Words, nullable=False),
    Column("deadline", Moment),
    PrimaryKeyConstraint("document_id", "subject"),
    one_of("kind", RequestKind),
)

submission = Table(
    "submission",
    metadata,
    Column("document_id", ForeignKey("document.id"), primary_key=True),
    Column("declared", String(12), nullable=False),
    Column("approval", String(12), nullable=False),
    one_of("declared", Declared),
    one_of("approval", Approval),
)

forwarding = Table(
    "forwarding",
    metadata,
    Column("document_id", ForeignKey("document.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("token", String(64), nullable=False, unique=True),
    Column("message_id", Words, nullable=False),
    Column("recipient", Words, nullable=False),
    Column("ordered_by", Words, nullable=False),
    Column("ordered_at", Moment, nullable=False),
    Column("reason", Words, nullable=False),
    Column("relayed_at", Moment),
    Column("delivered_at", Moment),
    Column("failed_at", Moment),
    Column("failure", Words, nullable=False),
    Column("fetched_at", Moment),
    Column("opened_at", Moment),
    Column("acknowledged_at", Moment),
    Column("acknowledged_by", Words, nullable=False),
    Column("answered_at", Moment),
    Column("answered_by", ForeignKey("document.id")),
    PrimaryKeyConstraint("document_id", "number"),
    Index("ix_forwarding_message_id", "message_id"),
    Index("ix_forwarding_answered_by", "answered_by"),
)

answer = Table(
    "answer",
    metadata,
    Column("document_id", ForeignKey("document.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("identifier", Words, nullable=False),
    Column("answered_by", ForeignKey("document.id")),
    PrimaryKeyConstraint("document_id", "position"),
    Index("ix_answer_answered_by", "answered_by"),
)

thread_token = Table(
    "thread_token",
    metadata,
    row_id(),
    Column("token", String(64), nullable=False, unique=True),
    Column("document_id", ForeignKey("document.id")),
    Column("mail_id", ForeignKey("mail.id")),
    Column("address", Words, nullable=False),
    Column("purpose", String(12), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("message_id", Words, nullable=False),
    Column("issued_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Column("order", OptionalJson),
    Column("ruling", OptionalJson),
    Column("told", OptionalJson),
    one_of("purpose", Purpose),
    CheckConstraint("(document_id IS NULL) <> (mail_id IS NULL)", name="about_one"),
    Index("ix_thread_token_document_id", "document_id"),
    Index("ix_thread_token_mail_id", "mail_id"),
    Index("ix_thread_token_message_id", "message_id"),
)

orders_taken = Table(
    "orders_taken",
    metadata,
    Column("key", Words, primary_key=True),
    Column("mail_id", ForeignKey("mail.id"), nullable=False),
    Column("document_id", ForeignKey("document.id")),
    Index("ix_orders_taken_mail_id", "mail_id"),
)

timer = Table(
    "timer",
    metadata,
    row_id(),
    Column("document_id", ForeignKey("document.id"), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("look_at", Moment, nullable=False),
    Column("fired_at", Moment),
    UniqueConstraint("document_id", "kind", "subject"),
    one_of("kind", TimerKind),
    Index(
        "ix_timer_work",
        "look_at",
        sqlite_where=text("fired_at IS NULL"),
        postgresql_where=text("fired_at IS NULL"),
    ),
    sqlite_autoincrement=True,
)
