"""One conversation with a client (RFC 5321, RFC 2033 for LMTP) on aiosmtpd's protocol class.

aiosmtpd brings the connection, STARTTLS and the session's state. What it does for us no more, with the reason:
its command loop (cancels a mail under way at EOF, knows no deadline per wait, answers 500 to a fault of ours)
and its verbs (line-wise DATA, no null sender, no enhanced status codes, one LMTP status for all recipients).
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from typing import AnyStr, Protocol

from aiosmtpd.smtp import SMTP, TLSSetupException

from gateway.adapters.smtp_in import replies
from gateway.adapters.smtp_in.addresses import Recipients
from gateway.adapters.smtp_in.dialogue import Dialogue
from gateway.adapters.smtp_in.options import Options
from gateway.adapters.smtp_in.receipt import Accept, DataWithoutEnd, hand_over, problem, receive
from gateway.adapters.smtp_in.wire import LineTooLong, Wire
from gateway.model.mail import Envelope, StoredBlob, Transport
from gateway.ports import Blobs

MAX_ERRORS = 20
MAX_IDLE_COMMANDS = 100
"""Commands other than RCPT and DATA between two accepted mails."""

_LINGER_SECONDS = 10.0
_UNREAD_REPLY_BYTES = 4096
_NO_HOOKS = object()

log = logging.getLogger(__name__)


class House(Protocol):
    """What a session needs of its listener."""

    options: Options
    recipients: Recipients
    blobs: Blobs
    accept: Accept

    def enter(self, session: Session) -> str | None:
        """Count a session in: None, or the reply that turns it away."""
        ...

    def leave(self, session: Session) -> None:
        """Count a session out; harmless where it was never in."""
        ...


class Session(SMTP):
    """A client's session from greeting to close."""

    line_length_limit = 128 * 1024  # of the stream's buffer, so that a usual mail needs no pause; Wire limits lines

    def __dir__(self) -> tuple[str, ...]:
        """Nothing: aiosmtpd looks through all members for login methods at every connection, and we offer none."""
        return ()

    def __init__(self, house: House) -> None:
        options = house.options
        super().__init__(
            _NO_HOOKS,
            data_size_limit=options.max_message_bytes,
            enable_SMTPUTF8=True,
            hostname=options.hostname,
            tls_context=options.tls,
            loop=asyncio.get_running_loop(),
        )
        self._house = house
        self._options = options
        self._pending: list[str] = []
        self._errors = 0
        self._idle_commands = 0
        self._over = False
        self._dismissed = False
        self._waiting = False
        self._secured = False
        self._dialogue = Dialogue(options, house.recipients, "", secure=False)
        self.address = ""
        """The client's IP address as text, empty on a Unix socket."""

    @property
    def task(self) -> asyncio.Task[None] | None:
        """The task that runs the conversation, once the connection is made."""
        return self._handler_coroutine

    def dismiss(self) -> None:
        """End the session as soon as no mail is under way: now, if the client is idle."""
        self._dismissed = True
        if self._waiting and self._dialogue.mail_from is None:
            self.cut()

    def cut(self) -> None:
        """End the session now with 421."""
        if not self._writer.transport.is_closing():
            self._writer.write(replies.SHUTTING_DOWN.encode() + b"\r\n")
            self._close()

    # What aiosmtpd calls.

    def connection_lost(self, error: Exception | None) -> None:
        """Let the reader see the end; a mail that is wholly here is still entered, so the task is not cancelled."""
        if self._original_transport is not None:
            self._original_transport.close()
        asyncio.StreamReaderProtocol.connection_lost(self, error)
        self.transport = None

    def eof_received(self) -> bool:
        """Let the reader see the end; a client that shuts its side after pipelining still gets its replies."""
        self._reader.feed_eof()
        return self._tls_protocol is None

    def _reset_timeout(self, duration: float | None = None) -> None:
        """No timer of aiosmtpd: each wait has a deadline of its own."""

    async def push(self, status: AnyStr) -> None:
        """Send the only reply that aiosmtpd still gives, the one before the handshake, in our words."""
        await super().push(replies.START_TLS)

    async def _handle_client(self) -> None:
        self.address = _ip_address(self._writer.get_extra_info("peername"))
        self._dialogue = Dialogue(self._options, self._house.recipients, self.address, secure=False)
        self._wire = Wire(self._reader)
        try:
            await self._converse()
        except DataWithoutEnd:
            await self._farewell(replies.DATA_WITHOUT_END)
        except TimeoutError:
            await self._farewell(replies.TIMED_OUT)
        except ConnectionError:
            log.info("%s: connection lost", self.address)
        finally:
            self._house.leave(self)
            self._close()

    # The conversation.

    async def _converse(self) -> None:
        refusal = self._house.enter(self)
        if refusal is not None:
            await self._farewell(refusal)
            return
        protocol = "LMTP" if self._options.lmtp else "ESMTP"
        self._say(replies.GREETING.format(hostname=self._options.hostname, protocol=protocol))
        while not self._over:
            try:
                line = await self._next_line()
                await self._obey(line)
            except LineTooLong:
                self._say(replies.LINE_TOO_LONG)
            except (TimeoutError, ConnectionError):
                raise
            except Exception as error:  # noqa: BLE001 - a fault of ours must cost the client no mail
                self._say(await self.handle_exception(error))
            self._weigh()
        await self._flush()

    async def handle_exception(self, error: Exception) -> str:
        """A temporary reply with an id; aiosmtpd's own would be permanent and show the fault."""
        return problem(error)

    def _weigh(self) -> None:
        """Decide whether the session has a future."""
        if self._over:
            return
        if self._errors >= MAX_ERRORS:
            self._end(replies.TOO_MANY_ERRORS)
        elif self._idle_commands > MAX_IDLE_COMMANDS:
            self._end(replies.TOO_MANY_COMMANDS)
        elif self._dismissed and self._dialogue.mail_from is None:
            self._end(replies.SHUTTING_DOWN)

    async def _next_line(self) -> bytes:
        if not self._wire.has_line:
            await self._flush()
            self._waiting = True
        try:
            return await self._wire.line(self._options.command_timeout)
        finally:
            self._waiting = False

    async def _obey(self, line: bytes) -> None:
        try:
            verb, _, argument = line.decode().partition(" ")
        except UnicodeDecodeError:
            self._say(replies.BAD_LINE)
            return
        verb = verb.upper()
        self._idle_commands += verb not in {"RCPT", "DATA"}
        reply = self._dialogue.answer(verb, argument.strip())
        if reply is replies.START_TLS:
            await self._secure()
            return
        self._say(reply)
        if reply is replies.SEND_DATA:
            await self._data()
        elif reply is replies.BYE:
            self._over = True

    def _say(self, reply: str) -> None:
        """Add a reply; it goes out when the client has to be waited for (RFC 2920 section 3.2)."""
        if replies.is_error(reply):
            self._errors += 1
            log.info("%s: %s", self.address, reply)
        self._pending.append(reply)

    async def _flush(self) -> None:
        if self._pending:
            text = "".join(f"{reply}\r\n" for reply in self._pending)
            self._pending.clear()
            self._writer.write(text.encode())
            if self._writer.transport.get_write_buffer_size() > _UNREAD_REPLY_BYTES:
                async with asyncio.timeout(self._options.command_timeout):
                    await self._writer.drain()

    async def _farewell(self, reply: str) -> None:
        """Say goodbye to a client that may not be listening any more."""
        log.info("%s: %s", self.address, reply)
        self._end(reply)
        try:
            await self._flush()
        except (TimeoutError, ConnectionError):
            self._close()

    def _end(self, reply: str) -> None:
        self._say(reply)
        self._over = True

    def _close(self) -> None:
        """Close after what is written has gone out, but not later than a client may dawdle."""
        self._over = True
        transport = self._writer.transport
        if not transport.is_closing():
            if transport.get_write_buffer_size():
                self.loop.call_later(_LINGER_SECONDS, transport.abort)
            transport.close()

    # The verbs that need waiting.

    async def _data(self) -> None:
        await self._flush()
        received = await receive(self._wire, self._house.blobs.writer(), self._options)
        if isinstance(received, StoredBlob):
            label, refusal = await hand_over(self._house.accept, self._envelope_of_mail(), received)
        else:
            label, refusal = None, received
        self._answer(label, refusal)
        self._dialogue.reset()

    def _envelope_of_mail(self) -> Envelope:
        return Envelope(
            transport=Transport.LMTP if self._options.lmtp else Transport.SMTP,
            transport_id=uuid.uuid4().hex,
            mail_from=self._dialogue.mail_from or "",
            recipients=tuple(self._dialogue.recipients),
            peer=self.address,
            helo=self._dialogue.helo,
            tls=self._secured,
        )

    def _answer(self, label: str | None, refusal: str) -> None:
        """One reply; in LMTP one for each accepted recipient, in their order (RFC 2033 section 4.2)."""
        if label is not None:
            self._errors = self._idle_commands = 0
        if not self._options.lmtp:
            self._say(refusal if label is None else replies.ACCEPTED.format(label=label))
            return
        self._say(
            "\r\n".join(
                refusal if label is None else replies.ACCEPTED_FOR.format(recipient=recipient, label=label)
                for recipient in self._dialogue.recipients
            )
        )

    async def _secure(self) -> None:
        """Go over to TLS; commands that came in the clear behind STARTTLS are forgotten (RFC 3207 section 4.2)."""
        await self._flush()
        self._wire.discard()
        try:
            async with asyncio.timeout(self._options.command_timeout):
                await super().smtp_STARTTLS("")
        except (TLSSetupException, TimeoutError) as error:
            self._writer.transport.abort()
            raise ConnectionAbortedError("the TLS handshake failed") from error
        self._secured = True
        self._dialogue = Dialogue(self._options, self._house.recipients, self.address, secure=True)


def _ip_address(peer: object) -> str:
    return str(peer[0]).removeprefix("::ffff:") if isinstance(peer, tuple) else ""
