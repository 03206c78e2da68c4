"""What the office has decided about the content of files, as one value."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.policy.formats import FormatTable


@dataclass(frozen=True, slots=True)
class ContentRules:
    """The tables and choices that rules on files go by."""

    formats: FormatTable
