"""A peer that breaks clamd's protocol is never understood to say clean."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.adapters.clamd import ClamdScanner
from gateway.adapters.clamd.answer import read_version
from gateway.adapters.clamd.connection import NoAnswer
from gateway.model.facts import ScanVerdict

VERSION = b"ClamAV 1.4.3/27800/Thu Oct 23 09:42:11 2025\n"
MADE_AT = datetime(2025, 10, 23, 9, 42, 11).astimezone(UTC)
PATIENCE = 5.0
CLEAN = b"stream: OK\n"


class Peer:
    """Answers VERSION properly, PING unless deaf, and INSTREAM with whatever it was told to say, then closes.

    `answers`, where there are any, are said one after the other before `answer`.
    """

    def __init__(self, path: Path) -> None:
        self.address = f"unix:{path}"
        self.answer = b""
        self.answers: list[bytes] = []
        self.deaf = False
        self.streams = 0
        self.pieces = 1
        self.received = 0
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, suppress(ConnectionError, TimeoutError):
                self._obey(connection, connection.recv(10))

    def _obey(self, connection: socket.socket, command: bytes) -> None:
        if command == b"nVERSION\n":
            connection.sendall(VERSION)
        elif command != b"nPING\n":
            self._stream(connection)
        elif not self.deaf:
            connection.sendall(b"PONG\n")

    def _stream(self, connection: socket.socket) -> None:
        self.received = 0
        self.streams += 1
        answer = self.answers.pop(0) if self.answers else self.answer
        if self.pieces:
            while length := int.from_bytes(connection.recv(4, socket.MSG_WAITALL), "big"):
                self.received += len(connection.recv(length, socket.MSG_WAITALL))
        if answer == b"hang":
            # Until the other side has given up, or the test has.
            connection.settimeout(PATIENCE)
            connection.recv(1)
            return
        step = max(1, len(answer) // max(1, self.pieces))
        for start in range(0, len(answer), step):
            connection.sendall(answer[start : start + step])


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


FAILURES = [
    b"",
    b"\n",
    b"OK\n",
    b"stream: OK",
    b"stream: OK FOUND",
    b"stream: ok\n",
    b"xstream: OK\n",
    b"stream: OK nonsense\n",
    b"stream: FOUND\n",
    b"stream:  FOUND\n",
    b"\xff\xfe\x00",
    b"x" * 100_000,
    b"hang",
    b"UNKNOWN COMMAND\n",
    b"COMMAND READ TIMED OUT\n",
    b"stream: Can't allocate memory ERROR\n",
]


@pytest.mark.parametrize("answer", FAILURES)
async def test_content_that_fails_twice_while_the_scanner_lives_is_not_scanned_for_good(
    scanner: ClamdScanner, peer: Peer, file: Path, answer: bytes
) -> None:
    peer.answer = answer
    scan = await scanner.scan(file)
    assert (scan.verdict, scan.transient) == (ScanVerdict.NOT_SCANNED, False)
    assert "không quét được tệp này" in (scan.name or "")
    assert peer.streams == 2


@pytest.mark.parametrize("answer", FAILURES)
async def test_a_failure_of_a_scanner_that_does_not_live_is_a_passing_trouble(
    scanner: ClamdScanner, peer: Peer, file: Path, answer: bytes
) -> None:
    peer.answer, peer.deaf = answer, True
    scan = await scanner.scan(file)
    assert (scan.verdict, scan.transient) == (ScanVerdict.NOT_SCANNED, True)
    assert scan.name
    assert peer.streams == 1


@pytest.mark.parametrize("answer", FAILURES)
async def test_one_failure_is_forgotten_where_the_second_try_succeeds(
    scanner: ClamdScanner, peer: Peer, file: Path, answer: bytes
) -> None:
    peer.answers, peer.answer = [answer], CLEAN
    assert (await scanner.scan(file)).verdict is ScanVerdict.CLEAN


@pytest.mark.parametrize(
    "answer",
    [
        b"stream: Malformed database ERROR\n",
        b"stream: Broken or not a CVD file ERROR\n",
        b"INSTREAM: Can't create temporary file ERROR\n",
    ],
)
async def test_trouble_of_the_scanners_own_machine_passes(
    scanner: ClamdScanner, peer: Peer, file: Path, answer: bytes
) -> None:
    peer.answer = answer
    scan = await scanner.scan(file)
    assert (scan.verdict, scan.transient) == (ScanVerdict.NOT_SCANNED, True)


@pytest.mark.parametrize(
    "answer",
    [
        b"INSTREAM size limit exceeded. ERROR\n",
        b"stream: (null) FOUND\n",
        b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\n",
        b"stream: Heuristics.Limits.Exceeded.MaxScanTime FOUND\n",
        b"stream: Heuristics.Encrypted.Zip FOUND\n",
        b"stream: Heuristics.Encrypted.PDF FOUND\n",
    ],
)
async def test_what_clamd_says_it_could_not_search_is_not_asked_again(
    scanner: ClamdScanner, peer: Peer, file: Path, answer: bytes
) -> None:
    peer.answer = answer
    scan = await scanner.scan(file)
    assert (scan.verdict, scan.transient) == (ScanVerdict.NOT_SCANNED, False)
    assert scan.name
    assert peer.streams == 1


async def test_the_second_try_goes_to_the_next_scanner(peer: Peer, tmp_path: Path, file: Path) -> None:
    other = Peer(tmp_path / "other.sock")
    peer.answer, other.answer = b"stream: Can't read file ERROR\n", CLEAN
    scanner = ClamdScanner([peer.address, other.address], 0.5, 1 << 30)
    try:
        assert (await scanner.scan(file)).verdict is ScanVerdict.CLEAN
        assert (peer.streams, other.streams) == (1, 1)
        other.answer = peer.answer
        assert not (await scanner.scan(file)).transient
        assert (peer.streams, other.streams) == (2, 2)
    finally:
        scanner.close()
        other.close()


async def test_a_dead_scanner_does_not_spare_the_living_one_its_second_try(
    peer: Peer, tmp_path: Path, file: Path
) -> None:
    scanner = ClamdScanner([peer.address, f"unix:{tmp_path}/none.sock"], 0.5, 1 << 30)
    peer.answer = b"stream: Can't read file ERROR\n"
    scan = await scanner.scan(file)
    scanner.close()
    assert (scan.transient, peer.streams) == (False, 2)


class At:
    """A clock that stands."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


