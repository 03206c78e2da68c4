"""Paper copies that are still to come."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.model.docket import DocumentState
from gateway.model.document import Document
from gateway.store import schema
from gateway.store.register import with_files

_GONE = (DocumentState.RETURNED.value, DocumentState.RECALLED.value, DocumentState.VOIDED.value)


async def paper_owed(connection: AsyncConnection, overdue_at: datetime | None = None) -> list[Document]:
    """See ports.Store. Of what went back to its sender, or was entered in error, no paper comes."""
    table = schema.document.c
    query = select(schema.document).where(schema.paper_is_owed, table.state.not_in(_GONE))
    if overdue_at is not None:
        query = query.where(table.paper_due_at <= overdue_at)
    rows = (await connection.execute(query.order_by(table.received_at, table.id))).all()
    return await with_files(connection, rows)
