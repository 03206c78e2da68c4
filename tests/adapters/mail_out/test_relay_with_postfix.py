"""The relay sender against a real Postfix, as it takes, refuses, stalls and goes away."""

from __future__ import annotations

import asyncio
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.adapters.smtp_out import RelaySender, RelayTimeouts
from gateway.model.notice import DeliveryOutcome
from tests.adapters.mail_out.sending import (
    MAIL,
    PERMANENT,
    QUICK,
    SENT,
    TEMPORARY,
    TO,
    UNREACHABLE,
    VERP,
    MakeRelay,
    send,
)
from tests.servers.postfix import PostfixServer

PATIENCE_SECONDS = 20.0
REFUSALS = {
    "smtpd_sender_restrictions": "check_sender_access inline:{{later@q.example=450 4.7.1 later}, "
    "{never@q.example=550 5.7.1 never}}",
    "smtpd_end_of_data_restrictions": "check_sender_access inline:{{late@q.example=451 4.7.1 look again}, "
    "{nay@q.example=554 5.7.1 looked}}",
    "header_checks": "regexp:{{/^Subject: forbidden/ REJECT 5.7.1 forbidden word}}",
    "message_size_limit": "100000",
    "smtpd_delay_reject": "no",
    "smtpd_error_sleep_time": "0",
    "smtpd_hard_error_limit": "5",
    "smtpd_soft_error_limit": "4",
}


@pytest.fixture
def postfix(tmp_path: Path) -> Iterator[PostfixServer]:
    with PostfixServer(tmp_path, hold=True) as server:
        yield server


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostfixServer]:
    """Refuses at every point of the dialogue."""
    server = PostfixServer(tmp_path_factory.mktemp("strict"), settings=REFUSALS)
    server.answer("later@a.example", "450 4.2.1 mailbox busy")
    server.answer("never@a.example", "550 5.1.1 no such user")
    server.answer("slow@a.example", "sleep 2")
    with server:
        yield server


@pytest.fixture
async def sender(relay: MakeRelay, postfix: PostfixServer) -> RelaySender:
    return relay(postfix, timeouts=RelayTimeouts(idle=60.0))


def held(postfix: PostfixServer) -> list[bytes]:
    """Header and body of every mail on hold, as Postfix stored them."""
    paths = [path for path in (postfix.folder / "queue" / "hold").rglob("*") if path.is_file()]
    command = ["/usr/sbin/postcat", "-c", str(postfix.folder / "etc"), "-bh"]
    return [subprocess.run([*command, path], check=True, capture_output=True).stdout for path in paths]


def mails_per_connection(postfix: PostfixServer, mails: int) -> list[int]:
    """How many mails Postfix took over each connection that brought any, once its log tells of `mails`."""
    end = time.monotonic() + PATIENCE_SECONDS
    counts: list[int] = []
    while sum(counts) < mails and time.monotonic() < end:
        counts = [int(count) for count in re.findall(r"disconnect from .* data=(\d+)", postfix.log())]
    return counts


async def test_a_burst_is_accepted_once_and_whole(postfix: PostfixServer, sender: RelaySender) -> None:
    bodies = [f"Message-ID: <{number}@a.example>\r\n\r\n.\r\n..dots\r\nthư {number}\r\n" for number in range(30)]
    results = await asyncio.gather(*(send(sender, body.encode()) for body in bodies))
    assert {result.outcome for result in results} == {SENT}
    kept = held(postfix)
    assert len(kept) == 30
    for number in range(30):
        assert sum(mail.endswith(f"\n\n.\n..dots\nthư {number}\n".encode()) for mail in kept) == 1


async def test_fifty_mails_use_few_connections(relay: MakeRelay, postfix: PostfixServer) -> None:
    """Four at most at once, and one where they come one after the other."""
    crowd = relay(postfix, connections=4)
    await asyncio.gather(*(send(crowd, mail_from=VERP) for _ in range(50)))
    await crowd.close()
    assert len(mails_per_connection(postfix, 50)) <= 4
    single = relay(postfix)
    for _ in range(50):
        assert (await send(single, mail_from=VERP)).outcome is SENT
    await single.close()
    assert mails_per_connection(postfix, 100)[-1] == 50
    assert postfix.queued() == 100


async def test_unicode_addresses_pass(postfix: PostfixServer, sender: RelaySender) -> None:
    result = await send(sender, "Subject: Công văn\r\n\r\nx\r\n".encode(), to="vănthư@quảngngãi.example")
    assert result.outcome is SENT
    assert postfix.queued() == 1


async def test_a_relay_that_was_away_is_used_again(postfix: PostfixServer, sender: RelaySender) -> None:
    """Also over what was a kept connection when it went."""
    assert (await send(sender)).outcome is SENT
    await asyncio.to_thread(postfix.stop)
    assert (await send(sender)).outcome is UNREACHABLE
    await asyncio.to_thread(postfix.start)
    assert (await send(sender)).outcome is SENT
    assert postfix.queued() == 2


@pytest.mark.parametrize(
    ("mail_from", "to", "content", "outcome", "words"),
    [
        ("later@q.example", TO, MAIL, TEMPORARY, "450 4.7.1"),
        ("never@q.example", TO, MAIL, PERMANENT, "550 5.7.1"),
        ("ok@q.example", "later@a.example", MAIL, TEMPORARY, "450 4.2.1"),
        ("ok@q.example", "never@a.example", MAIL, PERMANENT, "550 5.1.1"),
        ("late@q.example", TO, MAIL, TEMPORARY, "451 4.7.1"),
        ("nay@q.example", TO, MAIL, PERMANENT, "554 5.7.1"),
        ("ok@q.example", TO, b"Subject: forbidden\r\n\r\nx\r\n", PERMANENT, "550 5.7.1 forbidden word"),
        ("ok@q.example", TO, MAIL + b"x" * 70 * 2000, PERMANENT, "552 5.3.4"),
    ],
)
async def test_what_postfix_refuses_is_told_and_the_next_mail_passes(
    relay: MakeRelay,
    strict: PostfixServer,
    mail_from: str,
    to: str,
    content: bytes,
    outcome: DeliveryOutcome,
    words: str,
) -> None:
    """At MAIL, at RCPT, after the dot, by a header and by size; over one connection."""
    sender = relay(strict)
    result = await send(sender, content, to=to, mail_from=mail_from, token="a1")
    assert result.outcome is outcome
    assert result.response.startswith(words)
    assert not result.reports
    assert (await send(sender, mail_from="ok@q.example", token="a1")).outcome is SENT


async def test_refusals_stay_what_they_are_when_postfix_has_had_enough(relay: MakeRelay, strict: PostfixServer) -> None:
    """After some errors Postfix hangs up with 421, which is not the answer to any of the mails."""
    sender = relay(strict, connections=1)
    results = [await send(sender, to="never@a.example") for _ in range(20)]
    assert {result.outcome for result in results} == {PERMANENT}
    assert {result.response[:9] for result in results} == {"550 5.1.1"}


async def test_a_slow_relay_is_waited_for_as_long_as_the_timeouts_say(relay: MakeRelay, strict: PostfixServer) -> None:
    assert (await send(relay(strict, timeouts=QUICK), to="slow@a.example")).outcome is TEMPORARY
    assert (await send(relay(strict), to="slow@a.example")).outcome is SENT
