"""What senders are judged by: real DNS on loopback, a real directory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gateway.checkup import CheckResult, CheckState, senders
from gateway.checkup.result import Task
from gateway.model.directory import Directory, Party, PartyKind
from gateway.settings import Settings, settings_from
from gateway.store import migrations
from gateway.store.database import Database
from gateway.store.sqlstore import SqlStore
from tests.checkup.test_mailboxes import mailbox
from tests.servers.dns import DnsServer, Fault, loopback_silence
from tests.servers.ports import free_port

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
DOMAIN = "quangngai.gov.vn"


@pytest.fixture
def dns() -> Iterator[DnsServer]:
    with DnsServer() as server:
        yield server


def task(folder: Path = Path("/nowhere"), **keys: Any) -> Task:
    store = {"database": "gateway.db", "blobs": "blobs"}
    return Task(settings_from({"store": store, **keys}, folder), NOW)


def asking(*servers: str) -> Task:
    return task(senders={"nameservers": list(servers), "dns_timeout": "500 ms"})


async def test_a_name_server_that_knows_nothing_of_us_answers_all_the_same(dns: DnsServer) -> None:
    (result,) = await senders.nameservers(asking(dns.address))
    assert result.state is CheckState.OK
    assert dns.address in result.detail


@pytest.mark.parametrize(
    ("fault", "told"),
    [(Fault.SERVFAIL, "báo lỗi"), (Fault.REFUSED, "báo lỗi"), (Fault.SILENCE, "không trả lời trong thời hạn")],
)
async def test_a_name_server_that_fails_is_told_with_the_reason(dns: DnsServer, fault: Fault, told: str) -> None:
    dns.fail(DOMAIN, fault)
    (result,) = await senders.nameservers(asking(dns.address))
    assert result.state is CheckState.FAIL
    assert told in result.detail
    assert "senders.nameservers" in result.remedy


async def test_one_dead_name_server_beside_a_living_one_is_a_warning(dns: DnsServer) -> None:
    with loopback_silence() as silent:
        dead = f"127.0.0.1:{silent.getsockname()[1]}"
        first, second = await senders.nameservers(asking(dead, dns.address))
    assert (first.state, second.state) == (CheckState.WARN, CheckState.OK)
    assert dead in first.detail


async def test_only_dead_name_servers_fail() -> None:
    results = await senders.nameservers(asking(f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"))
    assert [result.state for result in results] == [CheckState.FAIL] * 2


@pytest.mark.parametrize("way", ["lmtp", "imap"])
@pytest.mark.parametrize(("trusted", "state"), [([], CheckState.WARN), (["mx.quangngai.gov.vn"], CheckState.OK)])
async def test_mail_through_another_server_needs_its_word(
    way: str, trusted: list[str], state: CheckState, tmp_path: Path
) -> None:
    secret = tmp_path / "password"
    secret.write_text("x")
    ways: dict[str, dict[str, Any]] = {
        "lmtp": {"lmtp": {"enabled": True}},
        "imap": {"imap": {"mailboxes": [mailbox(143, secret)]}},
    }
    (result,) = await senders.trusted_servers(task(senders={"trusted_authserv": trusted}, **ways[way]))
    assert result.state is state
    assert (way.upper() in result.detail) == (state is CheckState.WARN)


async def test_mail_that_comes_straight_to_us_needs_nobody() -> None:
    (result,) = await senders.trusted_servers(task())
    assert result.state is CheckState.OK


async def directory(settings: Settings) -> CheckResult:
    (result,) = await senders.directory(Task(settings, NOW))
    return result


@pytest.mark.parametrize(("unknown", "told"), [("hold", "mọi văn bản"), ("accept", "thư không xác thực được nơi gửi")])
@pytest.mark.parametrize("made", [False, True])
async def test_an_empty_directory_is_a_warning_that_names_the_command(
    tmp_path: Path, made: bool, unknown: str, told: str
) -> None:
    settings = task(tmp_path, senders={"unknown": unknown}).settings
    if made:
        await migrations.migrate(settings.store.url())
    result = await directory(settings)
    assert result.state is CheckState.WARN
    assert told in result.detail
    assert "vanthu directory import" in result.remedy
    assert (tmp_path / "gateway.db").exists() == made


async def test_a_directory_with_entries_is_well(tmp_path: Path) -> None:
    settings = task(tmp_path).settings
    await migrations.migrate(settings.store.url())
    database = Database(settings.store.url())
    try:
        async with SqlStore(database, {}).begin() as unit:
            await unit.replace_directory(
                Directory(
                    (
                        Party("A", PartyKind.AGENCY, "Cơ quan", domains=("agency.example",)),
                        Party("U", PartyKind.UNIT, "Phòng"),
                    )
                )
            )
    finally:
        await database.close()
    result = await directory(settings)
    assert result.state is CheckState.OK
    assert "1 cơ quan, 1 đơn vị, 0 cá nhân" in result.detail
