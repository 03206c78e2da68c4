"""Whether two spellings name one agency or one person: certificates, pages and the directory each write their own."""

from __future__ import annotations

import re
import unicodedata

from gateway.policy.header import words
from gateway.policy.header.text import clean, fold, squeeze

_LONGEST = 300
_PUNCTUATION = re.compile(r"[^\w&]+")
_SHORT = {
    "ubnd": "uy ban nhan dan",
    "hdnd": "hoi dong nhan dan",
    "gtvt": "giao thong van tai",
    "tn&mt": "tai nguyen va moi truong",
    "tnmt": "tai nguyen va moi truong",
    "nn&ptnt": "nong nghiep va phat trien nong thon",
    "gd&dt": "giao duc va dao tao",
    "gddt": "giao duc va dao tao",
    "kh&dt": "ke hoach va dau tu",
    "khdt": "ke hoach va dau tu",
    "tt&tt": "thong tin va truyen thong",
    "tttt": "thong tin va truyen thong",
    "ldtbxh": "lao dong thuong binh va xa hoi",
    "tp": "thanh pho",
    "tx": "thi xa",
}
_PLACE = re.compile(r" (?:tinh|thanh pho|huyen|quan|thi xa|thi tran|xa|phuong|dac khu|nuoc|viet nam)(?!\w)")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_RANK = re.compile(r"(?:(?:gs|pgs|ts|ths|bs|ks|cn|ls|dr|ong|ba)(?:[ .,/]+))+")


def same_agency(one: str, other: str) -> bool:
    """Whether both name one agency: accents, case, look-alike letters, common abbreviations and the place after the
    name apart. False where either is empty.
    """
    first, second = sorted((_agency(one), _agency(other)), key=len)
    if not first:
        return False
    if first == second:
        return True
    stands_alone = words.INCOMPLETE_NAME.fullmatch(first) is None
    return stands_alone and second.startswith(first) and bool(_PLACE.match(second[len(first) :]))


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


def _agency(name: str) -> str:
    folded = squeeze(_PUNCTUATION.sub(" ", fold(clean(name[:_LONGEST]))))
    return squeeze(" ".join(_SHORT.get(word, word) for word in folded.split()).replace("&", " va "))


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
