"""The IT staff hears once a week of authorities whose certificates end."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from gateway.adapters.trust_store import LocalTrustFolder
from gateway.clock import local
from gateway.demo.pki import YEAR, make_root
from gateway.errors import SettingsError
from gateway.model.alarm import AlarmCause
from gateway.store import schema
from gateway.store.sqlstore import SqlStore
from handlers.watch_trust import TrustWatch
from tests.flow.conftest import Bench, on_both_databases
from tests.flow.reading import IT, text_of
from tests.records import MORNING

A_DAY = timedelta(days=1)


def trusting(folder: Path, **left: timedelta) -> LocalTrustFolder:
    """A folder with a root of each name that ends so long after the morning."""
    folder.mkdir()
    for name, time in left.items():
        (folder / f"{name}.pem").write_bytes(make_root(MORNING + time - 30 * YEAR, name).pem)
    return LocalTrustFolder(folder)


async def watched(bench: Bench, folder: LocalTrustFolder, days: int, machines: int = 1) -> list[str]:
    """What the IT staff has read after so many days, with a look at each machine every six hours."""
    watches = [TrustWatch(bench.office.desk, folder, f"may-{number}") for number in range(machines)]
    for _ in range(days * 4):
        for watch in watches:
            await watch.look()
        bench.clock.pass_(timedelta(hours=6))
    await bench.work()
    return [text_of(raw) for raw in bench.delivered(IT)]


async def events(bench: Bench) -> int:
    store = bench.office.desk.store
    assert isinstance(store, SqlStore)
    async with store.database.read() as connection:
        return len((await connection.execute(select(schema.event).where(schema.event.c.kind == "trust.ending"))).all())


@on_both_databases
async def test_what_ends_is_told_to_it_alone_once_each_calendar_week(bench: Bench, tmp_path: Path) -> None:
    folder = trusting(tmp_path / "trust", Ending=80 * A_DAY, Later=400 * A_DAY)
    (first, *_), read = [await watched(bench, folder, 1), await watched(bench, folder, 13)]
    assert "Ending: còn 80 ngày" in " ".join(first.split())
    assert "Later" not in first
    weeks = {local(MORNING + number * A_DAY / 4).isocalendar()[:2] for number in range(14 * 4)}
    assert len(read) == len(weeks) == await events(bench) == 3
    alarms = [notice.owed for notice in await bench.office.queries.outbox(open_only=False)]
    assert all(each.alarm and each.alarm.cause is AlarmCause.TRUST_ENDING for each in alarms if each.recipient == IT)


async def test_another_process_of_the_machine_tells_nothing_again_and_another_machine_does(
    bench: Bench, tmp_path: Path
) -> None:
    folder = trusting(tmp_path / "trust", Ending=10 * A_DAY)
    assert len(await watched(bench, folder, 1)) == 1
    again = TrustWatch(bench.office.desk, folder, "may-0")
    bench.clock.moment = MORNING
    assert not await again.look()
    other = TrustWatch(bench.office.desk, folder, "may-1")
    assert await other.look()


async def test_before_the_last_ninety_days_and_thirty_days_afterwards_nobody_is_told(
    bench: Bench, tmp_path: Path
) -> None:
    folder = trusting(tmp_path / "trust", Far=91 * A_DAY, Over=-31 * A_DAY)
    assert await watched(bench, folder, 1) == []
    assert await events(bench) == 0
    (told,) = await watched(bench, folder, 1)
    assert "Far" in told
    assert "Over" not in told


async def test_a_folder_mended_meanwhile_is_told_of_in_the_same_week(bench: Bench, tmp_path: Path) -> None:
    folder = trusting(tmp_path / "trust")
    watch = TrustWatch(bench.office.desk, folder, "may-0")
    (tmp_path / "trust" / "x.pem").write_bytes(b"rubbish")
    with pytest.raises(SettingsError):
        await watch.look()
    (tmp_path / "trust" / "x.pem").write_bytes(make_root(MORNING + A_DAY - 30 * YEAR, "X").pem)
    assert await watch.look()
    assert not await watch.look()
