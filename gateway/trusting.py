"""The trust folder while the daemon works: certificates that end are told of in time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway.adapters.trust_store import LocalTrustFolder
from gateway.app import Office
from gateway.errors import GatewayError
from gateway.log import logger
from handlers.watch_trust import TrustWatch

log = logger(__name__)

_LOOK_SECONDS = 3600.0


@asynccontextmanager
async def watching_trust(office: Office, machine: str) -> AsyncIterator[None]:
    """Look after the trust folder of this machine while the block lasts."""
    watch = TrustWatch(office.desk, LocalTrustFolder(office.settings.anchors), machine)
    watching = asyncio.create_task(_keep_watching(watch), name="trust watch")
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def _keep_watching(watch: TrustWatch) -> None:
    """Whatever one look meets, the next ones go on."""
    while True:
        try:
            await watch.look()
        except GatewayError as error:
            log.warning("trust folder not watched", cause=str(error))
        except Exception:
            log.exception("trust folder not watched")
        await asyncio.sleep(_LOOK_SECONDS)
