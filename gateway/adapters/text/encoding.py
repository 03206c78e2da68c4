"""Which code the Vietnamese letters of a text are in, and the decoding of plain text files.

Điều 5 khoản 5 điểm a wants Unicode (TCVN 6909:2001). Older files carry TCVN3 or VNI codes, which
a reader that does not know them shows as Latin-1 letters and signs.
"""

from __future__ import annotations

import re
import unicodedata

from gateway.model.facts import TextEncoding

# Letters that only Vietnamese Unicode text has: ă đ ĩ ũ ơ ư and the block of stacked accents.
_UNICODE = re.compile("[ĂăĐđĨĩŨũƠơƯưẠ-ỹ]")
# TCVN3 puts its lower-case letters on Latin-1 signs, inside words: `ngµy`, `th¸ng`, `Q§`, `nh­`.
_TCVN3 = re.compile(r"[a-zA-Z][µ¸¶·¹¨©ª«¬­®]|[µ¸¶·¹¨©ª«¬­®§][a-zA-Z]|§[A-Z]")
# VNI writes a letter and then its accents: `ngaøy`, `Coäng`, `Ñoäc`.
_VNI = re.compile(r"[aeouyAEOUYöôÖÔ][øùûõïØÙÛÕÏâáàåãäêéèúüëÂÁÀÅÃÄÊÉÈÚÜË]")
SAMPLE = 200_000
MANY = 20


def guess_encoding(text: str) -> TextEncoding:
    """UNICODE, TCVN3, VNI, or NONE where there is no letter; plain ASCII counts as UNICODE.

    An honest guess by counting: VPS is not told.
    """
    sample = unicodedata.normalize("NFC", text[:SAMPLE])
    if not any(char.isalpha() for char in sample):
        return TextEncoding.NONE
    counts = {
        TextEncoding.UNICODE: len(_UNICODE.findall(sample)),
        TextEncoding.TCVN3: len(_TCVN3.findall(sample)),
        TextEncoding.VNI: len(_VNI.findall(sample)),
    }
    best = max(counts, key=lambda each: counts[each])
    enough = counts[best] * 200 > len(sample) or counts[best] > MANY
    return best if enough else TextEncoding.UNICODE


def decode(content: bytes) -> tuple[str, TextEncoding]:
    """Text in NFC and the code of its letters; never fails.

    UTF-8 and UTF-16 by their marks or by being valid; then TCVN3 or VNI, which are left as they look
    in Latin-1; then Windows-1258; at last Latin-1.
    """
    text = _unicode(content)
    if text is None:
        text = content.decode("cp1252", "replace").replace("\N{REPLACEMENT CHARACTER}", "?")
        legacy = guess_encoding(text)
        if legacy in (TextEncoding.TCVN3, TextEncoding.VNI):
            return text, legacy
        text = _windows_1258(content) or content.decode("latin-1")
    text = unicodedata.normalize("NFC", text)
    return text, guess_encoding(text)


def _unicode(content: bytes) -> str | None:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # A cut at a limit may leave half a letter at the end.
        if error.start >= len(content) - 3 and error.end == len(content):
            return content[: error.start].decode("utf-8-sig")
        return None


def _windows_1258(content: bytes) -> str | None:
    """Windows-1258, if that makes Vietnamese: its accents follow their letters."""
    try:
        text = content.decode("cp1258")
    except UnicodeDecodeError:
        return None
    composed = unicodedata.normalize("NFC", text)
    stray = sum(unicodedata.combining(char) > 0 for char in composed)
    return composed if stray == 0 and _UNICODE.search(composed) else None
