"""Words of a legacy code into Unicode, with the damage mended that the words themselves tell of.

TCVN3 has its ư where Latin-1 has the soft hyphen: on the way programs make it a hyphen, a minus or nothing, and make
soft hyphens of hyphens.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from gateway.letters.codes import TCVN3, TYPOGRAPHIC, VPS, Code
from gateway.letters.syllables import onsets
from gateway.letters.tell import MAX_WORDS, is_syllable

_DASH = re.compile("[\N{SOFT HYPHEN}\N{MINUS SIGN}]")
_HYPHENS = "[-\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}]"
_WORD = TCVN3.words.pattern.removesuffix("+")
_HYPHENATED = re.compile(f"(?<!{_WORD})({_WORD}{{1,6}}){_HYPHENS}({_WORD}{{1,6}})(?!{_WORD})")
_BARE_HORN = re.compile("(?=[ơờớỡởợ](?:c|ng|u)$)", re.IGNORECASE)
_HORN = "ư"
_WITHOUT_HORN = {"nh": "như", "ngời": "người", "Ngời": "Người"}
_LETTERS = frozenset(letter for code in (TCVN3, VPS) for letter in code.single.values())
_UNREAD = re.compile("[\x80-\xff\ue000-\uf8ff]")
_LOST_SIGN = "\N{REPLACEMENT CHARACTER}"
# Signs by themselves: dashes and bullets.
_NO_LETTERS = {
    "\N{SOFT HYPHEN}": "-",
    "\N{MINUS SIGN}": "-",
    "\xb7": "\xb7",
    "\N{BULLET OPERATOR}": "\xb7",
    "\uf0b7": "\xb7",
}
_MANY = 2


@dataclass(frozen=True, slots=True)
class Converted:
    """Text in Unicode; how many different words of it may be wrong."""

    text: str
    doubtful: int = 0


def convert(shown: str, code: Code, *, horn_lost: bool = False) -> Converted:
    """The letters of a stretch of text that is in `code`; `horn_lost` where the text has lost every ư (`loses_horn`).

    Words that are Vietnamese as they stand and would not be as `code` stay as they are.
    """
    if code is TCVN3:
        shown = _HYPHENATED.sub(_joined, shown)
    words = {word: _word(word, code, horn_lost=horn_lost) for word in set(code.words.findall(shown))}
    if code.paired or any(word.special for word in words.values()):
        text = code.words.sub(lambda word: words[word[0]].text, shown)
    else:
        text = code.decode(shown)
    in_capitals = any(word.special and word.text.isupper() and is_syllable(word.text) for word in words.values())
    doubtful = sum(word.doubtful for word in words.values()) + shown.count(_LOST_SIGN)
    return Converted(text.upper() if in_capitals and not _has_small(shown) else text, doubtful)


def loses_horn(words: Iterable[str], code: Code) -> bool:
    """Whether words that can only be Vietnamese with ươ have lost its ư (`®îc` for `®­îc`) and none has kept it."""
    if code is not TCVN3:
        return False
    letters = [code.decode(word) for word in words]
    return any(_with_horn(word) for word in letters) and not any(_HORN in word.lower() for word in letters)


@dataclass(frozen=True, slots=True)
class _Word:
    """A word in Unicode; `special` where that is not simply its letters."""

    text: str
    special: bool
    doubtful: bool


@lru_cache(maxsize=2 * MAX_WORDS)
def _word(word: str, code: Code, *, horn_lost: bool) -> _Word:
    decoded = code.decode(word)
    text = _letters(word, decoded, code, horn_lost=horn_lost)
    bare = horn_lost and len(text) >= _MANY and text in onsets()
    strange = any(letter not in _LETTERS for letter in _UNREAD.findall(text))
    return _Word(text, text != decoded, bare or strange)


def _letters(word: str, decoded: str, code: Code, *, horn_lost: bool) -> str:
    if code is TCVN3:
        return _tcvn3(word, decoded, horn_lost=horn_lost)
    if _stays(word, decoded):
        return word
    return _with_quotes(word, decoded) if code is VPS else decoded


def _tcvn3(word: str, decoded: str, *, horn_lost: bool) -> str:
    if word in _NO_LETTERS:
        return _NO_LETTERS[word]
    if not _has_small(word) and sum(letter.isupper() for letter in decoded) >= _MANY:
        # The code has no capitals with accents: `LËP` was typed in a font that draws them, or for want of one.
        decoded = decoded.upper()
    mended = _WITHOUT_HORN.get(decoded, "") if horn_lost else ""
    if is_syllable(decoded):
        return mended or decoded
    if _stays(word, decoded):
        return word
    return _undashed(word) or mended or (horn_lost and _with_horn(decoded)) or decoded


def _stays(word: str, decoded: str) -> bool:
    """Whether a word is Vietnamese as it stands, and is not once it is decoded."""
    return not word.isascii() and is_syllable(word) and not is_syllable(decoded)


def _with_quotes(word: str, decoded: str) -> str:
    """A word of VPS; its first and last signs may be quotation marks and dots, which that code has no room for."""
    core = word.strip(TYPOGRAPHIC)
    letters = VPS.decode(core)
    quoted = not core or (not is_syllable(decoded) and (core.isascii() or is_syllable(letters)))
    return word.replace(core, letters) if quoted else decoded


def _undashed(word: str) -> str:
    """The word with soft hyphens and minuses for hyphens, "" unless that makes words of it all."""
    parts = [TCVN3.decode(part) for part in _DASH.split(word)]
    apart = len(parts) > 1 and all(not part or _stands_alone(part) for part in parts)
    return "-".join(parts) if apart else ""


def _joined(match: re.Match[str]) -> str:
    """Two words with ư for the hyphen between them, if only that makes a word."""
    first, second = match.groups()
    joined = f"{first}\N{SOFT HYPHEN}{second}"
    apart = _stands_alone(TCVN3.decode(first)) and _stands_alone(TCVN3.decode(second))
    return joined if not apart and is_syllable(TCVN3.decode(joined)) else match[0]


def _with_horn(letters: str) -> str:
    """The word with the ư that it must have had, "" where there is no telling."""
    whole = _BARE_HORN.sub(_HORN, letters, count=1)
    return whole if whole != letters and is_syllable(whole) else ""


def _stands_alone(letters: str) -> bool:
    return is_syllable(letters) or letters.isupper() or letters.isdigit()


def _has_small(shown: str) -> bool:
    return any("a" <= letter <= "z" for letter in shown)
