"""The daemon's side: workers are started, given jobs, timed and replaced on the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import pickle
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

from gateway.adapters.sandbox.answer import UnreadableAnswer, read_answer
from gateway.adapters.sandbox.isolation import Isolation
from gateway.adapters.sandbox.limits import Limits
from gateway.adapters.sandbox.worker import FRAME, Welcome
from gateway.errors import SandboxFailure, TemporaryError

T = TypeVar("T")
log = logging.getLogger(__name__)

START_SECONDS = 60.0
READ_AT_ONCE = 1024 * 1024
LONGEST_CLASS_NAME = 80

ENTRY = (
    "import sys; sys.path[:] = sys.argv[2:]; from gateway.adapters.sandbox.worker import main; main(int(sys.argv[1]))"
)
"""The path goes along as it is, so that a worker finds the same modules as the daemon."""

ENVIRONMENT = {
    "PATH": os.defpath,
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONDONTWRITEBYTECODE": "1",
    "MALLOC_ARENA_MAX": "2",  # every arena reserves 64 MiB of address space, which is what is limited
    "OMP_THREAD_LIMIT": "1",
}
"""All a worker knows of the daemon's environment, which may hold secrets."""

PASSED_ON = ("TESSDATA_PREFIX",)

TOO_LONG = "phép kiểm tra quá thời gian cho phép"
TOO_MUCH_MEMORY = "phép kiểm tra quá bộ nhớ cho phép"
DIED = "tiến trình kiểm tra dừng đột ngột"
UNREADABLE = "tiến trình kiểm tra trả về kết quả không hợp lệ"
TOO_LARGE = "kết quả của phép kiểm tra lớn quá mức cho phép"
LITTERED = "phép kiểm tra để lại tiến trình con"
CLOSED = "bộ kiểm tra đã đóng"


_FAILURES = {"memory": TOO_MUCH_MEMORY, "large": TOO_LARGE, "littered": LITTERED}
"""By the kinds of answer that mean no result; the worker itself is well only after a result or `raised`."""


class _Died(SandboxFailure):
    """The worker ended for a cause that may lie outside the job."""


@dataclass(slots=True)
class _Worker:
    """One living process, its socket, and the folder for what its libraries put down for a while."""

    process: subprocess.Popen[bytes]
    temporary: Path | None
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    tasks_left: int
    largest_answer: int

    async def exchange(self, content: bytes) -> tuple[str, object]:
        """Send a pickle and wait for the answer; raises UnreadableAnswer, EOFError or OSError at its death."""
        self.writer.write(FRAME.pack(len(content)) + content)
        await self.writer.drain()
        (size,) = FRAME.unpack(await self.reader.readexactly(FRAME.size))
        if size > self.largest_answer:
            raise UnreadableAnswer("too large")
        answer = await self.reader.readexactly(size)
        return read_answer(answer) if size <= READ_AT_ONCE else await asyncio.to_thread(read_answer, answer)

    def kill(self) -> None:
        """End the process and whatever it started, at once."""
        self.writer.close()
        if self.process.returncode is None:  # not reaped: its number is nobody else's
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    async def end(self) -> int:
        """Kill, reap, clear away what it left, and tell the exit status (negative: the signal)."""
        death = asyncio.ensure_future(asyncio.to_thread(_await_death, self.process.pid))
        await asyncio.wait((death,), timeout=1)
        self.kill()
        status = await asyncio.to_thread(self.process.wait)
        if self.temporary is not None:
            await asyncio.to_thread(shutil.rmtree, self.temporary, ignore_errors=True)
        return status


class _Slot:
    """The place of one worker, from one process to the next."""

    def __init__(self) -> None:
        self.starting: asyncio.Task[_Worker] | None = None


