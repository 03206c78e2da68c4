"""Asks authorities for what is wanted of them, seldom enough: what is known or was asked in vain lately is left."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol, TypeVar

from gateway.adapters.revocation.asking import Asker
from gateway.adapters.revocation.cache import Cache, Note
from gateway.adapters.revocation.destination import Destinations, NoAnswer
from gateway.adapters.revocation.jobs import Heard, read_heard, request_for
from gateway.clock import Clock
from gateway.errors import SandboxFailure, TemporaryError
from gateway.log import logger
from gateway.model.signature import ProofKind, Wanted

T = TypeVar("T")

log = logger(__name__)

MOST_WANTED = 40
"""So much is asked for at once; what is beyond that waits for the next time."""
AT_ONCE = 4
AFTER_FAILURE = timedelta(hours=1)
"""How long whoever did not answer well is left alone."""
SELDOMEST = timedelta(days=7)
WITHOUT_NEXT = timedelta(days=1)
_UNREADABLE = "câu trả lời không đọc được hoặc nói về chứng thư khác"


class Run(Protocol):
    """How jobs on foreign bytes are run: `Sandbox.run`."""

    def __call__(self, job: Callable[..., T], *args: object) -> Awaitable[T]:
        """The result of `job(*args)`; raises SandboxFailure, TemporaryError."""
        ...


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """Where answers are kept, how many seconds one question may take, and which hosts are reached elsewhere."""

    folder: Path
    seconds: float
    hosts: Mapping[str, str] = field(default_factory=dict)


class RevocationFetcher:
    """Fills the cache folder. Of the same wanted by several at once, one asks."""

    def __init__(self, options: FetchOptions, run: Run, clock: Clock) -> None:
        self._asker = Asker(Destinations(options.hosts), options.seconds)
        self._cache = Cache(options.folder)
        self._run = run
        self._clock = clock
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._asking: dict[str, asyncio.Task[bool]] = {}

    async def fetch(self, wanted: Sequence[Wanted]) -> int:
        """Ask for what is wanted and not known yet; how many lists and answers are new in the folder. Never raises."""
        by_name = {each.file_name: each for each in wanted}
        asked = [self._asked(name, each) for name, each in list(by_name.items())[:MOST_WANTED]]
        return sum(await asyncio.gather(*asked))

    async def close(self) -> None:
        """End the questions under way."""
        asking = list(self._asking.values())
        for each in asking:
            each.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    async def _asked(self, name: str, wanted: Wanted) -> bool:
        """Whoever waits may give up without ending it for the others."""
        task = self._asking.get(name)
        if task is None:
            task = self._asking[name] = asyncio.create_task(self._one(name, wanted), name=f"revocation {name}")
            task.add_done_callback(lambda _: self._asking.pop(name, None))
        return await asyncio.shield(task)

    async def _one(self, name: str, wanted: Wanted) -> bool:
        note = await asyncio.to_thread(self._cache.note, name)
        if note is not None and note.holds(self._clock.now()):
            return False
        try:
            async with self._at_once:
                return await self._renew(name, wanted)
        except (SandboxFailure, TemporaryError, OSError) as problem:
            log.warning("revocation not kept", url=wanted.url, cause=str(problem))
            return False

    async def _renew(self, name: str, wanted: Wanted) -> bool:
        try:
            content = await self._asker.ask(wanted.url, await self._request(wanted))
        except NoAnswer as problem:
            await self._remember_failure(name, wanted, str(problem))
            return False
        unfinished = await asyncio.to_thread(self._cache.take, name, content)
        try:
            heard = await self._run(read_heard, unfinished, wanted.kind, wanted.certificate, wanted.issuer)
            if heard is None:
                await self._remember_failure(name, wanted, _UNREADABLE)
                return False
            now = self._clock.now()
            note = Note(wanted.url, now, ask_again(heard, now))
            await asyncio.to_thread(self._cache.keep, unfinished, name, note)
        except SandboxFailure as problem:
            await self._remember_failure(name, wanted, str(problem))
            return False
        finally:
            await asyncio.to_thread(unfinished.unlink, missing_ok=True)
        log.info("revocation fetched", url=wanted.url, again=note.again_at.isoformat())
        return True

    async def _request(self, wanted: Wanted) -> bytes | None:
        """The OCSP request; None for a list, which is asked for by its address alone."""
        if wanted.kind is not ProofKind.OCSP:
            return None
        request = await self._run(request_for, wanted.certificate, wanted.issuer)
        if request is None:
            raise NoAnswer("không lập được câu hỏi về chứng thư")
        return request

    async def _remember_failure(self, name: str, wanted: Wanted, problem: str) -> None:
        now = self._clock.now()
        log.warning("revocation not fetched", url=wanted.url, cause=problem)
        await asyncio.to_thread(self._cache.remember, name, Note(wanted.url, now, now + AFTER_FAILURE, problem))


def ask_again(heard: Heard, now: datetime) -> datetime:
    """When what was heard is to be replaced: when its authority says the next, within an hour and a week."""
    until = heard.next_update or now + WITHOUT_NEXT
    return min(max(until, now + AFTER_FAILURE), now + SELDOMEST)
