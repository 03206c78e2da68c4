"""The store as handlers see it: units that write, claims, and the reads they need."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.model.authentication import Authentication
from gateway.model.day_close import DayClose
from gateway.model.directory import Directory, Party
from gateway.model.docket import Docket, DocumentState
from gateway.model.document import Direction, Document, Link
from gateway.model.facts import Engine, FileFacts, Scan
from gateway.model.header import Evidence
from gateway.model.journal import Event, JournalHead
from gateway.model.mail import Envelope, Mail, StoredBlob, Transport
from gateway.model.notice import Notice
from gateway.model.outage import Outage
from gateway.model.part import ParsedMail
from gateway.model.seal import Remainder, Seal, Trace
from gateway.model.timer import DueTimer
from gateway.model.token import ThreadToken
from gateway.model.tracking import TimelineStep
from gateway.model.verdict import Verdict
from gateway.ports import Acceptance, Claim
from gateway.store import closing, directory, journal, quarantine, scans, schema, seals, timers, tokens
from gateway.store.codec import load
from gateway.store.database import Database
from gateway.store.dockets import dockets_where, document_forwarded_as, evidence_of
from gateway.store.intake import Intake
from gateway.store.paper import paper_owed
from gateway.store.register import Register, documents_where
from gateway.store.rows import mail_of, notice_of
from gateway.store.search_index import forget_changes
from gateway.store.steps import all_steps
from gateway.store.story import links_of
from gateway.store.unit import SqlUnit

_GONE = (DocumentState.VOIDED.value, DocumentState.RECALLED.value)
_WORKING = text(f"stage IN ({schema.working_stages})")
_MANY_PARTS = 100
_IDS_AT_ONCE = 500
_LIMITED = (Transport.SMTP.value, Transport.LMTP.value, Transport.IMAP.value)
_OPEN_NOTICE = text("stage IN ('owed', 'ready')")


class SqlStore:
    """Implements ports.Store on a Database."""

    def __init__(self, database: Database, first_numbers: dict[tuple[str, int], int] | None = None) -> None:
        self.database = database
        self._register = Register(first_numbers or {})
        self._intake = Intake(database)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[SqlUnit]:
        """See ports.Store."""
        async with self.database.write() as connection:
            unit = SqlUnit(connection, self._register)
            yield unit
            await journal.append(connection, unit.events)

    async def accept(self, envelope: Envelope, raw: StoredBlob, received_at: datetime) -> Mail:
        """See ports.Store."""
        return await self._intake.accept(envelope, raw, received_at)

    async def claim_mails(self, claim: Claim) -> list[Mail]:
        """See ports.Store."""
        return [mail_of(row) for row in await self._claim(schema.mail, _WORKING, claim)]

    async def claim_notices(self, claim: Claim) -> list[Notice]:
        """See ports.Store."""
        return [notice_of(row) for row in await self._claim(schema.outbox, _OPEN_NOTICE, claim)]

    async def _claim(self, table: Table, open_rows: Any, claim: Claim) -> Sequence[Any]:
        due = or_(table.c.due_at <= claim.now, table.c.due_at > claim.horizon)
        free = or_(table.c.lease_until.is_(None), table.c.lease_until <= claim.now, table.c.lease_until > claim.horizon)
        wanted = select(table.c.id).where(open_rows, due, free)
        # Looking costs no lock; only a find is worth a writing transaction.
        async with self.database.read() as connection:
            if (await connection.execute(wanted.limit(1))).first() is None:
                return []
        longest = wanted.order_by(table.c.due_at, table.c.id).limit(claim.limit).with_for_update(skip_locked=True)
        taken = update(table).where(table.c.id.in_(longest))
        taken = taken.values(lease_owner=claim.owner, lease_until=claim.until)
        async with self.database.write() as connection:
            return sorted((await connection.execute(taken.returning(table))).all(), key=lambda row: row.id)

    async def due_timers(self, now: datetime, limit: int) -> list[DueTimer]:
        """See ports.Store."""
        async with self.database.read() as connection:
            return await timers.due(connection, now, limit)

    async def docket(self, document_id: int) -> Docket:
        """See ports.Store."""
        return (await self.dockets([document_id]))[0]

    async def dockets(self, ids: Sequence[int]) -> tuple[Docket, ...]:
        """See ports.Store."""
        async with self.database.snapshot() as connection:
            found = {
                docket.document.id: docket for docket in await dockets_where(connection, schema.document.c.id.in_(ids))
            }
        return tuple(found[document_id] for document_id in ids)

    async def steps(self, document_id: int) -> tuple[TimelineStep, ...]:
        """See ports.Store."""
        async with self.database.snapshot() as connection:
            found = await documents_where(connection, schema.document.c.id == document_id)
            if not found:
                raise KeyError(document_id)
            return await all_steps(connection, found[0])

    async def forwarded_as(self, token: str) -> Docket | None:
        """See ports.Store."""
        async with self.database.snapshot() as connection:
            document_id = await document_forwarded_as(connection, token)
            if document_id is None:
                return None
            (docket,) = await dockets_where(connection, schema.document.c.id == document_id)
        return docket

    async def tokens_with(self, message_id: str) -> list[ThreadToken]:
        """See ports.Store."""
        async with self.database.read() as connection:
            return await tokens.borne_by(connection, message_id)

    async def token(self, token: str) -> ThreadToken | None:
        """See ports.Store."""
        async with self.database.read() as connection:
            return await tokens.find(connection, token)

    async def renew(self, owner: str, mails: Sequence[int], notices: Sequence[int], until: datetime) -> None:
        """See ports.Store."""
        async with self.database.write() as connection:
            for table, ids in ((schema.mail, mails), (schema.outbox, notices)):
                held = update(table).where(table.c.id.in_(ids), table.c.lease_owner == owner)
                await connection.execute(held.values(lease_until=until))

    async def free_leases(self, owner: str) -> None:
        """See ports.Store."""
        async with self.database.write() as connection:
            for table in (schema.mail, schema.outbox):
                freed = update(table).where(table.c.lease_owner == owner)
                await connection.execute(freed.values(lease_owner=None, lease_until=None))

    async def next_due(self) -> datetime | None:
        """See ports.Store."""
        moments = []
        async with self.database.read() as connection:
            for table, open_rows in ((schema.mail, _WORKING), (schema.outbox, _OPEN_NOTICE)):
                at = func.coalesce(table.c.lease_until, table.c.due_at)
                query = select(func.min(at, type_=schema.Moment())).select_from(table).where(open_rows)
                moments.append((await connection.execute(query)).scalar())
            timer = schema.timer
            query = select(func.min(timer.c.look_at)).where(timer.c.fired_at.is_(None))
            moments.append((await connection.execute(query)).scalar())
        known = [moment for moment in moments if moment is not None]
        return min(known) if known else None

    async def mail(self, mail_id: int) -> Mail:
        """See ports.Store."""
        row = await self._first(schema.mail, schema.mail.c.id == mail_id)
        if row is None:
            raise KeyError(mail_id)
        return mail_of(row)

    async def parsed(self, mail_id: int) -> ParsedMail | None:
        """See ports.Store."""
        parts = select(schema.part).where(schema.part.c.mail_id == mail_id).order_by(schema.part.c.position)
        async with self.database.snapshot() as connection:
            row = await _first(connection, schema.parsed_mail, schema.parsed_mail.c.mail_id == mail_id)
            if row is None:
                return None
            found = [dict(part) for part in (await connection.execute(parts)).mappings()]
        for part in found:
            del part["mail_id"], part["position"]
        data = dict(row.data) | {"parts": found}
        # Thousands of parts are more than the event loop should stop for.
        return load(ParsedMail, data) if len(found) < _MANY_PARTS else await asyncio.to_thread(load, ParsedMail, data)

    async def facts(self, contents: Sequence[str]) -> dict[str, FileFacts]:
        """See ports.Store."""
        table = schema.blob_fact
        query = select(table.c.sha256, table.c.facts).where(table.c.sha256.in_(contents))
        async with self.database.read() as connection:
            rows = (await connection.execute(query)).all()
        return {row.sha256: load(FileFacts, row.facts) for row in rows}

    async def scans(self, contents: Sequence[str]) -> dict[str, Scan]:
        """See ports.Store."""
        async with self.database.read() as connection:
            return await scans.scans_of(connection, contents)

    async def outdated_scans(self, engine: Engine, unscanned_before: datetime, limit: int) -> list[str]:
        """See ports.Store."""
        async with self.database.read() as connection:
            return await scans.outdated(connection, engine, unscanned_before, limit)

    async def set_aside_with(self, sha256: str) -> list[Mail]:
        """See ports.Store."""
        async with self.database.read() as connection:
            return await scans.set_aside_with(connection, sha256)

    async def paper_owed(self, *, overdue_at: datetime | None = None) -> list[Document]:
        """See ports.Store."""
        async with self.database.snapshot() as connection:
            return await paper_owed(connection, overdue_at)

    async def documents_with(self, sha256: str) -> list[Document]:
        """See ports.Store."""
        async with self.database.snapshot() as connection:
            return await scans.documents_with(connection, sha256)

    async def outage(self, service: str) -> Outage | None:
        """See ports.Store."""
        async with self.database.read() as connection:
            return await scans.outage_of(connection, service)

    async def waiting(self, before: datetime) -> list[Mail]:
        """See ports.Store."""
        async with self.database.read() as connection:
            return await quarantine.waiting(connection, before)

    async def count_sealed(self) -> int:
        """See ports.Store."""
        async with self.database.read() as connection:
            return await quarantine.count_sealed(connection)

    async def last_event(self, mail_id: int, kinds: Sequence[str]) -> Event | None:
        """See ports.Store."""
        async with self.database.read() as connection:
            return await quarantine.last_event(connection, mail_id, kinds)

    async def journal_head(self) -> JournalHead:
        """See ports.Store."""
        async with self.database.read() as connection:
            row = (await connection.execute(select(schema.journal_head))).one()
        return JournalHead(row.sequence, row.hash)

    async def last_close(self) -> DayClose | None:
        """See ports.Store."""
        async with self.database.read() as connection:
            return await closing.last_close(connection)

    async def first_event_at(self) -> datetime | None:
        """See ports.Store."""
        async with self.database.read() as connection:
            return await closing.first_event_at(connection)

    async def waived(self, mail_id: int) -> frozenset[str]:
        """See ports.Store."""
        rows = await self._all(schema.waiver, schema.waiver.c.mail_id == mail_id)
        return frozenset(row.rule for row in rows)

    async def verdict(self, mail_id: int) -> Verdict | None:
        """See ports.Store."""
        row = await self._first(schema.verdict, schema.verdict.c.mail_id == mail_id)
        return load(Verdict, row.data) if row else None

    async def registered_as(
        self, content_key: str, identifier_key: str | None, exchange_id: str | None = None
    ) -> list[Document]:
        """See ports.Store."""
        table = schema.document
        same = table.c.content_key == content_key
        if identifier_key is not None:
            same = or_(same, table.c.identifier_key == identifier_key)
        if exchange_id is not None:
            same = or_(same, table.c.exchange_id == exchange_id)
        async with self.database.read() as connection:
            return await documents_where(connection, and_(same, *_standing(Direction.IN)))

    async def issued_as(self, content_key: str) -> list[Document]:
        """See ports.Store."""
        same = schema.document.c.content_key == content_key
        async with self.database.read() as connection:
            return await documents_where(connection, and_(same, *_standing(Direction.OUT)))

    async def evidence(self, document_id: int) -> dict[str, Evidence]:
        """See ports.Store."""
        async with self.database.read() as connection:
            return await evidence_of(connection, document_id)

    async def links(self, document_id: int) -> tuple[Link, ...]:
        """See ports.Store."""
        async with self.database.read() as connection:
            return await links_of(connection, document_id)

    async def documents(self, ids: Sequence[int]) -> tuple[Document, ...]:
        """See ports.Store."""
        async with self.database.read() as connection:
            found = {
                document.id: document for document in await documents_where(connection, schema.document.c.id.in_(ids))
            }
        return tuple(found[document_id] for document_id in ids)

    async def authentication(self, mail_id: int) -> Authentication | None:
        """See ports.Store."""
        row = await self._first(schema.authentication, schema.authentication.c.mail_id == mail_id)
        return load(Authentication, row.data) if row else None

    async def party_of(self, address: str) -> Party | None:
        """See ports.Store."""
        async with self.database.read() as connection:
            return await directory.party_of(connection, address)

    async def directory(self) -> Directory:
        """See ports.Store."""
        async with self.database.snapshot() as connection:
            return await directory.whole(connection)

    async def own_directory(self) -> Directory:
        """See ports.Store."""
        async with self.database.snapshot() as connection:
            return await directory.whole(connection, own=True)

    async def notices_with(self, message_ids: Sequence[str], tokens: Sequence[str] = ()) -> list[Notice]:
        """See ports.Store."""
        if not message_ids and not tokens:
            return []
        table = schema.outbox
        rows = await self._all(table, or_(table.c.message_id.in_(message_ids), table.c.token.in_(tokens)))
        return sorted((notice_of(row) for row in rows), key=lambda notice: notice.id)

    async def taken(self, transport: Transport, transport_ids: Sequence[str]) -> set[str]:
        """See ports.Store."""
        found: set[str] = set()
        async with self.database.read() as connection:
            for start in range(0, len(transport_ids), _IDS_AT_ONCE):
                some = transport_ids[start : start + _IDS_AT_ONCE]
                for table in (schema.mail, schema.mail_copy):
                    mine = (table.c.transport == transport.value, table.c.transport_id.in_(some))
                    found.update((await connection.execute(select(table.c.transport_id).where(*mine))).scalars())
        return found

    async def same_bytes(self, transport: Transport, sha256: str) -> Mail | None:
        """See ports.Store."""
        table = schema.mail
        same = select(table).where(table.c.raw_sha256 == sha256, table.c.transport == transport.value)
        async with self.database.read() as connection:
            row = (await connection.execute(same.order_by(table.c.id).limit(1))).first()
        return mail_of(row) if row else None

    async def accepted_since(self, since: datetime) -> list[Acceptance]:
        """See ports.Store."""
        table = schema.mail
        query = select(table.c.received_at, table.c.mail_from, table.c.peer, table.c.raw_size)
        recent = (table.c.received_at > since, table.c.transport.in_(_LIMITED))
        async with self.database.read() as connection:
            rows = (await connection.execute(query.where(*recent).order_by(table.c.id))).all()
        return [Acceptance(row.received_at, row.mail_from, row.peer, row.raw_size) for row in rows]

    async def seal(self, mail_id: int) -> Seal | None:
        """See ports.Store."""
        async with self.database.read() as connection:
            return await seals.seal_of(connection, mail_id)

    async def seal_of_bytes(self, sha256: str) -> Seal | None:
        """See ports.Store."""
        async with self.database.read() as connection:
            return await seals.seal_of_bytes(connection, sha256)

    async def is_used(self, sha256: str) -> bool:
        """See ports.Store."""
        async with self.database.read() as connection:
            return await seals.is_used(connection, sha256)

    async def remainders(
        self,
        traces: Sequence[Trace],
        limit: int,
        *,
        due: datetime | None = None,
        mail_id: int | None = None,
        prefix: str = "",
    ) -> list[Remainder]:
        """See ports.Store."""
        async with self.database.read() as connection:
            return await seals.remainders(connection, traces, limit, due, mail_id, prefix)

    async def wipe(self, tables: Sequence[str], since: datetime) -> bool:
        """See ports.Store."""
        if schema.search.name in tables:
            await forget_changes(self.database)
        return await self.database.wipe(tables, since)

    async def _first(self, table: Table, condition: ColumnElement[bool]) -> Any:
        async with self.database.read() as connection:
            return await _first(connection, table, condition)

    async def _all(self, table: Table, condition: ColumnElement[bool]) -> Sequence[Any]:
        async with self.database.read() as connection:
            return (await connection.execute(select(table).where(condition))).all()


def _standing(direction: Direction) -> tuple[ColumnElement[bool], ...]:
    """Documents that went or came this way and that are in the register for what they say."""
    table = schema.document.c
    return table.direction == direction.value, table.state.not_in(_GONE)


async def _first(connection: AsyncConnection, table: Table, condition: ColumnElement[bool]) -> Any:
    return (await connection.execute(select(table).where(condition))).first()
