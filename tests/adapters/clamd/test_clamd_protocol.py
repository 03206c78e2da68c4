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
from gateway.adapters.clamd.breaks import Breaks
from gateway.adapters.clamd.connection import NoAnswer, NotReady
from gateway.adapters.clamd.host import HARMLESS
from gateway.adapters.clamd.probe import EICAR, PROBES
from gateway.errors import TemporaryError
from gateway.model.facts import Engine, ScanVerdict

VERSION = b"ClamAV 1.4.3/27800/Thu Oct 23 09:42:11 2025\n"
NEWER = b"ClamAV 1.4.3/27801/Thu Oct 23 09:42:11 2025\n"
MADE_AT = datetime(2025, 10, 23, 9, 42, 11).astimezone(UTC)
PATIENCE = 5.0
CLEAN = b"stream: OK\n"
CHUNK_OF_PROBES = max(len(probe.content) for probe in PROBES)
SOUND = {
    EICAR: b"stream: Eicar-Signature FOUND\n",
    HARMLESS: CLEAN,
    PROBES[0].content: b"stream: Heuristics.Limits.Exceeded.MaxRecursion FOUND\n",
    PROBES[1].content: b"stream: Heuristics.Encrypted.Zip FOUND\n",
}
"""What a clamd says to the probes that has signatures and all alerts."""


class Peer:
    """Answers VERSION and the probes as a sound clamd, unless told otherwise, and INSTREAM with `answer`, then closes.

    `answers`, where there are any, are said one after the other before `answer`. `streams` counts what is no probe.
    Of a chunk no probe has, where `early` is given, that many bytes are read and the answer said.
    At the content `deadly` it dies: until it is revived it hangs up on whoever comes.
    """

    def __init__(self, path: Path) -> None:
        self.address = f"unix:{path}"
        self.version = VERSION
        self.answer = b""
        self.answers: list[bytes] = []
        self.probes = dict(SOUND)
        self.streams = self.asked = 0
        self.pieces = 1
        self.early = 0
        self.deadly: bytes | None = None
        self.deaths = 0
        self._dead = False
        self.received = 0
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def fall_ill(self) -> None:
        """From now on the probes are answered as everything else is."""
        self.probes = {}

    def revive(self) -> None:
        """As an operator, or systemd, starts a daemon again."""
        self._dead = False

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
                if not self._dead:
                    self._obey(connection, connection.recv(10))

    def _obey(self, connection: socket.socket, command: bytes) -> None:
        if command == b"nVERSION\n":
            self.asked += 1
            connection.sendall(self.version)
        else:
            self._stream(connection)

    def _stream(self, connection: socket.socket) -> None:
        content = b""
        while self.pieces and (length := int.from_bytes(connection.recv(4, socket.MSG_WAITALL), "big")):
            if self.early and length > CHUNK_OF_PROBES:
                self.received = len(connection.recv(self.early, socket.MSG_WAITALL))
                connection.sendall(self.answer)
                return
            content += connection.recv(length, socket.MSG_WAITALL)
        if content == self.deadly:
            self.deaths += 1
            self._dead = True
            return
        if content in self.probes:
            connection.sendall(self.probes[content])
            return
        if content not in SOUND:
            self.received = len(content)
            self.streams += 1
        answer = self.answers.pop(0) if self.answers else self.answer
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
    b"stream: (null) FOUND\n",
    b"\xff\xfe\x00",
    b"x" * 100_000,
    b"hang",
    b"UNKNOWN COMMAND\n",
    b"COMMAND READ TIMED OUT\n",
    b"stream: Can't allocate memory ERROR\n",
]


@pytest.mark.parametrize("answer", FAILURES)
async def test_content_that_fails_twice_while_other_content_is_scanned_is_not_scanned_for_good(
    scanner: ClamdScanner, peer: Peer, file: Path, answer: bytes
) -> None:
    peer.answer = answer
    scan = await scanner.scan(file)
    assert (scan.verdict, scan.transient) == (ScanVerdict.NOT_SCANNED, False)
    assert "không quét được tệp này" in (scan.name or "")
    assert peer.streams == 2


