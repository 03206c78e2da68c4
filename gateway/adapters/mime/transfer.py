"""Content-Transfer-Encoding undone as far as it goes (RFC 2045 section 6)."""

from __future__ import annotations

import binascii
import codecs
import re
from dataclasses import dataclass, replace
from enum import Enum

_BASE64 = frozenset({"base64", "base-64", "b64", "x-base64"})
_QUOTED_PRINTABLE = frozenset({"quoted-printable", "quotedprintable", "quoted_printable", "qp"})
_UUENCODE = frozenset({"x-uuencode", "uuencode", "x-uue", "uue"})
_IDENTITY = frozenset({"", "7bit", "8bit", "binary", "7-bit", "8-bit", "none", "7bits", "8bits"})

_WHITE = b"\r\n\t \x00\x0b\x0c"
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_FOREIGN = bytes(set(range(256)) - set(_ALPHABET + b"="))
_BAD_ESCAPE = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r*(?:\n|\Z))")
_UU_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,300})\r*$", re.MULTILINE)

# The first characters of base64 of PDF, ZIP and OLE2 files.
_BASE64_OF_A_DOCUMENT = (b"JVBERi0", b"UEsDBB", b"0M8R4KGx")


# Mail programs of old break lines they find too long with this, adding to the content and taking nothing away.
_BROKEN_LINE = re.compile(rb"!\r*\n ")
_RUN = re.compile(rb"([^=]+)(=*)")
_GROUP = 4


class Ending(Enum):
    """How base64 ends: with padding, after a whole group of four, short of one; UNKNOWN for other encodings."""

    PADDED = "padded"
    FULL = "full"
    SHORT = "short"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Decoded:
    """What could be read, and in Vietnamese what was wrong with the encoding ("" if nothing).

    `damaged` is true where bytes are known to be missing, not where the encoding is merely careless.
    """

    content: bytes
    problem: str = ""
    damaged: bool = False
    ending: Ending = Ending.UNKNOWN


def undo(content: bytes, encoding: str) -> Decoded:
    """Decode a part's body. Damage never loses the sound rest; an unknown encoding leaves the bytes as they are."""
    encoding = re.sub(r"\s+", "-", encoding.strip("; \t\"'").lower())
    if encoding in _BASE64:
        return undo_base64(content)
    if encoding in _QUOTED_PRINTABLE:
        return _undo_quoted_printable(content)
    if encoding in _UUENCODE:
        return _undo_uuencode(content)
    if content.lstrip(_WHITE).startswith(_BASE64_OF_A_DOCUMENT):
        undeclared = "nội dung mã hóa base64 nhưng không khai báo, đã giải mã"
        return replace(undo_base64(content), problem=undeclared)
    unknown = f"kiểu mã hóa “{encoding[:40]}” không được biết, giữ nguyên nội dung gốc"
    return Decoded(content, "" if encoding in _IDENTITY else unknown)


def _undo_uuencode(content: bytes) -> Decoded:
    files = uuencoded(content, most=1)
    if not files and content.strip():
        return Decoded(content, "mã hóa uuencode không đọc được, giữ nguyên nội dung gốc")
    return Decoded(files[0].content, files[0].problem, files[0].damaged) if files else Decoded(b"")


def undo_base64(content: bytes) -> Decoded:
    """Base64 with any line ends; padding inside, foreign lines and a missing end are survived and named."""
    compact = content.translate(None, _WHITE)
    try:
        plain = binascii.a2b_base64(compact, strict_mode=True)
        return Decoded(plain, ending=Ending.PADDED if compact.endswith(b"=") else Ending.FULL)
    except binascii.Error:
        pass
    foreign = False
    if compact.translate(None, _ALPHABET + b"="):
        data = _data_lines(_BROKEN_LINE.sub(b"", content.removeprefix(codecs.BOM_UTF8)))
        compact = b"".join(data.lines) or compact.translate(None, _FOREIGN)
        foreign = data.foreign or not data.lines
    runs = _joined(compact)
    return Decoded(
        runs.content,
        "mã hóa base64 bị lỗi, đã giải mã phần đọc được",
        damaged=foreign or runs.damaged,
        ending=runs.ending,
    )


@dataclass(frozen=True, slots=True)
class _Joined:
    content: bytes
    damaged: bool
    ending: Ending


