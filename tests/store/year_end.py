"""Two processes register over the turn of the year, each by a clock of its own, and every series is without a gap.

    python -m tests.store.year_end --registrations 1000 --database postgresql

Midnight of 31 December in Asia/Ho_Chi_Minh comes to one process long before it comes to the other: while the first is
in the new year already, the other goes on in the old one. Every fourth document is an outgoing one. A line of JSON says
what both databases had in the end; a gap, a repeat or a number in the wrong year is an AssertionError.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path

from sqlalchemy import select

from gateway.clock import VIETNAM, local
from gateway.model.document import Entry
from gateway.model.issued import Issued
from gateway.model.journal import NewEvent
from gateway.store import schema
from gateway.store.database import Database
from gateway.store.migrations import migrate
from gateway.store.queries import Queries
from gateway.store.sqlstore import SqlStore
from tests.records import entry, envelope, raw
from tests.servers.postgres import PostgresServer

MIDNIGHT = datetime(2027, 1, 1, tzinfo=VIETNAM)
STEP = timedelta(milliseconds=250)
"""So far each registration moves the clock of its process on."""
CROSSINGS = {"early": 0.25, "late": 0.75}
"""After which share of its registrations each process has its midnight."""
AT_ONCE = 8
PATIENCE = 120.0
_EVERY_FOURTH = 4


@dataclass(frozen=True)
class Entered:
    """A row of the register as the trial looks at it."""

    id: int
    book: str
    year: int
    number: int
    registered_at: datetime


def work(name: str, url: str, registrations: int, met: Barrier) -> None:
    """One process; both wait for each other where one of them is in the new year and the other is not."""
    asyncio.run(_work(name, url, registrations, met))


async def _work(name: str, url: str, registrations: int, met: Barrier) -> None:
    crossing = int(registrations * CROSSINGS[name])
    meeting = crossing + 1 if name == "early" else crossing - 1
    database = Database(url)
    store = SqlStore(database, {("den", 2026): 4711})
    try:
        await asyncio.to_thread(met.wait, PATIENCE)
        for some in (range(meeting), range(meeting, registrations)):
            places, at_once = iter(some), asyncio.Semaphore(AT_ONCE)

            async def one(place: int, at_once: asyncio.Semaphore = at_once) -> None:
                async with at_once:
                    await _enter(store, f"{name}-{place}", place, MIDNIGHT + (place - crossing) * STEP)

            await asyncio.gather(*(one(place) for place in places))
            if some.start == 0:
                await asyncio.to_thread(met.wait, PATIENCE)
    finally:
        await database.close()


async def _enter(store: SqlStore, name: str, place: int, now: datetime) -> None:
    """As the handlers do: the year is that of the clock of who registers."""
    year = local(now).year
    if place % _EVERY_FOURTH == 0:
        async with store.begin() as unit:
            document = await unit.issue(
                "di", lambda ordinal: Issued(_outgoing(name, ordinal)), now, year, "so@agency.example"
            )
            await unit.record(NewEvent("document.issued", name, "trial", None, document.id), now)
        return
    mail = await store.accept(envelope(name), raw(name), now)
    async with store.begin() as unit:
        document = await unit.register(mail, entry(name), now, year, name, answer_to=None)
        await unit.record(NewEvent("document.registered", name, "trial", mail.id, document.id), now)


def _outgoing(name: str, ordinal: int) -> Entry:
    whole = entry(name, book="di")
    return replace(whole, header=replace(whole.header, number=f"{ordinal:02}", signer=name))


def trial(url: str, registrations: int) -> dict[str, object]:
    """Run both processes on a migrated database and check every series; raises AssertionError."""
    context = multiprocessing.get_context("spawn")
    met = context.Barrier(2)
    began = time.monotonic()
    processes = [
        context.Process(target=work, args=(name, url, registrations // 2, met), daemon=True) for name in CROSSINGS
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(PATIENCE + registrations)
    assert [process.exitcode for process in processes] == [0, 0]
    took = time.monotonic() - began
    found, whole = asyncio.run(_found(url))
    check(found, registrations)
    assert whole, "the journal's chain"
    series = {
        f"{book}/{year}": len([each for each in found if (each.book, each.year) == (book, year)])
        for book, year in sorted({(each.book, each.year) for each in found})
    }
    return {"registrations": len(found), "series": series, "seconds": round(took, 1)}


def check(found: list[Entered], registrations: int) -> None:
    """Each series runs from its first number without gap or repeat, each entry is in the year of its own clock."""
    assert len(found) == registrations // 2 * 2
    firsts = {("den", 2026): 4711}
    for place in {(each.book, each.year) for each in found}:
        numbers = sorted(each.number for each in found if (each.book, each.year) == place)
        first = firsts.get(place, 1)
        assert numbers == list(range(first, first + len(numbers))), place
    assert {each.year for each in found} == {2026, 2027}
    for each in found:
        assert each.year == local(each.registered_at).year, each
        assert (each.year == 2026) is (each.registered_at < MIDNIGHT), each
    # The late process went on in the old year after the early one had opened the new one.
    assert max(each.id for each in found if each.year == 2026) > min(each.id for each in found if each.year == 2027)


async def _found(url: str) -> tuple[list[Entered], bool]:
    database = Database(url)
    table = schema.document.c
    query = select(table.id, table.book, table.year, table.arrival_number, table.registered_at)
    async with database.read() as connection:
        rows = (await connection.execute(query)).all()
    report = await Queries(database).audit()
    await database.close()
    found = [Entered(row.id, row.book, row.year, row.arrival_number, row.registered_at) for row in rows]
    return found, report.broken_at is None


@contextmanager
def _database(kind: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        if kind == "postgresql":
            with PostgresServer() as server:
                server.prepare_template(migrate)
                yield server.database()
        else:
            url = f"sqlite:///{Path(folder) / 'gateway.db'}"
            asyncio.run(migrate(url))
            yield url


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--registrations", type=int, default=1000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    options = parser.parse_args()
    with _database(options.database) as url:
        json.dump({"database": options.database, **trial(url, options.registrations)}, sys.stdout)
    print()


if __name__ == "__main__":
    main()
