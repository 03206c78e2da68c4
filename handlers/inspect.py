"""Gather the facts: who sent it, a scan of every part and of the whole mail, then what clean files hold."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import TypeVar

from gateway.errors import TemporaryError
from gateway.model.facts import FileFacts, Scan, ScanVerdict
from gateway.model.mail import Mail, MailStage
from gateway.model.part import CARRIES_DOCUMENT, ParsedMail, Part
from handlers.authenticate import authenticate
from handlers.desk import Desk
from handlers.dossier import Dossier

T = TypeVar("T")

_AT_ONCE = 4


async def inspect(mail: Mail, desk: Desk, dossier: Dossier) -> Mail:
    """From `parsed` to `inspected`; raises TemporaryError while there is no scanner, or no DNS."""
    parsed = await dossier.parsed()
    authentication = await authenticate(mail, parsed, desk)
    scans = await _scan_all([mail.raw.sha256, *await dossier.contents()], desk)
    facts = await _inspect_all(parsed, scans, desk)
    async with desk.store.begin() as unit:
        await unit.keep_authentication(mail.id, authentication)
        await unit.keep_scans(scans, desk.clock.now())
        await unit.keep_facts(facts)
        moved = await unit.move(mail, MailStage.INSPECTED)
    dossier.keep_inspected({fact.sha256: fact for fact in facts}, scans, authentication)
    return moved


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
