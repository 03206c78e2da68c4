"""A person decides which certificates of authorities are trusted; each decision stands in the journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.errors import GatewayError
from gateway.model.journal import NewEvent
from gateway.model.trust import AuthorityCertificate
from gateway.policy.trust import Pins
from gateway.ports.trust import TrustFolder
from handlers.desk import Desk


class NotTrusted(GatewayError):
    """Certificates that may not be trusted as they are. The text is Vietnamese."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of the certificates that were to be added."""

    new: tuple[AuthorityCertificate, ...]
    known: tuple[AuthorityCertificate, ...]


async def add_authorities(
    certificates: Sequence[AuthorityCertificate],
    folder: TrustFolder,
    pins: Pins,
    desk: Desk,
    *,
    actor: str,
    reason: str,
    unpinned: bool,
) -> Added:
    """Trust them all or none; those trusted already are left as they are.

    Nothing is trusted before it stands in the journal. Raises NotTrusted for what is no authority's, and without
    `unpinned` for what has no pin; SettingsError for the folder.
    """
    for each in certificates:
        if each.refusal:
            raise NotTrusted(f"{each.name}: {each.refusal}")
    kept = {each.sha256 for each in await folder.kept()}
    new = tuple(each for each in certificates if each.sha256 not in kept)
    strange = [each for each in new if pins.pin_of(each) is None]
    if strange and not unpinned:
        named = "; ".join(f"{each.name} (SHA-256 {each.sha256})" for each in strange)
        raise NotTrusted(
            f"mã băm không có trong config/trust.toml: {named}; "
            "đã đối chiếu qua đường khác thì thêm --unpinned và --reason"
        )
    if new:
        staged = await folder.stage(new)
        try:
            await _record("trust.added", new, pins, desk, actor, reason)
            await staged.publish()
        finally:
            await staged.discard()
    return Added(new, tuple(each for each in certificates if each.sha256 in kept))


async def remove_authority(
    certificate: AuthorityCertificate, folder: TrustFolder, pins: Pins, desk: Desk, *, actor: str, reason: str
) -> None:
    """Trust it no longer. The record is made after it is gone: an interruption leaves it untrusted."""
    await folder.remove(certificate.sha256)
    await _record("trust.removed", (certificate,), pins, desk, actor, reason)


async def _record(
    kind: str, certificates: Sequence[AuthorityCertificate], pins: Pins, desk: Desk, actor: str, reason: str
) -> None:
    now = desk.clock.now()
    async with desk.store.begin() as unit:
        for each in certificates:
            data = {
                "sha256": each.sha256,
                "subject": each.subject,
                "pinned": pins.pin_of(each) is not None,
                "reason": reason,
            }
            await unit.record(NewEvent(kind, actor, "cli", data=data), now)
