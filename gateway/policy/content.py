"""What the office has decided about the content of files, as one value."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.policy.active import ActiveTable
from gateway.policy.formats import FormatTable


@dataclass(frozen=True, slots=True)
class ContentRules:
    """The tables and choices that rules on files go by; `refuse_legacy` is about letters that are not in Unicode."""

    formats: FormatTable
    active: ActiveTable
    refuse_legacy: bool = False
