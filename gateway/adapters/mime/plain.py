"""Text as patterns are compared with it."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """Lower case without diacritics, every run of blanks within a line as one."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d").replace("’", "'"))
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return "\n".join(" ".join(line.split()) for line in letters.splitlines())
