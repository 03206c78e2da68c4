"""`vanthu check` as a whole: it always ends, always tells everything, and shows no secret."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.checkup import CheckResult, CheckState, check, worst
from gateway.errors import TemporaryError
from gateway.settings import Settings, settings_from
from tests.servers.dns import DnsServer

NAMES = {
    *("database", "secrets", "blobs", "scanner", "imap", "relay", "dns", "senders", "directory", "dkim", "domain"),
    *("templates", "anchors", "archives", "sandbox", "ocr", "tls", "web", "receipts", "sealing"),
}


async def sound_store(_settings: Settings) -> str:
    return "mở được"


@pytest.fixture
def dns() -> Iterator[DnsServer]:
    with DnsServer() as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, dns: DnsServer) -> Settings:
    """An instance in a folder of its own, without any server but DNS."""
    keys = {
        "store": {"database": "gateway.db", "blobs": "blobs"},
        "relay": {"maildir": "outgoing"},
        "scanner": {"clamd": ["unix:clamd.sock"]},
        "senders": {"nameservers": [dns.address]},
    }
    return settings_from(keys, tmp_path)


async def test_everything_is_tried_and_every_trouble_has_a_remedy(settings: Settings) -> None:
    results = await check(settings, store_check=sound_store)
    assert {result.name for result in results} == NAMES
    for result in results:
        assert result.detail
        assert result.state is CheckState.OK or result.remedy, result
    by_name = {result.name: result.state for result in results}
    assert by_name["scanner"] is CheckState.FAIL
    assert by_name["directory"] is CheckState.WARN
    for name in ("database", "blobs", "imap", "relay", "dns", "senders", "dkim", "sandbox", "ocr"):
        assert by_name[name] is CheckState.OK
    assert worst(results) is CheckState.FAIL


async def test_a_check_that_hangs_costs_its_time_and_stops_no_other(settings: Settings) -> None:
    async def hanging(_settings: Settings) -> str:
        await asyncio.Event().wait()
        return ""

    results = {result.name: result for result in await check(settings, store_check=hanging, seconds=1)}
    assert set(results) == NAMES
    assert results["database"].state is CheckState.FAIL
    assert "không xong sau 1 giây" in results["database"].detail
    assert results["blobs"].state is CheckState.OK


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (TemporaryError("database", "không kết nối được"), "không kết nối được"),
        (PermissionError(13, "Permission denied", "/var/lib/vanthu"), "/var/lib/vanthu: Permission denied"),
        (RuntimeError("postgresql://vanthu:hunter2@db"), "RuntimeError"),
    ],
)
async def test_whatever_a_check_raises_becomes_a_line_without_secrets(
    settings: Settings, error: Exception, told: str
) -> None:
    async def raising(_settings: Settings) -> str:
        raise error

    results = await check(settings, store_check=raising)
    (database,) = (result for result in results if result.name == "database")
    assert database.state is CheckState.FAIL
    assert told in database.detail
    assert "hunter2" not in database.detail
    assert "vanthu migrate" in database.remedy


def test_the_worst_result_speaks_for_all() -> None:
    ok, warn, fail = (CheckResult("x", state, "") for state in CheckState)
    assert worst([]) is CheckState.OK
    assert worst([ok, warn]) is CheckState.WARN
    assert worst([warn, fail, ok]) is CheckState.FAIL
