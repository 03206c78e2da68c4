"""The metadata of a document that the management of electronic documents is fed with (Nghị định 30/2020 Phụ lục VI phần
II).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Value = str | int | None
"""Of one field; None where nothing is known. Days are written `22/11/2026`."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """A document's fields by their short English names, in the order of the annex.

    A field of several parts is a mapping. `cut` has what was longer than the annex allows, whole, by the name of its
    field (`SignerInfo/FullName` for a part).
    """

    document: str
    direction: str
    fields: Mapping[str, Value | Mapping[str, Value]]
    cut: Mapping[str, str] = field(default_factory=dict)
