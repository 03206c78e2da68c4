"""Whether two spellings name one person: certificates, pages and the directory each write their own."""

from __future__ import annotations

import re
import unicodedata

from gateway.policy.header.text import clean, fold, squeeze

_LONGEST = 300
_PUNCTUATION = re.compile(r"[^\w&]+")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_RANK = re.compile(r"(?:(?:gs|pgs|ts|ths|bs|ks|cn|ls|dr|ong|ba)(?:[ .,/]+))+")


def same_person(one: str, other: str) -> bool:
    """Whether both name one person: case, look-alike letters and where the tone stands apart.

    Accents count where both are written with them: Hùng is not Hưng, but HUNG may be either. False where one is empty.
    """
    first, second = _person(one), _person(other)
    if not first or not second:
        return False
    if first.isascii() or second.isascii():
        return fold(first) == fold(second)
    return _tones_last(first) == _tones_last(second)


def _person(name: str) -> str:
    """Small letters, one blank between words, without degrees."""
    letters = squeeze(_PUNCTUATION.sub(" ", clean(name[:_LONGEST]).lower().replace(".", ". ")))
    degree = _RANK.match(fold(letters))
    return letters[degree.end() :] if degree else letters


def _tones_last(name: str) -> str:
    """Each word with its tone behind it, and y for i, so that Hoà is Hòa and Lí is Lý."""
    found = []
    for word in name.split():
        letters = unicodedata.normalize("NFD", word)
        tones = "".join(sorted(letter for letter in letters if letter in _TONES))
        found.append("".join(letter for letter in letters if letter not in _TONES).replace("y", "i") + tones)
    return " ".join(found)
