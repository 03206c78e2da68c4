"""Tokens given to people, and the orders that were taken from their mails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.errors import StaleState
from gateway.model.act import Order
from gateway.model.quarantine import Ruling
from gateway.model.token import Purpose, ThreadToken
from gateway.store import schema
from gateway.store.codec import dump, load
from gateway.store.statements import insert_into

_T = schema.thread_token
_DATES = frozenset({"issued_on", "reply_by"})


async def give(connection: AsyncConnection, token: ThreadToken) -> None:
    """See ports.Unit."""
    await connection.execute(
        insert(_T).values(
            token=token.token,
            document_id=token.document_id,
            mail_id=token.mail_id,
            address=token.address,
            purpose=token.purpose.value,
            subject=token.subject,
            message_id=token.message_id,
            issued_at=token.issued_at,
            expires_at=token.expires_at,
            used_at=token.used_at,
            order=dump(Order, token.order) if token.order else None,
            ruling=dump(Ruling, token.ruling) if token.ruling else None,
            told=list(token.told) or None,
        )
    )


async def use(connection: AsyncConnection, token: ThreadToken, at: datetime) -> None:
    """See ports.Unit."""
    served = update(_T).where(_T.c.token == token.token, _T.c.used_at.is_(None)).values(used_at=at)
    if (await connection.execute(served.returning(_T.c.id))).first() is None:
        raise StaleState(f"a token of {token.about} has served already")


async def find(connection: AsyncConnection, token: str, *, lock: bool = False) -> ThreadToken | None:
    """One token, if it was ever given."""
    query = select(_T).where(_T.c.token == schema.storable(token))
    row = (await connection.execute(query.with_for_update() if lock else query)).first()
    return _token_of(row) if row else None


async def borne_by(connection: AsyncConnection, message_id: str) -> list[ThreadToken]:
    """See ports.Store."""
    query = select(_T).where(_T.c.message_id == message_id).order_by(_T.c.id)
    return [_token_of(row) for row in (await connection.execute(query)).all()]


async def take_orders(connection: AsyncConnection, mail_id: int, document_id: int | None, keys: Sequence[str]) -> bool:
    """See ports.Unit."""
    table = schema.orders_taken
    # One order for all units keeps two of them from waiting for each other's rows.
    wanted = sorted({schema.storable(key) for key in keys})
    if not wanted:
        return True
    rows = [{"key": key, "mail_id": mail_id, "document_id": document_id} for key in wanted]
    claim = insert_into(connection, table).values(rows).on_conflict_do_nothing(index_elements=["key"])
    claimed = (await connection.execute(claim.returning(table.c.key))).scalars().all()
    if len(claimed) == len(wanted):
        return True
    await connection.execute(delete(table).where(table.c.key.in_(claimed)))
    return False


def _token_of(row: Any) -> ThreadToken:
    return ThreadToken(
        token=row.token,
        document_id=row.document_id,
        address=row.address,
        purpose=Purpose(row.purpose),
        message_id=row.message_id,
        issued_at=row.issued_at,
        expires_at=row.expires_at,
        subject=row.subject,
        order=_order_of(row.order) if row.order is not None else None,
        used_at=row.used_at,
        mail_id=row.mail_id,
        ruling=load(Ruling, row.ruling) if row.ruling is not None else None,
        told=tuple(row.told or ()),
    )


def _order_of(data: Any) -> Order:
    """JSON has no dates: those among the values of a correction are known by their fields."""
    order = load(Order, data)
    values = {
        name: date.fromisoformat(value) if name in _DATES and isinstance(value, str) else value
        for name, value in order.correction.values.items()
    }
    return replace(order, correction=replace(order.correction, values=values))
