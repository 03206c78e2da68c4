"""Which code a text is in, told by what its words become: Vietnamese syllables, or nothing."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from itertools import islice

from gateway.letters.codes import TCVN3, TYPOGRAPHIC, VPS, Code
from gateway.letters.syllables import syllables

MAX_WORDS = 60_000
LONGEST_SYLLABLE = 7
LONGEST_SHORT_FORM = 6
_FOREIGN = 0.34


class Says(Enum):
    """What one word says about a code."""

    NOTHING = auto()
    FOR = auto()
    AGAINST = auto()
    FOREIGN = auto()


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many different words speak for a code, against it, and are no Vietnamese either way."""

    speak_for: int = 0
    against: int = 0
    foreign: int = 0

    @property
    def balance(self) -> float:
        """Above zero where a text is in the code, even if nothing but the text is known."""
        return self.speak_for - self.against - _FOREIGN * self.foreign


def is_syllable(word: str) -> bool:
    """Whether a word, in NFC and in any mixture of cases, is spelt as Vietnamese syllables are."""
    return len(word) <= LONGEST_SYLLABLE and word.lower() in syllables()


def words_of(text: str, code: Code) -> set[str]:
    """The different words of a text, parted as in `code`; not more than MAX_WORDS."""
    words = set(code.words.findall(text))
    return words if len(words) <= MAX_WORDS else set(islice(words, MAX_WORDS))


def weigh(words: Set[str], code: Code) -> Evidence:
    """What words say about `code`."""
    said = [says(word, code) for word in words]
    return Evidence(said.count(Says.FOR), said.count(Says.AGAINST), said.count(Says.FOREIGN))


def speakers(words: Set[str], code: Code) -> set[str]:
    """The words that speak for `code`."""
    return {word for word in words if says(word, code) is Says.FOR}


def signs_of(words: Set[str]) -> int:
    """How many different signs other than ASCII there are in words: another language has one or another by chance."""
    return sum(not sign.isascii() or sign < " " for sign in {sign for word in words for sign in word})


@lru_cache(maxsize=4 * MAX_WORDS)
def says(word: str, code: Code) -> Says:
    """What one word says. Single letters, words with digits, short forms and quotation marks say nothing."""
    if code is VPS:
        word = word.strip(TYPOGRAPHIC)
    if len(word) <= 1 or any(sign.isdigit() for sign in word):
        return Says.NOTHING
    letters = code.decode(word)
    if letters == word:
        return _as_it_stands(word, code)
    before, after = _is_written(word), _is_written(letters) or (code is TCVN3 and is_syllable(letters))
    if after is not before:
        return Says.FOR if after else Says.AGAINST
    if after:
        return Says.NOTHING
    if letters.isupper() and len(letters) <= LONGEST_SHORT_FORM:
        # A sign for a letter, as in `Q§-UBND`, is seen nowhere else.
        return Says.NOTHING if word.isalpha() else Says.FOR
    return Says.FOREIGN


def _as_it_stands(word: str, code: Code) -> Says:
    if _is_written(word):
        written = all(letter.isascii() or letter in code.single for letter in word)
        return Says.NOTHING if written else Says.AGAINST
    return Says.NOTHING if word.isascii() and not word.islower() else Says.FOREIGN


def _is_written(word: str) -> bool:
    """Whether a word is a syllable in small letters, in capitals, or with the first one a capital.

    TCVN3 alone, which has no capitals with accents, mixes them.
    """
    return (word[1:].islower() or word.isupper() or len(word) == 1) and is_syllable(word)
