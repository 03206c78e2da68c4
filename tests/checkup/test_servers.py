"""The real servers the gateway talks to: clamd and Postfix of the tests' own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.checkup import CheckState, servers
from gateway.checkup.result import CheckResult, Task
from gateway.settings import settings_from
from tests.adapters.mail_out.authority import Authority
from tests.servers.clamd import ClamdServer
from tests.servers.ports import free_port
from tests.servers.postfix import PostfixServer
from tests.service.client import await_true

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
LARGEST = 2 * 1024**2


def task(**keys: Any) -> Task:
    mail = {"max_message": "2 MB", "attach_up_to": "1 MB"}
    return Task(settings_from({"mail": mail, **keys}, Path("/nowhere")), NOW)


def failures(results: list[CheckResult]) -> list[str]:
    return [f"{result.detail} {result.remedy}" for result in results if result.state is CheckState.FAIL]


@pytest.fixture(scope="module")
def good_clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClamdServer]:
    server = ClamdServer(tmp_path_factory.mktemp("good"), stream_max=2 * LARGEST)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def lax_clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClamdServer]:
    """A scanner that takes less than our largest mail, and calls OK what it could not scan."""
    server = ClamdServer(tmp_path_factory.mktemp("lax"), stream_max=LARGEST // 2, alerts=False)
    server.start()
    yield server
    server.stop()


async def test_a_sound_scanner_passes_but_for_the_age_of_its_test_signatures(good_clamd: ClamdServer) -> None:
    (result,) = await servers.scanner(task(scanner={"clamd": [good_clamd.address]}))
    assert result.state is CheckState.WARN
    assert "ClamAV" in result.detail
    assert "không rõ ngày" in result.detail


async def test_a_scanner_with_holes_fails_for_each_of_them(lax_clamd: ClamdServer) -> None:
    told = failures(await servers.scanner(task(scanner={"clamd": [lax_clamd.address]})))
    assert len(told) == 4
    for setting in ("StreamMaxLength", "nằm trong tệp nén", "AlertExceedsMax", "AlertEncryptedArchive"):
        assert any(setting in each for each in told), setting


async def test_a_scanner_that_skips_large_members_in_silence_fails_for_it(tmp_path: Path) -> None:
    """It takes the largest mail, and has every alert there is."""
    server = ClamdServer(tmp_path, stream_max=2 * LARGEST, file_max=2 * LARGEST - 1)
    server.start()
    try:
        told = failures(await servers.scanner(task(scanner={"clamd": [server.address]})))
    finally:
        server.stop()
    assert len(told) == 2
    assert "4 MB nằm trong tệp nén" in told[0]
    assert "MaxFileSize bằng MaxScanSize" in told[1]


async def test_one_dead_scanner_hides_nothing_of_the_other(good_clamd: ClamdServer) -> None:
    dead = f"127.0.0.1:{free_port()}"
    results = await servers.scanner(task(scanner={"clamd": [dead, good_clamd.address]}))
    assert [result.state for result in results] == [CheckState.FAIL, CheckState.WARN]
    assert dead in results[0].detail


@pytest.mark.parametrize(("days", "state"), [(2, CheckState.OK), (4, CheckState.FAIL)])
def test_old_signatures_make_a_scanner_useless(days: int, state: CheckState) -> None:
    result = servers.age_of_signatures(task(), "unix:/x", "ClamAV 1.4.3/1/x", NOW - timedelta(days=days))
    assert result.state is state
    assert ("freshclam" in result.remedy) == (state is CheckState.FAIL)


@pytest.fixture(scope="module")
def postfix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostfixServer]:
    with PostfixServer(tmp_path_factory.mktemp("relay")) as server:
        yield server


async def test_a_relay_that_takes_our_mail_is_well(postfix: PostfixServer) -> None:
    (result,) = await servers.relay(task(relay={"host": postfix.host, "port": postfix.port}))
    assert result.state is CheckState.OK, result.detail


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., PostfixServer]]:
    """Starts a relay with further parameters of main.cf."""
    with ExitStack() as running:
        yield lambda **settings: running.enter_context(PostfixServer(tmp_path, settings=settings))


async def test_a_relay_without_reports_is_told(start: Callable[..., PostfixServer]) -> None:
    silent = start(smtpd_discard_ehlo_keywords="dsn")
    ready, told = await servers.relay(task(relay={"host": silent.host, "port": silent.port}))
    assert (ready.state, told.state) == (CheckState.OK, CheckState.WARN)
    assert "không có DSN" in told.detail


async def test_a_relay_across_the_network_ought_to_be_encrypted(
    start: Callable[..., PostfixServer], tmp_path: Path
) -> None:
    chain = Authority.made(tmp_path / "ca").chain_file()
    offering = start(smtpd_tls_chain_files=str(chain), smtpd_tls_security_level="may")
    by_another_name = {"host": "127.1", "port": offering.port}
    ready, told = await servers.relay(task(relay=by_another_name))
    assert (ready.state, told.state) == (CheckState.OK, CheckState.WARN)
    assert "dù máy chủ có STARTTLS" in told.detail
    assert 'relay.tls = "starttls"' in told.remedy
    (local,) = await servers.relay(task(relay={"host": offering.host, "port": offering.port}))
    assert local.state is CheckState.OK


async def test_a_relay_across_the_network_without_encryption_is_told(postfix: PostfixServer) -> None:
    _, told = await servers.relay(task(relay={"host": "127.1", "port": postfix.port}))
    assert told.state is CheckState.WARN
    assert "bật STARTTLS" in told.remedy


@pytest.mark.parametrize(("code", "state"), [("550", CheckState.FAIL), ("450", CheckState.WARN)])
@pytest.mark.parametrize("delayed", ["yes", "no"])
async def test_a_relay_that_refuses_our_envelope_is_told_whenever_it_says_so(
    delayed: str, code: str, state: CheckState, start: Callable[..., PostfixServer]
) -> None:
    refusing = start(
        smtpd_delay_reject=delayed,
        smtpd_sender_restrictions=f"check_sender_access static:{{{code} 4.7.1 not you}}",
    )
    ready, told = await servers.relay(task(relay={"host": refusing.host, "port": refusing.port}))
    assert (ready.state, told.state) == (CheckState.OK, state)
    assert f"trả lời {code}" in told.detail
    assert "<sgtvt+b-" in told.detail
    assert "mail.return_path" in told.remedy


async def test_no_mail_is_sent(postfix: PostfixServer) -> None:
    for path in ("+b-*", "", "sgtvt@quangngai.gov.vn"):
        mail = {"max_message": "2 MB", "attach_up_to": "1 MB", "return_path": path}
        (result,) = await servers.relay(task(mail=mail, relay={"host": postfix.host, "port": postfix.port}))
        assert result.state is CheckState.OK
    await_true("what was begun is thrown away", lambda: postfix.queued() == 0)
    assert postfix.maildir_messages() == []


async def test_a_relay_that_takes_less_than_we_attach_fails(postfix: PostfixServer) -> None:
    mail = {"max_message": "200 MB", "attach_up_to": "90 MB"}
    told = failures(await servers.relay(task(mail=mail, relay={"host": postfix.host, "port": postfix.port})))
    assert "mail.attach_up_to" in told[0]


async def test_a_relay_without_the_tls_we_ask_for_fails(postfix: PostfixServer) -> None:
    for tls in ("starttls", "tls"):
        told = failures(await servers.relay(task(relay={"host": postfix.host, "port": postfix.port, "tls": tls})))
        assert len(told) == 1


async def test_a_relay_that_is_not_there_fails() -> None:
    told = failures(await servers.relay(task(relay={"host": "127.0.0.1", "port": free_port()})))
    assert "relay.host" in told[0]


async def test_a_maildir_must_be_writable(tmp_path: Path) -> None:
    (result,) = await servers.relay(task(relay={"maildir": str(tmp_path / "outgoing")}))
    assert result.state is CheckState.OK
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        await servers.relay(task(relay={"maildir": str(tmp_path / "file")}))


@pytest.mark.parametrize(
    ("url", "state"),
    [
        ("https://vanthu.example.vn", CheckState.OK),
        ("http://127.0.0.1:8080", CheckState.OK),
        ("http://[::1]:8080", CheckState.OK),
        ("http://vanthu.example.vn", CheckState.WARN),
        ("http://127.0.0.1.example.vn", CheckState.WARN),
    ],
)
async def test_tracking_links_ought_to_be_encrypted(url: str, state: CheckState) -> None:
    (result,) = await servers.web(task(web={"public_url": url}))
    assert result.state is state
