"""Letters as an eye takes them: what prints alike is alike, what does not print is not there."""

from __future__ import annotations

import re
import unicodedata

from gateway.policy.header.text import clean

# Vietnamese writes these over and under a letter; anything else there is a strike, an underline or a disguise.
_VIETNAMESE = frozenset("\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323")
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5")
_LOOKALIKES = {
    ord(letter): plain
    for plain, letters in {
        "A": "ᎪꓮⲀ",
        "E": "ᎬꓰⲈ",
        "I": "ӀꓲᛁⲒ",
        "M": "ᎷꓟⲘϺ",
        "O": "ՕⲞꓳ",
        "T": "ᎢꓔⲦ",
        "U": "Սꓴ",
        "Y": "УҮᎩꓬⲨ",
        "a": "αɑᴀ",
        "e": "ᴇ",
        "i": "ıιɩ",
        "m": "ᴍ",
        "o": "ᴏօ",
        "t": "τᴛ",
        "u": "υᴜս",
        "y": "үʏ",
    }.items()
    for letter in letters
}
_SPACED = re.compile(r"(?<![^\W_])[^\W\d_](?:[ .\-_·*][^\W\d_](?![^\W_])){2,11}")


def seen(text: str) -> str:
    """`text` in NFC with disguises off: compatibility forms, look-alikes, the invisible, foreign combining signs."""
    if text.isascii():
        return text
    letters = unicodedata.normalize("NFD", clean(unicodedata.normalize("NFKC", text)).translate(_LOOKALIKES))
    return clean("".join(letter for letter in letters if not _unseen(letter)))


def spacing_closed(text: str) -> str:
    """Words printed with spaced letters written as words: `M Ậ T` as `MẬT`."""
    return _SPACED.sub(lambda run: "".join(filter(str.isalpha, run.group())), text)


def _unseen(letter: str) -> bool:
    return letter in _BLANK_LETTERS or (unicodedata.category(letter) in {"Mn", "Me"} and letter not in _VIETNAMESE)
