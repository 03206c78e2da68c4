"""Days closed: one row of `day_close` for each, written once and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.model.day_close import DayClose, Series
from gateway.store import schema
from gateway.store.journal import GENESIS

_VOID, _CORRECT = "document.void", "document.correct"
_COUNTED = (_VOID, _CORRECT)


class ClosingUnit:
    """What a unit of work can do about days."""

    _connection: AsyncConnection

    async def close_day(self, day: date, ends: datetime, at: datetime) -> DayClose | None:
        """See ports.Unit."""
        # Whoever writes waits for the head of the journal: what is counted from here on is committed, and stays so.
        await self._connection.execute(select(schema.journal_head).with_for_update())
        last = await last_close(self._connection)
        if last is not None and last.day >= day:
            return None
        before = {(each.book, each.year): each.last for each in last.series} if last else {}
        seen = last.events if last else 0
        events, head_hash = await _journal_until(self._connection, ends, seen, last.head if last else GENESIS)
        counted = await _counted(self._connection, seen, events)
        closed = DayClose(
            day=day,
            closed_at=at,
            events=events,
            head=head_hash,
            series=await _series(self._connection, before, ends),
            voids=counted.get(_VOID, 0),
            corrections=counted.get(_CORRECT, 0),
        )
        await self._connection.execute(insert(schema.day_close).values(_row_of(closed)))
        return closed


async def last_close(connection: AsyncConnection) -> DayClose | None:
    """The day closed last."""
    table = schema.day_close
    row = (await connection.execute(select(table).order_by(table.c.day.desc()).limit(1))).first()
    return close_of(row) if row else None


async def closes(connection: AsyncConnection, year: int | None) -> list[DayClose]:
    """The days closed, in their order; of one year where that is given."""
    table = schema.day_close
    query = select(table).order_by(table.c.day)
    if year is not None:
        query = query.where(table.c.day.between(date(year, 1, 1), date(year, 12, 31)))
    return [close_of(row) for row in (await connection.execute(query)).all()]


async def first_event_at(connection: AsyncConnection) -> datetime | None:
    """When the journal begins; None while it is empty."""
    table = schema.event
    moment: datetime | None = (
        await connection.execute(select(table.c.at).order_by(table.c.sequence).limit(1))
    ).scalar()
    return moment


async def _journal_until(connection: AsyncConnection, ends: datetime, seen: int, head: str) -> tuple[int, str]:
    """Number and hash of the last event before `ends`, never one before `seen`."""
    table = schema.event
    query = select(table.c.sequence, table.c.hash).where(table.c.sequence > seen, table.c.at < ends)
    row = (await connection.execute(query.order_by(table.c.sequence.desc()).limit(1))).first()
    return (row.sequence, row.hash) if row else (seen, head)


async def _counted(connection: AsyncConnection, seen: int, events: int) -> Mapping[str, int]:
    table = schema.event
    among = (table.c.sequence > seen, table.c.sequence <= events, table.c.kind.in_(_COUNTED))
    query = select(table.c.kind, func.count().label("times")).where(*among).group_by(table.c.kind)
    return {row.kind: row.times for row in (await connection.execute(query)).all()}


async def _series(
    connection: AsyncConnection, before: Mapping[tuple[str, int], int], ends: datetime
) -> tuple[Series, ...]:
    """Each series with its numbers since the close before, up to the last that was given before `ends`."""
    counters = select(schema.counter).order_by(schema.counter.c.year, schema.counter.c.book)
    table, found = schema.document.c, []
    for counter in (await connection.execute(counters)).all():
        known = before.get((counter.book, counter.year))
        mine = (table.book == counter.book, table.year == counter.year, table.arrival_number > (known or 0))
        given = select(table.arrival_number).where(*mine, table.registered_at < ends)
        last = (await connection.execute(given.order_by(table.arrival_number.desc()).limit(1))).scalar()
        if last is None:
            if known is not None:
                found.append(Series(counter.book, counter.year, known, 0))
            continue
        if known is None:
            opens = select(func.min(table.arrival_number)).where(*mine)
            known = (await connection.execute(opens)).scalar_one() - 1
        found.append(Series(counter.book, counter.year, last, last - known))
    return tuple(found)


def _row_of(closed: DayClose) -> dict[str, Any]:
    return {
        "day": closed.day,
        "closed_at": closed.closed_at,
        "events": closed.events,
        "head": closed.head,
        "books": closed.counted,
    }


def close_of(row: Any) -> DayClose:
    """A row of `day_close`."""
    books = row.books
    series = tuple(Series(each["book"], each["year"], each["last"], each["count"]) for each in books["series"])
    return DayClose(row.day, row.closed_at, row.events, row.head, series, books["voids"], books["corrections"])
