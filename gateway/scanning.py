"""The virus scanners at work: none whose limits are below ours is started with, all are looked after."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager

from gateway.app import Office
from gateway.checkup.servers import weaknesses
from gateway.errors import GatewayError, SettingsError, TemporaryError
from gateway.log import logger
from gateway.settings import Settings
from handlers.watch_scanner import ScannerWatch

log = logger(__name__)

_LOOK_SECONDS = 15.0
_MORE_SECONDS = 0.5
_PROOF_SECONDS = 45.0


@asynccontextmanager
async def proving_scanners(settings: Settings) -> AsyncIterator[Awaitable[None]]:
    """Begin to look what the scanners search to its end; whoever awaits the outcome meets SettingsError for a weak one.

    Each is given archives as large as our largest mail, while all else gets ready.
    """
    proof = asyncio.create_task(_refuse_weak(settings), name="scanner proof")
    try:
        yield proof
    finally:
        proof.cancel()
        await asyncio.gather(proof, return_exceptions=True)


async def _refuse_weak(settings: Settings) -> None:
    """One that is away is no reason to stay away ourselves: mails are taken and wait for it."""
    lines = []
    for address in settings.scanner.addresses():
        try:
            async with asyncio.timeout(_PROOF_SECONDS):
                lines += [f"{weakness.detail}. {weakness.remedy}" for weakness in await weaknesses(settings, address)]
        except (TemporaryError, TimeoutError) as error:
            log.warning("scanner not there yet", address=address, cause=str(error))
    if lines:
        raise SettingsError("\n".join(f"scanner.clamd: {line}" for line in lines))


@asynccontextmanager
async def watching_scanner(office: Office, machine: str) -> AsyncIterator[None]:
    """Look after the scanners while the block lasts."""
    watch = ScannerWatch(office.desk, machine, office.settings.scanner.warn_after)
    watching = asyncio.create_task(_keep_watching(watch), name="scanner watch")
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def _keep_watching(watch: ScannerWatch) -> None:
    """Whatever one look meets, the next ones go on."""
    while True:
        more = False
        try:
            more = await watch.look()
        except GatewayError as error:
            log.warning("scanner not watched", cause=str(error))
        except Exception:
            log.exception("scanner not watched")
        await asyncio.sleep(_MORE_SECONDS if more else _LOOK_SECONDS)
