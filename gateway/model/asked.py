"""What the register asks a person about: a field that was read with doubt, or not at all."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.model.header import Evidence


@dataclass(frozen=True, slots=True)
class AskedField:
    """A field of HeaderFields by its `name`, with its `value` as people write it, empty where nothing was read.

    `confidence` is 0…1, None where nothing was read; `evidence` is None where nobody noted what it was read from.
    `file` is the name of the file it was read from, empty where it is not known or there is only one.
    """

    name: str
    value: str = ""
    confidence: float | None = None
    evidence: Evidence | None = None
    file: str = ""
