"""The index by which the register is searched, filled with the documents there are; and indexes for lists."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from gateway.model.searchable import MOST_CHARACTERS
from gateway.store.schema import Words
from gateway.store.schema.search import Keys
from gateway.store.search_index import search_rows

revision = "0008"
down_revision = "0007"

row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_DOCUMENTS_AT_ONCE = 500
_UNFINISHED = "state NOT IN ('finished', 'returned')"
_KEPT_BY_TRIGGERS = (
    "CREATE VIRTUAL TABLE search_index USING fts5(keys, content='search', content_rowid='document_id', "
    "detail=none, columnsize=0, tokenize=\"ascii tokenchars ':#.'\")",
    "CREATE TRIGGER search_entered AFTER INSERT ON search BEGIN "
    "INSERT INTO search_index (rowid, keys) VALUES (new.document_id, new.keys); END",
    "CREATE TRIGGER search_removed AFTER DELETE ON search BEGIN "
    "INSERT INTO search_index (search_index, rowid, keys) VALUES ('delete', old.document_id, old.keys); END",
    "CREATE TRIGGER search_changed AFTER UPDATE ON search BEGIN "
    "INSERT INTO search_index (search_index, rowid, keys) VALUES ('delete', old.document_id, old.keys); "
    "INSERT INTO search_index (rowid, keys) VALUES (new.document_id, new.keys); END",
)


def upgrade() -> None:
    """Documents registered before are found like later ones."""
    op.create_table(
        "search",
        sa.Column("document_id", row_id, autoincrement=False, nullable=False),
        sa.Column("number_key", Words(), nullable=True),
        sa.Column("notation_key", Words(), nullable=True),
        sa.Column("number_year", sa.Integer(), nullable=True),
        sa.Column("sender", Words(), nullable=False),
        sa.Column("sender_domain", Words(), nullable=False),
        sa.Column("title", Words(), nullable=False),
        sa.Column("parties", Words(), nullable=False),
        sa.Column("body", Words(), nullable=False),
        sa.Column("keys", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_search_document_id")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_search")),
    )
    on_sqlite = op.get_context().dialect.name == "sqlite"
    if on_sqlite:
        for statement in _KEPT_BY_TRIGGERS:
            op.execute(statement)
    _fill()
    if not on_sqlite:
        op.create_index("ix_search_keys", "search", ["keys"], postgresql_using="gin")
    op.create_index("ix_search_number_key", "search", ["number_key", "notation_key", "number_year", "document_id"])
    op.create_index("ix_search_sender", "search", ["sender_domain", "sender"])
    op.create_index("ix_document_arrival_number", "document", ["arrival_number", "year"])
    op.create_index("ix_document_year", "document", ["year", "id"])
    op.create_index("ix_document_received_at", "document", ["received_at"])
    op.create_index("ix_document_issued_on", "document", ["issued_on"])
    op.create_index("ix_assignment_unit", "assignment", ["unit", "document_id"])
    op.create_index(
        "ix_assignment_deadline",
        "assignment",
        ["deadline"],
        sqlite_where=sa.text(_UNFINISHED),
        postgresql_where=sa.text(_UNFINISHED),
    )


def _fill() -> None:
    connection = op.get_bind()
    table = sa.table("search", *(sa.column(name) for name in _COLUMNS), sa.column("keys", Keys()))
    last = 0
    while True:
        documents = connection.execute(_DOCUMENTS, {"last": last, "most": _DOCUMENTS_AT_ONCE}).mappings().all()
        if not documents:
            return
        first, last = documents[0]["id"], documents[-1]["id"]
        files = connection.execute(_FILES, {"first": first, "last": last}).all()
        connection.execute(sa.insert(table), search_rows(documents, files))


_COLUMNS = (
    *("document_id", "number_key", "notation_key", "number_year"),
    *("sender", "sender_domain", "title", "parties", "body"),
)
_DOCUMENTS = sa.text("SELECT * FROM document WHERE id > :last ORDER BY id LIMIT :most").columns(issued_on=sa.Date())
_FILES = sa.text(
    f"SELECT file.document_id, file.name, substr(blob_fact.text, 1, {MOST_CHARACTERS}) AS text FROM file "
    "LEFT JOIN blob_fact ON blob_fact.sha256 = file.sha256 "
    "WHERE file.document_id BETWEEN :first AND :last ORDER BY file.document_id, file.position"
)
