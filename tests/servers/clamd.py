"""A real clamd of the tests' own: its folder, its sockets, a database of test signatures."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import shutil
import socket
import subprocess
import tarfile
import time
from collections.abc import Mapping
from pathlib import Path

EICAR = base64.b64decode("WDVPIVAlQEFQWzRcUFpYNTQoUF4pN0NDKTd9JEVJQ0FSLVNUQU5EQVJELUFOVElWSVJVUy1URVNULUZJTEUhJEgrSCo=")
EICAR_NAME = "Eicar-Test-Signature"
TEST_FILE_NAME = "ClamAV-Test-File"
TEST_FILES = Path("/usr/share/clamav-testfiles")
START_SECONDS = 30.0


class ClamdServer:
    """Debian's clamd in `folder` on a Unix socket, and on `tcp_port` of 127.0.0.1 where given.

    It finds EICAR and Debian's ClamAV test files. Limits are in bytes; a file inside another one may have
    `file_max`, or where that is None all that may be unpacked, four times a stream. `alerts` reports
    content beyond the limits and encrypted archives. `signatures` numbers the database, which is without a number
    where that is None, as one's own is. Raises RuntimeError where a Debian package is missing.
    """

    def __init__(
        self,
        folder: Path,
        *,
        stream_max: int = 26_214_400,
        file_max: int | None = None,
        tcp_port: int | None = None,
        alerts: bool = True,
        signatures: int | None = None,
    ) -> None:
        program = shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
        if program is None:
            raise RuntimeError("clamd is missing: install the Debian package clamav-daemon")
        if not TEST_FILES.is_dir():
            raise RuntimeError("ClamAV's test files are missing: install the Debian package clamav-testfiles")
        self._program = program
        self._folder = folder
        self._socket = folder / "clamd.sock"
        self._tcp_port = tcp_port
        self._signatures = signatures
        self._known: dict[str, bytes] = {}
        self._settings = {
            "LocalSocket": str(self._socket),
            "FixStaleSocket": "yes",
            "DatabaseDirectory": str(folder / "database"),
            "TemporaryDirectory": str(folder / "temporary"),
            "LogFile": str(folder / "clamd.log"),
            "Foreground": "yes",
            "MaxThreads": "4",
            "StreamMaxLength": str(stream_max),
            "MaxFileSize": str(file_max or 4 * stream_max),
            "MaxScanSize": str(4 * stream_max),
            "AlertExceedsMax": "yes" if alerts else "no",
            "AlertEncryptedArchive": "yes" if alerts else "no",
        } | ({"TCPSocket": str(tcp_port), "TCPAddr": "127.0.0.1"} if tcp_port else {})
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it listens, as the gateway's setting names it."""
        return f"unix:{self._socket}"

    @property
    def tcp_address(self) -> str:
        """Its address over TCP; only where `tcp_port` was given."""
        return f"tcp:127.0.0.1:{self._tcp_port}"

    def start(self) -> None:
        """Start and wait until it answers; raises RuntimeError with its log where it does not."""
        for name in ("database", "temporary"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        self._write_signatures()
        configuration = self._folder / "clamd.conf"
        configuration.write_text("".join(f"{name} {value}\n" for name, value in self._settings.items()))
        self._process = subprocess.Popen(
            [self._program, "--config-file", str(configuration)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                self.stop()
                log = self._folder / "clamd.log"
                raise RuntimeError(f"clamd did not start: {log.read_text() if log.exists() else 'no log'}")
            time.sleep(0.02)

    def stop(self) -> None:
        """End it; harmless where it does not run."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def update(self, signatures: int, **viruses: bytes) -> None:
        """As freshclam does: another database, in which the content of each of these is a virus of that name."""
        self._signatures, self._known = signatures, viruses
        self._write_signatures()
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(START_SECONDS)
            connection.connect(str(self._socket))
            connection.sendall(b"nRELOAD\n")
            connection.recv(64)
        until = time.monotonic() + START_SECONDS
        while f"/{signatures}/" not in self._version():
            if time.monotonic() > until:
                raise RuntimeError("clamd did not reload its database")
            time.sleep(0.02)

    def set_limit(self, stream_max: int) -> None:
        """For the next start."""
        self._settings["StreamMaxLength"] = str(stream_max)

    def _write_signatures(self) -> None:
        write_signatures(self._folder / "database", self._signatures, self._known)

    def _version(self) -> str:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(START_SECONDS)
            connection.connect(str(self._socket))
            connection.sendall(b"nVERSION\n")
            return connection.recv(256).decode()

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(START_SECONDS)
            connection.connect(str(self._socket))
            connection.sendall(b"nPING\n")
            return connection.recv(16) == b"PONG\n"
        return False


def write_signatures(folder: Path, number: int | None = None, viruses: Mapping[str, bytes] | None = None) -> None:
    """The database: EICAR by its bytes, the test files and `viruses` by their hashes. With a number it is one `daily`
    database, unsigned, as clamd takes it from whoever may write there (cvd.c in libclamav).
    """
    known = [(TEST_FILE_NAME, file.read_bytes()) for file in sorted(TEST_FILES.iterdir())]
    known += (viruses or {}).items()
    lines = [f"{hashlib.sha256(content).hexdigest()}:{len(content)}:{name}\n" for name, content in known]
    files = {
        "eicar.ndb": f"{EICAR_NAME}:0:0:{EICAR.hex()}\n".encode(),
        "testfiles.hsb": "".join(lines).encode(),
    }
    if number is not None:
        files = {"daily.cud": _numbered(number, files)}
    for name, content in files.items():
        new = folder / f"{name}.new"
        new.write_bytes(content)
        new.rename(folder / name)


def _numbered(number: int, files: Mapping[str, bytes]) -> bytes:
    """An unsigned database: a header of 512 bytes and a tar, whose `.info` names each file with its hash."""
    made_at = int(time.time())
    day = time.strftime("%d %b %Y %H-%M +0000", time.gmtime(made_at))
    header = f"ClamAV-VDB:{day}:{number}:1:90:X:X:vanthu:{made_at}"
    listed = [f"{name}:{len(content)}:{hashlib.sha256(content).hexdigest()}\n" for name, content in files.items()]
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in {"COPYING": b"\n", "daily.info": f"{header}\n{''.join(listed)}".encode(), **files}.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return header.ljust(512).encode() + packed.getvalue()
