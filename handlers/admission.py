"""How much mail may arrive within an hour, from one sender and in all."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.ports import Acceptance

WINDOW = timedelta(hours=1)
_NONE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Limits:
    """Mails and bytes an hour. A sender is a reverse-path as it comes from one client: others may forge the address."""

    sender_mails: int
    sender_bytes: int
    total_mails: int
    total_bytes: int


class _Window:
    """What was taken within the last hour against one pair of limits."""

    def __init__(self, mails: int, octets: int) -> None:
        self._mails, self._octets = mails, octets
        self._taken: deque[tuple[datetime, int]] = deque()
        self._sum = 0

    def forget(self, now: datetime) -> bool:
        """Drop what is older than an hour, or of a future that a clock set back undid; true where nothing is left."""
        while self._taken and not now - WINDOW < self._taken[0][0] <= now + WINDOW:
            self._sum -= self._taken.popleft()[1]
        return not self._taken

    def add(self, at: datetime, size: int) -> None:
        self._taken.append((at, size))
        self._sum += size

    def wait(self, size: int, now: datetime) -> timedelta:
        """How long until one more of this size fits; a mail by itself always does."""
        count, octets = len(self._taken), self._sum
        for at, taken in self._taken:
            if count < self._mails and octets + size <= self._octets:
                return _NONE
            count, octets = count - 1, octets - taken
            if count < self._mails and (octets + size <= self._octets or not count):
                return max(at + WINDOW - now, _NONE)
        return _NONE


class Admission:
    """Counts what was accepted by this process; `resume` tells it what was before it started."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._all = _Window(limits.total_mails, limits.total_bytes)
        self._senders: dict[tuple[str, str], _Window] = {}

    def resume(self, accepted: Iterable[Acceptance]) -> None:
        """Count mails that were accepted before."""
        for acceptance in accepted:
            self.note(acceptance)

    def note(self, acceptance: Acceptance) -> None:
        """A mail was accepted."""
        key = (acceptance.sender.lower(), acceptance.peer)
        window = self._senders.get(key)
        if window is None:
            self._tidy(acceptance.at)
            window = self._senders[key] = _Window(self._limits.sender_mails, self._limits.sender_bytes)
        for each in (self._all, window):
            each.forget(acceptance.at)
            each.add(acceptance.at, acceptance.size)

    def wait(self, sender: str, peer: str, size: int, now: datetime) -> timedelta:
        """How long a mail of `size` bytes (0 where not known yet) must wait; nothing where it may come now."""
        self._all.forget(now)
        longest = self._all.wait(size, now)
        window = self._senders.get((sender.lower(), peer))
        if window is not None:
            window.forget(now)
            longest = max(longest, window.wait(size, now))
        return longest

    def _tidy(self, now: datetime) -> None:
        """A stranger may use a new sender for every mail: senders of whom nothing is left are forgotten."""
        if len(self._senders) > self._limits.total_mails:
            self._senders = {key: window for key, window in self._senders.items() if not window.forget(now)}
