"""Files that are two things at once: what another program than the expected one would find in them.

Only a second format that its reader really opens counts: an archive whose directory is where it says, a program whose
header leads to its code, a page or script where a browser looks. Bytes behind the end of a file alone say nothing:
signed PDFs are added to, cameras append what they like.
"""

from __future__ import annotations

import binascii
import mmap
import re
from collections.abc import Iterator
from pathlib import Path

from gateway.adapters.filetype.ends import end_of
from gateway.adapters.filetype.magic import by_signature
from gateway.adapters.filetype.packages import END, END_SIGNATURE, LONGEST_TAIL
from gateway.adapters.filetype.textual import text_type
from gateway.adapters.filetype.xml_acts import xml_acts
from gateway.model.facts import ActiveContent, ActiveKind

_PDF = "application/pdf"
_PACKAGES = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
_OTHERS = frozenset(
    {_PDF, *_PACKAGES, "application/msword", "application/vnd.ms-excel", "application/x-ole-storage"}
    | {"application/vnd.shp", "application/vnd.dbf"}
)
_FIRST = 1024
_TAIL = 65_536
_MOST_FOUND = 20
_ENTRY = b"PK\x01\x02"
_MEMBER = b"PK\x03\x04"
_STREAM_END = re.compile(rb"\s{0,4}endstream")

