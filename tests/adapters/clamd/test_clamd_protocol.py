"""A peer that breaks clamd's protocol is never understood to say clean."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.adapters.clamd import ClamdScanner
from gateway.adapters.clamd.answer import read_version
from gateway.adapters.clamd.connection import NoAnswer
from gateway.model.facts import ScanVerdict

VERSION = b"ClamAV 1.4.3/27800/Thu Oct 23 09:42:11 2025\n"


class Peer:
    """Answers VERSION properly and INSTREAM with whatever it was told to say, then closes."""

    def __init__(self, path: Path) -> None:
        self.address = f"unix:{path}"
        self.answer = b""
        self.pieces = 1
        self.silent = threading.Event()
        self.received = 0
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self.silent.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, suppress(ConnectionError):
                if connection.recv(10) == b"nVERSION\n":
                    connection.sendall(VERSION)
                else:
                    self._stream(connection)

    def _stream(self, connection: socket.socket) -> None:
        self.received = 0
        if self.pieces:
            while length := int.from_bytes(connection.recv(4, socket.MSG_WAITALL), "big"):
                self.received += len(connection.recv(length, socket.MSG_WAITALL))
        if self.answer == b"hang":
            self.silent.wait()
            return
        step = max(1, len(self.answer) // max(1, self.pieces))
        for start in range(0, len(self.answer), step):
            connection.sendall(self.answer[start : start + step])


@pytest.fixture
def peer(tmp_path: Path) -> Iterator[Peer]:
    peer = Peer(tmp_path / "peer.sock")
    yield peer
    peer.close()


@pytest.fixture
def scanner(peer: Peer) -> Iterator[ClamdScanner]:
    scanner = ClamdScanner([peer.address], 0.5, 1 << 30)
    yield scanner
    scanner.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "content"
    path.write_bytes(os.urandom(3_000_001))
    return path


@pytest.mark.parametrize(
    ("answer", "transient"),
    [
        (b"", True),
        (b"\n", True),
        (b"OK\n", True),
        (b"stream: OK", True),
        (b"stream: OK FOUND", True),
        (b"stream: ok\n", True),
        (b"xstream: OK\n", True),
        (b"stream: OK nonsense\n", True),
        (b"stream: FOUND\n", True),
        (b"stream:  FOUND\n", True),
        (b"\xff\xfe\x00", True),
        (b"x" * 100_000, True),
        (b"hang", True),
        (b"UNKNOWN COMMAND\n", True),
        (b"COMMAND READ TIMED OUT\n", True),
        (b"stream: Can't allocate memory ERROR\n", True),
        (b"INSTREAM size limit exceeded. ERROR\n", False),
        (b"stream: (null) FOUND\n", False),
        (b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\n", False),
        (b"stream: Heuristics.Encrypted.Zip FOUND\n", False),
        (b"stream: Heuristics.Encrypted.PDF FOUND\n", False),
    ],
)
async def test_nothing_but_an_explicit_ok_is_clean(
    scanner: ClamdScanner, peer: Peer, file: Path, answer: bytes, transient: bool
) -> None:
    peer.answer = answer
    scan = await scanner.scan(file)
    assert (scan.verdict, scan.transient) == (ScanVerdict.NOT_SCANNED, transient)
    assert scan.name


@pytest.mark.parametrize(("answer", "pieces"), [(b"stream: OK\n", 1), (b"stream: OK\n", 20), (b"stream: OK\0", 3)])
async def test_an_explicit_ok_is_clean_however_it_arrives(
    scanner: ClamdScanner, peer: Peer, file: Path, answer: bytes, pieces: int
) -> None:
    peer.answer, peer.pieces = answer, pieces
    scan = await scanner.scan(file)
    assert scan.verdict is ScanVerdict.CLEAN
    assert scan.engine == VERSION.decode().strip()


async def test_every_byte_of_the_file_is_sent(scanner: ClamdScanner, peer: Peer, file: Path) -> None:
    peer.answer = b"stream: OK\n"
    await scanner.scan(file)
    assert peer.received == file.stat().st_size


async def test_a_name_with_blanks_is_still_a_virus(scanner: ClamdScanner, peer: Peer, file: Path) -> None:
    peer.answer = b"stream: Win.Trojan.Encrypted: odd name FOUND\n"
    scan = await scanner.scan(file)
    assert (scan.verdict, scan.name) == (ScanVerdict.INFECTED, "Win.Trojan.Encrypted: odd name")


async def test_an_answer_before_the_end_of_the_stream_is_heard(scanner: ClamdScanner, peer: Peer, file: Path) -> None:
    peer.answer, peer.pieces = b"INSTREAM size limit exceeded. ERROR\n", 0
    scan = await scanner.scan(file)
    assert (scan.verdict, scan.transient) == (ScanVerdict.NOT_SCANNED, False)


def test_the_age_of_the_signatures_is_read() -> None:
    version = read_version(VERSION.decode().strip())
    assert version.signature_version == 27800
    assert version.signature_time == datetime(2025, 10, 23, 9, 42, 11).astimezone(UTC)


@pytest.mark.parametrize("answer", ["ClamAV 1.4.6", "ClamAV 1.4.6/", "ClamAV 1.4.6/0/nonsense"])
def test_a_version_without_signatures_has_no_age(answer: str) -> None:
    assert read_version(answer).signature_time is None


@pytest.mark.parametrize("answer", ["", "PONG", "ClamAV \x1b[31m"])
def test_nonsense_is_no_version(answer: str) -> None:
    with pytest.raises(NoAnswer):
        read_version(answer)
