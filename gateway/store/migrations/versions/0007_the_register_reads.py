"""What the register reads for itself: more fields and what they were read from, outgoing documents without a mail,
entries voided, links between documents, and days closed.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from gateway.store.schema import Moment, Words

revision = "0007"
down_revision = "0006"

json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_STATES = (
    "state IN ('registered', 'presented', 'assigned', 'transferred', 'accepted', 'in_progress', 'forwarded', "
    "'finished', 'returned', 'recalled', 'issued', 'voided')"
)
_OPEN_STATES = "state IN ('registered', 'presented', 'assigned', 'transferred', 'accepted', 'in_progress', 'forwarded')"
_OWED = "paper_duty IN ('also', 'despite') AND paper_received_at IS NULL"
_CAUSES = "cause IN ('sealed', 'purged', 'recalled')"
_LINKS = "kind IN ('same_number', 'same_file', 'replaces')"
_OLD_COLUMNS = (
    "id, mail_id, book, year, arrival_number, previous_number, token, received_at, registered_at, direction, status, "
    "number, notation, issued_on, document_type, abstract, issuer, signer, confidence, secrecy, urgency, sender, "
    "content_key, identity_key, identifier_key, addressee, state, revision, presented_to, opinion, answer_to, "
    "paper_duty, paper_clause, paper_reason, paper_due_at, paper_received_at"
)


def upgrade() -> None:
    """Of documents registered before, what the new columns hold was not read: it is empty."""
    if op.get_context().dialect.name == "sqlite":
        # SQLite cannot change a constraint: there the table is copied.
        _copy_document()
    else:
        op.alter_column("document", "mail_id", nullable=True)
        op.drop_constraint(op.f("ck_document_state_known"), "document")
        op.create_check_constraint(op.f("ck_document_state_known"), "document", _STATES)
        for column in _new_columns():
            op.add_column("document", column)
    op.create_index("ix_document_exchange_id", "document", ["exchange_id"])
    op.create_index("ix_document_registered_at", "document", ["registered_at"])
    _know_recalls()
    _create_tables()


def _new_columns() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("superior", Words(), nullable=True),
        sa.Column("capacity", Words(), nullable=True),
        sa.Column("recipients", Words(), nullable=True),
        sa.Column("reply_by", sa.Date(), nullable=True),
        sa.Column("exchange_id", Words(), nullable=True),
        sa.Column("copies", sa.Integer(), nullable=True),
        sa.Column("kept_by", Words(), server_default="", nullable=False),
        sa.Column("note", Words(), server_default="", nullable=False),
        sa.Column("transferred_at", Moment(), nullable=True),
        sa.Column("purged_at", Moment(), nullable=True),
    )


def _know_recalls() -> None:
    """Content is destroyed for a recall too."""
    if op.get_context().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_destruction_cause_known"), "destruction")
        op.create_check_constraint(op.f("ck_destruction_cause_known"), "destruction", _CAUSES)
        return
    op.create_table(
        "destruction_copied",
        sa.Column("mail_id", row_id, nullable=False),
        sa.Column("cause", sa.String(length=8), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint(_CAUSES, name=op.f("ck_destruction_cause_known")),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_destruction_mail_id")),
        sa.PrimaryKeyConstraint("mail_id", name=op.f("pk_destruction")),
    )
    op.execute("INSERT INTO destruction_copied (mail_id, cause, at) SELECT mail_id, cause, at FROM destruction")
    op.drop_table("destruction")
    op.rename_table("destruction_copied", "destruction")


def _create_tables() -> None:
    op.create_table(
        "evidence",
        sa.Column("document_id", row_id, autoincrement=False, nullable=False),
        sa.Column("fields", json, nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_evidence_document_id")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_evidence")),
    )
    op.create_table(
        "link",
        sa.Column("document_id", row_id, nullable=False),
        sa.Column("other_id", row_id, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.CheckConstraint(_LINKS, name=op.f("ck_link_kind_known")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_link_document_id")),
        sa.ForeignKeyConstraint(["other_id"], ["document.id"], name=op.f("fk_link_other_id")),
        sa.PrimaryKeyConstraint("document_id", "other_id", "kind", name=op.f("pk_link")),
    )
    op.create_index("ix_link_other_id", "link", ["other_id"])
    op.create_table(
        "day_close",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("books", json, nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_day_close")),
    )


def _copy_document() -> None:
    op.create_table(
        "document_copied",
        sa.Column("id", row_id, autoincrement=True, nullable=False),
        sa.Column("mail_id", row_id, nullable=True),
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
        sa.Column("addressee", Words(), nullable=True),
        sa.Column("state", sa.String(length=12), server_default="registered", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("presented_to", sa.String(length=40), nullable=True),
        sa.Column("opinion", Words(), server_default="", nullable=False),
        sa.Column("answer_to", Words(), nullable=True),
        sa.Column("paper_duty", sa.String(length=8), server_default="unknown", nullable=False),
        sa.Column("paper_clause", Words(), server_default="", nullable=False),
        sa.Column("paper_reason", Words(), server_default="", nullable=False),
        sa.Column("paper_due_at", Moment(), nullable=True),
        sa.Column("paper_received_at", Moment(), nullable=True),
        *_new_columns(),
        sa.CheckConstraint("arrival_number > 0", name=op.f("ck_document_arrival_number_positive")),
        sa.CheckConstraint(
            "previous_number IS NULL OR previous_number = arrival_number - 1", name=op.f("ck_document_no_gap")
        ),
        sa.CheckConstraint("direction IN ('in', 'out', 'through')", name=op.f("ck_document_direction_known")),
        sa.CheckConstraint(
            "status IN ('01', '02', '03', '04', '05', '06', '13', '15', '16')", name=op.f("ck_document_status_known")
        ),
        sa.CheckConstraint(_STATES, name=op.f("ck_document_state_known")),
        sa.CheckConstraint(
            "paper_duty IN ('none', 'also', 'waived', 'despite', 'unknown')", name=op.f("ck_document_paper_duty_known")
        ),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_document_mail_id")),
        sa.ForeignKeyConstraint(
            ["book", "year", "previous_number"],
            ["document.book", "document.year", "document.arrival_number"],
            name=op.f("fk_document_no_gap"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("token", name=op.f("uq_document_token")),
        sa.UniqueConstraint("content_key", name=op.f("uq_document_content_key")),
        sa.UniqueConstraint("identity_key", name=op.f("uq_document_identity_key")),
        sa.UniqueConstraint("book", "year", "arrival_number", name=op.f("uq_document_book_year_arrival_number")),
        sqlite_autoincrement=True,
    )
    op.execute(f"INSERT INTO document_copied ({_OLD_COLUMNS}) SELECT {_OLD_COLUMNS} FROM document ORDER BY id")
    # The copy gives no number again that the table once gave.
    op.execute("DELETE FROM sqlite_sequence WHERE name = 'document_copied'")
    op.execute(
        "INSERT INTO sqlite_sequence (name, seq) "
        "SELECT 'document_copied', seq FROM sqlite_sequence WHERE name = 'document'"
    )
    op.drop_table("document")
    op.rename_table("document_copied", "document")
    op.create_index(
        "uq_document_opens_series",
        "document",
        ["book", "year"],
        unique=True,
        sqlite_where=sa.text("previous_number IS NULL"),
    )
    op.create_index("ix_document_mail_id", "document", ["mail_id"])
    op.create_index("ix_document_identifier_key", "document", ["identifier_key"])
    op.create_index("ix_document_open", "document", ["id"], sqlite_where=sa.text(_OPEN_STATES))
    op.create_index("ix_document_paper_owed", "document", ["received_at"], sqlite_where=sa.text(_OWED))
