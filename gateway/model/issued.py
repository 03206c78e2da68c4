"""A document that the agency issues, about to be entered in an outgoing book."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.model.document import Entry


@dataclass(frozen=True, slots=True)
class Issued:
    """An outgoing document under the number it was given; the other columns of its book (Phụ lục IV) as in Document."""

    entry: Entry
    copies: int | None = None
    kept_by: str = ""
    note: str = ""
