"""The decoding of plain text files, whatever code their Vietnamese letters are in (Điều 5 khoản 5 điểm a)."""

from __future__ import annotations

import re
import unicodedata

from gateway.letters import Reading, read_letters, shown
from gateway.model.page import TextEncoding

_UNICODE = re.compile("[ĂăĐđĨĩŨũƠơƯưẠ-ỹ]")
_AS_IS = frozenset({TextEncoding.UNICODE, TextEncoding.NONE})


def decode(content: bytes) -> Reading:
    """Text as one paragraph in NFC, the code of its letters, notes; never fails.

    UTF-8 and UTF-16 by their marks or by being valid; of other bytes TCVN3, VNI and VPS where that makes
    Vietnamese; then Windows-1258; at last Windows-1252.
    """
    text = _unicode(content)
    if text is not None:
        return read_letters(text)
    reading = read_letters(shown(content))
    composed = _windows_1258(content) if reading.encoding in _AS_IS else None
    return reading if composed is None else read_letters(composed)


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
    """Windows-1258 as it stands, if that makes Vietnamese: its accents follow their letters."""
    try:
        text = content.decode("cp1258")
    except UnicodeDecodeError:
        return None
    composed = unicodedata.normalize("NFC", text)
    stray = sum(unicodedata.combining(char) > 0 for char in composed)
    return text if stray == 0 and _UNICODE.search(composed) else None
