"""One mail, one recipient, from MAIL to the answer after the dot."""

from __future__ import annotations

from gateway.adapters.smtp_out.answer import CLOSING, GO_AHEAD, Answer
from gateway.adapters.smtp_out.connection import Connection
from gateway.adapters.smtp_out.envelope import Envelope, carriage
from gateway.adapters.smtp_out.faults import BrokenError, LostError, StaleError
from gateway.adapters.smtp_out.reports import NO_WISH, ReportWish
from gateway.adapters.smtp_out.wire import lines_of
from gateway.model.notice import DeliveryResult, Outgoing


class Transaction:
    """The dialogue about one mail; `in_doubt` once the relay may have taken it without our knowing (RFC 1047)."""

    def __init__(self, outgoing: Outgoing, *, content_seconds: float) -> None:
        """Raises UndeliverableError."""
        self._envelope = Envelope.of(outgoing)
        self._content = outgoing.content
        self._content_seconds = content_seconds
        self.in_doubt = False

    async def run(self, connection: Connection, *, kept: bool) -> DeliveryResult:
        """The relay's judgement.

        Raises UndeliverableError, BrokenError or, where a `kept` connection was dead before DATA, StaleError.
        """
        try:
            refusal, reports = await self._address(connection)
        except LostError as error:
            if kept:
                raise StaleError from error
            raise
        if refusal is not None:
            if kept and refusal.code == CLOSING:
                raise StaleError
            return refusal.result()
        answer = await connection.ask(b"DATA")
        if answer.good:
            raise BrokenError("Máy chủ chuyển thư nhận thư khi chưa có nội dung")
        if answer.code != GO_AHEAD:
            await connection.reset()
            return answer.result()
        for piece in lines_of(self._content):
            await connection.hand_over(piece)
        connection.end_content()
        self.in_doubt = True
        answer = await connection.hear(self._content_seconds)
        self.in_doubt = False
        if not answer.good:
            # Postfix 3.7 keeps the envelope after a refusal by smtpd_end_of_data_restrictions: 503 nested MAIL command.
            await connection.reset()
        return answer.result(reports=reports)

    async def _address(self, connection: Connection) -> tuple[Answer | None, bool]:
        """MAIL and RCPT: the answer that refused, if any did, and whether the relay knows of our wish for reports.

        A relay that offers DSN and stumbles over it gets the same once more without.
        """
        parameters = carriage(self._envelope, self._content, connection.offers)
        wish = self._envelope.wish if connection.offers("dsn") else NO_WISH
        refusal = await self._commands(connection, parameters, wish)
        if refusal is not None and wish and refusal.refuses_parameters:
            wish = NO_WISH
            refusal = await self._commands(connection, parameters, wish)
        return refusal, bool(wish)

    async def _commands(self, connection: Connection, parameters: tuple[bytes, ...], wish: ReportWish) -> Answer | None:
        commands = (
            (b"MAIL", self._envelope.mail, *parameters, *wish.mail),
            (b"RCPT", self._envelope.rcpt, *wish.rcpt),
        )
        for command in commands:
            answer = await connection.ask(*command)
            if not answer.good:
                await connection.reset()
                return answer
        return None
