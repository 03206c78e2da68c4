"""Whether a part arrived whole, told from how its bytes end and never from how long they ought to be.

A mail cut on its way usually ends inside a base64 line, while a careless program leaves out the closing delimiter of
content that is all there. What counts as missing bytes:

- anywhere, a transfer encoding from which bytes are gone: a base64 run of 4n + 1 characters, foreign characters inside
  its data, uuencoding without its end;
- in the last part of a multipart without its closing delimiter, or of a mail that is one part alone, base64 that ends
  short of a group of four, unless the file shows the mark with which files of its kind end;
- there too, a file of such a kind that does not show the mark, unless base64 padding says that the sender had done;
- in the last part of a multipart without its closing delimiter, a file about which nothing tells: text, or bytes sent
  without base64. Whole groups of base64 are believed for any other file.

Padding missing before a delimiter, lines after the padding and additional line ends lose nothing.
"""

from __future__ import annotations

from enum import Enum

from gateway.adapters.mime.transfer import Decoded, Ending

# How files begin, the mark they end with, and within how many last bytes readers look for it
# (ISO 32000-1 annex H.3.18, APPNOTE 4.3.16: 22 bytes and a comment of up to 65,535, PNG section 11.2.5, T.81 B.1.1.3).
_END_MARKS = (
    (b"%PDF-", b"%%EOF", 1024),
    (b"PK\x03\x04", b"PK\x05\x06", 65_557),
    (b"\x89PNG\r\n\x1a\n", b"IEND", 1024),
    (b"\xff\xd8\xff", b"\xff\xd9", 1024),
)


class Bound(Enum):
    """What ends a part: a DELIMITER, the END of a mail as it should be, or the end where a delimiter is missing."""

    DELIMITER = "delimiter"
    END = "end"
    MISSING = "missing"


class Loss(Enum):
    """What is known to be lost; UNPROVEN where nothing tells that the content came whole."""

    NONE = "none"
    UNPROVEN = "unproven"
    BYTES = "bytes"
    REST = "rest"


def loss(decoded: Decoded, media_type: str, bound: Bound) -> Loss:
    """What a part lost in transfer; REST where the mail itself ends within it, so that later parts may be gone."""
    if bound is Bound.DELIMITER or decoded.ending is Ending.PADDED:
        return Loss.BYTES if decoded.damaged else Loss.NONE
    if decoded.ending is Ending.UNKNOWN and bound is Bound.END:
        return Loss.BYTES if decoded.damaged else Loss.NONE
    marked = _end_mark(decoded.content)
    if decoded.damaged or marked is False:
        return Loss.REST
    if marked:
        return Loss.NONE
    if decoded.ending is Ending.SHORT:
        return Loss.REST
    text = media_type.startswith("text/")
    unproven = bound is Bound.MISSING and (text or decoded.ending is Ending.UNKNOWN)
    return Loss.UNPROVEN if unproven else Loss.NONE


def _end_mark(content: bytes) -> bool | None:
    """Whether the file shows the mark its kind ends with, None where its kind has none."""
    for beginning, mark, window in _END_MARKS:
        if content.startswith(beginning):
            return mark in content[-window:]
    return None


def ends_in_delimiter(content: bytes, start: int, end: int, boundary: bytes) -> bool:
    """Whether the last line is the beginning of a delimiter that breaks off."""
    line = content[max(start, content.rfind(b"\n", start, end - 2) + 1) : end].rstrip(b"\r\n")
    delimiter = b"--" + boundary
    return len(b"--") < len(line) < len(delimiter) and delimiter.startswith(line)
