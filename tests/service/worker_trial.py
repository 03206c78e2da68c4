"""The trial of the workers: while a real daemon takes mails, its worker processes are killed, stopped and overfed.

`python -m tests.service.worker_trial --harms 500` prints one JSON line; the suite runs a shorter one. A third of the
harms are SIGKILL, a third SIGSTOP, a third files that a worker has no memory for. Afterwards every mail must stand at
one end, and be in the register once a person has released what was held. A calm run with as many mails, ordinary
files in the place of those that harm, gives the throughput to compare with.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import itertools
import json
import os
import random
import signal
import sqlite3
import sys
import tempfile
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from enum import Enum
from functools import cache
from pathlib import Path

from gateway.adapters.sandbox.limits import OPEN_FILES
from gateway.app import open_office
from gateway.model.finding import Outcome as RuleOutcome
from gateway.model.mail import MailStage
from gateway.settings import load_settings
from handlers import quarantine
from handlers.desk import Desk
from tests.documents import decision_docx, decision_pdf
from tests.mails import mail, page_one
from tests.servers.clamd import ClamdServer
from tests.servers.daemon import Daemon
from tests.service.client import send

_SESSIONS = 4
_MOST_UNDER_WAY = 40
_PATIENCE = 1800.0
_STEP = 0.05
_SANDBOX = {"workers": 2, "memory": "48 MB", "timeout": "3 s"}
_PARAGRAPHS = 300_000


class Harm(Enum):
    """What is done to a worker; OVERFEED by a mail."""

    KILL = signal.SIGKILL
    STOP = signal.SIGSTOP
    OVERFEED = None


@dataclass(frozen=True)
class Run:
    """One daemon's life under load. Memory in MiB: the most the daemon had, and its workers together."""

    mails: int
    seconds: float
    registered: int
    held: int
    dead: int
    daemon_peak: int
    workers_peak: int
    lost: int = 0


@dataclass(frozen=True)
class Outcome:
    """What the trial found. `mails_per_second` of the harmed run is `ratio` times that of the calm one."""

    mails: int
    kills: int
    hangs: int
    balloons: int
    lost: int
    mails_per_second: float
    ratio: float
    harmed: Run
    calm: Run


def trial(folder: Path, *, harms: int, seed: int, calm_mails: int | None = None) -> Outcome:
    """Run it; raises AssertionError where a promise was broken. The calm run has as many mails, unless told."""
    (folder / "clamd").mkdir(parents=True)
    clamd = ClamdServer(folder / "clamd")
    clamd.start()
    try:
        plan = list(itertools.islice(itertools.cycle(Harm), harms))
        random.Random(seed).shuffle(plan)
        calm = _run(folder / "calm", clamd, [None] * (harms if calm_mails is None else calm_mails))
        harmed = _run(folder / "harmed", clamd, plan)
    finally:
        clamd.stop()
    return Outcome(
        mails=harmed.mails,
        kills=plan.count(Harm.KILL),
        hangs=plan.count(Harm.STOP),
        balloons=plan.count(Harm.OVERFEED),
        lost=harmed.lost,
        mails_per_second=round(harmed.mails / harmed.seconds, 2),
        ratio=round((harmed.mails / harmed.seconds) / (calm.mails / calm.seconds), 2),
        harmed=harmed,
        calm=calm,
    )


def _run(folder: Path, clamd: ClamdServer, plan: Sequence[Harm | None]) -> Run:
    daemon = Daemon(
        folder,
        {
            "scanner": {"clamd": [clamd.address]},
            "relay": {"maildir": "out"},
            "sandbox": _SANDBOX,
            "mail": {"return_path": "", "max_message": "12 MB", "attach_up_to": "10 MB"},
            "submissions": {"attach_up_to": "10 MB"},
        },
    )
    daemon.start()
    try:
        began = time.monotonic()
        with _memory_watched(daemon.pid) as memory:
            accepted = _pour(daemon, plan)
            _await_few_under_way(daemon, 0)
        seconds = time.monotonic() - began
        ends = _stages(daemon)
        assert set(ends) <= {MailStage.REGISTERED, MailStage.HELD, MailStage.DEAD}, ends
        assert ends.total() == len(set(accepted)) == len(accepted), "a mail was accepted and is not there"
        asyncio.run(_release_all(daemon, accepted))
        _await_few_under_way(daemon, 0)
        found = Run(
            mails=len(accepted),
            seconds=round(seconds, 1),
            registered=ends[MailStage.REGISTERED],
            held=ends[MailStage.HELD],
            dead=ends[MailStage.DEAD],
            daemon_peak=memory.daemon // 2**20,
            workers_peak=memory.workers // 2**20,
        )
        assert daemon.stop() == 0, "the daemon did not live through it"
    finally:
        daemon.kill()
    return replace(found, lost=len(set(accepted) - _registered(daemon)))


def _pour(daemon: Daemon, plan: Sequence[Harm | None]) -> list[int]:
    """A mail with each harm, at moments when others are worked on; the mails' ids."""
    with ThreadPoolExecutor(_SESSIONS) as pool:
        sent = []
        for number, harm in enumerate(plan, 1):
            sent.append(
                pool.submit(send, daemon, _mail_of_too_much(number) if harm is Harm.OVERFEED else _ordinary(number))
            )
            _await_few_under_way(daemon, _MOST_UNDER_WAY)
            if harm in {Harm.KILL, Harm.STOP}:
                _signal_a_worker(daemon, harm)
            print(f"{number}/{len(plan)}", end="\r", file=sys.stderr, flush=True)
        return [int(each.result(_PATIENCE).partition(" M")[2].split()[0].rstrip(".)")) for each in sent]


