"""Filling databases with the archive as fast as they take it, around the gateway: it would need days.

Written are the tables that registering, searching, listing and exporting touch: mails, documents, files, what was read
from them, the work on them, the index. The journal is left out: only its last link is ever looked at by these. Every
year says what the first one does, in other documents.
"""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, Protocol

import asyncpg
from sqlalchemy.engine import make_url

from bench.growing.archive import FIRST_YEAR, PER_YEAR, Archived, archived
from gateway.model.searchable import LARGE_BLOCK, SMALL_BLOCK

Rows = Mapping[str, Sequence[Mapping[str, Any]]]

_AT_ONCE = 5_000
_CLEAN = '{"verdict": "clean", "engine": "ClamAV", "name": null, "signatures": null}'
_TRUSTING = "SET session_replication_role = replica"
"""References are not looked up: the rows are known to be whole."""
_KEYS = "CREATE INDEX ix_search_keys ON search USING gin (keys)"


class Filled(Protocol):
    """A database that takes rows."""

    async def take(self, rows: Rows) -> None:
        """Put them in."""

    async def repeat(self, years: int, most: int) -> None:
        """Put in the documents of the year that is so many years after the first, up to the id `most`."""

    async def settle(self) -> None:
        """All rows are in: make it fit to be worked with."""


async def fill(databases: Sequence[Filled], documents: int) -> None:
    """Put so many documents into all the databases."""
    written = min(documents, PER_YEAR)
    for start in range(1, written + 1, _AT_ONCE):
        rows = _rows(archived(start, min(written, start + _AT_ONCE - 1)))
        for database in databases:
            await database.take(rows)
    for database in databases:
        for years in range(1, -(-documents // PER_YEAR)):
            await database.repeat(years, documents)
        await database.settle()


def _rows(documents: Iterable[Archived]) -> Rows:
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for document in documents:
        for table, row in _of(document):
            rows.setdefault(table, []).append(row)
    counters = {row["year"]: row["arrival_number"] for row in rows["document"]}
    rows["counter"] = [{"book": "den", "year": year, "last": last} for year, last in counters.items()]
    return rows


def _of(document: Archived) -> Iterator[tuple[str, Mapping[str, Any]]]:
    sha256 = hashlib.sha256(f"archived {document.id}".encode()).hexdigest()
    number, at = document.arrival_number, document.arrived_at
    yield (
        "mail",
        {
            "id": document.id,
            "transport": "smtp",
            "transport_id": f"archived-{document.id}",
            "mail_from": document.sender,
            "recipients": '["sgtvt@quangngai.gov.vn"]',
            "peer": "192.0.2.1",
            "helo": "mx.quangngai.example",
            "tls": True,
            "raw_sha256": hashlib.sha256(sha256.encode()).hexdigest(),
            "raw_size": 200_000,
            "received_at": at,
            "stage": "registered",
            "due_at": at,
        },
    )
    yield (
        "document",
        {
            "id": document.id,
            "mail_id": document.id,
            "book": "den",
            "year": document.year,
            "arrival_number": number,
            "previous_number": number - 1 or None,
            "token": sha256[:40],
            "received_at": at,
            "registered_at": at,
            "direction": "in",
            "status": "06" if document.finished else "05",
            "number": document.number,
            "notation": document.notation,
            "issued_on": document.issued_on,
            "document_type": document.document_type,
            "abstract": document.abstract,
            "issuer": document.issuer,
            "signer": document.signer,
            "confidence": "{}",
            "sender": document.sender,
            "content_key": sha256,
            "identity_key": f"{document.number}/{document.notation}|{document.issuer}|{document.id}",
            "identifier_key": f"{document.number}/{document.notation.upper()}",
            "state": "finished" if document.finished else "in_progress",
        },
    )
    yield (
        "file",
        {
            "document_id": document.id,
            "position": 1,
            "part_path": "2",
            "name": "van-ban.pdf",
            "type": "application/pdf",
            "size": 180_000,
            "sha256": sha256,
            "pages": 2,
            "main": True,
            "scan": _CLEAN,
            "signatures": "[]",
        },
    )
    yield "blob_fact", {"sha256": sha256, "facts": "{}", "text": document.text}
    yield (
        "assignment",
        {
            "document_id": document.id,
            "unit": document.unit,
            "position": 1,
            "lead": True,
            "state": "finished" if document.finished else "in_progress",
            "deadline": document.deadline,
            "note": "",
        },
    )
    entry = document.entry
    yield "search", {name: getattr(entry, name) for name in entry.__dataclass_fields__}


_NAMES = {table: tuple(row) for table, row in _of(next(archived(1, 1)))}
_TIMES = {"mail": ("received_at", "due_at"), "document": ("received_at", "registered_at"), "assignment": ("deadline",)}


def _repeating(years: int, most: int, *, moved: str, day: str, keys: str) -> Iterator[str]:
    """Statements that copy the first year to one `years` later, as `moved` moves a time, `day` the day, `keys` keys."""
    apart = years * PER_YEAR
    last = min(PER_YEAR, most - apart)
    columns = {
        "mail": {"transport_id": f"transport_id || '-{years}'"},
        "document": {
            "mail_id": f"mail_id + {apart}",
            "year": f"year + {years}",
            "token": f"token || '-{years}'",
            "content_key": f"content_key || '-{years}'",
            "identity_key": f"identity_key || '-{years}'",
            "issued_on": day,
        },
        "file": {},
        "assignment": {},
        "search": {"keys": keys},
    }
    for table, others in columns.items():
        key = "id" if table in {"mail", "document"} else "document_id"
        changed = {key: f"{key} + {apart}"} | others
        changed |= {name: moved.format(name) for name in _TIMES.get(table, ())}
        names = _NAMES[table]
        values = ", ".join(changed.get(name, name) for name in names)
        yield f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table} WHERE {key} <= {last}"  # noqa: S608
    yield f"INSERT INTO counter (book, year, last) VALUES ('den', {FIRST_YEAR + years}, {last})"  # noqa: S608


class FilledSqlite:
    """SQLite, while nobody else has it open."""

    def __init__(self, url: str) -> None:
        self._path = make_url(url).database or ""

    async def take(self, rows: Rows) -> None:
        """Put them in, in one transaction."""
        await asyncio.to_thread(self._take, rows)

    def _take(self, rows: Rows) -> None:
        connection = self._connect()
        for table, some in rows.items():
            names = list(some[0])
            statement = f"INSERT OR REPLACE INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608
            connection.executemany(statement, ([_for_sqlite(row[name]) for name in names] for row in some))
        connection.commit()
        connection.close()

    async def repeat(self, years: int, most: int) -> None:
        """Copy the first year."""
        await asyncio.to_thread(self._repeat, years, most)

    def _repeat(self, years: int, most: int) -> None:
        apart = years * PER_YEAR
        keys = f"replace(keys, '#y{FIRST_YEAR} ', '#y{FIRST_YEAR + years} ')"
        for size in (SMALL_BLOCK, LARGE_BLOCK):
            block, later = f"(document_id >> {size})", f"((document_id + {apart}) >> {size})"
            keys = f"replace({keys}, '#{size}.' || {block} || ' ', '#{size}.' || {later} || ' ')"
        connection = self._connect()
        day = f"date(issued_on, '+{years} years')"
        moved = f"strftime('%Y-%m-%d %H:%M:%f000', {{}}, '+{years} years')"
        for statement in _repeating(years, most, moved=moved, day=day, keys=keys):
            connection.execute(statement)
        connection.commit()
        connection.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path)
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -400000")
        connection.execute("INSERT INTO search_index (search_index, rank) VALUES ('hashsize', 67108864)")
        return connection

    async def settle(self) -> None:
        """What the daily upkeep does."""
        await asyncio.to_thread(self._settle)

    def _settle(self) -> None:
        connection = self._connect()
        connection.execute("INSERT INTO search_index (search_index, rank) VALUES ('hashsize', 1048576)")
        connection.commit()
        connection.execute("ANALYZE")
        connection.close()


