"""Memory and manners of the daemon while twenty mails of 40 MB come at once."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor

from bench import stage
from bench.client import Client
from bench.figures import milliseconds, percentile
from bench.letters import letter, signed_decision
from bench.process import children, peak_mb, reset_peak, rss_mb
from bench.sink import Sink, closing
from tests.mails import RECIPIENT, SENDER
from tests.servers.daemon import Daemon

MAILS = 20
MAIL_BYTES = 40_000_000
LIMIT_MB, LIMIT_MS = 250.0, 100.0
_DOCUMENTS = 2
_NOTICES = 2
_PATIENCE = 300.0
_BASE64 = 0.73
_PAUSE = 0.005
_OTHER_ADDRESS = "127.0.0.2"


def measure() -> dict[str, object]:
    """Twenty sessions send; one more, from another address, asks small things until every notice is out."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as elsewhere:
        return asyncio.run(_measure(elsewhere))


async def _measure(elsewhere: ProcessPoolExecutor) -> dict[str, object]:
    sink = Sink()
    await sink.start()
    # clamd's limits must lie over the mail's; the connections of one address are limited as shipped.
    with closing(sink), stage.clamd() as scanner, stage.daemon(stage.sections_for(scanner, sink.port)) as gateway:
        return await _load(gateway, sink, elsewhere)


async def _load(gateway: Daemon, sink: Sink, elsewhere: ProcessPoolExecutor) -> dict[str, object]:
    loop = asyncio.get_running_loop()
    async with Client(gateway.port) as client:
        await client.send(letter(1, signed_decision(1)))
        await sink.until(_NOTICES, _PATIENCE)
    await loop.run_in_executor(elsewhere, prepare)
    idle = rss_mb(gateway.pid)
    reset_peak(gateway.pid)
    began = time.perf_counter()
    asking = asyncio.create_task(_ask(gateway.port))
    await loop.run_in_executor(elsewhere, send_all, gateway.port)
    accepted = time.perf_counter() - began
    await sink.until(_NOTICES * (MAILS + 1), _PATIENCE)
    worked = time.perf_counter() - began
    asking.cancel()
    asked = await asking
    answers = [seconds for seconds, _ in asked]
    peak = peak_mb(gateway.pid)
    return {
        "bench": "memory",
        "ours": round(peak - idle, 1),
        "peer": LIMIT_MB,
        "ratio": round((peak - idle) / LIMIT_MB, 2),
        "unit": "MB above idle, less is better; peer is the limit",
        "idle_mb": round(idle, 1),
        "peak_mb": round(peak, 1),
        "workers_peak_mb": round(sum(peak_mb(pid) for pid in children(gateway.pid)), 1),
        "mails": MAILS,
        "mail_bytes": MAIL_BYTES,
        "accepted_s": round(accepted, 1),
        "worked_off_s": round(worked, 1),
        "answers": len(answers),
        "answer_p99_ms": milliseconds(percentile(answers, 0.99)),
        "answer_worst_ms": milliseconds(max(answers)),
        "answer_worst_to": max(asked)[1],
        "answers_over_limit": sum(seconds * 1000 > LIMIT_MS for seconds in answers),
        "limit_answer_ms": LIMIT_MS,
    }


async def _ask(port: int) -> list[tuple[float, str]]:
    """Seconds for each answer, and to which command, until cancelled."""
    seconds: list[tuple[float, str]] = []
    commands = ("EHLO client.test", "NOOP", f"MAIL FROM:<{SENDER}>", f"RCPT TO:<{RECIPIENT}>")
    try:
        while True:
            async with Client(port, _OTHER_ADDRESS) as client:
                for command in commands:
                    asked = time.perf_counter()
                    await client.command(command)
                    seconds.append((time.perf_counter() - asked, command[:4]))
                    await asyncio.sleep(_PAUSE)
    except asyncio.CancelledError:
        return seconds


_mails: list[bytes] = []


def prepare() -> None:
    """Make the mails, in the process that will send them: each two documents, so that one fits into the notice."""
    size = int(MAIL_BYTES * _BASE64 / _DOCUMENTS)
    for number in range(100, 100 + MAILS):
        documents = [signed_decision(number * 10 + place, size) for place in range(_DOCUMENTS)]
        _mails.append(letter(number, *documents))


def send_all(port: int) -> None:
    """Send them all at once; raises RuntimeError where one was not answered 250."""

    async def one(raw: bytes) -> None:
        async with Client(port) as client:
            await client.send(raw)

    async def every() -> None:
        await asyncio.gather(*(one(raw) for raw in _mails))

    asyncio.run(every())
