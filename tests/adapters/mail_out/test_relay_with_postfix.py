"""The relay sender against a real Postfix, which keeps on hold all that it accepts."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from gateway.adapters.smtp_out import RelaySender, RelayTimeouts
from gateway.model.notice import DeliveryOutcome
from tests.servers.postfix import PostfixServer

TO = "vanthu@moduc.example"


@pytest.fixture
def postfix(tmp_path: Path) -> Iterator[PostfixServer]:
    with PostfixServer(tmp_path, hold=True) as server:
        yield server


@pytest.fixture
async def sender(postfix: PostfixServer) -> AsyncIterator[RelaySender]:
    relay = RelaySender(
        postfix.host, postfix.port, helo="vanthu.example", tls="none", timeouts=RelayTimeouts(idle=60.0)
    )
    yield relay
    await relay.close()


def held(postfix: PostfixServer) -> list[bytes]:
    """Header and body of every mail on hold, as Postfix stored them."""
    paths = [path for path in (postfix.folder / "queue" / "hold").rglob("*") if path.is_file()]
    command = ["/usr/sbin/postcat", "-c", str(postfix.folder / "etc"), "-bh"]
    return [subprocess.run([*command, path], check=True, capture_output=True).stdout for path in paths]


async def test_a_burst_is_accepted_once_and_whole(postfix: PostfixServer, sender: RelaySender) -> None:
    bodies = [f"Message-ID: <{number}@a.example>\r\n\r\n.\r\n..dots\r\nthư {number}\r\n" for number in range(30)]
    results = await asyncio.gather(*(sender.send("", TO, body.encode()) for body in bodies))
    assert {result.outcome for result in results} == {DeliveryOutcome.SENT}
    kept = held(postfix)
    assert len(kept) == 30
    for number in range(30):
        assert sum(mail.endswith(f"\n\n.\n..dots\nthư {number}\n".encode()) for mail in kept) == 1


async def test_unicode_addresses_pass(postfix: PostfixServer, sender: RelaySender) -> None:
    result = await sender.send("", "vănthư@quảngngãi.example", "Subject: Công văn\r\n\r\nx\r\n".encode())
    assert result.outcome is DeliveryOutcome.SENT
    assert postfix.queued() == 1


async def test_a_relay_that_was_away_is_used_again(postfix: PostfixServer, sender: RelaySender) -> None:
    """Also over what was a kept connection when it went."""
    assert (await sender.send("", TO, b"A: 1\r\n\r\n1\r\n")).outcome is DeliveryOutcome.SENT
    await asyncio.to_thread(postfix.stop)
    assert (await sender.send("", TO, b"A: 2\r\n\r\n2\r\n")).outcome is DeliveryOutcome.TEMPORARY
    await asyncio.to_thread(postfix.start)
    assert (await sender.send("", TO, b"A: 2\r\n\r\n2\r\n")).outcome is DeliveryOutcome.SENT
    assert postfix.queued() == 2
