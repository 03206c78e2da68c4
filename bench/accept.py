"""How many mails a second are durably accepted, against a private Postfix in the same run.

    python -m bench.accept

Eight sessions of Postfix's own smtp-source send mails of 206 KB over loopback, to one server and then the other,
round by round. Postfix holds what it accepted (no delivery competes for the machine). The ratio is the median
over the rounds.
"""

from __future__ import annotations

import asyncio
import json
import queue
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import uvloop

from gateway.adapters.smtp_in import Options, start
from gateway.model.mail import Envelope, StoredBlob
from gateway.store.blobs import LocalBlobs
from tests.servers.ports import await_port, free_port
from tests.servers.postfix import PostfixServer

RECIPIENT = "sgtvt@gateway.test"
MESSAGE_BYTES = 206_000
SESSIONS = 8
MESSAGES = 400
ROUNDS = 5

StartServer = Callable[[Path], AbstractContextManager[int]]
"""Starts our server with its data in a folder; the context's value is its port on 127.0.0.1."""


def measure(start_ours: StartServer) -> dict[str, object]:
    """One comparison: mails a second of both, and the median ratio of the rounds."""
    if shutil.which("smtp-source") is None:
        raise RuntimeError("smtp-source is missing: install the Debian package postfix")
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        (folder / "ours").mkdir()
        with start_ours(folder / "ours") as port, PostfixServer(folder, hold=True) as peer:
            for warming in (port, peer.port):
                _send(warming, SESSIONS * 4)
            rounds = [(_send(port, MESSAGES), _send(peer.port, MESSAGES)) for _ in range(ROUNDS)]
    return {
        "bench": "accept",
        "ours": round(statistics.median(ours for ours, _ in rounds), 1),
        "peer": round(statistics.median(theirs for _, theirs in rounds), 1),
        "ratio": round(statistics.median(ours / theirs for ours, theirs in rounds), 2),
        "message_bytes": MESSAGE_BYTES,
        "sessions": SESSIONS,
        "messages": MESSAGES * ROUNDS,
    }


@contextmanager
def listener_alone(folder: Path) -> Iterator[int]:
    """The listener with blob store and one SQLite row a mail, in a process of its own."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.accept", "serve", str(folder), str(port)])
    try:
        await_port(port, 30.0, lambda: f"exit code {process.poll()}")
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _send(port: int, messages: int) -> float:
    """Mails a second over SESSIONS connections; raises where one was not accepted."""
    command = ["smtp-source", "-s", str(SESSIONS), "-m", str(messages), "-l", str(MESSAGE_BYTES)]
    began = time.perf_counter()
    subprocess.run([*command, "-f", "van.thu@peer.test", "-t", RECIPIENT, f"127.0.0.1:{port}"], check=True)
    return messages / (time.perf_counter() - began)


class _Rows:
    """Rows in SQLite, durable before their label is known; those that wait share a commit."""

    def __init__(self, path: Path) -> None:
        self._waiting: queue.SimpleQueue[tuple[tuple[str, str, int], asyncio.Future[str]]] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._path = path
        threading.Thread(target=self._write, daemon=True).start()

    async def accept(self, envelope: Envelope, blob: StoredBlob) -> str:
        """Enter one mail."""
        done: asyncio.Future[str] = self._loop.create_future()
        self._waiting.put(((envelope.transport_id, blob.sha256, blob.size), done))
        return await done

    def _write(self) -> None:
        database = sqlite3.connect(self._path, isolation_level=None)
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL"):
            database.execute(statement)
        database.execute("CREATE TABLE mail (id INTEGER PRIMARY KEY, transport_id TEXT UNIQUE, sha256 TEXT, size INT)")
        while True:
            batch = [self._waiting.get()]
            while not self._waiting.empty():
                batch.append(self._waiting.get())
            database.execute("BEGIN IMMEDIATE")
            statement = "INSERT INTO mail (transport_id, sha256, size) VALUES (?, ?, ?)"
            ids = [database.execute(statement, row).lastrowid for row, _ in batch]
            database.execute("COMMIT")
            self._loop.call_soon_threadsafe(_resolve, batch, ids)


def _resolve(batch: list[tuple[tuple[str, str, int], asyncio.Future[str]]], ids: list[int | None]) -> None:
    for (_, done), row in zip(batch, ids, strict=True):
        if not done.done():
            done.set_result(f"M{row}")


async def _serve(folder: Path, port: int) -> None:
    rows = _Rows(folder / "bench.db")
    options = Options(
        hostname="gateway.test", recipients=frozenset({RECIPIENT}), max_message_bytes=50_000_000, port=port
    )
    await start(options, LocalBlobs(folder / "blobs"), rows.accept)
    await asyncio.Event().wait()


def main(arguments: list[str]) -> None:
    """Print the comparison, or be the server of one."""
    if arguments[:1] == ["serve"]:
        uvloop.run(_serve(Path(arguments[1]), int(arguments[2])))
    else:
        print(json.dumps(measure(listener_alone)))


if __name__ == "__main__":
    main(sys.argv[1:])
