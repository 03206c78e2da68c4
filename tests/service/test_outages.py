"""What fails around the gateway costs time, never a mail, a number or a second notice."""

from __future__ import annotations

import contextlib
import smtplib
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.store.queries import Queries
from tests.mails import SENDER, mail, page_one
from tests.servers.clamd import ClamdServer
from tests.servers.daemon import CLERK, VANTHU, Daemon
from tests.servers.postfix import PostfixServer
from tests.service.client import ask, await_true, has_registered, is_quiet, notices, registered, send
from tests.service.conftest import Start

COUNT = 8


def letter(number: int) -> bytes:
    return mail((f"bao-cao-{number}.txt", page_one(number)), message_id=f"<{number}@agency.example>")


def receipts_are_complete(relay: PostfixServer, count: int) -> bool:
    return len(notices(relay, ["receipt", "clerk_document"])) >= 2 * count


def test_while_clamd_is_down_mails_are_held_and_go_through_by_themselves_after(
    tmp_path: Path, start: Start, relay: PostfixServer
) -> None:
    clamd = ClamdServer(tmp_path / "clamd")
    (tmp_path / "clamd").mkdir(exist_ok=True)
    clamd.start()
    daemon = start(scanner={"clamd": [clamd.address]}, relay={"host": relay.host, "port": relay.port})
    clamd.stop()
    for number in range(1, COUNT + 1):
        send(daemon, letter(number))
    await_true(
        "every mail waits for the scanner",
        lambda: sum(each.mail.waiting_for == "scanner" for each in ask(daemon, Queries.set_aside)) == COUNT,
    )
    assert registered(daemon) == []
    clamd.start()
    await_true("all are registered", lambda: has_registered(daemon, COUNT))
    clamd.stop()
    assert registered(daemon) == list(range(1, COUNT + 1))
    assert daemon.rows("quarantine", "list") == []


def test_while_the_relay_is_down_notices_wait_and_none_is_lost_or_doubled(
    gateway: Daemon, relay: PostfixServer
) -> None:
    relay.stop()
    for number in range(1, COUNT + 1):
        send(gateway, letter(number))
    await_true("all are registered", lambda: has_registered(gateway, COUNT))
    await_true(
        "a notice was tried in vain",
        lambda: any(each.last_error for each in ask(gateway, lambda queries: queries.outbox(open_only=True))),
    )
    relay.start()
    await_true("all notices arrived", lambda: receipts_are_complete(relay, COUNT))
    await_true("the outbox is empty", lambda: is_quiet(gateway))
    found = notices(relay, ["receipt", "clerk_document"])
    assert len(found) == len(set(found)) == 2 * COUNT
    assert {recipient for recipient, _ in found} == {SENDER, CLERK}


def test_sigterm_drains_and_a_restart_goes_on(gateway: Daemon, relay: PostfixServer) -> None:
    for number in range(1, COUNT + 1):
        send(gateway, letter(number))
    assert gateway.stop() == 0
    gateway.start()
    await_true("all notices arrived", lambda: receipts_are_complete(relay, COUNT))
    assert registered(gateway) == list(range(1, COUNT + 1))
    assert gateway.rows("audit", "verify")[0]["whole"]


def test_a_second_daemon_on_the_same_folder_is_refused(gateway: Daemon) -> None:
    second = subprocess.run(
        [str(Path(sys.executable).parent / "vanthu"), "serve", "--config", str(gateway.config)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 78
    assert "đang dùng" in second.stderr


def test_a_full_disk_asks_for_another_try_and_recovers(tmp_path: Path, clamd: ClamdServer) -> None:
    """The daemon lives in a mount namespace of its own, on a file system of a few megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    # The directory must be on that disk too.
    known = f'"{VANTHU}" directory import --config "{folder}/gateway.toml"'
    script = f'mount -t tmpfs -o size=24m tmpfs "{folder}/disk" && {known} && exec "$@"'
    (folder / "disk").mkdir()
    daemon = Daemon(
        folder,
        {
            "scanner": {"clamd": [clamd.address]},
            "store": {"database": "disk/gateway.db", "blobs": "disk/blobs"},
            "relay": {"maildir": "maildir"},
        },
        inside=["unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh"],
    )
    daemon.start()
    try:
        send(daemon, letter(1))
        seen_inside = Path(f"/proc/{daemon.pid}/root{folder}/disk")
        filler = seen_inside / "filler"
        _fill(filler)
        with pytest.raises(smtplib.SMTPDataError) as refused:
            send(daemon, letter(2))
        assert 400 <= refused.value.smtp_code < 500
        filler.unlink()
        await_true("room is found again", lambda: _accepted(daemon, letter(2)))
        await_true("both are registered", lambda: daemon.log().count('"stage": "registered"') == 2, 90)
    finally:
        daemon.kill()


def _fill(filler: Path) -> None:
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(2**16)):
            continue


def _accepted(daemon: Daemon, raw: bytes) -> bool:
    try:
        send(daemon, raw)
    except (smtplib.SMTPException, OSError):
        return False
    return True
