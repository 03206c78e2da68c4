"""One session with a relay that is ready for mail; the only module to read its replies."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

import aiosmtplib
from aiosmtplib.protocol import SMTPProtocol

from gateway.adapters.smtp_out.answer import CLOSING, Answer
from gateway.adapters.smtp_out.faults import BrokenError, LostError
from gateway.adapters.smtp_out.wire import FINAL_DOT

_QUIT_SECONDS = 5.0
_CODES = range(200, 600)
_REFUSALS = 400
_LOST = "Mất kết nối với máy chủ chuyển thư"
_LATE = "Máy chủ chuyển thư không trả lời trong thời hạn"
_GARBLED = "Máy chủ chuyển thư trả lời sai quy cách"
_LIBRARY_WORDS = "Malformed SMTP response line: "


class Connection:
    """Commands and their answers, one at a time. Every method that talks raises BrokenError or LostError."""

    def __init__(self, client: aiosmtplib.SMTP) -> None:
        """`client` has been greeted, and is encrypted and logged in as far as that is wanted."""
        self._client = client

    @property
    def usable(self) -> bool:
        """Whether it is open and nothing unasked for is waiting to be taken for the next answer."""
        return self._client.is_connected and not self._unasked()

    def offers(self, extension: str) -> bool:
        """Whether the relay named `extension` in its answer to the last EHLO."""
        return self._client.supports_extension(extension)

    async def ask(self, *words: bytes) -> Answer:
        """One command, one answer. More lines after a yes leave open what was agreed to; a no stands by itself.

        A server that hangs up on us says 421 right after its no, often in the same packet.
        """
        answer = await self._answer(self._client.execute_command(*words))
        if answer.code < _REFUSALS and self._unasked():
            raise BrokenError(f"{_GARBLED}: thừa dòng sau {answer.code}")
        return answer

    async def hand_over(self, piece: bytes) -> None:
        """Put a piece of the content on the line and wait while too much is on its way.

        Other tasks get their turn first: encrypting takes its time.
        """
        await asyncio.sleep(0)
        protocol = self._write(piece)
        try:
            await protocol._drain_helper()
        except OSError as error:
            raise LostError(_LOST) from error

    def end_content(self) -> None:
        """Put the final dot on the line: from now on the relay may take the mail."""
        self._write(FINAL_DOT)

    async def hear(self, seconds: float) -> Answer:
        """The answer to the content: yes or no, all else is none."""
        if self._client.protocol is None:
            raise LostError(_LOST)
        answer = await self._answer(self._client.protocol.read_response(timeout=seconds))
        if not answer.good and answer.code < _REFUSALS:
            raise BrokenError(f"{_GARBLED}: {answer.code} {answer.text}")
        if answer.code == CLOSING:
            self.drop()
        return answer

    async def reset(self) -> None:
        """End a refused transaction (RSET); a failure costs the connection and nothing else."""
        try:
            answer = await self.ask(b"RSET")
        except BrokenError:
            self.drop()
            return
        if not answer.good:
            self.drop()

    async def quit(self) -> None:
        """Say goodbye and close; never raises."""
        try:
            await self._client.quit(timeout=_QUIT_SECONDS)
        except (aiosmtplib.SMTPException, OSError):
            pass
        finally:
            self._client.close()

    def drop(self) -> None:
        """Close at once: what is still waiting to go out must not end a mail that we have given up."""
        transport = self._client.transport
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()
        self._client.close()

    def _write(self, content: bytes) -> SMTPProtocol:
        protocol = self._client.protocol
        if protocol is None:
            raise LostError(_LOST)
        try:
            protocol.write(content)
        except (aiosmtplib.SMTPServerDisconnected, OSError) as error:
            raise LostError(_LOST) from error
        return protocol

    async def _answer(self, response: Awaitable[aiosmtplib.SMTPResponse]) -> Answer:
        try:
            code, text = await response
        except aiosmtplib.SMTPTimeoutError as error:
            raise BrokenError(_LATE) from error
        except aiosmtplib.SMTPResponseException as error:
            raise BrokenError(f"{_GARBLED}: {error.message.removeprefix(_LIBRARY_WORDS)}") from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise LostError(_LOST) from error
        if code not in _CODES:
            raise BrokenError(f"{_GARBLED}: {code} {text}")
        return Answer(code, text)

    def _unasked(self) -> bool:
        """aiosmtplib keeps lines that came together with an answer and gives them out as the next one."""
        protocol = self._client.protocol
        return protocol is not None and bool(protocol._buffer)
