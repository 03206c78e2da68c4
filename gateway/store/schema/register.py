"""The register.

`document` is gapless by construction: every row but the first of a (book, year) points at the row
whose number is one less, so no number can be skipped and none before the last can be removed.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    text,
)

from gateway.model.docket import DocumentState
from gateway.model.document import Direction, LinkKind, Status
from gateway.model.paper import PaperDuty
from gateway.store.schema.columns import Json, Moment, Sha256, Words, metadata, one_of, row_id

open_states = ", ".join(f"'{state.value}'" for state in DocumentState if not state.is_end)
paper_wanted = ", ".join(f"'{duty.value}'" for duty in PaperDuty if duty.wants_paper)
paper_is_owed = text(f"document.paper_duty IN ({paper_wanted}) AND document.paper_received_at IS NULL")
work_is_open = text(f"document.state IN ({open_states})")

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
    row_id(),
    Column("mail_id", ForeignKey("mail.id")),
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
    Column("paper_duty", String(8), nullable=False, server_default=PaperDuty.UNKNOWN.value),
    Column("paper_clause", Words, nullable=False, server_default=""),
    Column("paper_reason", Words, nullable=False, server_default=""),
    Column("paper_due_at", Moment),
    Column("paper_received_at", Moment),
    Column("superior", Words),
    Column("capacity", Words),
    Column("recipients", Words),
    Column("reply_by", Date),
    Column("exchange_id", Words),
    Column("copies", Integer),
    Column("kept_by", Words, nullable=False, server_default=""),
    Column("note", Words, nullable=False, server_default=""),
    Column("transferred_at", Moment),
    Column("purged_at", Moment),
    UniqueConstraint("book", "year", "arrival_number"),
    ForeignKeyConstraint(
        ["book", "year", "previous_number"],
        ["document.book", "document.year", "document.arrival_number"],
        name="fk_document_no_gap",
    ),
    CheckConstraint("arrival_number > 0", name="arrival_number_positive"),
    CheckConstraint("previous_number IS NULL OR previous_number = arrival_number - 1", name="no_gap"),
    one_of("direction", Direction),
    one_of("status", Status),
    one_of("state", DocumentState),
    one_of("paper_duty", PaperDuty),
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
    Index("ix_document_exchange_id", "exchange_id"),
    Index("ix_document_registered_at", "registered_at"),
    Index(
        "ix_document_open",
        "id",
        sqlite_where=text(f"state IN ({open_states})"),
        postgresql_where=text(f"state IN ({open_states})"),
    ),
    Index(
        "ix_document_paper_owed",
        "received_at",
        sqlite_where=text(f"paper_duty IN ({paper_wanted}) AND paper_received_at IS NULL"),
        postgresql_where=text(f"paper_duty IN ({paper_wanted}) AND paper_received_at IS NULL"),
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

evidence = Table(
    "evidence",
    metadata,
    Column("document_id", ForeignKey("document.id"), primary_key=True, autoincrement=False),
    Column("fields", Json, nullable=False),
)

link = Table(
    "link",
    metadata,
    Column("document_id", ForeignKey("document.id"), nullable=False),
    Column("other_id", ForeignKey("document.id"), nullable=False),
    Column("kind", String(12), nullable=False),
    PrimaryKeyConstraint("document_id", "other_id", "kind"),
    one_of("kind", LinkKind),
    Index("ix_link_other_id", "other_id"),
)

day_close = Table(
    "day_close",
    metadata,
    Column("day", Date, nullable=False, primary_key=True),
    Column("closed_at", Moment, nullable=False),
    Column("events", BigInteger, nullable=False),
    Column("head", Sha256, nullable=False),
    Column("books", Json, nullable=False),
)

correction = Table(
    "correction",
    metadata,
    row_id(),
    Column("document_id", ForeignKey("document.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor", Words, nullable=False),
    Column("field", String(24), nullable=False),
    Column("old", Words),
    Column("new", Words),
    Index("ix_correction_document_id", "document_id"),
)