def _joined(compact: bytes) -> _Joined:
    """All runs between padding, decoded each by itself.

    Every run but the last must be whole groups, the last may lack its padding and no more; without padding behind a run
    that had it, it counts as what somebody put after the end.
    """
    out: list[bytes] = []
    damaged = before = padded = False
    group = 0
    for match in _RUN.finditer(compact):
        damaged = damaged or group != 0
        before = padded
        run = match[1]
        out.append(_run(run))
        padded = len(run) % _GROUP > 1 and bool(match[2])
        group = (len(run) + len(match[2])) % _GROUP
        over = len(run) % _GROUP
    if not out:
        return _Joined(b"", damaged=False, ending=Ending.FULL)
    if padded or before:
        one_missing = padded and group == _GROUP - 1
        return _Joined(b"".join(out), damaged or one_missing, Ending.PADDED)
    return _Joined(b"".join(out), damaged or over == 1, Ending.SHORT if over else Ending.FULL)


@dataclass(frozen=True, slots=True)
class _DataLines:
    """The sound characters of the lines that are data; `foreign` says that other characters stood among them."""

    lines: list[bytes]
    foreign: bool


def _data_lines(content: bytes) -> _DataLines:
    """Lines that are nearly all base64, and no prose after the padding."""
    lines: list[bytes] = []
    ended = passed = among = False
    for line in content.splitlines():
        compact = line.translate(None, _WHITE)
        sound = compact.translate(None, _FOREIGN)
        foreign, spaced = len(compact) - len(sound), b" " in line.strip()
        prose = (foreign and spaced) or (ended and (foreign or spaced))
        if prose or foreign * 10 > len(compact):
            passed = passed or (bool(lines) and not ended)
            continue
        among = among or foreign > 0 or (passed and bool(sound))
        ended = ended or sound.endswith(b"=")
        lines.append(sound)
    return _DataLines(lines, among)


def _run(run: bytes) -> bytes:
    if len(run) % 4 == 1:
        run = run[:-1]
    return binascii.a2b_base64(run + b"=" * (-len(run) % 4))


def _undo_quoted_printable(content: bytes) -> Decoded:
    problem = "mã hóa quoted-printable bị lỗi, đã giải mã phần đọc được" if _BAD_ESCAPE.search(content) else ""
    if any(padding in content for padding in (b" \n", b" \r\n", b"\t\n", b"\t\r\n")):
        # White space at the end of a line was added in transport (RFC 2045 section 6.7, rule 3).
        lines = content.split(b"\n")
        content = b"\n".join(
            line[:-1].rstrip(b" \t") + b"\r" if line.endswith(b"\r") else line.rstrip(b" \t") for line in lines
        )
    return Decoded(binascii.a2b_qp(content), problem)


@dataclass(frozen=True, slots=True)
class UuFile:
    """A file found between `begin` and `end` lines; `damaged` as in Decoded."""

    name: bytes
    content: bytes
    problem: str
    damaged: bool


def uuencoded(content: bytes, most: int = 50) -> list[UuFile]:
    """The uuencoded files in a text, at most `most`; none where a `begin` line is not followed by data."""
    files: list[UuFile] = []
    position = 0
    while len(files) < most and (match := _UU_BEGIN.search(content, position)):
        end = re.compile(rb"^end\b", re.MULTILINE).search(content, match.end())
        body = content[match.end() : end.start() if end else len(content)]
        position = end.end() if end else len(content)
        if match[0].startswith(b"begin-base64"):
            decoded = undo_base64(body.replace(b"====", b""))
            files.append(UuFile(match[1], decoded.content, decoded.problem, decoded.damaged))
            continue
        file = _uu_lines(match[1], body, complete=end is not None)
        if file.content:
            files.append(file)
    return files


def _uu_lines(name: bytes, body: bytes, *, complete: bool) -> UuFile:
    out: list[bytes] = []
    damaged = ended = False
    for line in body.split(b"\n"):
        data = line.rstrip(b"\r")
        if not data:
            continue
        length = (data[0] - 32) & 63
        ended = ended or not length
        wanted = 1 + (length + 2) // 3 * 4
        try:
            # Blanks at the end of a line were often cut in transport; senders also add a check character.
            out.append(binascii.a2b_uu(data[:wanted].ljust(wanted)))
        except binascii.Error:
            damaged = True
    problem = "" if complete and not damaged else "mã hóa uuencode bị lỗi, đã giải mã phần đọc được"
    return UuFile(name, b"".join(out), problem, damaged=damaged or not (complete or ended))
