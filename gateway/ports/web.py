"""What the web asks of the store and of handlers, as protocols."""

from __future__ import annotations

from typing import Protocol

from gateway.model.document import Document
from gateway.model.facts import ScanVerdict
from gateway.model.health import Health
from gateway.model.tracking import PersonalFiles, TrackedDocument


class TrackingQueries(Protocol):
    """What the tracking page asks of the store; it only reads (promise 7)."""

    async def by_token(self, token: str) -> TrackedDocument | None:
        """The document whose tracking link, or that of one of its forwardings, bears `token`; or None."""
        ...

    async def files_of(self, token: str) -> PersonalFiles | None:
        """The files that a personal link opens; None for one that was never given."""
        ...


class Counter(Protocol):
    """What the holder of a link may do on its page; the same acts as by reply."""

    async def acknowledge(self, token: str, name: str) -> bool:
        """Note that `name` says that the submission behind `token` was received; true also where it was noted before.

        False where the token is not that of a forwarding.
        """
        ...

    async def seen(self, token: str, *, by_person: bool) -> None:
        """Note that the page of a forwarding was asked for. It acknowledges nothing and changes no document."""
        ...

    async def kept_back(self, sha256: str, document: Document) -> ScanVerdict | None:
        """The verdict, by the signatures of now, for which a registered file may not leave; None where it may.

        Raises TemporaryError while none can be had, KeyError where there is no such document.
        """
        ...


class HealthSource(Protocol):
    """Looks at the gateway's own state."""

    async def health(self) -> Health:
        """Never fails: a look that did not come to an end is a check that is not ok."""
        ...
