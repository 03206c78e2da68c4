"""Reads for people: the register, the story of a mail, what waits, what the outbox holds."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, union_all

from gateway.model.day_close import DayClose
from gateway.model.docket import Docket
from gateway.model.document import Direction, Document
from gateway.model.journal import Event
from gateway.model.notice import Notice, NoticeStage
from gateway.model.register_filter import RegisterFilter, RegisterOrder
from gateway.model.report import DeliveryState
from gateway.model.search import Found, SearchQuestion
from gateway.model.token import Purpose
from gateway.model.tracking import PersonalFiles, TrackedDocument
from gateway.store import closing, journal, quarantine, schema, tokens
from gateway.store.database import Database
from gateway.store.dockets import dockets_where
from gateway.store.listing import counted, in_order
from gateway.store.quarantine import SetAside
from gateway.store.register import documents_where
from gateway.store.rows import notice_of
from gateway.store.scans import as_scanned_last
from gateway.store.search import find
from gateway.store.steps import public_steps
from gateway.store.story import Story, Work, notices_where, story_of, work_of

_NOT_ARRIVED = (DeliveryState.FAILED_SOFT, DeliveryState.FAILED_HARD)


class Queries:
    """Read-only; every answer is one consistent snapshot."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def register(
        self, *, book: str | None = None, year: int | None = None, limit: int = 100, offset: int = 0
    ) -> list[Document]:
        """Entries by number."""
        table = schema.document
        conditions: list[ColumnElement[bool]] = [table.c.id > 0]
        if book is not None:
            conditions.append(table.c.book == book)
        if year is not None:
            conditions.append(table.c.year == year)
        async with self._database.snapshot() as connection:
            return await documents_where(connection, and_(*conditions), limit=limit, offset=offset)

    def stream_register(
        self, wanted: RegisterFilter, *, chunk: int = 500, order: RegisterOrder = RegisterOrder.NUMBER
    ) -> AsyncIterator[list[Docket]]:
        """The entries chosen, `chunk` at a time in memory, each as it stands when read; those that came later not."""
        return in_order(self._database, wanted, order, chunk=chunk)

    async def search(self, question: SearchQuestion) -> Found:
        """The documents that answer a question, best first."""
        async with self._database.snapshot() as connection:
            return await find(connection, question)

    async def count(self, wanted: RegisterFilter) -> int:
        """How many entries the filter chooses by now."""
        async with self._database.read() as connection:
            return await counted(connection, wanted)

    async def repeats(self) -> dict[int, int]:
        """How many times a document came again, by the id of the document; those that did not are left out."""
        table = schema.repeat
        query = select(table.c.document_id, func.count().label("times")).group_by(table.c.document_id)
        async with self._database.read() as connection:
            return {row.document_id: row.times for row in (await connection.execute(query)).all()}

    async def by_number(self, arrival_number: int, year: int) -> list[Document]:
        """The entries with this number of arrival, one for each book of incoming documents."""
        table = schema.document
        async with self._database.snapshot() as connection:
            return await documents_where(
                connection,
                and_(
                    table.c.arrival_number == arrival_number,
                    table.c.year == year,
                    table.c.direction == Direction.IN.value,
                ),
            )

    async def document(self, document_id: int) -> Document:
        """One entry; raises KeyError."""
        async with self._database.snapshot() as connection:
            found = await documents_where(connection, schema.document.c.id == document_id)
        if not found:
            raise KeyError(document_id)
        return found[0]

    async def story(self, mail_id: int) -> Story:
        """The whole story of a mail; raises KeyError."""
        async with self._database.snapshot() as connection:
            return await story_of(connection, mail_id)

    async def set_aside(self, *, sealed: bool = False, refused_since: datetime | None = None) -> list[SetAside]:
        """Held and dead mails and those that wait for something outside, oldest first.

        With those that were `sealed`, and those refused since a moment, where that is wanted.
        """
        async with self._database.snapshot() as connection:
            return await quarantine.set_aside(connection, sealed=sealed, refused_since=refused_since)

    async def outbox(self, *, open_only: bool, limit: int = 200) -> list[Notice]:
        """Notices, newest first; `open_only` leaves out the sent ones, unless they are reported as failed."""
        table = schema.outbox
        is_open = or_(
            table.c.stage != NoticeStage.SENT.value, table.c.delivery.in_([state.value for state in _NOT_ARRIVED])
        )
        query = select(table).where(is_open) if open_only else select(table)
        async with self._database.snapshot() as connection:
            rows = (await connection.execute(query.order_by(table.c.id.desc()).limit(limit))).all()
        return [notice_of(row) for row in rows]

    async def notice(self, notice_id: int) -> Notice:
        """One notice; raises KeyError."""
        async with self._database.snapshot() as connection:
            found = await notices_where(connection, schema.outbox.c.id == notice_id)
        if not found:
            raise KeyError(notice_id)
        return found[0]

    async def counts(self) -> Mapping[tuple[str, str], int]:
        """How many mails and notices stand at each stage, by ("mail" | "notice" | "delivery", stage)."""
        counted: dict[tuple[str, str], int] = {}
        async with self._database.snapshot() as connection:
            for name, table in (("mail", schema.mail), ("notice", schema.outbox)):
                query = select(table.c.stage, func.count()).group_by(table.c.stage)
                counted |= {(name, stage): number for stage, number in (await connection.execute(query)).all()}
            state = schema.outbox.c.delivery
            query = select(state, func.count()).where(state.is_not(None)).group_by(state)
            counted |= {("delivery", state): number for state, number in (await connection.execute(query)).all()}
        return counted

    async def by_token(self, token: str) -> TrackedDocument | None:
        """See ports.TrackingQueries."""
        token = schema.storable(token)
        document, forwarding = schema.document.c, schema.forwarding.c
        bearing = union_all(
            select(document.id).where(document.token == token),
            select(forwarding.document_id).where(forwarding.token == token),
        )
        async with self._database.snapshot() as connection:
            found = await dockets_where(connection, document.id.in_(bearing))
            if not found:
                return None
            docket = replace(found[0], document=await as_scanned_last(connection, found[0].document))
            timeline = await public_steps(connection, docket.document)
        sendings = docket.submission.forwardings if docket.submission else ()
        return TrackedDocument(docket, timeline, next((each for each in sendings if each.token == token), None))

    async def files_of(self, token: str) -> PersonalFiles | None:
        """See ports.TrackingQueries."""
        async with self._database.snapshot() as connection:
            given = await tokens.find(connection, token)
            if given is None or given.purpose is not Purpose.FILES:
                return None
            (entered,) = await documents_where(connection, schema.document.c.id == given.document_id)
            document = await as_scanned_last(connection, entered)
        return PersonalFiles(document, given.address, given.expires_at)

    async def work(self, document_id: int) -> Work:
        """The work on a document with its history; raises KeyError."""
        async with self._database.snapshot() as connection:
            return await work_of(connection, document_id)

    async def event(self, sequence: int) -> Event | None:
        """The link of the journal with this number; None where there is none."""
        async with self._database.snapshot() as connection:
            row = (await connection.execute(select(schema.event).where(schema.event.c.sequence == sequence))).first()
        return journal.event_of(row) if row else None

    async def day_closes(self, year: int | None = None) -> list[DayClose]:
        """The days that were closed, in their order; of one year where that is given."""
        async with self._database.read() as connection:
            return await closing.closes(connection, year)

    async def audit(self) -> journal.AuditReport:
        """Check the journal's chain."""
        async with self._database.snapshot() as connection:
            return await journal.verify(connection)
