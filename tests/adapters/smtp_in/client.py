"""A client that says exactly what a test wants said, and a house to say it to."""

from __future__ import annotations

import asyncio
import dataclasses
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from gateway.adapters.smtp_in import Listener, Options, start
from gateway.model.mail import Envelope, StoredBlob
from gateway.store.blobs import LocalBlobs

OURS = "sgtvt@quangngai.example"
OTHER = "van.thu@quangngai.example"
OPTIONS = Options(
    hostname="gateway.test",
    recipients=frozenset({OURS, OTHER}),
    max_message_bytes=1_000_000,
    port=0,
    command_timeout=20,
    data_timeout=20,
    data_total_timeout=30,
)
MAIL = b"From: a@b.test\r\nSubject: x\r\n\r\nxin ch\xc3\xa0o\r\n"


@dataclass
class House:
    """A listener with a real blob store, and what it accepted in order."""

    blobs: LocalBlobs
    accepted: list[tuple[Envelope, bytes]] = field(default_factory=list)
    fault: Exception | None = None
    before_accept: Callable[[], Awaitable[None]] | None = None
    listener: Listener = field(init=False)

    async def accept(self, envelope: Envelope, blob: StoredBlob) -> str:
        if self.before_accept is not None:
            await self.before_accept()
        if self.fault is not None:
            raise self.fault
        self.accepted.append((envelope, self.blobs.path(blob.sha256).read_bytes()))
        return f"M{len(self.accepted)}"

    @property
    def port(self) -> int:
        return int(self.listener.addresses[0].rpartition(":")[2])

    def unfinished(self) -> list[Path]:
        return [path for path in (self.blobs.root / "tmp").rglob("*") if path.is_file()]


@asynccontextmanager
async def open_house(folder: Path, **changes: object) -> AsyncIterator[House]:
    blobs = LocalBlobs(folder / "blobs")
    house = House(blobs)
    options = dataclasses.replace(OPTIONS, **changes)  # type: ignore[arg-type]  # fields by name
    house.listener = await start(options, blobs, house.accept)
    try:
        yield house
    finally:
        await house.listener.drain(0)
        blobs.close()


class Client:
    """One connection; replies come back whole, as text without the last line end."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def send(self, content: bytes) -> None:
        self.writer.write(content)

    async def reply(self) -> str:
        lines = []
        while True:
            line = (await self.reader.readline()).decode()
            if not line.endswith("\r\n"):
                raise ConnectionResetError(f"no whole reply: {line!r}")
            lines.append(line.removesuffix("\r\n"))
            if line[3] != "-":
                return "\n".join(lines)

    async def ask(self, command: str) -> str:
        self.send(command.encode() + b"\r\n")
        return await self.reply()

    async def begin(self, *recipients: str) -> None:
        """MAIL, RCPT and DATA, all agreed to."""
        assert (await self.ask("MAIL FROM:<a@b.test>")).startswith("250 ")
        for recipient in recipients or (OURS,):
            assert (await self.ask(f"RCPT TO:<{recipient}>")).startswith("250 ")
        assert (await self.ask("DATA")).startswith("354 ")

    async def deliver(self, content: bytes, *recipients: str) -> str:
        """A whole mail; `content` as on the wire, without the end."""
        await self.begin(*recipients)
        self.send(content + b".\r\n")
        return await self.reply()

    async def secure(self, context: ssl.SSLContext) -> None:
        await self.writer.start_tls(context, server_hostname="gateway.test")

    async def at_end(self) -> bool:
        """Whether the server has closed the connection."""
        try:
            return await self.reader.read(1) == b""
        except ConnectionResetError:
            return True

    def close(self) -> None:
        self.writer.close()

    def vanish(self) -> None:
        self.writer.transport.abort()


@asynccontextmanager
async def connect(house: House, hello: str = "EHLO client.test") -> AsyncIterator[Client]:
    """A client that has heard the greeting, and said hello unless `hello` is empty."""
    client = Client(*await asyncio.open_connection("127.0.0.1", house.port))
    try:
        await client.reply()
        if hello:
            await client.ask(hello)
        yield client
    finally:
        client.vanish()
