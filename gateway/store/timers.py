"""Timers: set, moved, dropped, and fired once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import Update

from gateway.errors import StaleState
from gateway.model.timer import DueTimer, Timer, TimerKind
from gateway.store import schema
from gateway.store.dockets import lock
from gateway.store.statements import upsert

_T = schema.timer


def timer_of(row: Any) -> Timer:
    """A row of `timer`."""
    return Timer(TimerKind(row.kind), row.due_at, row.subject)


async def set_timer(connection: AsyncConnection, document_id: int, timer: Timer) -> None:
    """See ports.Unit."""
    row = {
        "document_id": document_id,
        "kind": timer.kind.value,
        "subject": timer.subject,
        "due_at": timer.due,
        "look_at": timer.due,
        "fired_at": None,
    }
    await upsert(connection, _T, [row], ["document_id", "kind", "subject"])


async def cancel(
    connection: AsyncConnection, document_id: int, kinds: Sequence[TimerKind], subject: str | None
) -> None:
    """See ports.Unit."""
    dropped = delete(_T).where(
        _T.c.document_id == document_id, _T.c.kind.in_([kind.value for kind in kinds]), _T.c.fired_at.is_(None)
    )
    await connection.execute(dropped if subject is None else dropped.where(_T.c.subject == subject))


async def fire(connection: AsyncConnection, timer: DueTimer, at: datetime) -> None:
    """See ports.Unit. The document first, as whoever works on it takes it before its timers."""
    await lock(connection, timer.document_id)
    fired = await connection.execute(_as_claimed(timer).values(fired_at=at).returning(_T.c.id))
    if fired.first() is None:
        raise StaleState(f"the timer {timer.timer.kind} of D{timer.document_id} has fired, moved or gone")


async def postpone(connection: AsyncConnection, timer: DueTimer, due: datetime) -> None:
    """See ports.Unit. What was due stays so, or people would be told of another deadline than theirs."""
    await connection.execute(_as_claimed(timer).values(look_at=due))


def _as_claimed(timer: DueTimer) -> Update:
    return update(_T).where(_T.c.id == timer.id, _T.c.due_at == timer.timer.due, _T.c.fired_at.is_(None))


async def due(connection: AsyncConnection, now: datetime, limit: int) -> list[DueTimer]:
    """See ports.Store."""
    query = select(_T).where(_T.c.fired_at.is_(None), _T.c.look_at <= now).order_by(_T.c.due_at, _T.c.id).limit(limit)
    return [DueTimer(row.id, row.document_id, timer_of(row)) for row in (await connection.execute(query)).all()]
