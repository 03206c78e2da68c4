"""What breaks a scanner: contents at which clamd died or fell silent, counted while this process lives."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from gateway.adapters.clamd.connection import NotReady

MOST = 3
"""Fewer may be an operator who stops clamd, or another content that kills it at the same time."""
REMEMBERED = 10_000


class Breaks:
    """Counts by the content's name, for several threads; the longest untouched are forgotten first."""

    def __init__(self) -> None:
        self._counts: OrderedDict[str, int] = OrderedDict()
        self._counting = threading.Lock()
        self._alone = threading.Lock()

    def note(self, content: str) -> None:
        """A connection that had been accepted broke, or its time ran out, at this content."""
        with self._counting:
            self._counts[content] = self._counts.pop(content, 0) + 1
            if len(self._counts) > REMEMBERED:
                self._counts.popitem(last=False)

    def forget(self, content: str) -> None:
        """It was scanned after all."""
        with self._counting:
            self._counts.pop(content, None)

    def are_too_many(self, content: str) -> bool:
        """Whether it is this content, and not chance, at which scanners break."""
        return self._counts.get(content, 0) >= MOST

    @contextmanager
    def apart(self, content: str) -> Iterator[None]:
        """Of those that broke a scanner before one is offered at a time, lest one be blamed for what another did.

        Raises NotReady while another is.
        """
        if content not in self._counts:
            yield
            return
        if not self._alone.acquire(blocking=False):
            raise NotReady("máy quét từng dừng ở tệp này, tệp chờ đến lượt quét riêng")
        try:
            yield
        finally:
            self._alone.release()
