"""The anchors as they are now: folders change while a worker lives, by the trust commands and by fetching."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from gateway.adapters.signatures.anchors import TrustAnchors, load_anchors
from gateway.errors import SettingsError

_Seen = frozenset[tuple[str, int, int]]


class CurrentAnchors:
    """What lies in the trust folder and in the cache of lists and answers, read again when either has changed."""

    def __init__(self, folder: Path, cache: Path | None) -> None:
        """Raises SettingsError where the folder cannot be read now."""
        self._folder, self._cache = folder, cache
        self._seen = self._look()
        self._anchors = load_anchors(folder, cache)

    def now(self) -> TrustAnchors:
        """The newest that could be read: a file that is no certificate leaves in force what was there before it."""
        seen = self._look()
        if seen != self._seen:
            with suppress(SettingsError):
                self._anchors = load_anchors(self._folder, self._cache)
            self._seen = seen
        return self._anchors

    def _look(self) -> _Seen:
        return frozenset(self._files())

    def _files(self) -> Iterator[tuple[str, int, int]]:
        for folder in filter(None, (self._folder, self._cache)):
            with suppress(OSError):
                for path in folder.iterdir():
                    about = path.stat()
                    yield str(path), about.st_size, about.st_mtime_ns
