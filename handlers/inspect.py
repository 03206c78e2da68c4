"""Gather the facts: who sent it, a scan of every part and of the whole mail, then what clean files hold."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from gateway.model.authentication import Authentication
from gateway.model.facts import FileFacts, Scan, ScanVerdict
from gateway.model.mail import Mail, MailStage
from gateway.model.part import CARRIES_DOCUMENT, ParsedMail, Part
from handlers.authenticate import authenticate
from handlers.desk import Desk
from handlers.dossier import Dossier
from handlers.scan import keep_scanned, scanned, together
from handlers.withhold import withheld

_AT_ONCE = 4


async def inspect(mail: Mail, desk: Desk, dossier: Dossier) -> Mail:
    """From `parsed` to `inspected`; raises TemporaryError while there is no scanner, or no DNS."""
    parsed = await dossier.parsed()
    if not await _all_there(dossier, desk):
        async with desk.store.begin() as unit:
            return await unit.move(mail, MailStage.ACCEPTED)
    authentication = await _authentication(mail, parsed, desk, dossier)
    found = await scanned([mail.raw.sha256, *await dossier.contents()], desk)
    facts = withheld(parsed, await _inspect_all(parsed, found.scans, desk), await desk.store.waived(mail.id))
    async with desk.store.begin() as unit:
        await unit.keep_authentication(mail.id, authentication)
        await keep_scanned(found, unit, desk)
        await unit.keep_facts(facts)
        moved = await unit.move(mail, MailStage.INSPECTED)
    dossier.keep_inspected({fact.sha256: fact for fact in facts}, found.scans, authentication)
    return moved


async def _all_there(dossier: Dossier, desk: Desk) -> bool:
    """Parts that went while another mail with the same ones was destroyed are made anew from the raw mail."""
    try:
        for sha256 in await dossier.contents():
            desk.blobs.path(sha256)
    except KeyError:
        return False
    return True


async def _authentication(mail: Mail, parsed: ParsedMail, desk: Desk, dossier: Dossier) -> Authentication:
    """What was found out once stays: the sender's keys and records may have changed since he sent it."""
    known = await dossier.if_authenticated()
    return await authenticate(mail, parsed, desk) if known is None or known.undecided else known


async def _inspect_all(parsed: ParsedMail, scans: Mapping[str, Scan], desk: Desk) -> list[FileFacts]:
    """Facts of each document file; what is not clean stays closed."""
    at_once = asyncio.Semaphore(_AT_ONCE)
    documents = {part.sha256: part for part in parsed.parts if part.sha256 and part.decision in CARRIES_DOCUMENT}

    async def one(sha256: str, part: Part) -> FileFacts:
        if scans[sha256].verdict is not ScanVerdict.CLEAN:
            return FileFacts(sha256, part.size, part.type)
        async with at_once:
            return await desk.inspector.inspect(desk.blobs.path(sha256), sha256, part.type)

    return list(await together(one(sha256, part) for sha256, part in documents.items()))
