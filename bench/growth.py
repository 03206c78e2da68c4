"""How the cost of registering, searching, listing and exporting grows with the register, on both databases."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from bench.figures import percentile
from bench.growing.filling import Filled, FilledPostgres, FilledSqlite, fill
from bench.growing.measuring import Samples, measured
from gateway.store.migrations import migrate
from tests.servers.postgres import PostgresServer

SIZES = (1_000, 20_000)


def measure(sizes: Sequence[int] = SIZES) -> Iterator[dict[str, object]]:
    """A line for each thing done, database and size, with its ratio to the smallest of the sizes."""
    first: dict[str, Samples] = {}
    for size in sorted(sizes):
        for database, samples in _of_size(size):
            before = first.setdefault(database, samples)
            for name, seconds in samples.items():
                yield _line(name, database, size, seconds, before[name])


def _of_size(size: int) -> Iterator[tuple[str, Samples]]:
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="growth-")))
        server = held.enter_context(PostgresServer())
        urls = {"sqlite": f"sqlite:///{folder / 'gateway.db'}", "postgresql": server.empty_database()}
        began = time.monotonic()
        asyncio.run(_fill(urls, size))
        print(f"{size} documents in both databases after {time.monotonic() - began:.0f} s", file=sys.stderr)
        for database, url in urls.items():
            yield database, asyncio.run(measured(url, size))


async def _fill(urls: dict[str, str], size: int) -> None:
    for url in urls.values():
        await migrate(url)
    databases: list[Filled] = [FilledSqlite(urls["sqlite"]), FilledPostgres(urls["postgresql"])]
    await fill(databases, size)


def _line(
    name: str, database: str, documents: int, seconds: Sequence[float], before: Sequence[float]
) -> dict[str, object]:
    p50, p95 = (percentile(seconds, share) for share in (0.5, 0.95))
    return {
        "bench": name,
        "database": database,
        "documents": documents,
        "p50_ms": round(p50 * 1000, 2),
        "p95_ms": round(p95 * 1000, 2),
        "ratio": round(p50 / percentile(before, 0.5), 2),
        "ratio_p95": round(p95 / percentile(before, 0.95), 2),
    }
