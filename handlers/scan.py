"""Verdicts on contents: the one on record where no scanner may judge otherwise, else a new one, and what follows."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from gateway.errors import StaleState, TemporaryError
from gateway.model.document import Document
from gateway.model.facts import Scan, ScanVerdict
from gateway.model.journal import NewEvent
from gateway.model.mail import Mail, MailStage
from gateway.ports import Unit
from handlers.alarm import tell_of_infected
from handlers.desk import Desk

T = TypeVar("T")

_AT_ONCE = 4
_SOURCE = "scanner"


@dataclass(frozen=True, slots=True)
class Scanned:
    """Contents with their `scans`; `new` are those that were made for this, `before` what had been known of these."""

    scans: Mapping[str, Scan]
    new: Mapping[str, Scan]
    before: Mapping[str, Scan]

    @property
    def turned(self) -> list[str]:
        """The contents that are judged otherwise than before."""
        return [
            each for each in self.new if each in self.before and self.before[each].verdict is not self.verdict(each)
        ]

    def verdict(self, content: str) -> ScanVerdict:
        """What is known of one content now."""
        return self.scans[content].verdict


async def scanned(contents: Sequence[str], desk: Desk) -> Scanned:
    """The verdicts by the signatures of now; nothing is kept yet. Raises TemporaryError while there is no scanner."""
    engine = await desk.scanner.engine()
    before = await desk.store.scans(contents)
    wanted = [
        each for each in dict.fromkeys(contents) if each not in before or engine.may_judge_otherwise(before[each])
    ]
    at_once = asyncio.Semaphore(_AT_ONCE)

    async def one(sha256: str) -> Scan:
        async with at_once:
            scan = await desk.scanner.scan(desk.blobs.path(sha256))
        if scan.verdict is ScanVerdict.NOT_SCANNED and scan.transient:
            raise TemporaryError("scanner", scan.name or "no answer")
        return scan

    new = dict(zip(wanted, await together(one(sha256) for sha256 in wanted), strict=True))
    return Scanned({**before, **new}, new, {each: before[each] for each in wanted if each in before})


async def keep_scanned(found: Scanned, unit: Unit, desk: Desk) -> None:
    """Keep what was scanned anew; where a verdict has turned, tell of it and judge again what is not registered yet."""
    await unit.keep_scans(found.new, desk.clock.now())
    for content in found.turned:
        for document in await desk.store.documents_with(content):
            await _turned_in_register(document, content, found, unit, desk)
        for mail in await desk.store.set_aside_with(content):
            await _judge_again(mail, content, found, unit, desk)


async def renewed(contents: Sequence[str], desk: Desk) -> Scanned:
    """As `scanned`, and kept."""
    found = await scanned(contents, desk)
    if found.new:
        async with desk.store.begin() as unit:
            await keep_scanned(found, unit, desk)
        if found.turned:
            desk.wake()
    return found


async def together(work: Iterable[Coroutine[None, None, T]]) -> list[T]:
    """All results in order; the first failure ends the rest, so that none goes on for a mail set aside."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _turned_in_register(document: Document, content: str, found: Scanned, unit: Unit, desk: Desk) -> None:
    """A registered file that is infected by what is known now is told of; that one is clean after all is noted."""
    scan = found.scans[content]
    kind = "document.infected" if scan.verdict is ScanVerdict.INFECTED else "document.scanned_again"
    data = {"sha256": content, "verdict": scan.verdict.value, "virus": scan.name, "engine": scan.engine}
    event = NewEvent(kind, "gateway", _SOURCE, document.mail_id, document.id, data)
    await unit.record(event, desk.clock.now())
    if scan.verdict is ScanVerdict.INFECTED:
        await tell_of_infected(document, content, scan, unit, desk)


async def _judge_again(mail: Mail, content: str, found: Scanned, unit: Unit, desk: Desk) -> None:
    """A held mail is judged by the new verdict, one that was judged for clean by an infection; facts come first.

    Whoever moves the mail meanwhile has the better of us: what he judges by is this verdict already.
    """
    verdict = found.verdict(content)
    if mail.stage is MailStage.JUDGED and verdict is not ScanVerdict.INFECTED:
        return
    # What was not clean was never opened.
    stage = MailStage.PARSED if verdict is ScanVerdict.CLEAN else MailStage.INSPECTED
    now = desk.clock.now()
    with suppress(StaleState):
        await unit.revive(mail, stage, now)
        data = {"sha256": content, "verdict": verdict.value}
        await unit.record(NewEvent("mail.scanned_again", "gateway", _SOURCE, mail.id, data=data), now)
