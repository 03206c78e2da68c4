"""The scanner the handlers see."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from operator import methodcaller
from pathlib import Path
from typing import TypeVar

from gateway.adapters.clamd.answer import ANSWER, NOT_A_VIRUS, ScannerVersion, judge, not_scanned, read_version
from gateway.adapters.clamd.connection import Connection, NoAnswer, NotReady, connector
from gateway.adapters.clamd.probe import PROBES, archive_of, archive_with_member_of, bomb
from gateway.adapters.clamd.unpacked import unsearchable
from gateway.clock import Clock, SystemClock, local
from gateway.errors import TemporaryError
from gateway.model.facts import Scan

T = TypeVar("T")

CHUNK = 256 * 1024
VERSION_SECONDS = 60.0
ANSWER_SECONDS = 5.0
"""How long a living scanner may take to say its name or PONG, which it does beside its scans."""
FAILURES = 2
THREADS = 8

UNKNOWN_ENGINE = "ClamAV (không rõ phiên bản)"


class ClamdScanner:
    """A virus scanner behind one or more sockets, tried in turn: `unix:/path` or `tcp:host:port`.

    `timeout` is the seconds for one try. Content that fails while its scanner lives is tried once more, on
    the next scanner where there is one; a second failure is final. So a scan takes at most twice `timeout`,
    and a few seconds for each scanner that is down. Files over `max_bytes`, and archives that say they
    unpack to more, are not offered to clamd (`unpacked.py` tells what that proves). Signatures older than
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
        self._connectors = [connector(address) for address in addresses]
        if not self._connectors:
            raise ValueError("no address of a scanner")
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._max_signature_age = max_signature_age
        self._clock = clock or SystemClock()
        self._threads = ThreadPoolExecutor(THREADS, "clamd")
        self._versions: dict[int, tuple[float, ScannerVersion]] = {}

    async def scan(self, content: Path) -> Scan:
        """Scan one file in constant memory; what went wrong is NOT_SCANNED with its reason.

        That is transient where no scanner could be asked, and not where the content is what cannot be scanned.
        """
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
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _scan(self, content: Path) -> Scan:
        reason: str | None
        try:
            size = content.stat().st_size
            if size > self._max_bytes:
                reason = f"tệp {size} byte vượt giới hạn quét {self._max_bytes} byte"
            else:
                reason = unsearchable(content, self._max_bytes)
            if reason is not None:
                return not_scanned(UNKNOWN_ENGINE, reason, transient=False)
            return self._offer(content)
        except _Unreadable as problem:
            return not_scanned(UNKNOWN_ENGINE, str(problem), transient=True)
        except OSError as problem:
            return not_scanned(UNKNOWN_ENGINE, str(_Unreadable(problem)), transient=True)

    def _offer(self, content: Path) -> Scan:
        """The verdict of the first scanner that has one; raises _Unreadable."""
        reasons, failures = [], 0
        numbers = deque(range(len(self._connectors)))
        while numbers:
            number = numbers.popleft()
            try:
                return self._try(number, content)
            except NotReady as problem:
                reasons.append(str(problem))
            except NoAnswer as problem:
                failures += 1
                if failures == FAILURES:
                    return not_scanned(
                        self._engine(number), f"máy quét không quét được tệp này: {problem}", transient=False
                    )
                reasons.append(str(problem))
                numbers.append(number)
        return not_scanned(UNKNOWN_ENGINE, "; ".join(reasons), transient=True)

    def _try(self, number: int, content: Path) -> Scan:
        """Raises NotReady, NoAnswer where this content fails though the scanner lives, and _Unreadable."""
        engine = self._fresh_engine(number)
        try:
            return judge(self._connectors[number](self._timeout).stream(_chunks(content)), engine)
        except NotReady:
            raise
        except (NoAnswer, OSError) as problem:
            failure = _reason(problem)
        if self._lives(number):
            raise NoAnswer(failure)
        raise NotReady(failure)

    def _fresh_engine(self, number: int) -> str:
        """The scanner's name; raises NotReady where it does not tell it, or its signatures are too old."""
        known = self._versions.get(number)
        if known is None or known[0] < time.monotonic():
            try:
                version = read_version(self._ask(number, "VERSION"))
            except (NoAnswer, OSError) as problem:
                raise NotReady(_reason(problem)) from problem
            known = self._versions[number] = (time.monotonic() + VERSION_SECONDS, version)
        made_at, longest = known[1].signature_time, self._max_signature_age
        if made_at is not None and longest is not None and self._clock.now() - made_at > longest:
            raise NotReady(f"mẫu mã độc đã cũ, của ngày {local(made_at):%d/%m/%Y}")
        return known[1].engine

    def _engine(self, number: int) -> str:
        return self._versions[number][1].engine

    def _lives(self, number: int) -> bool:
        with suppress(NoAnswer, OSError):
            return self._ask(number, "PING") == "PONG"
        return False

    def _ask(self, number: int, command: str) -> str:
        return self._connectors[number](min(self._timeout, ANSWER_SECONDS)).ask(command)

    def _version(self) -> ScannerVersion:
        return read_version(self._first(lambda connection: connection.ask("VERSION")))

    def _finds_eicar(self, archive: Callable[[], Iterable[bytes]]) -> bool:
        found = ANSWER.fullmatch(self._first(lambda connection: connection.stream(archive())))
        return found is not None and "eicar" in (found["name"] or "").lower()

    def _is_held(self, content: Sequence[bytes]) -> bool:
        answer = ANSWER.fullmatch(self._first(methodcaller("stream", content)))
        return answer is not None and NOT_A_VIRUS.match(answer["name"] or "") is not None

    def _missing_alerts(self) -> tuple[str, ...]:
        return tuple(probe.setting for probe in PROBES if not self._is_held((probe.content,)))

    def _first(self, work: Callable[[Connection], str]) -> str:
        """The answer of the first scanner that gives one; raises TemporaryError."""
        reasons = []
        for connect in self._connectors:
            try:
                return work(connect(self._timeout))
            except (NoAnswer, OSError) as problem:
                reasons.append(_reason(problem))
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


def _reason(problem: Exception) -> str:
    if isinstance(problem, NoAnswer):
        return str(problem)
    if isinstance(problem, TimeoutError):
        return "máy quét không trả lời kịp thời"
    return f"mất kết nối tới máy quét ({type(problem).__name__})"
