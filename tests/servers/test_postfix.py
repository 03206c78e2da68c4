"""The tests' own Postfix keeps its promises: it relays into its Maildir, and its queue outlives a stop."""

from __future__ import annotations

import smtplib
import time
from pathlib import Path

import pytest

from tests.servers.postfix import Delivered, PostfixServer

PATIENCE_SECONDS = 20.0


def delivered(server: PostfixServer, count: int) -> list[Delivered]:
    """The mails of the Maildir, once there are so many."""
    end = time.monotonic() + PATIENCE_SECONDS
    while len(mails := server.maildir_messages()) < count and time.monotonic() < end:
        time.sleep(0.05)
    return mails


def send(server: PostfixServer, recipient: str) -> None:
    with smtplib.SMTP(server.host, server.port) as client:
        client.sendmail("", [recipient], b"Subject: x\r\n\r\n" + recipient.encode() + b"\r\n")


def test_it_delivers_for_any_address_and_after_a_restart_too(tmp_path: Path) -> None:
    with PostfixServer(tmp_path) as server:
        send(server, "one@first.example")
        assert [mail.recipient for mail in delivered(server, 1)] == ["one@first.example"]
        server.stop()
        server.start()
        send(server, "two@second.example")
        mails = delivered(server, 2)
    assert {mail.recipient for mail in mails} == {"one@first.example", "two@second.example"}
    assert {mail.sender for mail in mails} == {""}
    assert any(mail.content.endswith(b"\n\ntwo@second.example\n") for mail in mails)


def test_on_hold_it_queues_durably_and_delivers_nothing(tmp_path: Path) -> None:
    with PostfixServer(tmp_path, hold=True) as server:
        send(server, "one@first.example")
        server.stop()
        assert server.queued() == 1
        assert server.maildir_messages() == []
    assert not server.folder.exists()


def test_where_mail_goes_may_be_said_while_it_runs(tmp_path: Path) -> None:
    (tmp_path / "next").mkdir()
    with PostfixServer(tmp_path) as server, PostfixServer(tmp_path / "next") as next_hop:
        server.route("routed.example", next_hop.port)
        server.answer("no@first.example", "550 5.1.1 nobody")
        for recipient in ("one@routed.example", "two@first.example"):
            send(server, recipient)
        with pytest.raises(smtplib.SMTPRecipientsRefused, match="nobody"):
            send(server, "no@first.example")
        assert [mail.recipient for mail in delivered(next_hop, 1)] == ["one@routed.example"]
        assert [mail.recipient for mail in delivered(server, 1)] == ["two@first.example"]
