"""The syllables that Vietnamese spelling allows: by them a text tells which code its letters are in."""

from __future__ import annotations

import unicodedata
from functools import cache

_ONSETS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_RHYMES = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
o oc oi om on ong op ot oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăp oăt
oe oem oen oeo oet ooc oong ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uc ui um un ung up ut uân uâng uât uây uê uêch uên uênh uơ uơn uôc uôi uôm uôn uông uôt
uy uya uych uyn uynh uyp uyt uyu uyên uyêt
ư ưa ưc ưi ưm ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
y ych yn ynh yt yêm yên yêng yêt yêu
"""
_CODAS = ("ng", "nh", "ch", "c", "m", "n", "p", "t")
_STOPS = ("c", "ch", "p", "t")
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_SHARP = ("\u0301", "\u0323")
_MODIFIED = frozenset("ăâêôơư")
_THREE = 3
_TWO_HABITS = ("oa", "oe", "uy")
_FRONT = frozenset("eêiy")


@cache
def syllables() -> frozenset[str]:
    """All of them in small letters and NFC, with the tone mark after the old and the new habit (`hoà`, `hòa`)."""
    return frozenset(
        unicodedata.normalize("NFC", onset + toned)
        for rhyme in _RHYMES.split()
        for toned in _toned(rhyme)
        for onset in ("", *_ONSETS.split())
        if _join(onset, rhyme)
    )


@cache
def onsets() -> frozenset[str]:
    """What stands before the vowels and is no syllable by itself."""
    return frozenset(_ONSETS.split()) - syllables()


def _join(onset: str, rhyme: str) -> bool:
    """Whether spelling lets the rhyme follow: c, g and ng take an h, or become k, before e, ê, i and y."""
    front = rhyme[0] in _FRONT
    if onset in ("c", "ng"):
        return not front
    if onset == "g":
        return rhyme[0] == "i" or not front
    if onset in ("gh", "ngh"):
        return front
    if onset == "qu":
        return rhyme[0] in "aăâeêiyơ" or rhyme == "ôc"
    return onset != "gi" or rhyme[0] not in "iy"


def _toned(rhyme: str) -> list[str]:
    coda = next((each for each in _CODAS if rhyme.endswith(each)), "")
    vowels = rhyme.removesuffix(coda)
    tones = _SHARP if coda in _STOPS else _TONES
    return [rhyme[: place + 1] + tone + rhyme[place + 1 :] for tone in tones for place in _bearers(vowels, coda)]


def _bearers(vowels: str, coda: str) -> tuple[int, ...]:
    """Which of the vowels may bear the tone mark."""
    modified = [place for place, vowel in enumerate(vowels) if vowel in _MODIFIED]
    if modified:
        return (modified[-1],)
    if vowels in _TWO_HABITS and not coda:
        return (0, 1)
    if coda:
        return (len(vowels) - 1,)
    return (1,) if len(vowels) == _THREE or vowels[:2] in _TWO_HABITS else (0,)
