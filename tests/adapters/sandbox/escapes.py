"""What a parser taken over by a hostile file may try from inside its worker; each tells the error met, "" for none."""

import asyncio
import ctypes
import errno
import os
import platform
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile

from gateway.adapters.sandbox.calls import MACHINES, NEWEST
from gateway.adapters.sandbox.kernel import call

_OF_NO_USE = -1


def _error(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except OSError as problem:
        return errno.errorcode.get(problem.errno or 0, "?")
    return ""


def open_socket(family: int, kind: int) -> str:
    return _error(lambda: socket.socket(family, kind))


def open_pair(family: int, kind: int) -> str:
    return _error(lambda: socket.socketpair(family, kind))


def pass_a_descriptor() -> str:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        return _error(lambda: socket.send_fds(ours, [b"x"], [0]))


def open_socket_from_another_program() -> str:
    code = "import socket\ntry: socket.socket()\nexcept OSError as problem: print(problem.errno)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return errno.errorcode[int(done.stdout)] if done.stdout else ""


def call_what_is_denied() -> dict[str, str]:
    machine = MACHINES[platform.machine()]
    if "Seccomp:\t2" not in Path("/proc/self/status").read_text():
        raise AssertionError("no filter: some of the calls would be carried out")
    return {name: _error(partial(call, number, *[_OF_NO_USE] * 6)) for name, number in machine.denied.items()}


def call_what_no_list_knows() -> list[str]:
    return [_error(partial(call, number)) for number in (NEWEST + 1, 5_000, 0x4000_0029)]


def fork() -> str:
    return _error(os.fork)


def leave_the_session() -> str:
    return _error(lambda: subprocess.run(["true"], start_new_session=True, check=False))


def new_namespace(flags: int) -> str:
    clone = MACHINES[platform.machine()].numbers["clone"]
    return _error(lambda: call(clone, flags | 0x4000, 0, 0, 0, 0))


def signal_to(process: int) -> str:
    return _error(lambda: os.kill(process, 0))


def signal_to_a_thread_of(process: int) -> str:
    tgkill = MACHINES[platform.machine()].numbers["tgkill"]
    return _error(lambda: call(tgkill, process, process, 0))


def limit(process: int) -> str:
    prlimit = MACHINES[platform.machine()].numbers["prlimit64"]
    return _error(lambda: call(prlimit, process, 0, 0, 0))


def outlive_the_daemon() -> str:
    prctl = MACHINES[platform.machine()].numbers["prctl"]
    return _error(lambda: call(prctl, 1, 0, 0, 0, 0))


def read_memory_of(process: int) -> str:
    return _error(lambda: Path(f"/proc/{process}/mem").open("rb"))


def write(path: str) -> str:
    return _error(lambda: Path(path).write_text("x"))


def delete(path: str) -> str:
    return _error(lambda: Path(path).unlink())


def move(path: str, target: str) -> str:
    return _error(lambda: Path(path).rename(target))


def link(path: str, target: str) -> str:
    return _error(lambda: Path(target).symlink_to(path))


def make_folder(path: str) -> str:
    return _error(lambda: Path(path).mkdir())


def forbid(path: str) -> str:
    return _error(lambda: Path(path).chmod(0))


def write_a_temporary_file() -> str:
    return _error(TemporaryFile)


def what_parsers_need() -> str:
    """An event loop, threads, and another program that is waited for or ended."""
    seen = []
    thread = threading.Thread(target=lambda: seen.append(asyncio.run(asyncio.sleep(0, "loop"))))
    thread.start()
    thread.join()
    seen.append(subprocess.run(["echo", "program"], capture_output=True, text=True, check=True).stdout.strip())
    try:
        subprocess.run(["sleep", "3600"], timeout=0.05, check=True, stdout=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        seen.append("ended")
    seen.append(ctypes.pythonapi.Py_IsInitialized() and "alive")
    return " ".join(seen)
