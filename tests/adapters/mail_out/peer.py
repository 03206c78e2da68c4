"""A relay that answers as the test tells it, keeps what it was told, and can speak TLS."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import ssl
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SILENCE = "(says nothing, reads nothing)"
HANG_UP = "(closes the connection)"
MIDWAY = 65_536
DEFAULTS = {
    "CONNECT": "220 peer.example ESMTP",
    "MAIL": "250 2.1.0 ok",
    "RCPT": "250 2.1.5 ok",
    "DATA": "354 go ahead",
    "CONTENT": "250 2.0.0 queued as 4F2",
    "RSET": "250 ok",
    "QUIT": "221 bye",
    "STARTTLS": "220 go ahead",
    "AUTH": "235 welcome",
}


class LastWords(str):
    """An answer after which the connection ends."""

    __slots__ = ()


class Dribbled(str):
    """An answer that comes in packets of one byte."""

    __slots__ = ()


@dataclass
class Conversation:
    """One connection: the command lines heard, whether each came through TLS, the mails taken, the last answer."""

    heard: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)
    said: str = ""
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def verbs(self) -> list[str]:
        return [line.split(" ")[0].upper() for line in self.heard]


class Peer:
    """`answers` maps a verb, CONNECT, MIDWAY or CONTENT to its next answers; when used up, the default follows.

    Like some servers it forgets an envelope only after its mail was taken, or by RSET.
    MIDWAY is said, where it is given, after the first `MIDWAY` bytes of a content, CONTENT after its final dot.
    """

    def __init__(
        self,
        answers: Mapping[str, Sequence[str]] | None = None,
        *,
        extensions: Sequence[str] = ("SIZE 10240000", "8BITMIME"),
        tls: ssl.SSLContext | None = None,
        tls_at_once: bool = False,
    ) -> None:
        self.conversations: list[Conversation] = []
        self.most_at_once = 0
        self.arrived = asyncio.Event()
        self._taken = asyncio.Event()
        self._answers = defaultdict(list, {verb: list(given) for verb, given in (answers or {}).items()})
        self._extensions = extensions
        self._tls = tls
        self._tls_at_once = tls_at_once
        self._open = 0
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def mails(self) -> list[bytes]:
        return [mail for conversation in self.conversations for mail in conversation.mails]

    async def mails_taken(self, count: int, seconds: float = 20.0) -> list[bytes]:
        """The mails, once there are `count`; raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while len(self.mails) < count:
                await self._taken.wait()
                self._taken.clear()
        return self.mails

    @property
    def port(self) -> int:
        return int(self._server.sockets[0].getsockname()[1])

    async def __aenter__(self) -> Self:
        context = self._tls if self._tls_at_once else None
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context, limit=2**26)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        conversation = Conversation()
        self.conversations.append(conversation)
        self._open += 1
        self.most_at_once = max(self.most_at_once, self._open)
        try:
            with contextlib.suppress(
                ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError
            ):
                await self._converse(reader, writer, conversation)
        finally:
            self._open -= 1
            self._tasks.discard(task)
            conversation.over.set()
            writer.transport.abort()

    async def _converse(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, conversation: Conversation
    ) -> None:
        if not await self._say("CONNECT", writer, conversation):
            return
        in_transaction = False
        while line := (await reader.readline()).decode("utf-8").rstrip("\r\n"):
            conversation.heard.append(line)
            conversation.encrypted.append(writer.get_extra_info("sslcontext") is not None)
            self.arrived.set()
            verb = line.split(" ")[0].upper()
            if verb == "MAIL" and in_transaction:
                self._answers["MAIL"].insert(0, "503 5.5.1 nested MAIL command")
            in_transaction = in_transaction and verb not in {"EHLO", "HELO", "RSET"}
            if verb in {"EHLO", "HELO"}:
                going = await self._say_hello(verb, writer, conversation)
            else:
                going = await self._say(verb, writer, conversation)
            if not going or verb == "QUIT":
                return
            in_transaction = in_transaction or (verb == "MAIL" and conversation.said.startswith("2"))
            if verb == "STARTTLS" and self._tls is not None:
                await writer.start_tls(self._tls)
            if verb == "DATA" and conversation.said.startswith("354"):
                if self._answers["MIDWAY"]:
                    await reader.readexactly(MIDWAY)
                    if not await self._say("MIDWAY", writer, conversation):
                        return
                conversation.mails.append(await reader.readuntil(b"\r\n.\r\n"))
                going = await self._say("CONTENT", writer, conversation)
                in_transaction = not conversation.said.startswith("2")
                self._taken.set()
                if not going:
                    return

    async def _say_hello(self, verb: str, writer: asyncio.StreamWriter, conversation: Conversation) -> bool:
        if self._answers[verb]:
            return await self._say(verb, writer, conversation)
        secured = writer.get_extra_info("sslcontext") is not None
        lines = ["peer.example", *(word for word in self._extensions if not (secured and word == "STARTTLS"))]
        for line in lines[:-1]:
            writer.write(f"250-{line}\r\n".encode())
        writer.write(f"250 {lines[-1]}\r\n".encode())
        await writer.drain()
        return True

    async def _say(self, verb: str, writer: asyncio.StreamWriter, conversation: Conversation) -> bool:
        conversation.said = self._answers[verb].pop(0) if self._answers[verb] else DEFAULTS.get(verb, "500 what?")
        if conversation.said == HANG_UP:
            return False
        if conversation.said == SILENCE:
            writer.transport.pause_reading()  # type: ignore[attr-defined]  # StreamWriter does not say that it can read
            await asyncio.Event().wait()
        wire = conversation.said.encode() + b"\r\n"
        for piece in [bytes([byte]) for byte in wire] if isinstance(conversation.said, Dribbled) else [wire]:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        if isinstance(conversation.said, LastWords):
            writer.write_eof()
            return False
        return True


@dataclass(frozen=True)
class Identity:
    """A certificate of its own making: the server's context, and the file a client must trust to accept it."""

    server: ssl.SSLContext
    ca_file: Path

    @classmethod
    def made(cls, folder: Path, *, address: str = "127.0.0.1") -> Identity:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "peer.example")])
        now = dt.datetime.now(dt.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(hours=1))
            .not_valid_after(now + dt.timedelta(hours=1))
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(key, hashes.SHA256())
        )
        ca_file, key_file = folder / f"{address}.pem", folder / f"{address}.key"
        ca_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        key_file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        server.load_cert_chain(ca_file, key_file)
        return cls(server, ca_file)
