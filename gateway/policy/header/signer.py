"""Who signed: the name below authority and title (Phụ lục I phần I mục II khoản 7)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gateway.model.page import Page
from gateway.policy.header import words
from gateway.policy.header.layout import MAX_LINES, Cell, cells_of
from gateway.policy.header.stamps import stamp_cells
from gateway.policy.header.text import fold, is_upper, squeeze, starts_lower

MAX_PAGES = 400
MAX_TOTAL_CELLS = 20_000
LINES_PER_PAGE = 10_000

_LINE_LENGTH = 200
_REACH = 16
_MOST_SIGNERS = 12
_TITLE_LENGTH = 90
_NAME = re.compile(r"[^\W\d_][^\W\d_'’.-]{0,11}(?: [^\W\d_][^\W\d_'’-]{0,11}){1,5}")
_RANK = re.compile(
    r"(?:(?:dai|thuong|trung|thieu) (?:tuong|ta|uy)|do doc|pho do doc|chuan do doc|gs|pgs|ts|ths|bs|ks|cn|ls"
    r"|bsck1|bsck2|bsckii|bscki|dr|giao su|pho giao su|tien si|thac si|bac si|ky su)(?:[ .,/]+|$)"
)
# With accents: without them Trương and Đoàn, family names, would be schools and unions.
_NO_PERSON = re.compile(
    r"(?:bộ|sở|cục|chi cục|tổng cục|vụ|ban|phòng|trường|trung tâm|[uủ][yỷ] ban|văn phòng|hội đồng|viện|công ty|tỉnh"
    r"|huyện|xã|phường|thành phố|quận|chính phủ|quốc hội|kho bạc|ngân hàng|thanh tra|hà nội|nơi nhận|như"
    r"|(?:tổng |phó )*(?:giám đốc|chủ tịch|chủ nhiệm|thủ trưởng|bộ trưởng|thứ trưởng|cục trưởng|trưởng phòng|trưởng ban"
    r"|hiệu trưởng|chánh văn phòng))(?!\w)"
)
_SIGNED = re.compile(r"\(? ?(?:da ky|da ki|ky|signed)(?: ten)?(?:,? ?(?:va )?dong dau)? ?\)?\.?")
_FORM = re.compile(r"\(.{0,10}(?:ghi ro|ho ten|ho va ten|chu ky).{0,80}")
_APPENDIX = re.compile(r"(?:phu luc|mau so|mau \d|bieu mau|danh muc|quy che|quy dinh|dieu le)\b")


@dataclass(frozen=True, slots=True)
class SignerRead:
    """The name without rank or degree; several joint signers are divided by `; `.

    `certain` says that "(đã ký)" or a title with authority stood above the name.
    """

    name: str
    certain: bool
    several: bool


def signer_in(pages: Sequence[Page]) -> SignerRead | None:
    """The first signature after the text: those of appendices, which follow it, are not asked."""
    search = _Search()
    for cell in _all_cells(pages):
        if search.done(cell):
            break
    names = list(dict.fromkeys(search.names))
    return SignerRead("; ".join(names), search.certain, len(names) > 1) if names else None


@dataclass(slots=True)
class _Search:
    """A walk over the cells: a title arms it for `_REACH` cells, in which a name is a signature."""

    names: list[str] = field(default_factory=list)
    certain: bool = True
    _left: int = 0
    _signed: bool = False

    def done(self, cell: Cell) -> bool:
        """Take in one more cell; true once all signatures are read: joint ones follow each other at once."""
        if _title_line(cell):
            self._signed = bool(words.ON_BEHALF.match(cell.folded)) or (self._left > 0 and self._signed)
            self._left = _REACH
        elif self._left == 0:
            return bool(self.names)
        elif _FORM.fullmatch(cell.folded) or _ends_signature(cell):
            self._left = 0
        elif _SIGNED.fullmatch(cell.folded):
            self._signed = True
        elif (name := person_name(cell.text)) is not None:
            self.names.append(name)
            self.certain = self.certain and self._signed
            self._left, self._signed = 0, False
        else:
            self._left -= 1
        return len(self.names) >= _MOST_SIGNERS


def _all_cells(pages: Sequence[Page]) -> Iterator[Cell]:
    left = MAX_TOTAL_CELLS
    for page in pages[:MAX_PAGES]:
        cells = cells_of(page, LINES_PER_PAGE, _LINE_LENGTH)[:left]
        stamps = stamp_cells(cells[:MAX_LINES])
        yield from (cell for place, cell in enumerate(cells) if place not in stamps)
        left -= len(cells)
        if left <= 0:
            return


def _title_line(cell: Cell) -> bool:
    """`KT. GIÁM ĐỐC`, `PHÓ CHỦ TỊCH`: capitals that begin with an authority or a title."""
    if len(cell.text) > _TITLE_LENGTH or not is_upper(cell.text):
        return False
    folded = cell.folded
    return bool(words.ON_BEHALF.match(folded) or words.TITLE.match(folded))


def _ends_signature(cell: Cell) -> bool:
    """Whether the text proper or an appendix begins: then the title above was no signature."""
    if words.LEGAL_BASIS.match(cell.folded) and not cell.folded.startswith("noi nhan"):
        return not starts_lower(cell.text)
    return is_upper(cell.text) and bool(_APPENDIX.match(cell.folded))


def person_name(text: str) -> str | None:
    """The name of a person that is all of `text`, rank and degree taken off, or None."""
    name = squeeze(text).strip(" .,;*")
    while (rank := _RANK.match(fold(name))) is not None and rank.end() < len(name):
        name = name[rank.end() :].strip()
    if not _NAME.fullmatch(name) or is_upper(name) or not all(word[0].isupper() for word in name.split()):
        return None
    if _NO_PERSON.match(name.lower()) or _SIGNED.match(fold(name)):
        return None
    return name
