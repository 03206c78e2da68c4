"""The title: where the type's name stands, and which type it is (Nghị định 30/2020/NĐ-CP, Điều 7)."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.policy.header.confidence import DOUBTFUL, GUESS, LIKELY, SURE
from gateway.policy.header.number import notation_year
from gateway.policy.header.text import fold, is_upper
from gateway.policy.header.types import DocumentType, DocumentTypes, TypeGroup
from gateway.policy.header.zone import Head, HeadCell, Kind

OFFICIAL_LETTER = "Công văn"

_TITLE_LENGTH = 120
_OF = "cua "
_ORDERS = frozenset({"Nghị quyết", "Quyết định", "Quy chế", "Quy định", "Hợp đồng", "Bản cam kết"})


@dataclass(frozen=True, slots=True)
class TypeRead:
    """The name of a type and how sure it is."""

    name: str
    confidence: float


def heading_place(head: Head, notation: str | None, types: DocumentTypes) -> int | None:
    """Where the type's name stands: as a line of its own, else at the start of a title in capitals."""
    place = head.first(Kind.HEADING)
    subject = head.first(Kind.SUBJECT)
    if place is not None and (subject is None or place < subject or place == subject + 1):
        return place
    expected = types.by_notation(notation) if notation else None
    if expected is None:
        return None
    numbered = (at for at, one in enumerate(head.cells) if is_upper(one.cell.text) and _type_before_number(one))
    named = next((at for at in numbered if types.named(_type_before_number(head.cells[at])) is expected), None)
    if named is not None:
        return named
    places = range(len(head.cells) if subject is None else subject)
    return next((at for at in places if _names_type(head.cells[at], expected, types)), None)


def _type_before_number(one: HeadCell) -> str:
    """`CÔNG ĐIỆN SỐ 05/CĐ-UBND` is title and number in one."""
    return one.number.type_name if one.number is not None else ""


def _names_type(one: HeadCell, expected: DocumentType, types: DocumentTypes) -> bool:
    """A title that begins with the type: in capitals, in small letters alone, or `Quyết định của Bộ trưởng …`.

    Small letters are what capitals of the legacy fonts become; the last is the form of before 2004.
    """
    if one.kind not in {Kind.CAPITALS, Kind.OTHER} or len(one.cell.text) > _TITLE_LENGTH:
        return False
    if types.by_heading(one.cell.text) is expected:
        return not one.cell.text.endswith(":")
    begun = types.prefix_of(one.cell.text)
    if begun is None or begun[0] is not expected:
        return False
    return is_upper(one.cell.text) or fold(begun[1]).startswith(_OF)


def type_of(head: Head, heading_at: int | None, notation: str | None, types: DocumentTypes) -> TypeRead | None:
    """The type by heading and notation together; a numbered page without a heading is a công văn."""
    by_notation = types.by_notation(notation) if notation else None
    if by_notation is not None and by_notation.group is TypeGroup.CONSOLIDATED:
        return TypeRead(by_notation.name, SURE)
    heading = _heading(head, heading_at, types)
    if heading is not None:
        return TypeRead(heading.name, _heading_confidence(head, heading, by_notation, notation))
    letter = types.named(OFFICIAL_LETTER)
    if notation is None or letter is None:
        return None
    subject, addressee = head.first(Kind.SUBJECT) is not None, head.first(Kind.ADDRESSEE) is not None
    if by_notation is not None:
        # An agency's abbreviation may equal a type's: CT-TTHT is a letter of a Cục Thuế, no Chỉ thị.
        return TypeRead(letter.name if subject and addressee else by_notation.name, LIKELY)
    if subject and addressee:
        return TypeRead(letter.name, SURE)
    return TypeRead(letter.name, LIKELY if subject or addressee else DOUBTFUL)


def _heading(head: Head, heading_at: int | None, types: DocumentTypes) -> DocumentType | None:
    if heading_at is None:
        return None
    one = head.cells[heading_at]
    if one.heading is not None:
        return one.heading
    if _type_before_number(one):
        return types.named(_type_before_number(one))
    begun = types.prefix_of(one.cell.text)
    return begun[0] if begun is not None else types.by_heading(one.cell.text)


def _heading_confidence(
    head: Head, heading: DocumentType, by_notation: DocumentType | None, notation: str | None
) -> float:
    if notation is None:
        return LIKELY if head.first(Kind.MOTTO) is not None else GUESS
    if by_notation is heading or (by_notation is None and heading.group is TypeGroup.LEGAL):
        return SURE
    legislature = "QH" in notation.upper()
    return SURE if by_notation is None and legislature else DOUBTFUL


def after_type(head: Head, place: int, types: DocumentTypes) -> str:
    """What follows the type's name on the heading's own line."""
    one = head.cells[place]
    if one.heading is not None and is_upper(one.cell.text) and types.by_heading(one.cell.text) is not None:
        return ""
    if one.number is not None:
        return one.number.rest
    begun = types.prefix_of(one.cell.text)
    return begun[1] if begun is not None and not fold(begun[1]).startswith(_OF) else ""


def asks_for_nothing(document_type: str | None, notation: str | None, types: DocumentTypes) -> bool:
    """Whether documents of that type ask nobody for an answer: what is enacted, decided or agreed."""
    kind = types.named(document_type) if document_type else None
    if kind is not None and (kind.group is not TypeGroup.ADMINISTRATIVE or kind.name in _ORDERS):
        return True
    return notation is not None and notation_year(notation) is not None
