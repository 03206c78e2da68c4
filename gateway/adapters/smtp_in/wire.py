"""Command lines and chunks of data from one client, with a deadline on each wait."""

from __future__ import annotations

import asyncio

READ_BYTES = 256 * 1024
LINE_BYTES = 2048
"""The longest command line understood; RFC 5321 section 4.5.3.1.4 asks for 512, extensions for some more."""


class LineTooLong(ValueError):
    """A command line beyond LINE_BYTES; it has been read to its end."""


class Wire:
    """The bytes of a client, buffered here, so that nothing sent early is lost or read twice (RFC 2920)."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self._buffer = b""
        self._at = 0

    @property
    def has_line(self) -> bool:
        """Whether line() would answer without waiting."""
        return self._buffer.find(b"\n", self._at) >= 0

    async def line(self, seconds: float) -> bytes:
        """The next line without its end; raises LineTooLong, TimeoutError, and ConnectionError at the end.

        The deadline is for the whole line, so that dripping bytes does not hold a session open.
        """
        overlong = False
        end = self._buffer.find(b"\n", self._at)
        if end < 0:
            async with asyncio.timeout(seconds):
                overlong = await self._fill()
            end = self._buffer.find(b"\n")
        line = self._buffer[self._at : end].removesuffix(b"\r")
        self._at = end + 1
        if overlong or len(line) > LINE_BYTES:
            raise LineTooLong
        return line

    async def chunk(self, seconds: float) -> bytes:
        """Whatever comes next, never empty; raises TimeoutError, and ConnectionError at the end."""
        if self._at < len(self._buffer):
            chunk = self._buffer[self._at :]
            self.discard()
            return chunk
        async with asyncio.timeout(seconds):
            return await self._read()

    def push_back(self, rest: bytes) -> None:
        """Put the tail of the last chunk back to be read again."""
        self._buffer, self._at = rest, 0

    def discard(self) -> None:
        """Forget what was read ahead."""
        self._buffer, self._at = b"", 0

    async def _fill(self) -> bool:
        """Read until a line end is in the buffer; whether so much came before it that it was thrown away."""
        overlong = False
        while True:
            if len(self._buffer) - self._at > LINE_BYTES:
                overlong = True
                self.discard()
            chunk = await self._read()
            self._buffer, self._at = self._buffer[self._at :] + chunk, 0
            if b"\n" in chunk:
                return overlong

    async def _read(self) -> bytes:
        chunk = await self._reader.read(READ_BYTES)
        if not chunk:
            raise ConnectionResetError("the client is gone")
        return chunk
