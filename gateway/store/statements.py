"""Statements that both databases have, each in its own dialect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

ERROR_LENGTH = 500
"""How much of an error is kept."""
UNLEASED: dict[str, Any] = {"lease_owner": None, "lease_until": None}


def insert_into(connection: AsyncConnection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


async def upsert(
    connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]], key: Sequence[str]
) -> None:
    """Insert, or set the other columns given of the rows that have the key."""
    if not rows:
        return
    # One order for all units keeps two of them from waiting for each other's rows.
    ordered = sorted(rows, key=lambda row: str([row[column] for column in key]))
    statement = insert_into(connection, table)
    rest = {column: statement.excluded[column] for column in ordered[0] if column not in key}
    if rest:
        statement = statement.on_conflict_do_update(index_elements=list(key), set_=rest)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=list(key))
    await connection.execute(statement, [dict(row) for row in ordered])
