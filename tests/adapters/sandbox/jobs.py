"""Jobs for the sandbox's workers: some behave, some are what a hostile file may do to a parser."""

import ctypes
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NoReturn

from gateway.model.facts import Scan, ScanVerdict

prepared = "nothing"


def prepare(word: str) -> None:
    global prepared  # noqa: PLW0603 - a worker's state is what is tested
    prepared = word


def prepare_badly() -> NoReturn:
    raise RuntimeError("no anchors")


def seen_preparation() -> str:
    return prepared


def add(left: int, right: int) -> int:
    return left + right


def identity() -> int:
    return os.getpid()


def record() -> Scan:
    return Scan(ScanVerdict.CLEAN, "engine")


def read(path: str) -> str:
    return Path(path).read_text()


def environment() -> dict[str, str]:
    return dict(os.environ)


def open_sockets() -> list[int]:
    links = {int(link.name): link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink()}
    return [number for number, link in links.items() if str(link).startswith("socket:")]


def limits() -> dict[str, tuple[int, int]]:
    names = ("AS", "FSIZE", "NOFILE", "NPROC", "CORE", "CPU")
    return {name: resource.getrlimit(getattr(resource, f"RLIMIT_{name}")) for name in names}


def large(size: int) -> bytes:
    return bytes(size)


def raise_foreign_text() -> NoReturn:
    raise ValueError("text of the stranger")


def hang() -> NoReturn:
    while True:
        time.sleep(3600)


def spin() -> NoReturn:
    while True:
        pass


def hang_with_the_interpreter_locked() -> None:
    ctypes.PyDLL(None).sleep(3600)


def hang_deaf() -> NoReturn:
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    spin()


def stop_own_process() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def leave_temporary_file() -> NoReturn:
    descriptor, name = tempfile.mkstemp()
    os.write(descriptor, b"of the stranger")
    raise ValueError(name)


def tell_temporary_folder() -> str:
    return tempfile.gettempdir()


def tell_and_hang(note: str) -> None:
    Path(note).write_text(str(os.getpid()))
    hang()


def hang_with_child(note: str) -> None:
    child = subprocess.Popen(["sleep", "3600"])
    Path(note).write_text(f"{child.pid} {os.getpid()}")
    hang()


def leave_children(count: int) -> list[int]:
    return [subprocess.Popen(["sleep", "3600"]).pid for _ in range(count)]


def leave_orphan(note: str) -> None:
    code = f"import subprocess; open({note!r}, 'w').write(str(subprocess.Popen(['sleep', '3600']).pid))"
    subprocess.run([sys.executable, "-c", code], check=True)


def fork_for_ever() -> NoReturn:
    while True:
        os.fork()


def start_threads_for_ever() -> NoReturn:
    while True:
        threading.Thread(target=hang, daemon=True).start()


def die_the_first_time(note: str) -> str:
    if not Path(note).exists():
        Path(note).touch()
        kill_own_process()
    return "done"


def close_the_channel_and_hang() -> NoReturn:
    for number in open_sockets():
        os.close(number)
    hang()


def say(content: bytes) -> NoReturn:
    """Past all that a worker would say by itself."""
    os.write(open_sockets()[0], content)
    hang()


def exit_at_once() -> NoReturn:
    os._exit(3)


def segfault() -> None:
    ctypes.string_at(0)


def kill_own_process() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def eat_memory() -> int:
    hoard = []
    while True:
        hoard.append(bytearray(16 * 1024 * 1024))


def eat_memory_in_another_program() -> str:
    done = subprocess.run([sys.executable, "-c", "bytearray(1 << 40)"], capture_output=True, text=True, check=False)
    return done.stderr.splitlines()[-1]


def fill_disk(path: str) -> None:
    with Path(path).open("wb") as file:
        file.truncate(1 << 40)
