"""Sending to the daemon as others do, and waiting for what must come of it."""

from __future__ import annotations

import asyncio
import smtplib
import time
from collections.abc import Awaitable, Callable, Iterable
from email import message_from_bytes
from typing import TypeVar

from gateway.model.mail import MailStage
from gateway.store.database import Database
from gateway.store.queries import Queries
from tests.mails import RECIPIENT, SENDER
from tests.servers.daemon import Daemon
from tests.servers.postfix import PostfixServer

T = TypeVar("T")

_STEP = 0.1


def send(daemon: Daemon, raw: bytes, *, sender: str = SENDER) -> str:
    """One mail over SMTP; the gateway's id for it. Raises smtplib.SMTPException, OSError."""
    with smtplib.SMTP("127.0.0.1", daemon.port, timeout=30) as client:
        client.ehlo()
        client.mail(sender)
        client.rcpt(RECIPIENT)
        code, answer = client.data(raw)
        if code != 250:
            raise smtplib.SMTPDataError(code, answer)
        return answer.decode()


def await_true(what: str, look: Callable[[], bool], seconds: float = 60.0) -> None:
    """Look again and again; fails naming what did not happen."""
    end = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < end, f"{what} did not happen within {seconds} s"
        time.sleep(_STEP)


def ask(daemon: Daemon, question: Callable[[Queries], Awaitable[T]]) -> T:
    """What the daemon's database answers, asked here: a command takes a process."""

    async def asked() -> T:
        database = Database(daemon.database_url)
        try:
            return await question(Queries(database))
        finally:
            await database.close()

    return asyncio.run(asked())


def registered(daemon: Daemon) -> list[int]:
    """The arrival numbers in the register."""
    return [document.arrival_number for document in ask(daemon, Queries.register)]


def has_registered(daemon: Daemon, mails: int) -> bool:
    """Whether so many mails have come into the register."""
    return ask(daemon, Queries.counts).get(("mail", MailStage.REGISTERED.value), 0) == mails


def is_quiet(daemon: Daemon) -> bool:
    """Whether no notice waits to be sent."""
    return ask(daemon, lambda queries: queries.outbox(open_only=True)) == []


def notices(relay: PostfixServer, kinds: Iterable[str]) -> list[tuple[str, str]]:
    """(recipient, Message-ID) of every copy that reached a mailbox, for these kinds of notice."""
    found = []
    wanted = tuple(f"<{kind}." for kind in kinds)
    for delivered in relay.maildir_messages():
        message_id = str(message_from_bytes(delivered.content)["Message-ID"])
        if message_id.startswith(wanted):
            found.append((delivered.recipient, message_id))
    return found
