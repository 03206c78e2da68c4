"""The mailbox trial: a real daemon fetches from a real Dovecot that idles, is killed, and numbers its mails anew.

`python -m tests.service.mailbox_trial --idle 200 --backlog 5000 --kills 5` prints one JSON line; the suite runs a
shorter one. Three parts on one mailbox and one register:

1. Mails are delivered one by one by LMTP to an idle server; the time from its 250 to the register is taken.
2. A backlog lies in the mailbox when the gateway starts; Dovecot is killed with -9 while it is fetched.
3. The mailbox is moved: every mail loses its flags and gets a new UID under a new UIDVALIDITY.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from gateway.model.mail import MailStage
from gateway.store import schema
from gateway.store.database import Database
from gateway.store.queries import Queries
from tests.mails import mail, page_one
from tests.servers.clamd import ClamdServer
from tests.servers.daemon import Daemon
from tests.servers.dovecot import PASSWORD, USER, DovecotServer
from tests.servers.postgres import PostgresServer

_PATIENCE = 900.0
_STEP = 0.02
_MX = "mx.quangngai.gov.vn"
_DIRECTORY = """[[agency]]
code = "co-quan-gui"
name = "Cơ quan gửi"
domains = ["agency.example"]
"""
_PROOF = {"Authentication-Results": f"{_MX}; dkim=pass header.d=agency.example; dmarc=pass header.from=agency.example"}


@dataclass(frozen=True)
class Outcome:
    """What the trial found. Times are seconds; `idle_*` is from the server's 250 to the entry in the register."""

    database: str
    idle_mails: int
    idle_p50: float
    idle_p95: float
    idle_max: float
    backlog: int
    kills: int
    fetched_in: float
    registered_in: float
    found_again: int
    registered: int
    first_number: int
    last_number: int
    journal_events: int


def trial(folder: Path, *, database: str, idle: int, backlog: int, kills: int) -> Outcome:
    """Run it; raises AssertionError where a promise was broken."""
    with ExitStack() as opened:
        (folder / "clamd").mkdir(parents=True)
        clamd = ClamdServer(folder / "clamd")
        clamd.start()
        opened.callback(clamd.stop)
        dovecot = opened.enter_context(DovecotServer())
        url = f"sqlite:///{folder / 'gateway' / 'gateway.db'}"
        if database == "postgresql":
            url = opened.enter_context(PostgresServer()).empty_database()
        (folder / "secret").write_text(PASSWORD)
        (folder / "secret").chmod(0o600)
        daemon = Daemon(folder / "gateway", _sections(folder, clamd, dovecot, url), directory=_DIRECTORY)
        daemon.start()
        opened.callback(daemon.kill)
        return asyncio.run(_Trial(daemon, dovecot, url).run(idle, backlog, kills))


def _sections(folder: Path, clamd: ClamdServer, dovecot: DovecotServer, url: str) -> dict[str, dict[str, object]]:
    mailbox = {
        "name": "so",
        "host": dovecot.host,
        "port": dovecot.port,
        "tls": "none",
        "ca_file": "",
        "username": USER,
        "login": "password",
        "secret": f"file:{folder / 'secret'}",
        "address": USER,
        "folder": "INBOX",
        "done_folder": "",
        "done_flag": "$VanthuTaken",
    }
    return {
        "scanner": {"clamd": [clamd.address]},
        "relay": {"maildir": str(folder / "out")},
        "store": {"database": url.removeprefix("sqlite:///")},
        "imap": {"poll": "5 s", "mailboxes": [mailbox]},
        "senders": {"trusted_authserv": [_MX]},
        "limits": {"sender_mails": 100_000, "total_mails": 100_000},
    }


