"""Documents registered a second under load, against what the bare parts of the work would allow."""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench import stage
from bench.client import Client
from bench.letters import SIGNED_BYTES, authority, letter, letters, signed_decision
from bench.process import children_cpu_seconds, cpu_seconds
from bench.sink import Sink, closing
from gateway.adapters.clamd import ClamdScanner
from gateway.adapters.filetype import sniff
from gateway.adapters.mime import parse_mail
from gateway.adapters.signatures import load_anchors, validate_signatures
from gateway.adapters.text import read_text
from gateway.policy.header.reader import read_header
from gateway.policy.header.types import DocumentTypes
from gateway.settings import load_settings
from tests.servers.clamd import ClamdServer
from tests.servers.daemon import Daemon

MAILS = 300
WARMING = 20
SESSIONS = 8
PART_SAMPLES = 25
_NOTICES = 2
_PATIENCE = 120.0


def measure() -> dict[str, object]:
    """The parts alone, the daemon under load, the parts once more."""
    return asyncio.run(_measure())


async def _measure() -> dict[str, object]:
    sink = Sink()
    await sink.start()
    with closing(sink), stage.clamd() as scanner, stage.daemon(stage.sections_for(scanner, sink.port)) as gateway:
        types = load_settings(gateway.config).document_types
        before = await asyncio.to_thread(bare_parts, scanner, types, 0)
        accepted, worked, used = await _load(gateway, sink)
        after = await asyncio.to_thread(bare_parts, scanner, types, PART_SAMPLES)
    parts = {name: statistics.median([*before[name], *after[name]]) for name in before}
    cores = len(os.sched_getaffinity(0))
    ours, bare = MAILS / worked, cores / sum(parts.values())
    return {
        "bench": "end_to_end",
        "ours": round(ours, 1),
        "peer": round(bare, 1),
        "ratio": round(ours / bare, 2),
        "unit": "documents/s; peer is cores / sum of the parts' median seconds",
        "cores": cores,
        "parts_ms": {name: round(seconds * 1000, 2) for name, seconds in parts.items()},
        "accepted_per_s": round(MAILS / accepted, 1),
        "cpu_ms": {name: round(seconds * 1000 / MAILS, 1) for name, seconds in used.items()},
        "mails": MAILS,
        "sessions": SESSIONS,
        "pdf_bytes": SIGNED_BYTES,
    }


async def _load(gateway: Daemon, sink: Sink) -> tuple[float, float, dict[str, float]]:
    """Seconds until the last mail was accepted, until the last notice was at the relay, and of processor time."""
    mails = list(letters(WARMING + MAILS))
    await _send(gateway.port, mails[:WARMING])
    await sink.until(_NOTICES * WARMING, _PATIENCE)
    before = _used(gateway.pid)
    began = time.perf_counter()
    await _send(gateway.port, mails[WARMING:])
    accepted = time.perf_counter() - began
    await sink.until(_NOTICES * len(mails), _PATIENCE)
    worked = sink.arrivals[-1].at - began
    used = {name: seconds - before[name] for name, seconds in _used(gateway.pid).items()}
    registered = len(await asyncio.to_thread(gateway.rows, "register", "list"))
    if registered != len(mails):
        raise RuntimeError(f"{registered} documents registered instead of {len(mails)}")
    return accepted, worked, used


def _used(pid: int) -> dict[str, float]:
    return {
        "daemon": cpu_seconds(pid),
        "workers": children_cpu_seconds(pid),
        "client_and_relay": cpu_seconds(os.getpid()),
    }


async def _send(port: int, mails: list[bytes]) -> None:
    waiting = iter(mails)

    async def session() -> None:
        async with Client(port) as client:
            for raw in waiting:
                await client.send(raw)

    await asyncio.gather(*(session() for _ in range(SESSIONS)))


def bare_parts(scanner: ClamdServer, types: DocumentTypes, first: int) -> Mapping[str, list[float]]:
    """Seconds of each part of the work as single calls in one thread, over fresh mails (numbers from 10 000 on)."""
    samples: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="bench-") as name, _scanning(scanner) as scan:
        folder = Path(name)
        authority().write_anchors(folder / "trust")
        anchors = load_anchors(folder / "trust")
        for number in range(10_000 + first, 10_000 + first + PART_SAMPLES):
            scratch = folder / str(number)
            scratch.mkdir()
            raw, pdf = folder / f"{number}.eml", folder / f"{number}.pdf"
            pdf.write_bytes(signed_decision(number))
            content = letter(number, pdf.read_bytes())
            with _timed(samples["write_and_fsync"]):
                _write_durably(raw, content)
            with _timed(samples["parse"]):
                parsed = parse_mail(raw, scratch, sniff)
            with _timed(samples["scan"]):
                for file in [raw, *(scratch / part.sha256 for part in parsed.parts if part.sha256)]:
                    scan(file)
            with _timed(samples["signatures"]):
                validate_signatures(pdf, anchors)
            with _timed(samples["text"]):
                pages = read_text(pdf, "application/pdf").pages
            with _timed(samples["header"]):
                read_header(pages, types)
    return samples


@contextmanager
def _timed(samples: list[float]) -> Iterator[None]:
    began = time.perf_counter()
    yield
    samples.append(time.perf_counter() - began)


@contextmanager
def _scanning(server: ClamdServer) -> Iterator[Callable[[Path], object]]:
    scanner = ClamdScanner([server.address], 60.0, stage.STREAM_BYTES)
    loop = asyncio.new_event_loop()
    try:
        yield lambda path: loop.run_until_complete(scanner.scan(path))
    finally:
        loop.close()
        scanner.close()


def _write_durably(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
