"""What an operator decides about the listener."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """Settings of one listening socket.

    `recipients` are whole addresses, compared without regard to case; their plus-addresses
    belong to them. `unix_path` takes the place of `host` and `port`. Times are seconds:
    `command_timeout` for one command line or reply, `data_timeout` for the next bytes of a
    mail, `data_total_timeout` for a whole mail. STARTTLS is offered where `tls` is given. `admit` says for a sender,
    the client's address and a size in bytes (0 where the client does not tell) how many seconds the mail must wait.
    """

    hostname: str
    recipients: frozenset[str]
    max_message_bytes: int
    host: str = "127.0.0.1"
    port: int = 25
    unix_path: Path | None = None
    lmtp: bool = False
    tls: ssl.SSLContext | None = None
    command_timeout: float = 300.0
    data_timeout: float = 180.0
    data_total_timeout: float = 3600.0
    connections_per_address: int = 20
    connections_total: int = 200
    max_recipients: int = 100
    admit: Callable[[str, str, int], float] = lambda _sender, _address, _size: 0.0