@pytest.mark.parametrize("answer", FAILURES)
async def test_a_scanner_that_answers_everything_with_nonsense_is_a_passing_trouble(
    scanner: ClamdScanner, peer: Peer, file: Path, answer: bytes
) -> None:
    peer.answer = CLEAN
    await scanner.scan(file)
    peer.answer = answer
    peer.fall_ill()
    scan = await scanner.scan(file)
    assert (scan.verdict, scan.transient) == (ScanVerdict.NOT_SCANNED, True)
    assert scan.name
    assert peer.streams == 2
    with pytest.raises(TemporaryError, match="scanner"):
        await scanner.engine()
    peer.answer, peer.probes = CLEAN, dict(SOUND)
    assert (await scanner.scan(file)).verdict is ScanVerdict.CLEAN


@pytest.mark.parametrize("answer", FAILURES)
async def test_a_scanner_that_never_proved_itself_is_given_nothing_of_ours(
    scanner: ClamdScanner, peer: Peer, file: Path, answer: bytes
) -> None:
    peer.answer = answer
    peer.fall_ill()
    scan = await scanner.scan(file)
    assert (scan.verdict, scan.transient, peer.streams) == (ScanVerdict.NOT_SCANNED, True, 0)


@pytest.mark.parametrize(
    ("probe", "answer", "told"),
    [
        (EICAR, CLEAN, "EICAR"),
        (EICAR, b"stream: Something.Else FOUND\n", "EICAR"),
        (HARMLESS, b"stream: Eicar-Signature FOUND\n", "vô hại"),
        (PROBES[0].content, CLEAN, PROBES[0].setting),
        (PROBES[1].content, CLEAN, PROBES[1].setting),
        (PROBES[1].content, b"stream: OK", "đóng kết nối"),
    ],
    ids=["finds-nothing", "finds-another", "finds-everything", "silent-limits", "silent-passwords", "half-a-line"],
)
async def test_what_calls_everything_clean_or_infected_is_no_scanner(
    scanner: ClamdScanner, peer: Peer, file: Path, probe: bytes, answer: bytes, told: str
) -> None:
    peer.answer = CLEAN
    peer.probes[probe] = answer
    scan = await scanner.scan(file)
    assert (scan.verdict, scan.transient, peer.streams) == (ScanVerdict.NOT_SCANNED, True, 0)
    assert told in (scan.name or "")


@pytest.mark.parametrize(
    "version",
    [b"", b"\n", b"ClamAV 1.4.3/27800", b"PONG\n", b"UNKNOWN COMMAND\n", b"ClamAV \x1b[31m\n", b"x" * 9000],
    ids=["nothing", "empty", "half-a-line", "pong", "refusal", "escape", "endless"],
)
async def test_a_scanner_without_a_name_scans_nothing(
    scanner: ClamdScanner, peer: Peer, file: Path, version: bytes
) -> None:
    peer.answer, peer.version = CLEAN, version
    scan = await scanner.scan(file)
    assert (scan.verdict, scan.transient, peer.streams) == (ScanVerdict.NOT_SCANNED, True, 0)
    peer.version = VERSION
    assert (await scanner.scan(file)).verdict is ScanVerdict.CLEAN


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


@pytest.mark.parametrize("newer_first", [True, False])
async def test_the_scanner_with_the_newest_signatures_judges_while_it_answers(
    peer: Peer, tmp_path: Path, file: Path, newer_first: bool
) -> None:
    newer = Peer(tmp_path / "newer.sock")
    newer.version, newer.answer, peer.answer = NEWER, b"stream: New.Virus FOUND\n", CLEAN
    addresses = [peer.address, newer.address]
    scanner = ClamdScanner(addresses[::-1] if newer_first else addresses, 0.5, 1 << 30)
    try:
        scan = await scanner.scan(file)
        assert (scan.verdict, scan.signatures) == (ScanVerdict.INFECTED, 27801)
        assert (await scanner.engine()) == Engine(NEWER.decode().strip(), 27801)
        newer.answer = b""
        newer.fall_ill()
        scan = await scanner.scan(file)
        assert (scan.verdict, scan.signatures) == (ScanVerdict.CLEAN, 27800)
        assert (await scanner.engine()).signatures == 27800
    finally:
        scanner.close()
        newer.close()


