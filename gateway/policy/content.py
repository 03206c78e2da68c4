"""What the office has decided about the content of files, as one value."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.policy.active import ActiveTable
from gateway.policy.formats import FormatTable
from gateway.policy.signing.seals import SealOwner


@dataclass(frozen=True, slots=True)
class ContentRules:
    """The tables and choices that rules on files go by; `refuse_legacy` is about letters that are not in Unicode.

    `seals` says whose seals those are whose certificates do not say it.
    """

    formats: FormatTable
    active: ActiveTable
    refuse_legacy: bool = False
    seals: tuple[SealOwner, ...] = ()
