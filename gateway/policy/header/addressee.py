"""The addressees: the names after "Kính gửi" (Nghị định 30/2020/NĐ-CP, Phụ lục I, ô số 9a)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.policy.header import words
from gateway.policy.header.layout import Cell
from gateway.policy.header.text import fold, is_upper, squeeze, starts_lower
from gateway.policy.header.types import DocumentTypes, TypeGroup
from gateway.policy.header.zone import Head, HeadCell, Kind

MAX_LENGTH = 500
MAX_CELLS = 40

_WITHOUT_COLON = 40
_SHORT_REST = 40
# Nobody breaks a name that is shorter.
_FULL_NAME = 28
_PARAGRAPH = 160
_NOTE = 120
_FEWEST_LETTERS = 3
# `Kinh gửi`, `Kính gởi`, and what OCR makes of the letters.
_OPENING = re.compile(r"\W{0,6}k[il1]nh ?(?:[gq][uo][il1]|(?P<presented>trinh))(?![\w]) ?(?P<colon>[:;.]?)[ .:]*")
_BULLET = re.compile(r"^(?:[-–—−•·●◦▪*+]|\(?\d{1,2}[.)])\s*(?=[^\W_])")
_INLINE_BULLET = re.compile(r"\s[-–—−•·●◦▪+]\s+(?=[^\W\d_])")
_SKIPPED = {Kind.RULE, Kind.MARK, Kind.STAMP, Kind.MOTTO, Kind.DATE, Kind.NUMBER}
_UNADDRESSED = frozenset({"Nghị quyết", "Quyết định", "Chỉ thị", "Quy chế", "Quy định"})


@dataclass(frozen=True, slots=True)
class AddresseeRead:
    """The names divided by `; `; `certain` says that the list has its colon and its end was told.

    `cells` are those it stands in.
    """

    names: str
    certain: bool
    cells: tuple[Cell, ...] = ()


def addressee_in(head: Head, document_type: str | None, types: DocumentTypes) -> AddresseeRead | None:
    """The list after "Kính gửi", of at most 500 characters; None where there is none.

    Decisions and legal documents address nobody: there the words are quoted.
    """
    kind = types.named(document_type) if document_type else None
    if kind is not None and (kind.group is TypeGroup.LEGAL or kind.name in _UNADDRESSED):
        return None
    for place, one in enumerate(head.cells):
        opening = _OPENING.match(one.cell.folded)
        if opening is not None and _opens_list(one.cell, opening, place):
            found = _gathered(one.cell, one.cell.text[opening.end() :], head.cells[place + 1 :])
            return _read(found, colon=bool(opening["colon"])) if found.items else None
    return None


@dataclass(slots=True)
class _List:
    """Names gathered so far; `ended` says that what follows cannot belong to them, `guessed` that a line does only by
    its look.
    """

    items: list[str]
    cells: list[Cell]
    ended: bool = False
    guessed: bool = False


def _opens_list(cell: Cell, opening: re.Match[str], place: int) -> bool:
    """Whether the words open the list and not a sentence (`Kính trình UBND tỉnh xem xét`)."""
    if starts_lower(cell.text):
        return False
    if opening["colon"]:
        return True
    rest = cell.text[opening.end() :]
    named = not rest or (not starts_lower(rest) and len(rest) <= _PARAGRAPH)
    return named and not opening["presented"] and place < _WITHOUT_COLON


def _gathered(cell: Cell, opening: str, following: Sequence[HeadCell]) -> _List:
    found = _List(list(_names(opening)), [cell])
    before = opening
    for one in following[:MAX_CELLS]:
        if one.kind in _SKIPPED:
            continue
        if one.kind in {Kind.HEADING, Kind.SUBJECT, Kind.ADDRESSEE} or _ends(before, one.cell, found.items):
            found.ended = True
            break
        text = one.cell.text
        found.guessed |= bool(found.items) and _looks_alike(before, one.cell)
        if found.items and not _new_name(before, text):
            comma = "," if before.rstrip().endswith(",") else ""
            text = f"{found.items.pop()}{comma} {text}"
        found.items.extend(_names(text))
        found.cells.append(one.cell)
        before = one.cell.text
        if sum(map(len, found.items)) > MAX_LENGTH:
            return found
    else:
        found.ended = len(following) <= MAX_CELLS
    return found


def _ends(before: str, cell: Cell, items: Sequence[str]) -> bool:
    """Whether `cell` is no more of the list that the line `before` has come to."""
    bullet = _BULLET.match(cell.text)
    rest = cell.text[bullet.end() if bullet else 0 :]
    if not items:
        return bool(words.BODY_OPENING.match(fold(rest))) or len(rest) > _PARAGRAPH
    if before.rstrip().endswith(".") or len(rest) > _PARAGRAPH or words.ON_BEHALF.match(fold(rest)):
        return True
    if rest.startswith("(") and rest.rstrip(" .;").endswith(")") and len(rest) <= _NOTE:
        return False
    if words.BODY_OPENING.match(fold(rest)) and not starts_lower(rest):
        return True
    return not (_listed_on(before, cell) or _goes_on(before, rest) or _looks_alike(before, cell))


def _listed_on(before: str, cell: Cell) -> bool:
    return _BULLET.match(cell.text) is not None or before.rstrip().endswith((";", ","))


def _new_name(before: str, text: str) -> bool:
    """Whether a line opens another name and is not the rest of the one above."""
    if _BULLET.match(text) or before.rstrip().endswith(";"):
        return True
    return (
        words.AGENCY_HEAD.match(fold(text)) is not None and not starts_lower(text) and not _is_cut(_last_name(before))
    )


def _goes_on(before: str, rest: str) -> bool:
    """Whether a line without bullet, below one without semicolon, must be the rest of the name above."""
    last = _last_name(before)
    if starts_lower(rest) or _is_cut(last):
        return True
    return bool(words.NAME_TAIL.match(fold(rest)) or _is_place(last, rest)) and len(rest) <= _SHORT_REST


def _looks_alike(before: str, cell: Cell) -> bool:
    """Whether a short line that nothing else says belongs to the list, or to what comes after it, looks like more."""
    rest = cell.text
    if _listed_on(before, cell) or _goes_on(before, rest):
        return False
    if cell.gap or len(rest) > _SHORT_REST or is_upper(before) != is_upper(rest):
        return False
    if rest.endswith(";"):
        return True
    named = all(word[0].isupper() for word in rest.split()) or words.AGENCY_HEAD.match(fold(rest)) is not None
    return rest.endswith(".") and (named or len(before) >= _FULL_NAME)


def _last_name(line: str) -> str:
    return fold(_BULLET.sub("", line.rpartition(";")[2].strip()))


def _is_cut(name: str) -> bool:
    """Whether a name says nothing without the line below it."""
    joined = not name.endswith(",") and words.CONNECTIVE_END.fullmatch(name) is not None
    return joined or words.INCOMPLETE_NAME.fullmatch(name) is not None


def _is_place(last: str, rest: str) -> bool:
    """`… nhân dân tỉnh` / `Quảng Ngãi`."""
    named = all(word[0].isupper() for word in rest.split()) and not words.AGENCY_HEAD.match(fold(rest))
    return named and last.endswith((" tinh", " huyen", " xa", " phuong", " thi xa", " thanh pho"))


def _names(text: str) -> Iterator[str]:
    """The names on one line: divided by semicolons, and by dashes where the line is a list of them."""
    listed = _BULLET.match(text.strip()) is not None
    for part in text.split(";"):
        for name in _INLINE_BULLET.split(f" {part.strip()}") if listed else [part]:
            bare = squeeze(_BULLET.sub("", name.strip())).strip(" .,:_…-–—")
            if sum(letter.isalpha() for letter in bare) >= _FEWEST_LETTERS:
                yield bare


def _read(found: _List, *, colon: bool) -> AddresseeRead:
    kept: list[str] = []
    for name in found.items:
        if len("; ".join([*kept, name])) > MAX_LENGTH:
            break
        kept.append(name)
    whole = len(kept) == len(found.items)
    names = "; ".join(kept) or found.items[0][:MAX_LENGTH].rstrip()
    return AddresseeRead(names, certain=colon and whole and found.ended and not found.guessed, cells=tuple(found.cells))
