"""What gets in: by which signatures a content was scanned, what of it is still in flight, outages, and what is
decided by reply about a mail that was set aside.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from gateway.store.schema import Moment, Words

revision = "0004"
down_revision = "0003"

json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_OPEN_STATES = "state IN ('registered', 'presented', 'assigned', 'transferred', 'accepted', 'in_progress', 'forwarded')"

_NOTICES = (
    "kind IN ('receipt', 'repeat', 'refusal', 'hold', 'clerk_document', 'clerk_attention', 'alarm', 'task', 'news', "
    "'reminder', 'transcript', 'confirm', 'digest', 'quarantine_digest', 'submission', 'sealed')"
)
_DELIVERIES = "delivery IN ('taken', 'delayed', 'relayed', 'delivered', 'displayed', 'failed_soft', 'failed_hard')"
_ALARM = "(kind = 'alarm') = (alarm IS NOT NULL)"
_OPEN_NOTICE = "stage IN ('owed', 'ready')"
_NOTICE_COLUMNS = (
    "id, kind, recipient, message_id, mail_id, document_ids, alarm, facts, token, stage, created_at, tried_since, "
    "attempts, due_at, lease_owner, lease_until, rendered_sha256, last_error, delivery"
)
_PURPOSES = "purpose IN ('work', 'quarantine', 'confirm', 'files')"
_ABOUT_ONE = "(document_id IS NULL) <> (mail_id IS NULL)"
_BORNE_COLUMNS = (
    'id, token, document_id, address, purpose, subject, message_id, issued_at, expires_at, used_at, "order"'
)


def upgrade() -> None:
    """Each function is one matter; none needs another."""
    _number_signatures()
    _create_outage()
    if op.get_context().dialect.name == "sqlite":
        # SQLite cannot change a constraint: there the tables are copied.
        _copy_outbox()
        _copy_tokens()
    else:
        _alter_outbox()
        _alter_tokens()
    _note_attached()
    _create_seals()


def _number_signatures() -> None:
    """Scans made before have no number, so that each is made anew when it is asked for."""
    op.add_column("scan", sa.Column("signatures", sa.BigInteger(), nullable=True))
    op.create_index("ix_file_sha256", "file", ["sha256"])
    op.create_index(
        "ix_document_open",
        "document",
        ["id"],
        sqlite_where=sa.text(_OPEN_STATES),
        postgresql_where=sa.text(_OPEN_STATES),
    )


def _create_outage() -> None:
    op.create_table(
        "outage",
        sa.Column("service", sa.String(length=80), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("reason", Words(), nullable=False),
        sa.Column("told_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("service", name=op.f("pk_outage")),
    )


def _alter_outbox() -> None:
    op.drop_constraint(op.f("ck_outbox_kind_known"), "outbox")
    op.create_check_constraint(op.f("ck_outbox_kind_known"), "outbox", _NOTICES)


def _copy_outbox() -> None:
    op.create_table(
        "outbox_copied",
        sa.Column("id", row_id, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("recipient", Words(), nullable=False),
        sa.Column("message_id", Words(), nullable=False),
        sa.Column("mail_id", row_id, nullable=True),
        sa.Column("document_ids", json, nullable=False),
        sa.Column("alarm", json, nullable=True),
        sa.Column("facts", json, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("token", sa.String(length=20), nullable=False),
        sa.Column("stage", sa.String(length=8), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("tried_since", Moment(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("lease_until", Moment(), nullable=True),
        sa.Column("rendered_sha256", sa.String(length=64), nullable=True),
        sa.Column("last_error", Words(), nullable=True),
        sa.Column("delivery", sa.String(length=12), nullable=True),
        sa.CheckConstraint(_NOTICES, name=op.f("ck_outbox_kind_known")),
        sa.CheckConstraint("stage IN ('owed', 'ready', 'sent', 'failed')", name=op.f("ck_outbox_stage_known")),
        sa.CheckConstraint(_DELIVERIES, name=op.f("ck_outbox_delivery_known")),
        sa.CheckConstraint(_ALARM, name=op.f("ck_outbox_alarm_has_cause")),
        sa.CheckConstraint(
            "stage = 'owed' OR stage = 'failed' OR rendered_sha256 IS NOT NULL",
            name=op.f("ck_outbox_rendered_before_ready"),
        ),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_outbox_mail_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_message_id")),
        sa.UniqueConstraint("token", name=op.f("uq_outbox_token")),
        sqlite_autoincrement=True,
    )
    op.execute(f"INSERT INTO outbox_copied ({_NOTICE_COLUMNS}) SELECT {_NOTICE_COLUMNS} FROM outbox ORDER BY id")
    # The copy gives no number again that the table once gave: what has it may be gone, but was told to people.
    op.execute("DELETE FROM sqlite_sequence WHERE name = 'outbox_copied'")
    op.execute(
        "INSERT INTO sqlite_sequence (name, seq) SELECT 'outbox_copied', seq FROM sqlite_sequence WHERE name = 'outbox'"
    )
    op.drop_table("outbox")
    op.rename_table("outbox_copied", "outbox")
    op.create_index("ix_outbox_mail_id", "outbox", ["mail_id"])
    op.create_index("ix_outbox_created_at", "outbox", ["created_at"])
    op.create_index("ix_outbox_work", "outbox", ["due_at"], sqlite_where=sa.text(_OPEN_NOTICE))


def _alter_tokens() -> None:
    op.alter_column("thread_token", "document_id", nullable=True)
    op.alter_column("thread_token", "purpose", type_=sa.String(length=12))
    op.add_column("thread_token", sa.Column("mail_id", row_id, nullable=True))
    op.add_column("thread_token", sa.Column("ruling", json, nullable=True))
    op.create_foreign_key(op.f("fk_thread_token_mail_id"), "thread_token", "mail", ["mail_id"], ["id"])
    op.create_index("ix_thread_token_mail_id", "thread_token", ["mail_id"])
    op.drop_constraint(op.f("ck_thread_token_purpose_known"), "thread_token")
    op.create_check_constraint(op.f("ck_thread_token_purpose_known"), "thread_token", _PURPOSES)
    op.create_check_constraint(op.f("ck_thread_token_about_one"), "thread_token", _ABOUT_ONE)


def _copy_tokens() -> None:
    op.create_table(
        "thread_token_copied",
        sa.Column("id", row_id, autoincrement=True, nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("document_id", row_id, nullable=True),
        sa.Column("mail_id", row_id, nullable=True),
        sa.Column("address", Words(), nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("message_id", Words(), nullable=False),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.Column("order", json, nullable=True),
        sa.Column("ruling", json, nullable=True),
        sa.CheckConstraint(_PURPOSES, name=op.f("ck_thread_token_purpose_known")),
        sa.CheckConstraint(_ABOUT_ONE, name=op.f("ck_thread_token_about_one")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_thread_token_document_id")),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_thread_token_mail_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_token")),
        sa.UniqueConstraint("token", name=op.f("uq_thread_token_token")),
    )
    op.execute(f"INSERT INTO thread_token_copied ({_BORNE_COLUMNS}) SELECT {_BORNE_COLUMNS} FROM thread_token")
    op.drop_table("thread_token")
    op.rename_table("thread_token_copied", "thread_token")
    op.create_index("ix_thread_token_document_id", "thread_token", ["document_id"])
    op.create_index("ix_thread_token_mail_id", "thread_token", ["mail_id"])
    op.create_index("ix_thread_token_message_id", "thread_token", ["message_id"])


def _note_attached() -> None:
    """What is made and not sent yet is made anew, so that it is known which files it carries."""
    op.add_column("outbox", sa.Column("attached", json, server_default=sa.text("'[]'"), nullable=False))
    op.execute(
        "UPDATE outbox SET stage = 'owed', rendered_sha256 = NULL, attempts = 0 "
        "WHERE stage = 'ready' AND kind IN ('clerk_document', 'task', 'submission')"
    )


def _create_seals() -> None:
    """Seals, and what is still to be removed of content that was destroyed."""
    op.create_table(
        "seal",
        sa.Column("mail_id", row_id, nullable=False),
        sa.Column("sealed_at", Moment(), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=True),
        sa.Column("author", Words(), nullable=False),
        sa.Column("proved", sa.Boolean(), nullable=False),
        sa.Column("sealed_sha256", sa.String(length=64), nullable=False),
        sa.Column("sealed_size", sa.BigInteger(), nullable=False),
        sa.Column("certificate", sa.String(length=64), nullable=False),
        sa.Column("holder", Words(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=True),
        sa.Column("opened_by", Words(), nullable=False),
        sa.CheckConstraint("level IN ('mat', 'toi_mat', 'tuyet_mat')", name=op.f("ck_seal_level_known")),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_seal_mail_id")),
        sa.PrimaryKeyConstraint("mail_id", name=op.f("pk_seal")),
    )
    op.create_index("ix_seal_sealed_sha256", "seal", ["sealed_sha256"])
    op.create_table(
        "destruction",
        sa.Column("mail_id", row_id, nullable=False),
        sa.Column("cause", sa.String(length=8), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint("cause IN ('sealed', 'purged')", name=op.f("ck_destruction_cause_known")),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_destruction_mail_id")),
        sa.PrimaryKeyConstraint("mail_id", name=op.f("pk_destruction")),
    )
    op.create_table(
        "remainder",
        sa.Column("id", row_id, autoincrement=True, nullable=False),
        sa.Column("mail_id", row_id, nullable=False),
        sa.Column("trace", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", Words(), nullable=True),
        sa.CheckConstraint("trace IN ('blob', 'table', 'mailbox')", name=op.f("ck_remainder_trace_known")),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_remainder_mail_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remainder")),
        sa.UniqueConstraint("mail_id", "trace", "name", name=op.f("uq_remainder_mail_id_trace_name")),
    )
    op.create_index("ix_remainder_due_at", "remainder", ["due_at"])
    op.create_index("ix_part_sha256", "part", ["sha256"])
    op.create_index("ix_outbox_rendered_sha256", "outbox", ["rendered_sha256"])