async def test_a_scanner_that_just_failed_is_asked_last(peer: Peer, tmp_path: Path, file: Path) -> None:
    ill = Peer(tmp_path / "ill.sock")
    ill.fall_ill()
    peer.answer = CLEAN
    scanner = ClamdScanner([ill.address, peer.address], 0.5, 1 << 30)
    try:
        scans = [await scanner.scan(file) for _ in range(5)]
        assert {scan.verdict for scan in scans} == {ScanVerdict.CLEAN}
        assert ill.asked == 1
    finally:
        scanner.close()
        ill.close()


async def test_a_scanner_that_hangs_up_or_has_left_its_socket_behind_is_a_passing_trouble(
    tmp_path: Path, file: Path
) -> None:
    left = tmp_path / "left.sock"
    with socket.socket(socket.AF_UNIX) as gone:
        gone.bind(str(left))
    scanner = ClamdScanner([f"unix:{left}"], 0.5, 1 << 30)
    scan = await scanner.scan(file)
    scanner.close()
    assert (scan.verdict, scan.transient) == (ScanVerdict.NOT_SCANNED, True)
    assert "không kết nối được" in (scan.name or "")


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
    peer.answer = CLEAN
    await scanner.scan(file)
    peer.answer, peer.pieces = b"INSTREAM size limit exceeded. ERROR\n", 0
    scan = await scanner.scan(file)
    assert (scan.verdict, scan.transient) == (ScanVerdict.NOT_SCANNED, False)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (CLEAN, ScanVerdict.NOT_SCANNED),
        (b"stream: Some.Virus FOUND\n", ScanVerdict.INFECTED),
        (b"stream: Can't read file ERROR\n", ScanVerdict.NOT_SCANNED),
    ],
    ids=["ok", "found", "error"],
)
async def test_what_was_not_sent_to_its_end_may_be_infected_and_is_never_clean(
    scanner: ClamdScanner, peer: Peer, file: Path, answer: bytes, verdict: ScanVerdict
) -> None:
    peer.answer, peer.early = answer, 10
    scan = await scanner.scan(file)
    assert scan.verdict is verdict
    assert peer.received == peer.early


async def test_content_that_kills_every_scanner_is_held_after_three_and_others_go_on(
    scanner: ClamdScanner, peer: Peer, tmp_path: Path, file: Path
) -> None:
    peer.answer, peer.deadly = CLEAN, file.read_bytes()
    harmless = tmp_path / "harmless"
    harmless.write_bytes(b"Quy")
    met = []
    for _ in range(5):
        scan = await scanner.scan(file)
        met.append((scan.verdict, scan.transient))
        peer.revive()
        assert (await scanner.scan(harmless)).verdict is ScanVerdict.CLEAN
    passing, final = (ScanVerdict.NOT_SCANNED, True), (ScanVerdict.NOT_SCANNED, False)
    assert met == [passing, passing, final, final, final]
    assert scan.name == "máy quét dừng hoặc không trả lời ở tệp này"
    assert peer.deaths == 3


async def test_a_scanner_that_was_stopped_twice_while_it_scanned_condemns_nothing(
    scanner: ClamdScanner, peer: Peer, file: Path
) -> None:
    peer.answer = CLEAN
    for _ in range(3):
        peer.deadly = file.read_bytes()
        for _ in range(2):
            assert (await scanner.scan(file)).transient
            peer.revive()
        peer.deadly = None
        assert (await scanner.scan(file)).verdict is ScanVerdict.CLEAN


async def test_scanners_that_are_down_are_no_fault_of_the_content(tmp_path: Path, file: Path) -> None:
    scanner = ClamdScanner([f"unix:{tmp_path}/none.sock"], 0.5, 1 << 30)
    scans = [await scanner.scan(file) for _ in range(5)]
    scanner.close()
    assert {scan.transient for scan in scans} == {True}


def test_of_contents_at_which_a_scanner_broke_one_is_offered_at_a_time() -> None:
    breaks = Breaks()
    breaks.note("a")
    breaks.note("b")
    with breaks.apart("a"):
        with breaks.apart("c"), pytest.raises(NotReady), breaks.apart("b"):
            pass
        breaks.forget("b")
        with breaks.apart("b"):
            pass
    with breaks.apart("a"):
        pass


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
