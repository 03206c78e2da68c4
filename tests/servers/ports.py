"""Loopback ports for servers that tests and benchmarks start."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

_STEP_SECONDS = 0.02


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def await_port(port: int, seconds: float, failure: Callable[[], str]) -> None:
    """Return once 127.0.0.1:port takes a connection; raises TimeoutError with the text of `failure()`."""
    end = time.monotonic() + seconds
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=seconds):
                return
        except OSError as error:
            if time.monotonic() > end:
                raise TimeoutError(f"nobody listens on port {port}: {failure()}") from error
        time.sleep(_STEP_SECONDS)
