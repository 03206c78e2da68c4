"""systemd hands over listening sockets: the daemon serves every one of them, and needs no right to bind."""

from __future__ import annotations

import smtplib
from pathlib import Path

from tests.mails import RECIPIENT, SENDER
from tests.servers.clamd import ClamdServer
from tests.servers.daemon import Daemon
from tests.servers.ports import free_port
from tests.service.client import await_true, registered
from tests.service.test_outages import letter


def test_every_inherited_socket_is_served(tmp_path: Path, clamd: ClamdServer) -> None:
    second = free_port()
    daemon = Daemon(
        tmp_path / "gateway",
        {"scanner": {"clamd": [clamd.address]}, "relay": {"maildir": "maildir"}},
    )
    listen = ["-l", f"127.0.0.1:{daemon.port}", "-l", f"127.0.0.1:{second}", "--fdname=smtp:smtp"]
    daemon.inside = ["systemd-socket-activate", *listen]
    daemon.start()
    try:
        for number, port in enumerate((daemon.port, second), 1):
            with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
                client.sendmail(SENDER, [RECIPIENT], letter(number))
        await_true("both are registered", lambda: registered(daemon) == [1, 2])
        assert daemon.stop() == 0
    finally:
        daemon.kill()
