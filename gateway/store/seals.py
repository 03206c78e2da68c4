"""Seals, and the destruction of what mails brought: rows at once, the bytes and the copies elsewhere soon after.

While a mail is in `destruction`, nothing of its content is anybody's but what other mails brought as well. What is
still to be removed stands in `remainder` until it is gone, so that no crash forgets it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, Table, and_, cast, delete, exists, func, not_, or_, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.model.facts import Secrecy
from gateway.model.mail import Mail, StoredBlob, Transport
from gateway.model.notice import NoticeKind, NoticeStage
from gateway.model.seal import DestructionCause, Remainder, Seal, Trace
from gateway.store import schema
from gateway.store.rows import mail_of
from gateway.store.statements import ERROR_LENGTH, UNLEASED, upsert

_OF_THE_MAIL = (schema.parsed_mail, schema.part, schema.verdict, schema.filing)
_OPEN = (NoticeStage.OWED.value, NoticeStage.READY.value)
_QUOTING = tuple(
    kind.value for kind in (NoticeKind.QUARANTINE_DIGEST, NoticeKind.TRANSCRIPT, NoticeKind.CONFIRM, NoticeKind.DIGEST)
)
"""Kinds that quote other mails than their own; once one of those is destroyed, they are without their facts."""
_DESTROYED = "nội dung thư đã được hủy"


class SealUnit:
    """The part of ports.Unit that is about seals and destruction."""

    _connection: AsyncConnection

    async def keep_seal(self, seal: Seal) -> None:
        """See ports.Unit."""
        values = {
            "mail_id": seal.mail_id,
            "sealed_at": seal.sealed_at,
            "level": seal.level.value if seal.level else None,
            "author": seal.author,
            "proved": seal.proved,
            "sealed_sha256": seal.sealed.sha256,
            "sealed_size": seal.sealed.size,
            "certificate": seal.certificate,
            "holder": seal.holder,
            "opened_at": seal.opened_at,
            "opened_by": seal.opened_by,
        }
        await upsert(self._connection, schema.seal, [values], ["mail_id"])

    async def is_destroyed(self, mail_id: int) -> bool:
        """See ports.Unit."""
        table = schema.mail
        await self._connection.execute(select(table.c.id).where(table.c.id == mail_id).with_for_update())
        query = select(schema.destruction.c.mail_id).where(schema.destruction.c.mail_id == mail_id)
        return (await self._connection.execute(query)).first() is not None

    async def destroy(self, mail: Mail, cause: DestructionCause, at: datetime) -> None:
        """See ports.Unit."""
        connection = self._connection
        brought = select(schema.document.c.id).where(schema.document.c.mail_id == mail.id)
        if (await connection.execute(brought.limit(1))).first() is not None:
            raise ValueError(f"{mail.label} brought documents of the register")
        values = {"mail_id": mail.id, "cause": cause.value, "at": at}
        blobs = await _blobs_of(connection, mail, cause)
        copies, proofs = await copies_of(connection, mail), await proofs_of(connection, mail)
        await upsert(connection, schema.destruction, [values], ["mail_id"])
        spoke = await spoke_of(connection, mail)
        blobs |= {row.rendered_sha256 for row in spoke if row.rendered_sha256 is not None}
        touched = await _delete_rows(connection, mail, cause, sorted(blobs))
        if await _unmake(connection, spoke, at):
            touched.add(schema.outbox.name)
        blobs |= {sha256 for sha256 in proofs if not await is_used(connection, sha256)}
        for trace, names in ((Trace.BLOB, blobs), (Trace.TABLE, touched), (Trace.MAILBOX, copies)):
            for name in sorted(names):
                await self.owe_removal(mail.id, trace, name, at)

    async def owe_removal(self, mail_id: int, trace: Trace, name: str, at: datetime) -> None:
        """See ports.Unit."""
        row = {"mail_id": mail_id, "trace": trace.value, "name": name, "since": at, "due_at": at}
        await upsert(self._connection, schema.remainder, [row], ["mail_id", "trace", "name"])

    async def has_remainders(self, mail_id: int) -> bool:
        """See ports.Unit."""
        query = select(schema.remainder.c.id).where(schema.remainder.c.mail_id == mail_id).limit(1)
        return (await self._connection.execute(query)).first() is not None

    async def removed(self, remainder: Remainder) -> None:
        """See ports.Unit."""
        await self._connection.execute(delete(schema.remainder).where(schema.remainder.c.id == remainder.id))

    async def postpone_removal(self, remainder: Remainder, due: datetime, error: str) -> None:
        """See ports.Unit."""
        table = schema.remainder
        changed = update(table).where(table.c.id == remainder.id)
        values = {"due_at": due, "attempts": table.c.attempts + 1, "last_error": error[:ERROR_LENGTH]}
        await self._connection.execute(changed.values(values))

    async def restore(self, mail_id: int, actor: str, at: datetime) -> None:
        """See ports.Unit."""
        for table in (schema.destruction, schema.remainder):
            await self._connection.execute(delete(table).where(table.c.mail_id == mail_id))
        table = schema.seal
        opened = update(table).where(table.c.mail_id == mail_id)
        await self._connection.execute(opened.values(opened_at=at, opened_by=actor))


async def _blobs_of(connection: AsyncConnection, mail: Mail, cause: DestructionCause) -> set[str]:
    """The raw mail, its parts, and the notices that spoke of it; when nothing is to remain, the encrypted copy too.

    Alarms quote nothing of a mail, and people are still to hear of them.
    """
    part, outbox = schema.part, schema.outbox
    queries = [
        select(part.c.sha256).where(part.c.mail_id == mail.id),
        select(outbox.c.rendered_sha256).where(outbox.c.mail_id == mail.id, outbox.c.kind != NoticeKind.ALARM.value),
    ]
    if cause is DestructionCause.PURGED:
        queries.append(select(schema.seal.c.sealed_sha256).where(schema.seal.c.mail_id == mail.id))
    found = (await connection.execute(union_all(*queries))).scalars()
    return {mail.raw.sha256, *(sha256 for sha256 in found if sha256 is not None)}


async def proofs_of(connection: AsyncConnection, mail: Mail) -> Sequence[str]:
    """What the signatures of its parts were judged by."""
    part, proof = schema.part, schema.proof
    own = select(part.c.sha256).where(part.c.mail_id == mail.id)
    query = select(proof.c.sha256).where(proof.c.file_sha256.in_(own)).distinct()
    return (await connection.execute(query.order_by(proof.c.sha256))).scalars().all()


async def copies_of(connection: AsyncConnection, mail: Mail) -> set[str]:
    """Where in mailboxes the mail, and the same bytes again, came from."""
    copy, imap = schema.mail_copy, Transport.IMAP
    query = select(copy.c.transport_id).where(copy.c.mail_id == mail.id, copy.c.transport == imap.value)
    copies = set((await connection.execute(query)).scalars())
    return copies | {mail.envelope.transport_id} if mail.envelope.transport is imap else copies


async def _delete_rows(
    connection: AsyncConnection, mail: Mail, cause: DestructionCause, blobs: Sequence[str]
) -> set[str]:
    """The names of the tables that lost something."""
    touched: set[str] = set()

    async def note(table: Table, statement: Any) -> None:
        if (await connection.execute(statement)).rowcount:
            touched.add(table.name)

    for table in _OF_THE_MAIL:
        await note(table, delete(table).where(table.c.mail_id == mail.id))
    if cause is DestructionCause.PURGED:
        # A sealed mail that turns out to be none is judged by what its sender could prove then.
        table = schema.authentication
        await note(table, delete(table).where(table.c.mail_id == mail.id))
    if mail.last_error:
        await note(schema.mail, update(schema.mail).where(schema.mail.c.id == mail.id).values(last_error=None))
    own = [sha256 for sha256 in blobs if not await is_used(connection, sha256)]
    for table in (schema.blob_fact, schema.scan):
        await note(table, delete(table).where(table.c.sha256.in_(own)))
    await note(schema.proof, delete(schema.proof).where(schema.proof.c.file_sha256.in_(own)))
    await note(schema.outbox, _silence(mail))
    await note(schema.outbox, _strip(mail))
    return touched


async def spoke_of(connection: AsyncConnection, mail: Mail) -> Sequence[Any]:
    """The notices that quote this mail among others, or beside the mail that caused them: digests, transcripts."""
    table, token = schema.outbox, schema.thread_token
    elsewhere = or_(table.c.mail_id.is_(None), table.c.mail_id != mail.id)
    bore = select(token.c.message_id).where(token.c.mail_id == mail.id)
    is_digest = table.c.kind == NoticeKind.QUARANTINE_DIGEST.value
    query = select(table.c.id, table.c.stage, table.c.rendered_sha256, table.c.facts, table.c.message_id.in_(bore))
    found = await connection.execute(
        query.where(
            elsewhere,
            or_(table.c.message_id.in_(bore), is_digest & (table.c.created_at >= mail.received_at)),
        )
    )
    return [row for row in found.all() if row[-1] or mail.id in (row.facts.get("mails") or ())]


async def _unmake(connection: AsyncConnection, spoke: Sequence[Any], at: datetime) -> bool:
    """What was not sent yet is made anew, without what is gone; of what was sent the fact remains."""
    table = schema.outbox
    by_stage = {stage: [row.id for row in spoke if row.stage == stage.value] for stage in NoticeStage}
    anew: dict[str, Any] = {
        "stage": NoticeStage.OWED.value,
        "rendered_sha256": None,
        "attached": [],
        "due_at": at,
        "attempts": 0,
    }
    changes: tuple[tuple[NoticeStage, dict[str, Any]], ...] = (
        (NoticeStage.READY, anew | UNLEASED),
        (NoticeStage.FAILED, {"rendered_sha256": None, "attached": []}),
        (NoticeStage.SENT, {"facts": {}}),
    )
    for stage, values in changes:
        await connection.execute(update(table).where(table.c.id.in_(by_stage[stage])).values(values))
    return any(by_stage[stage] for stage, _ in changes)


def _silence(mail: Mail) -> Any:
    """What was owed about the mail before is not sent any more."""
    table = schema.outbox
    open_ones = (table.c.mail_id == mail.id, table.c.stage.in_(_OPEN))
    ended = {"stage": NoticeStage.FAILED.value, "rendered_sha256": None, "last_error": _DESTROYED}
    return update(table).where(*open_ones, table.c.kind != NoticeKind.ALARM.value).values(ended | UNLEASED)


def _strip(mail: Mail) -> Any:
    table = schema.outbox
    of_the_mail = (table.c.mail_id == mail.id, table.c.kind != NoticeKind.ALARM.value)
    return update(table).where(*of_the_mail, cast(table.c.facts, String) != "{}").values(facts={})


async def is_used(connection: AsyncConnection, sha256: str) -> bool:
    """Whether anything that was not destroyed has these bytes."""
    mail, part, outbox, seal = schema.mail, schema.part, schema.outbox, schema.seal
    gone = select(schema.destruction.c.mail_id)
    purged = gone.where(schema.destruction.c.cause == DestructionCause.PURGED.value)
    users = (
        exists().where(mail.c.raw_sha256 == sha256, mail.c.id.not_in(gone)),
        exists().where(part.c.sha256 == sha256, part.c.mail_id.not_in(gone)),
        exists().where(schema.file.c.sha256 == sha256),
        exists().where(schema.proof.c.sha256 == sha256),
        exists().where(
            outbox.c.rendered_sha256 == sha256,
            or_(outbox.c.mail_id.is_(None), outbox.c.mail_id.not_in(gone)),
            not_(and_(outbox.c.kind.in_(_QUOTING), cast(outbox.c.facts, String) == "{}")),
        ),
        exists().where(seal.c.sealed_sha256 == sha256, seal.c.mail_id.not_in(purged)),
    )
    return bool((await connection.execute(select(or_(*users)))).scalar())


async def seal_of(connection: AsyncConnection, mail_id: int) -> Seal | None:
    """The seal of a mail."""
    row = (await connection.execute(select(schema.seal).where(schema.seal.c.mail_id == mail_id))).first()
    return _seal_of(row) if row else None


async def seals(connection: AsyncConnection, limit: int) -> list[tuple[Mail, Seal]]:
    """Sealed mails whose encrypted copy is there, the newest first."""
    query = closed().order_by(schema.seal.c.sealed_at.desc(), schema.seal.c.mail_id.desc()).limit(limit)
    found = [_seal_of(row) for row in (await connection.execute(query)).all()]
    ids = [seal.mail_id for seal in found]
    mails = (await connection.execute(select(schema.mail).where(schema.mail.c.id.in_(ids)))).all()
    by_id = {row.id: mail_of(row) for row in mails}
    return [(by_id[seal.mail_id], seal) for seal in found]


async def seal_of_bytes(connection: AsyncConnection, sha256: str) -> Seal | None:
    """The first seal under which a raw mail with this SHA-256 lies."""
    same = select(schema.mail.c.id).where(schema.mail.c.raw_sha256 == sha256)
    query = closed().where(schema.seal.c.mail_id.in_(same)).order_by(schema.seal.c.mail_id).limit(1)
    row = (await connection.execute(query)).first()
    return _seal_of(row) if row else None


def closed() -> Any:
    """Seals that nobody opened, of mails that nobody purged."""
    kept = select(schema.destruction.c.mail_id).where(schema.destruction.c.cause == DestructionCause.SEALED.value)
    return select(schema.seal).where(schema.seal.c.opened_at.is_(None), schema.seal.c.mail_id.in_(kept))


async def remainders(
    connection: AsyncConnection,
    traces: Sequence[Trace],
    limit: int,
    due: datetime | None,
    mail_id: int | None,
    prefix: str,
) -> list[Remainder]:
    """See ports.Store."""
    table, mail = schema.remainder, schema.mail
    query = select(table, mail.c.raw_sha256, mail.c.raw_size).join(mail, mail.c.id == table.c.mail_id)
    query = query.where(table.c.trace.in_([trace.value for trace in traces]))
    if due is not None:
        query = query.where(table.c.due_at <= due)
    if mail_id is not None:
        query = query.where(table.c.mail_id == mail_id)
    if prefix:
        query = query.where(func.substr(table.c.name, 1, len(prefix)) == prefix)
    rows = (await connection.execute(query.order_by(table.c.id).limit(limit))).all()
    return [
        Remainder(
            id=row.id,
            mail_id=row.mail_id,
            trace=Trace(row.trace),
            name=row.name,
            sha256=row.raw_sha256,
            size=row.raw_size,
            since=row.since,
            attempts=row.attempts,
            last_error=row.last_error,
        )
        for row in rows
    ]


def _seal_of(row: Any) -> Seal:
    return Seal(
        mail_id=row.mail_id,
        sealed_at=row.sealed_at,
        level=Secrecy(row.level) if row.level else None,
        author=row.author,
        proved=row.proved,
        sealed=StoredBlob(row.sealed_sha256, row.sealed_size),
        certificate=row.certificate,
        holder=row.holder,
        opened_at=row.opened_at,
        opened_by=row.opened_by,
    )