def _for_sqlite(value: Any) -> Any:
    match value:
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S.%f}"
        case date():
            return value.isoformat()
        case tuple():
            return " ".join(value)
        case _:
            return value


class FilledPostgres:
    """PostgreSQL; its index of keys is built when all rows are in."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def take(self, rows: Rows) -> None:
        """Put them in, table by table."""
        connection = await asyncpg.connect(self._url)
        await connection.execute("DROP INDEX IF EXISTS ix_search_keys")
        await connection.execute(_TRUSTING)
        for table, some in rows.items():
            if table == "counter":
                await connection.execute("DELETE FROM counter WHERE year = ANY($1)", [row["year"] for row in some])
            names = list(some[0])
            lines = ("\t".join(_for_postgres(row[name]) for name in names) + "\n" for row in some)
            await connection.copy_to_table(table, source=_Lines(lines), columns=names)
        await connection.close()

    async def repeat(self, years: int, most: int) -> None:
        """Copy the first year."""
        apart = years * PER_YEAR
        keys = f"replace(keys::text, '''#y{FIRST_YEAR}''', '''#y{FIRST_YEAR + years}''')"
        for size in (SMALL_BLOCK, LARGE_BLOCK):
            block, later = f"(document_id >> {size})", f"((document_id + {apart}) >> {size})"
            keys = f"replace({keys}, '''#{size}.' || {block} || '''', '''#{size}.' || {later} || '''')"
        connection = await asyncpg.connect(self._url)
        await connection.execute(_TRUSTING)
        day = f"(issued_on + interval '{years} years')::date"
        moved = f"{{}} + interval '{years} years'"
        for statement in _repeating(years, most, moved=moved, day=day, keys=f"({keys})::tsvector"):
            await connection.execute(statement)
        await connection.close()

    async def settle(self) -> None:
        """What autovacuum does, at once."""
        connection = await asyncpg.connect(self._url)
        await connection.execute("SET maintenance_work_mem = '1GB'")
        await connection.execute(_KEYS)
        for table in ("mail", "document"):
            await connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")  # noqa: S608
        await connection.execute("VACUUM ANALYZE")
        await connection.close()


class _Lines:
    """Rows of COPY, some at a time."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)

    def __aiter__(self) -> _Lines:
        return self

    async def __anext__(self) -> bytes:
        some = "".join(islice(self._lines, 500))
        if not some:
            raise StopAsyncIteration
        return some.encode()


def _for_postgres(value: Any) -> str:
    match value:
        case None:
            return r"\N"
        case bool():
            return "t" if value else "f"
        case datetime() | date():
            return value.isoformat()
        case tuple():
            return " ".join(f"'{key}'" for key in value)
        case _:
            return str(value).replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n")
