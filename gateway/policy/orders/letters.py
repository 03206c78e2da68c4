"""Letters of a reply made comparable, so that a missing accent is no fault and a wrong one is."""

from __future__ import annotations

import re
import unicodedata

from gateway.policy.header.text import fold, squeeze

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_COLONS = dict.fromkeys(map(ord, "\u2236\ua789\ufe55\ufe13"), ":")
_TABLE = {**_FULL_WIDTH, **_COLONS, ord("\u00d0"): "Đ", ord("\u00f0"): "đ", ord("\u0189"): "Đ", ord("\u0256"): "đ"}
_BLANK_CATEGORIES = frozenset({"Zs", "Zl", "Zp", "Cc"})
_WORDS = re.compile(r"[^\W_]+")


def tidy(line: str) -> str:
    """One line in NFC with single spaces, invisible letters gone and full-width forms made plain.

    Look-alikes from other scripts stay what they are: they match nothing.
    """
    if line.isascii() and line.isprintable():
        return squeeze(line)
    return squeeze(unicodedata.normalize("NFC", "".join(map(_letter, unicodedata.normalize("NFC", line)))))


def key(text: str) -> str:
    """`text` tidied, without accents, in small letters."""
    return fold(tidy(text))


def words(text: str) -> list[str]:
    """The words and figures of `text`, as `key` has them."""
    return _WORDS.findall(key(text))


def agrees(written: str, meant: str) -> bool:
    """Whether `written` is `meant` but for case and missing accents; where a tone stands in its word does not count."""
    ours, theirs = tidy(written).lower().split(), tidy(meant).lower().split()
    return len(ours) == len(theirs) and all(map(word_agrees, ours, theirs))


def word_agrees(written: str, meant: str) -> bool:
    """The same for one word, tidied and in small letters."""
    if fold(written) != fold(meant):
        return False
    shape, tones = _shape(written)
    meant_shape, meant_tones = _shape(meant)
    return tones <= meant_tones and all(
        letter in (other, fold(other)) for letter, other in zip(shape, meant_shape, strict=True)
    )


def _shape(word: str) -> tuple[str, frozenset[str]]:
    """A word without its tone, and the tone."""
    parts = unicodedata.normalize("NFD", word)
    bare = unicodedata.normalize("NFC", "".join(letter for letter in parts if letter not in _TONES))
    return bare, frozenset(parts) & _TONES


def _letter(letter: str) -> str:
    category = unicodedata.category(letter)
    if category in _BLANK_CATEGORIES:
        return " "
    return "" if category == "Cf" else _TABLE.get(ord(letter), letter)
