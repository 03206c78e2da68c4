"""The work on documents in a unit: dockets, tokens, orders and timers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.model.docket import Docket
from gateway.model.timer import DueTimer, Timer, TimerKind
from gateway.model.token import ThreadToken
from gateway.store import dockets, schema, timers, tokens


class WorkUnit:
    """The part of ports.Unit that is about work."""

    _connection: AsyncConnection

    async def docket(self, document_id: int) -> Docket:
        """See ports.Unit."""
        return await dockets.docket_locked(self._connection, document_id)

    async def keep_docket(
        self, before: Docket, after: Docket, *, actor: str, at: datetime, identity: dockets.Keys | None = None
    ) -> Docket:
        """See ports.Unit."""
        return await dockets.keep(self._connection, before, after, actor=actor, at=at, identity=identity)

    async def answered_by(self, document_id: int) -> list[Docket]:
        """See ports.Unit."""
        table = schema.answer
        query = select(table.c.document_id).where(table.c.answered_by == document_id).distinct()
        found = await self._connection.execute(query.order_by(table.c.document_id))
        return [await self.docket(each) for each in found.scalars().all()]

    async def forwarded_as(self, token: str) -> Docket | None:
        """See ports.Unit."""
        document_id = await dockets.document_forwarded_as(self._connection, token)
        return None if document_id is None else await self.docket(document_id)

    async def give_token(self, token: ThreadToken) -> None:
        """See ports.Unit."""
        await tokens.give(self._connection, token)

    async def token(self, token: str) -> ThreadToken | None:
        """See ports.Unit."""
        return await tokens.find(self._connection, token, lock=True)

    async def use_token(self, token: ThreadToken, at: datetime) -> None:
        """See ports.Unit."""
        await tokens.use(self._connection, token, at)

    async def take_orders(self, mail_id: int, document_id: int | None, keys: Sequence[str]) -> bool:
        """See ports.Unit."""
        return await tokens.take_orders(self._connection, mail_id, document_id, keys)

    async def set_timer(self, document_id: int, timer: Timer) -> None:
        """See ports.Unit."""
        await timers.set_timer(self._connection, document_id, timer)

    async def cancel_timers(self, document_id: int, kinds: Sequence[TimerKind], subject: str | None = None) -> None:
        """See ports.Unit."""
        await timers.cancel(self._connection, document_id, kinds, subject)

    async def fire(self, timer: DueTimer, at: datetime) -> None:
        """See ports.Unit."""
        await timers.fire(self._connection, timer, at)

    async def postpone_timer(self, timer: DueTimer, due: datetime) -> None:
        """See ports.Unit."""
        await timers.postpone(self._connection, timer, due)
