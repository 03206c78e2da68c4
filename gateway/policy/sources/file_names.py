"""What a file's name says of its document: the weakest source, as names are often left from another document.

A name may confirm a number that was read, and tell which document an appendix goes with; it never fills a field, and
what contradicts the page is passed over: of the names that agencies give, too many are wrong.
"""

from __future__ import annotations

import re

from gateway.model.header import EvidenceSource, HeaderFields
from gateway.policy.header.text import clean, fold
from gateway.policy.sources.claim import Claim

_PIECE = re.compile(r"\d+|[^\W\d_]+")
_EXTENSION = re.compile(r"(?:\.[A-Za-z][A-Za-z0-9]{0,5}){1,2}\Z")
_WHOLE, _IN_PART = 0.92, 0.88
_TELLING = 3
_YEAR = re.compile(r"(?:19|20)\d\d")
_OF_THE_APPENDIX = frozenset({("pl",), ("luc",), ("bieu",), ("mau",), ("bang",)})
"""Words after which a number is the appendix's own."""


def stem_tokens(name: str) -> tuple[str, ...]:
    """The figures and words of a name without folders and extension, plain, numbers without leading zeros."""
    base = clean(name).replace("\\", "/").rpartition("/")[2]
    return _tokens(_EXTENSION.sub("", base))


def names_document(name: str, header: HeaderFields) -> bool:
    """Whether the name has the number of a document, followed by its notation or the beginning of that."""
    return _agreement(name, header) > 0


def has_number(name: str, header: HeaderFields) -> bool:
    """Whether the name has the bare number of a document: `124_phu luc.xlsx`; three figures at least, and no year.

    It tells whose an appendix is where only one document of a mail has that number, and confirms nothing.
    """
    number, told = _tokens(header.number or ""), stem_tokens(name)
    if not number or len(number[0]) < _TELLING or _YEAR.fullmatch(number[0]):
        return False
    places = (place for place in range(len(told)) if told[place : place + len(number)] == number)
    return any(told[place - 1 : place] not in _OF_THE_APPENDIX for place in places)


def claim_of_name(name: str, header: HeaderFields) -> Claim | None:
    """A claim that says no more than what was read, where the name has it too."""
    agreed = _agreement(name, header)
    if not agreed or header.number is None or header.notation is None:
        return None
    confirmed = {"number": agreed, "notation": agreed} if agreed == _WHOLE else {"number": agreed}
    values = {"number": header.number, "notation": header.notation}
    return Claim(EvidenceSource.FILE_NAME, f"tên tệp “{name}”", values, text=name, agreed=confirmed)


def _agreement(name: str, header: HeaderFields) -> float:
    """How far a name has number and notation: all of it, the number with the first abbreviation, or not (0)."""
    number, notation = _tokens(header.number or ""), _tokens(header.notation or "")
    if not number or not notation:
        return 0
    told = stem_tokens(name)
    for place in range(len(told)):
        after = told[place + len(number) :]
        if told[place : place + len(number)] != number:
            continue
        if after[: len(notation)] == notation:
            return _WHOLE
        if after and after[0] in notation:
            return _IN_PART
    return 0


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(piece.lstrip("0") or "0" if piece.isdigit() else piece for piece in _PIECE.findall(fold(clean(text))))
