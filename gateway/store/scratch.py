"""Folders for unfinished bytes, one a process, that are swept after a crash but never under a living process."""

from __future__ import annotations

import fcntl
import itertools
import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path


class Scratch:
    """A locked folder under `parent`. The lock dies with the process, which is how others see it is left over."""

    def __init__(self, parent: Path) -> None:
        self._numbers = itertools.count()
        self._lock = -1
        while self._lock < 0:
            self.path = parent / secrets.token_hex(8)
            self.path.mkdir(mode=0o700)
            with suppress(FileNotFoundError, BlockingIOError):  # another process sweeps it between mkdir and lock
                self._lock = _lock(self.path)

    def new_path(self) -> Path:
        """A path in the folder that no file has had before."""
        return self.path / str(next(self._numbers))

    def close(self) -> None:
        """Remove the folder and give up the lock."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)


def sweep(parent: Path) -> None:
    """Remove what no living process holds."""
    for leftover in parent.iterdir():
        with suppress(FileNotFoundError, BlockingIOError):  # swept or held by another process
            if leftover.is_symlink() or not leftover.is_dir():
                leftover.unlink()
                continue
            lock = _lock(leftover)
            shutil.rmtree(leftover, ignore_errors=True)
            os.close(lock)


def _lock(folder: Path) -> int:
    """A descriptor that holds the folder's lock; raises BlockingIOError, or FileNotFoundError where it is gone."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        folder.stat()
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
