"""Scans by content: which may be renewed, what they are about, and the scanner's outages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, or_, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.model.document import Document
from gateway.model.facts import Engine, Scan, ScanVerdict
from gateway.model.mail import Mail, MailStage
from gateway.model.outage import Outage
from gateway.store import schema
from gateway.store.register import documents_where
from gateway.store.rows import mail_of, scan_of
from gateway.store.statements import insert_into, upsert

_S = schema.scan
_IN_FLIGHT = (MailStage.PARSED.value, MailStage.INSPECTED.value, MailStage.JUDGED.value, MailStage.HELD.value)


class ScanUnit:
    """The part of ports.Unit that is about scans."""

    _connection: AsyncConnection

    async def keep_scans(self, scans: Mapping[str, Scan], at: datetime) -> None:
        """See ports.Unit."""
        rows = [
            {
                "sha256": sha256,
                "verdict": scan.verdict.value,
                "engine": scan.engine,
                "name": scan.name,
                "signatures": scan.signatures,
                "scanned_at": at,
            }
            for sha256, scan in sorted(scans.items())
        ]
        if not rows:
            return
        new = insert_into(self._connection, _S)
        rest = {column: new.excluded[column] for column in rows[0] if column != "sha256"}
        numbers = (_S.c.signatures, new.excluded.signatures)
        not_older = or_(*(number.is_(None) for number in numbers), numbers[1] >= numbers[0])
        await self._connection.execute(
            new.on_conflict_do_update(index_elements=["sha256"], set_=rest, where=not_older), rows
        )

    async def outage(self, service: str) -> Outage | None:
        """See ports.Unit."""
        return await outage_of(self._connection, service, lock=True)

    async def keep_outage(self, outage: Outage) -> None:
        """See ports.Unit."""
        row = {
            "service": outage.service,
            "since": outage.since,
            "reason": outage.reason,
            "told_at": outage.told_at,
        }
        await upsert(self._connection, schema.outage, [row], ["service"])

    async def end_outage(self, service: str) -> None:
        """See ports.Unit."""
        await self._connection.execute(delete(schema.outage).where(schema.outage.c.service == service))


async def outage_of(connection: AsyncConnection, service: str, *, lock: bool = False) -> Outage | None:
    """The outage of a service that lasts, or None."""
    query = select(schema.outage).where(schema.outage.c.service == service)
    row = (await connection.execute(query.with_for_update() if lock else query)).first()
    return Outage(row.service, row.since, row.reason, row.told_at) if row else None


async def scans_of(connection: AsyncConnection, contents: Sequence[str]) -> dict[str, Scan]:
    """The scans known, by SHA-256."""
    rows = (await connection.execute(select(_S).where(_S.c.sha256.in_(contents)))).all()
    return {row.sha256: scan_of(row) for row in rows}


async def outdated(connection: AsyncConnection, engine: Engine, unscanned_before: datetime, limit: int) -> list[str]:
    """See ports.Store."""
    worth = or_(
        and_(_S.c.verdict == ScanVerdict.NOT_SCANNED.value, _S.c.scanned_at < unscanned_before),
        and_(_S.c.verdict != ScanVerdict.NOT_SCANNED.value, _older_than(engine)),
    )
    in_flight = union(_of_mails(), _of_parts(), _of_open_documents()).subquery()
    query = select(_S.c.sha256).where(worth, _S.c.sha256.in_(select(in_flight))).order_by(_S.c.scanned_at, _S.c.sha256)
    return list((await connection.execute(query.limit(limit))).scalars())


def _older_than(engine: Engine) -> ColumnElement[bool]:
    """Of signatures without a number nothing is known but whose they are."""
    other = _S.c.engine != engine.name
    if engine.signatures is None:
        return and_(_S.c.signatures.is_(None), other)
    return or_(
        _S.c.signatures.is_(None),
        _S.c.signatures < engine.signatures,
        and_(_S.c.signatures == engine.signatures, other),
    )


def _of_mails() -> Select[Any]:
    return select(schema.mail.c.raw_sha256.label("sha256")).where(schema.mail.c.stage.in_(_IN_FLIGHT))


def _of_parts() -> Select[Any]:
    part, mail = schema.part, schema.mail
    joined = part.join(mail, mail.c.id == part.c.mail_id)
    return select(part.c.sha256).select_from(joined).where(mail.c.stage.in_(_IN_FLIGHT), part.c.sha256.is_not(None))


def _of_open_documents() -> Select[Any]:
    file, document = schema.file, schema.document
    joined = file.join(document, document.c.id == file.c.document_id)
    return select(file.c.sha256).select_from(joined).where(schema.work_is_open)


async def set_aside_with(connection: AsyncConnection, sha256: str) -> list[Mail]:
    """See ports.Store."""
    mail, part = schema.mail, schema.part
    bringing = select(part.c.mail_id).where(part.c.sha256 == sha256, part.c.mail_id == mail.c.id)
    query = select(mail).where(
        mail.c.stage.in_((MailStage.HELD.value, MailStage.JUDGED.value)),
        or_(mail.c.raw_sha256 == sha256, bringing.exists()),
    )
    return [mail_of(row) for row in (await connection.execute(query.order_by(mail.c.id))).all()]


async def documents_with(connection: AsyncConnection, sha256: str) -> list[Document]:
    """See ports.Store."""
    having = select(schema.file.c.document_id).where(schema.file.c.sha256 == sha256)
    return await documents_where(connection, schema.document.c.id.in_(having))


async def as_scanned_last(connection: AsyncConnection, document: Document) -> Document:
    """The document with the newest scan of each file in place of the one at its entry."""
    known = await scans_of(connection, [file.sha256 for file in document.files])
    files = tuple(replace(file, scan=known.get(file.sha256, file.scan)) for file in document.files)
    return replace(document, files=files)
