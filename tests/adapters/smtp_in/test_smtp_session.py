"""Conversations: what is said to a client, and what becomes of its mail."""

from __future__ import annotations

import asyncio
import logging
import re
import socket
from pathlib import Path

import pytest

from gateway.adapters.smtp_in import start
from gateway.adapters.smtp_in.session import MAX_ERRORS, MAX_IDLE_COMMANDS
from gateway.errors import StorageFull, TemporaryError
from gateway.model.mail import Transport
from tests.adapters.smtp_in.client import MAIL, OPTIONS, OTHER, OURS, Client, House, connect, open_house


async def test_a_mail_is_kept_byte_for_byte_and_answered_with_its_label(house: House) -> None:
    async with connect(house) as client:
        assert await client.deliver(MAIL, OURS, OTHER) == "250 2.0.0 OK M1"
        assert await client.deliver(MAIL) == "250 2.0.0 OK M2"
        assert await client.ask("QUIT") == "221 2.0.0 Bye"
        assert await client.at_end()
    (first, content), (second, _) = house.accepted
    assert content == MAIL
    assert (first.transport, first.mail_from, first.recipients) == (Transport.SMTP, "a@b.test", (OURS, OTHER))
    assert (first.peer, first.helo, first.tls) == ("127.0.0.1", "client.test", False)
    assert first.transport_id != second.transport_id
    assert not house.unfinished()


async def test_250_is_not_said_before_the_mail_is_entered(house: House) -> None:
    entering, go_on = asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        entering.set()
        await go_on.wait()

    house.before_accept = wait
    async with connect(house) as client:
        answer = asyncio.create_task(client.deliver(MAIL))
        await entering.wait()
        async with connect(house) as other:
            assert (await other.ask("NOOP")).startswith("250")
        assert not answer.done()
        go_on.set()
        assert await answer == "250 2.0.0 OK M1"


async def test_extensions_are_offered_as_they_are(house: House) -> None:
    async with connect(house, hello="") as client:
        offered = await client.ask("EHLO client.test")
    assert offered.split("\n") == [
        "250-gateway.test",
        "250-PIPELINING",
        "250-SIZE 1000000",
        "250-8BITMIME",
        "250-SMTPUTF8",
        "250 ENHANCEDSTATUSCODES",
    ]


async def test_the_null_sender_and_8_bit_addresses_are_taken(house: House) -> None:
    async with connect(house) as client:
        assert (await client.ask("MAIL FROM:<> BODY=8BITMIME SMTPUTF8")).startswith("250 2.1.0")
        assert (await client.ask("RSET")).startswith("250")
        assert (await client.ask("MAIL FROM:<phòng@ví-dụ.vn> SMTPUTF8")).startswith("250 2.1.0")
        assert (await client.ask("RSET")).startswith("250")
        client.send(b"MAIL FROM:<>\r\nRCPT TO:<SGTVT+t0ken@QuangNgai.example>\r\nDATA\r\n" + MAIL + b".\r\n")
        replies = [await client.reply() for _ in range(4)]
    assert [reply[:3] for reply in replies] == ["250", "250", "354", "250"]
    envelope, _ = house.accepted[0]
    assert (envelope.mail_from, envelope.recipients) == ("", ("SGTVT+t0ken@QuangNgai.example",))


