"""A recalled document leaves its number and nothing of what it said; a number given in error stays, struck out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from gateway.model.act import Act, Order
from gateway.model.docket import DocumentState
from gateway.model.document import Document, Status
from gateway.model.mail import Mail, MailStage
from gateway.model.searchable import folded
from gateway.policy.acts import Asker, Decision
from gateway.store.database import Database
from handlers.act import Source, perform
from handlers.by_hand import order_by_hand
from handlers.staff import staff_of
from tests.flow.conftest import Bench, on_both_databases
from tests.flow.reading import CLERK, text_of
from tests.flow.staff import DIRECTOR, answer, last, staffed
from tests.mails import SENDER, mail, page_one
from tests.servers.postgres import PostgresServer
from tests.traces import forms, found_in, pieces_of

pytestmark = pytest.mark.usefixtures("own_domain")

MARKER = "Zunguyet khôngaibiết"
STANDING = "Kadrelim tuyếnđườngkhác"
PERSON = "Lê Văn Qelvor"


def sent(number: int, *others: tuple[str, bytes], words: str = f"Gửi {MARKER}") -> bytes:
    page = page_one(number, abstract=f"Về việc {MARKER}")
    return mail((f"{MARKER}.txt", page), *others, subject=words, body=words)


def kept_in(bench: Bench) -> list[Path]:
    """Where the office keeps what it knows; what was sent is in other hands."""
    state = bench.office.settings.store.blobs.parent
    return [path for path in state.iterdir() if path != bench.maildir.folder(CLERK).parent]


async def kept_in_all(bench: Bench, request: pytest.FixtureRequest) -> list[Path]:
    """The same, with the files of a server's tables as they are on disk."""
    places, database = kept_in(bench), Database(bench.office.settings.store.url())
    if not database.is_sqlite:
        async with database.read() as connection:
            await connection.execute(text("CHECKPOINT"))
            number = text("SELECT oid FROM pg_database WHERE datname = current_database()")
            own = str((await connection.execute(number)).scalar_one())
        server: PostgresServer = request.getfixturevalue("postgres")
        places.append(server.tables / own)
        assert places[-1].is_dir()
    await database.close()
    return places


async def entered(bench: Bench, raw: bytes) -> tuple[Mail, list[Document]]:
    received = await bench.end_of(raw)
    assert received.stage is MailStage.REGISTERED
    return received, list((await bench.office.queries.story(received.id)).documents)


async def ordered(bench: Bench, document: Document, text: str) -> None:
    """By command: letters with orders are evidence of their own, and may quote what they answer."""
    done = await order_by_hand(document.id, text, DIRECTOR, "cli:root", bench.office.desk)
    assert all(isinstance(each, Decision) for each in done.answers), done


async def recalled(bench: Bench, document: Document) -> Document:
    """The sender asks, the Director agrees."""
    desk = bench.office.desk
    async with desk.store.begin() as unit:
        docket, staff = await unit.docket(document.id), await staff_of(desk)
        asker = Asker(SENDER, is_sender=True)
        await perform(Order(Act.RECALL, text="gửi nhầm"), docket, asker, Source("web"), staff, unit, desk)
    await bench.work()
    await ordered(bench, document, "Đồng ý")
    await bench.work()
    return (await bench.office.desk.store.docket(document.id)).document


