"""Against the real clamd: only what it has looked at and calls OK is clean."""

import io
import socket
import time
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.adapters.clamd import ClamdScanner
from gateway.adapters.clamd.probe import archive_with_member_of, bomb
from gateway.errors import TemporaryError
from gateway.model.facts import ScanVerdict
from gateway.model.wording import size as size_in_words
from tests.servers.clamd import EICAR, EICAR_NAME, TEST_FILE_NAME, TEST_FILES, ClamdServer

MIB = 1024 * 1024
STREAM_MAX = 4 * MIB
TIMEOUT = 20.0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClamdServer]:
    server = ClamdServer(tmp_path_factory.mktemp("clamd"), stream_max=STREAM_MAX, tcp_port=_free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=["address", "tcp_address"])
def scanner(request: pytest.FixtureRequest, server: ClamdServer) -> Iterator[ClamdScanner]:
    scanner = ClamdScanner([getattr(server, request.param)], TIMEOUT, 100 * MIB)
    yield scanner
    scanner.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "content"


async def test_a_harmless_file_is_clean(scanner: ClamdScanner, file: Path) -> None:
    file.write_bytes("Kính gửi: Sở Giao thông vận tải".encode() * 50_000)
    scan = await scanner.scan(file)
    assert scan.verdict is ScanVerdict.CLEAN
    assert scan.engine.startswith("ClamAV ")
    assert scan.name is None


async def test_an_empty_file_is_clean(scanner: ClamdScanner, file: Path) -> None:
    file.touch()
    assert (await scanner.scan(file)).verdict is ScanVerdict.CLEAN


async def test_eicar_is_found_by_name(scanner: ClamdScanner, file: Path) -> None:
    file.write_bytes(EICAR)
    scan = await scanner.scan(file)
    assert (scan.verdict, scan.transient) == (ScanVerdict.INFECTED, False)
    assert EICAR_NAME in (scan.name or "")


