"""The issuing agency: the lower of the names in the left block (Phụ lục I phần I mục II khoản 2)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.policy.header import words
from gateway.policy.header.layout import Cell
from gateway.policy.header.text import fold, is_upper, squeeze
from gateway.policy.header.zone import Head, Kind

MAX_LINES = 8
MAX_LENGTH = 300
MAX_MIXED_LENGTH = 60

_MIDDLE = 0.55
_PARTS_OF_A_MINISTRY = re.compile(
    r"(?:uy ban nhan dan|ubnd|bo) .{2,80}? (?P<part>(?:so|chi cuc|cuc|tong cuc|van phong|thanh tra|trung tam"
    r"|ban quan ly|hoc vien|vien) \w)"
)
_NAMED_BY_TITLE = re.compile(r"(?:chanh|truong) (?P<unit>van phong|thanh tra|ban|phong|doan|cong an|tram)(?![\w])")
_NO_NAME = re.compile(r"(?:ban sao|cong bao|ban chinh)\b")
_RULE_AFTER = re.compile(r" [-–_*=.0 ]{1,40}$")
_JOINT = ("TTLT", "NQLT", "CTLT", "KHLT", "QCLT")


@dataclass(frozen=True, slots=True)
class IssuerRead:
    """The agency as printed; `certain` where the left block shows a name that begins as agencies' names do."""

    name: str
    certain: bool


def issuer_in(head: Head, notation: str | None, until: int) -> IssuerRead | None:
    """The agency in the left block above the title, which stands at `until`; None where there is no such block."""
    above = head.cells[:until]
    cells = [one.cell for one in above if one.kind is Kind.CAPITALS and _may_name(one.cell)]
    capitals = bool(cells)
    if not capitals:
        cells = [one.cell for one in above if one.kind is Kind.OTHER and _may_name(one.cell)]
        cells = [cell for cell in cells if not words.BODY_OPENING.match(cell.folded)]
        heads = (place for place, cell in enumerate(cells) if words.AGENCY_HEAD.match(cell.folded))
        cells = cells[next(heads, len(cells)) :]
    left = [cell for cell in cells if cell.centre is None or cell.centre < _MIDDLE] or cells
    begins = next((place for place, cell in enumerate(left) if words.AGENCY_HEAD.match(cell.folded)), None)
    lines = [cell.text for cell in left[begins or 0 :][:MAX_LINES]]
    names = [] if any(words.NO_ISSUER.match(fold(line)) for line in lines) else _names(lines)
    if not names or not names_agency(names[-1]):
        return None
    joint = notation is not None and notation.split("/")[-1].upper().startswith(_JOINT)
    if joint:
        return IssuerRead(" - ".join(name.strip(" -") for name in names), certain=capitals)
    return IssuerRead(_lower_part(names[-1]), certain=capitals and begins is not None)


def authority_in(head: Head, after: int) -> str | None:
    """The agency of the enacting authority named below the abstract (`GIÁM ĐỐC SỞ …`), or None.

    `after` is the place of the abstract's last cell.
    """
    lines: list[str] = []
    for one in head.cells[after + 1 :]:
        if one.kind is Kind.CAPITALS and (not lines or not one.cell.gap):
            lines.append(one.cell.text)
        elif lines or one.kind not in {Kind.RULE, Kind.STAMP}:
            break
    name = _without_title(squeeze(" ".join(lines[:MAX_LINES])).rstrip(" ,:;")) if lines else None
    return name if name is not None and names_agency(name) else None


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
    return len(cell.text) <= (MAX_LENGTH if is_upper(cell.text) else MAX_MIXED_LENGTH) and not _NO_NAME.match(folded)


def _names(lines: Sequence[str]) -> list[str]:
    """Join the lines of one name: a new name begins where an agency's word follows a name that can stand alone."""
    names: list[str] = []
    for line in lines:
        folded = fold(line)
        if names and not _new_name(fold(names[-1]), folded):
            names[-1] = f"{names[-1]} {line}"
        else:
            names.append(line)
    return [_RULE_AFTER.sub("", squeeze(name)) for name in names]


def _new_name(before: str, folded: str) -> bool:
    if words.INCOMPLETE_NAME.fullmatch(before) or words.CONNECTIVE_END.fullmatch(before):
        return False
    return bool(words.AGENCY_HEAD.match(folded)) and not words.NAME_TAIL.match(folded)


def _lower_part(name: str) -> str:
    """The lower agency where both names ran together on one line."""
    if not is_upper(name):
        return name
    found = _PARTS_OF_A_MINISTRY.match(fold(name))
    return name[found.start("part") :] if found else name
