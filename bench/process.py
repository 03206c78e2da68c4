"""What the kernel says about a process and the ones it started."""

from __future__ import annotations

import os
from pathlib import Path

_RESET_PEAK = "5"
_OWN_TICKS, _ENDED_CHILDREN_TICKS = slice(11, 13), slice(13, 15)


def rss_mb(pid: int) -> float:
    """Resident memory of a process now, in megabytes."""
    return _status(pid, "VmRSS")


def peak_mb(pid: int) -> float:
    """The most resident memory of a process since it began or since `reset_peak`, in megabytes."""
    return _status(pid, "VmHWM")


def reset_peak(pid: int) -> None:
    """Let the peak count from here."""
    Path(f"/proc/{pid}/clear_refs").write_text(_RESET_PEAK)


def children(pid: int) -> list[int]:
    """The processes that a process started itself."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def cpu_seconds(pid: int) -> float:
    """What a process has used of the processors, all its threads together."""
    return _ticks(pid, _OWN_TICKS)


def children_cpu_seconds(pid: int) -> float:
    """What the processes it started have used, those that have ended as well."""
    return _ticks(pid, _ENDED_CHILDREN_TICKS) + sum(cpu_seconds(child) for child in children(pid))


def _ticks(pid: int, which: slice) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(field) for field in fields[which]) / os.sysconf("SC_CLK_TCK")


def _status(pid: int, name: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise LookupError(f"process {pid} has no {name}")
