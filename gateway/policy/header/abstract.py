"""The abstract: below the type's name, or after "V/v" below the number of a công văn (Phụ lục I, ô số 5a, 5b)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.policy.header import words
from gateway.policy.header.layout import Cell
from gateway.policy.header.text import fold, is_upper, squeeze, starts_lower
from gateway.policy.header.zone import HeadCell, Kind

MAX_PIECES = 14
MAX_LENGTH = 1200

_PARAGRAPH = 200
_SHORT_LINE = 45
_LONG_LINE = 110
_SCRAP = 20
_TITLE_ROOM = 25
_WIDER = 0.04
# `CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH … điện:` opens a telegram.
_FIRST_WORDS = re.compile(r"(?:[^\W\d_]{2,}[,. ]+){4,14}(?=[^\W\d_]+ ?:?$)")
_FEWEST_LETTERS = 4
# Pieces of a seal or of handwriting that OCR puts on the abstract's first line.
_SCRAP_BEFORE = re.compile(rf"^.{{1,{_SCRAP}}}? (?=(?:Về việc|V/v) )")
_LEADERS = re.compile(r"[.…_]{4,}|(?:[.…_] ?){6,}")
_QUOTED = re.compile(r"[\"“'](?P<text>[^\"“”]+)[\"”']")
_BROKEN = re.compile(r"\d/(?:[\w.]{1,12}[-/])*$")
_INVITATION = re.compile(r"(?:^|.* )(?:kinh moi|tran trong (?:gioi thieu|thong bao|bao cao))(?!\w)")
# What an agency does in the first sentence of its text.
_ACTS = re.compile(
    r" (?:[a-z ]{1,40} )?(?:nhan duoc|tran trong|ban hanh|xay dung ke hoach|bao cao|thong bao|de nghi|kinh|to chuc"
    r"|huong dan|trinh|tiep nhan|da|se|xin|chuyen|giao)(?!\w)"
)
# `… NGHỊ ĐỊNH SỐ 127/2024/NĐ-CP` / `NGÀY 10/10/2024 CỦA CHÍNH PHỦ`: the day of the document cited above.
_DATED = re.compile(r"ngay \d{1,2}(?: ?[./-] ?\d{1,2} ?[./-] ?| thang \d{1,2} nam )\d{4}(?P<whose> cua\b.*)?")
_SKIPPED = {Kind.MARK, Kind.MOTTO, Kind.STAMP, Kind.DATE, Kind.NUMBER}


@dataclass(frozen=True, slots=True)
class AbstractRead:
    """The abstract; `certain` says that what ended it cannot belong to it. `last` is the place of its last cell.

    `cells` are those it stands in.
    """

    text: str
    certain: bool
    last: int
    cells: tuple[Cell, ...] = ()


def abstract_from(cells: Sequence[HeadCell], start: int, opening: str, issuer: str | None) -> AbstractRead | None:
    """Gather the abstract that starts with `opening` (may be empty) and goes on after the cell at `start`.

    `issuer` is the agency in the left block: its name in capitals below the abstract is the enacting authority.
    """
    pieces = [opening] if opening else []
    used = [cells[start].cell] if opening else []
    certain, last, mixed = True, start, False
    for place in range(start + 1, len(cells)):
        one = cells[place]
        quoted = bool(pieces) and one.number is not None and bool(one.number.type_name)
        following = cells[place + 1].cell if place + 1 < len(cells) else None
        quoted = quoted or (bool(pieces) and _dates_what_is_cited(one.cell, following))
        if (one.kind in _SKIPPED and not quoted) or (one.kind is Kind.RULE and not pieces):
            continue
        if one.cell.covered and used and _reaches_beyond(one.cell, used[-1]):
            certain = False
            break
        end = _ends(one, pieces, following, fold(issuer) if issuer else None)
        if end is not None:
            certain = end
            break
        if one.kind is Kind.RULE:
            continue
        if one.kind is Kind.SUBJECT and sum(map(len, pieces)) < _SCRAP and not starts_lower(one.cell.text):
            pieces.clear()
            used.clear()
        mixed = mixed or (bool(pieces) and is_upper(pieces[-1]) and _is_mixed(one.cell.text))
        pieces.append(one.cell.text)
        mixed = mixed or (len(pieces) > 1 and one.cell.covered)
        used.append(one.cell)
        last = place
        if len(pieces) > MAX_PIECES or sum(map(len, pieces)) > MAX_LENGTH:
            certain = False
            break
    text = _SCRAP_BEFORE.sub("", _join(pieces))
    return AbstractRead(text, certain and not mixed, last, tuple(used)) if _says_something(text) else None


def _says_something(text: str) -> bool:
    """Whether there are words: the dots and page number of a table of contents are no abstract."""
    letters = sum(letter.isalpha() for letter in text)
    leaders = sum(len(run.group()) for run in _LEADERS.finditer(text))
    return letters >= _FEWEST_LETTERS and letters > leaders


def _ends(one: HeadCell, pieces: Sequence[str], following: Cell | None, issuer: str | None) -> bool | None:
    """None while the abstract goes on; at its end, whether the end is certain."""
    if one.kind is Kind.ADDRESSEE or (one.kind is Kind.HEADING and pieces):
        return True
    if one.kind is Kind.RULE:
        return None if following is not None and starts_lower(following.text) else True
    if _opens_next_block(one.cell, pieces, issuer):
        return True
    if pieces and issuer is not None and _issuer_acts(one.cell, pieces[-1], issuer):
        return False
    return _body_begins(one.cell, pieces, following) if pieces else None


def _issuer_acts(cell: Cell, before: str, issuer: str) -> bool:
    """`Sở Xây dựng nhận được đơn …`: the text proper begins with what the issuer does."""
    if not cell.folded.startswith(issuer) or is_upper(cell.text) or words.CONNECTIVE_END.fullmatch(fold(before)):
        return False
    return _ACTS.match(cell.folded, len(issuer)) is not None


def _opens_next_block(cell: Cell, pieces: Sequence[str], issuer: str | None) -> bool:
    if pieces and _is_cited(cell, pieces[-1]):
        return False
    if words.LEGAL_BASIS.match(cell.folded) and not starts_lower(cell.text):
        return True
    first = _FIRST_WORDS.match(cell.text)
    capitals = is_upper(cell.text) or (first is not None and is_upper(first.group()))
    if issuer is not None and cell.folded.endswith(issuer) and words.TITLE.match(cell.folded):
        return len(cell.folded) < len(issuer) + _TITLE_ROOM
    return (capitals and _authority(cell, pieces, issuer)) or _INVITATION.match(cell.folded) is not None


def _is_cited(cell: Cell, before: str) -> bool:
    return cell.folded.startswith("dieu ") and words.CITING_END.fullmatch(fold(before)) is not None


def _reaches_beyond(cell: Cell, before: Cell) -> bool:
    """Whether a line whose beginning a stamp covers is as wide as the text proper, unlike a title set in the middle."""
    return cell.box is not None and before.box is not None and cell.box.right > before.box.right + _WIDER


def _dates_what_is_cited(cell: Cell, following: Cell | None) -> bool:
    """Whether a line begins with the day of a document and, there or on the next line, whose document that is."""
    found = _DATED.fullmatch(cell.folded)
    if found is None:
        return False
    return found["whose"] is not None or (following is not None and following.folded.startswith("cua "))


def _authority(cell: Cell, pieces: Sequence[str], issuer: str | None) -> bool:
    """Whether a line in capitals is who enacts the document and not a line of an abstract in capitals."""
    folded = cell.folded
    if issuer is not None and folded == issuer:
        return True
    if pieces and words.CONNECTIVE_END.fullmatch(fold(pieces[-1])):
        return False
    if words.TITLE.match(folded) or words.ON_BEHALF.match(folded):
        return True
    if not pieces or all(map(is_upper, pieces)):
        return bool(pieces) and issuer is not None and folded.startswith(issuer)
    return words.AGENCY_HEAD.match(folded) is not None and words.NO_AGENCY.match(cell.text.lower()) is None


def _body_begins(cell: Cell, pieces: Sequence[str], following: Cell | None) -> bool | None:
    before, text = pieces[-1], cell.text
    if (starts_lower(text) and not cell.covered) or _is_cited(cell, before) or _dates_what_is_cited(cell, following):
        return None
    if words.BODY_OPENING.match(cell.folded):
        return True
    capitals = is_upper(before)
    if capitals and _is_mixed(text):
        return None if _second_part(cell, following) else True
    if words.CONNECTIVE_END.fullmatch(fold(before)):
        return None
    too_long = len(text) > _PARAGRAPH or (len(before) < _SHORT_LINE and len(text) > _LONG_LINE)
    if (cell.gap and not capitals) or too_long or before.endswith((".", ";", ":")):
        return False
    return None


def _second_part(cell: Cell, following: Cell | None) -> bool:
    """`KẾT LUẬN CỦA CHỦ TỊCH UBND TỈNH` / `Tại cuộc họp ngày …`: a line in small letters right before the text."""
    if following is None or len(cell.text) > _LONG_LINE or cell.text.endswith((".", ";", ":", ",", "/")):
        return False
    if words.TITLE.match(cell.folded) or words.AGENCY_HEAD.match(cell.folded):
        return False
    begins = words.LEGAL_BASIS.match(following.folded) or words.BODY_OPENING.match(following.folded)
    return bool(begins or words.RULE.fullmatch(following.text)) and not starts_lower(following.text)


def _is_mixed(text: str) -> bool:
    return any(letter.isalpha() for letter in text) and not is_upper(text)


def _glued(pieces: Sequence[str]) -> str:
    """The lines as one; a notation broken at its dash or slash (`TT-` / `BNV`) gets no blank."""
    text = ""
    for piece in pieces:
        broken = _BROKEN.search(text) is not None and (piece[:1].isupper() or piece[:1].isdigit())
        text = f"{text}{piece}" if broken or not text else f"{text} {piece}"
    return text


def _join(pieces: Sequence[str]) -> str:
    text = squeeze(_glued(pieces)).rstrip(" ./;:|_-–—*").lstrip(" .,;:|_-–—*")
    quoted = _QUOTED.fullmatch(text)
    return quoted["text"] if quoted else text
