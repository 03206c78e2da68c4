"""What is written so that a power cut loses neither bytes nor names: fsync of the file, then of its folder."""

from __future__ import annotations

import os
from pathlib import Path


def write_synced(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Write a new file of exactly that mode, its bytes on the disk on return; its name is so after sync_folder().

    Blocks. Raises OSError, and leaves no file then; FileExistsError leaves the file that is there.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on the disk: what was made, renamed and removed there. Blocks; raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
