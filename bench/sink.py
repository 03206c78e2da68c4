"""A relay that takes every mail and notes when it had all of it."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_MESSAGE_ID = re.compile(rb"(?im)^Message-ID:\s*<([a-z_]+)\.[md]\d+\.")
_HEAD_BYTES = 16_384
_END = b"\r\n.\r\n"
_EHLO = b"250-relay.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 0\r\n"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A notice at the relay: its kind, the moment (time.perf_counter)."""

    kind: str
    at: float


class Sink:
    """An SMTP server on 127.0.0.1 inside this process's event loop; contents are thrown away."""

    def __init__(self, idle_seconds: float | None = None) -> None:
        """`idle_seconds` after the last mail of a connection it is closed, as a quiet hour would."""
        self.arrivals: list[Arrival] = []
        self.idle_seconds = idle_seconds
        self.port = 0
        self._server: asyncio.Server | None = None
        self._changed = asyncio.Event()

    async def start(self) -> None:
        """Listen on a free port."""
        self._server = await asyncio.get_running_loop().create_server(lambda: _Session(self), "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Take no more connections."""
        if self._server is not None:
            self._server.close()

    def note(self, head: bytes, at: float) -> None:
        """Remember a mail by its Message-ID."""
        found = _MESSAGE_ID.search(head)
        self.arrivals.append(Arrival(found[1].decode() if found else "", at))
        self._changed.set()

    async def until(self, count: int, seconds: float) -> None:
        """Wait until so many mails have arrived in all; raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while len(self.arrivals) < count:
                self._changed.clear()
                await self._changed.wait()


class _Session(asyncio.Protocol):
    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._lines = bytearray()
        self._head = bytearray()
        self._tail = b""
        self._in_data = False
        self._closing: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(b"220 relay.test ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None
        if self._in_data:
            self._content(data)
            return
        self._lines += data
        for line in _lines(self._lines):
            self._obey(line[:4].upper())

    def _obey(self, verb: bytes) -> None:
        if verb == b"EHLO":
            self._transport.write(_EHLO)
        elif verb == b"DATA":
            self._in_data = True
            self._transport.write(b"354 go on\r\n")
        elif verb == b"QUIT":
            self._transport.write(b"221 bye\r\n")
            self._transport.close()
        else:
            self._transport.write(b"250 OK\r\n")

    def _content(self, data: bytes) -> None:
        """Notices go out one command at a time, so nothing follows the final dot before our answer."""
        if len(self._head) < _HEAD_BYTES:
            self._head += data
        self._tail = (self._tail + data)[-len(_END) :]
        if self._tail != _END:
            return
        self._sink.note(bytes(self._head), time.perf_counter())
        self._head.clear()
        self._tail, self._in_data = b"", False
        self._transport.write(b"250 taken\r\n")
        if self._sink.idle_seconds is not None:
            self._closing = asyncio.get_running_loop().call_later(self._sink.idle_seconds, self._transport.close)


def _lines(buffer: bytearray) -> Iterator[bytes]:
    """Take the complete lines off a buffer."""
    while (end := buffer.find(b"\n")) >= 0:
        line = bytes(buffer[: end + 1])
        del buffer[: end + 1]
        yield line


@contextmanager
def closing(sink: Sink) -> Iterator[Sink]:
    """Close a sink at the end of a block."""
    try:
        yield sink
    finally:
        sink.close()
