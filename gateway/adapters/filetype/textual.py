"""What kind of text a file is, if it is text at all."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter

from gateway.adapters.filetype.scripts import script_type
from gateway.letters import read_letters, shown
from gateway.model.page import TextEncoding

PLAIN = "text/plain"
CSV = "text/csv"
MIN_ROWS = 2
MIN_COLUMNS = 2
MAX_ROWS = 200
_ENOUGH_LETTERS = 20_000

# Controls that texts have: tab, line feed, vertical tab, form feed, return, escape.
_TEXT_CONTROLS = frozenset({0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1A, 0x1B})
_CONTROLS = frozenset(range(0x20)) - _TEXT_CONTROLS | {0x7F}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PROLOGUE = re.compile(
    r"(?>\s+|<\?[^>]*\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?\s*>)*+", re.DOTALL | re.IGNORECASE
)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
_HTML = re.compile(
    r"\s*+(?><!--.*?-->\s*)*+<(?:!doctype\s+html|html|head|body|script|title|i?frame|frameset|meta|table|div|style|"
    r"hta:application|a\s+[a-z]+\s*=|img|form|object|embed|applet|link|base|center|font|br|h[1-6]|p|span|video|audio|"
    r"marquee)(?=[\s/>=\"'])",
    re.DOTALL | re.IGNORECASE,
)
_BY_ROOT = {"html": "text/html", "svg": "image/svg+xml", "edXML": "application/edxml+xml"}
_MAIL_FIELD = re.compile(
    r"(?:received|return-path|delivered-to|message-id|mime-version|from|to|cc|subject|date|reply-to|sender|"
    r"x-[a-z0-9-]+|dkim-signature|arc-[a-z-]+|authentication-results|"
    r"resent-[a-z-]+|content-[a-z-]+|list-[a-z]+|user-agent|thread-(?:topic|index)|importance|references|in-reply-to):",
    re.IGNORECASE,
)
_TRACE_FIELD = re.compile(
    r"(?:received|return-path|message-id|mime-version|from|date|subject|delivered-to|content-[a-z-]+|resent-[a-z-]+):",
    re.IGNORECASE,
)
_DXF = re.compile(r"\s*(?:999\r?\n[^\n]*\n\s*)*0\r?\n\s*SECTION\r?\n\s*2\r?\n")
_BY_START = (
    ("BEGIN:VCALENDAR", "text/calendar"),
    ("BEGIN:VCARD", "text/vcard"),
    ("%!PS-Adobe", "application/postscript"),
    ("-----BEGIN PGP MESSAGE-----", "application/pgp-encrypted"),
    ("-----BEGIN AGE ENCRYPTED FILE-----", "application/x-age-encryption"),
    ("-----BEGIN PKCS7-----", "application/pkcs7-signature"),
    ("-----BEGIN CMS-----", "application/pkcs7-signature"),
)


def text_type(head: bytes, *, whole: bool) -> str | None:
    """The type of a text by its beginning, None where it is not text. `whole` where `head` is all of the file."""
    text = _decoded(head)
    if text is None:
        return None
    start = text.lstrip()
    for mark, media_type in _BY_START:
        if start[: len(mark)].upper() == mark.upper():
            return media_type
    drawing = "image/vnd.dxf" if _DXF.match(text) else None
    return _markup(start) or _message(start) or drawing or script_type(text) or _table(text, whole)


def _decoded(head: bytes) -> str | None:
    """Text of a beginning that has no controls a text would not have; 8-bit letters of any code are let pass."""
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            text = head.decode(encoding, "replace")
            return None if any(ord(char) in _CONTROLS for char in text) else text
    if not _CONTROLS.isdisjoint(head):
        # VPS has capitals where other codes have controls.
        letters = read_letters(shown(head[:_ENOUGH_LETTERS])) if b"\x00" not in head else None
        return shown(head) if letters is not None and letters.encoding is TextEncoding.VPS else None
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(head) - 3 and error.reason == "unexpected end of data":
            return head[: error.start].decode("utf-8")
    # Letters and signs of a legacy code stand among ASCII; noise has as many high bytes as low ones.
    high = sum(byte >= 0x80 for byte in head)  # noqa: PLR2004
    return head.decode("latin-1") if high * 2 <= len(head) else None


def _markup(start: str) -> str | None:
    if not start.startswith("<"):
        return None
    if _HTML.match(start):
        return "text/html"
    prologue = _PROLOGUE.match(start)
    root = _ROOT.match(start, prologue.end() if prologue else 0)
    declared = start.startswith("<?xml")
    if root is None:
        return "application/xml" if declared else None
    name = root[1]
    if name in _BY_ROOT:
        return _BY_ROOT[name]
    closed = re.search(rf"</(?:[\w.-]+:)?{re.escape(name)}\s*>\s*\Z", start) is not None
    return "application/xml" if declared or closed or "xmlns" in start[:2000] else None


def _message(start: str) -> str | None:
    """A mail (RFC 5322): a block of header fields, of which at least two are such as every mail has."""
    if start.startswith("From "):
        start = start.partition("\n")[2]
    traces = 0
    for count, line in enumerate(start.splitlines()[:100]):
        if not line.strip():
            break
        if line[0] in " \t" and count:
            continue
        if not re.match(r"[!-9;-~]+\s*:", line) or (not count and not _MAIL_FIELD.match(line)):
            break
        traces += bool(_TRACE_FIELD.match(line))
    return "message/rfc822" if traces >= MIN_ROWS else None


def _table(text: str, whole: bool) -> str:
    """CSV where every row has the same number of cells, more than one; else plain text."""
    lines = text.splitlines()
    if not whole:
        lines = lines[:-1]
    lines = [line for line in lines[:MAX_ROWS] if line.strip()]
    if len(lines) < MIN_ROWS:
        return PLAIN
    for delimiter in (",", ";", "\t"):
        if delimiter not in lines[0]:
            continue
        try:
            rows = list(csv.reader(lines, delimiter=delimiter, strict=True))
        except csv.Error:
            continue
        widths = Counter(len(row) for row in rows)
        if len(widths) == 1 and next(iter(widths)) >= MIN_COLUMNS and _cells(rows):
            return CSV
    return PLAIN


def _cells(rows: list[list[str]]) -> bool:
    """Whether what stands between the delimiters looks like cells and not like clauses or program text."""
    filled = sum(any(cell.strip() for cell in column) for column in zip(*rows, strict=True))
    prose = sum(cell.startswith(" ") for row in rows for cell in row[1:])
    return filled >= MIN_COLUMNS and prose * 2 < sum(len(row) - 1 for row in rows)
