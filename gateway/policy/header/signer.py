"""Who signed and in what capacity: the name below authority and title (Phụ lục I phần I mục II khoản 7)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from gateway.model.page import Page
from gateway.policy.header import words
from gateway.policy.header.layout import MAX_LINES, Cell, cells_of
from gateway.policy.header.persons import person_in, says_signed
from gateway.policy.header.stamps import stamp_cells
from gateway.policy.header.text import is_upper, starts_lower

MAX_PAGES = 400
MAX_TOTAL_CELLS = 20_000
LINES_PER_PAGE = 10_000
MAX_CAPACITY = 300

_LINE_LENGTH = 200
_REACH = 16
_MOST_SIGNERS = 12
_MOST_TITLES = 6
# Between `KT. BỘ TRƯỞNG` and the title that must follow, names of the list beside it may stand.
_BETWEEN = 6
_TITLE_LENGTH = 90
_ONE_COLUMN = 0.2
_ONE_COLUMN_OF_CHARACTERS = 0.35
_FORM = re.compile(r"\(.{0,10}(?:ghi ro|ho ten|ho va ten|chu ky).{0,80}")
_APPENDIX = re.compile(r"(?:phu luc|mau so|mau \d|bieu mau|danh muc|quy che|quy dinh|dieu le)\b")
_CLOSING = re.compile(r".{0,200}(?:\./\.?\W{0,3}$|thong qua (?:tai .{0,60})?ngay \d)")
_RECIPIENTS = re.compile(r"noi nhan ?(?::|$)")
_LETTERS = re.compile(r"(?:K[/.]?T|T[/.]?M|T[/.]?L|TUQ|TUN|Q)(?: ?[./] ?| )(?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class SignerRead:
    """The name without rank or degree; several joint signers are divided by `; `, and their capacities likewise.

    `capacity` has the lines above the name joined by ` / `, empty where there are none. `certain` says that "(đã ký)",
    a title with authority, or the end of the text stood above the name. `at` is where the name stands, `titles` where
    the capacity does.
    """

    name: str
    capacity: str
    certain: bool
    several: bool
    at: tuple[Cell, ...]
    titles: tuple[Cell, ...]


def signer_in(cells: Iterable[Cell]) -> SignerRead | None:
    """The first signature after the text: those of appendices, which follow it, are not asked.

    `cells` are those of the whole document (`cells_of_document`); no more are taken than it needs.
    """
    search = _Search()
    for cell in cells:
        if search.done(cell):
            break
    found = {one.name: one for one in reversed(search.found)}
    signatures = [one for one in search.found if found[one.name] is one]
    if not signatures:
        return None
    return SignerRead(
        name="; ".join(one.name for one in signatures),
        capacity="; ".join(filter(None, (one.block.capacity for one in signatures)))[:MAX_CAPACITY],
        certain=all(one.certain for one in signatures),
        several=len(signatures) > 1,
        at=tuple(one.at for one in signatures),
        titles=tuple(cell for one in signatures for cell in one.block.titles),
    )


def cells_of_document(pages: Sequence[Page]) -> Iterator[Cell]:
    """The cells of all pages without those of stamps, of each line the first 200 characters."""
    left = MAX_TOTAL_CELLS
    for page in pages[:MAX_PAGES]:
        cells = cells_of(page, LINES_PER_PAGE, _LINE_LENGTH)[:left]
        stamps = stamp_cells(cells[:MAX_LINES])
        yield from (cell for place, cell in enumerate(cells) if place not in stamps)
        left -= len(cells)
        if left <= 0:
            return


@dataclass(slots=True)
class _Block:
    """One signature from its first title on; a name is looked for in the `left` cells of its column that follow."""

    titles: list[Cell]
    left: int = _REACH
    signed: bool = False

    @property
    def capacity(self) -> str:
        """Its lines; one in capitals that is no title goes on with the line above (`KT. CHÁNH ÁN TÒA ÁN` …)."""
        lines: list[str] = []
        for cell in self.titles:
            text = cell.text.strip(" .,;:*")
            if lines and not _is_title(cell):
                lines[-1] = f"{lines[-1]} {text}"
            else:
                lines.append(text)
        return " / ".join(lines)

    def has_place_for(self, cell: Cell) -> bool:
        """Whether `cell` stands in its column, as far as columns are known."""
        return _one_column(self.titles[0], cell) or _one_column(self.titles[-1], cell)

    def is_followed_by(self, title: Cell) -> bool:
        """Whether `title` is a further line of it, and not the first of another signature."""
        if not self.has_place_for(title) or len(self.titles) >= _MOST_TITLES or _one_row(self.titles[-1], title):
            return False
        on_behalf = words.ON_BEHALF.match(self.titles[-1].folded) is not None
        if title.centre is None and self.left < (_REACH - _BETWEEN if on_behalf else _REACH):
            return False
        return on_behalf or words.ON_BEHALF.match(title.folded) is None


@dataclass(frozen=True, slots=True)
class _Signature:
    name: str
    at: Cell
    block: _Block
    certain: bool


@dataclass(slots=True)
class _Search:
    """A walk over the cells: a title opens a block, in whose column a name is a signature."""

    found: list[_Signature] = field(default_factory=list)
    _open: list[_Block] = field(default_factory=list)
    _closing: bool = False
    _recipients: bool = False
    _after_title: bool = False

    def done(self, cell: Cell) -> bool:
        """Take in one more cell; true once all signatures are read: joint ones follow each other at once."""
        after_title, self._after_title = self._after_title, False
        self._recipients = self._recipients or _RECIPIENTS.match(cell.folded) is not None
        self._closing = self._closing or self._recipients or _CLOSING.match(cell.folded) is not None
        if self._recipients and _begins_another(cell):
            return True
        if _is_title(cell) and (self._closing or is_upper(cell.text) or words.ON_BEHALF.match(cell.folded)):
            self._take_title(cell)
        elif not self._open:
            return bool(self.found)
        elif _FORM.fullmatch(cell.folded) or _ends_signature(cell):
            self._open.clear()
        elif says_signed(cell.folded):
            self._of_column(cell, self._open[:1])[0].signed = True
        else:
            self._take_text(cell, after_title=after_title)
        return len(self.found) >= _MOST_SIGNERS

    def _take_title(self, cell: Cell) -> None:
        before = [one for one in reversed(self._open) if one.is_followed_by(cell)]
        block = min(before, key=lambda one: _apart(one.titles[-1], cell), default=None)
        if block is None:
            stale = [one for one in self._open if one.left < _REACH - 1 and one.has_place_for(cell)]
            kept = [one for one in self._open if not any(one is other for other in stale)]
            self._open = kept[-_MOST_SIGNERS:]
            self._open.append(_Block([cell]))
        else:
            block.titles.append(cell)
            block.left = _REACH
        self._after_title = True

    def _take_text(self, cell: Cell, *, after_title: bool) -> None:
        blocks = self._of_column(cell, [])
        read = person_in(cell.text) if blocks else None
        if read is not None:
            block = min(blocks, key=lambda one: _apart(one.titles[-1], cell))
            authority = any(words.ON_BEHALF.match(title.folded) for title in block.titles)
            certain = read.certain and (block.signed or read.signed or authority or self._closing)
            self.found.append(_Signature(read.name, cell, block, certain))
            self._open = [one for one in self._open if one is not block]
            return
        if after_title and blocks and _goes_on(cell) and len(blocks[-1].titles) < _MOST_TITLES:
            blocks[-1].titles.append(cell)
            self._after_title = True
            return
        for block in blocks:
            block.left -= 1
        self._open = [one for one in self._open if one.left > 0]

    def _of_column(self, cell: Cell, otherwise: list[_Block]) -> list[_Block]:
        return [one for one in self._open if one.has_place_for(cell)] or otherwise


def _one_column(one: Cell, other: Cell) -> bool:
    """Whether the cells may stand below each other: the columns of a page, where known, are apart."""
    if one.centre is None or other.centre is None or one.page != other.page:
        return True
    return _apart(one, other) <= (_ONE_COLUMN_OF_CHARACTERS if other.box is None else _ONE_COLUMN)


def _apart(one: Cell, other: Cell) -> float:
    """How far apart the middles of two cells are, as a share of the page's width; 0 where that is not known."""
    if one.centre is None or other.centre is None or one.page != other.page:
        return 0.0
    return abs(one.centre - other.centre)


