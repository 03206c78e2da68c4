"""What one worker may use."""

from __future__ import annotations

import contextlib
import math
import os
import resource
from dataclasses import dataclass
from pathlib import Path

OPEN_FILES = 256
TASKS = 512
"""How many processes and threads the account may have beyond those it has when a worker starts: a wall for bombs,
far from what it needs. The kernel does not hold root to it."""
LARGEST_ANSWER = 32 * 1024 * 1024
"""Bytes. The largest honest answers are the facts of a file (a million letters of text) and a mail of 2,000 parts,
some 6 MB each; the daemon, which holds one answer of each worker at a time, must never be filled by them."""
LARGEST_FILE = 256 * 1024 * 1024
"""Bytes of one file: what a whole mail may come to when it is taken apart (`decoded` of the MIME reader's limits)."""
NICENESS = 5
OUT_OF_MEMORY_SCORE = "800"


@dataclass(frozen=True, slots=True)
class Limits:
    """`parent` is the process without which a worker must not live.

    `memory_bytes` holds for the worker and for each of its children by itself, `file_bytes` for each file written.
    """

    parent: int
    memory_bytes: int
    seconds: float
    answer_bytes: int = LARGEST_ANSWER
    file_bytes: int = LARGEST_FILE


def give_way() -> None:
    """The daemon goes before its workers, for the processor and where memory is short."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(OUT_OF_MEMORY_SCORE)
    os.nice(NICENESS)


def set_limits(limits: Limits) -> None:
    """Libraries loaded so far do not count against the memory of jobs."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    memory = pages * resource.getpagesize() + limits.memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    _lower(resource.RLIMIT_FSIZE, limits.file_bytes)
    _lower(resource.RLIMIT_NOFILE, OPEN_FILES)
    _lower(resource.RLIMIT_NPROC, _tasks_of_account() + TASKS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def allow_cpu(seconds: float) -> None:
    """CPU time for the next job, also where a library computes on every core; past it comes SIGXCPU."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    most = usage.ru_utime + usage.ru_stime + seconds * (os.cpu_count() or 1)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = math.ceil(most) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _lower(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    value = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (value, value))


def _tasks_of_account() -> int:
    """Threads of all processes of this account; a process that ends meanwhile counts as none."""
    own, found = os.getuid(), 0
    for process in Path("/proc").iterdir():
        if process.name.isdecimal():
            with contextlib.suppress(OSError):
                tasks = (process / "task").stat()
                found += tasks.st_nlink - 2 if tasks.st_uid == own else 0
    return found
