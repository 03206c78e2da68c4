"""Jobs for the sandbox's workers: some behave, some are what a hostile file may do to a parser."""

import ctypes
import os
import signal
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


def open_sockets() -> list[str]:
    links = [link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return [str(link) for link in links if str(link).startswith("socket:")]


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


def tell_and_hang(note: str) -> None:
    Path(note).write_text(str(os.getpid()))
    hang()


def hang_with_child(note: str) -> None:
    child = os.fork()
    if child == 0:
        hang()
    Path(note).write_text(f"{child} {os.getpid()}")
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


def fill_disk(path: str) -> None:
    with Path(path).open("wb") as file:
        file.truncate(1 << 40)


class Malicious:
    """Unpickled by a trusting reader, it would run a command."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("true",)


def answer_with_code() -> Malicious:
    return Malicious()
