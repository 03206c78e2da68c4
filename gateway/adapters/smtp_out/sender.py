"""The port: attempts at one relay, a few at a time, over connections that are used again."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable
from pathlib import Path

import structlog

from gateway.adapters.smtp_out.answer import one_line, temporary
from gateway.adapters.smtp_out.connection import Connection
from gateway.adapters.smtp_out.door import Door, RelayTls
from gateway.adapters.smtp_out.faults import BrokenError, NotReadyError, StaleError, UndeliverableError
from gateway.adapters.smtp_out.pool import Pool
from gateway.adapters.smtp_out.timeouts import RelayTimeouts
from gateway.adapters.smtp_out.transaction import Transaction
from gateway.model.notice import DeliveryOutcome, DeliveryResult, Outgoing

log = structlog.get_logger(__name__)

_IN_DOUBT = "; nội dung đã gửi hết nên máy chủ có thể đã nhận thư"


class RelaySender:
    """Sends through one relay; implements `gateway.ports.Sender` and may be used by many tasks at once.

    2xx is SENT and 5xx to MAIL, RCPT or DATA is PERMANENT. UNREACHABLE is whatever fails before the relay is ready:
    the connection, TLS, our login (which speak of us and not of the mail). All else is TEMPORARY: 4xx, a connection
    lost in the middle, and every surprise. A connection lost after DATA is not tried again at once, because the
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
        self._timeouts = timeouts or RelayTimeouts()
        self._door = Door(
            host,
            port,
            helo=helo,
            tls=RelayTls(tls),
            username=username,
            password=password,
            ca_file=ca_file,
            timeouts=self._timeouts,
        )
        self._slots = asyncio.Semaphore(connections)
        self._pool = Pool(self._timeouts.idle)

    def __repr__(self) -> str:
        return f"RelaySender({self._door})"

    async def send(self, outgoing: Outgoing) -> DeliveryResult:
        """One attempt; `reports` is true where the relay offered DSN and took the mail with our wish. Never raises."""
        try:
            transaction = Transaction(outgoing, content_seconds=self._timeouts.content)
        except UndeliverableError as error:
            return DeliveryResult(DeliveryOutcome.PERMANENT, str(error))
        try:
            async with self._slots, asyncio.timeout(self._timeouts.attempt):
                return await self._attempt(transaction)
        except UndeliverableError as error:
            return DeliveryResult(DeliveryOutcome.PERMANENT, str(error))
        except NotReadyError as error:
            return DeliveryResult(DeliveryOutcome.UNREACHABLE, one_line(str(error)))
        except BrokenError as error:
            text = str(error)
        except TimeoutError:
            text = "Máy chủ chuyển thư không trả lời trong thời hạn"
        except Exception as error:  # noqa: BLE001 a surprise must leave the mail in the outbox, and the traceback's locals hold the password
            log.error("relay.surprise", error=type(error).__name__, where=_where(error))  # noqa: TRY400
            text = f"Lỗi ngoài dự kiến khi chuyển thư ({type(error).__name__})"
        return temporary(text + _IN_DOUBT if transaction.in_doubt else text)

    async def close(self) -> None:
        """Say QUIT on every idle connection and wait for the farewells under way."""
        await self._pool.close()

    async def _attempt(self, transaction: Transaction) -> DeliveryResult:
        connection = self._pool.take()
        if connection is not None:
            try:
                return await self._on(connection, transaction, kept=True)
            except StaleError:
                log.info("relay.stale_connection")
        return await self._on(await self._door.enter(), transaction, kept=False)

    async def _on(self, connection: Connection, transaction: Transaction, *, kept: bool) -> DeliveryResult:
        """One transaction; the connection goes back to the pool only if it ended in a known state."""
        clean = False
        try:
            result = await transaction.run(connection, kept=kept)
            clean = connection.usable
        except UndeliverableError:
            clean = connection.usable
            raise
        finally:
            if clean:
                self._pool.keep(connection)
            else:
                connection.drop()
        return result


def _where(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].name}:{frames[-1].lineno}" if frames else ""
