"""IMAP mailboxes, on a real Dovecot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gateway.checkup import CheckResult, CheckState, mailboxes
from gateway.checkup.result import Task
from gateway.settings import settings_from
from tests.adapters.imap_in.line import line
from tests.adapters.mail_out.authority import Authority
from tests.mails import mail
from tests.servers.dovecot import PASSWORD, USER, DovecotServer
from tests.servers.ports import free_port

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
DONE = "Đã nhận"
READ_ONLY = "mail_plugins = acl\nprotocol imap {\n  mail_plugins = acl imap_acl\n}\nplugin {\n  acl = vfile\n}"


@contextmanager
def dovecot(**options: Any) -> Iterator[DovecotServer]:
    with DovecotServer(**options) as server:
        yield server


@pytest.fixture(scope="module")
def server() -> Iterator[DovecotServer]:
    with dovecot() as running:
        running.append(mail(), mail(message_id="<2@agency.example>"))
        yield running


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_text(PASSWORD)
    return file


def mailbox(port: int, secret: Path, **keys: Any) -> dict[str, Any]:
    return {
        "name": "so",
        "host": "127.0.0.1",
        "port": port,
        "tls": "none",
        "ca_file": "",
        "username": USER,
        "login": "password",
        "secret": f"file:{secret}",
        "address": USER,
        "folder": "INBOX",
        "done_folder": "",
        "done_flag": "$VanthuTaken",
    } | keys


async def found(*sections: dict[str, Any]) -> list[CheckResult]:
    keys = {"imap": {"mailboxes": list(sections), "connect_timeout": "40 s", "command_timeout": "40 s"}}
    results = await mailboxes.mailboxes(Task(settings_from(keys, Path("/nowhere")), NOW))
    for result in results:
        assert result.name == "imap"
        assert result.state is CheckState.OK or result.remedy
        assert PASSWORD not in f"{result.detail} {result.remedy}"
    return results


def states(results: list[CheckResult]) -> list[CheckState]:
    return [result.state for result in results]


async def test_no_mailbox_is_well() -> None:
    assert states(await found()) == [CheckState.OK]


async def test_a_mailbox_that_opens_is_well_and_nothing_in_it_changes(server: DovecotServer, secret: Path) -> None:
    before = server.stored()
    (result,) = await found(mailbox(server.port, secret))
    assert result.state is CheckState.OK
    assert "2 thư chưa nhận" in result.detail
    assert server.stored() == before


async def test_a_mailbox_full_of_old_mails_is_warned_of(secret: Path) -> None:
    with dovecot() as server:
        server.append(*(mail(message_id=f"<{number}@agency.example>") for number in range(mailboxes.MANY)))
        (opened,) = await found(mailbox(server.port, secret))
        server.append(mail())
        _, warned = await found(mailbox(server.port, secret))
    assert opened.state is CheckState.OK
    assert warned.state is CheckState.WARN
    assert "21 thư cũ sẽ được nhận và vào sổ" in warned.detail
    assert "chuyển thư cũ sang thư mục khác" in warned.remedy


async def test_a_folder_for_taken_mails_is_announced_and_not_made(server: DovecotServer, secret: Path) -> None:
    for _ in range(2):
        (result,) = await found(mailbox(server.port, secret, done_folder=DONE))
        assert result.state is CheckState.OK
        assert f"{DONE} chưa có, sẽ được tạo" in result.detail
    (result,) = await found(mailbox(server.port, secret, done_folder=DONE, folder="inbox"))
    assert result.state is CheckState.OK


async def test_a_folder_for_taken_mails_that_is_there_is_well(secret: Path) -> None:
    with dovecot() as server:
        with server.session() as client:
            client.create("Archive")
        (result,) = await found(mailbox(server.port, secret, done_folder="Archive"))
    assert result.state is CheckState.OK
    assert "sẽ được tạo" not in result.detail


async def test_a_wrong_password_a_missing_folder_and_a_dead_server_fail_each_for_itself(
    server: DovecotServer, secret: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("hunter2")
    empty = tmp_path / "empty"
    empty.write_text("")
    results = await found(
        mailbox(server.port, secret),
        mailbox(server.port, wrong, name="sai"),
        mailbox(server.port, secret, name="thieu", folder="Không có"),
        mailbox(free_port(), secret, name="chet"),
        mailbox(server.port, empty, name="quen"),
    )
    assert states(results) == [CheckState.OK, *[CheckState.FAIL] * 4]
    for result, told in zip(
        results[1:],
        ("từ chối đăng nhập", "mở thư mục Không có", "không nối được", "Không đọc được mật khẩu"),
        strict=True,
    ):
        assert told in result.detail
        assert "hunter2" not in result.detail


@pytest.mark.parametrize("tls", ["tls", "starttls"])
async def test_only_a_server_that_proves_its_name_is_logged_in_to(tls: str, secret: Path, tmp_path: Path) -> None:
    authority = Authority.made(tmp_path / "ca")
    with dovecot(certificate=authority.chain_file()) as server:
        port = server.tls_port if tls == "tls" else server.port
        (trusted,) = await found(mailbox(port, secret, tls=tls, ca_file=str(authority.ca_file)))
        (unknown,) = await found(mailbox(port, secret, tls=tls))
    assert trusted.state is CheckState.OK, trusted.detail
    assert unknown.state is CheckState.FAIL
    assert "Chứng thư của máy chủ thư không đáng tin" in unknown.detail


@pytest.mark.parametrize(
    ("capability", "done_folder", "told"),
    [
        ("IMAP4rev1 IDLE UIDPLUS MOVE", DONE, []),
        ("IMAP4rev1 IDLE", "", []),
        ("IMAP4rev1 IDLE UIDPLUS", DONE, ["hai bản"]),
        ("IMAP4rev1 IDLE", DONE, ["vẫn nằm lại INBOX"]),
        ("IMAP4rev1 MOVE", DONE, ["chờ tới 60 giây"]),
        ("IMAP4rev1", DONE, ["vẫn nằm lại INBOX", "chờ tới 60 giây"]),
    ],
)
async def test_what_the_server_lacks_is_told_with_its_consequence(
    capability: str, done_folder: str, told: list[str], secret: Path
) -> None:
    with dovecot(settings=f"imap_capability = {capability}") as server:
        opened, *others = await found(mailbox(server.port, secret, done_folder=done_folder))
    assert opened.state is CheckState.OK
    assert states(others) == [CheckState.WARN] * len(told)
    for result, words in zip(others, told, strict=True):
        assert words in result.detail


async def test_a_folder_that_can_only_be_read_fails(secret: Path) -> None:
    with dovecot(settings=READ_ONLY) as server:
        server.append(mail())
        (server.home() / "mail" / "dovecot-acl").write_text("owner lr\n")
        _, refused = await found(mailbox(server.port, secret))
    assert refused.state is CheckState.FAIL
    assert "chỉ cho đọc" in refused.detail
    assert USER in refused.remedy


@pytest.mark.parametrize(
    ("kept", "done_flag", "capability", "done_folder", "state"),
    [
        (b"\\Seen \\Deleted", "$VanthuTaken", "IMAP4rev1 IDLE", "", CheckState.FAIL),
        (b"\\Seen \\Deleted", "\\Seen", "IMAP4rev1 IDLE", "", CheckState.OK),
        (b"\\Deleted \\*", "\\Seen", "IMAP4rev1 IDLE", "", CheckState.FAIL),
        (b"\\Deleted \\*", "$VanthuTaken", "IMAP4rev1 IDLE", "", CheckState.OK),
        (b"$vanthutaken", "$VanthuTaken", "IMAP4rev1 IDLE", "", CheckState.OK),
        (b"\\Seen \\*", "$VanthuTaken", "IMAP4rev1 IDLE UIDPLUS", DONE, CheckState.FAIL),
        (b"\\Seen", "$VanthuTaken", "IMAP4rev1 IDLE MOVE", DONE, CheckState.OK),
    ],
)
async def test_the_flag_that_taken_mails_need_must_be_kept(
    kept: bytes, done_flag: str, capability: str, done_folder: str, state: CheckState, secret: Path
) -> None:
    with dovecot(settings=f"imap_capability = {capability}") as server:
        async with line(server.port) as between:
            between.change = lambda data: _with_permanent_flags(data, kept)
            results = await found(mailbox(between.port, secret, done_flag=done_flag, done_folder=done_folder))
    assert (CheckState.FAIL in states(results)) == (state is CheckState.FAIL)
    if state is CheckState.FAIL:
        assert ("\\Deleted" if done_folder else done_flag) in results[1].detail


async def test_a_server_that_falls_silent_costs_its_time_alone(
    server: DovecotServer, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailboxes, "SECONDS", 1.0)
    async with line(server.port) as between:
        between.hang_after = 10
        silent, well = await found(mailbox(between.port, secret), mailbox(server.port, secret, name="khac"))
    assert silent.state is CheckState.FAIL
    assert "không xong sau 1 giây" in silent.detail
    assert well.state is CheckState.OK


def _with_permanent_flags(data: bytes, kept: bytes) -> bytes:
    head, found, rest = data.partition(b"[PERMANENTFLAGS (")
    return head + found + kept + rest[rest.index(b")") :] if found else data
