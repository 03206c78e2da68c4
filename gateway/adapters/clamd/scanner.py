"""The scanner the handlers see."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from operator import methodcaller
from pathlib import Path
from typing import TypeVar

from gateway.adapters.clamd.answer import ANSWER, NOT_A_VIRUS, ScannerVersion, judge, not_scanned, read_version
from gateway.adapters.clamd.connection import Connection, NoAnswer, connector
from gateway.adapters.clamd.probe import PROBES, archive_of
from gateway.errors import TemporaryError
from gateway.model.facts import Scan

T = TypeVar("T")

CHUNK = 256 * 1024
VERSION_SECONDS = 60.0
THREADS = 8

UNKNOWN_ENGINE = "ClamAV (không rõ phiên bản)"


class ClamdScanner:
    """A virus scanner behind one or more sockets, tried in turn: `unix:/path` or `tcp:host:port`.

    `timeout` bounds one scan in seconds; files over `max_bytes` are not offered to clamd.
    """

    def __init__(self, addresses: Sequence[str], timeout: float, max_bytes: int) -> None:
        """Raises ValueError where an address is none."""
        self._connectors = [connector(address, timeout) for address in addresses]
        if not self._connectors:
            raise ValueError("no address of a scanner")
        self._max_bytes = max_bytes
        self._threads = ThreadPoolExecutor(THREADS, "clamd")
        self._versions: dict[int, tuple[float, ScannerVersion]] = {}

    async def scan(self, content: Path) -> Scan:
        """Scan one file in constant memory; what went wrong is NOT_SCANNED with its reason."""
        return await self._in_thread(lambda: self._scan(content))

    async def version(self) -> ScannerVersion:
        """The first scanner that answers, asked afresh; raises TemporaryError where none does."""
        return await self._in_thread(self._version)

    async def accepts_stream_of(self, size: int) -> bool:
        """Whether a stream of `size` bytes (at least 1 KiB) is really searched to its end.

        clamd tells its limits to nobody, and calls OK what is over MaxFileSize or MaxScanSize. It is
        therefore given an archive of that size with the EICAR test file at the end, which it must find.
        Raises TemporaryError where no scanner answers.
        """
        answer = await self._in_thread(lambda: self._first(lambda connection: connection.stream(archive_of(size))))
        found = ANSWER.fullmatch(answer)
        return found is not None and "eicar" in (found["name"] or "").lower()

    async def missing_alerts(self) -> tuple[str, ...]:
        """Settings clamd.conf lacks, so that what could not be scanned is called OK (`AlertExceedsMax yes`, …).

        Raises TemporaryError where no scanner answers.
        """
        return await self._in_thread(self._missing_alerts)

    def close(self) -> None:
        """Start no more scans; those under way end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _scan(self, content: Path) -> Scan:
        try:
            size = content.stat().st_size
        except OSError as problem:
            return not_scanned(UNKNOWN_ENGINE, f"không đọc được tệp ({type(problem).__name__})", transient=True)
        if size > self._max_bytes:
            return not_scanned(
                UNKNOWN_ENGINE, f"tệp {size} byte vượt giới hạn quét {self._max_bytes} byte", transient=False
            )
        reasons = []
        for number, connect in enumerate(self._connectors):
            try:
                engine = self._engine(number, connect)
                return judge(connect().stream(_chunks(content)), engine)
            except (NoAnswer, OSError) as problem:
                reasons.append(_reason(problem))
        return not_scanned(UNKNOWN_ENGINE, "; ".join(reasons), transient=True)

    def _engine(self, number: int, connect: Callable[[], Connection]) -> str:
        known = self._versions.get(number)
        if known is None or known[0] < time.monotonic():
            known = (time.monotonic() + VERSION_SECONDS, read_version(connect().ask("VERSION")))
            self._versions[number] = known
        return known[1].engine

    def _version(self) -> ScannerVersion:
        return read_version(self._first(lambda connection: connection.ask("VERSION")))

    def _missing_alerts(self) -> tuple[str, ...]:
        missing = []
        for probe in PROBES:
            answer = ANSWER.fullmatch(self._first(methodcaller("stream", (probe.content,))))
            if answer is None or not NOT_A_VIRUS.match(answer["name"] or ""):
                missing.append(probe.setting)
        return tuple(missing)

    def _first(self, work: Callable[[Connection], str]) -> str:
        """The answer of the first scanner that gives one; raises TemporaryError."""
        reasons = []
        for connect in self._connectors:
            try:
                return work(connect())
            except (NoAnswer, OSError) as problem:
                reasons.append(_reason(problem))
        raise TemporaryError("scanner", "; ".join(reasons))


def _chunks(content: Path) -> Iterator[bytes]:
    with content.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _reason(problem: Exception) -> str:
    if isinstance(problem, NoAnswer):
        return str(problem)
    if isinstance(problem, TimeoutError):
        return "máy quét không trả lời kịp thời"
    return f"không kết nối được máy quét ({type(problem).__name__})"
