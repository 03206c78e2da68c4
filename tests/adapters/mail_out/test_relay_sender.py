"""What becomes of a mail for every thing a relay may do."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from gateway.adapters.smtp_out import RESPONSE_LIMIT, RelaySender, RelayTimeouts
from gateway.adapters.smtp_out.wire import FINAL_DOT, lines_of
from gateway.errors import SettingsError
from gateway.model.notice import DeliveryOutcome, DeliveryResult, Outgoing
from tests.adapters.mail_out.peer import HANG_UP, SILENCE, Identity, Peer
from tests.adapters.mail_out.sending import MAIL, PERMANENT, QUICK, SENT, TEMPORARY, TO, UNREACHABLE, MakeRelay, send

SECRET = "m4t-khau-cua-tram"


async def test_a_mail_taken_is_sent_with_the_relays_words(relay: MakeRelay) -> None:
    async with Peer() as peer:
        assert await send(relay(peer)) == DeliveryResult(SENT, "250 2.0.0 queued as 4F2")
        assert peer.conversations[0].heard == [
            "EHLO vanthu.quangngai.example",
            f"MAIL FROM:<> SIZE={len(MAIL)}",
            f"RCPT TO:<{TO}>",
            "DATA",
        ]
        assert peer.mails == [MAIL + b".\r\n"]


async def test_an_envelope_sender_is_named_where_there_is_one(relay: MakeRelay) -> None:
    async with Peer(extensions=("HELP",)) as peer:
        await send(relay(peer), mail_from="sgtvt+b-7f@quangngai.example")
        assert peer.conversations[0].heard[1] == "MAIL FROM:<sgtvt+b-7f@quangngai.example>"


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "CONTENT"])
@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("450 4.2.1 later", TEMPORARY),
        ("421 4.3.2 closing", TEMPORARY),
        ("550 5.1.1 unknown user", PERMANENT),
        ("552 5.3.4 too big", PERMANENT),
        ("530 5.7.0 must login first", TEMPORARY),
        ("535 5.7.8 wrong login", TEMPORARY),
        ("503 5.5.1 nested MAIL command", TEMPORARY),
    ],
)
async def test_the_answer_decides(relay: MakeRelay, verb: str, answer: str, outcome: DeliveryOutcome) -> None:
    """5xx about the mail is final; 503, 530 and 535 speak of the session and pass when that is mended."""
    async with Peer({verb: [answer]}) as peer:
        assert await send(relay(peer)) == DeliveryResult(outcome, answer)


@pytest.mark.parametrize("answer", ["554 5.7.1 not you", "421 busy", "hello", "", HANG_UP, SILENCE])
@pytest.mark.parametrize("verb", ["CONNECT", "EHLO"])
async def test_a_relay_that_does_not_welcome_us_is_tried_later(relay: MakeRelay, verb: str, answer: str) -> None:
    async with Peer({verb: [answer], "HELO": [answer]}) as peer:
        assert (await send(relay(peer, timeouts=QUICK))).outcome is UNREACHABLE
        assert peer.mails == []


async def test_a_relay_without_extensions_is_spoken_to_plainly(relay: MakeRelay) -> None:
    async with Peer({"EHLO": ["500 unknown"]}, extensions=()) as peer:
        assert (await send(relay(peer))).outcome is SENT
        assert peer.conversations[0].heard[1:3] == ["HELO vanthu.quangngai.example", "MAIL FROM:<>"]


async def test_no_relay_at_all_is_tried_later() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        sender = RelaySender("127.0.0.1", unused.getsockname()[1], helo="h.example", tls="none")
        result = await send(sender)
    assert result == DeliveryResult(UNREACHABLE, "Không nối được tới máy chủ chuyển thư (ConnectionRefusedError)")


@pytest.mark.parametrize("fault", [HANG_UP, SILENCE, "not an answer"])
@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "CONTENT"])
async def test_a_new_connection_that_fails_is_not_tried_again_at_once(relay: MakeRelay, verb: str, fault: str) -> None:
    async with Peer({verb: [fault]}) as peer:
        assert (await send(relay(peer, timeouts=QUICK))).outcome is TEMPORARY
        assert len(peer.conversations) == 1


async def test_a_yes_to_data_alone_is_not_taken_for_delivery(relay: MakeRelay) -> None:
    async with Peer({"DATA": ["250 ok"]}) as peer:
        sender = relay(peer)
        assert (await send(sender)).outcome is TEMPORARY
        assert (await send(sender)).outcome is SENT
        assert len(peer.conversations) == 2


async def test_a_relay_that_dribbles_cannot_hold_us_beyond_the_attempt(relay: MakeRelay) -> None:
    async with Peer({"RCPT": [SILENCE]}) as peer:
        limits = RelayTimeouts(connect=9, command=9, content=9, attempt=0.3)
        result = await send(relay(peer, timeouts=limits))
    assert result == DeliveryResult(TEMPORARY, "Máy chủ chuyển thư không trả lời trong thời hạn")


async def test_a_burst_goes_over_one_connection(relay: MakeRelay) -> None:
    async with Peer({"RCPT": ["250 ok", "550 no", "450 later"]}) as peer:
        sender = relay(peer)
        outcomes = [(await send(sender)).outcome for _ in range(5)]
        assert outcomes == [SENT, PERMANENT, TEMPORARY, SENT, SENT]
        assert len(peer.conversations) == 1
        assert len(peer.mails) == 3


async def test_many_at_once_share_a_few_connections(relay: MakeRelay) -> None:
    async with Peer() as peer:
        sender = relay(peer, connections=3)
        bodies = [MAIL + b"%d\r\n" % number for number in range(40)]
        results = await asyncio.gather(*(send(sender, body) for body in bodies))
        assert {result.outcome for result in results} == {SENT}
        assert peer.most_at_once <= 3
        assert sorted(peer.mails) == sorted(body + b".\r\n" for body in bodies)


@pytest.mark.parametrize("verb", ["MAIL", "RCPT"])
@pytest.mark.parametrize("fault", [HANG_UP, "421 4.4.2 idle too long"])
async def test_a_kept_connection_found_dead_is_replaced_before_data(relay: MakeRelay, verb: str, fault: str) -> None:
    async with Peer({verb: ["250 ok", fault]}) as peer:
        sender = relay(peer)
        assert [(await send(sender)).outcome for _ in range(2)] == [SENT, SENT]
        assert len(peer.conversations) == 2
        assert len(peer.mails) == 2


@pytest.mark.parametrize("verb", ["DATA", "CONTENT"])
async def test_after_data_nothing_is_sent_twice(relay: MakeRelay, verb: str) -> None:
    """The relay may have taken the mail: whether it did is for the next attempt, with the same Message-ID."""
    async with Peer({verb: ["354 go" if verb == "DATA" else "250 ok", HANG_UP]}) as peer:
        sender = relay(peer)
        assert [(await send(sender)).outcome for _ in range(2)] == [SENT, TEMPORARY]
        assert len(peer.conversations) == 1


async def test_an_idle_connection_is_closed_with_quit(relay: MakeRelay) -> None:
    async with Peer() as peer:
        sender = relay(peer, timeouts=RelayTimeouts(idle=0.01))
        await send(sender)
        await asyncio.wait_for(peer.conversations[0].over.wait(), 5)
        assert peer.conversations[0].verbs[-1] == "QUIT"
        assert (await send(sender)).outcome is SENT
        assert len(peer.conversations) == 2


async def test_closing_says_quit_and_a_later_mail_opens_anew(relay: MakeRelay) -> None:
    async with Peer() as peer:
        sender = relay(peer)
        await send(sender)
        await sender.close()
        assert peer.conversations[0].verbs[-1] == "QUIT"
        assert (await send(sender)).outcome is SENT


async def test_a_cancelled_attempt_leaves_no_connection_in_an_unknown_state(relay: MakeRelay) -> None:
    async with Peer({"RCPT": [SILENCE]}) as peer:
        sender = relay(peer, connections=1)
        attempt = asyncio.create_task(sender.send(Outgoing("", TO, MAIL)))
        while not peer.conversations or "RCPT" not in peer.conversations[0].verbs:
            await peer.arrived.wait()
            peer.arrived.clear()
        attempt.cancel()
        with pytest.raises(asyncio.CancelledError):
            await attempt
        assert (await send(sender)).outcome is SENT
        assert len(peer.conversations) == 2


@pytest.mark.parametrize(
    ("content", "wire"),
    [
        (b"A: b\r\n\r\n.\r\n..\r\nx.\r\n", b"A: b\r\n\r\n..\r\n...\r\nx.\r\n.\r\n"),
        (b"A: b\n\nunix\nlines", b"A: b\r\n\r\nunix\r\nlines\r\n.\r\n"),
        (
            b"A: b\r\n\r\nsmuggled\n.\nMAIL FROM:<x@y>\r.\r",
            b"A: b\r\n\r\nsmuggled\r\n..\r\nMAIL FROM:<x@y>\r\n..\r\n.\r\n",
        ),
    ],
)
async def test_content_cannot_end_itself(relay: MakeRelay, content: bytes, wire: bytes) -> None:
    """A line of one dot, with whatever line ends, stays content (RFC 5321 section 4.5.2)."""
    async with Peer() as peer:
        assert (await send(relay(peer), content)).outcome is SENT
        assert peer.mails == [wire]
        assert peer.conversations[0].verbs == ["EHLO", "MAIL", "RCPT", "DATA"]


@given(st.lists(st.sampled_from([b".", b"\r", b"\n", b"\r\n", b"x", b"x" * 30_000]), max_size=12))
def test_pieces_join_to_what_one_piece_would_be(words: list[bytes]) -> None:
    """Wherever a large mail is cut, the receiver reads the same lines as if it had not been."""
    content = b"".join(words)
    wire = b"".join(lines_of(content))
    assert not wire or wire.endswith(b"\r\n")
    assert FINAL_DOT not in wire.splitlines(keepends=True)
    lines = wire.split(b"\r\n")
    received = b"\n".join(line[1:] if line.startswith(b".") else line for line in lines)
    assert b"." not in lines
    meant = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    assert received == (meant if not meant or meant.endswith(b"\n") else meant + b"\n")


async def test_a_large_mail_leaves_the_loop_to_others(relay: MakeRelay) -> None:
    """Other tasks get their turn all the way through: hundreds of times for ten megabytes."""
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with Peer() as peer:
        beside = asyncio.create_task(others())
        content = MAIL + b"7 bits and a line end\r\n" * 450_000
        assert (await send(relay(peer), content)).outcome is SENT
        beside.cancel()
        assert turns > len(content) // 65_536
        assert len(peer.mails[0]) == len(content) + 3


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example>\r\nRCPT TO:<c@d.example",
        "a b@c.example",
        "<a@b.example>",
        "nobody",
        "@b.example",
        "a@",
        "a@..",
        "",
    ],
)
async def test_what_is_no_address_never_reaches_the_relay(relay: MakeRelay, address: str) -> None:
    async with Peer() as peer:
        result = await send(relay(peer), to=address)
        assert result.outcome is PERMANENT
        assert result.response.startswith("5.1.3 ")
        assert peer.conversations == []


async def test_unicode_is_announced_only_where_it_is_needed(relay: MakeRelay) -> None:
    """A Vietnamese domain has an ASCII form; a Vietnamese local part or raw header has none (RFC 6531)."""
    async with Peer(extensions=("8BITMIME", "SMTPUTF8")) as peer:
        sender = relay(peer)
        raw = "Subject: Công văn\r\n\r\nx\r\n".encode()
        body = "Subject: x\r\n\r\nCông văn\r\n".encode()
        for content, to in ((MAIL, "vt@quảngngãi.example"), (MAIL, "vănthư@a.example"), (raw, TO), (body, TO)):
            assert (await send(sender, content, to)).outcome is SENT
        heard = [line for line in peer.conversations[0].heard if line.split(" ")[0] in {"MAIL", "RCPT"}]
        assert heard == [
            "MAIL FROM:<>",
            "RCPT TO:<vt@xn--qungngi-2wa3569d.example>",
            "MAIL FROM:<> SMTPUTF8",
            "RCPT TO:<vănthư@a.example>",
            "MAIL FROM:<> BODY=8BITMIME SMTPUTF8",
            f"RCPT TO:<{TO}>",
            "MAIL FROM:<> BODY=8BITMIME",
            f"RCPT TO:<{TO}>",
        ]


@pytest.mark.parametrize(
    ("content", "to", "code"),
    [(MAIL, "vănthư@a.example", "5.6.7"), ("A: x\r\n\r\nCông văn\r\n".encode(), TO, "5.6.3")],
)
async def test_what_the_relay_cannot_carry_is_final(relay: MakeRelay, content: bytes, to: str, code: str) -> None:
    async with Peer(extensions=("HELP",)) as peer:
        sender = relay(peer)
        result = await send(sender, content, to)
        assert result.outcome is PERMANENT
        assert result.response.startswith(code)
        assert (await send(sender)).outcome is SENT
        assert len(peer.conversations) == 1


async def test_long_answers_become_one_bounded_line(relay: MakeRelay) -> None:
    async with Peer({"RCPT": ["550-first\r\n550-\x1b[31m\r\n550 " + "x" * 3000]}) as peer:
        result = await send(relay(peer))
    assert result.response.startswith("550 first [31m xxx")
    assert len(result.response) == RESPONSE_LIMIT


async def test_starttls_covers_login_and_mail(relay: MakeRelay, tmp_path: Path) -> None:
    identity = Identity.made(tmp_path)
    async with Peer(extensions=("STARTTLS", "AUTH PLAIN"), tls=identity.server) as peer:
        sender = relay(peer, tls="starttls", ca_file=identity.ca_file, username="sgtvt", password=SECRET)
        assert (await send(sender)).outcome is SENT
        (conversation,) = peer.conversations
        assert conversation.verbs == ["EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL", "RCPT", "DATA"]
        assert conversation.encrypted == [False, False, True, True, True, True, True]


async def test_tls_from_the_first_byte(relay: MakeRelay, tmp_path: Path) -> None:
    identity = Identity.made(tmp_path)
    async with Peer(tls=identity.server, tls_at_once=True) as peer:
        assert (await send(relay(peer, tls="tls", ca_file=identity.ca_file))).outcome is SENT
        assert all(peer.conversations[0].encrypted)


@pytest.mark.parametrize("answer", [None, "454 4.7.0 TLS not available", "500 unknown"])
async def test_a_stripped_starttls_sends_nothing_in_the_clear(relay: MakeRelay, answer: str | None) -> None:
    extensions = ("AUTH PLAIN",) if answer is None else ("STARTTLS", "AUTH PLAIN")
    async with Peer({"STARTTLS": [answer or ""]}, extensions=extensions) as peer:
        result = await send(relay(peer, tls="starttls", username="sgtvt", password=SECRET))
        assert result.outcome is UNREACHABLE
        assert not {"AUTH", "MAIL", "HELO"} & set(peer.conversations[0].verbs)


@pytest.mark.parametrize("tls", ["starttls", "tls"])
@pytest.mark.parametrize("fault", ["unknown issuer", "other name"])
async def test_a_certificate_that_proves_nothing_stops_the_mail(
    relay: MakeRelay, tmp_path: Path, tls: str, fault: str
) -> None:
    shown = Identity.made(tmp_path, address="127.0.0.9" if fault == "other name" else "127.0.0.1")
    (tmp_path / "other").mkdir()
    trusted = shown if fault == "other name" else Identity.made(tmp_path / "other")
    async with Peer(extensions=("STARTTLS",), tls=shown.server, tls_at_once=tls == "tls") as peer:
        result = await send(relay(peer, tls=tls, ca_file=trusted.ca_file))
        assert result.outcome is UNREACHABLE
        assert result.response.startswith("Chứng thư của máy chủ chuyển thư không đáng tin: ")
        assert peer.mails == []


async def test_a_refused_login_tells_its_code_and_no_secret(relay: MakeRelay, tmp_path: Path) -> None:
    identity = Identity.made(tmp_path)
    answers = {"AUTH": [f"535 5.7.8 {SECRET} is wrong"]}
    async with Peer(answers, extensions=("STARTTLS", "AUTH PLAIN"), tls=identity.server) as peer:
        sender = relay(peer, tls="starttls", ca_file=identity.ca_file, username="sgtvt", password=SECRET)
        result = await send(sender)
    assert result == DeliveryResult(UNREACHABLE, "Máy chủ chuyển thư từ chối đăng nhập (mã 535)")
    assert SECRET not in repr(sender)


async def test_a_password_may_change_between_logins(relay: MakeRelay, tmp_path: Path) -> None:
    identity = Identity.made(tmp_path)
    passwords = iter(["first", "second"])
    async with Peer(extensions=("STARTTLS", "AUTH PLAIN"), tls=identity.server) as peer:
        sender = relay(peer, tls="starttls", ca_file=identity.ca_file, username="u", password=lambda: next(passwords))
        for _ in range(2):
            await send(sender)
            await sender.close()
        logins = [conversation.heard[3] for conversation in peer.conversations]
    assert logins == ["AUTH PLAIN AHUAZmlyc3Q=", "AUTH PLAIN AHUAc2Vjb25k"]


async def test_a_surprise_is_temporary_and_logged_without_its_text(relay: MakeRelay, tmp_path: Path) -> None:
    def broken() -> str:
        raise LookupError(SECRET)

    identity = Identity.made(tmp_path)
    async with Peer(extensions=("STARTTLS", "AUTH PLAIN"), tls=identity.server) as peer:
        sender = relay(peer, tls="starttls", ca_file=identity.ca_file, username="sgtvt", password=broken)
        with capture_logs() as logs:
            result = await send(sender)
    assert result == DeliveryResult(TEMPORARY, "Lỗi ngoài dự kiến khi chuyển thư (LookupError)")
    assert [entry["event"] for entry in logs] == ["relay.surprise"]
    assert SECRET not in str(logs)


@pytest.mark.parametrize("options", [{"tls": "none", "password": SECRET}, {"tls": "tls"}])
def test_a_login_in_the_clear_or_without_password_is_refused_at_start(options: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match=r"relay\.username"):
        RelaySender("127.0.0.1", 25, helo="h.example", username="sgtvt", **options)
