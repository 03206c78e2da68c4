"""The crash trial: a real daemon takes mails over SMTP while it is killed with -9 again and again.

`python -m tests.service.crash --mails 2000 --kills 30 --database sqlite` prints one JSON line; the suite runs a
shorter one on both databases.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import smtplib
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from gateway.model.mail import MailStage
from gateway.store.database import Database
from gateway.store.queries import Queries
from tests.mails import mail, page_one
from tests.servers.clamd import ClamdServer
from tests.servers.daemon import Daemon
from tests.servers.postfix import PostfixServer
from tests.servers.postgres import PostgresServer
from tests.service.client import notices, send

_SESSIONS = 8
_KINDS = ("receipt", "clerk_document", "repeat")
_PATIENCE = 600.0


@dataclass(frozen=True)
class Outcome:
    """What the trial found. `answered` counts 250s, `resent` notices that came more than once with one Message-ID."""

    database: str
    mails: int
    kills: int
    seconds: float
    answered: int
    registered: int
    first_number: int
    last_number: int
    repeats_acknowledged: int
    notices_owed: int
    notices_arrived: int
    resent: int
    journal_events: int


def trial(folder: Path, *, database: str, mails: int, kills: int, seed: int) -> Outcome:
    """Run it; raises AssertionError where a promise was broken."""
    chance = random.Random(seed)
    with ExitStack() as opened:
        (folder / "clamd").mkdir(parents=True)
        clamd = ClamdServer(folder / "clamd")
        clamd.start()
        opened.callback(clamd.stop)
        relay = opened.enter_context(PostfixServer(folder))
        url = f"sqlite:///{folder / 'gateway' / 'gateway.db'}"
        if database == "postgresql":
            url = opened.enter_context(PostgresServer()).empty_database()
        daemon = Daemon(
            folder / "gateway",
            {
                "scanner": {"clamd": [clamd.address]},
                "relay": {"host": relay.host, "port": relay.port, "retry": ["1 s"]},
                "store": {"database": url.removeprefix("sqlite:///")},
                "smtp": {"connections_per_address": 50},
            },
        )
        daemon.start()
        opened.callback(daemon.kill)
        began = time.monotonic()
        answered = _send_through_kills(daemon, mails, kills, chance)
        return asyncio.run(_verified(answered, url, relay, kills, time.monotonic() - began))


def _send_through_kills(daemon: Daemon, mails: int, kills: int, chance: random.Random) -> list[int]:
    """In as many rounds as kills: a batch begins to flow, and at a random moment the daemon dies."""
    answered: list[int] = []
    answered_lock = threading.Lock()

    def deliver(number: int) -> None:
        raw = mail((f"bao-cao-{number}.txt", page_one(number)), message_id=f"<{number}@agency.example>")
        while True:
            try:
                label = send(daemon, raw)
            except (smtplib.SMTPException, OSError):
                time.sleep(0.05)
                continue
            with answered_lock:
                answered.append(int(label.partition(" M")[2].split()[0].rstrip(".)")))
            return

    size = -(-mails // kills)
    with ThreadPoolExecutor(_SESSIONS) as pool:
        for round_ in range(kills):
            batch = range(round_ * size + 1, min((round_ + 1) * size, mails) + 1)
            sent = [pool.submit(deliver, number) for number in batch]
            time.sleep(chance.uniform(0, 1.5))
            daemon.kill()
            daemon.start()
            for each in sent:
                each.result(_PATIENCE)
            print(f"\r{round_ + 1}/{kills} kills, {len(answered)}/{mails} answered", end="", file=sys.stderr)
    print(file=sys.stderr)
    return answered


async def _verified(answered: list[int], url: str, relay: PostfixServer, kills: int, seconds: float) -> Outcome:
    database = Database(url)
    queries = Queries(database)
    try:
        await _until_quiet(queries)
        counts = await queries.counts()
        mails = len(answered)
        ends = {stage: count for (what, stage), count in counts.items() if what == "mail"}
        assert set(ends) <= {MailStage.REGISTERED.value, MailStage.NOTED.value}, ends
        documents = await queries.register(limit=10 * mails)
        numbers = [document.arrival_number for document in documents]
        assert numbers == list(range(1, len(numbers) + 1)), "the numbers have a gap or a repeat"
        read = Counter(document.header.number for document in documents)
        assert read == Counter(f"{number:02d}" for number in range(1, mails + 1)), "a document is missing or twice"
        known = {document.mail_id for document in documents}
        for mail_id in answered:
            story = await queries.story(mail_id)
            assert mail_id in known or story.repeats, f"M{mail_id} was answered 250 and is not in the register"
        report = await queries.audit()
        assert report.broken_at is None, report
        owed = {notice.owed.message_id for notice in await queries.outbox(open_only=False, limit=10 * mails)}
        copies = Counter(notices(relay, _KINDS))
        assert {message_id for _, message_id in copies} == owed, "a notice that was owed did not arrive"
        return Outcome(
            database=database.url.get_backend_name(),
            mails=mails,
            kills=kills,
            seconds=round(seconds, 1),
            answered=len(answered),
            registered=len(numbers),
            first_number=numbers[0],
            last_number=numbers[-1],
            repeats_acknowledged=ends.get(MailStage.NOTED.value, 0),
            notices_owed=len(owed),
            notices_arrived=len(copies),
            resent=sum(count - 1 for count in copies.values()),
            journal_events=report.events,
        )
    finally:
        await database.close()


async def _until_quiet(queries: Queries) -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        counts = await queries.counts()
        open_ = {
            key: count
            for key, count in counts.items()
            if (key[0] == "mail" and not MailStage(key[1]).is_end) or key in {("notice", "owed"), ("notice", "ready")}
        }
        if not any(open_.values()):
            return
        assert time.monotonic() < end, f"still at work: {open_}"
        await asyncio.sleep(0.5)


def main() -> None:
    """The command line of the trial."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=2_000)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = trial(
            Path(folder), database=chosen.database, mails=chosen.mails, kills=chosen.kills, seed=chosen.seed
        )
    print(json.dumps(asdict(outcome)))


if __name__ == "__main__":
    main()
