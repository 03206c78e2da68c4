"""Who receives in these tests: an honest memory of what was entered, and a way to wait for it."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from gateway.adapters.imap_in import Backoff, Mailbox, MailboxOptions, Tls
from gateway.model.mail import Envelope, StoredBlob
from gateway.model.seal import Remainder, Trace
from gateway.store.blobs import LocalBlobs
from tests.servers.dovecot import PASSWORD, USER, DovecotServer

PATIENCE = 60.0


class Stayed(NamedTuple):
    """A mail that the office was told stays in its mailbox."""

    uidvalidity: int
    uid: int
    reason: str


class Office:
    """Enters each transport id once, and keeps what it was told. `failures` are raised by the next calls of accept."""

    def __init__(self, blobs: LocalBlobs) -> None:
        self.blobs = blobs
        self.entered: dict[str, tuple[Envelope, StoredBlob]] = {}
        self.calls: list[str] = []
        self.stayed: list[Stayed] = []
        self.reasons: list[str] = []
        self.looks = 0
        self.progress = 0
        self.failures: list[Exception] = []
        self.on_accept: Callable[[], None] = lambda: None
        self.waits: Callable[[str, int], float] = lambda _sender, _size: 0.0
        self.admitted: list[tuple[str, int]] = []
        self.to_go: list[Remainder] = []
        self.gone: list[tuple[str, int]] = []
        self.remaining: list[str] = []
        self._change = asyncio.Event()

    @property
    def contents(self) -> list[str]:
        """The SHA-256 of what was entered, sorted."""
        return sorted(raw.sha256 for _, raw in self.entered.values())

    def admit(self, sender: str, size: int) -> float:
        wait = self.waits(sender, size)
        if not wait:
            self.admitted.append((sender, size))
        return wait

    async def accept(self, envelope: Envelope, raw: StoredBlob) -> str:
        self.calls.append(envelope.transport_id)
        self._change.set()
        self.on_accept()
        if self.failures:
            raise self.failures.pop(0)
        assert self.blobs.path(raw.sha256).stat().st_size == raw.size
        self.entered.setdefault(envelope.transport_id, (envelope, raw))
        self._change.set()
        return f"M{len(self.entered)}"

    async def taken(self, transport_ids: Sequence[str]) -> Collection[str]:
        return {each for each in transport_ids if each in self.entered}

    async def left(self, uidvalidity: int, uid: int, reason: str) -> None:
        self.stayed.append(Stayed(uidvalidity, uid, reason))
        self._change.set()

    def doom(self, transport_id: str) -> None:
        """From now on this mail is to go from its mailbox."""
        _, raw = self.entered[transport_id]
        number = len(self.to_go) + 1
        since = datetime.now(UTC)
        self.to_go.append(Remainder(number, number, Trace.MAILBOX, transport_id, raw.sha256, raw.size, since, 0))

    async def doomed(self, prefix: str) -> list[Remainder]:
        return [mail for mail in self.to_go if mail.name.startswith(prefix)]

    async def removed(self, mail: Remainder, found: int) -> None:
        self.to_go.remove(mail)
        self.gone.append((mail.name, found))
        self._change.set()

    async def not_removed(self, mail: Remainder, reason: str) -> None:
        self.remaining.append(reason)
        self._change.set()

    def progressed(self) -> None:
        self.progress += 1

    def looked(self) -> None:
        self.looks += 1
        self._change.set()

    def failed(self, reason: str) -> None:
        self.reasons.append(reason)
        self._change.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something we were told makes `condition` true."""
        async with asyncio.timeout(PATIENCE):
            while not condition():
                self._change.clear()
                await self._change.wait()

    async def another_look(self) -> None:
        """Wait for the next look that ends well."""
        before = self.looks
        await self.until(lambda: self.looks > before)


def options(server: DovecotServer, **changes: Any) -> MailboxOptions:
    """A mailbox on the test's server, in the clear, that comes back at once after failures."""
    usual = MailboxOptions(
        name="chinh",
        host=server.host,
        port=server.port,
        username=USER,
        secret=lambda: PASSWORD,
        address=USER,
        max_message_bytes=50 * 2**20,
        tls=Tls.NONE,
        backoff=Backoff(first=0.02, most=0.05, refused=0.05),
    )
    return dataclasses.replace(usual, **changes)


@asynccontextmanager
async def office(folder: Path) -> AsyncIterator[Office]:
    """An office with blobs of its own."""
    blobs = LocalBlobs(folder / "blobs")
    yield Office(blobs)
    blobs.close()


@asynccontextmanager
async def fetching(options: MailboxOptions, office: Office) -> AsyncIterator[Mailbox]:
    """The mailbox at work; at the end it is stopped, and must not have failed."""
    mailbox = Mailbox(options, office.blobs, office)
    work = asyncio.create_task(mailbox.run())
    try:
        yield mailbox
    finally:
        await mailbox.stop()
        await work


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
