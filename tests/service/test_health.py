"""The daemon tells how its mailboxes fare: /healthz for the machine, /metrics for the operator."""

from __future__ import annotations

import json
import re
import urllib.error
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from gateway.observe import Metrics
from tests.mails import mail
from tests.servers.daemon import Daemon
from tests.servers.dovecot import PASSWORD, USER, DovecotServer
from tests.servers.ports import await_port
from tests.service.client import await_true

AGE = 'vanthu_mailbox_last_good_fetch_age_seconds{mailbox="so"}'
STALE_SECONDS = 4

_MAILBOX = """
[[imap.mailboxes]]
name = "so"
host = "{host}"
port = {port}
tls = "none"
ca_file = ""
username = "{user}"
login = "password"
secret = "file:imap-password"
address = "{user}"
folder = "INBOX"
done_folder = ""
done_flag = "$VanthuTaken"
"""


@pytest.fixture(scope="module")
def dovecot() -> Iterator[DovecotServer]:
    with DovecotServer() as server:
        yield server


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory, dovecot: DovecotServer) -> Iterator[Daemon]:
    """Fetches from the mailbox, one mail an hour of each sender; nothing is scanned and nothing sent."""
    sections: dict[str, dict[str, Any]] = {
        "imap": {"poll": "1 s", "stale_after": f"{STALE_SECONDS} s"},
        "limits": {"sender_mails": 1},
        "relay": {"maildir": "outgoing"},
        "scanner": {"clamd": ["unix:clamd.sock"]},
    }
    daemon = Daemon(tmp_path_factory.mktemp("gateway"), sections)
    (daemon.folder / "imap-password").write_text(PASSWORD)
    with daemon.config.open("a") as config:
        config.write(_MAILBOX.format(host=dovecot.host, port=dovecot.port, user=USER))
    daemon.start()
    try:
        await_port(daemon.web_port, 60, daemon.log)
        yield daemon
    finally:
        daemon.kill()


def health(daemon: Daemon) -> tuple[int, dict[str, Any]]:
    """The status and what was said of the mailbox."""
    try:
        status, body = 200, daemon.get("/healthz")
    except urllib.error.HTTPError as refusal:
        status, body = refusal.code, refusal.read()
    (told,) = [check for check in json.loads(body)["checks"] if check["name"] == "imap:so"]
    return status, told


def number(daemon: Daemon, name: str) -> float:
    """One number of /metrics, 0 where it was not counted yet."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", daemon.get("/metrics").decode(), re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_a_mailbox_away_for_too_long_makes_us_ill_until_it_is_back(daemon: Daemon, dovecot: DovecotServer) -> None:
    await_true("the daemon is well", lambda: health(daemon)[0] == 200)
    dovecot.kill()
    await_true("the daemon says that it is ill", lambda: health(daemon)[0] == 503)
    status, told = health(daemon)
    assert (status, told["ok"]) == (503, False)
    assert "Hộp thư so" in told["detail"]
    assert "không nối được tới máy chủ thư" in told["detail"]
    assert number(daemon, AGE) > STALE_SECONDS
    dovecot.start()
    await_true("the daemon is well again", lambda: health(daemon)[0] == 200)
    await_true("the age begins anew", lambda: number(daemon, AGE) < STALE_SECONDS)


def test_mails_that_must_wait_for_the_hourly_limits_are_counted(daemon: Daemon, dovecot: DovecotServer) -> None:
    dovecot.append(mail(), mail(message_id="<2@agency.example>"))
    await_true("one waits", lambda: number(daemon, 'vanthu_mails_put_off_total{transport="imap"}') > 0)
    await_true("one is taken", lambda: number(daemon, 'vanthu_mails_accepted_total{transport="imap"}') == 1)
    await_true("a mailbox where mails wait is well", lambda: health(daemon)[0] == 200)


class Looked:
    """A mailbox that was looked at so long ago."""

    def __init__(self, name: str, seconds: float) -> None:
        self.name = name
        self.stale_after = timedelta(minutes=10)
        self.reason = ""
        self.seconds = seconds

    def age(self) -> timedelta:
        return timedelta(seconds=self.seconds)


def test_the_age_of_each_mailbox_is_that_of_the_moment_it_is_asked_for() -> None:
    metrics, mailboxes = Metrics(), [Looked("so", 5.0), Looked("phong", 7.5)]
    metrics.watch(mailboxes)
    mailboxes[0].seconds = 65.0
    told = metrics.render().decode()
    assert f"{AGE} 65.0" in told
    assert 'vanthu_mailbox_last_good_fetch_age_seconds{mailbox="phong"} 7.5' in told
