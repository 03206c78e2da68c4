"""A whole office without its doors: real database, workers and ClamAV, a Maildir, and a clock that stands still."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from gateway.adapters.maildir_out import MaildirSender
from gateway.adapters.sandbox import Sandbox
from gateway.app import Office, open_office, sandbox_of
from gateway.demo.pki import Pki, make_pki
from gateway.model.directory import Directory, Party, PartyKind
from gateway.model.mail import Envelope, Mail, Transport
from gateway.settings import settings_from
from handlers.import_directory import import_directory
from handlers.ingest import ingest
from handlers.runner import Runner, RunnerOptions
from tests.conftest import new_database
from tests.flow.clock import StandingClock
from tests.mails import RECIPIENT, SENDER
from tests.records import MORNING
from tests.servers.clamd import ClamdServer
from tests.servers.dns import DnsServer

HERE = Path(__file__).parent
SENDERS_SERVER = "127.0.0.1"
AGENCY = Party("agency", PartyKind.AGENCY, "Cơ quan gửi", domains=("agency.example",), networks=("127.0.0.1/32",))
"""Who sends the mails of these tests: known, and believed by the address of its server."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests here work on one loop, which the workers they share hang on."""
    for item in items:
        if isinstance(item, pytest_asyncio.plugin.PytestAsyncioFunction) and HERE in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@dataclass
class Bench:
    """An office with its clock and its Maildir."""

    office: Office
    clock: StandingClock
    maildir: MaildirSender

    async def receive(
        self,
        raw: bytes,
        *,
        mail_from: str = SENDER,
        recipient: str = RECIPIENT,
        peer: str = SENDERS_SERVER,
        transport: Transport = Transport.SMTP,
    ) -> Mail:
        """As the listener does, without the network. The peer is the sender's own server, unless it is a forger's."""
        blob = await self.office.blobs.put(raw)
        envelope = Envelope(transport, uuid.uuid4().hex, mail_from, (recipient,), peer, "client")
        return await ingest(envelope, blob, self.office.desk)

    async def work(self) -> None:
        """Everything that is due now."""
        options = RunnerOptions("test", 4, timedelta(minutes=10), timedelta(seconds=5))
        await Runner(self.office.desk, options, self.office.bell).until_idle()

    async def end_of(self, raw: bytes, **envelope: Any) -> Mail:
        """Receive, work, and the mail as it stands then."""
        mail = await self.receive(raw, **envelope)
        await self.work()
        return await self.office.desk.store.mail(mail.id)

    def delivered(self, recipient: str) -> list[bytes]:
        """The notices that reached somebody, in the order they came."""
        folder = self.maildir.folder(recipient) / "new"
        if not folder.is_dir():
            return []
        return [path.read_bytes() for path in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)]

    @asynccontextmanager
    async def with_desk(self, **changes: object) -> AsyncIterator[None]:
        """Some parts of the desk exchanged for a while."""
        before = self.office
        self.office = replace(before, desk=replace(before.desk, **changes))  # type: ignore[arg-type]
        try:
            yield
        finally:
            self.office = before


@pytest.fixture(scope="session")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClamdServer]:
    server = ClamdServer(tmp_path_factory.mktemp("clamd"), signatures=27800)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def pki() -> Pki:
    return make_pki(
        MORNING - timedelta(days=30),
        seal="SỞ TRÌNH DIỄN",
        organisation="ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI",
        unit="BAN GIÁM ĐỐC",
        person="Nguyễn Văn Trình",
    )


on_both_databases = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """SQLite, unless a test is about what both databases do."""
    return new_database(getattr(request, "param", "sqlite"), request, tmp_path)


@pytest.fixture(scope="session")
def nameserver() -> Iterator[DnsServer]:
    """The DNS of these tests: what senders say of themselves, and nothing of anybody else."""
    with DnsServer() as server:
        yield server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def sandbox(tmp_path_factory: pytest.TempPathFactory, pki: Pki) -> AsyncIterator[Sandbox]:
    """Workers for all offices: starting them for each takes longer than most tests."""
    base = tmp_path_factory.getbasetemp()
    pki.write_anchors(base / "trust")
    workers = sandbox_of(settings_from({"signatures": {"anchors": "trust"}, "sandbox": {"workers": 1}}, base), base)
    yield workers
    await workers.close()


@pytest_asyncio.fixture(loop_scope="session")
async def bench(
    tmp_path: Path, database_url: str, clamd: ClamdServer, sandbox: Sandbox, nameserver: DnsServer
) -> AsyncIterator[Bench]:
    settings = settings_from(
        {
            "store": {"database": database_url.removeprefix("sqlite:///"), "blobs": "blobs"},
            # The clock of these tests is weeks ahead of the signatures now and then.
            "scanner": {"clamd": [clamd.address], "max_signature_age": "3650 days"},
            "relay": {"maildir": "maildir"},
            "mail": {"it": ["cntt-sogtvt@quangngai.gov.vn"]},
            "senders": {"nameservers": [nameserver.address]},
        },
        tmp_path,
    )
    clock = StandingClock(MORNING)
    async with open_office(settings, sandbox=sandbox, clock=clock) as office:
        await import_directory(Directory((AGENCY,)), actor="test", desk=office.desk)
        yield Bench(office, clock, MaildirSender(tmp_path / "maildir"))


@pytest.fixture
def own_domain(nameserver: DnsServer) -> Iterator[None]:
    """The agency's own domain says from where its people send."""
    nameserver.add("quangngai.gov.vn", "TXT", "v=spf1 ip4:192.0.2.7 -all")
    yield
    nameserver.remove("quangngai.gov.vn")
