"""Mail out through a relay (RFC 5321), with a few connections kept for a burst."""

from __future__ import annotations

import asyncio
import re
import ssl
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import aiosmtplib
import structlog

from gateway.errors import SettingsError
from gateway.model.notice import DeliveryOutcome, DeliveryResult

log = structlog.get_logger(__name__)

RESPONSE_LIMIT = 500
_QUIT_SECONDS = 5.0
_PIECE = 65_536
_BAD_ADDRESS = re.compile(r"[\x00-\x20\x7f<>]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_LONE_LINE_END = re.compile(rb"\r\n|\n|\r")
_LINE_WITH_DOT = re.compile(rb"(?m)^\.")
_OUR_CREDENTIALS = frozenset({530, 534, 535, 538})
_BY_FIRST_DIGIT = {2: DeliveryOutcome.SENT, 5: DeliveryOutcome.PERMANENT}
_CLOSING = 421
_GO_AHEAD = 354


class RelayTls(StrEnum):
    """How the way to the relay is protected; with the last two the certificate is always verified."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class RelayTimeouts:
    """Limits in seconds: for the way to a greeted connection, one command, the content and a whole attempt.

    `idle` is how long an unused connection is kept open.
    """

    connect: float = 20.0
    command: float = 30.0
    content: float = 300.0
    attempt: float = 420.0
    idle: float = 5.0


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the relay said to one command of the transaction."""

    code: int
    text: str

    @property
    def outcome(self) -> DeliveryOutcome:
        if self.code in _OUR_CREDENTIALS:
            return DeliveryOutcome.TEMPORARY
        return _BY_FIRST_DIGIT.get(self.code // 100, DeliveryOutcome.TEMPORARY)

    @property
    def line(self) -> str:
        return _one_line(f"{self.code} {self.text}")


class _NotReadyError(Exception):
    """No usable connection; the text is for the operator and holds nothing the relay said about our login."""


class _StaleError(Exception):
    """A kept connection was found dead before DATA: nothing of the mail was handed over."""


class RelaySender:
    """Sends through one relay; implements `gateway.ports.Sender` and may be used by many tasks at once.

    2xx is SENT and 5xx to MAIL, RCPT or DATA is PERMANENT. All else is TEMPORARY: 4xx, every
    failure of the connection, of TLS or of our login (which speaks of us and not of the mail),
    and every surprise. A connection lost after DATA is not tried again at once, because the
    relay may have taken the mail. Raises SettingsError where the password would go in the clear.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        helo: str,
        tls: RelayTls | str = RelayTls.STARTTLS,
        username: str | None = None,
        password: Callable[[], str] | str | None = None,
        ca_file: Path | None = None,
        connections: int = 4,
        timeouts: RelayTimeouts | None = None,
    ) -> None:
        self._host, self._port, self._helo = host, port, helo
        self._tls = RelayTls(tls)
        if username is not None and (password is None or self._tls is RelayTls.NONE):
            raise SettingsError("relay.username: đăng nhập cần relay.password và relay.tls là starttls hoặc tls")
        self._username = username
        self._password = password if callable(password) else lambda: password or ""
        self._context = None if self._tls is RelayTls.NONE else ssl.create_default_context(cafile=ca_file)
        self._timeouts = timeouts or RelayTimeouts()
        self._slots = asyncio.Semaphore(connections)
        self._idle: dict[aiosmtplib.SMTP, asyncio.TimerHandle] = {}
        self._farewells: set[asyncio.Task[None]] = set()

    def __repr__(self) -> str:
        return f"RelaySender({self._host}:{self._port}, {self._tls})"

    async def send(self, sender: str, recipient: str, content: bytes) -> DeliveryResult:
        """One attempt for one recipient; `sender` may be empty (RFC 5321 section 4.5.5). Never raises."""
        try:
            arguments = _envelope(sender, recipient)
        except ValueError as error:
            return DeliveryResult(DeliveryOutcome.PERMANENT, str(error))
        try:
            async with self._slots, asyncio.timeout(self._timeouts.attempt):
                return await self._attempt(arguments, content)
        except _NotReadyError as error:
            return _temporary(str(error))
        except TimeoutError:
            return _temporary("Máy chủ chuyển thư không trả lời trong thời hạn")
        except (aiosmtplib.SMTPException, OSError) as error:
            return _temporary(f"Mất kết nối với máy chủ chuyển thư ({type(error).__name__})")
        except Exception as error:  # noqa: BLE001 a surprise must leave the mail in the outbox, and the traceback's locals hold the password
            log.error("relay.surprise", error=type(error).__name__, where=_where(error))  # noqa: TRY400
            return _temporary(f"Lỗi ngoài dự kiến khi chuyển thư ({type(error).__name__})")

    async def close(self) -> None:
        """Say QUIT on every idle connection and wait for the farewells under way."""
        for client in list(self._idle):
            self._dismiss(client)
        while self._farewells:
            await asyncio.gather(*self._farewells)

    async def _attempt(self, arguments: _Arguments, content: bytes) -> DeliveryResult:
        client = self._take_idle()
        if client is not None:
            try:
                return await self._on(client, arguments, content, kept=True)
            except _StaleError:
                log.info("relay.stale_connection")
        return await self._on(await self._connected(), arguments, content, kept=False)

    async def _on(
        self, client: aiosmtplib.SMTP, arguments: _Arguments, content: bytes, *, kept: bool
    ) -> DeliveryResult:
        """One transaction; the connection goes back to the pool only if it ended in a known state."""
        clean = False
        try:
            result = await self._transaction(client, arguments, content, kept=kept)
            clean = client.is_connected
        finally:
            if clean:
                self._keep(client)
            else:
                client.close()
        return result

    async def _transaction(
        self, client: aiosmtplib.SMTP, arguments: _Arguments, content: bytes, *, kept: bool
    ) -> DeliveryResult:
        options = arguments.options(client, content)
        if isinstance(options, str):
            return DeliveryResult(DeliveryOutcome.PERMANENT, options)
        try:
            for command in ((b"MAIL", arguments.mail, *options), (b"RCPT", arguments.rcpt)):
                answer = await self._command(client, *command)
                if kept and answer.code == _CLOSING:
                    raise _StaleError
                if answer.outcome is not DeliveryOutcome.SENT:
                    await self._reset(client)
                    return _judged(answer)
        except (aiosmtplib.SMTPServerDisconnected, ConnectionError) as error:
            if kept:
                raise _StaleError from error
            raise
        answer = await self._command(client, b"DATA")
        if answer.outcome is DeliveryOutcome.SENT:
            raise aiosmtplib.SMTPException("the relay took a mail it has not seen")
        if answer.code != _GO_AHEAD:
            await self._reset(client)
            return _judged(answer)
        return _judged(await self._hand_over(client, content))

    async def _command(self, client: aiosmtplib.SMTP, *words: bytes) -> _Answer:
        response = await client.execute_command(*words)
        return _Answer(response.code, response.message)

    async def _hand_over(self, client: aiosmtplib.SMTP, content: bytes) -> _Answer:
        """Piece by piece, so that encrypting a large mail does not hold up the event loop."""
        if client.protocol is None:
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        for piece in _on_the_wire(content):
            await asyncio.sleep(0)
            client.protocol.write(piece)
        response = await client.protocol.read_response(timeout=self._timeouts.content)
        return _Answer(response.code, response.message)

    async def _reset(self, client: aiosmtplib.SMTP) -> None:
        """End a refused transaction; the answer already had is what counts, so a failure only costs the connection."""
        try:
            await client.rset()
        except (aiosmtplib.SMTPException, OSError):
            client.close()

    async def _connected(self) -> aiosmtplib.SMTP:
        client = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            local_hostname=self._helo,
            timeout=self._timeouts.command,
            use_tls=self._tls is RelayTls.TLS,
            start_tls=False,
            tls_context=self._context,
        )
        ready = False
        try:
            async with asyncio.timeout(self._timeouts.connect):
                await self._greet(client)
            ready = True
        except TimeoutError as error:
            raise _NotReadyError("Quá thời hạn khi nối tới máy chủ chuyển thư") from error
        except ssl.SSLCertVerificationError as error:
            raise _NotReadyError(f"Chứng thư của máy chủ chuyển thư không đáng tin: {error.verify_message}") from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise _NotReadyError(_connection_failure(error)) from error
        finally:
            if not ready:
                client.close()
        return client

    async def _greet(self, client: aiosmtplib.SMTP) -> None:
        await client.connect(timeout=self._timeouts.connect)
        try:
            await client.ehlo()
        except aiosmtplib.SMTPHeloError:
            if self._tls is not RelayTls.NONE or not client.is_connected:
                raise
            await client.helo()
        if self._tls is RelayTls.STARTTLS:
            if not client.supports_extension("starttls"):
                raise _NotReadyError("Máy chủ chuyển thư không nhận STARTTLS; thư không được gửi đi khi chưa mã hóa")
            await client.starttls()
            await client.ehlo()
        if self._username is not None:
            try:
                await client.login(self._username, self._password())
            except aiosmtplib.SMTPResponseException as error:
                raise _NotReadyError(f"Máy chủ chuyển thư từ chối đăng nhập (mã {error.code})") from None
            except aiosmtplib.SMTPException as error:
                raise _NotReadyError(f"Không đăng nhập được máy chủ chuyển thư ({type(error).__name__})") from None

    def _take_idle(self) -> aiosmtplib.SMTP | None:
        while self._idle:
            client, timer = self._idle.popitem()
            timer.cancel()
            if client.is_connected:
                return client
            client.close()
        return None

    def _keep(self, client: aiosmtplib.SMTP) -> None:
        loop = asyncio.get_running_loop()
        self._idle[client] = loop.call_later(self._timeouts.idle, self._dismiss, client)

    def _dismiss(self, client: aiosmtplib.SMTP) -> None:
        self._idle.pop(client).cancel()
        farewell = asyncio.get_running_loop().create_task(_say_quit(client))
        self._farewells.add(farewell)
        farewell.add_done_callback(self._farewells.discard)


@dataclass(frozen=True, slots=True)
class _Arguments:
    """The envelope as it stands in MAIL and RCPT. `smtputf8` only where a local part is not ASCII."""

    mail: bytes
    rcpt: bytes
    smtputf8: bool

    def options(self, client: aiosmtplib.SMTP, content: bytes) -> tuple[bytes, ...] | str:
        """The parameters of MAIL, or why this relay can never take the mail (RFC 6531, 6152, 1870)."""
        header = content[: content.find(b"\r\n\r\n") + 1] or content
        options: list[bytes] = []
        if client.supports_extension("size"):
            options.append(b"SIZE=%d" % len(content))
        if not content.isascii():
            if not client.supports_extension("8bitmime"):
                return "5.6.3 Máy chủ chuyển thư không nhận thư 8 bit"
            options.append(b"BODY=8BITMIME")
        if self.smtputf8 or not header.isascii():
            if not client.supports_extension("smtputf8"):
                return "5.6.7 Máy chủ chuyển thư không nhận địa chỉ hoặc tiêu đề Unicode"
            options.append(b"SMTPUTF8")
        return tuple(options)


def _envelope(sender: str, recipient: str) -> _Arguments:
    """Raises ValueError, with a Vietnamese text, for what can be no address or would forge a command."""
    if not recipient:
        raise ValueError("5.1.3 Thiếu địa chỉ người nhận")
    words = [_mailbox(address) for address in (sender, recipient)]
    return _Arguments(
        mail=b"FROM:<" + words[0] + b">",
        rcpt=b"TO:<" + words[1] + b">",
        smtputf8=not all(word.isascii() for word in words),
    )


def _mailbox(address: str) -> bytes:
    if not address:
        return b""
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain or _BAD_ADDRESS.search(address):
        raise ValueError("5.1.3 Địa chỉ thư không hợp lệ")
    try:
        return local.encode("utf-8") + b"@" + domain.encode("idna")
    except UnicodeError:
        raise ValueError("5.1.3 Tên miền trong địa chỉ thư không hợp lệ") from None


def _on_the_wire(content: bytes) -> Iterator[bytes]:
    """What follows 354: CRLF line ends, dots doubled, the final dot (RFC 5321 sections 2.3.8 and 4.5.2).

    Pieces end with a line, so that each can be treated by itself.
    """
    ending = b"\r\n"
    start = 0
    while start < len(content):
        line_feed = content.find(b"\n", start + _PIECE - 1)
        end = len(content) if line_feed < 0 else line_feed + 1
        lines = _with_crlf(content[start:end])
        ending = lines[-2:]
        yield _LINE_WITH_DOT.sub(b"..", lines) if b"\n." in lines or lines[:1] == b"." else lines
        start = end
    yield b".\r\n" if ending == b"\r\n" else b"\r\n.\r\n"


def _with_crlf(lines: bytes) -> bytes:
    """Every line end as CRLF. Counting is much cheaper than looking at each, and our own notices have no other."""
    ends = lines.count(b"\r\n")
    if lines.count(b"\n") == ends == lines.count(b"\r"):
        return lines
    return _LONE_LINE_END.sub(b"\r\n", lines)


def _judged(answer: _Answer) -> DeliveryResult:
    return DeliveryResult(answer.outcome, answer.line)


def _temporary(text: str) -> DeliveryResult:
    return DeliveryResult(DeliveryOutcome.TEMPORARY, _one_line(text))


def _one_line(text: str) -> str:
    printable = text.encode("utf-8", "replace").decode("utf-8")
    return _CONTROL.sub(" ", printable).strip()[:RESPONSE_LIMIT]


def _connection_failure(error: Exception) -> str:
    cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"Chứng thư của máy chủ chuyển thư không đáng tin: {cause.verify_message}"
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"Máy chủ chuyển thư từ chối kết nối: {error.code} {error.message}"
    return f"Không nối được tới máy chủ chuyển thư ({type(cause).__name__})"


def _where(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].name}:{frames[-1].lineno}" if frames else ""


async def _say_quit(client: aiosmtplib.SMTP) -> None:
    try:
        await client.quit(timeout=_QUIT_SECONDS)
    except (aiosmtplib.SMTPException, OSError):
        pass
    finally:
        client.close()
