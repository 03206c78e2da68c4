"""Encoded words of header text (RFC 2047), also where senders broke its rules, and cleaning for display."""

from __future__ import annotations

import binascii
import re
import unicodedata

from gateway.adapters.mime.charset import decode, reads

_WORD = re.compile(r"=\?([^?*\s]{1,60})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*)\?=")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]")

# Where runs of combining marks can stand: everything but the scripts that Vietnamese and its neighbours are written in.
_MARKS_POSSIBLE = re.compile(r"[^\x00-\u02ff\u1e00-\u20cf]{31,}")
_MOST_MARKS = 30

_Word = tuple[str, str]


def decode_words(value: str) -> str:
    """`value` with every encoded word read; neighbours of one charset are joined as bytes first.

    Joining mends letters split between two words, which RFC 2047 section 5 forbids and many mailers do.
    """
    if "=?" not in value:
        return value
    out: list[str] = []
    run: list[_Word] = []
    charset = ""
    position = 0
    for match in _WORD.finditer(value):
        gap = value[position : match.start()]
        joined = bool(run) and not gap.strip()
        if run and not (joined and match[1].lower() == charset):
            out.append(_text(run, charset))
            run = []
        if not joined:
            out.append(gap)
        charset = match[1].lower()
        run.append((match[2].lower(), match[3]))
        position = match.end()
    if run:
        out.append(_text(run, charset))
    out.append(value[position:])
    return "".join(out)


def _text(run: list[_Word], charset: str) -> str:
    content = b"".join(_base64(text) if encoding == "b" else _q(text) for encoding, text in run)
    if len(run) > 1 and not reads(content, charset) and all(encoding == "b" for encoding, _ in run):
        # Some mailers cut one base64 stream anywhere, even inside a group of four.
        whole = _base64("".join(text for _, text in run))
        if reads(whole, charset):
            content = whole
    return decode(content, charset)[0]


def _base64(text: str) -> bytes:
    text = _NOT_BASE64.sub("", text)
    if len(text) % 4 == 1:
        text = text[:-1]
    return binascii.a2b_base64(text + "=" * (-len(text) % 4))


def _q(text: str) -> bytes:
    return binascii.a2b_qp(text.encode("utf-8", "replace"), header=True)


def clean(text: str, limit: int) -> str:
    """One line of NFC text: no control, bidirectional or lone surrogate characters, at most `limit` characters."""
    text = text[: 4 * limit]
    if not text.isprintable():
        text = "".join(_visible(character) for character in text)
    return composed(" ".join(text.split()))[:limit].strip()


def composed(text: str) -> str:
    """NFC of at most 30 combining marks in a row (UAX 15 section 13): sorting more takes quadratic time."""
    return unicodedata.normalize("NFC", _MARKS_POSSIBLE.sub(_fewer_marks, text))


def _fewer_marks(match: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for character in match[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"
    if category == "Cf":
        return ""
    return " " if category in {"Cc", "Zl", "Zp"} else character
