"""Gather the facts: who sent it, a scan of every part and of the whole mail, then what clean files hold."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from gateway.model.authentication import Authentication
from gateway.model.facts import INSPECTION, FileFacts, Scan, ScanVerdict
from gateway.model.mail import Mail, MailStage
from gateway.model.part import READ, ParsedMail, Part
from gateway.model.signature import SignatureCarrier, SignedFile
from gateway.policy.rules.readable import NOT_KNOWN
from gateway.policy.rules.scanned import NOT_SCANNED
from gateway.policy.signing.parts import carriers, may_sign, signs_the_mail
from handlers.authenticate import authenticate
from handlers.desk import Desk
from handlers.dossier import Dossier
from handlers.scan import keep_scanned, scanned, together
from handlers.withhold import sealing

_AT_ONCE = 4
_CLOSED = {
    ScanVerdict.NOT_SCANNED: "chưa quét được mã độc nên chưa mở để kiểm tra",
    ScanVerdict.INFECTED: "có mã độc nên không mở để kiểm tra",
}
_NO_TIME = "thư có quá nhiều tệp mất nhiều thời gian kiểm tra"


async def inspect(mail: Mail, desk: Desk, dossier: Dossier) -> Mail:
    """From `parsed` to `inspected`, or to `judged` where the mail has to be sealed.

    Raises TemporaryError while there is no scanner, or no DNS.
    """
    parsed = await dossier.parsed()
    if not await _all_there(dossier, desk):
        return await _to_be_parsed(mail, desk)
    authentication = await _authentication(mail, parsed, desk, dossier)
    waived = await desk.store.waived(mail.id)
    try:
        found = await scanned([mail.raw.sha256, *await dossier.contents()], desk)
        facts = await _inspect_all(mail, parsed, found.scans, waived, desk)
    except KeyError:
        if await _all_there(dossier, desk):
            raise
        return await _to_be_parsed(mail, desk)
    verdict = sealing(parsed, facts, waived)
    if verdict is None:
        facts = await _proofs_kept(facts, desk)
    async with desk.store.begin() as unit:
        await unit.keep_authentication(mail.id, authentication)
        await keep_scanned(found, unit, desk)
        if verdict is None:
            await unit.keep_facts(facts)
            moved = await unit.move(mail, MailStage.INSPECTED)
        else:
            await unit.keep_verdict(mail.id, verdict)
            moved = await unit.move(mail, MailStage.JUDGED)
    dossier.keep_inspected({fact.sha256: fact for fact in facts}, found.scans, authentication)
    if verdict is not None:
        dossier.keep_verdict(verdict)
    return moved


async def _to_be_parsed(mail: Mail, desk: Desk) -> Mail:
    async with desk.store.begin() as unit:
        return await unit.move(mail, MailStage.ACCEPTED)


async def _all_there(dossier: Dossier, desk: Desk) -> bool:
    """Parts that go while another mail with the same ones is destroyed have to be made anew from the raw mail."""
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


async def _proofs_kept(facts: Sequence[FileFacts], desk: Desk) -> list[FileFacts]:
    """What signatures were judged by, as blobs, for whoever looks into a verdict years later."""
    for content in {proof.sha256: proof.content for fact in facts for proof in fact.proofs}.values():
        await desk.blobs.put(content)
    return [replace(fact, proofs=()) for fact in facts]


async def _inspect_all(
    mail: Mail, parsed: ParsedMail, scans: Mapping[str, Scan], waived: frozenset[str], desk: Desk
) -> list[FileFacts]:
    """Facts of each file that is read, and of each part that signs others.

    What is not clean stays closed, and so does what there is no time left for. A person who takes either on himself
    has the files opened all the same, but not with a virus.
    """
    at_once = asyncio.Semaphore(_AT_ONCE)
    until = None if NOT_KNOWN.rule in waived else desk.clock.now() + desk.inspect_within
    opens = {ScanVerdict.CLEAN, ScanVerdict.NOT_SCANNED} if NOT_SCANNED.rule in waived else {ScanVerdict.CLEAN}
    documents = {part.sha256: part for part in parsed.parts if part.sha256 and part.decision in READ}
    signing = {part.sha256: part for part in carriers(parsed) if part.sha256 and part.sha256 not in documents}

    async def one(sha256: str, part: Part) -> FileFacts:
        verdict = scans[sha256].verdict
        if verdict not in opens:
            return FileFacts(sha256, part.size, part.type, unknown={INSPECTION: _CLOSED[verdict]})
        async with at_once:
            if until is not None and desk.clock.now() >= until:
                return FileFacts(sha256, part.size, part.type, unknown={INSPECTION: _NO_TIME})
            if sha256 in signing:
                return await desk.inspector.inspect_carrier(_carrier(mail, parsed, part, sha256, desk))
            return await desk.inspector.inspect(desk.blobs.path(sha256), sha256, part.type)

    return list(await together(one(sha256, part) for sha256, part in (documents | signing).items()))


def _carrier(mail: Mail, parsed: ParsedMail, part: Part, sha256: str, desk: Desk) -> SignatureCarrier:
    path = desk.blobs.path
    signed = [SignedFile(path(file.sha256), file.sha256, file.name) for file in may_sign(part, parsed) if file.sha256]
    raw = path(mail.raw.sha256) if signs_the_mail(part, parsed) else None
    return SignatureCarrier(path(sha256), sha256, part.type, raw, tuple(signed))