async def test_a_virus_at_the_far_end_of_a_large_archive_is_found(scanner: ClamdScanner, file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("zeros", bytes(STREAM_MAX - 100_000))
        archive.writestr("eicar.com", EICAR)
    assert (await scanner.scan(file)).verdict is ScanVerdict.INFECTED


async def test_every_test_file_of_clamav_is_found(server: ClamdServer) -> None:
    scanner = ClamdScanner([server.address], TIMEOUT, 100 * MIB)
    files = sorted(TEST_FILES.iterdir())
    scans = [(path.name, await scanner.scan(path)) for path in files]
    scanner.close()
    assert len(scans) > 40
    assert [name for name, scan in scans if TEST_FILE_NAME not in (scan.name or "")] == []
    assert {scan.verdict for _, scan in scans} == {ScanVerdict.INFECTED}


@pytest.mark.parametrize("excess", [1, 20 * MIB])
async def test_a_file_over_the_stream_limit_is_not_scanned_for_good(
    scanner: ClamdScanner, file: Path, excess: int
) -> None:
    file.write_bytes(b"x" * (STREAM_MAX + excess))
    scan = await scanner.scan(file)
    assert (scan.verdict, scan.transient) == (ScanVerdict.NOT_SCANNED, False)
    assert "StreamMaxLength" in (scan.name or "")


async def test_a_file_over_our_own_limit_is_not_even_offered(server: ClamdServer, file: Path) -> None:
    file.write_bytes(bytes(11))
    scanner = ClamdScanner([server.address], TIMEOUT, 10)
    scan = await scanner.scan(file)
    scanner.close()
    assert (scan.verdict, scan.transient) == (ScanVerdict.NOT_SCANNED, False)
    assert scan.name == "tệp 11 byte vượt giới hạn quét 10 byte"


async def test_what_was_packed_too_deep_to_be_searched_is_not_clean(scanner: ClamdScanner, file: Path) -> None:
    content = EICAR
    for _ in range(60):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("inner", content)
        content = packed.getvalue()
    file.write_bytes(content)
    scan = await scanner.scan(file)
    assert (scan.verdict, scan.transient) == (ScanVerdict.NOT_SCANNED, False)


async def test_a_missing_file_is_not_scanned(scanner: ClamdScanner, file: Path) -> None:
    assert (await scanner.scan(file)).verdict is ScanVerdict.NOT_SCANNED


async def test_the_version_names_the_product(scanner: ClamdScanner) -> None:
    assert (await scanner.version()).engine.startswith("ClamAV ")


@pytest.mark.parametrize(("size", "accepted"), [(1024, True), (STREAM_MAX, True), (STREAM_MAX + 1, False)])
async def test_the_limit_of_streams_can_be_found_out(scanner: ClamdScanner, size: int, accepted: bool) -> None:
    assert await scanner.accepts_stream_of(size) is accepted


@pytest.mark.parametrize(("file_max", "searched"), [(MIB, True), (MIB - 1, False)])
async def test_the_limit_of_members_can_be_found_out(tmp_path: Path, file_max: int, searched: bool) -> None:
    server = ClamdServer(tmp_path, stream_max=STREAM_MAX, file_max=file_max)
    server.start()
    scanner = ClamdScanner([server.address], TIMEOUT, MIB)
    try:
        assert await scanner.searches_member_of(MIB) is searched
        assert await scanner.missing_alerts() == ()
    finally:
        scanner.close()
        server.stop()


@pytest.mark.parametrize(("file_max", "announced"), [(4 * STREAM_MAX, True), (3 * STREAM_MAX, False)])
async def test_a_file_limit_below_the_limit_of_all_is_never_announced(
    tmp_path: Path, file_max: int, announced: bool
) -> None:
    """Packed twice, 2 GiB of zeros: beyond what the outer archive's directory tells."""
    server = ClamdServer(tmp_path, stream_max=STREAM_MAX, file_max=file_max)
    server.start()
    scanner = ClamdScanner([server.address], TIMEOUT, MIB)
    try:
        assert await scanner.announces_every_limit() is announced
    finally:
        scanner.close()
        server.stop()


@pytest.mark.parametrize(("size", "searched"), [(STREAM_MAX, True), (STREAM_MAX + 1, False)])
async def test_a_virus_at_the_end_of_a_large_member_is_never_clean(
    server: ClamdServer, file: Path, size: int, searched: bool
) -> None:
    """The member is an archive itself, as EICAR is one only at the beginning of a file."""
    file.write_bytes(archive_with_member_of(size))
    scanner = ClamdScanner([server.address], TIMEOUT, STREAM_MAX)
    scan = await scanner.scan(file)
    scanner.close()
    expected = ScanVerdict.INFECTED if searched else ScanVerdict.NOT_SCANNED
    assert (scan.verdict, scan.transient) == (expected, False)
    assert (size_in_words(STREAM_MAX) in (scan.name or "")) is not searched


@pytest.mark.parametrize("content", [archive_with_member_of(5 * STREAM_MAX), bomb()], ids=["member", "nested"])
async def test_what_unpacks_beyond_all_limits_is_announced_by_clamd_itself(
    scanner: ClamdScanner, file: Path, content: bytes
) -> None:
    file.write_bytes(content)
    scan = await scanner.scan(file)
    assert (scan.verdict, scan.transient) == (ScanVerdict.NOT_SCANNED, False)
    assert "MaxScanSize" in (scan.name or "")


async def test_signatures_of_unknown_age_are_accepted(server: ClamdServer, file: Path) -> None:
    file.write_bytes(b"x")
    scanner = ClamdScanner([server.address], TIMEOUT, MIB, max_signature_age=timedelta(seconds=1))
    scan = await scanner.scan(file)
    scanner.close()
    assert scan.verdict is ScanVerdict.CLEAN


async def test_alerts_switched_on_are_seen(scanner: ClamdScanner) -> None:
    assert await scanner.missing_alerts() == ()


async def test_alerts_left_off_are_named(tmp_path: Path) -> None:
    server = ClamdServer(tmp_path, alerts=False)
    server.start()
    scanner = ClamdScanner([server.address], TIMEOUT, MIB)
    try:
        assert await scanner.missing_alerts() == ("AlertExceedsMax yes", "AlertEncryptedArchive yes")
    finally:
        scanner.close()
        server.stop()


async def test_a_stopped_scanner_is_a_passing_trouble(tmp_path: Path) -> None:
    server = ClamdServer(tmp_path / "clamd")
    file = tmp_path / "content"
    file.write_bytes(EICAR)
    scanner = ClamdScanner([server.address], TIMEOUT, MIB)
    try:
        scan = await scanner.scan(file)
        assert (scan.verdict, scan.transient) == (ScanVerdict.NOT_SCANNED, True)
        with pytest.raises(TemporaryError, match="scanner"):
            await scanner.version()
        server.start()
        assert (await scanner.scan(file)).verdict is ScanVerdict.INFECTED
        server.stop()
        scan = await scanner.scan(file)
        assert (scan.verdict, scan.transient) == (ScanVerdict.NOT_SCANNED, True)
        server.start()
        assert (await scanner.scan(file)).verdict is ScanVerdict.INFECTED
    finally:
        scanner.close()
        server.stop()


async def test_the_next_address_is_tried_where_one_is_down(server: ClamdServer, file: Path) -> None:
    file.write_bytes(EICAR)
    scanner = ClamdScanner(["unix:/nowhere/clamd.sock", f"tcp:127.0.0.1:{_free_port()}", server.address], TIMEOUT, MIB)
    started = time.monotonic()
    assert (await scanner.scan(file)).verdict is ScanVerdict.INFECTED
    assert (await scanner.version()).engine.startswith("ClamAV ")
    assert time.monotonic() - started < TIMEOUT
    scanner.close()


@pytest.mark.parametrize("address", ["", "clamd", "unix:relative", "tcp:host", "tcp::3310", "http://host:1"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        ClamdScanner([address], TIMEOUT, MIB)
