"""The Sealer port."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import Callable
from pathlib import Path

from cryptography import x509

from gateway.adapters.cms.certificate import fingerprint_of, holder_of, read_certificate
from gateway.adapters.cms.envelope import encrypt
from gateway.adapters.cms.own_pair import OwnPair
from gateway.clock import Clock
from gateway.errors import SealingFailure, StorageFull
from gateway.model.seal import Sealing

log = logging.getLogger(__name__)

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class CmsSealer:
    """Encrypts to the officer's certificate. Where there is none, or it cannot be read now, to a pair of our own.

    So no content stays in the open for want of a certificate. One that has run out still serves: its holder has its
    key.
    """

    def __init__(self, certificate: Callable[[], Path] | None, own: OwnPair, clock: Clock) -> None:
        """`certificate` tells where the file is; it is read at each use, so that a new one needs no restart."""
        self._certificate = certificate
        self._own = own
        self._clock = clock

    async def seal(self, content: Path, sealed: Path) -> Sealing:
        """See ports.Sealer. Works in a thread."""
        return await asyncio.to_thread(self._seal, content, sealed)

    def _seal(self, content: Path, sealed: Path) -> Sealing:
        try:
            certificate, own = self._recipient()
            digest = encrypt(content, sealed, certificate)
        except OSError as error:
            if error.errno in _FULL:
                raise StorageFull("no space left for the encrypted copy") from error
            raise
        except ValueError as error:
            raise SealingFailure(f"không mã hóa được thư ({error})") from None
        at_hand = own and self._own.key.exists()
        return Sealing(digest, fingerprint_of(certificate), holder_of(certificate), at_hand)

    def _recipient(self) -> tuple[x509.Certificate, bool]:
        """Whom to encrypt to, and whether that is a pair of our own."""
        if self._certificate is not None:
            try:
                return read_certificate(self._certificate()), False
            except SealingFailure as error:
                log.warning("sealing certificate not usable", extra={"cause": str(error)})
        return self._own.read(self._clock.now()), True
