"""The letters of our papers, embedded with every Vietnamese diacritic."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD = "NotoSerif", "NotoSerif-Bold"
_FILES = {REGULAR: "NotoSerif-Regular.ttf", BOLD: "NotoSerif-Bold.ttf"}
_MISSING = "?"


@cache
def load_fonts(folder: Path) -> frozenset[str]:
    """Make the shipped fonts known to reportlab; the letters that both have. Raises OSError, TTFError."""
    letters = []
    for name, file in _FILES.items():
        font = TTFont(name, str(folder / file))
        registerFont(font)
        letters.append({chr(code) for code in font.face.charToGlyph})
    registerFontFamily(REGULAR, REGULAR, BOLD, REGULAR, BOLD)
    return frozenset.intersection(*map(frozenset, letters))


def drawable(text: str, letters: frozenset[str]) -> str:
    """The text in NFC on one line, with a question mark for what the fonts cannot draw."""
    whole = " ".join(unicodedata.normalize("NFC", text).split())
    if letters.issuperset(whole):
        return whole
    return "".join(letter if letter in letters else _MISSING for letter in whole)