class Sandbox:
    """A pool of `workers` processes for jobs on foreign bytes.

    A job is an importable top-level function; its result is made of plain values and of this
    project's dataclasses and enums. Each job may use `memory_bytes` beyond the loaded libraries
    and `seconds` of time, and write below the folders `writable` only; a worker is replaced after
    `tasks_per_worker` jobs. `prepare` runs once in each worker before its first job, to load what
    all jobs need. A job whose worker died is done once more by another: it may have been killed for
    reasons of the machine's, so jobs must be such that doing them twice does no harm.
    """

    def __init__(
        self,
        workers: int,
        memory_bytes: int,
        seconds: float,
        tasks_per_worker: int,
        *,
        prepare: Callable[..., object] | None = None,
        prepare_args: tuple[object, ...] = (),
        writable: tuple[Path, ...] = (),
    ) -> None:
        limits = Limits(os.getpid(), memory_bytes, seconds)
        self._welcome = Welcome(limits, tuple(folder.absolute() for folder in writable), prepare, prepare_args)
        self._seconds = seconds
        self._tasks_per_worker = tasks_per_worker
        self._slots = [_Slot() for _ in range(workers)]
        self._free: asyncio.Queue[_Slot] = asyncio.Queue()
        for slot in self._slots:
            self._free.put_nowait(slot)
        self._closed = False
        self._endings: set[asyncio.Task[int]] = set()
        self.isolation: Isolation | None = None
        """What shuts the workers in on this machine; known once one has started."""

    async def warm(self) -> None:
        """Start and prepare all workers; raises TemporaryError("sandbox") where one cannot be."""
        await asyncio.gather(*(self._worker(slot) for slot in self._slots))

    async def run(self, job: Callable[..., T], *args: object) -> T:
        """The result of `job(*args)`; raises SandboxFailure, and TemporaryError("sandbox") where no worker can be had.

        Cancelling ends the job too.
        """
        message = pickle.dumps((job, args))
        slot = await self._free.get()
        try:
            with contextlib.suppress(_Died):
                return cast("T", await self._job(slot, await self._worker(slot), message))
            return cast("T", await self._job(slot, await self._worker(slot), message))
        except _Died as died:
            raise SandboxFailure(str(died)) from None
        finally:
            self._free.put_nowait(slot)

    async def close(self) -> None:
        """End all workers; jobs under way fail."""
        self._closed = True
        for slot in self._slots:
            if slot.starting is not None:
                slot.starting.cancel()
                await asyncio.wait((slot.starting,))
                if not slot.starting.cancelled() and slot.starting.exception() is None:
                    self._dismiss(slot, slot.starting.result())
        await asyncio.gather(*self._endings)

    async def _worker(self, slot: _Slot) -> _Worker:
        """The slot's living worker, started where there is none."""
        if slot.starting is not None and slot.starting.done():
            if slot.starting.cancelled() or slot.starting.exception() is not None:
                slot.starting = None
            elif (idle := slot.starting.result()).reader.at_eof():
                self._dismiss(slot, idle)
        if slot.starting is None:
            self._restart(slot)
        if slot.starting is None:
            raise TemporaryError("sandbox", CLOSED)
        await asyncio.wait((starting := slot.starting,))  # whoever waits may be cancelled, the start goes on
        if starting.cancelled():
            raise TemporaryError("sandbox", CLOSED)
        return starting.result()

    async def _job(self, slot: _Slot, worker: _Worker, message: bytes) -> object:
        worker.tasks_left -= 1
        reusable = False
        try:
            async with asyncio.timeout(self._seconds):
                kind, value = await worker.exchange(message)
            reusable = kind in {"done", "raised"} and worker.tasks_left > 0
        except TimeoutError:
            raise SandboxFailure(TOO_LONG) from None
        except UnreadableAnswer:
            raise SandboxFailure(UNREADABLE) from None
        except (EOFError, OSError):
            raise _cause_of_death(await worker.end()) from None
        finally:
            if not reusable:
                self._dismiss(slot, worker)
                self._restart(slot)
        if kind == "done":
            return value
        raise SandboxFailure(_FAILURES.get(kind) or f"phép kiểm tra gặp lỗi ({_class_name(value)})")

    def _restart(self, slot: _Slot) -> None:
        """Start the next worker in the background, so that it is ready before it is needed."""
        slot.starting = None if self._closed else asyncio.ensure_future(self._start())
        if slot.starting is not None:
            slot.starting.add_done_callback(_heard)

    def _dismiss(self, slot: _Slot, worker: _Worker) -> None:
        slot.starting = None
        worker.kill()
        ending = asyncio.ensure_future(worker.end())
        self._endings.add(ending)
        ending.add_done_callback(self._endings.discard)

    async def _start(self) -> _Worker:
        """A prepared worker; raises TemporaryError("sandbox"), with the cause for the operator."""
        try:
            worker = await _launch(self._welcome, self._tasks_per_worker)
        except OSError as problem:
            raise TemporaryError(
                "sandbox", f"không khởi động được tiến trình kiểm tra: {problem.strerror}"
            ) from problem
        kind, value = "failed", None
        try:
            async with asyncio.timeout(START_SECONDS):
                kind, value = await worker.exchange(pickle.dumps(self._welcome))
        except (TimeoutError, EOFError, OSError, UnreadableAnswer) as problem:
            value = type(problem).__name__
        finally:
            if kind != "ready":
                worker.kill()
                await worker.end()
        if kind != "ready":
            raise TemporaryError("sandbox", f"không khởi động được tiến trình kiểm tra: {value}")
        self._shut_in(value)
        return worker

    def _shut_in(self, isolation: object) -> None:
        """Tell once what this machine cannot do to shut the workers in."""
        if self.isolation is None and isinstance(isolation, Isolation):
            self.isolation = isolation
            for missing in isolation.missing:
                log.warning("workers not wholly shut in: %s", missing)


async def _launch(welcome: Welcome, tasks: int) -> _Worker:
    """A bare process in a session of its own.

    Started from the loop's own thread: a worker lives no longer than the thread that made it.
    """
    temporary = Path(tempfile.mkdtemp(dir=welcome.writable[0])) if welcome.writable else None
    ours, theirs = socket.socketpair()
    with theirs:
        reader, writer = await asyncio.open_unix_connection(sock=ours)
        process = subprocess.Popen(  # noqa: ASYNC220 - returns once the new program runs, about a millisecond
            [
                sys.executable,
                "-E",
                "-s",
                "-c",
                ENTRY,
                str(theirs.fileno()),
                *(entry or str(Path.cwd()) for entry in sys.path),
            ],
            pass_fds=(theirs.fileno(),),
            env=_environment(temporary),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    return _Worker(process, temporary, reader, writer, tasks, welcome.limits.answer_bytes)


def _environment(temporary: Path | None) -> dict[str, str]:
    own = {"TMPDIR": str(temporary)} if temporary else {}
    return ENVIRONMENT | own | {name: os.environ[name] for name in PASSED_ON if name in os.environ}


def _await_death(pid: int) -> None:
    """Block until the process has ended, leaving it to be reaped."""
    with contextlib.suppress(ChildProcessError):
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


def _heard(starting: asyncio.Task[_Worker]) -> None:
    """A failed start in the background is told to whoever next wants the slot."""
    if not starting.cancelled():
        starting.exception()


def _cause_of_death(status: int) -> SandboxFailure:
    return SandboxFailure(TOO_LONG) if status == -signal.SIGXCPU else _Died(DIED)


def _class_name(value: object) -> str:
    name = str(value)
    return name if name.isascii() and name.isidentifier() and len(name) <= LONGEST_CLASS_NAME else "không rõ"
