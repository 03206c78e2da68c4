"""The daemon's own acceptance against Postfix: `bench.accept` with `vanthu serve` as our side.

Postfix holds what it accepted, so its figure is acceptance and nothing else. The like of it is the
daemon while its scanner is away: mails are durable, entered, taken apart and then wait, as Postfix's do
in its hold queue. The other figure is the daemon that works on the mails while more of them come.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import accept, stage
from tests.mails import RECIPIENT
from tests.servers.ports import free_port


def measure() -> dict[str, object]:
    """The main figure is that of the daemon at work, which is how it is run; the other stands beside it."""
    at_work = accept.measure(_at_work)
    held = accept.measure(_held)
    return at_work | {
        "ours_is": "vanthu serve, working on the mails at the same time",
        "peer_is": "Postfix, holding the mails",
        "ours_held": held["ours"],
        "peer_beside_held": held["peer"],
        "ratio_held": held["ratio"],
    }


@contextmanager
def _at_work(folder: Path) -> Iterator[int]:
    """Everything real; answers go into a Maildir."""
    with stage.clamd() as scanner, stage.daemon(_receiving(scanner.address), folder) as gateway:
        yield gateway.port


@contextmanager
def _held(folder: Path) -> Iterator[int]:
    """No scanner listens, so every mail waits before it is scanned."""
    with stage.daemon(_receiving(f"127.0.0.1:{free_port()}"), folder) as gateway:
        yield gateway.port


def _receiving(scanner: str) -> stage.Sections:
    return {
        "mail": {"recipients": [RECIPIENT, accept.RECIPIENT]},
        "scanner": {"clamd": [scanner]},
        "relay": {"maildir": "maildir"},
    }
