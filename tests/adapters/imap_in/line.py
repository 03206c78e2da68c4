"""A line to a real server that breaks, hangs or changes what passes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress


class Line:
    """Set what befalls the connections made from now on. `connections` counts them."""

    def __init__(self, to_port: int) -> None:
        self.port = 0
        self.connections = 0
        self.said: list[bytes] = []
        """What clients sent."""
        self.cut_after: int | None = None
        """So many bytes of the server's, then the line is cut."""
        self.hang_after: int | None = None
        """So many bytes of the server's, then nothing comes any more."""
        self.change: Callable[[bytes], bytes] = lambda data: data
        """What becomes of each packet of the server's."""
        self.ask: Callable[[bytes], bytes] = lambda data: data
        """What becomes of each packet of the client's."""
        self.hung = asyncio.Event()
        """Set once the line hangs."""
        self._to_port = to_port

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self._to_port)
            try:
                passing = {
                    asyncio.ensure_future(self._to_server(reader, server_writer)),
                    asyncio.ensure_future(self._to_client(server_reader, writer)),
                }
                await asyncio.wait(passing, return_when=asyncio.FIRST_COMPLETED)
                for each in passing:
                    each.cancel()
                await asyncio.gather(*passing, return_exceptions=True)
            finally:
                server_writer.transport.abort()
        finally:
            writer.transport.abort()

    async def _to_server(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            self.said.append(data)
            writer.write(self.ask(data))

    async def _to_client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        cut_after, hang_after, passed = self.cut_after, self.hang_after, 0
        while data := await reader.read(65536):
            if hang_after is not None and passed + len(data) > hang_after:
                writer.write(data[: hang_after - passed])
                self.hung.set()
                await asyncio.Event().wait()
            if cut_after is not None and passed + len(data) > cut_after:
                writer.write(data[: cut_after - passed])
                await writer.drain()
                return
            passed += len(data)
            writer.write(self.change(data))
            await writer.drain()


@asynccontextmanager
async def line(to_port: int) -> AsyncIterator[Line]:
    """A line that listens on loopback."""
    opened = Line(to_port)
    serving: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        serving.add(task)
        with suppress(OSError, asyncio.CancelledError):
            await opened._serve(reader, writer)

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    opened.port = listening.sockets[0].getsockname()[1]
    try:
        yield opened
    finally:
        listening.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)
