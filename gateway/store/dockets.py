"""Dockets: a document's work, read in as many statements for a hundred of them as for one, written by what differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.errors import AlreadyRegistered, StaleState
from gateway.model.docket import (
    Answer,
    Approval,
    Assignment,
    Declared,
    Docket,
    DocumentState,
    Forwarding,
    Request,
    RequestKind,
    ShareState,
    Submission,
)
from gateway.model.document import Document
from gateway.model.header import Evidence
from gateway.store import schema
from gateway.store.codec import dump, load
from gateway.store.register import header_values, marks_values, office_values, paper_values, with_files
from gateway.store.search_index import index_documents
from gateway.store.statements import upsert

Row = Mapping[str, Any]
Keys = tuple[str | None, str | None]
"""A document's identity key and identifier key."""

_PARTS: tuple[tuple[Table, tuple[str, ...]], ...] = (
    (schema.assignment, ("document_id", "unit")),
    (schema.request, ("document_id", "subject")),
    (schema.submission, ("document_id",)),
    (schema.forwarding, ("document_id", "number")),
    (schema.answer, ("document_id", "position")),
)
"""What a docket has beside the columns of `document`, with its keys."""


async def dockets_where(connection: AsyncConnection, condition: ColumnElement[bool]) -> list[Docket]:
    """Dockets, in no order of its own."""
    rows = (await connection.execute(select(schema.document).where(condition))).all()
    return await _complete(connection, rows)


async def document_forwarded_as(connection: AsyncConnection, token: str) -> int | None:
    """The id of the document one of whose forwardings has this token."""
    table = schema.forwarding
    query = select(table.c.document_id).where(table.c.token == schema.storable(token))
    return (await connection.execute(query)).scalar()


async def docket_locked(connection: AsyncConnection, document_id: int) -> Docket:
    """See ports.Unit."""
    found = await _complete(connection, await lock(connection, document_id))
    if not found:
        raise KeyError(document_id)
    return found[0]


async def lock(connection: AsyncConnection, document_id: int) -> Sequence[Any]:
    """The row of a document, ours until the unit ends; the journal's events may refer to it all the same."""
    query = select(schema.document).where(schema.document.c.id == document_id).with_for_update(key_share=True)
    return (await connection.execute(query)).all()


async def _complete(connection: AsyncConnection, rows: Sequence[Any]) -> list[Docket]:
    if not rows:
        return []
    documents = await with_files(connection, rows)
    ids = [document.id for document in documents]
    found: dict[Table, dict[int, list[Any]]] = {}
    for table, key in _PARTS:
        query = select(table).where(table.c.document_id.in_(ids)).order_by(table.c.get("position", table.c[key[-1]]))
        of_document = found.setdefault(table, {})
        for row in (await connection.execute(query)).all():
            of_document.setdefault(row.document_id, []).append(row)
    return [
        _docket_of(row, document, {table: parts.get(document.id, []) for table, parts in found.items()})
        for row, document in zip(rows, documents, strict=True)
    ]


def _docket_of(row: Any, document: Document, parts: Mapping[Table, Sequence[Any]]) -> Docket:
    submitted = [
        Submission(
            Declared(part.declared), Approval(part.approval), tuple(map(_forwarding_of, parts[schema.forwarding]))
        )
        for part in parts[schema.submission]
    ]
    return Docket(
        document=document,
        state=DocumentState(row.state),
        revision=row.revision,
        presented_to=row.presented_to,
        opinion=row.opinion,
        assignments=tuple(map(_assignment_of, parts[schema.assignment])),
        requests=tuple(map(_request_of, parts[schema.request])),
        submission=submitted[0] if submitted else None,
        answers=tuple(Answer(part.identifier, part.answered_by) for part in parts[schema.answer]),
        answer_to=row.answer_to,
        transferred_at=row.transferred_at,
    )


def _assignment_of(row: Any) -> Assignment:
    return Assignment(row.unit, row.lead, ShareState(row.state), row.deadline, row.specialist, row.note)


def _request_of(row: Any) -> Request:
    return Request(RequestKind(row.kind), row.asked_by, row.asked_at, row.text, row.unit, row.deadline)


_FORWARDING_FIELDS = tuple(Forwarding.__dataclass_fields__)


def _forwarding_of(row: Any) -> Forwarding:
    """A row of `forwarding`."""
    return Forwarding(**{name: getattr(row, name) for name in _FORWARDING_FIELDS})


async def keep(
    connection: AsyncConnection, before: Docket, after: Docket, *, actor: str, at: datetime, identity: Keys | None
) -> Docket:
    """See ports.Unit."""
    await _set_document(connection, before, after, identity)
    await _note_corrections(connection, before, after, actor, at)
    await _keep_evidence(connection, before, after)
    old, new = _rows_of(before), _rows_of(after)
    for table, key in _PARTS:
        gone = [row for row in old[table] if row not in new[table]]
        if gone:
            await connection.execute(delete(table).where(_any_of(gone, [table.c[name] for name in key])))
        await _insert(connection, table, [row for row in new[table] if row not in old[table]])
    if before.document != after.document or before.opinion != after.opinion:
        await index_documents(connection, [before.document.id])
    document = replace(after.document, status=after.status)
    return replace(after, document=document, revision=before.revision + 1)


async def open_submission(connection: AsyncConnection, document_id: int, submission: Submission) -> None:
    """Enter it with a document that is new."""
    await _insert(connection, schema.submission, _submission_rows(document_id, submission))
    await _insert(connection, schema.forwarding, _forwarding_rows(document_id, submission))


