"""What signatures were judged by; whether a paper copy goes with a document, and what has become of it."""

import sqlalchemy as sa
from alembic import op

from gateway.store.schema import Moment, Words

revision = "0006"
down_revision = "0005"

_DUTIES = "paper_duty IN ('none', 'also', 'waived', 'despite', 'unknown')"
_OWED = "paper_duty IN ('also', 'despite') AND paper_received_at IS NULL"


def upgrade() -> None:
    """Of documents registered before it is not known: paper_duty is 'unknown', and nobody is reminded of any paper."""
    # Both databases check a column that is added with its constraint, SQLite no other way.
    op.execute(
        "ALTER TABLE document ADD COLUMN paper_duty VARCHAR(8) DEFAULT 'unknown' NOT NULL "
        f"CONSTRAINT ck_document_paper_duty_known CHECK ({_DUTIES})"
    )
    op.add_column("document", sa.Column("paper_clause", Words(), server_default="", nullable=False))
    op.add_column("document", sa.Column("paper_reason", Words(), server_default="", nullable=False))
    op.add_column("document", sa.Column("paper_due_at", Moment(), nullable=True))
    op.add_column("document", sa.Column("paper_received_at", Moment(), nullable=True))
    op.create_index(
        "ix_document_paper_owed",
        "document",
        ["received_at"],
        sqlite_where=sa.text(_OWED),
        postgresql_where=sa.text(_OWED),
    )
    op.create_table(
        "proof",
        sa.Column("file_sha256", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("file_sha256", "sha256", name=op.f("pk_proof")),
    )
    op.create_index("ix_proof_sha256", "proof", ["sha256"])