@pytest.mark.parametrize(
    ("commands", "last"),
    [
        (["MAIL FROM:<a@b>"], "503 5.5.1"),
        (["HELO"], "501 5.5.4"),
        (["EHLO x\x01"], "501 5.5.4"),
        (["EHLO c", "RCPT TO:<sgtvt@quangngai.example>"], "503 5.5.1"),
        (["EHLO c", "DATA"], "503 5.5.1"),
        (["EHLO c", "MAIL FROM:<a@b>", "DATA"], "503 5.5.1"),
        (["EHLO c", "MAIL FROM:<a@b>", "MAIL FROM:<a@b>"], "503 5.5.1"),
        (["EHLO c", "MAIL FROM:<a@b>", "RCPT TO:<x@elsewhere.test>"], "550 5.1.1"),
        (["EHLO c", "MAIL FROM:<a@b>", "RCPT TO:<@quangngai.example:x@elsewhere.test>"], "550 5.1.1"),
        (["EHLO c", "MAIL FROM:<a@b>", "RCPT TO:<>"], "550 5.1.1"),
        (["EHLO c", "MAIL FROM:<a@b>", "RCPT TO:<nonsense"], "553 5.1.3"),
        (["EHLO c", "MAIL FROM:<a@b>", "RCPT TO:<sgtvt@quangngai.example> NOTIFY=NEVER"], "555 5.5.4"),
        (["EHLO c", "MAIL TO:<a@b>"], "553 5.1.7"),
        (["EHLO c", "MAIL FROM:<a@b> SIZE=1000001"], "552 5.3.4"),
        (["EHLO c", "MAIL FROM:<a@b> SIZE=" + "9" * 30], "501 5.5.4"),
        (["EHLO c", "MAIL FROM:<a@b> SIZE=x"], "501 5.5.4"),
        (["EHLO c", "MAIL FROM:<a@b> BODY=BINARYMIME"], "501 5.5.4"),
        (["EHLO c", "MAIL FROM:<a@b> RET=HDRS"], "555 5.5.4"),
        (["LHLO c"], "500 5.5.1"),
        (["STARTTLS"], "502 5.5.1"),
        (["AUTH PLAIN AGEAYg=="], "502 5.5.1"),
        (["EXPN all"], "502 5.5.1"),
        (["VRFY sgtvt"], "252 2.0.0"),
        (["HELP"], "214 2.0.0"),
        (["QUIT now"], "501 5.5.4"),
        (["RSET now"], "501 5.5.4"),
        ([""], "500 5.5.1"),
        (["CONNECT 127.0.0.1:25 HTTP/1.1"], "500 5.5.1"),
        (["NOOP " + "x" * 5000], "500 5.5.2"),
        (["NOOP " + "x" * 600_000], "500 5.5.2"),
    ],
)
async def test_a_wrong_or_refused_command_gets_its_reply_and_the_session_goes_on(
    house: House, commands: list[str], last: str
) -> None:
    async with connect(house, hello="") as client:
        for command in commands:
            reply = await client.ask(command)
        assert reply.startswith(last)
        assert (await client.ask("NOOP")).startswith("250")


async def test_bytes_that_are_no_text_get_a_reply(house: House) -> None:
    async with connect(house) as client:
        client.send(b"\xff\xfe\r\nMAIL FROM:<\xe1@b>\r\n")
        assert (await client.reply()).startswith("500 5.5.2")
        assert (await client.reply()).startswith("500 5.5.2")


async def test_a_whole_pipelined_session_in_one_segment_works_even_with_its_end(house: House) -> None:
    transaction = f"MAIL FROM:<a@b>\r\nRCPT TO:<x@y>\r\nRCPT TO:<{OURS}>\r\nDATA\r\n".encode()
    async with connect(house, hello="") as client:
        client.send(b"EHLO c\r\n" + (transaction + MAIL + b".\r\n") * 3 + b"QUIT\r\n")
        client.writer.write_eof()
        replies = [(await client.reply())[:3] for _ in range(17)]
        assert await client.at_end()
    assert replies == ["250", *["250", "550", "250", "354", "250"] * 3, "221"]
    assert [content for _, content in house.accepted] == [MAIL] * 3


@pytest.mark.parametrize(
    ("fault", "reply"),
    [
        (TemporaryError("database", "secret-word"), "451 4.3.0"),
        (StorageFull("secret-word"), "452 4.3.1"),
        (ValueError("secret-word"), "451 4.3.0"),
        (TimeoutError("secret-word"), "451 4.3.0"),
        (ConnectionError("secret-word"), "451 4.3.0"),
    ],
)
async def test_a_fault_of_ours_is_temporary_and_shares_only_an_id_with_the_log(
    house: House, caplog: pytest.LogCaptureFixture, fault: Exception, reply: str
) -> None:
    house.fault = fault
    with caplog.at_level(logging.ERROR, "gateway"):
        async with connect(house) as client:
            said = await client.deliver(MAIL)
            house.fault = None
            assert await client.deliver(MAIL) == "250 2.0.0 OK M1"
    assert said.startswith(reply)
    assert "secret-word" not in said
    assert type(fault).__name__ not in said
    found = re.search(r"\(id ([0-9a-f]{8})\)$", said)
    assert found is not None
    assert found[1] in caplog.text