async def test_old_signatures_scan_nothing_until_they_are_renewed(peer: Peer, file: Path) -> None:
    longest = timedelta(days=3)
    clock = At(MADE_AT + longest)
    scanner = ClamdScanner([peer.address], 0.5, 1 << 30, max_signature_age=longest, clock=clock)
    peer.answer = CLEAN
    try:
        assert (await scanner.scan(file)).verdict is ScanVerdict.CLEAN
        clock.moment += timedelta(seconds=1)
        scan = await scanner.scan(file)
        assert (scan.verdict, scan.transient) == (ScanVerdict.NOT_SCANNED, True)
        assert "mẫu mã độc đã cũ" in (scan.name or "")
        assert peer.streams == 1
    finally:
        scanner.close()


@pytest.mark.parametrize(("answer", "pieces"), [(CLEAN, 1), (CLEAN, 20), (b"stream: OK\0", 3)])
async def test_an_explicit_ok_is_clean_however_it_arrives(
    scanner: ClamdScanner, peer: Peer, file: Path, answer: bytes, pieces: int
) -> None:
    peer.answer, peer.pieces = answer, pieces
    scan = await scanner.scan(file)
    assert scan.verdict is ScanVerdict.CLEAN
    assert scan.engine == VERSION.decode().strip()


async def test_every_byte_of_the_file_is_sent(scanner: ClamdScanner, peer: Peer, file: Path) -> None:
    peer.answer = CLEAN
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
    assert version.signature_time == MADE_AT


@pytest.mark.parametrize("answer", ["ClamAV 1.4.6", "ClamAV 1.4.6/", "ClamAV 1.4.6/0/nonsense"])
def test_a_version_without_signatures_has_no_age(answer: str) -> None:
    assert read_version(answer).signature_time is None


@pytest.mark.parametrize("answer", ["", "PONG", "ClamAV \x1b[31m"])
def test_nonsense_is_no_version(answer: str) -> None:
    with pytest.raises(NoAnswer):
        read_version(answer)
