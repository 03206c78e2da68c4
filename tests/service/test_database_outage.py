"""PostgreSQL is restarted under the running gateway: mails wait, none dies, and work goes on by itself."""

from __future__ import annotations

import smtplib
from pathlib import Path

import pytest

from tests.servers.clamd import ClamdServer
from tests.servers.daemon import Daemon
from tests.servers.postgres import PostgresServer
from tests.service.client import await_true, has_registered, send
from tests.service.conftest import Start
from tests.service.test_outages import letter

COUNT = 8


def test_a_restart_of_postgresql_costs_time_only(tmp_path: Path, start: Start, clamd: ClamdServer) -> None:
    with PostgresServer() as server:
        daemon = start(
            scanner={"clamd": [clamd.address]},
            relay={"maildir": str(tmp_path / "maildir")},
            store={"database": server.empty_database(), "blobs": "blobs"},
        )
        for number in range(1, COUNT + 1):
            send(daemon, letter(number))
        server.stop()
        with pytest.raises(smtplib.SMTPDataError) as refused:
            send(daemon, letter(COUNT + 1))
        assert 400 <= refused.value.smtp_code < 500
        server.start()
        await_true("the gateway takes mail again", lambda: _taken(daemon, letter(COUNT + 1)))
        await_true("all are registered", lambda: has_registered(daemon, COUNT + 1), 90)
        assert daemon.rows("quarantine", "list") == []


def _taken(daemon: Daemon, raw: bytes) -> bool:
    try:
        send(daemon, raw)
    except (smtplib.SMTPException, OSError):
        return False
    return True
