"""Verdicts age: what newer signatures find is told and goes nowhere, and a scanner that is away costs only time."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from gateway.adapters.clamd import ClamdScanner
from gateway.model.alarm import AlarmCause
from gateway.model.docket import DocumentState
from gateway.model.facts import Engine, Scan, ScanVerdict
from gateway.model.mail import MailStage
from gateway.model.notice import DeliveryOutcome, DeliveryResult, NoticeKind, NoticeStage, Outgoing
from gateway.serve import DeskCounter
from handlers import quarantine
from handlers.watch_scanner import ScannerWatch
from tests.flow.conftest import Bench, on_both_databases
from tests.flow.province import FORWARD, docket_of, forwardings, journal, newest, order, submitted, without_approval
from tests.flow.reading import CLERK, IT, kinds, numbers, read, text_of
from tests.flow.staff import PROVINCE
from tests.mails import SENDER, mail, page_one
from tests.servers.clamd import TEST_FILES, ClamdServer

WARN_AFTER = timedelta(minutes=10)
A_MINUTE = timedelta(minutes=1)
FIRST, SECOND, THIRD = 27800, 27801, 27802
PAGE = page_one(1)
LATER = {"Later.Virus": PAGE}
TIGHT = 20_000
LARGE = PAGE + "Kính gửi Sở Giao thông vận tải.\n".encode() * 1000


@dataclass
class Counting:
    """A scanner that remembers what it was given."""

    scanner: ClamdScanner
    given: list[str] = field(default_factory=list)

    async def scan(self, content: Path) -> Scan:
        self.given.append(content.name)
        return await self.scanner.scan(content)

    async def engine(self) -> Engine:
        return await self.scanner.engine()


@dataclass
class Relay:
    """A relay that answers as told, and remembers what it took."""

    outcome: DeliveryOutcome = DeliveryOutcome.SENT
    taken: list[Outgoing] = field(default_factory=list)

    async def send(self, outgoing: Outgoing) -> DeliveryResult:
        if self.outcome is DeliveryOutcome.SENT:
            self.taken.append(outgoing)
        return DeliveryResult(self.outcome, "relay says")


@dataclass
class Lab:
    """The office with a clamd of its own, whose signatures change when a test wants."""

    bench: Bench
    clamd: ClamdServer
    scanner: Counting
    watch: ScannerWatch

    async def look(self) -> None:
        """Until nothing is left to be scanned again, and what follows is done."""
        while await self.watch.look():
            continue
        await self.bench.work()

    async def alarms(self, cause: AlarmCause) -> list[str]:
        """Who was owed an alarm of this cause."""
        found = await self.bench.office.queries.outbox(open_only=False, limit=2000)
        return sorted(each.owed.recipient for each in found if each.owed.alarm and each.owed.alarm.cause is cause)


@pytest.fixture
def own_clamd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ClamdServer]:
    (tmp_path / "clamd").mkdir()
    server = ClamdServer(tmp_path / "clamd", signatures=getattr(request, "param", FIRST))
    server.start()
    yield server
    server.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def lab(bench: Bench, own_clamd: ClamdServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Lab]:
    """Versions are asked for each time: an update is seen at once."""
    monkeypatch.setattr("gateway.adapters.clamd.host.VERSION_SECONDS", 0.0)
    clamd = ClamdScanner([own_clamd.address], 20.0, 100 * 2**20)
    scanner = Counting(clamd)
    async with bench.with_desk(scanner=scanner):
        yield Lab(bench, own_clamd, scanner, ScannerWatch(bench.office.desk, "may-1", WARN_AFTER))
    clamd.close()


def letter(number: int, content: bytes = PAGE, *, mark: str = "") -> bytes:
    return mail((f"bao-cao-{number}.txt", content), message_id=f"<{number}{mark}@agency.example>")


@asynccontextmanager
async def relayed(lab: Lab) -> AsyncIterator[Relay]:
    relay = Relay()
    async with lab.bench.with_desk(sender=relay):
        lab.watch = ScannerWatch(lab.bench.office.desk, "may-1", WARN_AFTER)
        yield relay


async def test_a_content_is_scanned_once_by_each_version_of_the_signatures(lab: Lab) -> None:
    await lab.bench.end_of(letter(1))
    await lab.bench.end_of(letter(2))
    (document,) = await lab.bench.office.queries.register()
    content = document.files[0].sha256
    assert lab.scanner.given.count(content) == 1
    assert max(Counter(lab.scanner.given).values()) == 1, "nothing was given twice"
    lab.clamd.update(SECOND)
    await lab.bench.end_of(letter(3))
    await lab.bench.end_of(letter(4))
    assert lab.scanner.given.count(content) == 2


@pytest.mark.parametrize("own_clamd", [None], indirect=True)
async def test_signatures_without_a_number_are_asked_each_time(lab: Lab) -> None:
    await lab.bench.end_of(letter(1))
    await lab.bench.end_of(letter(2))
    (document,) = await lab.bench.office.queries.register()
    assert lab.scanner.given.count(document.files[0].sha256) > 1


@on_both_databases
async def test_what_was_registered_and_is_found_infected_later_is_told_once_and_goes_nowhere(lab: Lab) -> None:
    await lab.bench.end_of(letter(1))
    (document,) = await lab.bench.office.queries.register()
    content, counter = document.files[0].sha256, DeskCounter(lab.bench.office.desk)
    assert await counter.kept_back(content, document) is None
    lab.clamd.update(SECOND, **LATER)
    await lab.look()
    await lab.look()
    assert await lab.alarms(AlarmCause.INFECTED_LATER) == [IT, CLERK]
    told = text_of(lab.bench.delivered(IT)[-1])
    assert document.label in told
    assert "bao-cao-1.txt" in told
    assert "Later.Virus" in told
    assert (await journal(lab.bench, document.id))["document.infected"] == 1
    assert await counter.kept_back(content, document) is ScanVerdict.INFECTED
    lab.clamd.update(THIRD)
    await lab.look()
    assert await counter.kept_back(content, document) is None, "newer signatures know better"
    assert (await journal(lab.bench, document.id))["document.scanned_again"] == 1


async def test_a_link_shows_the_newest_verdict_on_each_file(lab: Lab) -> None:
    await lab.bench.end_of(letter(1))
    (document,) = await lab.bench.office.queries.register()
    lab.clamd.update(SECOND, **LATER)
    await lab.look()
    tracked = await lab.bench.office.queries.by_token(document.token)
    assert tracked is not None
    assert [file.scan.verdict for file in tracked.document.files] == [ScanVerdict.INFECTED]


async def test_the_same_file_sent_again_after_an_update_warns_of_the_registered_one(lab: Lab) -> None:
    await lab.bench.end_of(letter(1))
    lab.clamd.update(SECOND, **LATER)
    again = await lab.bench.end_of(letter(2))
    assert again.stage is MailStage.REFUSED
    assert await lab.alarms(AlarmCause.INFECTED_LATER) == [IT, CLERK]


async def test_a_false_alarm_that_newer_signatures_mend_refuses_the_mail_no_more(lab: Lab) -> None:
    lab.clamd.update(SECOND, **LATER)
    assert (await lab.bench.end_of(letter(1))).stage is MailStage.REFUSED
    assert (await lab.bench.end_of(letter(1))).stage is MailStage.REFUSED
    lab.clamd.update(THIRD)
    assert (await lab.bench.end_of(letter(1))).stage is MailStage.REGISTERED


async def held(lab: Lab) -> int:
    """A mail that waits for the clerk, because its number is taken by other content."""
    await lab.bench.end_of(letter(1, page_one(1, abstract="Về việc khác")))
    twin = await lab.bench.end_of(letter(2))
    assert twin.stage is MailStage.HELD
    return twin.id


@on_both_databases
async def test_a_held_mail_is_judged_again_where_newer_signatures_find_a_virus(lab: Lab) -> None:
    mail_id = await held(lab)
    lab.clamd.update(SECOND, **LATER)
    await lab.look()
    desk = lab.bench.office.desk
    assert (await desk.store.mail(mail_id)).stage is MailStage.REFUSED
    verdict = await desk.store.verdict(mail_id)
    assert verdict is not None
    assert "infected" in {finding.rule for finding in verdict.findings}
    assert await numbers(lab.bench) == [1]


async def test_a_held_mail_whose_verdicts_stand_is_left_alone(lab: Lab) -> None:
    mail_id = await held(lab)
    before = await kinds(lab.bench, await lab.bench.office.desk.store.mail(mail_id))
    lab.clamd.update(SECOND)
    await lab.look()
    found = await lab.bench.office.desk.store.mail(mail_id)
    assert (found.stage, await kinds(lab.bench, found)) == (MailStage.HELD, before)


async def test_what_was_over_the_scanners_limit_goes_on_by_itself_when_that_is_raised(lab: Lab) -> None:
    lab.clamd.stop()
    lab.clamd.set_limit(TIGHT)
    lab.clamd.start()
    found = await lab.bench.end_of(letter(1, LARGE))
    assert found.stage is MailStage.HELD
    lab.clamd.stop()
    lab.clamd.set_limit(2**20)
    lab.clamd.start()
    await lab.look()
    assert (await lab.bench.office.desk.store.mail(found.id)).stage is MailStage.HELD, "not asked over and over"
    lab.bench.clock.pass_(timedelta(hours=1, seconds=1))
    await lab.look()
    assert (await lab.bench.office.desk.store.mail(found.id)).stage is MailStage.REGISTERED


async def test_an_open_document_is_scanned_again_and_a_finished_one_only_when_it_is_asked_for(lab: Lab) -> None:
    for number in (1, 2):
        await lab.bench.end_of(letter(number, page_one(number)))
    first, second = await lab.bench.office.queries.register()
    desk = lab.bench.office.desk
    before = await docket_of(lab.bench, second.id)
    async with desk.store.begin() as unit:
        await unit.keep_docket(
            before, replace(before, state=DocumentState.FINISHED), actor="test", at=lab.bench.clock.now()
        )
    lab.scanner.given.clear()
    lab.clamd.update(SECOND)
    await lab.look()
    assert lab.scanner.given == [first.files[0].sha256]
    await DeskCounter(desk).kept_back(second.files[0].sha256, second)
    assert lab.scanner.given[1:] == [second.files[0].sha256]


async def test_many_contents_are_scanned_again_in_batches_and_each_once(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.watch_scanner._BATCH", 3)
    for number in range(1, 8):
        await lab.bench.end_of(letter(number, page_one(number)))
    lab.scanner.given.clear()
    lab.clamd.update(SECOND)
    lab.bench.clock.pass_(A_MINUTE)
    looks = 1
    while await lab.watch.look():
        assert len(lab.scanner.given) == 3 * looks
        looks += 1
    assert sorted(Counter(lab.scanner.given).values()) == [1] * 7


async def test_a_content_that_cannot_be_read_keeps_no_other_from_being_scanned_again(lab: Lab) -> None:
    for number in (1, 2):
        await lab.bench.end_of(letter(number, page_one(number)))
    first, second = await lab.bench.office.queries.register()
    lab.bench.office.blobs.path(first.files[0].sha256).unlink()
    lab.clamd.update(SECOND, **{"Later.Virus": page_one(2)})
    await lab.look()
    assert (await journal(lab.bench, second.id))["document.infected"] == 1


@on_both_databases
async def test_an_outage_is_told_once_when_it_has_lasted_and_so_is_its_end(lab: Lab) -> None:
    lab.clamd.stop()
    found = await lab.bench.end_of(letter(1))
    for _ in range(30):
        await lab.look()
        lab.bench.clock.pass_(A_MINUTE)
    assert await lab.alarms(AlarmCause.SCANNER_AWAY) == [IT, CLERK]
    assert "không kết nối được" in text_of(lab.bench.delivered(IT)[-1])
    assert await lab.alarms(AlarmCause.SCANNER_BACK) == []
    waiting = await lab.bench.office.desk.store.mail(found.id)
    assert (waiting.stage, waiting.waiting_for, waiting.attempts) == (MailStage.PARSED, "scanner", 0)
    lab.clamd.start()
    for _ in range(3):
        lab.bench.clock.pass_(A_MINUTE)
        await lab.look()
    assert await lab.alarms(AlarmCause.SCANNER_BACK) == [IT, CLERK]
    assert await lab.alarms(AlarmCause.SCANNER_AWAY) == [IT, CLERK]
    assert (await lab.bench.office.desk.store.mail(found.id)).stage is MailStage.REGISTERED


async def test_a_short_outage_is_nobodys_concern(lab: Lab) -> None:
    for _ in range(3):
        lab.clamd.stop()
        await lab.look()
        lab.bench.clock.pass_(WARN_AFTER - A_MINUTE)
        await lab.look()
        lab.clamd.start()
        await lab.look()
        lab.bench.clock.pass_(A_MINUTE)
    assert await lab.alarms(AlarmCause.SCANNER_AWAY) + await lab.alarms(AlarmCause.SCANNER_BACK) == []


async def test_while_no_scanner_answers_notices_with_files_wait_and_others_leave(lab: Lab) -> None:
    async with relayed(lab) as relay:
        relay.outcome = DeliveryOutcome.UNREACHABLE
        await lab.bench.end_of(letter(1))
        lab.clamd.stop()
        relay.outcome = DeliveryOutcome.SENT
        for _ in range(3):
            lab.bench.clock.pass_(timedelta(minutes=5))
            await lab.bench.work()
        assert [outgoing.recipient for outgoing in relay.taken] == [SENDER]
        lab.clamd.start()
        lab.bench.clock.pass_(timedelta(minutes=5))
        await lab.bench.work()
        assert [outgoing.recipient for outgoing in relay.taken] == [SENDER, CLERK]


async def test_a_notice_made_before_an_update_leaves_without_the_file_that_is_infected_now(lab: Lab) -> None:
    async with relayed(lab) as relay:
        relay.outcome = DeliveryOutcome.UNREACHABLE
        await lab.bench.end_of(letter(1))
        lab.clamd.update(SECOND, **LATER)
        relay.outcome = DeliveryOutcome.SENT
        lab.bench.clock.pass_(timedelta(minutes=5))
        await lab.bench.work()
        (sent,) = (outgoing for outgoing in relay.taken if b"<clerk_document." in outgoing.content)
        assert list(read(sent.content).iter_attachments()) == []
        assert "bao-cao-1.txt (phần mềm diệt vi-rút không xác nhận là sạch)" in text_of(sent.content)
        assert await lab.alarms(AlarmCause.INFECTED_LATER) == [IT, CLERK]
        assert not any(PAGE in outgoing.content for outgoing in relay.taken)


@pytest.mark.usefixtures("own_domain")
async def test_a_submission_with_a_file_that_is_infected_now_does_not_leave_and_is_told(lab: Lab) -> None:
    async with without_approval(lab.bench):
        document = await submitted(lab.bench, 1)
        async with relayed(lab) as relay:
            relay.outcome = DeliveryOutcome.UNREACHABLE
            await order(lab.bench, FORWARD)
            lab.clamd.update(SECOND, **LATER)
            relay.outcome = DeliveryOutcome.SENT
            lab.bench.clock.pass_(timedelta(minutes=30))
            await lab.bench.work()
        assert PROVINCE not in {outgoing.recipient for outgoing in relay.taken}
        assert await lab.alarms(AlarmCause.INFECTED_LATER) == [IT, CLERK]
        (forwarding,) = await forwardings(lab.bench, document)
        assert forwarding.failed_at is not None
        assert "Later.Virus" in forwarding.failure
        notices = await lab.bench.office.queries.outbox(open_only=True)
        assert [each.stage for each in notices if each.owed.kind is NoticeKind.SUBMISSION] == [NoticeStage.FAILED]


async def test_what_could_not_be_scanned_leaves_where_a_person_took_it_on_himself(lab: Lab) -> None:
    lab.clamd.stop()
    lab.clamd.set_limit(TIGHT)
    lab.clamd.start()
    found = await lab.bench.end_of(letter(1, LARGE))
    await quarantine.release(
        found.id, actor="cli:an", reason="đã xem", waive=frozenset({"not_scanned"}), desk=lab.bench.office.desk
    )
    await lab.bench.work()
    assert (await lab.bench.office.desk.store.mail(found.id)).stage is MailStage.REGISTERED
    (attached,) = read(newest(lab.bench, CLERK, NoticeKind.CLERK_DOCUMENT)).iter_attachments()
    assert attached.get_payload(decode=True) == LARGE
    (document,) = await lab.bench.office.queries.register()
    assert await DeskCounter(lab.bench.office.desk).kept_back(document.files[0].sha256, document) is None


async def test_what_was_clean_and_cannot_be_scanned_any_more_is_not_given_out_over_the_web(lab: Lab) -> None:
    await lab.bench.end_of(letter(1, LARGE))
    (document,) = await lab.bench.office.queries.register()
    lab.clamd.stop()
    lab.clamd.set_limit(TIGHT)
    lab.clamd.start()
    lab.clamd.update(SECOND)
    kept = await DeskCounter(lab.bench.office.desk).kept_back(document.files[0].sha256, document)
    assert kept is ScanVerdict.NOT_SCANNED


async def test_every_test_file_of_clamav_is_refused_by_mail(bench: Bench) -> None:
    met = {}
    for path in sorted(TEST_FILES.iterdir()):
        met[path.name] = await bench.receive(
            mail((path.name, path.read_bytes()), message_id=f"<{path.name}@x.example>")
        )
    await bench.work()
    desk = bench.office.desk
    for name, found in met.items():
        verdict = await desk.store.verdict(found.id)
        assert verdict is not None, name
        assert "infected" in {finding.rule for finding in verdict.findings}, name
        assert (await desk.store.mail(found.id)).stage is MailStage.REFUSED, name
    assert len(met) > 40
    assert await numbers(bench) == []
