"""Vietnamese text written in the codes of before Unicode, as programs that know nothing of them show it."""

from __future__ import annotations

import unicodedata

from gateway.letters.codes import CODES, SYMBOLS, Code
from gateway.model.page import TextEncoding

BY_ENCODING = {code.encoding: code for code in CODES}
LEGACY = tuple(BY_ENCODING)
LAST_BYTE = 0xFF


def encoded(text: str, encoding: TextEncoding, *, symbols: bool = False) -> str:
    """`text` in the code, shown as Latin-1; as signs of a symbol font if `symbols`.

    TCVN3 has no capitals with accents but Ă Â Ê Ô Ơ Ư Đ: raises KeyError for others.
    """
    table = _letters(BY_ENCODING[encoding])
    shown = "".join(letter if letter.isascii() else table[letter] for letter in unicodedata.normalize("NFC", text))
    return (
        "".join(chr(SYMBOLS + ord(sign)) if ord(sign) > LAST_BYTE // 2 else sign for sign in shown)
        if symbols
        else shown
    )


def letters_of(encoding: TextEncoding) -> frozenset[str]:
    """The letters beyond ASCII that the code has."""
    return frozenset(_letters(BY_ENCODING[encoding]))


def _letters(code: Code) -> dict[str, str]:
    """Letters with what they are shown as in Latin-1: small accents under small letters, as typed."""
    table: dict[str, str] = {}
    for shown, letter in (*code.single.items(), *code.paired.items()):
        alike = shown.islower() == letter.islower() or not code.paired
        if max(map(ord, shown)) <= LAST_BYTE and alike:
            table.setdefault(letter, shown)
    return table
