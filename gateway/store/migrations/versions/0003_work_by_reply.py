"""Work by reply: how far the work on a document has come, tokens, orders, timers, and who stands in for whom."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from gateway.store.schema import Moment, Words

revision = "0003"
down_revision = "0002"

json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_STATES = (
    "state IN ('registered', 'presented', 'assigned', 'transferred', 'accepted', 'in_progress', 'forwarded', "
    "'finished', 'returned', 'recalled')"
)
_SHARE_STATES = "state IN ('assigned', 'transferred', 'accepted', 'in_progress', 'finished', 'returned')"
_NOTICES = (
    "kind IN ('receipt', 'repeat', 'refusal', 'hold', 'clerk_document', 'clerk_attention', 'alarm', 'task', 'news', "
    "'reminder', 'transcript', 'confirm', 'digest', 'submission')"
)
_TIMERS = (
    "kind IN ('remind_transfer', 'transfer_due', 'hand_over_due', 'remind_deadline', 'deadline_due', "
    "'acknowledgement_due')"
)
_DELIVERIES = "delivery IN ('taken', 'delayed', 'relayed', 'delivered', 'displayed', 'failed_soft', 'failed_hard')"
_ALARM = "(kind = 'alarm') = (alarm IS NOT NULL)"
_OPEN_NOTICE = "stage IN ('owed', 'ready')"
_NOTICE_COLUMNS = (
    "id, kind, recipient, message_id, mail_id, document_ids, alarm, token, stage, created_at, tried_since, attempts, "
    "due_at, lease_owner, lease_until, rendered_sha256, last_error, delivery"
)


def upgrade() -> None:
    """Widen `outbox`, `document` and `party`, then add what is new. SQLite cannot change a constraint: there the outbox
    is copied.
    """
    if op.get_context().dialect.name == "sqlite":
        _copy_outbox()
    else:
        _alter_outbox()
    _widen_document()
    _widen_party()
    _create_work()
    _create_tokens()
    # Revision 0002 began anew with all that was in work, but not with what had died there.
    op.execute(
        "UPDATE mail SET failed_stage = 'accepted' WHERE stage = 'dead' "
        "AND NOT EXISTS (SELECT 1 FROM authentication WHERE authentication.mail_id = mail.id)"
    )


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


def _alter_outbox() -> None:
    op.add_column("outbox", sa.Column("facts", json, server_default=sa.text("'{}'"), nullable=False))
    op.drop_constraint(op.f("ck_outbox_kind_known"), "outbox")
    op.create_check_constraint(op.f("ck_outbox_kind_known"), "outbox", _NOTICES)


def _widen_document() -> None:
    op.add_column("document", sa.Column("addressee", Words(), nullable=True))
    # Both databases check a column that is added with its constraint, SQLite no other way.
    op.execute(
        "ALTER TABLE document ADD COLUMN state VARCHAR(12) DEFAULT 'registered' NOT NULL "
        f"CONSTRAINT ck_document_state_known CHECK ({_STATES})"
    )
    op.add_column("document", sa.Column("revision", sa.Integer(), server_default="0", nullable=False))
    op.add_column("document", sa.Column("presented_to", sa.String(length=40), nullable=True))
    op.add_column("document", sa.Column("opinion", Words(), server_default="", nullable=False))
    op.add_column("document", sa.Column("answer_to", Words(), nullable=True))


def _widen_party() -> None:
    op.add_column("party", sa.Column("short_name", Words(), nullable=True))
    op.add_column("party", sa.Column("roles", json, server_default=sa.text("'[]'"), nullable=False))
    op.create_table(
        "absence",
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("deputy", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["party.code"], name=op.f("fk_absence_person")),
        sa.ForeignKeyConstraint(["deputy"], ["party.code"], name=op.f("fk_absence_deputy")),
        sa.PrimaryKeyConstraint("person", "since", name=op.f("pk_absence")),
    )


def _create_work() -> None:
    op.create_table(
        "assignment",
        sa.Column("document_id", row_id, nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("lead", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("deadline", Moment(), nullable=True),
        sa.Column("specialist", sa.String(length=40), nullable=True),
        sa.Column("note", Words(), nullable=False),
        sa.CheckConstraint(_SHARE_STATES, name=op.f("ck_assignment_state_known")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_assignment_document_id")),
        sa.PrimaryKeyConstraint("document_id", "unit", name=op.f("pk_assignment")),
    )
    op.create_index(
        "uq_assignment_lead",
        "assignment",
        ["document_id"],
        unique=True,
        sqlite_where=sa.text("lead"),
        postgresql_where=sa.text("lead"),
    )
    op.create_table(
        "request",
        sa.Column("document_id", row_id, nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=True),
        sa.Column("asked_by", Words(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("text", Words(), nullable=False),
        sa.Column("deadline", Moment(), nullable=True),
        sa.CheckConstraint("kind IN ('forward', 'extension', 'recall')", name=op.f("ck_request_kind_known")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_request_document_id")),
        sa.PrimaryKeyConstraint("document_id", "subject", name=op.f("pk_request")),
    )
    op.create_table(
        "submission",
        sa.Column("document_id", row_id, nullable=False),
        sa.Column("declared", sa.String(length=12), nullable=False),
        sa.Column("approval", sa.String(length=12), nullable=False),
        sa.CheckConstraint(
            "declared IN ('sender', 'addressee', 'rule', 'clerk')", name=op.f("ck_submission_declared_known")
        ),
        sa.CheckConstraint(
            "approval IN ('not_required', 'pending', 'given', 'declined')", name=op.f("ck_submission_approval_known")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_submission_document_id")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_submission")),
    )
    op.create_table(
        "forwarding",
        sa.Column("document_id", row_id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("message_id", Words(), nullable=False),
        sa.Column("recipient", Words(), nullable=False),
        sa.Column("ordered_by", Words(), nullable=False),
        sa.Column("ordered_at", Moment(), nullable=False),
        sa.Column("reason", Words(), nullable=False),
        sa.Column("relayed_at", Moment(), nullable=True),
        sa.Column("delivered_at", Moment(), nullable=True),
        sa.Column("failed_at", Moment(), nullable=True),
        sa.Column("failure", Words(), nullable=False),
        sa.Column("fetched_at", Moment(), nullable=True),
        sa.Column("opened_at", Moment(), nullable=True),
        sa.Column("acknowledged_at", Moment(), nullable=True),
        sa.Column("acknowledged_by", Words(), nullable=False),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("answered_by", row_id, nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_forwarding_document_id")),
        sa.ForeignKeyConstraint(["answered_by"], ["document.id"], name=op.f("fk_forwarding_answered_by")),
        sa.PrimaryKeyConstraint("document_id", "number", name=op.f("pk_forwarding")),
        sa.UniqueConstraint("token", name=op.f("uq_forwarding_token")),
    )
    op.create_index("ix_forwarding_message_id", "forwarding", ["message_id"])
    op.create_index("ix_forwarding_answered_by", "forwarding", ["answered_by"])
    op.create_table(
        "answer",
        sa.Column("document_id", row_id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("identifier", Words(), nullable=False),
        sa.Column("answered_by", row_id, nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_answer_document_id")),
        sa.ForeignKeyConstraint(["answered_by"], ["document.id"], name=op.f("fk_answer_answered_by")),
        sa.PrimaryKeyConstraint("document_id", "position", name=op.f("pk_answer")),
    )
    op.create_index("ix_answer_answered_by", "answer", ["answered_by"])
    op.create_table(
        "correction",
        sa.Column("id", row_id, autoincrement=True, nullable=False),
        sa.Column("document_id", row_id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor", Words(), nullable=False),
        sa.Column("field", sa.String(length=24), nullable=False),
        sa.Column("old", Words(), nullable=True),
        sa.Column("new", Words(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_correction_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index("ix_correction_document_id", "correction", ["document_id"])


def _create_tokens() -> None:
    op.create_table(
        "thread_token",
        sa.Column("id", row_id, autoincrement=True, nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("document_id", row_id, nullable=False),
        sa.Column("address", Words(), nullable=False),
        sa.Column("purpose", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("message_id", Words(), nullable=False),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.Column("order", json, nullable=True),
        sa.CheckConstraint("purpose IN ('work', 'confirm', 'files')", name=op.f("ck_thread_token_purpose_known")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_thread_token_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_token")),
        sa.UniqueConstraint("token", name=op.f("uq_thread_token_token")),
    )
    op.create_index("ix_thread_token_document_id", "thread_token", ["document_id"])
    op.create_index("ix_thread_token_message_id", "thread_token", ["message_id"])
    op.create_table(
        "orders_taken",
        sa.Column("key", Words(), nullable=False),
        sa.Column("mail_id", row_id, nullable=False),
        sa.Column("document_id", row_id, nullable=True),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_orders_taken_mail_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_orders_taken_document_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_orders_taken")),
    )
    op.create_index("ix_orders_taken_mail_id", "orders_taken", ["mail_id"])
    op.create_table(
        "timer",
        sa.Column("id", row_id, autoincrement=True, nullable=False),
        sa.Column("document_id", row_id, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("look_at", Moment(), nullable=False),
        sa.Column("fired_at", Moment(), nullable=True),
        sa.CheckConstraint(_TIMERS, name=op.f("ck_timer_kind_known")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_timer_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timer")),
        sa.UniqueConstraint("document_id", "kind", "subject", name=op.f("uq_timer_document_id_kind_subject")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_timer_work",
        "timer",
        ["look_at"],
        sqlite_where=sa.text("fired_at IS NULL"),
        postgresql_where=sa.text("fired_at IS NULL"),
    )
