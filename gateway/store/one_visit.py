"""aiosqlite under SQLAlchemy with one visit to the connection's thread for each statement.

SQLAlchemy's adapter makes four: open a cursor, execute, fetch, close. Every visit costs two thread
switches, and on a busy event loop a wait for the interpreter lock as well.
"""

from __future__ import annotations

import collections
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)

Work = Callable[[sqlite3.Connection], sqlite3.Cursor]


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    """A cursor whose rows are all fetched, and which is closed, by the time `execute` returns."""

    __slots__ = ("_found",)
    _adapt_connection: _Connection

    def __init__(self, adapt_connection: Any) -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._rows = collections.deque()
        self._found: tuple[Any, int, int | None] = (None, -1, None)

    @property
    def description(self) -> Any:
        return self._found[0]

    @property
    def rowcount(self) -> int:
        return self._found[1]

    @property
    def lastrowid(self) -> Any:
        return self._found[2]

    async def _async_soft_close(self) -> None:
        return

    def close(self) -> None:
        self._rows.clear()

    async def _execute_async(self, operation: Any, parameters: Any) -> None:
        await self._visit(lambda connection: connection.execute(operation, parameters or ()))

    async def _executemany_async(self, operation: Any, seq_of_parameters: Sequence[Any]) -> None:
        await self._visit(lambda connection: connection.executemany(operation, seq_of_parameters))

    async def _visit(self, work: Work) -> None:
        begin = self._adapt_connection.owed_begin
        if begin is not None:
            # From here on there may be a transaction, even if this visit fails half-way.
            self._adapt_connection.began = True
            self._adapt_connection.owed_begin = None

        def visit() -> tuple[Any, list[Any], int, int | None]:
            if begin is not None:
                self._connection._conn.execute(begin)
            cursor = work(self._connection._conn)
            try:
                rows = cursor.fetchall() if cursor.description else []
                return cursor.description, rows, cursor.rowcount, cursor.lastrowid
            finally:
                cursor.close()

        async with self._adapt_connection._execute_mutex:
            description, rows, count, last = await self._connection._execute(visit)
        self._found = (description, count, last)
        self._rows = collections.deque(rows)


class _Connection(AsyncAdapt_aiosqlite_connection):
    """`owed_begin` goes along with the first statement; a connection that began nothing has nothing to end."""

    __slots__ = ("began", "owed_begin")
    _cursor_cls = _Cursor

    def __init__(self, dbapi: Any, connection: Any) -> None:
        super().__init__(dbapi, connection)
        self.owed_begin: str | None = None
        self.began = False

    def rollback(self) -> None:
        """Undo what was begun."""
        if self.began:
            super().rollback()
        self.owed_begin, self.began = None, False

    def commit(self) -> None:
        """Make durable what was begun."""
        if self.began:
            super().commit()
        self.owed_begin, self.began = None, False


class OneVisit(AsyncAdapt_aiosqlite_dbapi):
    """The driver module to give to `create_async_engine` as `module`."""

    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)

    def connect(self, *arguments: Any, **keywords: Any) -> _Connection:
        """A connection whose cursors make one visit for each statement."""
        plain = super().connect(*arguments, **keywords)
        return _Connection(self, plain._connection)
