"""Connections that wait a little for the next mail of a burst."""

from __future__ import annotations

import asyncio

from gateway.adapters.smtp_out.connection import Connection


class Pool:
    """Idle connections; each is ended with QUIT after `seconds` without work."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._idle: dict[Connection, asyncio.TimerHandle] = {}
        self._farewells: set[asyncio.Task[None]] = set()

    def take(self) -> Connection | None:
        """The one used last that still seems usable, or None."""
        while self._idle:
            connection, timer = self._idle.popitem()
            timer.cancel()
            if connection.usable:
                return connection
            connection.drop()
        return None

    def keep(self, connection: Connection) -> None:
        """Hold it for the next mail."""
        loop = asyncio.get_running_loop()
        self._idle[connection] = loop.call_later(self._seconds, self._dismiss, connection)

    async def close(self) -> None:
        """End every idle connection and wait for the farewells under way."""
        for connection in list(self._idle):
            self._dismiss(connection)
        while self._farewells:
            await asyncio.gather(*self._farewells)

    def _dismiss(self, connection: Connection) -> None:
        self._idle.pop(connection).cancel()
        farewell = asyncio.get_running_loop().create_task(connection.quit())
        self._farewells.add(farewell)
        farewell.add_done_callback(self._farewells.discard)
