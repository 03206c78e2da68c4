"""The tables. Invariants stand here as constraints, so that no code path can break them.

`document` is gapless by construction: every row but the first of a (book, year) points at the row
whose number is one less, so no number can be skipped and none before the last can be removed.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gateway.model.directory import PartyKind
from gateway.model.docket import Approval, Declared, DocumentState, RequestKind, ShareState
from gateway.model.document import Direction, Status
from gateway.model.facts import Secrecy
from gateway.model.mail import MailStage, Transport
from gateway.model.notice import NoticeKind, NoticeStage
from gateway.model.report import DeliveryState
from gateway.model.seal import DestructionCause, Trace
from gateway.model.timer import TimerKind
from gateway.model.token import Purpose

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware moment, UTC in the database whatever its dialect; a naive one is a bug and raises ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Normalise to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime does not go into the database")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Come back aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text of any length. Strangers' text may hold what PostgreSQL cannot: NUL and lone surrogates become U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Replace what cannot be stored."""
        return None if value is None else storable(value)


def storable(text: str) -> str:
    """`text` as every database can hold it."""
    return _UNSTORABLE.sub("\ufffd", text)


_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


Json = JSON().with_variant(JSONB(), "postgresql")
OptionalJson = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
Id = BigInteger().with_variant(Integer(), "sqlite")
Sha256 = String(64)