@on_both_databases
async def test_a_tombstone_keeps_the_number_and_nothing_that_the_document_said(
    bench: Bench, request: pytest.FixtureRequest
) -> None:
    await staffed(bench)
    raw = sent(7)
    received, (document,) = await entered(bench, raw)
    async with bench.office.desk.store.begin() as unit:
        before = await unit.docket(document.id)
        header = replace(before.document.header, signer=PERSON)
        after = replace(before, document=replace(before.document, header=header))
        await unit.keep_docket(before, after, actor="cli:root", at=bench.clock.now())
    await bench.end_of(raw)
    needles = forms(MARKER) | forms(PERSON) | pieces_of(raw) | {word.encode() for word in folded(MARKER).split()}
    assert found_in(await kept_in_all(bench, request), needles)

    stone = await recalled(bench, document)
    assert found_in(await kept_in_all(bench, request), needles) == {}
    assert (stone.arrival_number, stone.book, stone.year) == (1, "den", 2026)
    assert (stone.header.identifier, stone.header.document_type) == ("07/BC-STD", document.header.document_type)
    assert stone.header.issuer == document.header.issuer
    assert (stone.header.abstract, stone.header.signer, stone.files) == (None, None, ())
    assert stone.note.startswith("Thu hồi theo đề nghị của nơi gửi")
    assert stone.purged_at is not None
    assert stone.status is Status.AGREED
    events = (await bench.office.queries.story(received.id)).events
    (gone,) = [event for event in events if event.event.kind == "content.recalled"]
    assert received.raw.sha256 in str(gone.event.data)
    assert document.files[0].sha256 in str(gone.event.data)
    assert "content.destroyed" in [event.event.kind for event in events]
    assert (await bench.office.queries.audit()).broken_at is None
    assert "hủy khỏi hệ thống" in text_of(last(bench, SENDER))


async def test_a_recalled_document_that_comes_again_has_a_number_of_its_own(bench: Bench) -> None:
    await staffed(bench)
    raw = sent(7)
    _, (document,) = await entered(bench, raw)
    await recalled(bench, document)
    _, (again,) = await entered(bench, raw)
    assert (document.arrival_number, again.arrival_number) == (1, 2)
    assert bench.office.blobs.path(again.files[0].sha256).exists()


async def test_what_came_in_the_same_mail_and_stands_keeps_its_files(bench: Bench) -> None:
    await staffed(bench)
    other = page_one(8, abstract=f"Về việc {STANDING}")
    _, documents = await entered(bench, sent(7, ("khac.txt", other), words="Gửi hai văn bản"))
    stone, standing = documents
    await recalled(bench, stone)
    assert found_in(kept_in(bench), forms(MARKER)) == {}
    kept = (await bench.office.desk.store.docket(standing.id)).document
    assert kept.header.abstract == f"Về việc {STANDING}"
    assert bench.office.blobs.path(kept.files[0].sha256).read_bytes() == other
    assert await bench.office.desk.store.facts([kept.files[0].sha256])
    await ordered(bench, standing, "Chủ trì: KHTC")
    await bench.work()
    assert (await bench.office.desk.store.docket(standing.id)).state is DocumentState.ASSIGNED
    assert STANDING in text_of(last(bench, CLERK))


@on_both_databases
async def test_a_voided_number_stays_and_its_document_may_come_again(bench: Bench) -> None:
    await staffed(bench)
    raw = sent(7)
    _, (document,) = await entered(bench, raw)
    store = bench.office.desk.store
    await answer(bench, CLERK, last(bench, CLERK), "Hủy số")
    assert (await store.docket(document.id)).state is DocumentState.REGISTERED, "no reason, no void"
    await answer(bench, CLERK, last(bench, CLERK), "Hủy số: vào sổ nhầm")
    docket = await store.docket(document.id)
    assert (docket.state, docket.document.arrival_number) == (DocumentState.VOIDED, 1)
    assert docket.document.note == "Hủy số: vào sổ nhầm"
    assert docket.document.files == document.files
    assert "vào sổ nhầm" in text_of(last(bench, SENDER))
    assert not await store.due_timers(bench.clock.now().replace(year=2030), 10)
    assert document.id not in {each.id for each in await store.paper_owed()}

    await answer(bench, CLERK, last(bench, CLERK), "Trình\nSửa: số=8")
    assert (await store.docket(document.id)).state is DocumentState.VOIDED
    _, (again,) = await entered(bench, raw)
    assert again.arrival_number == 2
    assert again.header.identifier == document.header.identifier
