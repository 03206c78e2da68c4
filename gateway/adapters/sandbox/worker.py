"""The inside of a worker process: walls and limits, then one job after the other until the socket closes."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.adapters.sandbox.answer import write_answer
from gateway.adapters.sandbox.isolation import isolate
from gateway.adapters.sandbox.kernel import PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS, PR_SET_PDEATHSIG, prctl
from gateway.adapters.sandbox.limits import Limits, allow_cpu, give_way, set_limits

FRAME = struct.Struct("!Q")
"""Every message is its length followed by its bytes: a pickle to a worker, what `write_answer` makes from it."""


@dataclass(frozen=True, slots=True)
class Welcome:
    """The first message to a worker."""

    limits: Limits
    writable: tuple[Path, ...]
    prepare: Callable[..., object] | None
    prepare_args: tuple[object, ...]


def main(descriptor: int) -> None:
    """Serve jobs from the inherited socket `descriptor`; never returns while the daemon lives."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with socket.socket(fileno=descriptor) as channel:
        welcome: Welcome = _receive(channel)
        limits = welcome.limits
        try:
            _bind_to_parent(limits.parent)
            give_way()
            isolation = isolate(limits.parent, welcome.writable)
            if welcome.prepare is not None:
                welcome.prepare(*welcome.prepare_args)
            set_limits(limits)
        except Exception as problem:  # noqa: BLE001 - whatever it was, the daemon must hear of it
            _send(channel, write_answer("failed", f"{type(problem).__name__}: {problem}"))
            return
        _send(channel, write_answer("ready", isolation))
        with contextlib.suppress(EOFError):
            while True:
                job, args = _receive(channel)
                allow_cpu(limits.seconds)
                _send(channel, _answer(job, args, limits.answer_bytes))


def _answer(job: Callable[..., object], args: tuple[object, ...], most: int) -> bytes:
    try:
        answer = write_answer("done", job(*args))
    except MemoryError:
        answer = write_answer("memory", None)
    except BaseException as problem:  # noqa: BLE001 - nothing a job raises may pass for a crash of the worker
        answer = write_answer("raised", type(problem).__name__)
    if _has_children():
        return write_answer("littered", None)
    return answer if len(answer) <= most else write_answer("large", None)


def _has_children() -> bool:
    """Whether anything that the job started still runs; what has ended is reaped."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
        return True
    return False


def _bind_to_parent(parent: int) -> None:
    """Die with the daemon, gain no rights, and stay the parent of whatever children leave behind."""
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    if os.getppid() != parent:
        os._exit(1)


def _send(channel: socket.socket, content: bytes) -> None:
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
