"""Gather the facts: scan every part and the whole mail, then open what is clean, in a sandbox."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import TypeVar

from gateway.errors import TemporaryError
from gateway.model.facts import FileFacts, Scan, ScanVerdict
from gateway.model.journal import NewEvent
from gateway.model.mail import Mail, MailStage
from gateway.model.part import ParsedMail, Part, PartDecision
from handlers.desk import Desk

T = TypeVar("T")

_AT_ONCE = 4
CARRIES_DOCUMENT = frozenset({PartDecision.DOCUMENT, PartDecision.APPENDIX})


async def inspect(mail: Mail, desk: Desk) -> Mail:
    """From `parsed` to `inspected`; raises TemporaryError("scanner") while nothing can be scanned."""
    parsed = await desk.store.parsed(mail.id)
    if parsed is None:
        raise LookupError(f"{mail.label} has no parts on record")
    scans = await _scan_all([mail.raw.sha256, *_contents(parsed.parts)], desk)
    facts = await _inspect_all(parsed, scans, desk)
    now = desk.clock.now()
    async with desk.store.begin() as unit:
        await unit.keep_scans(scans, now)
        await unit.keep_facts(facts)
        data = {
            "scanned": len(scans),
            "infected": sum(scan.verdict is ScanVerdict.INFECTED for scan in scans.values()),
            "inspected": len(facts),
        }
        await unit.record(NewEvent("mail.inspected", "gateway", "pipeline", mail.id, data=data), now)
        return await unit.move(mail, MailStage.INSPECTED)


def _contents(parts: Iterable[Part]) -> list[str]:
    return sorted({part.sha256 for part in parts if part.sha256})


async def _scan_all(contents: list[str], desk: Desk) -> dict[str, Scan]:
    at_once = asyncio.Semaphore(_AT_ONCE)

    async def one(sha256: str) -> Scan:
        async with at_once:
            scan = await desk.scanner.scan(desk.blobs.path(sha256))
        if scan.verdict is ScanVerdict.NOT_SCANNED and scan.transient:
            raise TemporaryError("scanner", scan.name or "no answer")
        return scan

    return dict(zip(contents, await _together(one(sha256) for sha256 in contents), strict=True))


async def _inspect_all(parsed: ParsedMail, scans: dict[str, Scan], desk: Desk) -> list[FileFacts]:
    """Facts of each document file; what is not clean stays closed."""
    at_once = asyncio.Semaphore(_AT_ONCE)
    documents = {part.sha256: part for part in parsed.parts if part.sha256 and part.decision in CARRIES_DOCUMENT}

    async def one(sha256: str, part: Part) -> FileFacts:
        if scans[sha256].verdict is not ScanVerdict.CLEAN:
            return FileFacts(sha256, part.size, part.type)
        async with at_once:
            return await desk.inspector.inspect(desk.blobs.path(sha256), sha256, part.type)

    return list(await _together(one(sha256, part) for sha256, part in documents.items()))


async def _together(work: Iterable[Coroutine[None, None, T]]) -> list[T]:
    """All results in order; the first failure ends the rest, so that none goes on for a mail set aside."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
