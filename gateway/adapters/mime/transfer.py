"""Content-Transfer-Encoding undone as far as it goes (RFC 2045 section 6)."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Decoded:
    """What could be read, and in Vietnamese what was wrong with the encoding ("" if nothing)."""

    content: bytes
    problem: str = ""


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
        return Decoded(undo_base64(content).content, "nội dung mã hóa base64 nhưng không khai báo, đã giải mã")
    unknown = f"kiểu mã hóa “{encoding[:40]}” không được biết, giữ nguyên nội dung gốc"
    return Decoded(content, "" if encoding in _IDENTITY else unknown)


def _undo_uuencode(content: bytes) -> Decoded:
    files = uuencoded(content, most=1)
    if not files and content.strip():
        return Decoded(content, "mã hóa uuencode không đọc được, giữ nguyên nội dung gốc")
    return Decoded(files[0].content, files[0].problem) if files else Decoded(b"")


def undo_base64(content: bytes) -> Decoded:
    """Base64 with any line ends; padding inside, foreign lines and a missing end are survived and named."""
    compact = content.translate(None, _WHITE)
    try:
        return Decoded(binascii.a2b_base64(compact, strict_mode=True))
    except binascii.Error:
        pass
    if compact.translate(None, _ALPHABET + b"="):
        compact = b"".join(_data_lines(content)) or compact.translate(None, _FOREIGN)
    runs = [run for run in re.split(rb"=+", compact) if run]
    decoded = b"".join(_run(run) for run in runs)
    return Decoded(decoded, "mã hóa base64 bị lỗi, đã giải mã phần đọc được")


def _data_lines(content: bytes) -> Iterator[bytes]:
    """The sound characters of each line that is data: nearly all of it base64, and no prose after the padding."""
    ended = False
    for line in content.splitlines():
        compact = line.translate(None, _WHITE)
        sound = compact.translate(None, _FOREIGN)
        foreign, spaced = len(compact) - len(sound), b" " in line.strip()
        prose = (foreign and spaced) or (ended and (foreign or spaced))
        if prose or foreign * 10 > len(compact):
            continue
        ended = ended or sound.endswith(b"=")
        yield sound


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
    """A file found between `begin` and `end` lines."""

    name: bytes
    content: bytes
    problem: str


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
            files.append(UuFile(match[1], decoded.content, decoded.problem))
            continue
        file = _uu_lines(match[1], body, complete=end is not None)
        if file.content:
            files.append(file)
    return files


def _uu_lines(name: bytes, body: bytes, *, complete: bool) -> UuFile:
    out: list[bytes] = []
    damaged = not complete
    for line in body.split(b"\n"):
        data = line.rstrip(b"\r")
        if not data:
            continue
        length = (data[0] - 32) & 63
        wanted = 1 + (length + 2) // 3 * 4
        try:
            # Blanks at the end of a line were often cut in transport; senders also add a check character.
            out.append(binascii.a2b_uu(data[:wanted].ljust(wanted)))
        except binascii.Error:
            damaged = True
    return UuFile(name, b"".join(out), "mã hóa uuencode bị lỗi, đã giải mã phần đọc được" if damaged else "")
