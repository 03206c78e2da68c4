"""Text whose letters are still in TCVN3, VNI or VPS codes and only look like Latin letters and signs."""

from __future__ import annotations

import re
import unicodedata

from gateway.model.page import Page
from gateway.policy.header.layout import MAX_LINE_LENGTH

HEAD_LINES = 60
MANY = 4

# Letters that no Latin-1 text has: what is read in Vietnamese Unicode is full of them.
_UNICODE = re.compile("[ĂăĐđĨĩŨũƠơƯưẠ-ỹ]")
# Signs within words (TCVN3 `ngµy`, VPS `C¬ng`), vowels with a second, accented vowel for an accent (VNI `ngaøy`),
# and small Latin-1 consonants that no Vietnamese word has (TCVN3 `®Þnh`, `thñ`).
_LEGACY = re.compile(
    r"[A-Za-z][\x80-\x9f¡-©«¬\xad®-¹»-¿€‚ƒ„†‡ˆ‰‹Œ˜™›œŸ]|[\x80-\x9f¡-©«¬\xad®-¹»-¿§][A-Za-z]"
    r"|[aeouyöô][øùûõïâáàåãäêéèúüë]|[AEOUYÖÔ][ØÙÛÕÏÂÁÀÅÃÄÊÉÈÚÜË]|[A-Za-z][ñÞþßÆæ÷×]"
)


def undecoded(page: Page) -> bool:
    """Whether the head of `page` is more legacy code than Vietnamese: nothing read in it would be right."""
    head = "\n".join(line.text[:MAX_LINE_LENGTH] for line in page.lines[:HEAD_LINES])
    sample = unicodedata.normalize("NFC", head)
    legacy = len(_LEGACY.findall(sample))
    return legacy >= MANY and legacy > len(_UNICODE.findall(sample))
