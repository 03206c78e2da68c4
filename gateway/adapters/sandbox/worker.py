"""The inside of a worker process: limits, then one job after the other until the socket closes."""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import pickle
import resource
import signal
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FRAME = struct.Struct("!Q")
"""Every message is its length followed by a pickle."""

OPEN_FILES = 256
NICENESS = 5
OUT_OF_MEMORY_SCORE = "800"
PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38


@dataclass(frozen=True, slots=True)
class Limits:
    """What one worker may use; `parent` is the process without which it must not live."""

    parent: int
    memory_bytes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Welcome:
    """The first message to a worker."""

    limits: Limits
    prepare: Callable[..., object] | None
    prepare_args: tuple[object, ...]


def main(descriptor: int) -> None:
    """Serve jobs from the inherited socket `descriptor`; never returns while the daemon lives."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with socket.socket(fileno=descriptor) as channel:
        welcome: Welcome = _receive(channel)
        _bind_to_parent(welcome.limits.parent)
        try:
            if welcome.prepare is not None:
                welcome.prepare(*welcome.prepare_args)
            _set_limits(welcome.limits)
        except Exception as problem:  # noqa: BLE001 - whatever it was, the daemon must hear of it
            _send(channel, ("failed", f"{type(problem).__name__}: {problem}"))
            return
        _send(channel, ("ready", None))
        with contextlib.suppress(EOFError):
            while True:
                job, args = _receive(channel)
                _allow_cpu(welcome.limits.seconds)
                _send_pickle(channel, _answer(job, args))


def _answer(job: Callable[..., object], args: tuple[object, ...]) -> bytes:
    try:
        return pickle.dumps(("done", job(*args)))
    except MemoryError:
        return pickle.dumps(("memory", None))
    except BaseException as problem:  # noqa: BLE001 - nothing a job raises may pass for a crash of the worker
        return pickle.dumps(("raised", type(problem).__name__))


def _bind_to_parent(parent: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) or libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:
        os._exit(1)


def _set_limits(limits: Limits) -> None:
    """Libraries loaded so far do not count against the memory of jobs."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    memory = pages * resource.getpagesize() + limits.memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.memory_bytes, limits.memory_bytes))
    _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = OPEN_FILES if most_files == resource.RLIM_INFINITY else min(OPEN_FILES, most_files)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(OUT_OF_MEMORY_SCORE)
    os.nice(NICENESS)


def _allow_cpu(seconds: float) -> None:
    """CPU time for the next job, also where a library computes on every core; past it comes SIGXCPU."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    most = usage.ru_utime + usage.ru_stime + seconds * (os.cpu_count() or 1)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = math.ceil(most) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _send(channel: socket.socket, message: object) -> None:
    _send_pickle(channel, pickle.dumps(message))


def _send_pickle(channel: socket.socket, content: bytes) -> None:
    channel.sendall(FRAME.pack(len(content)))
    channel.sendall(content)


def _receive(channel: socket.socket) -> Any:
    (size,) = FRAME.unpack(_exactly(channel, FRAME.size))
    return pickle.loads(_exactly(channel, size))  # noqa: S301 - the daemon wrote it


def _exactly(channel: socket.socket, size: int) -> bytes:
    content = bytearray()
    while len(content) < size:
        chunk = channel.recv(size - len(content))
        if not chunk:
            raise EOFError
        content += chunk
    return bytes(content)
