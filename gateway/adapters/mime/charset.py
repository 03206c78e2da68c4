"""Bytes of foreign mail to text: wrong, missing and invented charset labels (RFC 2045, RFC 2046 section 4.1.2)."""

from __future__ import annotations

import codecs
import re

_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,59}")
_WINDOWS_NUMBER = re.compile(r"(?:windows|win|cp|ms|ibm|x-cp|x-ansi|ansi)?[-_]?(\d{3,5})")

# Labels seen in mail, to the codec that reads what their senders really write:
# Windows programs send supersets under the names of the ISO and national standards.
_ALIASES = {
    "ascii": "",
    "us-ascii": "",
    "ansi": "",
    "ansi_x3.4-1968": "",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "macintosh": "mac_roman",
    "x-mac-roman": "mac_roman",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "x-utf-8": "utf-8",
    "x-vietnamese-windows": "cp1258",
}

# Codecs of the standard library that are no charsets of mail; some cost quadratic time.
_NO_CHARSET = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"}


def codec_of(label: str) -> str:
    """The codec for a charset label, or "" where the label says nothing (absent, unknown, ASCII)."""
    label = label.strip().strip("\"'").lower()
    if not _LABEL.fullmatch(label):
        return ""
    if label in _ALIASES:
        return _ALIASES[label]
    number = _WINDOWS_NUMBER.fullmatch(label)
    if number:
        label = "utf-8" if number[1] == "65001" else f"cp{number[1]}"
    try:
        found = codecs.lookup(label)
        "".encode(found.name)
    except (LookupError, ValueError, ImportError):
        return ""
    return "" if found.name.replace("_", "-") in _NO_CHARSET else found.name


def decode_unlabelled(content: bytes) -> str:
    """Text of bytes without a usable label: UTF-8, also slightly damaged, else windows-1258, else Latin-1."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    lenient = content.decode("utf-8", "replace")
    damaged = lenient.count("\ufffd")
    if sum(1 for character in lenient if character > "\x7f") - damaged >= 2 * damaged:
        return lenient
    try:
        return content.decode("cp1258")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def decode(content: bytes, label: str) -> tuple[str, bool]:
    """Text of `content` under a charset label, and whether every byte could be read. Never raises."""
    codec = codec_of(label)
    if codec in {"", "cp1252"}:
        try:
            return content.decode("utf-8-sig"), True
        except UnicodeDecodeError:
            pass
    if not codec:
        text = decode_unlabelled(content)
        return text, "\ufffd" not in text
    try:
        return content.decode(codec), True
    except (UnicodeError, ValueError):
        pass
    if codec in {"utf-8", "cp1252"}:
        return decode_unlabelled(content), False
    try:
        return content.decode("utf-8-sig"), False
    except UnicodeDecodeError:
        return content.decode(codec, "replace"), False


def reads(content: bytes, label: str) -> bool:
    """Whether `content` is sound in exactly this charset."""
    try:
        content.decode(codec_of(label) or "ascii")
    except (UnicodeError, ValueError):
        return False
    return True
