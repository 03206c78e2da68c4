"""A mailbox for years: connect, look, wait for news, look again; after any failure connect anew."""

from __future__ import annotations

import asyncio
import logging
import random

from gateway.adapters.imap_in.connection import Connection, connected, first_of
from gateway.adapters.imap_in.memory import Memory
from gateway.adapters.imap_in.options import MailboxOptions
from gateway.adapters.imap_in.problems import LoginRefused, describe
from gateway.adapters.imap_in.receiver import Receiver
from gateway.adapters.imap_in.removal import Removal
from gateway.adapters.imap_in.visit import Visit
from gateway.errors import StorageFull, TemporaryError
from gateway.ports import Blobs

_DRAIN_SECONDS = 5.0
_JITTER = 0.5

log = logging.getLogger(__name__)


class Mailbox:
    """Fetches one mailbox until stopped. No failure of the server, of the network or of a mail ends it."""

    def __init__(self, options: MailboxOptions, blobs: Blobs, receiver: Receiver) -> None:
        self._options = options
        self._blobs = blobs
        self._receiver = receiver
        self._stopping = asyncio.Event()
        self._memory = Memory(uidvalidity=0)
        self._failures = 0
        self._visit: Visit | None = None
        self._work: asyncio.Task[None] | None = None
        self._connection: Connection | None = None

    def nudge(self) -> None:
        """Look into the mailbox soon: there is something to remove from it."""
        if self._connection is not None:
            self._connection.news.set()

    async def run(self) -> None:
        """Work until stop(), or until cancelled; either way, mails on their way into the store are entered first.

        Raises nothing but what `receiver.failed` raises.
        """
        self._work = asyncio.create_task(self._keep_working())
        try:
            await asyncio.wait({self._work})
        finally:
            await self._end()

    async def stop(self) -> None:
        """End run(): at the next step of the conversation, or by cutting it after a few seconds."""
        self._stopping.set()
        if self._work is not None:
            await asyncio.wait({self._work}, timeout=_DRAIN_SECONDS)
            await self._end()

    async def _end(self) -> None:
        if self._work is not None:
            self._work.cancel()
            await asyncio.wait({self._work})
            if not self._work.cancelled():
                self._work.result()

    async def _keep_working(self) -> None:
        while not self._stopping.is_set():
            self._visit = self._connection = None
            try:
                async with connected(self._options) as connection:
                    log.info("imap connected: %s", self._options.name)
                    self._connection = connection
                    await self._watch(connection)
            except Exception as error:  # noqa: BLE001 a surprise must not end the mailbox, and the locals hold the secret
                delay = self._delay_after(error)
                reason = describe(error)
                log.warning("imap failed: %s: %s; again in %.0f s", self._options.name, reason, delay)
                self._receiver.failed(reason)
                await first_of(delay, self._stopping)

    async def _watch(self, connection: Connection) -> None:
        while not self._stopping.is_set():
            if connection.uidvalidity != self._memory.uidvalidity:
                self._memory = Memory(connection.uidvalidity)
            visit = Visit(self._options, connection, self._blobs, self._receiver, self._memory, self._stopping)
            self._visit = visit
            await visit.run()
            if self._stopping.is_set():
                return
            self._failures = 0
            if visit.problem:
                log.warning("imap not finished: %s: %s", self._options.name, visit.problem)
                self._receiver.failed(visit.problem)
            else:
                self._receiver.looked()
            await Removal(self._options, connection, self._receiver).run()
            await self._wait(connection, self._options.poll if visit.wait is None else visit.wait)

    async def _wait(self, connection: Connection, seconds: float) -> None:
        seconds = min(seconds, self._options.poll)
        if connection.can_idle:
            await connection.idle(seconds, self._stopping)
        else:
            await first_of(seconds, connection.news, self._stopping)
        if not connection.news.is_set() and not self._stopping.is_set():
            await connection.open_folder()

    def _delay_after(self, error: Exception) -> float:
        """A refused login waits long; a store that is full or away is looked at again as often as the folder.

        So is a folder with a mail that ends the connection: others may have come, and that one is soon left alone.
        """
        if self._visit is not None and self._visit.has_progressed:
            self._failures = 0
        self._failures += 1
        backoff = self._options.backoff
        delay = backoff.delay(self._failures)
        if isinstance(error, LoginRefused):
            delay = max(delay, backoff.refused)
        elif isinstance(error, StorageFull | TemporaryError) or (self._visit and self._visit.blames_a_mail):
            delay = min(delay, self._options.poll)
        return delay * random.uniform(1 - _JITTER, 1)  # noqa: S311 - spreads attempts, keeps no secret
