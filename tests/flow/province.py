"""Submissions as the tests of them need it: brought by an agency, forwarded by the clerk, looked at on every side."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from gateway.model.docket import Docket, Forwarding
from gateway.model.mail import Mail, MailStage
from gateway.model.notice import NoticeKind
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


def runner(bench: Bench, node: str) -> Runner:
    """Another worker on the same database; its lease is short enough to see it run out."""
    return Runner(bench.office.desk, RunnerOptions(node, 4, 10 * MINUTE, MINUTE), bench.office.bell)


async def steps(bench: Bench, document_id: int) -> list[str]:
    """What the office reads of the document's way."""
    return [step.text for step in await bench.office.desk.store.steps(document_id)]


async def journal(bench: Bench, document_id: int, kind: str) -> int:
    """How many events of a kind the journal has about a document."""
    (mail_id,) = {(await docket_of(bench, document_id)).document.mail_id}
    raise NotImplementedError(mail_id, kind)
