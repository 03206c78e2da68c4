"""A sending server, as small as it can be, that notes when it sent what."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from tests.mails import RECIPIENT, SENDER

_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail answered 250: the gateway's label for it, the moments of the last dot and of the answer."""

    label: str
    last_dot: float
    answered: float


class Client:
    """One SMTP session; mails must not have lines that begin with a dot."""

    def __init__(self, port: int, source: str = "127.0.0.1") -> None:
        self._port, self._source = port, source
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection(
            "127.0.0.1", self._port, local_addr=(self._source, 0)
        )
        await self._answer()
        await self.command("EHLO client.test")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()

    async def command(self, line: str) -> str:
        """Send a command; its answer's last line. Raises RuntimeError for 4xx and 5xx."""
        self._writer.write(f"{line}\r\n".encode())
        return await self._answer()

    async def send(self, raw: bytes) -> Sent:
        """One mail to its 250."""
        await self.command(f"MAIL FROM:<{SENDER}>")
        await self.command(f"RCPT TO:<{RECIPIENT}>")
        await self.command("DATA")
        self._writer.write(raw)
        await self._writer.drain()
        self._writer.write(b".\r\n")
        last_dot = time.perf_counter()
        answer = await self._answer()
        return Sent(answer.split()[-1], last_dot, time.perf_counter())

    async def _answer(self) -> str:
        async with asyncio.timeout(_SECONDS):
            while True:
                line = (await self._reader.readline()).decode()
                if line[:1] in {"4", "5", ""}:
                    raise RuntimeError(f"answer: {line!r}")
                if line[3:4] != "-":
                    return line.strip()
