"""The register read from one end to the other, some entries at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.model.docket import Docket
from gateway.model.register_filter import RegisterFilter, RegisterOrder
from gateway.store import schema
from gateway.store.database import Database
from gateway.store.dockets import dockets_where
from gateway.store.selection import chosen

_D = schema.document.c
_BY_NUMBER = (_D.book, _D.year, _D.arrival_number)


async def counted(connection: AsyncConnection, wanted: RegisterFilter) -> int:
    """How many entries the filter chooses."""
    query = select(func.count()).select_from(schema.document).where(chosen(wanted))
    number: int = (await connection.execute(query)).scalar_one()
    return number


async def in_order(
    database: Database, wanted: RegisterFilter, order: RegisterOrder, *, chunk: int
) -> AsyncIterator[list[Docket]]:
    """The entries there were at the beginning, at most `chunk` at a time, each as it stands when it is read.

    Every chunk is read for itself: numbers never change and no row goes, so nothing is missed or told twice, and a
    reader who takes his time keeps no old state of the database alive.
    """
    async with database.read() as connection:
        last = (await connection.execute(select(func.max(_D.id)))).scalar() or 0
    page = _page(wanted, order).limit(chunk)
    # Not the index of the id is wanted where the order is another: a sum hides it.
    there = _D.id <= last if order is RegisterOrder.NEWEST else _D.id + 0 <= last
    here = there
    while True:
        async with database.snapshot() as connection:
            rows = (await connection.execute(page.where(here))).all()
            dockets = await dockets_of(connection, [row.id for row in rows])
        if dockets:
            yield dockets
        if len(rows) < chunk:
            return
        here = and_(there, _after(rows[-1], order))


def _page(wanted: RegisterFilter, order: RegisterOrder) -> Select[Any]:
    by = _BY_NUMBER if order is RegisterOrder.NUMBER else (_D.id.desc(),)
    return select(_D.id, *_BY_NUMBER).where(chosen(wanted)).order_by(*by)


def _after(row: Any, order: RegisterOrder) -> ColumnElement[bool]:
    if order is RegisterOrder.NEWEST:
        oldest: int = row.id
        return _D.id < oldest
    return tuple_(*_BY_NUMBER) > (row.book, row.year, row.arrival_number)


async def dockets_of(connection: AsyncConnection, ids: list[int]) -> list[Docket]:
    """The dockets of these documents, in the order of the ids."""
    if not ids:
        return []
    found = {docket.document.id: docket for docket in await dockets_where(connection, _D.id.in_(ids))}
    return [found[document_id] for document_id in ids]
