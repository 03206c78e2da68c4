"""Senders for the tests of this folder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Protocol

import pytest

from gateway.adapters.smtp_out import RelaySender, RelayTimeouts
from tests.adapters.mail_out.sending import MakeRelay


class Server(Protocol):
    """Whatever listens on loopback."""

    @property
    def port(self) -> int: ...


@pytest.fixture
async def relay() -> AsyncIterator[MakeRelay]:
    """Makes senders to a peer or a Postfix, closed at the end."""
    made: list[RelaySender] = []

    def make(server: Server, **options: Any) -> RelaySender:
        settings: dict[str, Any] = {
            "host": "127.0.0.1",
            "helo": "vanthu.quangngai.example",
            "tls": "none",
            "timeouts": RelayTimeouts(idle=30.0),
        } | options
        made.append(RelaySender(settings.pop("host"), server.port, **settings))
        return made[-1]

    yield make
    for sender in made:
        await sender.close()
