"""Letters made comparable: one form for look-alikes, accents, dashes and blanks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

# Cyrillic and Greek letters that print like a Latin one, Icelandic and African D for Vietnamese Đ.
_LOOKALIKES = {
    **dict(zip("АВЕЅІЈКМНОРСТХавеѕіјкмнорстху", "ABESIJKMHOPCTXabesijkmhopctxy", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo", strict=True)),
    "\u00d0": "Đ",
    "\u0189": "Đ",
    "\u00f0": "đ",
    "\u0256": "đ",
}
_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_TABLE = {**{ord(letter): plain for letter, plain in _LOOKALIKES.items()}, **_FULL_WIDTH}
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u02d7\ufe58\ufe63"), "-")
_SLASHES = dict.fromkeys(map(ord, "\u2044\u2215\u29f8"), "/")
_BLANKS = re.compile(r"\s+")
_MINIMUM_LETTERS = 2
_UPPER_SHARE = 0.9


class _Letters(dict[int, str]):
    """A table for `str.translate` that finds out each letter when it first occurs; it never outgrows `LIMIT`."""

    LIMIT = 4096

    def __init__(self, change: Callable[[str], str]) -> None:
        super().__init__()
        self._change = change

    def __missing__(self, code: int) -> str:
        changed = self._change(chr(code))
        if len(self) < self.LIMIT:
            self[code] = changed
        return changed


def clean(text: str) -> str:
    """NFC with invisible characters gone, every blank but the tab a space, look-alike letters made Latin."""
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).translate(_CLEAN))


def _clean_letter(letter: str) -> str:
    if letter in "\t\n":
        return letter
    category = unicodedata.category(letter)
    if category == "Zs":
        return " "
    return "" if category in {"Cf", "Cc", "Cs", "Co"} else _TABLE.get(ord(letter), letter)


def squeeze(text: str) -> str:
    """One space for any run of blanks, none at the ends."""
    return _BLANKS.sub(" ", text).strip()


def plain_punctuation(text: str) -> str:
    """Every dash a hyphen and every slash a solidus; the length stays."""
    return text.translate(_DASHES).translate(_SLASHES)


def fold(text: str) -> str:
    """Lower case without accents, letter for letter, so that positions in it are positions in `text`.

    `text` must be NFC (see `clean`). `đ` becomes `d`.
    """
    return text.translate(_FOLD)


def _fold_letter(letter: str) -> str:
    if letter in "Đđ":
        return "d"
    base = unicodedata.normalize("NFD", letter)[0]
    return (base.lower() or base)[0]


_CLEAN = _Letters(_clean_letter)
_FOLD = _Letters(_fold_letter)


def is_upper(text: str) -> bool:
    """Whether the letters are capitals; one in ten may be misread."""
    letters = [letter for letter in text if letter.isalpha()]
    if len(letters) < _MINIMUM_LETTERS:
        return False
    return sum(letter.isupper() for letter in letters) >= _UPPER_SHARE * len(letters)


def starts_lower(text: str) -> bool:
    """Whether the first letter or digit is a small letter, as in the middle of a sentence."""
    first = next((letter for letter in text if letter.isalnum()), "")
    return first.islower()
