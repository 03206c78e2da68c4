"""The real daemon with real servers around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers.clamd import ClamdServer
from tests.servers.daemon import Daemon
from tests.servers.postfix import PostfixServer


@pytest.fixture(scope="session")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClamdServer]:
    server = ClamdServer(tmp_path_factory.mktemp("clamd"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[PostfixServer]:
    with PostfixServer(tmp_path) as server:
        yield server


Start = Callable[..., Daemon]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start daemons with the sections given; what is still running at the end is killed."""
    started: list[Daemon] = []

    def start_one(**sections: dict[str, Any]) -> Daemon:
        daemon = Daemon(tmp_path / f"gateway{len(started)}", sections)
        started.append(daemon)
        daemon.start()
        return daemon

    yield start_one
    for daemon in started:
        daemon.kill()


@pytest.fixture
def gateway(start: Start, clamd: ClamdServer, relay: PostfixServer) -> Daemon:
    """A daemon with ClamAV and a relay, on SQLite."""
    return start(scanner={"clamd": [clamd.address]}, relay={"host": relay.host, "port": relay.port, "retry": ["1 s"]})
