"""What an operator decides about one mailbox."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Tls(StrEnum):
    """How the way to the server is protected; with the first two its certificate is always verified."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class Login(StrEnum):
    """How we prove who we are: the secret is a password, or an access token (RFC 6750)."""

    PASSWORD = "password"  # noqa: S105 - the name of a way, no password
    XOAUTH2 = "xoauth2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """Limits in seconds: for the way to a server that has greeted us, one command, one piece of content."""

    connect: float = 20.0
    command: float = 30.0
    piece: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """Seconds between attempts: `first`, doubled at each failure up to `most`; `refused` after a refused password."""

    first: float = 1.0
    most: float = 300.0
    refused: float = 300.0

    def delay(self, failures: int) -> float:
        """How long to wait after so many failures in a row, without jitter."""
        return min(self.most, self.first * 2.0 ** min(failures - 1, 32))


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxOptions:
    """Settings of one mailbox.

    `name` is the short key in the configuration and part of every transport id. `secret` is asked at each connect.
    `address` is ours: the recipient of what arrives here. A finished mail is moved to `done_folder`, or marked with
    `done_flag` where that is empty: a keyword rather than `\\Seen`, so that nobody who reads the mailbox hides a mail.
    `poll` (seconds, below 29 minutes: RFC 2177) is the longest time between two looks, with or without IDLE.
    A mail that could not be read again and again is tried once in `retry` seconds.
    """

    name: str
    host: str
    port: int
    username: str
    secret: Callable[[], str] = field(repr=False)
    address: str
    max_message_bytes: int
    tls: Tls = Tls.TLS
    ca_file: Path | None = None
    login: Login = Login.PASSWORD
    folder: str = "INBOX"
    done_folder: str = ""
    done_flag: str = "$VanthuTaken"
    poll: float = 60.0
    retry: float = 3600.0
    deadlines: Deadlines = Deadlines()
    backoff: Backoff = Backoff()
    piece_bytes: int = 512 * 1024

    @property
    def place(self) -> str:
        """Eight hexadecimal digits that tell this account and folder from all others.

        UIDVALIDITY does not: two servers, or two folders of one, may have the same (RFC 3501 section 2.3.1.1).
        """
        folder = "INBOX" if self.folder.upper() == "INBOX" else self.folder
        whole = "\n".join((self.host.lower(), str(self.port), self.username, folder))
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:8]
