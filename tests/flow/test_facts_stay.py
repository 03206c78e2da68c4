"""What was found out about a file holds for every mail that has it: no other mail takes it away."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.model.facts import INSPECTION, FileFacts, Scan, ScanVerdict
from gateway.model.mail import Mail, MailStage
from gateway.ports import Inspector, Scanner
from handlers import quarantine
from handlers.dossier import Dossier
from handlers.inspect import inspect
from handlers.judge import judge
from handlers.parse import parse
from tests.documents import decision_docx
from tests.flow.clock import StandingClock
from tests.flow.conftest import Bench, on_both_databases
from tests.mails import mail, page_one

STRANGER = "192.0.2.99"
DDE = "STT,Nội dung\r\n1,\"=cmd|' /C calc'!A0\"\r\n".encode()
PAGE = page_one(5)
SECRET = "Gửi công văn TUYỆT MẬT"


@dataclass(frozen=True)
class Unscanning:
    """A scanner that gives up on one content."""

    scanner: Scanner
    content: str

    async def scan(self, content: Path) -> Scan:
        if content.name == self.content:
            return Scan(ScanVerdict.NOT_SCANNED, "ClamAV thử nghiệm", "vượt giới hạn quét")
        return await self.scanner.scan(content)

    async def engine(self) -> object:
        return await self.scanner.engine()


@dataclass
class Slow:
    """An inspector that takes its time for each file."""

    inspector: Inspector
    clock: StandingClock
    each: timedelta
    opened: int = 0

    async def inspect(self, content: Path, sha256: str, media_type: str) -> FileFacts:
        self.opened += 1
        self.clock.pass_(self.each)
        return await self.inspector.inspect(content, sha256, media_type)


def of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def facts_of(bench: Bench, content: bytes) -> FileFacts:
    return (await bench.office.desk.store.facts([of(content)]))[of(content)]


async def released(bench: Bench, held: Mail, *waive: str) -> Mail:
    desk = bench.office.desk
    await quarantine.release(held.id, actor="cli:an", reason="đã xem", waive=frozenset(waive), desk=desk)
    await bench.work()
    return await desk.store.mail(held.id)


async def rules_of(bench: Bench, found: Mail) -> set[str]:
    verdict = await bench.office.desk.store.verdict(found.id)
    assert verdict is not None
    return {finding.rule for finding in verdict.findings}


@pytest.mark.parametrize("meanwhile", [False, True], ids=["alone", "beside a sealed mail"])
async def test_a_sealed_mail_with_the_same_file_changes_nothing_for_the_one_that_is_held(
    bench: Bench, *, meanwhile: bool
) -> None:
    held = await bench.end_of(mail(("a.csv", DDE)), peer=STRANGER)
    assert held.stage is MailStage.HELD
    if meanwhile:
        again = mail(("a.csv", DDE), subject=SECRET, message_id="<2@agency.example>")
        assert (await bench.end_of(again, peer=STRANGER)).stage is MailStage.SEALED
    found = await released(bench, held, "impersonation")
    assert found.stage is MailStage.REFUSED
    assert "active_content" in await rules_of(bench, found)


@on_both_databases
async def test_the_facts_of_a_registered_document_outlive_a_sealed_mail_with_its_file(bench: Bench) -> None:
    assert (await bench.end_of(mail(("a.txt", PAGE)))).stage is MailStage.REGISTERED
    before = await facts_of(bench, PAGE)
    again = mail(("a.txt", PAGE), subject=SECRET, message_id="<2@agency.example>")
    assert (await bench.end_of(again)).stage is MailStage.SEALED
    assert await facts_of(bench, PAGE) == before
    assert before.header.identifier


@on_both_databases
async def test_what_was_not_opened_never_takes_the_place_of_what_was(bench: Bench) -> None:
    store, closed = bench.office.desk.store, FileFacts(of(PAGE), len(PAGE), "text/plain", unknown={INSPECTION: "chưa"})
    opened = replace(closed, unknown={}, pages=3)
    for kept, expected in ((closed, closed), (opened, opened), (closed, opened)):
        async with store.begin() as unit:
            await unit.keep_facts([kept])
        assert await facts_of(bench, PAGE) == expected


async def test_a_mail_to_be_sealed_is_sealed_with_its_level_after_a_restart_and_has_no_facts_on_record(
    bench: Bench,
) -> None:
    desk = bench.office.desk
    received = await bench.receive(mail(("a.docx", decision_docx(mark="TỐI MẬT"))))
    dossier = Dossier(received, desk.store)
    await inspect(await parse(received, desk, dossier), desk, dossier)
    assert await desk.store.facts(await dossier.contents()) == {}
    await bench.work()
    assert (await desk.store.mail(received.id)).stage is MailStage.SEALED
    seal = await desk.store.seal(received.id)
    assert seal is not None
    assert seal.level == "toi_mat"


async def test_a_mail_whose_facts_are_not_on_record_is_inspected_before_it_is_judged(bench: Bench) -> None:
    desk = bench.office.desk
    received = await bench.receive(mail(("a.txt", PAGE)))
    dossier = Dossier(received, desk.store)
    parsed = await parse(received, desk, dossier)
    async with desk.store.begin() as unit:
        inspected = await unit.move(parsed, MailStage.INSPECTED)
    assert (await judge(inspected, desk, Dossier(inspected, desk.store))).stage is MailStage.PARSED
    await bench.work()
    assert (await desk.store.mail(received.id)).stage is MailStage.REGISTERED


@pytest.mark.parametrize(
    ("name", "content", "end"),
    [
        ("a.csv", DDE, MailStage.REFUSED),
        ("a.docx", decision_docx(mark="MẬT"), MailStage.SEALED),
        ("a.txt", PAGE, MailStage.REGISTERED),
    ],
    ids=["active", "marked", "harmless"],
)
async def test_what_a_person_lets_pass_unscanned_is_opened_then(
    bench: Bench, name: str, content: bytes, end: MailStage
) -> None:
    async with bench.with_desk(scanner=Unscanning(bench.office.desk.scanner, of(content))):
        held = await bench.end_of(mail((name, content)))
        assert held.stage is MailStage.HELD
        assert "readable" not in await rules_of(bench, held), "the scan is told, and not what follows from it too"
        assert not (await facts_of(bench, content)).opened
        found = await released(bench, held, "not_scanned")
    assert found.stage is end
    if end is MailStage.REFUSED:
        assert "active_content" in await rules_of(bench, found)


async def test_a_mail_with_too_many_slow_files_is_held_until_a_person_wants_them_opened(bench: Bench) -> None:
    desk = bench.office.desk
    slow = Slow(desk.inspector, bench.clock, desk.inspect_within / 4)
    pages = [page_one(number) for number in range(1, 13)]
    async with bench.with_desk(inspector=slow):
        held = await bench.end_of(mail(*((f"{number}.txt", page) for number, page in enumerate(pages))))
        assert (held.stage, slow.opened) == (MailStage.HELD, 4)
        assert "readable" in await rules_of(bench, held)
        found = await released(bench, held)
    assert found.stage is MailStage.REGISTERED
    assert all([(await facts_of(bench, page)).opened for page in pages])