def _ordinary(number: int) -> bytes:
    name, content = f"bao-cao-{number}.txt", page_one(number)
    if number % 10 == 0:
        name, content = f"quyet-dinh-{number}.pdf", decision_pdf(number=str(number))
    elif number % 10 == 5:
        name, content = f"quyet-dinh-{number}.docx", decision_docx(number=str(number))
    return mail((name, content), message_id=f"<{number}@agency.example>")


def _mail_of_too_much(number: int) -> bytes:
    """With a Word file of no great size, never the same bytes twice, that takes more memory than a worker has."""
    content = io.BytesIO(_long_document())
    with zipfile.ZipFile(content, "a") as package:
        package.comment = str(number).encode()
    return mail((f"bao-cao-{number}.docx", content.getvalue()), message_id=f"<{number}@agency.example>")


@cache
def _long_document() -> bytes:
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(decision_docx())) as package,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as long,
    ):
        for name in package.namelist():
            part = package.read(name)
            if name == "word/document.xml":
                part = part.replace(b"<w:body>", b"<w:body>" + b"<w:p><w:r><w:t>x</w:t></w:r></w:p>" * _PARAGRAPHS)
            long.writestr(name, part)
    return written.getvalue()


def _signal_a_worker(daemon: Daemon, harm: Harm) -> None:
    """Any may be killed, idle or starting; stopped is one that has started, for a start may take a minute."""
    end = time.monotonic() + _PATIENCE
    while True:
        assert time.monotonic() < end, "no worker to harm"
        for worker in _children(daemon.pid):
            with suppress(OSError):
                if harm is Harm.KILL or (_has_started(worker) and not _is_stopped(worker)):
                    os.kill(worker, harm.value or 0)
                    return
        time.sleep(_STEP)


def _has_started(worker: int) -> bool:
    return f"Max open files            {OPEN_FILES} " in _proc(worker, "limits")


def _is_stopped(worker: int) -> bool:
    return _proc(worker, "stat").rpartition(")")[2].split()[0] == "T"


def _children(pid: int) -> list[int]:
    """In an order of chance."""
    found = [int(child) for thread in Path(f"/proc/{pid}/task").iterdir() for child in _words(thread / "children")]
    random.shuffle(found)
    return found


def _words(file: Path) -> list[str]:
    with suppress(OSError):
        return file.read_text().split()
    return []


def _proc(pid: int, name: str) -> str:
    return Path(f"/proc/{pid}/{name}").read_text()


@dataclass
class _Memory:
    daemon: int = 0
    workers: int = 0


@contextmanager
def _memory_watched(pid: int) -> Iterator[_Memory]:
    """The most resident memory, in bytes, looked at several times a second while the block lasts."""
    memory, over = _Memory(), threading.Event()

    def watch() -> None:
        while not over.wait(_STEP):
            memory.daemon = max(memory.daemon, _resident(pid))
            memory.workers = max(memory.workers, sum(_resident(child) for child in _children(pid)))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield memory
    finally:
        over.set()
        watching.join()


def _resident(pid: int) -> int:
    with suppress(OSError, IndexError):
        return int(_proc(pid, "statm").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def _rows(daemon: Daemon, query: str) -> list[tuple[str, int]]:
    with closing(sqlite3.connect(f"file:{daemon.folder / 'gateway.db'}?mode=ro", uri=True)) as database:
        return database.execute(query).fetchall()


def _stages(daemon: Daemon) -> Counter[MailStage]:
    rows = _rows(daemon, "SELECT stage, count(*) FROM mail GROUP BY stage")
    return Counter({MailStage(stage): count for stage, count in rows})


def _registered(daemon: Daemon) -> set[int]:
    return {mail_id for _, mail_id in _rows(daemon, "SELECT 'mail', mail_id FROM document")}


def _await_few_under_way(daemon: Daemon, most: int) -> None:
    end = time.monotonic() + _PATIENCE
    while sum(count for stage, count in _stages(daemon).items() if not stage.is_end) > most:
        assert time.monotonic() < end, f"still at work: {_stages(daemon)}"
        time.sleep(_STEP)


async def _release_all(daemon: Daemon, mails: Sequence[int]) -> None:
    """What a clerk does afterwards: dead mails are tried again, held ones released by every rule that holds them."""
    async with open_office(load_settings(daemon.config)) as office:
        for stage in (MailStage.DEAD, MailStage.HELD):
            for mail_id in mails:
                if (await office.desk.store.mail(mail_id)).stage is stage:
                    await _let_go(mail_id, office.desk)
            await asyncio.to_thread(_await_few_under_way, daemon, 0)


async def _let_go(mail_id: int, desk: Desk) -> None:
    if (await desk.store.mail(mail_id)).stage is MailStage.DEAD:
        await quarantine.replay(mail_id, actor="cli:an", desk=desk)
        return
    verdict = await desk.store.verdict(mail_id)
    rules = {finding.rule for finding in verdict.findings if finding.outcome is RuleOutcome.HOLD} if verdict else set()
    await quarantine.release(mail_id, actor="cli:an", reason="đã xem", waive=frozenset(rules), desk=desk)


def main() -> None:
    """The command line of the trial."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--harms", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = trial(Path(folder), harms=chosen.harms, seed=chosen.seed)
    print(json.dumps(asdict(outcome)))


if __name__ == "__main__":
    main()
