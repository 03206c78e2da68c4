"""Whether two sources say the same of a field."""

from __future__ import annotations

import re
from datetime import date

from gateway.policy.header.agencies import plain_agency
from gateway.policy.header.number import normal_notation
from gateway.policy.header.text import clean, fold, plain_punctuation, squeeze

_WORD = re.compile(r"[^\W_]+")
_ABOUT = re.compile(r"\W*(?:v ?/ ?v|về việc|ve viec)\W+", re.IGNORECASE)
_ENOUGH_COMMON = 0.5
_PLACES = re.compile(r"\b(?:thanh pho|thi xa|thi tran|tt|tinh|huyen)\b")


def same(name: str, mine: str | date, theirs: str | date) -> bool | None:
    """Whether two values of the field `name` are the same; None where nobody can tell, as of a shorter wording."""
    if isinstance(mine, date) or isinstance(theirs, date):
        return mine == theirs
    if name == "number":
        return _number(mine) == _number(theirs)
    if name == "notation":
        return _same_notation(mine, theirs)
    if name == "document_type":
        return _plain(mine) == _plain(theirs)
    return True if _spelt(name, mine) == _spelt(name, theirs) else _alike(name, mine, theirs)


def _alike(name: str, mine: str, theirs: str) -> bool | None:
    """Of two spellings: False where they surely mean something else. Persons, subjects and agencies can be compared."""
    if name == "signer":
        return None if _plain(mine) == _plain(theirs) else False
    if name in {"abstract", "issuer"}:
        return None if _in_common(_words(name, mine), _words(name, theirs)) >= _ENOUGH_COMMON else False
    return None


def _number(text: str) -> str:
    return re.sub(r"\s+", "", plain_punctuation(clean(text))).upper().lstrip("0")


def _same_notation(mine: str, theirs: str) -> bool | None:
    """Accents that the other source leaves out do not count; those that only the other has are no agreement."""
    one, other = normal_notation(mine).upper(), normal_notation(theirs).upper()
    if one == other or (other.isascii() and fold(one) == fold(other)):
        return True
    return None if fold(one) == fold(other) else False


def _spelt(name: str, text: str) -> str:
    """One spelling, accents kept: a reading that lost its accents is confirmed by nobody."""
    text = squeeze(clean(text))
    if name == "abstract":
        text = _ABOUT.sub("", text, count=1)
    return " ".join(_WORD.findall(text.casefold()))


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(fold(clean(text))))


def _words(name: str, text: str) -> set[str]:
    if name == "issuer":
        return set(_PLACES.sub("", plain_agency(text)).split())
    return set(_plain(_ABOUT.sub("", clean(text), count=1)).split())


def _in_common(one: set[str], other: set[str]) -> float:
    """How much of the shorter text the longer one has."""
    shorter = min(len(one), len(other))
    return len(one & other) / shorter if shorter else 1.0