async def test_a_fault_in_a_command_is_temporary_too(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async with connect(house) as client:
        monkeypatch.setattr(house.listener, "recipients", None)
        monkeypatch.setattr("gateway.adapters.smtp_in.dialogue.read_path", lambda *_: 1 / 0)
        said = await client.ask("MAIL FROM:<a@b>")
    assert said.startswith("451 4.3.0")
    assert "ZeroDivisionError" not in said


async def test_too_many_errors_end_the_session(house: House) -> None:
    async with connect(house) as client:
        client.send(b"NONSENSE\r\n" * (MAX_ERRORS + 5))
        for _ in range(MAX_ERRORS):
            assert (await client.reply()).startswith("500")
        assert (await client.reply()).startswith("421 4.7.0")
        assert await client.at_end()


async def test_endless_idling_ends_the_session(house: House) -> None:
    async with connect(house) as client:
        for _ in range(MAX_IDLE_COMMANDS - 1):
            assert (await client.ask("NOOP")).startswith("250")
        assert (await client.ask("NOOP")).startswith("250")
        assert (await client.reply()).startswith("421 4.7.0")


async def test_a_silent_client_is_sent_away(tmp_path: Path) -> None:
    async with open_house(tmp_path, command_timeout=0.1) as house, connect(house) as client:
        assert (await client.reply()).startswith("421 4.4.2")
        assert await client.at_end()


async def test_too_many_recipients_are_put_off(tmp_path: Path) -> None:
    async with open_house(tmp_path, max_recipients=2) as house, connect(house) as client:
        await client.ask("MAIL FROM:<a@b>")
        replies = [await client.ask(f"RCPT TO:<{OURS}>") for _ in range(3)]
    assert [reply[:9] for reply in replies] == ["250 2.1.5", "250 2.1.5", "452 4.5.3"]


async def test_connections_are_capped_by_address_and_the_place_is_free_again_after(tmp_path: Path) -> None:
    async with open_house(tmp_path, connections_per_address=2) as house, connect(house), connect(house) as second:
        third = Client(*await asyncio.open_connection("127.0.0.1", house.port))
        assert (await third.reply()).startswith("421 4.7.0")
        assert await third.at_end()
        third.vanish()
        await second.ask("QUIT")
        assert await second.at_end()
        async with connect(house) as fourth:
            assert (await fourth.ask("NOOP")).startswith("250")


async def test_connections_are_capped_in_all(tmp_path: Path) -> None:
    async with open_house(tmp_path, connections_total=1) as house, connect(house):
        second = Client(*await asyncio.open_connection("127.0.0.1", house.port))
        assert (await second.reply()).startswith("421 4.3.2")
        second.vanish()


async def test_drain_finishes_the_mail_under_way_and_sends_idle_clients_away(house: House) -> None:
    port = house.port
    async with connect(house) as idle, connect(house) as busy:
        await busy.begin()
        busy.send(MAIL)
        draining = asyncio.create_task(house.listener.drain(20))
        assert (await idle.reply()).startswith("421 4.3.2")
        assert await idle.at_end()
        busy.send(b".\r\n")
        assert await busy.reply() == "250 2.0.0 OK M1"
        assert (await busy.reply()).startswith("421 4.3.2")
        await draining
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)
    assert len(house.accepted) == 1


async def test_drain_cuts_off_who_does_not_finish_and_keeps_nothing_of_it(house: House) -> None:
    async with connect(house) as stuck:
        await stuck.begin()
        stuck.send(MAIL * 20_000)
        await house.listener.drain(0.1)
        assert (await stuck.reply()).startswith("421 4.3.2")
    assert not house.unfinished()
    assert not house.accepted


async def test_a_given_socket_is_served(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        sock = socket.create_server(("127.0.0.1", 0))
        listener = await start(OPTIONS, house.blobs, house.accept, sock=sock)
        client = Client(*await asyncio.open_connection("127.0.0.1", sock.getsockname()[1]))
        assert await client.reply() == "220 gateway.test ESMTP"
        client.vanish()
        await listener.drain(0)