def _one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{value.value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def _row_id() -> Column[Any]:
    return Column("id", Id, primary_key=True, autoincrement=True)


working_stages = ", ".join(f"'{stage.value}'" for stage in MailStage if not stage.is_end)
open_states = ", ".join(f"'{state.value}'" for state in DocumentState if not state.is_end)
work_is_open = text(f"document.state IN ({open_states})")

mail = Table(
    "mail",
    metadata,
    _row_id(),
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
    _one_of("stage", MailStage),
    _one_of("transport", Transport),
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
    _one_of("transport", Transport),
    Index("ix_mail_copy_mail_id", "mail_id"),
)

authentication = Table(
    "authentication",
    metadata,
    Column("mail_id", ForeignKey("mail.id"), primary_key=True),
    Column("data", Json, nullable=False),
)

party = Table(
    "party",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("name", Words, nullable=False),
    Column("parent", ForeignKey("party.code")),
    Column("networks", Json, nullable=False),
    Column("short_name", Words),
    Column("roles", Json, nullable=False, server_default=text("'[]'")),
    _one_of("kind", PartyKind),
)

absence = Table(
    "absence",
    metadata,
    Column("person", ForeignKey("party.code"), nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("deputy", ForeignKey("party.code"), nullable=False),
    PrimaryKeyConstraint("person", "since"),
)

party_address = Table(
    "party_address",
    metadata,
    Column("address", String(320), primary_key=True),
    Column("party", ForeignKey("party.code"), nullable=False),
    Index("ix_party_address_party", "party"),
)

party_domain = Table(
    "party_domain",
    metadata,
    Column("domain", String(255), primary_key=True),
    Column("party", ForeignKey("party.code"), nullable=False),
    Index("ix_party_domain_party", "party"),
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

blob_fact = Table(
    "blob_fact",
    metadata,
    Column("sha256", Sha256, primary_key=True),
    Column("facts", Json, nullable=False),
    Column("text", Words, nullable=False),
)

scan = Table(
    "scan",
    metadata,
    Column("sha256", Sha256, primary_key=True),
    Column("verdict", String(12), nullable=False),
    Column("engine", Words, nullable=False),
    Column("name", Words),
    Column("scanned_at", Moment, nullable=False),
    Column("signatures", BigInteger),
)

outage = Table(
    "outage",
    metadata,
    Column("service", String(80), primary_key=True),
    Column("since", Moment, nullable=False),
    Column("reason", Words, nullable=False),
    Column("told_at", Moment),
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
    _one_of("level", Secrecy),
    Index("ix_seal_sealed_sha256", "sealed_sha256"),
)

destruction = Table(
    "destruction",
    metadata,
    Column("mail_id", ForeignKey("mail.id"), primary_key=True),
    Column("cause", String(8), nullable=False),
    Column("at", Moment, nullable=False),
    _one_of("cause", DestructionCause),
)

remainder = Table(
    "remainder",
    metadata,
    _row_id(),
    Column("mail_id", ForeignKey("mail.id"), nullable=False),
    Column("trace", String(8), nullable=False),
    Column("name", String(200), nullable=False),
    Column("since", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("last_error", Words),
    UniqueConstraint("mail_id", "trace", "name"),
    _one_of("trace", Trace),
    Index("ix_remainder_due_at", "due_at"),
)

counter = Table(
    "counter",
    metadata,
    Column("book", String(32), nullable=False),
    Column("year", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    PrimaryKeyConstraint("book", "year"),
)

document = Table(
    "document",
    metadata,
    _row_id(),
    Column("mail_id", ForeignKey("mail.id"), nullable=False),
    Column("book", String(32), nullable=False),
    Column("year", Integer, nullable=False),
    Column("arrival_number", Integer, nullable=False),
    Column("previous_number", Integer),
    Column("token", String(64), nullable=False, unique=True),
    Column("received_at", Moment, nullable=False),
    Column("registered_at", Moment, nullable=False),
    Column("direction", String(8), nullable=False),
    Column("status", String(2), nullable=False),
    Column("number", Words),
    Column("notation", Words),
    Column("issued_on", Date),
    Column("document_type", Words),
    Column("abstract", Words),
    Column("issuer", Words),
    Column("signer", Words),
    Column("confidence", Json, nullable=False),
    Column("secrecy", String(12)),
    Column("urgency", String(12)),
    Column("sender", Words, nullable=False),
    Column("content_key", Words, nullable=False, unique=True),
    Column("identity_key", Words, unique=True),
    Column("identifier_key", Words),
    Column("addressee", Words),
    Column("state", String(12), nullable=False, server_default=DocumentState.REGISTERED.value),
    Column("revision", Integer, nullable=False, server_default="0"),
    Column("presented_to", String(40)),
    Column("opinion", Words, nullable=False, server_default=""),
    Column("answer_to", Words),
    UniqueConstraint("book", "year", "arrival_number"),
    ForeignKeyConstraint(
        ["book", "year", "previous_number"],
        ["document.book", "document.year", "document.arrival_number"],
        name="fk_document_no_gap",
    ),
    CheckConstraint("arrival_number > 0", name="arrival_number_positive"),
    CheckConstraint("previous_number IS NULL OR previous_number = arrival_number - 1", name="no_gap"),
    _one_of("direction", Direction),
    _one_of("status", Status),
    _one_of("state", DocumentState),
    Index(
        "uq_document_opens_series",
        "book",
        "year",
        unique=True,
        sqlite_where=text("previous_number IS NULL"),
        postgresql_where=text("previous_number IS NULL"),
    ),
    Index("ix_document_mail_id", "mail_id"),
    Index("ix_document_identifier_key", "identifier_key"),
    Index(
        "ix_document_open",
        "id",
        sqlite_where=text(f"state IN ({open_states})"),
        postgresql_where=text(f"state IN ({open_states})"),
    ),
    sqlite_autoincrement=True,
)

file = Table(
    "file",
    metadata,
    Column("document_id", ForeignKey("document.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("part_path", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("type", Words, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Sha256, nullable=False),
    Column("pages", Integer),
    Column("main", Boolean, nullable=False),
    Column("scan", Json, nullable=False),
    Column("signatures", Json, nullable=False),
    PrimaryKeyConstraint("document_id", "position"),
    Index("ix_file_sha256", "sha256"),
)

repeat = Table(
    "repeat",
    metadata,
    Column("mail_id", ForeignKey("mail.id"), nullable=False),
    Column("document_id", ForeignKey("document.id"), nullable=False),
    PrimaryKeyConstraint("mail_id", "document_id"),
)

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
    _one_of("state", ShareState),
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
    _one_of("kind", RequestKind),
)

submission = Table(
    "submission",
    metadata,
    Column("document_id", ForeignKey("document.id"), primary_key=True),
    Column("declared", String(12), nullable=False),
    Column("approval", String(12), nullable=False),
    _one_of("declared", Declared),
    _one_of("approval", Approval),
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

correction = Table(
    "correction",
    metadata,
    _row_id(),
    Column("document_id", ForeignKey("document.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor", Words, nullable=False),
    Column("field", String(24), nullable=False),
    Column("old", Words),
    Column("new", Words),
    Index("ix_correction_document_id", "document_id"),
)

thread_token = Table(
    "thread_token",
    metadata,
    _row_id(),
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
    _one_of("purpose", Purpose),
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
    _row_id(),
    Column("document_id", ForeignKey("document.id"), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("look_at", Moment, nullable=False),
    Column("fired_at", Moment),
    UniqueConstraint("document_id", "kind", "subject"),
    _one_of("kind", TimerKind),
    Index(
        "ix_timer_work",
        "look_at",
        sqlite_where=text("fired_at IS NULL"),
        postgresql_where=text("fired_at IS NULL"),
    ),
    sqlite_autoincrement=True,
)

outbox = Table(
    "outbox",
    metadata,
    _row_id(),
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
    _one_of("kind", NoticeKind),
    _one_of("stage", NoticeStage),
    _one_of("delivery", DeliveryState),
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
    _row_id(),
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
    _row_id(),
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
