"""Killed between any two steps of a forward, the office sends the province one mail in all."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace

import pytest

from gateway.model.mail import Mail, MailStage
from gateway.model.notice import DeliveryOutcome, DeliveryResult, NoticeKind, NoticeStage, Outgoing
from gateway.store.database import Database
from gateway.store.sqlstore import SqlStore
from handlers.bell import Bell
from handlers.desk import Desk
from handlers.runner import Runner, RunnerOptions
from tests.flow.conftest import Bench, on_both_databases
from tests.flow.mortal import Killed, Life, mortal
from tests.flow.province import FORWARD, forwardings, journal, newest, submitted, without_approval
from tests.flow.reading import CLERK, read
from tests.flow.staff import OUTSIDE, PROVINCE
from tests.records import MINUTE
from tests.replies import reply

pytestmark = pytest.mark.usefixtures("own_domain")

ALONE = RunnerOptions("mortal", 1, 10 * MINUTE, MINUTE)
COMMITTED = "committed"


@dataclass
class Relay:
    """Takes everything, and keeps what goes to the province."""

    letters: list[Outgoing] = field(default_factory=list)

    async def send(self, outgoing: Outgoing) -> DeliveryResult:
        if outgoing.recipient == PROVINCE:
            self.letters.append(outgoing)
        return DeliveryResult(DeliveryOutcome.SENT, "250 2.0.0 Ok")


@asynccontextmanager
async def process(bench: Bench, database: Database, relay: Relay) -> AsyncIterator[Desk]:
    """What a process opens anew: its connections. What is on disk is the same, and so are the workers.

    The statements compiled in one life are good in the next: to compile them takes longer than most lives.
    """
    office = bench.office
    try:
        store = SqlStore(database, office.settings.books.first_numbers())
        yield replace(office.desk, store=store, sender=relay)
    finally:
        await database.close()


async def accepted(bench: Bench) -> tuple[int, Mail]:
    """A submission in the register, and the clerk's order to forward it durable and no further."""
    document = await submitted(bench)
    bench.clock.pass_(MINUTE)
    task = newest(bench, CLERK, NoticeKind.CLERK_DOCUMENT)
    raw = reply("gmail", to=task, text=FORWARD, author=CLERK, date=bench.clock.now())
    to = str(read(raw)["To"]).strip("<>").rpartition("<")[2]
    return document, await bench.receive(raw, mail_from=CLERK, recipient=to, peer=OUTSIDE)


async def one_life(bench: Bench, database: Database, relay: Relay, ends_at: int | None) -> list[str]:
    """What a process does from its start until it is killed, or has nothing left to do."""
    life = Life(ends_at)
    async with process(bench, database, relay) as desk:
        await desk.store.free_leases(ALONE.node)
        runner = Runner(mortal(desk, life), ALONE, Bell())
        with suppress(Killed):
            await runner.until_idle()
        await runner._finish()
    return life.steps


async def killed_at_every_step(bench: Bench, relay: Relay) -> Counter[str]:
    """Each process gets one step further than the one before, from what was committed last; where they ended.

    A letter that was taken by the relay counts as `taken` for each process killed before it had noted that.
    """
    ends: Counter[str] = Counter()
    ends_at, taken = 0, 0
    database = Database(bench.office.settings.store.url())
    while not (taken and ends_at == 0):
        ends_at += 1
        before = taken
        steps = await one_life(bench, database, relay, ends_at)
        if len(steps) < ends_at:  # what outlived the kill has found its database closed, and put the mail off
            bench.clock.pass_(15 * MINUTE)
            steps = await one_life(bench, database, relay, ends_at)
        assert len(steps) == ends_at, "nothing was left to do, and no letter went"
        taken = len(relay.letters)
        ends[steps[-1]] += 1
        if steps[-1] == COMMITTED:
            ends_at = 0
        else:
            ends["taken"] += taken - before
    await one_life(bench, database, relay, None)
    return ends


@on_both_databases
async def test_killed_at_every_step_of_a_forward_it_sends_one_mail(bench: Bench) -> None:
    relay = Relay()
    async with without_approval(bench):
        document, received = await accepted(bench)
        ends = await killed_at_every_step(bench, relay)
    assert {COMMITTED, "commit", "parser.parse", "scanner.scan", "unit.keep_docket", "blobs.put", "sender.send"} <= set(
        ends
    )
    (sent,) = await forwardings(bench, document)
    letters = [
        each
        for each in await bench.office.queries.outbox(open_only=False)
        if each.owed.kind is NoticeKind.SUBMISSION and document in each.owed.document_ids
    ]
    assert [(each.stage, each.owed.message_id) for each in letters] == [(NoticeStage.SENT, sent.message_id)]
    assert len(set(relay.letters)) == 1, "copies differ"
    assert str(read(relay.letters[0].content)["Message-ID"]) == sent.message_id
    assert len(relay.letters) == 1 + ends["taken"], "a copy that the one window of SMTP does not excuse"
    happened = await journal(bench, document)
    assert [happened[kind] for kind in ("document.forward", "submission.relayed", "orders.applied")] == [1, 1, 1]
    assert (await bench.office.queries.story(received.id)).mail.stage is MailStage.APPLIED
    assert (await bench.office.queries.audit()).broken_at is None
