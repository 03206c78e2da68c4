"""Whether an archive, or anything in it, is behind a password."""

from __future__ import annotations

from pathlib import Path

from gateway.adapters.archive import rar
from gateway.adapters.archive.stream import Broken, entries
from gateway.adapters.archive.zips import ZIP, is_encrypted

_MOST_LOOKED_AT = 10_000
_STREAMED = frozenset({"application/x-rar-compressed", "application/x-7z-compressed"})


def locked(path: Path, media_type: str) -> bool:
    """Whether a file of this true type is an archive that wants a password; False where it is too damaged to tell."""
    try:
        if media_type == ZIP:
            return is_encrypted(path)
        if media_type in _STREAMED:
            return rar.encrypted(path) or _streamed(path, media_type)
    except Exception:  # noqa: BLE001  damage shows in many ways, and none is a password
        return False
    return False


def _streamed(path: Path, media_type: str) -> bool:
    try:
        with entries(path, media_type) as (found, _):
            return any(entry.encrypted for entry, _ in zip(found, range(_MOST_LOOKED_AT), strict=False))
    except Broken as problem:
        return problem.encrypted
