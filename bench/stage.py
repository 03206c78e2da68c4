"""The stage of a measurement: a real daemon with a real clamd, in a folder of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.letters import authority
from tests.servers.clamd import ClamdServer
from tests.servers.daemon import Daemon

Sections = Mapping[str, Mapping[str, Any]]

STREAM_BYTES = 128 * 2**20


@contextmanager
def clamd() -> Iterator[ClamdServer]:
    """Debian's clamd with the tests' signatures."""
    with tempfile.TemporaryDirectory(prefix="clamd-") as name:
        server = ClamdServer(Path(name), stream_max=STREAM_BYTES)
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def daemon(sections: Sections, folder: Path | None = None) -> Iterator[Daemon]:
    """`vanthu serve` that trusts the PKI of this run, ended with the block; its data in `folder` or one of its own."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        gateway = Daemon(folder or Path(name), sections)
        authority().write_anchors(gateway.folder / "trust")
        gateway.start()
        try:
            yield gateway
        finally:
            gateway.kill()


def sections_for(scanner: ClamdServer, relay_port: int) -> Sections:
    """The shipped configuration with this scanner and a relay on 127.0.0.1."""
    return {"scanner": {"clamd": [scanner.address]}, "relay": {"host": "127.0.0.1", "port": relay_port}}
