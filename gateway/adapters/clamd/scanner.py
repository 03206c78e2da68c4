"""The scanner the handlers see."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from operator import methodcaller
from pathlib import Path
from typing import TypeVar

from gateway.adapters.clamd.answer import ANSWER, NOT_A_VIRUS, ScannerVersion, not_scanned, read_version
from gateway.adapters.clamd.breaks import Breaks
from gateway.adapters.clamd.connection import NoAnswer, NotReady
from gateway.adapters.clamd.host import Host, reason
from gateway.adapters.clamd.probe import PROBES, archive_of, archive_with_member_of, bomb
from gateway.adapters.clamd.unpacked import unsearchable
from gateway.clock import Clock, SystemClock, local
from gateway.errors import TemporaryError
from gateway.model.facts import Engine, Scan
from gateway.model.wording import size

T = TypeVar("T")

CHUNK = 256 * 1024
FAILURES = 2
THREADS = 8
ASKING = 2
"""Threads of their own for questions that must not wait until files are scanned."""

UNKNOWN = ScannerVersion("ClamAV (không rõ phiên bản)", None, None)


class ClamdScanner:
    """A virus scanner behind one or more sockets: `unix:/path` or `tcp:host:port`.

    Those that answer are tried first, the one with the newest signatures before the others. `timeout` is the seconds
    for one try. Content that fails while its scanner scans other content is tried once more, on the next scanner where
    there is one; a second failure is final. So is the third time a scanner breaks at it, in one scan or in several,
    whether or not that scanner is well afterwards. So a scan takes at most twice `timeout`, some time for the proof
    that the scanner itself is well, and a few seconds for each one that is down. Files over `max_bytes`, and archives
    that say they unpack to more, are not offered to clamd (`unpacked.py` tells what that proves). Signatures older than
    `max_signature_age` scan nothing; those of unknown age, as in a database of one's own, do.
    """

    def __init__(
        self,
        addresses: Sequence[str],
        timeout: float,
        max_bytes: int,
        *,
        max_signature_age: timedelta | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Raises ValueError where an address is none."""
        self._hosts = [Host(address, timeout) for address in addresses]
        if not self._hosts:
            raise ValueError("no address of a scanner")
        self._max_bytes = max_bytes
        self._max_signature_age = max_signature_age
        self._clock = clock or SystemClock()
        self._breaks = Breaks()
        self._threads = ThreadPoolExecutor(THREADS, "clamd")
        self._asking = ThreadPoolExecutor(ASKING, "clamd-version")

    async def scan(self, content: Path) -> Scan:
        """Scan one file in constant memory; what went wrong is NOT_SCANNED with its reason.

        That is transient where no scanner could be asked, and not where the content is what cannot be scanned.
        """
        return await self._in_thread(lambda: self._scan(content))

    async def engine(self) -> Engine:
        """By what scans are made now: the newest signatures among the scanners that answer; raises TemporaryError."""
        return await asyncio.get_running_loop().run_in_executor(self._asking, self._newest)

    async def version(self) -> ScannerVersion:
        """The first scanner that answers, asked afresh; raises TemporaryError where none does."""
        return await self._in_thread(self._version)

    async def accepts_stream_of(self, size: int) -> bool:
        """Whether a stream of `size` bytes (at least 1 KiB) is really searched to its end.

        clamd tells its limits to nobody, and calls OK what is over MaxFileSize or MaxScanSize. It is
        therefore given an archive of that size with the EICAR test file at the end, which it must find.
        Raises TemporaryError where no scanner answers.
        """
        return await self._in_thread(lambda: self._finds_eicar(lambda: archive_of(size)))

    async def searches_member_of(self, size: int) -> bool:
        """Whether a file of `size` bytes (at least 1 KiB) packed in an archive is really searched to its end.

        Raises TemporaryError where no scanner answers.
        """
        return await self._in_thread(lambda: self._finds_eicar(lambda: (archive_with_member_of(size),)))

    async def announces_every_limit(self) -> bool:
        """Whether clamd tells when what it unpacks, at any depth, is too large to be searched.

        It does so for MaxScanSize and not for MaxFileSize, which therefore must not be the smaller of the
        two; that it is so by less than 2 MiB cannot be seen. Raises TemporaryError where no scanner answers.
        """
        return await self._in_thread(lambda: self._is_held((bomb(),)))

    async def missing_alerts(self) -> tuple[str, ...]:
        """Settings clamd.conf lacks, so that what could not be scanned is called OK (`AlertExceedsMax yes`, …).

        Raises TemporaryError where no scanner answers.
        """
        return await self._in_thread(self._missing_alerts)

    def close(self) -> None:
        """Start no more scans; those under way end by themselves."""
        for threads in (self._threads, self._asking):
            threads.shutdown(wait=False, cancel_futures=True)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _scan(self, content: Path) -> Scan:
        cause: str | None
        try:
            octets = content.stat().st_size
            if octets > self._max_bytes:
                cause = f"tệp {size(octets)} vượt giới hạn quét {size(self._max_bytes)}"
            else:
                cause = unsearchable(content, self._max_bytes)
            if cause is not None:
                return not_scanned(UNKNOWN, cause, transient=False)
            return self._offer(content)
        except _Unreadable as problem:
            return not_scanned(UNKNOWN, str(problem), transient=True)
        except OSError as problem:
            return not_scanned(UNKNOWN, str(_Unreadable(problem)), transient=True)

    def _offer(self, content: Path) -> Scan:
        """The verdict of the first scanner that has one; raises _Unreadable."""
        reasons, failures = [], 0
        hosts = deque(self._in_order())
        while hosts and not self._breaks.are_too_many(content.name):
            host = hosts.popleft()
            try:
                version = self._fresh(host)
                return self._scan_by(host, content)
            except NotReady as problem:
                reasons.append(str(problem))
            except NoAnswer as problem:
                failures += 1
                if failures == FAILURES:
                    return not_scanned(version, f"máy quét không quét được tệp này: {problem}", transient=False)
                reasons.append(str(problem))
                hosts.append(host)
        if self._breaks.are_too_many(content.name):
            return not_scanned(UNKNOWN, "máy quét dừng hoặc không trả lời ở tệp này", transient=False)
        return not_scanned(UNKNOWN, "; ".join(reasons), transient=True)

    def _scan_by(self, host: Host, content: Path) -> Scan:
        """The host's verdict, its breaks counted; raises NotReady, NoAnswer, _Unreadable."""
        with self._breaks.apart(content.name):
            scan = host.scan(_chunks(content), lambda: self._breaks.note(content.name))
        self._breaks.forget(content.name)
        return scan

    def _in_order(self) -> list[Host]:
        """The newest signatures first, or what an older mirror calls clean would stay so; last what just failed."""

        def place(host: Host) -> tuple[bool, int]:
            with suppress(NotReady):
                if not host.rests:
                    return False, -(self._fresh(host).signature_version or 0)
            return True, 0

        return self._hosts if len(self._hosts) == 1 else sorted(self._hosts, key=place)

    def _fresh(self, host: Host) -> ScannerVersion:
        """What it says of itself; raises NotReady where it says nothing, or its signatures are too old."""
        version = host.version()
        made_at, longest = version.signature_time, self._max_signature_age
        if made_at is not None and longest is not None and self._clock.now() - made_at > longest:
            raise NotReady(f"mẫu mã độc đã cũ, của ngày {local(made_at):%d/%m/%Y}")
        return version

    def _newest(self) -> Engine:
        reasons = []
        for host in self._in_order():
            try:
                version = self._fresh(host)
            except NotReady as problem:
                reasons.append(str(problem))
            else:
                return Engine(version.engine, version.signature_version)
        raise TemporaryError("scanner", "; ".join(reasons))

    def _version(self) -> ScannerVersion:
        return read_version(self._first(methodcaller("ask", "VERSION")))

    def _finds_eicar(self, archive: Callable[[], Iterable[bytes]]) -> bool:
        found = ANSWER.fullmatch(self._first(lambda host: host.stream(archive())))
        return found is not None and "eicar" in (found["name"] or "").lower()

    def _is_held(self, content: Sequence[bytes]) -> bool:
        answer = ANSWER.fullmatch(self._first(methodcaller("stream", content)))
        return answer is not None and NOT_A_VIRUS.match(answer["name"] or "") is not None

    def _missing_alerts(self) -> tuple[str, ...]:
        return tuple(probe.setting for probe in PROBES if not self._is_held((probe.content,)))

    def _first(self, work: Callable[[Host], str]) -> str:
        """The answer of the first scanner that gives one; raises TemporaryError."""
        reasons = []
        for host in self._hosts:
            try:
                return work(host)
            except (NoAnswer, OSError) as problem:
                reasons.append(reason(problem))
        raise TemporaryError("scanner", "; ".join(reasons))


class _Unreadable(Exception):
    """The file itself could not be read, which is nobody's fault at the scanner."""

    def __init__(self, problem: OSError) -> None:
        super().__init__(f"không đọc được tệp ({type(problem).__name__})")


def _chunks(content: Path) -> Iterator[bytes]:
    """Raises _Unreadable."""
    try:
        file = content.open("rb")
    except OSError as problem:
        raise _Unreadable(problem) from problem
    with file:
        while True:
            try:
                chunk = file.read(CHUNK)
            except OSError as problem:
                raise _Unreadable(problem) from problem
            if not chunk:
                return
            yield chunk
