"""Mails byte by byte, as people write them who mean no good."""

from __future__ import annotations

import itertools
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime

from gateway.clock import local
from tests.flow.conftest import SENDERS_SERVER
from tests.flow.staff import OUTSIDE
from tests.mails import RECIPIENT, SENDER
from tests.records import MORNING

FORGER = "203.0.113.66"
"""A machine that no domain vouches for."""
STRANGERS_SERVER = "192.0.2.25"
STRANGER = "ai.do@stranger.example"
"""Proved by SPF, and in nobody's directory."""

_LOCAL, _, _DOMAIN = RECIPIENT.partition("@")
_numbers = itertools.count(1)


def reply_to(token: str) -> str:
    """The address of ours that bears a token."""
    return f"{_LOCAL}+r-{token}@{_DOMAIN}"


def reference(token: str) -> str:
    """The token as it stands in References."""
    return f"<r-{token}@{_DOMAIN}>"


@dataclass(frozen=True)
class Attack:
    """A mail with its envelope."""

    raw: bytes
    mail_from: str
    peer: str
    recipient: str


def attack(
    text: str,
    *,
    author: str,
    sender: str | None = None,
    to: str = RECIPIENT,
    references: Sequence[str] = (),
    headers: Sequence[str] = (),
    subject: str = "TL: van ban",
    mail_from: str | None = None,
    peer: str = OUTSIDE,
    recipient: str | None = None,
    at: datetime | None = None,
    content_type: str = "text/plain; charset=utf-8",
    message_id: str | None = "",
) -> Attack:
    """`author` is the From field as it stands, `sender` the address in it where that is not all of it.

    `headers` are whole fields. By itself each mail is of a second later; with None for `message_id` it has none. The
    text is encoded in base64, so that nothing in it is a header or a boundary.
    """
    number = next(_numbers)
    at = at or MORNING + timedelta(seconds=number)
    identity = message_id if message_id != "" else f"<tan-cong-{number}@may-tinh.example>"
    fields = [
        f"From: {author}",
        f"To: {to}",
        f"Subject: {subject}",
        f"Date: {format_datetime(local(at))}",
        *([f"Message-ID: {identity}"] if identity else []),
        *([f"In-Reply-To: {references[-1]}", f"References: {' '.join(references)}"] if references else []),
        *headers,
        "MIME-Version: 1.0",
        f"Content-Type: {content_type}",
        "Content-Transfer-Encoding: base64",
    ]
    body = b64encode(text.encode()).decode()
    lines = [*fields, "", *(body[start : start + 76] for start in range(0, len(body), 76)), ""]
    raw = "\r\n".join(lines).encode()
    address = sender or author.strip("<>")
    return Attack(raw, address if mail_from is None else mail_from, peer, recipient or to)


def by_stranger(text: str, **changes: object) -> Attack:
    """The same by somebody who is proved and unknown."""
    fixed: dict[str, object] = {"author": STRANGER, "mail_from": STRANGER, "peer": STRANGERS_SERVER}
    return attack(text, **(fixed | changes))  # type: ignore[arg-type]


def by_agency(text: str, **changes: object) -> Attack:
    """The same by an agency that is known and proved."""
    fixed: dict[str, object] = {"author": SENDER, "mail_from": SENDER, "peer": SENDERS_SERVER}
    return attack(text, **(fixed | changes))  # type: ignore[arg-type]
