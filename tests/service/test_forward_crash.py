"""Killed at any instant while submissions are approved and forwarded by mail, the daemon sends each of them once."""

from __future__ import annotations

import email
import email.policy
import random
import re
import smtplib
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.mails import SENDER, mail, page_one
from tests.replies import reply
from tests.servers.clamd import ClamdServer
from tests.servers.daemon import CLERK, KNOWN, RECIPIENT, Daemon
from tests.servers.dns import DnsServer
from tests.servers.postfix import PostfixServer
from tests.service.client import await_true, is_quiet, registered

SUBMISSIONS = 4
KILLS = 4
DIRECTOR = "hvphuong-sogtvt@quangngai.gov.vn"
PROVINCE = "ubnd@quangngai.gov.vn"
DIRECTORY = f"""{KNOWN}
[[agency]]
code = "ubnd"
name = "Ủy ban nhân dân tỉnh Quảng Ngãi"
addresses = ["{PROVINCE}"]

[[unit]]
code = "lanh-dao-so"
name = "Lãnh đạo Sở"

[[person]]
code = "hvphuong-sogtvt"
name = "Hoàng Việt Phương"
unit = "lanh-dao-so"
roles = ["leader"]
addresses = ["{DIRECTOR}"]
"""
ORDERS = {DIRECTOR: "Đồng ý", CLERK: "Chuyển UBND"}
"""What people answer to a task."""
_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.MULTILINE | re.IGNORECASE)
_PATIENCE = 400.0


@pytest.fixture
def names() -> Iterator[DnsServer]:
    """The agency's own people send from this machine."""
    with DnsServer() as server:
        server.add("quangngai.gov.vn", "TXT", "v=spf1 ip4:127.0.0.1 -all")
        yield server


@pytest.fixture
def daemon(tmp_path: Path, clamd: ClamdServer, relay: PostfixServer, names: DnsServer) -> Iterator[Daemon]:
    """A daemon with people in its directory."""
    daemon = Daemon(
        tmp_path / "gateway",
        {
            "scanner": {"clamd": [clamd.address]},
            "relay": {"host": relay.host, "port": relay.port, "retry": ["1 s"]},
            "senders": {"nameservers": [names.address]},
            "work": {"digest_after": 1000},
        },
        directory=DIRECTORY,
    )
    daemon.start()
    yield daemon
    daemon.kill()


class Post:
    """The mailboxes behind the relay, and mail to the daemon that is sent until it says 250."""

    def __init__(self, daemon: Daemon, relay: PostfixServer) -> None:
        self._daemon = daemon
        self._relay = relay
        self._answered: set[str] = set()

    def send(self, sender: str, recipient: str, raw: bytes) -> None:
        """As a mail server does: again and again, until somebody has taken it."""
        end = time.monotonic() + _PATIENCE
        while True:
            try:
                with smtplib.SMTP("127.0.0.1", self._daemon.port, timeout=20) as client:
                    client.sendmail(sender, [recipient], raw)
            except (smtplib.SMTPException, OSError):
                assert time.monotonic() < end, self._daemon.log()[-3000:]
                time.sleep(0.05)
            else:
                return

    def submit(self, number: int) -> None:
        """One document for the province, from the agency."""
        raw = mail(
            (f"to-trinh-{number}.txt", page_one(number)),
            subject="[TRÌNH UBND] Gửi văn bản",
            message_id=f"<trinh-{number}@agency.example>",
        )
        self.send(SENDER, RECIPIENT, raw)

    def answer_tasks(self) -> int:
        """Director and clerk do what they are asked to, each task once; how many they have done."""
        for delivered in self._relay.maildir_messages():
            message_id, author = _message_id(delivered.content), delivered.recipient
            if author not in ORDERS or not message_id.startswith("<task.") or message_id in self._answered:
                continue
            raw = reply(
                "gmail",
                to=delivered.content,
                text=ORDERS[author],
                author=author,
                date=datetime.now(UTC),
                message_id=message_id.replace("task.", "answer."),
            )
            to = email.message_from_bytes(raw, policy=email.policy.default)["To"].addresses[0].addr_spec
            self.send(author, to, raw)
            self._answered.add(message_id)
        return len(self._answered)

    def work(self) -> None:
        """All that people do, until the last submission is ordered to go."""
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(self.submit, range(1, SUBMISSIONS + 1)))
        await_true("all orders", lambda: self.answer_tasks() == 2 * SUBMISSIONS, _PATIENCE)

    def letters(self) -> dict[str, list[bytes]]:
        """What reached the province, by Message-ID: the copies without what servers wrote above them."""
        found: dict[str, list[bytes]] = defaultdict(list)
        for delivered in self._relay.maildir_messages():
            if delivered.recipient == PROVINCE:
                found[_message_id(delivered.content)].append(delivered.content.partition(b"\n\n")[2])
        return found


def _message_id(raw: bytes) -> str:
    found = _MESSAGE_ID.search(raw)
    assert found is not None
    return found[1].decode()


@pytest.mark.timeout(900)
def test_kill_9_while_submissions_are_forwarded_sends_each_of_them_once(daemon: Daemon, relay: PostfixServer) -> None:
    chance = random.Random(11)
    post = Post(daemon, relay)
    people = threading.Thread(target=post.work)
    people.start()
    for _ in range(KILLS):
        time.sleep(chance.uniform(0, 1))
        daemon.kill()
        daemon.start()
    people.join(_PATIENCE)
    assert not people.is_alive()
    await_true("the letters", lambda: len(post.letters()) >= SUBMISSIONS, _PATIENCE)
    await_true("the end of all work", lambda: is_quiet(daemon))
    letters = post.letters()
    assert len(letters) == SUBMISSIONS
    assert {len(set(copies)) for copies in letters.values()} == {1}
    assert len({copies[0] for copies in letters.values()}) == SUBMISSIONS
    assert sorted(registered(daemon)) == list(range(1, SUBMISSIONS + 1))
    assert daemon.rows("quarantine", "list") == []
    daemon.vanthu("audit", "verify")
