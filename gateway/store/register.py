"""The register: numbers without gap or repeat, in the transaction of the entry itself."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.errors import AlreadyRegistered
from gateway.model.docket import STATUS_OF, DocumentState
from gateway.model.document import Direction, Document, Entry, Status
from gateway.model.facts import Marks, Scan
from gateway.model.header import Evidence, HeaderFields
from gateway.model.issued import Issued
from gateway.model.mail import Mail
from gateway.model.paper import NOT_DECIDED, Paper
from gateway.model.signature import Signature
from gateway.store import schema
from gateway.store.codec import dump
from gateway.store.rows import document_of, file_of
from gateway.store.search_index import index_rows
from gateway.store.statements import insert_into

_TOKEN_BYTES = 20


class Register:
    """Allocation and look-up. `first_numbers` says where a book's very first series opens (default 1)."""

    def __init__(self, first_numbers: dict[tuple[str, int], int]) -> None:
        self._first_numbers = first_numbers

    async def enter(
        self,
        connection: AsyncConnection,
        mail: Mail,
        entry: Entry,
        registered_at: datetime,
        year: int,
        sender: str,
        *,
        answer_to: str | None,
        paper: Paper,
    ) -> Document:
        """Give the next number of (book, year) and enter the document; raises AlreadyRegistered."""
        place = await self._next(connection, entry.book, year)
        values = {
            "mail_id": mail.id,
            "received_at": mail.received_at,
            "registered_at": registered_at,
            "direction": Direction.IN.value,
            "status": Status.RECEIVED.value,
            "sender": sender,
            "answer_to": answer_to,
            **paper_values(paper),
        }
        return await self._insert(connection, entry, place | values)

    async def issue(
        self,
        connection: AsyncConnection,
        book: str,
        numbered: Callable[[int], Issued],
        at: datetime,
        year: int,
        sender: str,
    ) -> Document:
        """Give the next number of an outgoing book and enter what `numbered` makes of it; raises AlreadyRegistered."""
        place = await self._next(connection, book, year)
        issued = numbered(place["arrival_number"])
        state = DocumentState.ISSUED
        values = {
            "mail_id": None,
            "received_at": at,
            "registered_at": at,
            "direction": Direction.OUT.value,
            "status": STATUS_OF[state].value,
            "state": state.value,
            "sender": sender,
            "copies": issued.copies,
            "kept_by": issued.kept_by,
            "note": issued.note,
            **paper_values(NOT_DECIDED),
        }
        return await self._insert(connection, issued.entry, place | values)

    async def _insert(self, connection: AsyncConnection, entry: Entry, values: dict[str, Any]) -> Document:
        values |= {
            "token": secrets.token_urlsafe(_TOKEN_BYTES),
            "content_key": entry.content_key,
            "identity_key": entry.identity_key,
            "identifier_key": entry.identifier_key,
            "exchange_id": entry.exchange_id,
            **header_values(entry.header),
            **marks_values(entry.marks),
        }
        try:
            row = (await connection.execute(insert(schema.document).values(values).returning(schema.document))).one()
        except IntegrityError as error:
            if "content_key" in str(error.orig) or "identity_key" in str(error.orig):
                raise AlreadyRegistered(entry.content_key) from error
            raise
        await connection.execute(
            insert(schema.file),
            [
                {
                    "document_id": row.id,
                    "position": position,
                    "part_path": file.part_path,
                    "name": file.name,
                    "type": file.type,
                    "size": file.size,
                    "sha256": file.sha256,
                    "pages": file.pages,
                    "main": file.main,
                    "scan": dump(Scan, file.scan),
                    "signatures": dump(tuple[Signature, ...], file.signatures),
                }
                for position, file in enumerate(entry.files, 1)
            ],
        )
        if entry.header.evidence:
            fields = dump(dict[str, Evidence], dict(entry.header.evidence))
            await connection.execute(insert(schema.evidence).values(document_id=row.id, fields=fields))
        await index_rows(connection, [row._mapping])
        return document_of(row, entry.files)

    async def _next(self, connection: AsyncConnection, book: str, year: int) -> dict[str, Any]:
        """The columns of the next place in the series of (book, year)."""
        first = self._first_numbers.get((book, year), 1)
        opened = insert_into(connection, schema.counter).values(book=book, year=year, last=first)
        counted = opened.on_conflict_do_update(
            index_elements=["book", "year"], set_={"last": schema.counter.c.last + 1}
        ).returning(schema.counter.c.last)
        number: int = (await connection.execute(counted)).scalar_one()
        # Where a series has begun already, a first number set since is no beginning.
        opens = number == first and not await _has_number(connection, book, year, number - 1)
        previous = None if opens else number - 1
        return {"book": book, "year": year, "arrival_number": number, "previous_number": previous}


async def _has_number(connection: AsyncConnection, book: str, year: int, number: int) -> bool:
    table = schema.document.c
    given = select(table.id).where(table.book == book, table.year == year, table.arrival_number == number)
    return (await connection.execute(given)).first() is not None


def header_values(header: HeaderFields) -> dict[str, Any]:
    """The columns of the header."""
    return {
        "number": header.number,
        "notation": header.notation,
        "issued_on": header.issued_on,
        "document_type": header.document_type,
        "abstract": header.abstract,
        "issuer": header.issuer,
        "signer": header.signer,
        "addressee": header.addressee,
        "superior": header.superior,
        "capacity": header.capacity,
        "recipients": header.recipients,
        "reply_by": header.reply_by,
        "confidence": dict(header.confidence),
    }


def office_values(document: Document) -> dict[str, Any]:
    """The columns that people fill in."""
    return {"copies": document.copies, "kept_by": document.kept_by, "note": document.note}


def marks_values(marks: Marks) -> dict[str, Any]:
    """The columns of the marks."""
    return {
        "secrecy": marks.secrecy.value if marks.secrecy else None,
        "urgency": marks.urgency.value if marks.urgency else None,
    }


def paper_values(paper: Paper) -> dict[str, Any]:
    """The columns of the paper copy."""
    return {
        "paper_duty": paper.duty.value,
        "paper_clause": paper.clause,
        "paper_reason": paper.reason,
        "paper_due_at": paper.due_at,
        "paper_received_at": paper.received_at,
    }


async def documents_where(
    connection: AsyncConnection, condition: ColumnElement[bool], *, limit: int | None = None, offset: int = 0
) -> list[Document]:
    """Documents with their files, by book, year and number."""
    query = (
        select(schema.document)
        .where(condition)
        .order_by(schema.document.c.book, schema.document.c.year, schema.document.c.arrival_number)
        .offset(offset)
    )
    rows = (await connection.execute(query if limit is None else query.limit(limit))).all()
    return await with_files(connection, rows)


async def with_files(connection: AsyncConnection, rows: Sequence[Any]) -> list[Document]:
    """The documents of these rows of `document`."""
    ids = [row.id for row in rows]
    found: dict[int, list[object]] = {document_id: [] for document_id in ids}
    if ids:
        files = select(schema.file).where(schema.file.c.document_id.in_(ids)).order_by(schema.file.c.position)
        for row in (await connection.execute(files)).all():
            found[row.document_id].append(row)
    return [document_of(row, tuple(file_of(f) for f in found[row.id])) for row in rows]
