"""Entering accepted mails: those that arrive together share one transaction, and so one fsync."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.model.journal import NewEvent
from gateway.model.mail import Envelope, Mail, MailStage, StoredBlob
from gateway.store import journal, schema
from gateway.store.database import Database
from gateway.store.rows import mail_of

_Waiting = tuple[Envelope, StoredBlob, datetime, "asyncio.Future[Mail]"]


class Intake:
    """Group commit: while one batch waits for the disk, the next gathers."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[_Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    async def accept(self, envelope: Envelope, raw: StoredBlob, received_at: datetime) -> Mail:
        """Durable on return; raises what `Database.write` raises."""
        done: asyncio.Future[Mail] = asyncio.get_running_loop().create_future()
        self._waiting.append((envelope, raw, received_at, done))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(), name="intake")
        # The batch goes on for its other members when this client hangs up.
        return await asyncio.shield(done)

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                mails = await self._enter(batch)
            except Exception as error:  # noqa: BLE001 - each waiting session must hear of it, whatever it is
                for *_, done in batch:
                    if not done.done():
                        done.set_exception(error)
                        done.exception()
                continue
            for (*_, done), mail in zip(batch, mails, strict=True):
                if not done.done():
                    done.set_result(mail)

    async def _enter(self, batch: Sequence[_Waiting]) -> list[Mail]:
        """One statement for all rows; where one of them is known already, look first."""
        rows = [_values(envelope, raw, received_at) for envelope, raw, received_at, _ in batch]
        try:
            async with self._database.write() as connection:
                return await _insert(connection, rows)
        except IntegrityError:
            return await self._enter_unknown(batch, rows)

    async def _enter_unknown(self, batch: Sequence[_Waiting], rows: Sequence[dict[str, Any]]) -> list[Mail]:
        table = schema.mail
        wanted = [(envelope.transport.value, envelope.transport_id) for envelope, *_ in batch]
        async with self._database.write() as connection:
            query = select(table).where(tuple_(table.c.transport, table.c.transport_id).in_(wanted))
            known = {(row.transport, row.transport_id): mail_of(row) for row in (await connection.execute(query)).all()}
            new = {key: row for key, row in zip(wanted, rows, strict=True) if key not in known}
            entered = await _insert(connection, list(new.values()))
            known |= dict(zip(new, entered, strict=True))
        return [known[key] for key in wanted]


async def _insert(connection: AsyncConnection, rows: Sequence[dict[str, Any]]) -> list[Mail]:
    if not rows:
        return []
    table = schema.mail
    statement = insert(table).returning(table, sort_by_parameter_order=True)
    mails = [mail_of(row) for row in (await connection.execute(statement, list(rows))).all()]
    await journal.append(connection, [_event(mail) for mail in mails])
    return mails


def _values(envelope: Envelope, raw: StoredBlob, received_at: datetime) -> dict[str, Any]:
    return {
        "transport": envelope.transport.value,
        "transport_id": envelope.transport_id,
        "mail_from": envelope.mail_from,
        "recipients": list(envelope.recipients),
        "peer": envelope.peer,
        "helo": envelope.helo,
        "tls": envelope.tls,
        "raw_sha256": raw.sha256,
        "raw_size": raw.size,
        "received_at": received_at,
        "due_at": received_at,
        "stage": MailStage.ACCEPTED.value,
    }


def _event(mail: Mail) -> tuple[NewEvent, datetime]:
    data = {
        "sha256": mail.raw.sha256,
        "size": mail.raw.size,
        "from": mail.envelope.mail_from,
        "peer": mail.envelope.peer,
    }
    return NewEvent("mail.accepted", "gateway", mail.envelope.transport.value, mail.id, data=data), mail.received_at
