"""The register read from one end to the other, some entries at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.model.docket import Docket
from gateway.model.register_filter import RegisterFilter, RegisterOrder
from gateway.store import schema
from gateway.store.database import Database
from gateway.store.dockets import dockets_where
from gateway.store.selection import chosen, is_narrow, parts_chosen

_D = schema.document.c
_A = schema.assignment.c
_MOST_IDS = 20_000
_MORE = 8


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
    reader who takes his time keeps no old state of the database alive. Ids are looked up ahead, ever more of them:
    where the order is not that of an index each look-up has to sort what is left.
    """
    async with database.read() as connection:
        last = (await connection.execute(select(func.max(_D.id)))).scalar() or 0
    page = _Page(wanted, order, last)
    here: ColumnElement[bool] | None = None
    most = chunk
    while True:
        async with database.read() as connection:
            rows = (await connection.execute(page.after(here).limit(most))).all()
        for start in range(0, len(rows), chunk):
            async with database.snapshot() as connection:
                dockets = await dockets_of(connection, [row.id for row in rows[start : start + chunk]])
            yield dockets
        if len(rows) < most:
            return
        here = page.beyond(rows[-1])
        most = max(most, min(most * _MORE, _MOST_IDS // chunk * chunk))


class _Page:
    """The query for the next ids of a list."""

    def __init__(self, wanted: RegisterFilter, order: RegisterOrder, last: int) -> None:
        by_unit = wanted.unit is not None and order is RegisterOrder.NEWEST
        narrow = is_narrow(wanted) and not by_unit
        # A sum has no index: what is found by the filter's own is sorted.
        number = _A.document_id if by_unit else _D.id + 0 if narrow else _D.id
        self._order = order
        numbers = (
            (_D.book + "", _D.year + 0, _D.arrival_number + 0) if narrow else (_D.book, _D.year, _D.arrival_number)
        )
        self._by: tuple[ColumnElement[Any], ...] = (number,) if order is RegisterOrder.NEWEST else numbers
        query = select(_D.id, _D.book, _D.year, _D.arrival_number)
        if by_unit:
            joined = schema.assignment.join(schema.document, _D.id == _A.document_id)
            query = query.select_from(joined).where(parts_chosen(wanted))
            wanted = replace(wanted, unit=None)
        there = number <= last if order is RegisterOrder.NEWEST else _D.id + 0 <= last
        query = query.where(chosen(wanted), there)
        self._query = query.order_by(*(each.desc() if order is RegisterOrder.NEWEST else each for each in self._by))

    def after(self, here: ColumnElement[bool] | None) -> Select[Any]:
        """What comes next."""
        return self._query if here is None else self._query.where(here)

    def beyond(self, row: Any) -> ColumnElement[bool]:
        """The condition that a row comes after this one."""
        if self._order is RegisterOrder.NEWEST:
            oldest: int = row.id
            return and_(self._by[0] < oldest)
        return and_(tuple_(*self._by) > (row.book, row.year, row.arrival_number))


async def dockets_of(connection: AsyncConnection, ids: list[int]) -> list[Docket]:
    """The dockets of these documents, in the order of the ids."""
    if not ids:
        return []
    found = {docket.document.id: docket for docket in await dockets_where(connection, _D.id.in_(ids))}
    return [found[document_id] for document_id in ids]