_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|script|iframe|svg|hta:application|object|embed|meta\s+http-equiv)[\s>/]|"
    rb"<\?php\b|__HALT_COMPILER\s*\(|<%\s*(?:eval|execute|page)\b|javascript:\s*\w|<script",
    re.IGNORECASE,
)
_BEFORE_PDF = re.compile(
    rb"<[a-z!?%]|/\*|\*/|(?:^|[\r\n])\s*(?:var|let|const|function|eval|import|def|set|dim|@?echo|rem|cmd|powershell|#!)\b|"
    rb"[\w$]\s*=\s*[\"'`\[{(/\w]",
    re.IGNORECASE,
)
# The field behind the signature begins a comment or an assignment: no real size or width is written like that.
_SCRIPT_HEADER = re.compile(rb"(?:BM|GIF8[79]a|\xff\xd8\xff.)/\*.*?\*/|(?:BM|GIF8[79]a)\s*=\s*[\w\"'\[({`]", re.DOTALL)
_PRINTER_JOB = re.compile(rb"^(?:\x1b%-12345X)?@PJL[^\r\n]*", re.MULTILINE)
_SECOND_PDF = re.compile(rb"%%EOF[\s\x00]{0,1024}%PDF-[12]\.\d")
_PDF_HEADER = re.compile(rb"%PDF-[12]\.\d")
_PDF_INSIDE = re.compile(rb"\d+\s+\d+\s+obj\b")
_DOS_PROGRAM = re.compile(rb"MZ")
_PE = b"PE\x00\x00"
_MACHINES = frozenset({0x014C, 0x8664, 0x01C0, 0x01C4, 0xAA64, 0x0200})
_RAR = re.compile(rb"Rar!\x1a\x07(?:\x00|\x01\x00)")
_SEVEN_ZIP = re.compile(rb"7z\xbc\xaf\x27\x1c\x00[\x00-\x04]")
_RAR5_LENGTH = 8
_ELF = re.compile(rb"\x7fELF[\x01\x02][\x01\x02]\x01[\x00-\x12][\x00]{7,8}")
# What is told of bytes behind the end: the type as named to people.
_BEHIND = {
    "application/x-msdownload": "chương trình Windows",
    "application/x-elf": "chương trình Linux",
    "application/x-mach-o-executable": "chương trình macOS",
    "application/java-vm": "chương trình Java",
    "application/x-ms-shortcut": "lối tắt Windows (.lnk)",
    "application/vnd.ms-htmlhelp": "tệp trợ giúp CHM",
    "application/vnd.ms-cab-compressed": "tệp nén CAB",
    "application/x-ole-storage": "tệp vỏ OLE",
    "application/x-tar": "tệp nén tar",
    "application/x-iso9660-image": "ảnh đĩa",
    "application/rtf": "văn bản RTF",
    "application/x-sh": "tập lệnh",
    "text/html": "trang web",
    "text/javascript": "tập lệnh JavaScript",
    "text/x-vbscript": "tập lệnh VBScript",
    "text/x-powershell": "tập lệnh PowerShell",
    "text/x-bat": "tập lệnh Windows",
    "text/x-php": "tập lệnh PHP",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def contradictions(path: Path, media_type: str) -> tuple[ActiveContent, ...]:
    """What else a file of this true type is; nothing for types that are refused for what they are, or are text.

    Raises OSError only.
    """
    if media_type == "application/xml":
        told = xml_acts(path.read_bytes())
        return (_polyglot("trong tệp", told),) if told else ()
    if (not media_type.startswith("image/") and media_type not in _OTHERS) or not path.stat().st_size:
        return ()
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        found = dict.fromkeys(_all(data, media_type, path))
    return tuple(found)[:_MOST_FOUND]


def _all(data: mmap.mmap, media_type: str, path: Path) -> Iterator[ActiveContent]:
    yield from _zip(data, media_type, path)
    yield from _other_archives(data)
    yield from _programs(data)
    yield from _pdf(data) if media_type == _PDF else _pdf_in_other(data)
    yield from _markup(data, media_type)
    yield from _behind(data, media_type, path)


def _polyglot(place: str, detail: str) -> ActiveContent:
    return ActiveContent(ActiveKind.POLYGLOT, place, f"tệp đồng thời là {detail}")


def _zip(data: mmap.mmap, media_type: str, path: Path) -> Iterator[ActiveContent]:
    """An archive by the end record that readers look for from behind (APPNOTE 4.3.16)."""
    end = data.rfind(END_SIGNATURE, max(0, len(data) - LONGEST_TAIL))
    if end < 0 or end + END.size > len(data):
        return
    _, _, _, _, entries, size, offset, _ = END.unpack(data[end : end + END.size])
    directory = end - size
    before = directory - offset
    if directory < 0 or before < 0 or not entries or data[directory : directory + 4] != _ENTRY:
        return
    if media_type in _PACKAGES:
        if before > 0:
            yield _polyglot("đầu tệp", "hai tệp nén nối nhau")
        return
    member = before + int.from_bytes(data[directory + 42 : directory + 46], "little")
    if data[member : member + 4] != _MEMBER or _STREAM_END.match(data, end + END.size):
        return
    inside = end_of(data, media_type, path) if data[:8] == _OLE else None
    if inside is None or end > inside:
        yield _polyglot("cuối tệp", "tệp nén ZIP")


def _other_archives(data: mmap.mmap) -> Iterator[ActiveContent]:
    """RAR and 7z, which their programs find behind anything, by the checksum of their first header."""
    for mark in _RAR.finditer(data):
        if _rar_header(data, mark.start(), mark.end()):
            yield _polyglot("trong tệp", "tệp nén RAR")
    for mark in _SEVEN_ZIP.finditer(data):
        start = mark.start()
        checksum = int.from_bytes(data[start + 8 : start + 12], "little")
        if binascii.crc32(data[start + 12 : start + 32]) == checksum:
            yield _polyglot("trong tệp", "tệp nén 7z")


def _rar_header(data: mmap.mmap, start: int, place: int) -> bool:
    if place - start == _RAR5_LENGTH:
        written = int.from_bytes(data[place : place + 4], "little")
        size = data[place + 4]
        return size < 0x80 and binascii.crc32(data[place + 4 : place + 5 + size]) == written  # noqa: PLR2004
    size = int.from_bytes(data[place + 5 : place + 7], "little")
    checksum = binascii.crc32(data[place + 2 : place + size]) & 0xFFFF
    return checksum == int.from_bytes(data[place : place + 2], "little")


def _programs(data: mmap.mmap) -> Iterator[ActiveContent]:
    for mark in _DOS_PROGRAM.finditer(data):
        start = mark.start()
        header = start + int.from_bytes(data[start + 0x3C : start + 0x40], "little")
        if data[header : header + 4] == _PE and int.from_bytes(data[header + 4 : header + 6], "little") in _MACHINES:
            yield ActiveContent(ActiveKind.EXECUTABLE, "trong tệp", "tệp chứa chương trình Windows")
    if _ELF.search(data):
        yield ActiveContent(ActiveKind.EXECUTABLE, "trong tệp", "tệp chứa chương trình Linux")


def _pdf(data: mmap.mmap) -> Iterator[ActiveContent]:
    """Something before the header that another program reads, or a second document behind the first."""
    header = _PDF_HEADER.search(data, 0, _FIRST + 16)
    before = _PRINTER_JOB.sub(b"", data[: header.start()]) if header else b""
    if _BEFORE_PDF.search(before) or (before and _dangerous(before)):
        yield _polyglot("đầu tệp", "trang web, tập lệnh hoặc loại tệp khác đứng trước nội dung PDF")
    if _SECOND_PDF.search(data):
        yield _polyglot("trong tệp", "hai tài liệu PDF nối nhau")


def _pdf_in_other(data: mmap.mmap) -> Iterator[ActiveContent]:
    header = _PDF_HEADER.search(data, 0, _FIRST + 16)
    if header and _PDF_INSIDE.search(data, header.end()) and data.rfind(b"startxref", header.end()) > 0:
        yield _polyglot("đầu tệp", "tài liệu PDF")


def _dangerous(content: bytes) -> str | None:
    """The dangerous type of bytes that stand before or behind a file, as named to people; None for any other."""
    content = content.lstrip(b"\x00\r\n\t ")
    if content.startswith(_OLE):
        return _BEHIND["application/x-ole-storage"]
    media_type = by_signature(content, len(content)) or text_type(content, whole=False) or ""
    return _BEHIND.get(media_type)


def _markup(data: mmap.mmap, media_type: str) -> Iterator[ActiveContent]:
    """Pages and scripts where a browser or a server would take them for such: anywhere in a picture, about a PDF."""
    if media_type == _PDF:
        last = data.rfind(b"%%EOF")
        regions = [(0, _FIRST)] + ([(last, len(data))] if last >= 0 else [])
    elif media_type.startswith("image/") and media_type not in _DRAWINGS:
        regions = [(0, len(data))]
    else:
        return
    for start, end in regions:
        if _MARKUP.search(data, start, end):
            yield _polyglot("trong tệp", "trang web hoặc tập lệnh")
    if _SCRIPT_HEADER.match(data):
        yield _polyglot("đầu tệp", "tập lệnh JavaScript")


_DRAWINGS = frozenset({"image/vnd.dwg", "image/vnd.dxf", "image/vnd.dgn"})


def _behind(data: mmap.mmap, media_type: str, path: Path) -> Iterator[ActiveContent]:
    end = end_of(data, media_type, path)
    if end is None or end >= len(data):
        return
    if told := _dangerous(data[end : end + _TAIL]):
        yield _polyglot("cuối tệp", told)
