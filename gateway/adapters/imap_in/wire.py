"""The bytes of one connection, on aioimaplib's protocol class (2.0.3).

aioimaplib brings tags, commands, what may run beside what, and states. What it does for us no more, with the reason:
reading (recursion per line, so that 1,000 lines in one packet end the connection; quadratic in lines; literals of any
size; `* ` cut out of texts; every byte formatted for the debug log, tokens with it), pushes (an EXISTS during a command
is lost), the end of a connection (waiting commands are not told), XOAUTH2 (a refusal waits for ever), the greeting,
and STARTTLS.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Awaitable, Iterator, Sequence
from typing import Any, TypeVar

from aioimaplib import (
    AUTH,
    CONNECTED,
    CRLF,
    NONAUTH,
    Abort,
    AioImapException,
    Command,
    IdleCommand,
    IMAP4ClientProtocol,
    Response,
)

from gateway.adapters.imap_in.problems import BrokenProtocol, MailboxProblem

T = TypeVar("T")

_LINE_BYTES = 8 * 1024 * 1024
"""The longest line: an answer to SEARCH names all mails of a folder in one."""

_LITERAL = re.compile(rb"\{(\d{1,19})\}\Z")
_EXISTS = re.compile(rb"(\d+) EXISTS\Z")
_EXPUNGE = re.compile(rb"\d+ (EXPUNGE)\Z")
_FETCH = re.compile(rb"\d+ (FETCH) ")
_UIDVALIDITY = re.compile(rb"OK \[UIDVALIDITY (\d{1,10})\]")
_PREAUTH = b"PREAUTH"


class Wire(IMAP4ClientProtocol):  # type: ignore[misc] # aioimaplib has no types
    """A conversation in bytes. Methods raise AioImapException, BrokenProtocol and OSError; the caller sets deadlines.

    What is declared here is aioimaplib's.
    """

    transport: Any
    capabilities: set[str]
    pending_sync_command: Any
    pending_async_commands: dict[str, Any]

    def __init__(self, loop: asyncio.AbstractEventLoop, *, literal_bytes: int) -> None:
        """`literal_bytes` is the largest piece of content that the server may send at once."""
        super().__init__(loop)
        self.news = asyncio.Event()
        """Set where more mails are there than before, or the connection ended."""
        self.greeted = asyncio.Event()
        self.ended = asyncio.Event()
        self.preauthenticated = False
        self.uidvalidity: int | None = None
        self.fetched: list[Sequence[bytes]] = []
        """The FETCH responses to the last command, also where its end never came."""
        self._failure: Exception | None = None
        self._exists = 0
        self._literal_bytes = literal_bytes
        self._kept_bytes = 0
        self._buffer = bytearray()
        self._searched = 0
        self._response: list[bytes] = []
        self._literal: bytearray | None = None
        self._missing = 0
        self._sasl: list[bytes] = []
        self._upgrading = False

    @property
    def is_quiet(self) -> bool:
        """True where the connection lives and no answer is outstanding."""
        return self._failure is None and self.pending_sync_command is None and not self.pending_async_commands

    def check(self) -> None:
        """Raise why the connection has ended, if it has."""
        if self._failure is not None:
            raise self._failure

    def fail(self, error: Exception) -> None:
        """End the connection at once; whoever waits for an answer gets `error`."""
        if self._failure is None:
            self._failure = error
        if self.transport is not None:
            self.transport.abort()
        waiting = [self.pending_sync_command, *self.pending_async_commands.values()]
        self.pending_sync_command = None
        self.pending_async_commands.clear()
        for command in waiting:
            if command is not None:
                command._exception = self._failure  # as aioimaplib's own timer does
                command.close(b"", "KO")
        for event in (self.greeted, self.news, self._idle_event):
            event.set()

    async def within(self, seconds: float, work: Awaitable[T]) -> T:
        """Await what needs the server; raises TimeoutError.

        A deadline missed ends the connection: what comes later would be taken for another answer.
        """
        try:
            async with asyncio.timeout(seconds):
                return await work
        except TimeoutError as error:
            self.fail(error)
            raise

    async def execute(self, command: Command, scrub: str | None = None) -> Response:
        """Send a command and wait for its end, with what the server said to it."""
        self.check()
        self._kept_bytes = 0
        self.fetched = []
        return await super().execute(command, scrub=scrub)

    async def read_capabilities(self) -> None:
        """Ask the server what it can do; names are upper-case afterwards."""
        await self.capability()
        self.capabilities = {name.upper() for name in self.capabilities}

    async def start_tls(self, context: ssl.SSLContext, host: str) -> None:
        """RFC 3501 section 6.2.1: nothing that came in the clear counts afterwards."""
        if "STARTTLS" not in self.capabilities:
            raise MailboxProblem("Máy chủ thư không nhận STARTTLS; mật khẩu không được gửi đi khi chưa mã hóa")
        response = await self.execute(Command("STARTTLS", self.new_tag(), loop=self.loop))
        if response.result != "OK":
            raise MailboxProblem("Máy chủ thư từ chối STARTTLS; mật khẩu không được gửi đi khi chưa mã hóa")
        self.check()
        self._upgrading = False
        self.capabilities = set()
        self.transport = await self.loop.start_tls(self.transport, self, context, server_hostname=host)

    async def authenticate(self, mechanism: str, initial: bytes) -> Response:
        """AUTHENTICATE with one message of ours in base64, at once where the server takes it so (RFC 4959)."""
        words = [mechanism]
        if "SASL-IR" in self.capabilities:
            words.append(initial.decode("ascii"))
        else:
            self._sasl.append(initial)
        response = await self.execute(Command("AUTHENTICATE", self.new_tag(), *words, loop=self.loop))
        if response.result == "OK":
            self.state = AUTH
        return response

    # What aioimaplib and the event loop call.

    def send(self, line: str, scrub: str | None = None) -> None:
        """Write a line; it is in no log, because secrets pass here."""
        del scrub
        self.check()
        self.transport.write(line.encode("utf-8") + CRLF)

    def data_received(self, data: bytes) -> None:
        """Take bytes as they come."""
        try:
            if self._upgrading:
                raise BrokenProtocol("STARTTLS")
            self._buffer += data
            for response in self._responses():
                self._take(response)
                if self._upgrading and self._buffer:
                    raise BrokenProtocol("STARTTLS")
        except (AioImapException, MailboxProblem, ValueError) as error:
            self.fail(error)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell everybody who waits."""
        self.fail(exc or Abort("connection closed by the server"))
        self.ended.set()

    def _responses(self) -> Iterator[list[bytes]]:
        """Whole responses in the buffer: text, literal, text, …"""
        while True:
            if self._literal is not None:
                self._fill_literal()
                if self._missing:
                    return
                self._response.append(bytes(self._literal))
                self._literal = None
            end = self._buffer.find(CRLF, self._searched)
            if end < 0:
                self._searched = max(0, len(self._buffer) - 1)
                if len(self._buffer) > _LINE_BYTES:
                    raise BrokenProtocol("dòng quá dài")
                return
            line = bytes(memoryview(self._buffer)[:end])
            del self._buffer[: end + 2]
            self._searched = 0
            self._keep(line)
            if announced := _LITERAL.search(line):
                self._begin_literal(int(announced[1]))
            else:
                whole, self._response = self._response, []
                yield whole

    def _begin_literal(self, size: int) -> None:
        if size > self._literal_bytes:
            raise BrokenProtocol("nội dung nhiều hơn mức đã hỏi")
        self._literal, self._missing = bytearray(), size

    def _fill_literal(self) -> None:
        assert self._literal is not None  # noqa: S101
        piece = memoryview(self._buffer)[: self._missing]
        self._literal += piece
        taken = len(piece)
        piece.release()
        del self._buffer[:taken]
        self._missing -= taken
        self._kept_bytes += taken

    def _keep(self, line: bytes) -> None:
        self._response.append(line)
        self._kept_bytes += len(line)
        if self._kept_bytes > self._literal_bytes + 2 * _LINE_BYTES:
            raise BrokenProtocol("trả lời nhiều hơn mức đã hỏi")

    def _take(self, response: list[bytes]) -> None:
        line = response[0]
        if self.state == CONNECTED:
            self._greet(line)
        elif line.startswith(b"* "):
            response[0] = line[2:]
            self._untagged(response)
        elif line.startswith(b"+"):
            self._continuation(line)
        else:
            self._response_done(line)

    def _greet(self, line: bytes) -> None:
        self.preauthenticated = line[2:].upper().startswith(_PREAUTH)
        if not self.preauthenticated and not line[2:].upper().startswith(b"OK"):
            raise MailboxProblem("Máy chủ thư từ chối kết nối")
        self.state = AUTH if self.preauthenticated else NONAUTH
        self.greeted.set()

    def _untagged(self, response: Sequence[bytes]) -> None:
        text = response[0]
        if exists := _EXISTS.match(text):
            count = int(exists[1])
            if count > self._exists:
                self.news.set()
            self._exists = count
        elif _EXPUNGE.match(text):
            self._exists -= 1
        elif validity := _UIDVALIDITY.match(text):
            self.uidvalidity = int(validity[1])
        self._hand_over(response)

    def _hand_over(self, response: Sequence[bytes]) -> None:
        """To the command it answers; what nobody asked for is forgotten."""
        text = response[0]
        waiting = self.pending_sync_command
        if isinstance(waiting, IdleCommand):
            self._kept_bytes = 0
        elif waiting is not None:
            waiting.append_to_resp(text)
        elif _FETCH.match(text):
            if "FETCH" in self.pending_async_commands:
                self.fetched.append(tuple(response))
        else:
            name, _, rest = text.partition(b" ")
            if command := self.pending_async_commands.get(name.decode("ascii", "replace").upper()):
                command.append_to_resp(rest)

    def _response_done(self, line: bytes) -> None:
        if self.pending_sync_command is not None and self.pending_sync_command.name == "STARTTLS":
            self._upgrading = True
        super()._response_done(line)

    def _continuation(self, line: bytes) -> None:
        command = self.pending_sync_command
        if command is not None and command.name == "AUTHENTICATE":
            self.transport.write((self._sasl.pop() if self._sasl else b"") + CRLF)
        else:
            super()._continuation(line)
