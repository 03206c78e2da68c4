"""LMTP (RFC 2033): its own hello, and one status a recipient."""

from __future__ import annotations

import asyncio
from pathlib import Path

from gateway.errors import StorageFull
from gateway.model.mail import Transport
from tests.adapters.smtp_in.client import MAIL, OTHER, OURS, Client, connect, open_house


async def test_each_accepted_recipient_gets_its_status_in_order(tmp_path: Path) -> None:
    async with open_house(tmp_path, lmtp=True) as house, connect(house, "LHLO relay.test") as client:
        await client.ask("MAIL FROM:<>")
        assert (await client.ask(f"RCPT TO:<{OTHER}>")).startswith("250")
        assert (await client.ask("RCPT TO:<nobody@quangngai.example>")).startswith("550 5.1.1")
        assert (await client.ask(f"RCPT TO:<{OURS}>")).startswith("250")
        assert (await client.ask("DATA")).startswith("354")
        client.send(MAIL + b".\r\n")
        assert await client.reply() == f"250 2.1.5 <{OTHER}> OK M1"
        assert await client.reply() == f"250 2.1.5 <{OURS}> OK M1"
        assert (await client.ask("NOOP")).startswith("250 2.0.0")
    envelope, content = house.accepted[0]
    assert (envelope.transport, envelope.recipients, content) == (Transport.LMTP, (OTHER, OURS), MAIL)


async def test_a_refusal_comes_once_a_recipient_too(tmp_path: Path) -> None:
    async with open_house(tmp_path, lmtp=True) as house, connect(house, "LHLO relay.test") as client:
        assert (await client.deliver(b"bare\nline\r\n", OURS, OTHER)).startswith("550 5.6.0")
        assert (await client.reply()).startswith("550 5.6.0")
        house.fault = StorageFull("full")
        first = await client.deliver(MAIL, OURS, OTHER)
        assert first.startswith("452 4.3.1")
        assert await client.reply() == first
        assert (await client.ask("NOOP")).startswith("250 2.0.0")


async def test_smtp_hellos_are_not_understood_and_data_needs_a_recipient(tmp_path: Path) -> None:
    async with open_house(tmp_path, lmtp=True) as house, connect(house, "") as client:
        assert (await client.ask("EHLO x")).startswith("500 5.5.1")
        assert (await client.ask("HELO x")).startswith("500 5.5.1")
        assert (await client.ask("MAIL FROM:<a@b>")) == "503 5.5.1 Send LHLO first"
        assert "250-PIPELINING" in await client.ask("LHLO x")
        await client.ask("MAIL FROM:<a@b>")
        assert (await client.ask("DATA")).startswith("503")


async def test_a_unix_socket_is_served_even_where_a_dead_one_lies(tmp_path: Path) -> None:
    path = tmp_path / "lmtp"
    for _ in range(2):
        async with open_house(tmp_path, lmtp=True, unix_path=path) as house:
            assert house.listener.addresses == (str(path),)
            client = Client(*await asyncio.open_unix_connection(path))
            assert await client.reply() == "220 gateway.test LMTP"
            await client.ask("LHLO x")
            assert (await client.deliver(MAIL)).startswith("250")
            assert house.accepted[0][0].peer == ""
            client.vanish()
        assert not path.exists()
