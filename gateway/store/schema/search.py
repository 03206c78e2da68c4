"""What the register is searched by.

A row of `search` is a document's words and keys (gateway/model/searchable.py). On SQLite the keys are indexed by the
virtual table `search_index`, kept by triggers, on PostgreSQL by a GIN index. Beside them stand the indexes of the
register that only people's questions need.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Dialect, ForeignKey, Index, Integer, Table, Text, TypeDecorator, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.types import TypeEngine

from gateway.store.schema.columns import Words, metadata
from gateway.store.schema.register import document
from gateway.store.schema.work import assignment


class Keys(TypeDecorator[Sequence[str]]):
    """Keys without order; no key has a blank, a quotation mark or a backslash."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """A vector of lexemes where the database has them."""
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str | None:
        """As the database writes them."""
        if value is None:
            return None
        return " ".join(f"'{key}'" for key in value) if dialect.name == "postgresql" else " ".join(value)


search = Table(
    "search",
    metadata,
    Column("document_id", ForeignKey("document.id"), primary_key=True, autoincrement=False),
    Column("number_key", Words),
    Column("notation_key", Words),
    Column("number_year", Integer),
    Column("sender", Words, nullable=False),
    Column("sender_domain", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("parties", Words, nullable=False),
    Column("body", Words, nullable=False),
    Column("keys", Keys, nullable=False),
    Index("ix_search_number_key", "number_key", "notation_key", "number_year", "document_id"),
    Index("ix_search_sender", "sender_domain", "sender"),
)

Index("ix_search_keys", search.c["keys"], postgresql_using="gin").ddl_if(dialect="postgresql")
Index("ix_document_arrival_number", document.c.arrival_number, document.c.year)
Index("ix_document_year", document.c.year, document.c.id)
Index("ix_document_received_at", document.c.received_at)
Index("ix_document_issued_on", document.c.issued_on)
Index("ix_assignment_unit", assignment.c.unit, assignment.c.document_id)
Index(
    "ix_assignment_deadline",
    assignment.c.deadline,
    sqlite_where=text("state NOT IN ('finished', 'returned')"),
    postgresql_where=text("state NOT IN ('finished', 'returned')"),
)
part_is_open = text("assignment.state NOT IN ('finished', 'returned')")
"""As the index has it: SQLite takes the index for nothing else."""
