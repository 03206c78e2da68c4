"""One clamd among several: what it says of itself, believed for a minute, and whether it can be trusted to scan."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import NoReturn

from gateway.adapters.clamd.answer import ANSWER, NOT_A_VIRUS, ScannerVersion, judge, read_version
from gateway.adapters.clamd.connection import Broken, NoAnswer, NotReady, connector
from gateway.adapters.clamd.probe import EICAR, PROBES
from gateway.model.facts import Scan

VERSION_SECONDS = 60.0
ANSWER_SECONDS = 5.0
"""How long a living scanner may take to say its name, which it does beside its scans."""
PROOF_SECONDS = 30.0
REST_SECONDS = 30.0
HARMLESS = b"vanthu\n"


class Host:
    """A scanner at one address, used by several threads at once; `timeout` is the seconds for one scan.

    Each version that it tells has to prove itself once: a clamd without signatures, or something else that answers
    in its place, would call everything OK.
    """

    def __init__(self, address: str, timeout: float) -> None:
        """Raises ValueError where the address is none."""
        self._connect = connector(address)
        self._timeout = timeout
        self._known: tuple[float, ScannerVersion] | None = None
        self._proved: str | None = None
        self._rests_until = 0.0

    @property
    def rests(self) -> bool:
        """Whether it failed so lately that others should be asked first."""
        return time.monotonic() < self._rests_until

    def version(self) -> ScannerVersion:
        """What it said of itself within the last minute; raises NotReady where it says nothing, or proves nothing."""
        known = self._known
        if known is None or known[0] < time.monotonic():
            try:
                version = read_version(self.ask("VERSION"))
            except (NoAnswer, OSError) as problem:
                self._fail()
                raise NotReady(reason(problem)) from problem
            if self._proved != version.engine:
                self.prove()
                self._proved = version.engine
            known = self._known = (time.monotonic() + VERSION_SECONDS, version)
        return known[1]

    def scan(self, chunks: Iterable[bytes], on_break: Callable[[], None]) -> Scan:
        """Its verdict; raises NotReady, and NoAnswer where this content fails though others are scanned.

        `on_break` is called where the scanner, once it had begun, hung up or did not answer in time.
        """
        version = self.version()
        try:
            return judge(self._connect(self._timeout).stream(chunks), version)
        except NotReady:
            self._fail()
            raise
        except (NoAnswer, OSError) as problem:
            failure = reason(problem)
            if isinstance(problem, (Broken, OSError)):
                on_break()
        try:
            self.prove()
        except NotReady as problem:
            raise NotReady(failure) from problem
        raise NoAnswer(failure)

    def prove(self) -> None:
        """Raises NotReady unless it tells a virus, what is none, and what it cannot search apart."""
        found = self._probed(EICAR)
        if found is None or "eicar" not in found.lower():
            self._distrust("máy quét không nhận ra tệp thử EICAR")
        if self._probed(HARMLESS) is not None:
            self._distrust("máy quét báo nhiễm cả tệp vô hại")
        for probe in PROBES:
            if NOT_A_VIRUS.match(self._probed(probe.content) or "") is None:
                self._distrust(f"clamd.conf thiếu “{probe.setting}”")

    def ask(self, command: str) -> str:
        """Its answer to a command of one line; raises NoAnswer, OSError."""
        return self._connect(min(self._timeout, ANSWER_SECONDS)).ask(command)

    def stream(self, chunks: Iterable[bytes]) -> str:
        """Its answer to a stream; raises NoAnswer, OSError."""
        return self._connect(self._timeout).stream(chunks)

    def _probed(self, content: bytes) -> str | None:
        """What it finds in a probe, None for nothing; raises NotReady."""
        try:
            answer = ANSWER.fullmatch(self._connect(min(self._timeout, PROOF_SECONDS)).stream((content,)))
        except (NoAnswer, OSError) as problem:
            self._fail()
            raise NotReady(reason(problem)) from problem
        if answer is None:
            self._distrust("máy quét trả lời không hiểu được")
        return answer["name"]

    def _distrust(self, why: str) -> NoReturn:
        self._fail()
        raise NotReady(why)

    def _fail(self) -> None:
        self._known = self._proved = None
        self._rests_until = time.monotonic() + REST_SECONDS


def reason(problem: Exception) -> str:
    """What went wrong with a scanner, in Vietnamese."""
    if isinstance(problem, NoAnswer):
        return str(problem)
    if isinstance(problem, TimeoutError):
        return "máy quét không trả lời kịp thời"
    return f"mất kết nối tới máy quét ({type(problem).__name__})"
