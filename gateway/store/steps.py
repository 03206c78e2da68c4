"""The steps of a document's work, as its journal tells them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.model.document import Direction, Document, Status
from gateway.model.tracking import TimelineStep
from gateway.store import schema

_KINDS = ("document.", "submission.")


async def public_steps(connection: AsyncConnection, document: Document) -> tuple[TimelineStep, ...]:
    """What the holder of a link sees: no word of who did it, nothing that the office alone is told."""
    told = [
        TimelineStep(step.at, step.status, step.text)
        for step in await all_steps(connection, document)
        if not step.inside
    ]
    return tuple(told)


async def all_steps(connection: AsyncConnection, document: Document) -> tuple[TimelineStep, ...]:
    """For the office. An event with words for the sender and words for the office gives a step of each."""
    table = schema.event
    of_work = or_(*(table.c.kind.startswith(kind, autoescape=True) for kind in _KINDS))
    query = select(table).where(table.c.document_id == document.id, of_work).order_by(table.c.sequence)
    rows = (await connection.execute(query)).all()
    return (*_first_steps(document), *(step for row in rows for step in _steps_of(row)))


def _first_steps(document: Document) -> tuple[TimelineStep, ...]:
    number = f"{document.arrival_number}/{document.year}"
    if document.direction is Direction.OUT:
        return (TimelineStep(document.registered_at, document.status, f"Văn thư đã cấp số văn bản đi {number}"),)
    return (
        TimelineStep(document.received_at, Status.ARRIVED, "Hệ thống đã nhận thư"),
        TimelineStep(document.registered_at, Status.RECEIVED, f"Văn thư đã vào sổ văn bản đến, số đến {number}"),
    )


def _steps_of(row: Any) -> Iterator[TimelineStep]:
    data = json.loads(row.data)
    if "status" not in data:
        return
    status, public, inside = Status(data["status"]), data.get("public", ""), data.get("result", "")
    if public:
        yield TimelineStep(row.at, status, public, who=row.actor)
    if inside and inside != public:
        yield TimelineStep(row.at, status, inside, inside=True, who=row.actor)
