"""Submissions as the tests of them need it: brought by an agency, forwarded by the clerk, looked at on every side."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from gateway.model.docket import Docket, Forwarding
from gateway.model.mail import Mail, MailStage
from gateway.model.notice import NoticeKind
from gateway.model.timer import TimerKind
from gateway.store import schema
from gateway.store.database import Database
from gateway.store.sqlstore import SqlStore
from handlers.bell import Bell
from handlers.runner import Runner, RunnerOptions
from tests.flow.conftest import Bench
from tests.flow.reading import CLERK, read
from tests.flow.staff import answer, staffed
from tests.mails import mail, page_one
from tests.records import MINUTE

FORWARD = "Chuyển UBND"
_SUBJECT = "[TRÌNH UBND] Gửi văn bản"


@asynccontextmanager
async def without_approval(bench: Bench, **work: object) -> AsyncIterator[None]:
    """Submissions go when the clerk says so, as the agency may choose; `work` changes what else is set for work."""
    before = bench.office.desk.work
    rules = replace(before.rules, approval_required=False)
    async with bench.with_desk(work=replace(before, rules=rules, **work)):  # type: ignore[arg-type]
        yield


async def submitted(bench: Bench, number: int = 7, *, files: tuple[tuple[str, bytes], ...] = ()) -> int:
    """A document meant for the province is in the register of an office with its people; its id."""
    await staffed(bench)
    received = await bench.end_of(
        mail(
            ("to-trinh.txt", page_one(number)), *files, subject=_SUBJECT, message_id=f"<trinh-{number}@agency.example>"
        )
    )
    assert received.stage is MailStage.REGISTERED
    (document,) = (await bench.office.queries.story(received.id)).documents
    assert (await bench.office.desk.store.docket(document.id)).submission is not None
    return document.id


def notices(bench: Bench, recipient: str, kind: NoticeKind) -> list[bytes]:
    """The mails of one kind that reached somebody, in the order they came."""
    return [raw for raw in bench.delivered(recipient) if str(read(raw)["Message-ID"]).startswith(f"<{kind.value}.")]


def newest(bench: Bench, recipient: str, kind: NoticeKind) -> bytes:
    """The last of them."""
    return notices(bench, recipient, kind)[-1]


async def order(bench: Bench, text: str, *, author: str = CLERK) -> Mail:
    """The clerk answers what brought him the document."""
    return await answer(bench, author, newest(bench, author, NoticeKind.CLERK_DOCUMENT), text)


async def docket_of(bench: Bench, document_id: int) -> Docket:
    """As it stands now."""
    return await bench.office.desk.store.docket(document_id)


async def forwardings(bench: Bench, document_id: int) -> tuple[Forwarding, ...]:
    """Of one submission, in turn."""
    submission = (await docket_of(bench, document_id)).submission
    return submission.forwardings if submission else ()


async def work_by_two(bench: Bench) -> None:
    """Everything that is due now, by two workers at once, each with its own way into the one database."""
    office = bench.office
    database = Database(office.settings.store.url())
    try:
        other = replace(office.desk, store=SqlStore(database, office.settings.books.first_numbers()))
        await asyncio.gather(
            *(
                Runner(desk, RunnerOptions(node, 4, 10 * MINUTE, MINUTE), Bell()).until_idle()
                for node, desk in (("one", office.desk), ("two", other))
            )
        )
    finally:
        await database.close()
    await bench.work()


async def steps(bench: Bench, document_id: int) -> list[str]:
    """What the office reads of the document's way."""
    return [step.text for step in await bench.office.desk.store.steps(document_id)]


async def journal(bench: Bench, document_id: int) -> Counter[str]:
    """How many events of each kind the journal has about a document."""
    store = bench.office.desk.store
    assert isinstance(store, SqlStore)
    query = select(schema.event.c.kind).where(schema.event.c.document_id == document_id)
    async with store.database.read() as connection:
        return Counter((await connection.execute(query)).scalars())


async def running(bench: Bench, document_id: int) -> dict[TimerKind, datetime]:
    """The timers of a document that have not fired yet, each kind once in these tests."""
    timers = (await bench.office.queries.work(document_id)).timers
    return {kept.timer.kind: kept.timer.due for kept in timers if kept.fired_at is None}
