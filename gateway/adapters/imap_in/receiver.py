"""Who takes what one mailbox brings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from gateway.model.mail import Envelope, StoredBlob
from gateway.model.seal import Remainder


class Receiver(Protocol):
    """What composition gives a mailbox. Where a method may fail for a while, it raises TemporaryError."""

    def admit(self, sender: str, size: int) -> float:
        """0 counts this mail as taken now; otherwise the seconds for which it has to wait in its mailbox.

        `sender` is a lower-case address as the header names it, or empty; `size` is in bytes. A mail that was counted
        is not asked about again while the process lives, however often its fetch fails.
        """
        ...

    async def accept(self, envelope: Envelope, raw: StoredBlob) -> str:
        """Enter a durable mail once per transport id, and return its label; may raise StorageFull."""
        ...

    async def taken(self, transport_ids: Sequence[str]) -> Collection[str]:
        """Which of these were entered before."""
        ...

    async def left(self, uidvalidity: int, uid: int, reason: str) -> None:
        """A mail cannot be taken and stays where it is; the reason is Vietnamese."""
        ...

    async def doomed(self, prefix: str) -> Sequence[Remainder]:
        """The mails with such transport ids whose content was destroyed, and which are to go from the mailbox too."""
        ...

    async def removed(self, mail: Remainder, found: int) -> None:
        """The mailbox holds such a mail no more; it had `found` copies."""
        ...

    async def not_removed(self, mail: Remainder, reason: str) -> None:
        """It cannot be removed for now; the reason is Vietnamese."""
        ...

    def progressed(self) -> None:
        """A look that lasts goes well so far: the server gave something new."""
        ...

    def looked(self) -> None:
        """A look into the mailbox came to its end: all that could be taken is taken and finished."""
        ...

    def failed(self, reason: str) -> None:
        """A look into the mailbox failed; the reason is Vietnamese."""
        ...