class _Trial:
    """The three parts. Mails are numbered from 1 on through all of them."""

    def __init__(self, daemon: Daemon, dovecot: DovecotServer, url: str) -> None:
        self._daemon = daemon
        self._dovecot = dovecot
        self._database = Database(url)
        self._queries = Queries(self._database)

    async def run(self, idle: int, backlog: int, kills: int) -> Outcome:
        try:
            latencies = await self._idle(idle)
            fetched_in, registered_in = await self._backlog(idle, backlog, kills)
            found_again = await self._move(idle + backlog)
            return await self._verified(latencies, backlog, kills, fetched_in, registered_in, found_again)
        finally:
            await self._database.close()

    async def _idle(self, mails: int) -> list[float]:
        delivered: dict[str, datetime] = {}
        for number in range(1, mails + 1):
            await asyncio.to_thread(self._dovecot.deliver, _mail(number))
            delivered[f"{number:02d}"] = datetime.now(UTC)
            await self._until(self._registered, number)
        documents = await self._queries.register(limit=mails + 1)
        return sorted((each.registered_at - delivered[str(each.header.number)]).total_seconds() for each in documents)

    async def _backlog(self, before: int, mails: int, kills: int) -> tuple[float, float]:
        await asyncio.to_thread(self._daemon.stop)
        numbers = range(before + 1, before + mails + 1)
        await asyncio.to_thread(lambda: self._dovecot.append(*(_mail(number) for number in numbers)))
        await asyncio.to_thread(self._daemon.start)
        began = time.monotonic()
        for kill in range(1, kills + 1):
            await self._until(self._entered, before + kill * mails // (kills + 1))
            await asyncio.to_thread(self._dovecot.kill)
            await asyncio.to_thread(self._dovecot.start)
            print(f"\r{kill}/{kills} kills", end="", file=sys.stderr)
        print(file=sys.stderr)
        await self._until(self._entered, before + mails)
        fetched_in = time.monotonic() - began
        await self._until(self._registered, before + mails)
        return fetched_in, time.monotonic() - began

    async def _move(self, mails: int) -> int:
        """As a backup put back or a change of servers does."""
        await asyncio.to_thread(self._dovecot.kill)
        folder = self._dovecot.home() / "mail"
        for file in folder.glob("dovecot*"):
            file.unlink()
        for file in [*(folder / "cur").iterdir(), *(folder / "new").iterdir()]:
            file.rename(folder / "cur" / f"{file.name.partition(':')[0]}:2,")
        await asyncio.to_thread(self._dovecot.start)
        await self._until(self._found_again, mails)
        return await self._found_again()

    async def _verified(
        self,
        latencies: list[float],
        backlog: int,
        kills: int,
        fetched_in: float,
        registered_in: float,
        found_again: int,
    ) -> Outcome:
        mails = len(latencies) + backlog
        counts = await self._queries.counts()
        ends = {stage: count for (what, stage), count in counts.items() if what == "mail"}
        assert ends == {MailStage.REGISTERED.value: mails}, ends
        documents = await self._queries.register(limit=2 * mails)
        numbers = [document.arrival_number for document in documents]
        assert numbers == list(range(1, mails + 1)), "the numbers have a gap or a repeat"
        read = Counter(document.header.number for document in documents)
        assert read == Counter(f"{number:02d}" for number in range(1, mails + 1)), "a document is missing or twice"
        stored = await asyncio.to_thread(self._dovecot.stored)
        assert len(stored) == mails, "a mail is gone from the mailbox"
        report = await self._queries.audit()
        assert report.broken_at is None, report
        return Outcome(
            database=self._database.url.get_backend_name(),
            idle_mails=len(latencies),
            idle_p50=round(statistics.median(latencies), 3),
            idle_p95=round(latencies[int(0.95 * (len(latencies) - 1))], 3),
            idle_max=round(latencies[-1], 3),
            backlog=backlog,
            kills=kills,
            fetched_in=round(fetched_in, 1),
            registered_in=round(registered_in, 1),
            found_again=found_again,
            registered=len(numbers),
            first_number=numbers[0],
            last_number=numbers[-1],
            journal_events=report.events,
        )

    async def _registered(self) -> int:
        return (await self._queries.counts()).get(("mail", MailStage.REGISTERED.value), 0)

    async def _entered(self) -> int:
        return sum(count for (what, _), count in (await self._queries.counts()).items() if what == "mail")

    async def _found_again(self) -> int:
        async with self._database.snapshot() as connection:
            found = await connection.execute(select(func.count()).select_from(schema.mail_copy))
            return int(found.scalar_one())

    async def _until(self, count: Callable[[], Awaitable[int]], wanted: int) -> None:
        end = time.monotonic() + _PATIENCE
        while (found := await count()) < wanted:
            assert time.monotonic() < end, f"{found} of {wanted}: {self._daemon.log()[-2000:]}"
            await asyncio.sleep(_STEP)


def _mail(number: int) -> bytes:
    attached = (f"bao-cao-{number}.txt", page_one(number))
    return mail(attached, message_id=f"<{number}@agency.example>", headers=_PROOF)


def main() -> None:
    """The command line of the trial."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--idle", type=int, default=200)
    parser.add_argument("--backlog", type=int, default=5_000)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = trial(
            Path(folder), database=chosen.database, idle=chosen.idle, backlog=chosen.backlog, kills=chosen.kills
        )
    print(json.dumps(asdict(outcome)))


if __name__ == "__main__":
    main()
