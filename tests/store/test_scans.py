"""Scans are kept by content and signatures; what is still in flight is found, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.model.docket import DocumentState
from gateway.model.facts import Engine, Scan, ScanVerdict
from gateway.model.mail import Mail, MailStage
from gateway.model.outage import Outage
from gateway.store.sqlstore import SqlStore
from tests.records import MINUTE, MORNING, envelope, parsed, raw, sha256
from tests.store.registered import kept, registered

NAME = "ClamAV 1.4.6/27800/x"
NOW = Engine(NAME, 27800)
NEWER = Engine("ClamAV 1.4.6/27801/x", 27801)
LATER = MORNING + MINUTE


def scan(verdict: ScanVerdict = ScanVerdict.CLEAN, by: Engine = NOW) -> Scan:
    return Scan(verdict, by.name, signatures=by.signatures)


async def keep(store: SqlStore, **scans: Scan) -> None:
    async with store.begin() as unit:
        await unit.keep_scans({sha256(name): each for name, each in scans.items()}, MORNING)


async def outdated(store: SqlStore, engine: Engine, limit: int = 10) -> set[str]:
    return set(await store.outdated_scans(engine, MORNING, limit))


async def brought(store: SqlStore, name: str, stage: MailStage, *contents: str) -> Mail:
    """A mail at a stage with its parts; the raw mail and each part are scanned."""
    mail = await store.accept(envelope(name), raw(name), MORNING)
    found = parsed(*contents)
    parts = tuple(replace(part, sha256=sha256(part.name) if part.name else part.sha256) for part in found.parts)
    async with store.begin() as unit:
        await unit.keep_parsed(mail.id, replace(found, parts=parts))
        return await unit.move(mail, stage)


@pytest.mark.parametrize(
    ("before", "after", "stays"),
    [
        (scan(), scan(ScanVerdict.INFECTED, NEWER), False),
        (scan(ScanVerdict.INFECTED, NEWER), scan(), True),
        (scan(), scan(ScanVerdict.NOT_SCANNED), False),
        (scan(by=Engine("own")), scan(ScanVerdict.INFECTED), False),
        (scan(), scan(ScanVerdict.INFECTED, Engine("own")), False),
    ],
    ids=["newer", "older", "same", "numbered-after-unnumbered", "unnumbered-after-numbered"],
)
async def test_what_newer_signatures_judged_is_not_undone_by_older_ones(
    store: SqlStore, before: Scan, after: Scan, stays: bool
) -> None:
    await keep(store, f=before)
    await keep(store, f=after)
    assert await store.scans([sha256("f")]) == {sha256("f"): before if stays else after}


IN_FLIGHT = (MailStage.PARSED, MailStage.INSPECTED, MailStage.JUDGED, MailStage.HELD)


@pytest.mark.parametrize("stage", [*IN_FLIGHT, MailStage.REFUSED, MailStage.NOTED])
async def test_what_is_in_work_or_held_is_in_flight_and_what_has_ended_is_not(
    store: SqlStore, stage: MailStage
) -> None:
    mail = await brought(store, "m", stage, "a.pdf")
    async with store.begin() as unit:
        await unit.keep_scans({mail.raw.sha256: scan(), sha256("a.pdf"): scan(), sha256("else"): scan()}, MORNING)
    in_flight = {mail.raw.sha256, sha256("a.pdf")} if stage in IN_FLIGHT else set()
    assert await outdated(store, NEWER) == in_flight
    assert await outdated(store, NOW) == set()


async def test_the_files_of_a_document_are_in_flight_until_its_work_is_over(store: SqlStore) -> None:
    document = await registered(store)
    content = document.files[0].sha256
    async with store.begin() as unit:
        await unit.keep_scans({content: scan()}, MORNING)
    assert await outdated(store, NEWER) == {content}
    docket = await store.docket(document.id)
    await kept(store, docket, replace(docket, state=DocumentState.FINISHED))
    assert await outdated(store, NEWER) == set()


@pytest.mark.parametrize(
    ("known", "engine", "found"),
    [
        (scan(), NOW, False),
        (scan(), Engine("ClamAV 1.4.7/27800/x", 27800), True),
        (scan(by=NEWER), NOW, False),
        (scan(ScanVerdict.INFECTED), NEWER, True),
        (scan(by=Engine("own")), NOW, True),
        (scan(by=Engine("own")), Engine("own"), False),
        (scan(by=Engine("own")), Engine("own, newer"), True),
    ],
    ids=["same", "other-engine", "older", "infected", "numbered-now", "unnumbered", "unnumbered-other"],
)
async def test_a_scan_is_outdated_by_newer_signatures_or_another_engine(
    store: SqlStore, known: Scan, engine: Engine, found: bool
) -> None:
    document = await registered(store)
    content = document.files[0].sha256
    async with store.begin() as unit:
        await unit.keep_scans({content: known}, MORNING)
    assert await outdated(store, engine) == ({content} if found else set())


async def test_what_could_not_be_scanned_is_tried_again_after_a_while_whatever_the_signatures(store: SqlStore) -> None:
    document = await registered(store)
    content = document.files[0].sha256
    async with store.begin() as unit:
        await unit.keep_scans({content: scan(ScanVerdict.NOT_SCANNED)}, MORNING)
    assert await store.outdated_scans(NEWER, MORNING, 10) == []
    assert await store.outdated_scans(NOW, MORNING + timedelta(seconds=1), 10) == [content]


async def test_no_more_are_found_than_were_asked_for(store: SqlStore) -> None:
    for name in "abc":
        document = await registered(store, name)
        async with store.begin() as unit:
            await unit.keep_scans({document.files[0].sha256: scan()}, MORNING)
    assert len(await outdated(store, NEWER, 2)) == 2


async def test_a_content_leads_to_the_mails_set_aside_and_the_documents_that_have_it(store: SqlStore) -> None:
    document = await registered(store)
    held = await brought(store, "h", MailStage.HELD, "a.pdf")
    await brought(store, "n", MailStage.NOTED, "a.pdf")
    await brought(store, "p", MailStage.PARSED, "a.pdf")
    judged = await brought(store, "j", MailStage.JUDGED, "a.pdf")
    assert await store.set_aside_with(sha256("a.pdf")) == [held, judged]
    assert await store.set_aside_with(held.raw.sha256) == [held]
    assert [each.id for each in await store.documents_with(document.files[0].sha256)] == [document.id]
    assert await store.documents_with(sha256("none")) == []


async def test_an_outage_lasts_until_it_is_ended(store: SqlStore) -> None:
    outage = Outage("scanner@a", MORNING, "không kết nối được")
    assert await store.outage("scanner@a") is None
    async with store.begin() as unit:
        await unit.keep_outage(outage)
    assert await store.outage("scanner@a") == outage
    assert await store.outage("scanner@b") is None
    async with store.begin() as unit:
        assert await unit.outage("scanner@a") == outage
        await unit.keep_outage(replace(outage, told_at=LATER))
    assert await store.outage("scanner@a") == replace(outage, told_at=LATER)
    async with store.begin() as unit:
        await unit.end_outage("scanner@a")
    assert await store.outage("scanner@a") is None
