"""Recalled documents: their content goes, of their entry stays what shows that it was there.

The receiver of a recalled electronic document destroys it with its metadata and keeps those of the recall itself (Nghị
định 30/2020/NĐ-CP Điều 18 khoản 4, Phụ lục VI).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.model.document import Document
from gateway.model.mail import Mail
from gateway.model.notice import NoticeKind, NoticeStage
from gateway.model.seal import DestructionCause, Trace
from gateway.store import schema
from gateway.store.dockets import keys_apart
from gateway.store.rows import mail_of
from gateway.store.seals import SealUnit, copies_of, is_used, proofs_of, spoke_of
from gateway.store.search_index import index_documents
from gateway.store.statements import UNLEASED, upsert

_OF_THE_MAIL = (schema.parsed_mail, schema.part, schema.verdict)
_CLEARED = ("abstract", "superior", "signer", "capacity", "addressee", "recipients", "reply_by")
_RECALLED = "văn bản đã được thu hồi"


class TombstoneUnit(SealUnit):
    """The part of ports.Unit that is about recalled documents."""

    async def entomb(self, document: Document, note: str, at: datetime) -> tuple[str, ...]:
        """See ports.Unit."""
        connection = self._connection
        mails = await _brought_by(connection, document)
        notices = await _notices_about(connection, document, mails)
        parts = {mail.id: await _parts_of(connection, mail) for mail in mails}
        copies = {mail.id: await copies_of(connection, mail) for mail in mails}
        proofs = {sha256 for mail in mails for sha256 in await proofs_of(connection, mail)}
        contents = {file.sha256 for file in document.files} | {mail.raw.sha256 for mail in mails}
        await _clear(connection, document, note, at)
        for mail in mails:
            row = {"mail_id": mail.id, "cause": DestructionCause.RECALLED.value, "at": at}
            await upsert(connection, schema.destruction, [row], ["mail_id"])
            for table in _OF_THE_MAIL:
                await connection.execute(delete(table).where(table.c.mail_id == mail.id))
            await connection.execute(update(schema.mail).where(schema.mail.c.id == mail.id).values(last_error=None))
        of_others = await _of_other_documents(connection, {sha256 for found in parts.values() for sha256 in found})
        gone = contents | {sha256 for found in parts.values() for sha256 in found} - of_others
        await _forget_contents(connection, gone)
        gone |= {sha256 for sha256 in proofs if not await is_used(connection, sha256)}
        gone |= {row.rendered_sha256 for row in notices if row.rendered_sha256 is not None}
        await _silence(connection, document, notices, at)
        for name in sorted(gone):
            await self.owe_removal(document.source, Trace.BLOB, name, at)
        for name in sorted(_TOUCHED):
            await self.owe_removal(document.source, Trace.TABLE, name, at)
        for mail in mails:
            for name in sorted(copies[mail.id]):
                await self.owe_removal(mail.id, Trace.MAILBOX, name, at)
        return tuple(sorted(contents))


_TOUCHED = (
    *(table.name for table in _OF_THE_MAIL),
    *(table.name for table in (schema.document, schema.search, schema.file, schema.evidence, schema.correction)),
    *(table.name for table in (schema.blob_fact, schema.scan, schema.proof, schema.outbox)),
)


async def _brought_by(connection: AsyncConnection, document: Document) -> list[Mail]:
    """The mail that brought it, and those that brought the same again."""
    again = select(schema.repeat.c.mail_id).where(schema.repeat.c.document_id == document.id)
    table = schema.mail
    query = select(table).where(or_(table.c.id == document.source, table.c.id.in_(again))).order_by(table.c.id)
    return [mail_of(row) for row in (await connection.execute(query)).all()]


async def _parts_of(connection: AsyncConnection, mail: Mail) -> set[str]:
    query = select(schema.part.c.sha256).where(schema.part.c.mail_id == mail.id)
    return {sha256 for sha256 in (await connection.execute(query)).scalars() if sha256 is not None}


async def _of_other_documents(connection: AsyncConnection, contents: set[str]) -> set[str]:
    """What of the same mails belongs to documents that stand."""
    query = select(schema.file.c.sha256).where(schema.file.c.sha256.in_(contents)).distinct()
    return set((await connection.execute(query)).scalars())


async def _clear(connection: AsyncConnection, document: Document, note: str, at: datetime) -> None:
    """What the document says leaves the register; number, notation, day, type and issuer stay."""
    for table in (schema.file, schema.evidence):
        await connection.execute(delete(table).where(table.c.document_id == document.id))
    correction, row = schema.correction, schema.document
    corrected = update(correction).where(correction.c.document_id == document.id)
    await connection.execute(corrected.values(old=None, new=None))
    kept = {name: sure for name, sure in document.header.confidence.items() if name not in _CLEARED}
    values: dict[str, Any] = dict.fromkeys(_CLEARED)
    values |= {"confidence": kept, "note": note, "purged_at": at, **keys_apart(document)}
    await connection.execute(update(row).where(row.c.id == document.id).values(values))
    await index_documents(connection, [document.id])
    token = schema.thread_token
    await connection.execute(update(token).where(token.c.document_id == document.id).values(order=None))


async def _forget_contents(connection: AsyncConnection, contents: set[str]) -> None:
    """What was read from files that nobody else has."""
    own = [sha256 for sha256 in sorted(contents) if not await is_used(connection, sha256)]
    for table in (schema.blob_fact, schema.scan):
        await connection.execute(delete(table).where(table.c.sha256.in_(own)))
    await connection.execute(delete(schema.proof).where(schema.proof.c.file_sha256.in_(own)))


async def _notices_about(connection: AsyncConnection, document: Document, mails: Sequence[Mail]) -> list[Any]:
    """Notices that quote the document, or a mail that brought it; not what those mails' other documents caused."""
    table, token = schema.outbox, schema.thread_token
    ids = [mail.id for mail in mails]
    bore = select(token.c.message_id).where(token.c.document_id == document.id)
    query = select(table).where(or_(table.c.message_id.in_(bore), table.c.mail_id.in_(ids)))
    rows = (await connection.execute(query.where(table.c.kind != NoticeKind.ALARM.value))).all()
    found = [row for row in rows if not row.document_ids or document.id in row.document_ids]
    others = {row.id for mail in mails for row in await spoke_of(connection, mail)} - {row.id for row in rows}
    return [*found, *(await connection.execute(select(table).where(table.c.id.in_(others)))).all()]


async def _silence(connection: AsyncConnection, document: Document, notices: Sequence[Any], at: datetime) -> None:
    """What speaks of this document alone is not sent any more; what speaks of others too is made anew without it."""
    table = schema.outbox
    unmade: dict[str, Any] = {"rendered_sha256": None, "attached": [], **UNLEASED}
    anew = unmade | {"stage": NoticeStage.OWED.value, "due_at": at, "attempts": 0}
    ended = unmade | {"stage": NoticeStage.FAILED.value, "last_error": _RECALLED, "facts": {}}
    changes: dict[int, dict[str, Any]] = {}
    for row in notices:
        alone = set(row.document_ids) <= {document.id} and row.kind != NoticeKind.QUARANTINE_DIGEST.value
        if row.stage in {NoticeStage.OWED.value, NoticeStage.READY.value}:
            changes[row.id] = ended if alone else anew
        elif row.stage == NoticeStage.FAILED.value:
            changes[row.id] = unmade | {"facts": {}}
        else:
            changes[row.id] = {"facts": {}}
    for notice_id, values in sorted(changes.items()):
        await connection.execute(update(table).where(table.c.id == notice_id).values(values))
