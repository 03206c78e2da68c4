"""The hash-chained journal: append within a unit, verify from the first link to the head."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.model.journal import Event, NewEvent
from gateway.store import schema
from gateway.store.closed_days import ClosedDays

GENESIS = "0" * 64
_BATCH = 2_000


def canonical(sequence: int, at: datetime, event: NewEvent, data: str) -> bytes:
    """The bytes a link's hash covers: compact JSON with sorted keys, UTF-8, the moment as UTC ISO 8601."""
    return json.dumps(
        {
            "sequence": sequence,
            "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
            "kind": event.kind,
            "actor": event.actor,
            "source": event.source,
            "mail": event.mail_id,
            "document": event.document_id,
            "data": data,
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    ).encode()


def link_hash(previous: str, body: bytes) -> str:
    """SHA-256 over the previous link's hash and the event's canonical bytes."""
    return hashlib.sha256(previous.encode("ascii") + body).hexdigest()


async def append(connection: AsyncConnection, events: Sequence[tuple[NewEvent, datetime]]) -> None:
    """Add links at the end of the chain; must be the last statement of its unit.

    The head row is locked until commit, which puts all units of all nodes in one order.
    """
    if not events:
        return
    head = (await connection.execute(select(schema.journal_head).with_for_update())).one()
    sequence, previous = head.sequence, head.hash
    rows: list[dict[str, Any]] = []
    for given, at in events:
        sequence += 1
        event = replace(given, actor=schema.storable(given.actor), source=schema.storable(given.source))
        data = json.dumps(dict(event.data or {}), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        data = schema.storable(data)
        link = link_hash(previous, canonical(sequence, at, event, data))
        rows.append(
            {
                "sequence": sequence,
                "at": at,
                "kind": event.kind,
                "actor": event.actor,
                "source": event.source,
                "mail_id": event.mail_id,
                "document_id": event.document_id,
                "data": data,
                "previous_hash": previous,
                "hash": link,
            }
        )
        previous = link
    await connection.execute(insert(schema.event), rows)
    await connection.execute(update(schema.journal_head).values(sequence=sequence, hash=previous))


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What the check of the chain found. `broken_at` is the first bad sequence number, None when whole.

    `days` is how many days were closed.
    """

    events: int
    head: str
    broken_at: int | None
    cause: str
    days: int = 0


async def verify(connection: AsyncConnection) -> AuditReport:
    """Recompute every link, compare the end with the head row, and each closed day with the chain.

    In memory that grows with the days, not with the events.
    """
    head = (await connection.execute(select(schema.journal_head))).one()
    days = ClosedDays((await connection.execute(select(schema.day_close))).all())
    sequence, previous = 0, GENESIS
    while True:
        rows = (
            await connection.execute(
                select(schema.event)
                .where(schema.event.c.sequence > sequence)
                .order_by(schema.event.c.sequence)
                .limit(_BATCH)
            )
        ).all()
        for row in rows:
            cause = _fault(row, sequence, previous) or days.fault_at(row)
            if cause:
                return AuditReport(sequence, previous, sequence + 1, cause, days.count)
            sequence, previous = row.sequence, row.hash
        if len(rows) < _BATCH:
            break
    if (head.sequence, head.hash) != (sequence, previous):
        cause = "các sự kiện cuối nhật ký đã bị xóa hoặc thay đổi"
        return AuditReport(sequence, previous, sequence + 1, cause, days.count)
    if cause := days.fault_at_end(GENESIS):
        return AuditReport(sequence, previous, sequence + 1, cause, days.count)
    return AuditReport(sequence, previous, None, "", days.count)


def _fault(row: Any, sequence: int, previous: str) -> str:
    if row.sequence != sequence + 1:
        return "thiếu sự kiện trong nhật ký"
    if row.previous_hash != previous:
        return "sự kiện không nối với sự kiện trước"
    if row.hash != link_hash(previous, canonical(row.sequence, row.at, _event_of(row), row.data)):
        return "nội dung sự kiện đã bị thay đổi"
    return ""


def _event_of(row: Any) -> NewEvent:
    return NewEvent(row.kind, row.actor, row.source, row.mail_id, row.document_id, json.loads(row.data))


def event_of(row: Any) -> Event:
    """A row of the table as a record."""
    return Event(row.sequence, row.at, _event_of(row), row.previous_hash, row.hash)
