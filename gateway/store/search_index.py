"""The index of the register: a document is put into it with its entry, and anew when its fields change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import RowMapping, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.model.searchable import MOST_CHARACTERS, Searched, SearchEntry, entry_of
from gateway.store import schema
from gateway.store.database import Database
from gateway.store.statements import upsert

_D = schema.document.c
_FILE = schema.file.c
_FIELDS = (
    *("id", "book", "year", "direction", "number", "notation", "issued_on", "document_type", "abstract"),
    *("issuer", "superior", "signer", "capacity", "addressee", "recipients", "sender", "exchange_id"),
    *("kept_by", "note", "opinion", "purged_at"),
)
_PARTIES = (
    *("issuer", "superior", "signer", "capacity", "addressee", "recipients", "sender", "exchange_id"),
    *("kept_by", "note", "opinion"),
)


async def index_documents(connection: AsyncConnection, ids: Sequence[int]) -> None:
    """Put these documents into the index as they stand now, in this transaction; of a purged one no text is read."""
    documents = select(*(_D[name] for name in _FIELDS)).where(_D.id.in_(ids)).order_by(_D.id)
    await index_rows(connection, (await connection.execute(documents)).mappings().all())


async def index_rows(connection: AsyncConnection, rows: Sequence[RowMapping]) -> None:
    """The same for rows of `document` that are at hand, as of one just entered."""
    files = (await connection.execute(_files([row["id"] for row in rows]))).all()
    await upsert(connection, schema.search, search_rows(rows, files), ["document_id"])


def _files(ids: Sequence[int]) -> Any:
    fact = schema.blob_fact
    known = schema.file.outerjoin(fact, fact.c.sha256 == _FILE.sha256)
    read = func.substr(fact.c.text, 1, MOST_CHARACTERS).label("text")
    query = select(_FILE.document_id, _FILE.name, read).select_from(known)
    return query.where(_FILE.document_id.in_(ids)).order_by(_FILE.document_id, _FILE.position)


def search_rows(documents: Iterable[RowMapping], files: Iterable[Any]) -> list[dict[str, Any]]:
    """Rows of `search` for rows of `document` and what their files are called and say."""
    names: dict[int, list[str]] = {}
    texts: dict[int, list[str]] = {}
    for file in files:
        names.setdefault(file.document_id, []).append(file.name)
        texts.setdefault(file.document_id, []).append(file.text or "")
    entries = [entry_of(_searched(row, names.get(row["id"], []), texts.get(row["id"], []))) for row in documents]
    return [{name: getattr(entry, name) for name in SearchEntry.__dataclass_fields__} for entry in entries]


def _searched(row: RowMapping, names: Sequence[str], texts: Sequence[str]) -> Searched:
    issued_on: date | None = row["issued_on"]
    day = f"{issued_on:%d/%m/%Y}" if issued_on else ""
    in_words = f"ngày {issued_on.day} tháng {issued_on.month} năm {issued_on.year}" if issued_on else ""
    identifier = f"{row['number'] or ''}/{row['notation'] or ''}"
    return Searched(
        id=row["id"],
        book=row["book"],
        year=row["year"],
        direction=row["direction"],
        sender=row["sender"],
        number=row["number"],
        notation=row["notation"],
        issued_on=issued_on,
        title=(identifier, day, row["document_type"] or "", row["abstract"] or ""),
        parties=tuple(row[name] or "" for name in _PARTIES),
        body=(in_words,) if row["purged_at"] else (in_words, *texts, *names),
    )


async def forget_changes(database: Database) -> None:
    """Rid SQLite's index of the keys of what is no longer there: it only marks them, till its pieces are merged.

    Some pages at a time, so that nobody waits for long. PostgreSQL's is written anew with its table.
    """
    merging = True
    while merging and database.is_sqlite:
        async with database.write() as connection:
            before = await _changes(connection)
            await connection.execute(_MERGE)
            merging = await _changes(connection) - before > 1


async def _changes(connection: AsyncConnection) -> int:
    number: int = (await connection.execute(text("SELECT total_changes()"))).scalar_one()
    return number


_MERGE = text("INSERT INTO search_index (search_index, rank) VALUES ('merge', -1000)")
