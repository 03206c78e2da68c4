"""The issuing agency: the lower of the names in the left block (Phụ lục I phần I mục II khoản 2)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.policy.header import words
from gateway.policy.header.agreement import agency_segments, segment_fits
from gateway.policy.header.layout import Cell
from gateway.policy.header.text import fold, is_upper, plain_punctuation, squeeze
from gateway.policy.header.types import DocumentTypes
from gateway.policy.header.zone import Head, HeadCell, Kind

MAX_LINES = 8
MAX_LENGTH = 300
MAX_MIXED_LENGTH = 60

_MIDDLE = 0.55
_ONE_COLUMN = 0.2
_PARTS_OF_A_MINISTRY = re.compile(
    r"(?:uy ban nhan dan|ubnd|bo) .{2,80}? (?P<part>(?:so|chi cuc|cuc|tong cuc|van phong|thanh tra|trung tam"
    r"|ban quan ly|hoc vien|vien) \w)"
)
_NAMED_BY_TITLE = re.compile(r"(?:chanh|truong) (?P<unit>van phong|thanh tra|ban|phong|doan|cong an|tram)(?![\w])")
_NO_NAME = re.compile(r"(?:ban sao|cong bao|ban chinh)\b")
_RULE_AFTER = re.compile(r" [-–_*=.0 ]{1,40}$")
_JOINT = re.compile(r"(?:ttlt|nqlt|ttlb|[a-zd]{0,4}(?:lt|ln|lb|ls|ph))")
_BETWEEN = re.compile(rf" *[-,;] *(?={words.AGENCY_HEAD.pattern})")
_SEVERAL = 2
_INTRODUCED = re.compile(r"(?:lien (?:so|bo|nganh|tich|co quan)|co quan lien tich) ?[:–-] ?")


@dataclass(frozen=True, slots=True)
class IssuerRead:
    """The agency as printed, several divided by `; `, and the one above it.

    `certain` where the left block shows a name that begins as agencies' names do. `superior` is None where nothing
    stands above. `cells` are the lines of `name`, `above` those of `superior`.
    """

    name: str
    certain: bool
    superior: str | None = None
    cells: tuple[Cell, ...] = ()
    above: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class _Name:
    text: str
    cells: tuple[Cell, ...]


def issuer_in(head: Head, notation: str | None, until: int, types: DocumentTypes) -> IssuerRead | None:
    """The agency in the left block above the title, which stands at `until`; None where there is no such block."""
    above = _letterhead(head.cells[:until])
    cells = [one.cell for one in above if one.kind is Kind.CAPITALS and _may_name(one.cell)]
    capitals = bool(cells)
    if not capitals:
        cells = [one.cell for one in above if one.kind is Kind.OTHER and _may_name(one.cell)]
        cells = [cell for cell in cells if not words.BODY_OPENING.match(cell.folded)]
        heads = (place for place, cell in enumerate(cells) if words.AGENCY_HEAD.match(cell.folded))
        cells = cells[next(heads, len(cells)) :]
    left = [cell for cell in cells if cell.centre is None or cell.centre < _MIDDLE] or cells
    begins = next((place for place, cell in enumerate(left) if _opens_name(cell)), None)
    block = left[begins or 0 :][:MAX_LINES]
    names = [] if any(words.NO_ISSUER.match(cell.folded) for cell in block) else _names(block)
    if not names:
        return None
    joint = _joint(names, notation, types)
    if joint and names_agency(joint[-1]):
        used = tuple(cell for name in names for cell in name.cells)
        return IssuerRead(" - ".join(joint), certain=capitals, cells=used)
    if not names_agency(names[-1].text):
        return None
    last, before = names[-1], names[-2] if len(names) > 1 else None
    part = _lower_part(last.text)
    certain = capitals and begins is not None
    if part != last.text:
        return IssuerRead(part, certain, last.text[: -len(part)].strip(" -–"), last.cells, last.cells)
    superior = before if before is not None and _stands_above(before, last) else None
    return IssuerRead(
        part, certain, superior.text if superior else None, last.cells, superior.cells if superior else ()
    )


def _letterhead(cells: Sequence[HeadCell]) -> Sequence[HeadCell]:
    """The cells down to place and date: capitals below are a title, whose type is not known, where some stand above."""
    date = next((place for place, one in enumerate(cells) if one.kind is Kind.DATE), len(cells))
    named = any(one.kind is Kind.CAPITALS and words.AGENCY_HEAD.match(one.cell.folded) for one in cells[:date])
    return cells[:date] if named else cells


def _stands_above(upper: _Name, lower: _Name) -> bool:
    """Whether a name is that of an agency in the same column: a stamp in the corner of the page is not."""
    one, other = upper.cells[-1].centre, lower.cells[0].centre
    aside = one is not None and other is not None and abs(one - other) > _ONE_COLUMN
    return names_agency(upper.text) and not aside


def _opens_name(cell: Cell) -> bool:
    return bool(words.AGENCY_HEAD.match(cell.folded) or _INTRODUCED.match(cell.folded))


def _joint(names: Sequence[_Name], notation: str | None, types: DocumentTypes) -> list[str]:
    """The names of all who issue the document together, where several do; else none.

    They say so by the type (`TTLT`, `HDLN`) or the heading of the block, or stand on one line, each with a segment of
    the notation. Below each other, the upper is the superior, and the second segment is a unit of the lower.
    """
    opening = _INTRODUCED.match(fold(names[0].text))
    texts = [names[0].text[opening.end() if opening else 0 :], *(name.text for name in names[1:])]
    each = [part for text in texts for part in _parts(text)]
    if len(each) < _SEVERAL or notation is None:
        return each if opening and len(each) >= _SEVERAL else []
    segments = agency_segments(notation, types)
    kind = next((part for part in re.split(r"[-/]", notation) if part and not part.isdigit()), "")
    if opening or _JOINT.fullmatch(fold(kind)):
        return each
    fits = len(segments) == len(each) > len(names) and all(
        segment_fits(segment, name) for segment, name in zip(segments, each, strict=True)
    )
    return each if fits else []


def authority_in(head: Head, after: int) -> IssuerRead | None:
    """The agency of the enacting authority named below the abstract (`GIÁM ĐỐC SỞ …`), or None.

    `after` is the place of the abstract's last cell.
    """
    lines: list[Cell] = []
    for one in head.cells[after + 1 :]:
        if one.kind is Kind.CAPITALS and (not lines or not one.cell.gap):
            lines.append(one.cell)
        elif lines or one.kind not in {Kind.RULE, Kind.STAMP}:
            break
    used = tuple(lines[:MAX_LINES])
    name = _without_title(squeeze(" ".join(cell.text for cell in used)).rstrip(" ,:;")) if used else None
    return IssuerRead(name, certain=False, cells=used) if name is not None and names_agency(name) else None


def names_agency(name: str) -> bool:
    """Whether a word by which agencies are called begins `name`, or one that means nothing else is within it."""
    folded = fold(name)
    if words.NO_ISSUER.match(folded):
        return False
    begins = words.AGENCY_HEAD.match(folded) is not None and words.NO_AGENCY.match(name.lower()) is None
    return begins or words.AGENCY_WITHIN.search(folded) is not None


def _without_title(text: str) -> str | None:
    folded = fold(text)
    if words.AGENCY_HEAD.match(folded):
        return text
    title = words.TITLE.match(folded)
    if title is None:
        return None
    rest = text[title.end() :].strip()
    unit = _NAMED_BY_TITLE.match(folded)
    if unit and rest and not fold(rest).startswith(unit["unit"]):
        return text[unit.start("unit") :]
    return rest or None


def _may_name(cell: Cell) -> bool:
    folded = cell.folded
    if _NO_NAME.match(folded) or (words.TITLE.fullmatch(folded) and not words.AGENCY_HEAD.match(folded)):
        return False
    return len(cell.text) <= (MAX_LENGTH if is_upper(cell.text) else MAX_MIXED_LENGTH)


def _parts(text: str) -> list[str]:
    """`BỘ Y TẾ - BỘ TÀI CHÍNH` as two; a dash or comma within a name is none between names."""
    cuts = [0, len(text)]
    for found in _BETWEEN.finditer(fold(plain_punctuation(text))):
        cuts += [found.start(), found.end()]
    places = sorted(cuts)
    parts = (text[start:end].strip(" -–,;") for start, end in zip(places[::2], places[1::2], strict=True))
    return [part for part in parts if part]


def _names(cells: Sequence[Cell]) -> list[_Name]:
    """Join the lines of one name: a new name begins where an agency's word follows a name that can stand alone."""
    names: list[_Name] = []
    for cell in cells:
        if names and not _new_name(fold(names[-1].text), cell.folded):
            names[-1] = _Name(f"{names[-1].text} {cell.text}", (*names[-1].cells, cell))
        else:
            names.append(_Name(cell.text, (cell,)))
    return [_Name(_without_motto(_RULE_AFTER.sub("", squeeze(name.text))), name.cells) for name in names]


def _without_motto(name: str) -> str:
    """The name without the motto that ran into it where a line of both columns was broken."""
    begins = fold(name).find(f" {words.MOTTO_START}")
    return name if begins < 0 else name[:begins]


def _new_name(before: str, folded: str) -> bool:
    last = plain_punctuation(before).rpartition(" - ")[2]
    if words.INCOMPLETE_NAME.fullmatch(last) or words.CONNECTIVE_END.fullmatch(before):
        return False
    return bool(words.AGENCY_HEAD.match(folded)) and not words.NAME_TAIL.match(folded)


def _lower_part(name: str) -> str:
    """The lower agency where both names ran together on one line."""
    if not is_upper(name):
        return name
    found = _PARTS_OF_A_MINISTRY.match(fold(name))
    return name[found.start("part") :] if found else name
