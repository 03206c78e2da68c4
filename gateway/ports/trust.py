"""The folder of trusted certificates, as a protocol."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from gateway.model.trust import AuthorityCertificate


class Staged(Protocol):
    """Certificates that are on the disk already and not yet trusted."""

    async def publish(self) -> None:
        """Let them be trusted, durably; raises SettingsError where it cannot be written."""
        ...

    async def discard(self) -> None:
        """Leave no trace; harmless after publish."""
        ...


class TrustFolder(Protocol):
    """Where the certificates of authorities lie."""

    async def kept(self) -> tuple[AuthorityCertificate, ...]:
        """All of them, each once, roots first; raises SettingsError where a file or the folder cannot be read."""
        ...

    async def stage(self, certificates: Sequence[AuthorityCertificate]) -> Staged:
        """Bring certificates that were read from a file to the disk; raises SettingsError."""
        ...

    async def remove(self, sha256: str) -> None:
        """Take a certificate out of every file that holds it, durably; raises SettingsError."""
        ...
