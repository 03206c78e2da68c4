"""The head of who copied a document, printed above the document's own (Phụ lục I phần II, bản sao)."""

from __future__ import annotations

from gateway.policy.header.types import DocumentTypes, TypeGroup
from gateway.policy.header.zone import Head, HeadCell, Kind


def without_copying_head(head: Head, types: DocumentTypes) -> Head:
    """`head` from where the copied document begins; as it is where no number of a copy stands above another number."""
    numbers = [place for place, one in enumerate(head.cells) if one.kind is Kind.NUMBER]
    own = next((place for place in numbers if not _numbers_a_copy(head.cells[place], types)), None)
    if own is None or not any(_numbers_a_copy(head.cells[place], types) for place in numbers if place < own):
        return head
    last = max(place for place in range(own) if _of_copying(head.cells[place], types))
    return Head(head.cells[last + 1 :])


def _of_copying(one: HeadCell, types: DocumentTypes) -> bool:
    if one.kind in {Kind.DATE, Kind.NUMBER}:
        return True
    named = types.by_heading(one.cell.text)
    return named is not None and named.group is TypeGroup.COPY


def _numbers_a_copy(one: HeadCell, types: DocumentTypes) -> bool:
    kind = types.by_notation(one.number.notation) if one.number is not None else None
    return kind is not None and kind.group is TypeGroup.COPY
