"""The inspector of files; it asks authorities, where it may, about certificates.

Asked is where nothing is known yet, and where no time stamp proves when it was signed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.adapters.sandbox import Sandbox
from gateway.clock import Clock
from gateway.errors import SandboxFailure
from gateway.model.facts import FileFacts
from gateway.model.signature import Revocation, Signature, SignatureCarrier, Wanted
from gateway.policy.header.sign import CHECK as SECRECY
from gateway.ports import Inspector
from gateway.settings import Settings
from gateway.workers import SandboxedInspector

if TYPE_CHECKING:
    from gateway.adapters.revocation.fetcher import RevocationFetcher


class AskingInspector:
    """Implements ports.Inspector: what authorities then say is in the cache that the workers read."""

    def __init__(self, inspector: Inspector, sandbox: Sandbox, fetcher: RevocationFetcher) -> None:
        self._inspector = inspector
        self._sandbox = sandbox
        self._fetcher = fetcher

    async def inspect(self, content: Path, sha256: str, media_type: str) -> FileFacts:
        """See ports.Inspector."""
        facts = await self._inspector.inspect(content, sha256, media_type)
        return await self._inspector.inspect(content, sha256, media_type) if await self._heard_more(facts) else facts

    async def inspect_carrier(self, carrier: SignatureCarrier) -> FileFacts:
        """See ports.Inspector."""
        facts = await self._inspector.inspect_carrier(carrier)
        return await self._inspector.inspect_carrier(carrier) if await self._heard_more(facts) else facts

    async def _heard_more(self, facts: FileFacts) -> bool:
        """Ask about trusted signers whose standing may be another than is known; a stranger has us ask nobody.

        Nobody outside shall learn from a question that a secret document came.
        """
        from gateway.adapters.revocation.jobs import wanted_of

        if facts.marks.secrecy or SECRECY in facts.unknown:
            return False

        content = {proof.sha256: proof.content for proof in facts.proofs}
        wanted: list[Wanted] = []
        for signature in facts.signatures:
            chain = [content[each.sha256] for each in signature.chain if each.sha256 in content]
            if signature.trusted and _may_say_more(signature) and len(chain) == len(signature.chain):
                with suppress(SandboxFailure):
                    wanted += await self._sandbox.run(wanted_of, chain)
        return bool(wanted) and await self._fetcher.fetch(tuple(dict.fromkeys(wanted))) > 0


def _may_say_more(signature: Signature) -> bool:
    """Whether an authority could change the verdict.

    Where no time stamp proves when it was signed, a list that came along or was kept proves little: whoever has a
    stolen key dates back to before the certificate was revoked, and sends the list of that day.
    """
    return signature.revocation is Revocation.NOT_KNOWN or signature.timestamped_at is None


@asynccontextmanager
async def inspecting(settings: Settings, sandbox: Sandbox, clock: Clock) -> AsyncIterator[Inspector]:
    """The inspector of the configuration while the block lasts."""
    inspector, section = SandboxedInspector(sandbox), settings.signatures
    if not section.fetch_revocation or section.revocation_cache is None:
        yield inspector
        return
    from gateway.adapters.revocation.fetcher import FetchOptions, RevocationFetcher

    options = FetchOptions(section.revocation_cache, section.fetch_timeout.total_seconds(), dict(section.fetch_hosts))
    fetcher = RevocationFetcher(options, sandbox.run, clock)
    try:
        yield AskingInspector(inspector, sandbox, fetcher)
    finally:
        await fetcher.close()
