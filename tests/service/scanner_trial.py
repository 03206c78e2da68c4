"""The scanner trial: clamd is stopped, mails pour in, clamd is started again; all come to their ends by themselves.

`python -m tests.service.scanner_trial --mails 1000` prints one JSON line; the suite runs a shorter one. Every tenth
mail brings the EICAR test file and must be refused, all others must be registered. While clamd is away the office must
be told of it, once, and once more when it is back.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from gateway.model.alarm import AlarmCause
from gateway.model.mail import MailStage
from gateway.store.database import Database
from gateway.store.queries import Queries
from tests.mails import mail, page_one
from tests.servers.clamd import EICAR, ClamdServer
from tests.servers.daemon import Daemon
from tests.service.client import send

_PATIENCE = 1800.0
_STEP = 0.25
_INFECTED_EVERY = 10
_LOOKING_OFTEN = """
import runpy, sys
import gateway.scanning
gateway.scanning._LOOK_SECONDS = {seconds}
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
"""A program that runs another one of Python's, with a scanner's watch that looks so often."""


@dataclass(frozen=True)
class Outcome:
    """What the trial found. Times are seconds; `finished_in` is from clamd's return to the last mail's end."""

    mails: int
    accepted_in: float
    away: float
    finished_in: float
    registered: int
    refused: int
    first_number: int
    last_number: int
    alarms_away: int
    alarms_back: int
    journal_events: int


def trial(folder: Path, mails: int, *, warn_after: str = "5 s", look_every: float | None = None) -> Outcome:
    """Run it; raises AssertionError where a promise was broken. `look_every`: the watch in seconds, else its own."""
    with ExitStack() as opened:
        (folder / "clamd").mkdir(parents=True)
        clamd = ClamdServer(folder / "clamd", signatures=27800)
        clamd.start()
        opened.callback(clamd.stop)
        daemon = Daemon(
            folder / "gateway",
            {
                "scanner": {"clamd": [clamd.address], "warn_after": warn_after},
                "relay": {"maildir": str(folder / "out")},
                "mail": {"return_path": "", "it": ["cntt-sogtvt@quangngai.gov.vn"], "answers_per_day": 1_000},
                "limits": {"sender_mails": 100_000, "total_mails": 100_000},
            },
        )
        if look_every is not None:
            daemon.inside = [sys.executable, "-c", _LOOKING_OFTEN.format(seconds=look_every)]
        daemon.start()
        opened.callback(daemon.kill)
        return asyncio.run(_run(daemon, clamd, mails))


async def _run(daemon: Daemon, clamd: ClamdServer, mails: int) -> Outcome:
    database = Database(f"sqlite:///{daemon.folder / 'gateway.db'}")
    queries = Queries(database)
    try:
        clamd.stop()
        stopped = time.monotonic()
        for number in range(1, mails + 1):
            await asyncio.to_thread(send, daemon, _mail(number))
        accepted_in = time.monotonic() - stopped
        await _until("the office is told", daemon, lambda: _told(queries, AlarmCause.SCANNER_AWAY))
        ends = await _ends(queries)
        assert ends.keys() <= {MailStage.ACCEPTED.value, MailStage.PARSED.value}, ends
        away = time.monotonic() - stopped
        await asyncio.to_thread(clamd.start)
        began = time.monotonic()
        await _until("every mail has ended", daemon, lambda: _open_mails(queries, mails))
        finished_in = time.monotonic() - began
        await _until("the office is told of the end", daemon, lambda: _told(queries, AlarmCause.SCANNER_BACK))
        return await _verified(queries, mails, accepted_in, away, finished_in)
    finally:
        await database.close()


async def _verified(queries: Queries, mails: int, accepted_in: float, away: float, finished_in: float) -> Outcome:
    infected = mails // _INFECTED_EVERY
    ends = await _ends(queries)
    assert ends == {MailStage.REGISTERED.value: mails - infected, MailStage.REFUSED.value: infected}, ends
    numbers = [document.arrival_number for document in await queries.register(limit=2 * mails)]
    assert numbers == list(range(1, mails - infected + 1)), "the numbers have a gap or a repeat"
    alarms = await _alarms(queries)
    told = (alarms[AlarmCause.SCANNER_AWAY], alarms[AlarmCause.SCANNER_BACK])
    assert told == (2, 2), "the clerk and the IT staff, each once"
    report = await queries.audit()
    assert report.broken_at is None, report
    return Outcome(
        mails=mails,
        accepted_in=round(accepted_in, 1),
        away=round(away, 1),
        finished_in=round(finished_in, 1),
        registered=ends[MailStage.REGISTERED.value],
        refused=ends[MailStage.REFUSED.value],
        first_number=numbers[0],
        last_number=numbers[-1],
        alarms_away=told[0],
        alarms_back=told[1],
        journal_events=report.events,
    )


async def _ends(queries: Queries) -> dict[str, int]:
    return {stage: count for (what, stage), count in (await queries.counts()).items() if what == "mail"}


async def _open_mails(queries: Queries, mails: int) -> bool:
    ends = await _ends(queries)
    return sum(count for stage, count in ends.items() if MailStage(stage).is_end) == mails


async def _alarms(queries: Queries) -> Counter[AlarmCause]:
    notices = await queries.outbox(open_only=False, limit=100_000)
    return Counter(notice.owed.alarm.cause for notice in notices if notice.owed.alarm)


async def _told(queries: Queries, cause: AlarmCause) -> bool:
    return (await _alarms(queries))[cause] > 0


async def _until(what: str, daemon: Daemon, look: Callable[[], Awaitable[bool]]) -> None:
    end = time.monotonic() + _PATIENCE
    while not await look():
        assert time.monotonic() < end, f"{what}: {daemon.log()[-2000:]}"
        await asyncio.sleep(_STEP)


def _mail(number: int) -> bytes:
    content = EICAR if number % _INFECTED_EVERY == 0 else page_one(number)
    return mail((f"bao-cao-{number}.txt", content), message_id=f"<{number}@agency.example>")


def main() -> None:
    """The command line of the trial."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=1_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = trial(Path(folder), chosen.mails)
    print(json.dumps(asdict(outcome)))


if __name__ == "__main__":
    main()
