"""Whether a notation can be that of the agency in the left block."""

from __future__ import annotations

import re

from gateway.policy.header.number import normal_notation
from gateway.policy.header.text import clean, fold
from gateway.policy.header.types import DocumentTypes

_SEPARATORS = re.compile(r"[-/.]")
_WORDS = re.compile(r"[^\W\d_]+")
_ABBREVIATED = frozenset({"UBND", "HĐND", "UBMTTQ", "TAND", "VKSND", "TW"})
_DIGRAPHS = ("ngh", "ng", "nh", "th", "tr", "ch", "ph", "kh", "gh", "gi", "qu")
_VOWEL = re.compile(r"[aeiouy]")
_ROMAN = re.compile(r"[IVX]{2,5}")
_YEAR = re.compile(r"\d+")
# What party organisations write before the dash of a letter; no type of the decree.
_LETTER = "CV"
# Of several agencies, in place of a type or behind it: liên tịch, liên ngành, liên bộ, liên sở, phối hợp.
_TOGETHER = re.compile(r"[^\W\d_]{0,4}(?:LT|LN|LB|LS|PH)")
_CENTRAL = "TW"
_TYPE_AND_TWO = 3
# `QĐ-CTUBND` is signed by the chairman of a UBND in his own right.
_OF_ITS_HEAD = re.compile(r"^CT(?=UB|HĐ)")


def agency_segments(notation: str, types: DocumentTypes) -> list[str]:
    """The segments of a notation after year and type: `2016/TTLT-BYT-BTC` has `BYT` and `BTC`."""
    segments = [part for part in _SEPARATORS.split(normal_notation(notation)) if part and not _YEAR.fullmatch(part)]
    if len(segments) >= _TYPE_AND_TWO and _TOGETHER.fullmatch(segments[0]):
        return segments[1:]
    typed = bool(segments) and (types.by_notation(notation) is not None or segments[0].upper() == _LETTER)
    return segments[1:] if typed else segments


def segment_fits(segment: str, agency: str) -> bool:
    """Whether the capitals of `segment` can be made of the first letters of the words of `agency`, in order."""
    named = _WORDS.findall(clean(agency))
    initials = iter("".join(_initial(word) for word in named))
    capitals = "".join(letter for letter in segment if letter.isupper()).replace(_CENTRAL, "TU")
    letters = fold(_OF_ITS_HEAD.sub("", capitals))
    return all(letter in initials for letter in letters)


def notation_fits_issuer(notation: str, issuer: str, types: DocumentTypes, superior: str = "") -> bool:
    """Whether the agency's abbreviation in `notation` can be made of the first letters of `issuer`, in order.

    Those of `superior` may be the second half (`BTGTU` is the BAN TUYÊN GIÁO of a TỈNH ỦY); of several issuers,
    divided by ` - `, the first counts: but a name may have such a dash of its own. `TT-BTTTT` does not fit BỘ KHOA
    HỌC VÀ CÔNG NGHỆ: one of the two is misread or misprinted. Abbreviations are set by each agency's head (Phụ lục
    I phần I mục II khoản 3), so a misfit is a reason to look, not proof.
    """
    segments = agency_segments(notation, types)
    if not segments:
        return True
    begun = segments[0][: (len(segments[0]) + 1) // 2]
    return any(
        segment_fits(segments[0], name)
        or (segment_fits(begun, name) and segment_fits(segments[0], f"{name} {superior}"))
        for name in (issuer, issuer.partition(" - ")[0])
    )


def _initial(word: str) -> str:
    """The first letter, with the second where both are written as one sound: `Quảng Ngãi` may be `QNg`.

    A word without a vowel is an abbreviation itself: `TRƯỜNG THCS`.
    """
    folded = fold(word)
    if word in _ABBREVIATED or _ROMAN.fullmatch(word) or not _VOWEL.search(folded):
        return fold(word.replace(_CENTRAL, "TU"))
    return next((digraph for digraph in _DIGRAPHS if folded.startswith(digraph)), folded[0])