def _one_row(one: Cell, other: Cell) -> bool:
    if one.page != other.page:
        return False
    if one.box is not None and other.box is not None:
        return (
            min(one.box.bottom, other.box.bottom) > max(one.box.top, other.box.top) + (one.box.bottom - one.box.top) / 2
        )
    return one.line == other.line and one.box is other.box


def _is_title(cell: Cell) -> bool:
    """`KT. GIÁM ĐỐC`, `PHÓ CHỦ TỊCH`: begins with an authority or a title, in capitals; in small letters all of it."""
    if len(cell.text) > _TITLE_LENGTH:
        return False
    folded = cell.folded
    if is_upper(cell.text):
        return bool(words.ON_BEHALF.match(folded) or words.TITLE.match(folded))
    letters = _LETTERS.match(cell.text)
    start = letters.end() if letters else 0
    return cell.text[start : start + 1].isupper() and words.TITLE.fullmatch(folded, start) is not None


def _goes_on(cell: Cell) -> bool:
    """Whether a line right below a title is the rest of it: `KT. BỘ TRƯỞNG` / `BỘ CÔNG AN`."""
    return is_upper(cell.text) and cell.text[0].isalpha() and len(cell.text) <= _TITLE_LENGTH


def _begins_another(cell: Cell) -> bool:
    """Whether an appendix or an attached document begins, whose signature is not this one's."""
    appendix = is_upper(cell.text) and _APPENDIX.match(cell.folded) is not None
    return appendix or cell.folded.startswith(words.MOTTO) or words.SLOGAN.search(cell.folded) is not None


def _ends_signature(cell: Cell) -> bool:
    """Whether the text proper or an appendix begins: then the title above was no signature."""
    if words.LEGAL_BASIS.match(cell.folded) and not cell.folded.startswith("noi nhan"):
        return not starts_lower(cell.text)
    return is_upper(cell.text) and bool(_APPENDIX.match(cell.folded))
