"""The recipients: the list after "Nơi nhận" (Nghị định 30/2020/NĐ-CP, Phụ lục I, ô số 9b)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.policy.header import words
from gateway.policy.header.layout import Cell
from gateway.policy.header.persons import person_in, says_signed
from gateway.policy.header.text import is_upper, squeeze, starts_lower

MAX_LENGTH = 1000
"""As long as ToPlaces of the metadata may be (Phụ lục VI phần II)."""
MAX_CELLS = 90

_HEADING = re.compile(r"noi nhan ?(?P<colon>[:;.]?) ?")
_KEPT = re.compile(r"l[uư]u(?! (?:tru|y|hanh|hoc|dong))(?: ?[:;.]|(?: tai)? ?(?:vt|vp|hs|hc|van thu|ho so|van phong))")
_BULLET = re.compile(r"^(?:[-–—−•·●◦▪*+]|\(?\d{1,2}[.)])\s*")
_INLINE_BULLET = re.compile(r";\s*[-–—−•·●◦▪+]\s*")
_LONGEST_ITEM = 200
_FEWEST_LETTERS = 2
_ACROSS = 0.5


@dataclass(frozen=True, slots=True)
class RecipientsRead:
    """The names divided by `; `; `certain` says that the list ends as it should, with the copy that is kept."""

    names: str
    certain: bool
    cells: tuple[Cell, ...]


@dataclass(slots=True)
class _List:
    items: list[str]
    cells: list[Cell]
    complete: bool = False
    open: bool = False
    """Whether the last item lacks the sign that closes it."""

    def add(self, cell: Cell, text: str) -> None:
        self.cells.append(cell)
        for part in _INLINE_BULLET.split(text):
            item = squeeze(_BULLET.sub("", part.strip()))
            if _KEPT.match(_folded(item)):
                self.complete = True
                return
            if self.items and self.open and not _BULLET.match(part):
                self.items[-1] = f"{self.items[-1]} {item}"
            elif sum(letter.isalpha() for letter in item) >= _FEWEST_LETTERS:
                self.items.append(item)
        self.open = not text.rstrip().endswith((";", ".", "./."))


def recipients_in(cells: Sequence[Cell]) -> RecipientsRead | None:
    """The first list after "Nơi nhận", without the line on the copy that is kept (`Lưu: VT`); None without a list.

    `cells` are those of all pages. Beside the list the signature may stand, in the same lines.
    """
    for place, cell in enumerate(cells):
        heading = _HEADING.match(cell.folded)
        if heading is not None and cell.text[0].isupper() and (heading["colon"] or heading.end() == len(cell.folded)):
            found = _gathered(cell, cell.text[heading.end() :], cells[place + 1 : place + 1 + MAX_CELLS])
            return _read(found) if found.items else None
    return None


def _gathered(opening: Cell, rest: str, following: Sequence[Cell]) -> _List:
    found = _List([], [opening])
    if rest.strip():
        found.cells.clear()
        found.add(opening, rest)
    for cell in following:
        if found.complete:
            break
        if _beside(opening, cell) or words.RULE.fullmatch(cell.text) or _is_signature(found, cell):
            continue
        if _signs(cell):
            if found.items and opening.centre is None and not found.open:
                break
            continue
        if _ends(found, cell):
            break
        found.add(cell, cell.text)
    return found


def _beside(opening: Cell, cell: Cell) -> bool:
    """Whether `cell` stands in the column of the signature."""
    if cell.page != opening.page or opening.centre is None or cell.centre is None:
        return False
    return opening.centre < _ACROSS <= cell.centre and not _BULLET.match(cell.text)


def _is_signature(found: _List, cell: Cell) -> bool:
    """Whether a line among the names is the end of a signature: both blocks are often one after the other."""
    closed = not found.items or not found.open
    return says_signed(cell.folded) or (closed and person_in(cell.text) is not None)


def _signs(cell: Cell) -> bool:
    return is_upper(cell.text) and not _BULLET.match(cell.text)


def _ends(found: _List, cell: Cell) -> bool:
    """Whether `cell` is no more of the list."""
    if len(cell.text) > _LONGEST_ITEM:
        return True
    if _BULLET.match(cell.text) or _KEPT.match(cell.folded):
        return False
    if found.open and found.items:
        return cell.gap and not starts_lower(cell.text)
    return bool(found.items) and not cell.text.rstrip().endswith((";", "."))


def _read(found: _List) -> RecipientsRead:
    kept: list[str] = []
    for item in found.items:
        name = item.strip(" .,;:-–")
        if name and len("; ".join([*kept, name])) <= MAX_LENGTH:
            kept.append(name)
    return RecipientsRead("; ".join(kept), found.complete and len(kept) == len(found.items), tuple(found.cells))


def _folded(text: str) -> str:
    return Cell(text).folded
