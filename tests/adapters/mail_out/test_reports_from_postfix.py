"""What we ask of a real Postfix comes back to us: its reports bear our envelope id and the recipient as we wrote it."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.adapters.mail_out.peer import Peer
from tests.adapters.mail_out.sending import SENT, TOKEN, VERP, MakeRelay, send
from tests.servers.postfix import PostfixServer

MAIL = b"From: sgtvt@quangngai.example\r\nMessage-ID: <17@quangngai.example>\r\n\r\nkhong tra lai phan nay\r\n"
HOME = "quangngai.example"


@pytest.fixture
def postfix(tmp_path: Path) -> PostfixServer:
    """Not started yet, so that domains can be routed first."""
    return PostfixServer(tmp_path, settings={"delay_warning_time": "1s"})


def fields(report: bytes) -> tuple[EmailMessage, dict[str, str]]:
    """A mail with a report (RFC 3464), and the fields of its machine-readable part."""
    message = email.message_from_bytes(report, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert message.get_content_type() == "multipart/report"
    part = next(part for part in message.walk() if part.get_content_type().endswith("delivery-status"))
    text = part.as_bytes().decode()
    lines = (line.partition(":") for line in text.splitlines())
    return message, {name: value.strip() for name, colon, value in lines if colon}


async def report_on(
    relay: MakeRelay, postfix: PostfixServer, home: Peer, to: str
) -> tuple[EmailMessage, dict[str, str]]:
    """Send a mail with our wish for reports and return the first one that comes back."""
    postfix.route(HOME, home.port)
    with postfix:
        result = await send(relay(postfix), MAIL, to=to, mail_from=VERP, token=TOKEN)
        assert result.outcome is SENT
        assert result.reports
        report = (await home.mails_taken(1))[0]
    heard = home.conversations[0].heard
    assert [line.split(" ")[1] for line in heard[1:3]] == ["FROM:<>", f"TO:<{VERP}>"]
    message, found = fields(report)
    assert found["Original-Envelope-Id"] == TOKEN
    assert found["Original-Recipient"].replace(" ", "") in {f"rfc822;{to}", f"utf-8;{to}"}
    assert b"<17@quangngai.example>" in report
    assert b"khong tra lai" not in report
    return message, found


async def test_a_delivery_is_reported(relay: MakeRelay, postfix: PostfixServer) -> None:
    async with Peer() as home:
        _, found = await report_on(relay, postfix, home, "van+thu=a@moduc.example")
        assert (found["Action"], found["Status"]) == ("delivered", "2.0.0")


async def test_an_address_beyond_ascii_comes_back_as_it_was(relay: MakeRelay, postfix: PostfixServer) -> None:
    async with Peer(extensions=("8BITMIME", "SMTPUTF8")) as home:
        _, found = await report_on(relay, postfix, home, "văn+thư@moduc.example")
        assert found["Action"] == "delivered"


async def test_a_next_hop_without_dsn_makes_it_relayed(relay: MakeRelay, postfix: PostfixServer) -> None:
    async with Peer() as home, Peer() as hop:
        postfix.route("moduc.example", hop.port)
        _, found = await report_on(relay, postfix, home, "vanthu@moduc.example")
        assert found["Action"] == "relayed"


async def test_a_next_hop_that_refuses_makes_a_bounce(relay: MakeRelay, postfix: PostfixServer) -> None:
    async with Peer() as home, Peer({"RCPT": ["550 5.1.1 no such user"]}) as hop:
        postfix.route("moduc.example", hop.port)
        _, found = await report_on(relay, postfix, home, "vanthu@moduc.example")
        assert (found["Action"], found["Status"]) == ("failed", "5.1.1")
        assert found["Diagnostic-Code"] == "smtp; 550 5.1.1 no such user"


async def test_a_mail_that_is_given_up_makes_a_bounce(relay: MakeRelay, postfix: PostfixServer) -> None:
    async with Peer() as home:
        postfix.bounce("moduc.example", "5.1.6 moved away")
        _, found = await report_on(relay, postfix, home, "vanthu@moduc.example")
        assert (found["Action"], found["Status"]) == ("failed", "5.1.6")


async def test_a_next_hop_that_is_busy_makes_a_warning(relay: MakeRelay, postfix: PostfixServer) -> None:
    async with Peer() as home, Peer({"RCPT": ["450 4.2.1 busy"] * 1000}) as hop:
        postfix.route("moduc.example", hop.port)
        _, found = await report_on(relay, postfix, home, "vanthu@moduc.example")
        assert (found["Action"], found["Status"]) == ("delayed", "4.2.1")


async def test_without_a_wish_a_delivery_is_not_reported_and_a_bounce_is(relay: MakeRelay, tmp_path: Path) -> None:
    """As from a relay that does not offer DSN: the bounce bears no id, but it comes to our reverse-path."""
    postfix = PostfixServer(tmp_path, settings={"smtpd_discard_ehlo_keywords": "dsn"})
    async with Peer() as home:
        postfix.route(HOME, home.port)
        postfix.bounce("gone.example", "5.1.6 moved away")
        with postfix:
            sender = relay(postfix)
            for to in ("vanthu@moduc.example", "vanthu@gone.example"):
                result = await send(sender, MAIL, to=to, mail_from=VERP, token=TOKEN)
                assert (result.outcome, result.reports) == (SENT, False)
            _, found = fields((await home.mails_taken(1))[0])
        assert "Original-Envelope-Id" not in found
        assert (found["Action"], found["Final-Recipient"]) == ("failed", "rfc822; vanthu@gone.example")
        assert home.conversations[0].heard[2].split(" ")[1] == f"TO:<{VERP}>"
