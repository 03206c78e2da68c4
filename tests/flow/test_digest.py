"""Beyond so many tasks in an hour the clerk gets the rest in one digest, from which each document can be worked on."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.model.docket import DocumentState
from gateway.model.mail import Mail
from gateway.model.notice import NoticeKind, NoticeStage
from gateway.store.database import Database
from handlers.bell import Bell
from handlers.runner import Runner
from tests.flow.conftest import Bench, on_both_databases
from tests.flow.mortal import Killed, Life, mortal
from tests.flow.province import notices, work_by_two
from tests.flow.reading import CLERK, text_of
from tests.flow.staff import answer, staffed
from tests.flow.test_forward_steps import ALONE, COMMITTED, Relay, process
from tests.mails import mail, page_one

pytestmark = pytest.mark.usefixtures("own_domain")

HOUR = timedelta(hours=1)
AT_ONCE = 3


async def brought(bench: Bench, first: int, count: int) -> list[Mail]:
    """So many documents arrive; nothing is done with them yet."""
    return [
        await bench.receive(mail((f"{number}.txt", page_one(number)), message_id=f"<{number}@agency.example>"))
        for number in range(first, first + count)
    ]


async def documents(bench: Bench, received: list[Mail]) -> list[int]:
    return [each.id for found in received for each in (await bench.office.queries.story(found.id)).documents]


def few(bench: Bench) -> dict[str, object]:
    return {"work": replace(bench.office.desk.work, digest_after=AT_ONCE)}


async def collected(bench: Bench) -> list[int]:
    """The documents in the digests of the clerk, each as often as it stands there."""
    owed = await bench.office.queries.outbox(open_only=False, limit=1000)
    return sorted(one for each in owed if each.owed.kind is NoticeKind.DIGEST for one in each.owed.document_ids)


async def told_alone(bench: Bench) -> list[int]:
    owed = await bench.office.queries.outbox(open_only=False, limit=1000)
    return sorted(one for each in owed if each.owed.kind is NoticeKind.CLERK_DOCUMENT for one in each.owed.document_ids)


def reply_addresses(raw: bytes) -> list[str]:
    """Those in a digest, in the order of its documents."""
    return list(dict.fromkeys(re.findall(r"sgtvt\+r-[a-z2-7]{26}@quangngai\.gov\.vn", text_of(raw))))


@on_both_databases
async def test_the_rest_comes_at_the_end_of_the_quarter_and_each_document_can_be_worked_on(bench: Bench) -> None:
    await staffed(bench)
    async with bench.with_desk(**few(bench)):
        received = await brought(bench, 1, AT_ONCE + 3)
        await bench.work()
        entered = await documents(bench, received)
        alone, together = await told_alone(bench), await collected(bench)
        assert len(alone) == AT_ONCE
        assert sorted((*alone, *together)) == sorted(entered)
        bench.clock.pass_(timedelta(minutes=14))
        await bench.work()
        assert notices(bench, CLERK, NoticeKind.DIGEST) == []
        bench.clock.pass_(timedelta(minutes=1))
        await work_by_two(bench)
        (digest,) = notices(bench, CLERK, NoticeKind.DIGEST)
        addresses = reply_addresses(digest)
        assert len(addresses) == len(together)
        for address in addresses:
            await answer(bench, CLERK, digest, "Trình", recipient=address)
        for document in together:
            assert (await bench.office.desk.store.docket(document)).state is DocumentState.PRESENTED
        for document in alone:
            assert (await bench.office.desk.store.docket(document)).state is DocumentState.REGISTERED


async def test_the_next_quarter_has_a_digest_of_its_own(bench: Bench) -> None:
    await staffed(bench)
    async with bench.with_desk(**few(bench)):
        received = await brought(bench, 1, AT_ONCE + 2)
        await bench.work()
        bench.clock.pass_(timedelta(minutes=16))
        await bench.work()
        received += await brought(bench, 11, 2)
        await bench.work()
        bench.clock.pass_(HOUR)
        await bench.work()
        digests = notices(bench, CLERK, NoticeKind.DIGEST)
        assert [len(reply_addresses(raw)) for raw in digests] == [2, 2]
        assert sorted((*await told_alone(bench), *await collected(bench))) == sorted(await documents(bench, received))


@on_both_databases
async def test_two_workers_that_collect_at_once_lose_and_double_nothing(bench: Bench) -> None:
    await staffed(bench)
    async with bench.with_desk(**few(bench)):
        received = await brought(bench, 1, 12)
        await work_by_two(bench)
        entered = await documents(bench, received)
        assert len(entered) == 12
        assert sorted((*await told_alone(bench), *await collected(bench))) == sorted(entered)
        bench.clock.pass_(HOUR)
        await work_by_two(bench)
        digests = notices(bench, CLERK, NoticeKind.DIGEST)
        assert len(digests) == 1
        assert sum(len(reply_addresses(raw)) for raw in digests) == len(await collected(bench))


@on_both_databases
async def test_a_document_that_comes_while_the_digest_is_made_is_in_the_next_one(bench: Bench) -> None:
    """The digest is claimed when it is due by one worker while another enters a document."""
    await staffed(bench)
    async with bench.with_desk(**few(bench)):
        received = await brought(bench, 1, AT_ONCE + 1)
        await bench.work()
        bench.clock.pass_(timedelta(minutes=15))
        received += await brought(bench, 11, 1)
        await asyncio.gather(work_by_two(bench), bench.work())
        bench.clock.pass_(2 * HOUR)
        await bench.work()
        shown = [address for raw in notices(bench, CLERK, NoticeKind.DIGEST) for address in reply_addresses(raw)]
        assert len(shown) == len(set(shown)) == len(await collected(bench))
        assert sorted((*await told_alone(bench), *await collected(bench))) == sorted(await documents(bench, received))


async def test_killed_while_it_collects_or_sends_it_sends_one_digest(bench: Bench) -> None:
    await staffed(bench)
    async with bench.with_desk(**few(bench)):
        received = await brought(bench, 1, AT_ONCE + 1)
        await bench.work()
        received += await brought(bench, 11, 1)
        await _killed_at_commits(bench)
        bench.clock.pass_(HOUR)
        await _killed_at_commits(bench)
        await bench.work()
        together = await collected(bench)
        assert len(together) == 2
        assert sorted((*await told_alone(bench), *together)) == sorted(await documents(bench, received))
        owed = await bench.office.queries.outbox(open_only=False, limit=1000)
        digests = [each for each in owed if each.owed.kind is NoticeKind.DIGEST]
        assert [each.stage for each in digests] == [NoticeStage.SENT]
        assert (await bench.office.queries.audit()).broken_at is None


async def _killed_at_commits(bench: Bench) -> None:
    """Processes that end right before each commit, then right after it, until one finds nothing to do."""
    after, database = False, Database(bench.office.settings.store.url())
    while True:
        life = Life(at=COMMITTED if after else "commit")
        async with process(bench, database, Relay()) as desk:
            await desk.store.free_leases(ALONE.node)
            runner = Runner(mortal(desk, life), ALONE, Bell())
            with suppress(Killed):
                await runner.until_idle()
            await runner._finish()
        if not life.is_over:
            return
        after = not after
