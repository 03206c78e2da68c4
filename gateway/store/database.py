"""Connections: SQLite with one writer, PostgreSQL with many, behind the same two doors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from gateway.errors import GatewayError, StorageFull, TemporaryError
from gateway.store.one_visit import OneVisit

_BUSY_MS = 30_000
_READERS = 4
_LINE = 200
_WIPE_MS = 5_000
"""How long wiping waits for others before it lets them go on."""
_OF_THE_REGISTER = frozenset({"document", "search", "file", "evidence", "correction"})
_REWRITTEN_UP_TO = 64 * 1024 * 1024
"""Bytes of a table of the register with its indexes: some seconds."""
_SIZE = text("SELECT pg_total_relation_size(quote_ident(:table)::regclass)")
_OLDER_TRANSACTIONS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND backend_xmin IS NOT NULL AND xact_start <= :since"
)
"""Such a transaction may still see the rows, and so keeps them."""


def async_url(url: str) -> URL:
    """`sqlite:///…` and `postgresql://…` with the async driver of each; raises ValueError for any other scheme."""
    parsed = make_url(url)
    match parsed.get_backend_name():
        case "sqlite":
            return parsed.set(drivername="sqlite+aiosqlite")
        case "postgresql":
            return parsed.set(drivername="postgresql+asyncpg")
        case other:
            raise ValueError(f"{other}: only sqlite and postgresql are supported")


class Database:
    """Three doors: `write()` is a transaction, `snapshot()` a consistent reading one, `read()` for one statement.

    SQLite allows one writer: an asyncio lock queues our own units, so that none waits in a
    thread; other processes (the command line) are waited for up to 30 s.
    """

    def __init__(self, url: str) -> None:
        self.url = async_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            if self.url.database:
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            self._writer = _sqlite_engine(self.url, "BEGIN IMMEDIATE", 1)
            self._snapshot = _sqlite_engine(self.url, "BEGIN", _READERS)
            self._reader = _sqlite_engine(self.url, None, _READERS)
        else:
            self._writer = create_async_engine(
                self.url, pool_size=8, max_overflow=8, connect_args={"timeout": 10}, hide_parameters=True
            )
            self._snapshot = self._writer.execution_options(isolation_level="REPEATABLE READ")
            self._reader = self._writer.execution_options(isolation_level="AUTOCOMMIT")
        self._one_writer = asyncio.Lock() if self.is_sqlite else None

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Commit on leaving, roll back on an exception. Raises StorageFull, TemporaryError("database")."""
        async with AsyncExitStack() as held:
            held.enter_context(translating())
            if self._one_writer is not None:
                await held.enter_async_context(self._one_writer)
            yield await held.enter_async_context(self._writer.begin())

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """Statements that must see one state. Raises TemporaryError("database") where there is no database."""
        with translating():
            async with self._snapshot.connect() as connection:
                yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Each statement for itself, at the price of that statement alone. Raises as `snapshot` does."""
        with translating():
            async with self._reader.connect() as connection:
                yield connection

    async def wipe(self, tables: Sequence[str], since: datetime) -> bool:
        """Rid the files of these tables of rows that were deleted at `since`; false where somebody is in the way.

        SQLite has overwritten them where they stood, but older pages may stand in its log, which is emptied.
        PostgreSQL leaves dead rows in place: the tables are written anew, once no transaction is open that began
        before, each for so long locked; those of the register, which has to go on, only while that takes seconds.
        Larger ones are cleaned as they stand: their free space and the keys of their indexes keep words. Raises as
        `write` does.
        """
        return await (self._empty_log() if self._one_writer is not None else self._rewrite(tables, since))

    async def _empty_log(self) -> bool:
        async with AsyncExitStack() as held:
            held.enter_context(translating())
            if self._one_writer is not None:
                await held.enter_async_context(self._one_writer)
            connection = await held.enter_async_context(self._reader.connect())
            await connection.execute(text(f"PRAGMA busy_timeout = {_WIPE_MS}"))
            try:
                busy = (await connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))).one()[0]
            finally:
                await connection.execute(text(f"PRAGMA busy_timeout = {_BUSY_MS}"))
        return not busy

    async def _rewrite(self, tables: Sequence[str], since: datetime) -> bool:
        async with self.read() as connection:
            if (await connection.execute(_OLDER_TRANSACTIONS, {"since": since})).scalar():
                return False
            await connection.execute(text(f"SET lock_timeout = {_WIPE_MS}"))
            try:
                for table in tables:
                    name = connection.dialect.identifier_preparer.quote(table)
                    size = (await connection.execute(_SIZE, {"table": table})).scalar_one()
                    large = table in _OF_THE_REGISTER and size > _REWRITTEN_UP_TO
                    await connection.execute(text(f"VACUUM {'' if large else '(FULL) '}{name}"))
            finally:
                await connection.execute(text("RESET lock_timeout"))
        return True

    async def close(self) -> None:
        """End all connections."""
        for engine in (self._writer, self._snapshot, self._reader):
            await engine.dispose()


def _sqlite_engine(url: URL, begin: str | None, size: int) -> AsyncEngine:
    engine = create_async_engine(url, pool_size=size, max_overflow=0, module=OneVisit(), hide_parameters=True)

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        # The driver must not open transactions of its own: a deferred one cannot be upgraded safely.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        # What is deleted is overwritten: a sealed mail leaves no words in the file.
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        # With the first statement, in one visit to the thread of the connection.
        connection.connection.dbapi_connection.owed_begin = begin

    return engine


@contextmanager
def translating() -> Iterator[None]:
    """A server that is down, full or ending our session is no fault of the work: it may be tried again."""
    try:
        yield
    except (OperationalError, InterfaceError, DisconnectionError, PoolTimeoutError) as error:
        raise _translated(error) from error
    except DBAPIError as error:
        if error.connection_invalidated or _sqlstate(error)[:2] in _PASSING_STATES:
            raise _translated(error) from error
        raise
    except OSError as error:
        raise TemporaryError("database", type(error).__name__) from error


_PASSING_STATES = frozenset({"08", "40", "53", "55", "57", "58"})
"""Classes of SQLSTATE: connection, rollback, resources, lock, operator intervention, system."""
_DISK_FULL = "53100"
_FULL_WORDS = ("disk is full", "disk full", "no space left", "disk i/o error")


def _sqlstate(error: SQLAlchemyError) -> str:
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    return state if isinstance(state, str) else ""


def _translated(error: SQLAlchemyError) -> GatewayError:
    words = str(getattr(error, "orig", None) or error).splitlines() or [type(error).__name__]
    if _sqlstate(error) == _DISK_FULL or any(full in words[0].lower() for full in _FULL_WORDS):
        return StorageFull(words[0][:_LINE])
    return TemporaryError("database", words[0][:_LINE])
