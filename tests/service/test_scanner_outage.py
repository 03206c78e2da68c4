"""The daemon and its scanner: away, back, and with limits below ours."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.mails import mail, page_one
from tests.servers.clamd import ClamdServer
from tests.servers.daemon import VANTHU, Daemon
from tests.service.client import await_true, registered, send
from tests.service.conftest import Start
from tests.service.scanner_trial import trial

MIB = 2**20


@pytest.mark.timeout(240)
def test_a_scanner_that_comes_back_finds_every_mail_and_the_office_told_once(tmp_path: Path) -> None:
    outcome = trial(tmp_path, 20, warn_after="1 s", look_every=0.5)
    assert (outcome.registered, outcome.refused) == (18, 2)


@pytest.mark.timeout(240)
def test_a_scanner_that_is_away_at_the_start_does_not_keep_the_gateway_from_taking_mail(
    tmp_path: Path, start: Start
) -> None:
    (tmp_path / "clamd").mkdir()
    clamd = ClamdServer(tmp_path / "clamd")
    daemon = start(scanner={"clamd": [clamd.address]}, relay={"maildir": "maildir"})
    send(daemon, mail(("a.txt", page_one(1))))
    assert registered(daemon) == []
    clamd.start()
    try:
        await_true("it is registered", lambda: registered(daemon) == [1])
    finally:
        clamd.stop()


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({"stream_max": 6 * MIB}, "StreamMaxLength từ 9M"),
        ({"stream_max": 32 * MIB, "file_max": 6 * MIB}, "MaxFileSize"),
        ({"stream_max": 32 * MIB, "file_max": 64 * MIB}, "MaxFileSize bằng MaxScanSize"),
        ({"stream_max": 32 * MIB, "alerts": False}, "AlertExceedsMax yes"),
    ],
    ids=["stream", "file", "unannounced", "silent"],
)
def test_the_gateway_does_not_start_with_a_scanner_whose_limits_are_below_its_own(
    tmp_path: Path, limits: dict[str, Any], told: str
) -> None:
    (tmp_path / "clamd").mkdir()
    clamd = ClamdServer(tmp_path / "clamd", **limits)
    clamd.start()
    try:
        gateway = Daemon(tmp_path / "gateway", {"scanner": {"clamd": [clamd.address]}, "relay": {"maildir": "maildir"}})
        done = _run(gateway, "serve")
        assert done.returncode == 78
        assert told in done.stderr
        assert "scanner.clamd" in done.stderr
        assert _run(gateway, "check").returncode == 1
    finally:
        clamd.stop()


def _run(gateway: Daemon, command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(VANTHU), command, "--config", str(gateway.config)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
