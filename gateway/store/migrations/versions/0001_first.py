"""The first schema: mails, facts, register, outbox, journal."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from gateway.store.schema import Moment, Words

revision = "0001"
down_revision = None

json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create every table, and the journal's head before its first link."""
    op.create_table(
        "blob_fact",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("facts", json, nullable=False),
        sa.Column("text", Words(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_blob_fact")),
    )
    op.create_table(
        "counter",
        sa.Column("book", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("book", "year", name=op.f("pk_counter")),
    )
    op.create_table(
        "journal_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_journal_head_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_head")),
    )
    op.create_table(
        "mail",
        sa.Column("id", row_id, autoincrement=True, nullable=False),
        sa.Column("transport", sa.String(length=8), nullable=False),
        sa.Column("transport_id", sa.String(length=200), nullable=False),
        sa.Column("mail_from", Words(), nullable=False),
        sa.Column("recipients", json, nullable=False),
        sa.Column("peer", Words(), nullable=False),
        sa.Column("helo", Words(), nullable=False),
        sa.Column("tls", sa.Boolean(), nullable=False),
        sa.Column("raw_sha256", sa.String(length=64), nullable=False),
        sa.Column("raw_size", sa.BigInteger(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("lease_until", Moment(), nullable=True),
        sa.Column("failed_stage", sa.String(length=12), nullable=True),
        sa.Column("last_error", Words(), nullable=True),
        sa.Column("waiting_for", sa.String(length=32), nullable=True),
        sa.CheckConstraint("stage <> 'dead' OR failed_stage IS NOT NULL", name=op.f("ck_mail_dead_remembers_stage")),
        sa.CheckConstraint(
            "stage IN ('accepted', 'parsed', 'inspected', 'judged', 'registered', 'applied', 'noted', 'refused', 'held', 'sealed', 'dead')",
            name=op.f("ck_mail_stage_known"),
        ),
        sa.CheckConstraint("transport IN ('smtp', 'lmtp', 'cli')", name=op.f("ck_mail_transport_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("transport", "transport_id", name=op.f("uq_mail_transport_transport_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_mail_raw_sha256", "mail", ["raw_sha256"], unique=False)
    op.create_index("ix_mail_stage", "mail", ["stage"], unique=False)
    op.create_index(
        "ix_mail_work",
        "mail",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("stage IN ('accepted', 'parsed', 'inspected', 'judged')"),
        postgresql_where=sa.text("stage IN ('accepted', 'parsed', 'inspected', 'judged')"),
    )
    op.create_table(
        "scan",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("engine", Words(), nullable=False),
        sa.Column("name", Words(), nullable=True),
        sa.Column("scanned_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_scan")),
    )
    op.create_table(
        "document",
        sa.Column("id", row_id, autoincrement=True, nullable=False),
        sa.Column("mail_id", row_id, nullable=False),
        sa.Column("book", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("arrival_number", sa.Integer(), nullable=False),
        sa.Column("previous_number", sa.Integer(), nullable=True),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("registered_at", Moment(), nullable=False),
        sa.Column("direction", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=2), nullable=False),
        sa.Column("number", Words(), nullable=True),
        sa.Column("notation", Words(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("document_type", Words(), nullable=True),
        sa.Column("abstract", Words(), nullable=True),
        sa.Column("issuer", Words(), nullable=True),
        sa.Column("signer", Words(), nullable=True),
        sa.Column("confidence", json, nullable=False),
        sa.Column("secrecy", sa.String(length=12), nullable=True),
        sa.Column("urgency", sa.String(length=12), nullable=True),
        sa.Column("sender", Words(), nullable=False),
        sa.Column("content_key", Words(), nullable=False),
        sa.Column("identity_key", Words(), nullable=True),
        sa.Column("identifier_key", Words(), nullable=True),
        sa.CheckConstraint("direction IN ('in', 'out', 'through')", name=op.f("ck_document_direction_known")),
        sa.CheckConstraint(
            "status IN ('01', '02', '03', '04', '05', '06', '13', '15', '16')", name=op.f("ck_document_status_known")
        ),
        sa.CheckConstraint("arrival_number > 0", name=op.f("ck_document_arrival_number_positive")),
        sa.CheckConstraint(
            "previous_number IS NULL OR previous_number = arrival_number - 1", name=op.f("ck_document_no_gap")
        ),
        sa.ForeignKeyConstraint(
            ["book", "year", "previous_number"],
            ["document.book", "document.year", "document.arrival_number"],
            name="fk_document_no_gap",
        ),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_document_mail_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("book", "year", "arrival_number", name=op.f("uq_document_book_year_arrival_number")),
        sa.UniqueConstraint("content_key", name=op.f("uq_document_content_key")),
        sa.UniqueConstraint("identity_key", name=op.f("uq_document_identity_key")),
        sa.UniqueConstraint("token", name=op.f("uq_document_token")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_document_identifier_key", "document", ["identifier_key"], unique=False)
    op.create_index("ix_document_mail_id", "document", ["mail_id"], unique=False)
    op.create_index(
        "uq_document_opens_series",
        "document",
        ["book", "year"],
        unique=True,
        sqlite_where=sa.text("previous_number IS NULL"),
        postgresql_where=sa.text("previous_number IS NULL"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", row_id, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("recipient", Words(), nullable=False),
        sa.Column("message_id", Words(), nullable=False),
        sa.Column("mail_id", row_id, nullable=False),
        sa.Column("document_ids", json, nullable=False),
        sa.Column("stage", sa.String(length=8), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("lease_until", Moment(), nullable=True),
        sa.Column("rendered_sha256", sa.String(length=64), nullable=True),
        sa.Column("last_error", Words(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('receipt', 'repeat', 'refusal', 'hold', 'clerk_document', 'clerk_attention')",
            name=op.f("ck_outbox_kind_known"),
        ),
        sa.CheckConstraint(
            "stage = 'owed' OR stage = 'failed' OR rendered_sha256 IS NOT NULL",
            name=op.f("ck_outbox_rendered_before_ready"),
        ),
        sa.CheckConstraint("stage IN ('owed', 'ready', 'sent', 'failed')", name=op.f("ck_outbox_stage_known")),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_outbox_mail_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_message_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_mail_id", "outbox", ["mail_id"], unique=False)
    op.create_index(
        "ix_outbox_work",
        "outbox",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("stage IN ('owed', 'ready')"),
        postgresql_where=sa.text("stage IN ('owed', 'ready')"),
    )
    op.create_table(
        "parsed_mail",
        sa.Column("mail_id", row_id, nullable=False),
        sa.Column("message_id", Words(), nullable=True),
        sa.Column("sender", Words(), nullable=False),
        sa.Column("subject", Words(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("data", json, nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_parsed_mail_mail_id")),
        sa.PrimaryKeyConstraint("mail_id", name=op.f("pk_parsed_mail")),
    )
    op.create_index("ix_parsed_mail_message_id", "parsed_mail", ["message_id"], unique=False)
    op.create_table(
        "part",
        sa.Column("mail_id", row_id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("path", Words(), nullable=False),
        sa.Column("name", Words(), nullable=False),
        sa.Column("declared_type", Words(), nullable=False),
        sa.Column("type", Words(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("decision", sa.String(length=12), nullable=False),
        sa.Column("reason", Words(), nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_part_mail_id")),
        sa.PrimaryKeyConstraint("mail_id", "path", name=op.f("pk_part")),
    )
    op.create_table(
        "verdict",
        sa.Column("mail_id", row_id, nullable=False),
        sa.Column("disposition", sa.String(length=12), nullable=False),
        sa.Column("data", json, nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_verdict_mail_id")),
        sa.PrimaryKeyConstraint("mail_id", name=op.f("pk_verdict")),
    )
    op.create_table(
        "waiver",
        sa.Column("mail_id", row_id, nullable=False),
        sa.Column("rule", sa.String(length=48), nullable=False),
        sa.Column("actor", Words(), nullable=False),
        sa.Column("reason", Words(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_waiver_mail_id")),
        sa.PrimaryKeyConstraint("mail_id", "rule", name=op.f("pk_waiver")),
    )
    op.create_table(
        "delivery",
        sa.Column("id", row_id, autoincrement=True, nullable=False),
        sa.Column("notice_id", row_id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("response", Words(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["outbox.id"], name=op.f("fk_delivery_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    op.create_index("ix_delivery_notice_id", "delivery", ["notice_id"], unique=False)
    op.create_table(
        "event",
        sa.Column("sequence", row_id, autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("actor", Words(), nullable=False),
        sa.Column("source", Words(), nullable=False),
        sa.Column("mail_id", row_id, nullable=True),
        sa.Column("document_id", row_id, nullable=True),
        sa.Column("data", Words(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_event_document_id")),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_event_mail_id")),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_event")),
        sa.UniqueConstraint("hash", name=op.f("uq_event_hash")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_event_previous_hash")),
    )
    op.create_index("ix_event_document_id", "event", ["document_id"], unique=False)
    op.create_index("ix_event_mail_id", "event", ["mail_id"], unique=False)
    op.create_table(
        "file",
        sa.Column("document_id", row_id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("part_path", Words(), nullable=False),
        sa.Column("name", Words(), nullable=False),
        sa.Column("type", Words(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("main", sa.Boolean(), nullable=False),
        sa.Column("scan", json, nullable=False),
        sa.Column("signatures", json, nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_file_document_id")),
        sa.PrimaryKeyConstraint("document_id", "position", name=op.f("pk_file")),
    )
    op.create_table(
        "repeat",
        sa.Column("mail_id", row_id, nullable=False),
        sa.Column("document_id", row_id, nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_repeat_document_id")),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_repeat_mail_id")),
        sa.PrimaryKeyConstraint("mail_id", "document_id", name=op.f("pk_repeat")),
    )
    op.execute(f"INSERT INTO journal_head (id, sequence, hash) VALUES (1, 0, '{'0' * 64}')")
