"""Whether two spellings name one agency: pages, certificates, messages and the directory each write their own."""

from __future__ import annotations

import re

from gateway.policy.header import words
from gateway.policy.header.text import clean, fold, squeeze

_LONGEST = 300
_PUNCTUATION = re.compile(r"[^\w&]+")
_SHORT = {
    "ubnd": "uy ban nhan dan",
    "hdnd": "hoi dong nhan dan",
    "ubmttq": "uy ban mat tran to quoc",
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


def same_agency(one: str, other: str) -> bool:
    """Whether both name one agency: accents, case, look-alike letters, common abbreviations and the place after the
    name apart. False where either is empty.
    """
    first, second = sorted((plain_agency(one), plain_agency(other)), key=len)
    if not first:
        return False
    if first == second:
        return True
    stands_alone = words.INCOMPLETE_NAME.fullmatch(first) is None
    return stands_alone and second.startswith(first) and bool(_PLACE.match(second[len(first) :]))


def plain_agency(name: str) -> str:
    """The name in small letters without accents and punctuation, its common abbreviations in full."""
    folded = squeeze(_PUNCTUATION.sub(" ", fold(clean(name[:_LONGEST]))))
    return squeeze(" ".join(_SHORT.get(word, word) for word in folded.split()).replace("&", " va "))