async def _set_document(connection: AsyncConnection, before: Docket, after: Docket, identity: Keys | None) -> None:
    table = schema.document
    values: dict[str, Any] = {
        "revision": before.revision + 1,
        "state": after.state.value,
        "status": after.status.value,
        "presented_to": after.presented_to,
        "opinion": after.opinion,
        "answer_to": after.answer_to,
        "transferred_at": after.transferred_at,
    }
    if before.document.header != after.document.header:
        values |= header_values(after.document.header)
    if before.document.marks != after.document.marks:
        values |= marks_values(after.document.marks)
    if before.document.paper != after.document.paper:
        values |= paper_values(after.document.paper)
    if office_values(before.document) != office_values(after.document):
        values |= office_values(after.document)
    if identity is not None:
        values |= dict(zip(("identity_key", "identifier_key"), identity, strict=True))
    if after.state is DocumentState.VOIDED and before.state is not DocumentState.VOIDED:
        values |= keys_apart(before.document)
    same = (table.c.id == before.document.id, table.c.revision == before.revision)
    try:
        changed = await connection.execute(update(table).where(*same).values(values).returning(table.c.id))
    except IntegrityError as error:
        if "identity_key" in str(error.orig):
            raise AlreadyRegistered(str(identity)) from error
        raise
    if changed.first() is None:
        raise StaleState(f"{before.document.label} is no longer at revision {before.revision}")


def keys_apart(document: Document) -> dict[str, Any]:
    """The keys of an entry that stands for its document no more, which may be entered again under another number."""
    table, mark = schema.document.c, f"#{document.label}"
    return {
        "content_key": table.content_key.concat(mark),
        "identity_key": table.identity_key.concat(mark),
        "identifier_key": None,
    }


async def _keep_evidence(connection: AsyncConnection, before: Docket, after: Docket) -> None:
    """What fields were read from takes the place of what the same fields were read from before."""
    new = dict(after.document.header.evidence)
    if not new or new == before.document.header.evidence:
        return
    document_id = before.document.id
    fields = await evidence_of(connection, document_id) | new
    row = {"document_id": document_id, "fields": dump(dict[str, Evidence], fields)}
    await upsert(connection, schema.evidence, [row], ["document_id"])


async def evidence_of(connection: AsyncConnection, document_id: int) -> dict[str, Evidence]:
    """See ports.Store."""
    query = select(schema.evidence.c.fields).where(schema.evidence.c.document_id == document_id)
    row = (await connection.execute(query)).first()
    return load(dict[str, Evidence], row.fields) if row else {}


async def _note_corrections(
    connection: AsyncConnection, before: Docket, after: Docket, actor: str, at: datetime
) -> None:
    old, new = _entered(before.document), _entered(after.document)
    rows = [
        {
            "document_id": before.document.id,
            "at": at,
            "actor": actor,
            "field": field,
            "old": _written(old[field]),
            "new": _written(new[field]),
        }
        for field in old
        if old[field] != new[field]
    ]
    await _insert(connection, schema.correction, rows)


def _entered(document: Document) -> dict[str, Any]:
    """The register's fields: how sure their reader was is none of them."""
    values = header_values(document.header) | marks_values(document.marks) | office_values(document)
    del values["confidence"]
    return values


def _written(value: str | date | int | None) -> str | None:
    if isinstance(value, int):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


async def _insert(connection: AsyncConnection, table: Table, rows: Sequence[Row]) -> None:
    if rows:
        await connection.execute(insert(table), [dict(row) for row in rows])


def _any_of(rows: Iterable[Row], key: Sequence[Column[Any]]) -> ColumnElement[bool]:
    return or_(*(and_(*(column == row[column.name] for column in key)) for row in rows))


def _rows_of(docket: Docket) -> dict[Table, list[Row]]:
    document_id = docket.document.id
    return {
        schema.assignment: [
            {
                "document_id": document_id,
                "unit": part.unit,
                "position": position,
                "lead": part.lead,
                "state": part.state.value,
                "deadline": part.deadline,
                "specialist": part.specialist,
                "note": part.note,
            }
            for position, part in enumerate(docket.assignments, 1)
        ],
        schema.request: [
            {
                "document_id": document_id,
                "subject": asked.subject,
                "position": position,
                "kind": asked.kind.value,
                "unit": asked.unit,
                "asked_by": asked.asked_by,
                "asked_at": asked.asked_at,
                "text": asked.text,
                "deadline": asked.deadline,
            }
            for position, asked in enumerate(docket.requests, 1)
        ],
        schema.submission: _submission_rows(document_id, docket.submission),
        schema.forwarding: _forwarding_rows(document_id, docket.submission),
        schema.answer: [
            {
                "document_id": document_id,
                "position": position,
                "identifier": answer.identifier,
                "answered_by": answer.document_id,
            }
            for position, answer in enumerate(docket.answers, 1)
        ],
    }


def _submission_rows(document_id: int, submission: Submission | None) -> list[Row]:
    if submission is None:
        return []
    declared, approval = submission.declared.value, submission.approval.value
    return [{"document_id": document_id, "declared": declared, "approval": approval}]


def _forwarding_rows(document_id: int, submission: Submission | None) -> list[Row]:
    fields = attrgetter(*_FORWARDING_FIELDS)
    return [
        {"document_id": document_id} | dict(zip(_FORWARDING_FIELDS, fields(sending), strict=True))
        for sending in (submission.forwardings if submission else ())
    ]
