"""Mailboxes, senders and reports: IMAP as a transport, the directory, alarms, and how far a notice came."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from gateway.store.schema import Moment, Words

revision = "0002"
down_revision = "0001"

json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_TRANSPORTS = "transport IN ('smtp', 'lmtp', 'imap', 'cli')"
_KINDS = "kind IN ('receipt', 'repeat', 'refusal', 'hold', 'clerk_document', 'clerk_attention', 'alarm')"
_DELIVERIES = "delivery IN ('taken', 'delayed', 'relayed', 'delivered', 'displayed', 'failed_soft', 'failed_hard')"
_ALARM = "(kind = 'alarm') = (alarm IS NOT NULL)"
_OPEN_MAIL = "stage IN ('accepted', 'parsed', 'inspected', 'judged')"
_OPEN_NOTICE = "stage IN ('owed', 'ready')"
_MAIL_COLUMNS = (
    "id, transport, transport_id, mail_from, recipients, peer, helo, tls, raw_sha256, raw_size, received_at, stage, "
    "attempts, due_at, lease_owner, lease_until, failed_stage, last_error, waiting_for"
)
_NOTICE_COLUMNS = (
    "id, kind, recipient, message_id, mail_id, document_ids, stage, created_at, attempts, due_at, lease_owner, "
    "lease_until, rendered_sha256, last_error"
)


def upgrade() -> None:
    """Widen `mail` and `outbox`, then add what is new. SQLite cannot change a constraint: there the tables are copied."""
    if op.get_context().dialect.name == "sqlite":
        _copy_mail()
        _copy_outbox()
    else:
        _alter_mail()
        _alter_outbox()
    # Of what was in work nobody has asked who sent it: it begins anew.
    op.execute("UPDATE mail SET stage = 'accepted', attempts = 0 WHERE stage IN ('parsed', 'inspected', 'judged')")
    op.add_column("delivery", sa.Column("reports", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index("ix_mail_received_at", "mail", ["received_at"])
    op.create_index("ix_outbox_created_at", "outbox", ["created_at"])
    _create_tables()


def _copy_mail() -> None:
    op.create_table(
        "mail_copied",
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
            "stage IN ('accepted', 'parsed', 'inspected', 'judged', 'registered', 'applied', 'noted', 'refused', "
            "'held', 'sealed', 'dead')",
            name=op.f("ck_mail_stage_known"),
        ),
        sa.CheckConstraint(_TRANSPORTS, name=op.f("ck_mail_transport_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("transport", "transport_id", name=op.f("uq_mail_transport_transport_id")),
        sqlite_autoincrement=True,
    )
    op.execute(f"INSERT INTO mail_copied ({_MAIL_COLUMNS}) SELECT {_MAIL_COLUMNS} FROM mail ORDER BY id")
    _count_on("mail")
    op.drop_table("mail")
    op.rename_table("mail_copied", "mail")
    op.create_index("ix_mail_raw_sha256", "mail", ["raw_sha256"])
    op.create_index("ix_mail_stage", "mail", ["stage"])
    op.create_index("ix_mail_work", "mail", ["due_at"], sqlite_where=sa.text(_OPEN_MAIL))


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
        sa.CheckConstraint(_KINDS, name=op.f("ck_outbox_kind_known")),
        sa.CheckConstraint(
            "stage = 'owed' OR stage = 'failed' OR rendered_sha256 IS NOT NULL",
            name=op.f("ck_outbox_rendered_before_ready"),
        ),
        sa.CheckConstraint("stage IN ('owed', 'ready', 'sent', 'failed')", name=op.f("ck_outbox_stage_known")),
        sa.CheckConstraint(_DELIVERIES, name=op.f("ck_outbox_delivery_known")),
        sa.CheckConstraint(_ALARM, name=op.f("ck_outbox_alarm_has_cause")),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_outbox_mail_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_message_id")),
        sa.UniqueConstraint("token", name=op.f("uq_outbox_token")),
        sqlite_autoincrement=True,
    )
    op.execute(
        f"INSERT INTO outbox_copied ({_NOTICE_COLUMNS}, tried_since, token, delivery) SELECT {_NOTICE_COLUMNS}, "
        "created_at, lower(hex(randomblob(10))), CASE stage WHEN 'sent' THEN 'taken' END FROM outbox ORDER BY id"
    )
    _count_on("outbox")
    op.drop_table("outbox")
    op.rename_table("outbox_copied", "outbox")
    op.create_index("ix_outbox_mail_id", "outbox", ["mail_id"])
    op.create_index("ix_outbox_work", "outbox", ["due_at"], sqlite_where=sa.text(_OPEN_NOTICE))


def _count_on(table: str) -> None:
    """The copy gives no number again that the table once gave: what has it may be gone, but was told to people."""
    op.execute(f"DELETE FROM sqlite_sequence WHERE name = '{table}_copied'")
    op.execute(
        f"INSERT INTO sqlite_sequence (name, seq) SELECT '{table}_copied', seq FROM sqlite_sequence "
        f"WHERE name = '{table}'"
    )


def _alter_mail() -> None:
    op.drop_constraint(op.f("ck_mail_transport_known"), "mail")
    op.create_check_constraint(op.f("ck_mail_transport_known"), "mail", _TRANSPORTS)


def _alter_outbox() -> None:
    op.alter_column("outbox", "mail_id", nullable=True)
    op.add_column("outbox", sa.Column("alarm", json, nullable=True))
    op.add_column("outbox", sa.Column("token", sa.String(length=20), nullable=True))
    op.add_column("outbox", sa.Column("tried_since", Moment(), nullable=True))
    op.add_column("outbox", sa.Column("delivery", sa.String(length=12), nullable=True))
    op.execute(
        "UPDATE outbox SET tried_since = created_at, token = substr(replace(gen_random_uuid()::text, '-', ''), 1, 20), "
        "delivery = CASE stage WHEN 'sent' THEN 'taken' END"
    )
    op.alter_column("outbox", "token", nullable=False)
    op.alter_column("outbox", "tried_since", nullable=False)
    op.create_unique_constraint(op.f("uq_outbox_token"), "outbox", ["token"])
    op.drop_constraint(op.f("ck_outbox_kind_known"), "outbox")
    op.create_check_constraint(op.f("ck_outbox_kind_known"), "outbox", _KINDS)
    op.create_check_constraint(op.f("ck_outbox_delivery_known"), "outbox", _DELIVERIES)
    op.create_check_constraint(op.f("ck_outbox_alarm_has_cause"), "outbox", _ALARM)


def _create_tables() -> None:
    op.create_table(
        "mail_copy",
        sa.Column("transport", sa.String(length=8), nullable=False),
        sa.Column("transport_id", sa.String(length=200), nullable=False),
        sa.Column("mail_id", row_id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint(_TRANSPORTS, name=op.f("ck_mail_copy_transport_known")),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_mail_copy_mail_id")),
        sa.PrimaryKeyConstraint("transport", "transport_id", name=op.f("pk_mail_copy")),
    )
    op.create_index("ix_mail_copy_mail_id", "mail_copy", ["mail_id"])
    op.create_table(
        "authentication",
        sa.Column("mail_id", row_id, nullable=False),
        sa.Column("data", json, nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_authentication_mail_id")),
        sa.PrimaryKeyConstraint("mail_id", name=op.f("pk_authentication")),
    )
    op.create_table(
        "party",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", Words(), nullable=False),
        sa.Column("parent", sa.String(length=40), nullable=True),
        sa.Column("networks", json, nullable=False),
        sa.CheckConstraint("kind IN ('agency', 'unit', 'person')", name=op.f("ck_party_kind_known")),
        sa.ForeignKeyConstraint(["parent"], ["party.code"], name=op.f("fk_party_parent")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_party")),
    )
    op.create_table(
        "party_address",
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("party", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["party"], ["party.code"], name=op.f("fk_party_address_party")),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_party_address")),
    )
    op.create_index("ix_party_address_party", "party_address", ["party"])
    op.create_table(
        "party_domain",
        sa.Column("domain", sa.String(length=255), nullable=False),
        sa.Column("party", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["party"], ["party.code"], name=op.f("fk_party_domain_party")),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_party_domain")),
    )
    op.create_index("ix_party_domain_party", "party_domain", ["party"])
    op.create_table(
        "report",
        sa.Column("id", row_id, autoincrement=True, nullable=False),
        sa.Column("notice_id", row_id, nullable=False),
        sa.Column("mail_id", row_id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("data", json, nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["outbox.id"], name=op.f("fk_report_notice_id")),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_report_mail_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    op.create_index("ix_report_notice_id", "report", ["notice_id"])
    op.create_index("ix_report_mail_id", "report", ["mail_id"])
    op.create_table(
        "address_score",
        sa.Column("address", Words(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_address_score")),
    )
    op.create_table(
        "filing",
        sa.Column("mail_id", row_id, nullable=False),
        sa.Column("notice_id", row_id, nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_filing_mail_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["outbox.id"], name=op.f("fk_filing_notice_id")),
        sa.PrimaryKeyConstraint("mail_id", "notice_id", name=op.f("pk_filing")),
    )
    op.create_index("ix_filing_notice_id", "filing", ["notice_id"])
