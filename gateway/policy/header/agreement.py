"""Whether a notation can be that of the agency in the left block."""

from __future__ import annotations

import re

from gateway.policy.header.number import normal_notation
from gateway.policy.header.text import clean, fold
from gateway.policy.header.types import DocumentTypes

_SEPARATORS = re.compile(r"[-/.]")
_WORDS = re.compile(r"[^\W\d_]+")
_ABBREVIATED = frozenset({"UBND", "HĐND"})
_YEAR = re.compile(r"\d+")


def notation_fits_issuer(notation: str, issuer: str, types: DocumentTypes) -> bool:
    """Whether the agency's abbreviation in `notation` can be made of the first letters of `issuer`, in order.

    `TT-BTTTT` does not fit BỘ KHOA HỌC VÀ CÔNG NGHỆ: one of the two is misread or misprinted. Abbreviations are
    set by each agency's head (Phụ lục I phần I mục II khoản 3), so a misfit is a reason to look, not proof.
    """
    segments = [part for part in _SEPARATORS.split(normal_notation(notation)) if part and not _YEAR.fullmatch(part)]
    if segments and types.by_notation(notation) is not None:
        segments = segments[1:]
    if not segments:
        return True
    named = _WORDS.findall(clean(issuer))
    initials = iter(fold("".join(word if word in _ABBREVIATED else word[0] for word in named)))
    letters = fold("".join(letter for letter in segments[0] if letter.isupper()))
    return all(letter in initials for letter in letters)
