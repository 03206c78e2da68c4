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
def daemon(sections: Mapping[str, Mapping[str, Any]]) -> Iterator[Daemon]:
    """`vanthu serve` that trusts the PKI of this run, ended with the block."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        gateway = Daemon(Path(name), sections)
        authority().write_anchors(gateway.folder / "trust")
        gateway.start()
        try:
            yield gateway
        finally:
            gateway.kill()
