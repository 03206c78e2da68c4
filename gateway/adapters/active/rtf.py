"""RTF: objects and the shapes that only exploits of its readers have."""

from __future__ import annotations

import re
import warnings
from itertools import islice
from typing import Any

from gateway.adapters.active.compound import SIGNATURE as OLE
from gateway.adapters.active.compound import examine_compound
from gateway.adapters.active.embedded import examine_native
from gateway.adapters.active.finds import Finds
from gateway.adapters.active.links import Reach, reach_of
from gateway.adapters.active.programs import program
from gateway.adapters.active.word_fields import examine_field
from gateway.model.facts import ActiveKind

LARGEST_READ = 40_000_000
LONGEST_GROUP = 4_000
MOST_OBJECTS, MOST_FIELDS = 500, 5_000
MOST_FONTS = 5_000
_BEGINS = re.compile(rb"\s*\{\\rt", re.IGNORECASE)
_HEADER = re.compile(rb"\s*\{\\rtf[0-9]")
_DATA = re.compile(rb"\\objdata(?![a-z])", re.IGNORECASE)
_INSIDE_DATA = re.compile(rb"\\(?:[a-zA-Z]|'|\*|bin)|[{]")
_UPDATE = re.compile(rb"\\objupdate(?![a-z])")
_TEMPLATE = re.compile(rb"\\template(?![a-z])([^{}]{0,4000})")
_INSTRUCTION = re.compile(rb"\\fldinst(?![a-z])")
_OVERRIDES = re.compile(rb"\\listoverridecount([0-9]{1,9})")
_FRAGMENTS = re.compile(
    rb"pFragments[\s\\{}a-z*]{0,200}\\sv[\s{]*[0-9]{1,6};[0-9]{1,6};[\s0-9A-Fa-f]{17,}", re.IGNORECASE
)
_FONT = re.compile(rb"\{\\f[0-9]")
_LONG_WORD = re.compile(rb"\\[a-zA-Z]{60,}")
_LETTER = re.compile(
    rb"\\u(-?[0-9]{1,6}) ?\??|\\'([0-9a-fA-F]{2})|\\[a-zA-Z]{1,32}-?[0-9]{0,10} ?|\\([\\{}~_*-])|[\r\n]"
)
_USUAL_OVERRIDES = frozenset({0, 1, 9})
_OBFUSCATED = 3
_LOADERS = (
    b"otkloadr",
    b"mscomctl",
    b"oleshell",
    b"htmlfile",
    b"scriptlet",
    b"urlmoniker",
    b"ole2link",
    b"packager shell",
)


def is_rtf(content: bytes) -> bool:
    """Whether readers take the file for RTF, which needs less than its header."""
    return _BEGINS.match(content[:200]) is not None


def examine_rtf(content: bytes, place: str, finds: Finds) -> None:
    """Judge a file in RTF."""
    where = place or "văn bản RTF"
    if _HEADER.match(content[:200]) is None:
        finds.add(ActiveKind.RTF_EXPLOIT, where, "đầu tệp RTF bất thường")
    _shapes(content, where, finds)
    for match in _TEMPLATE.finditer(content):
        target = plain_text(match[1]).strip()
        if reach_of(target) is not Reach.LOCAL:
            finds.add(ActiveKind.EXTERNAL_TEMPLATE, where, target)
    for match in islice(_INSTRUCTION.finditer(content), MOST_FIELDS):
        examine_field(plain_text(_group_after(content, match.end())), where, finds)
    if _DATA.search(content):
        _objects(content, where, finds)


def _shapes(content: bytes, place: str, finds: Finds) -> None:
    objects = list(_DATA.finditer(content))
    if objects and _UPDATE.search(content):
        finds.add(ActiveKind.RTF_EXPLOIT, place, "đối tượng tự cập nhật khi mở (objupdate)")
    for match in objects[:MOST_OBJECTS]:
        if len(_INSIDE_DATA.findall(_group_after(content, match.end()))) >= _OBFUSCATED:
            finds.add(ActiveKind.RTF_EXPLOIT, place, "dữ liệu đối tượng bị làm rối")
    if any(int(match[1]) not in _USUAL_OVERRIDES for match in _OVERRIDES.finditer(content)):
        finds.add(ActiveKind.RTF_EXPLOIT, place, "listoverridecount bất thường")
    if _FRAGMENTS.search(content):
        finds.add(ActiveKind.RTF_EXPLOIT, place, "pFragments quá dài")
    if sum(1 for _ in _FONT.finditer(content)) > MOST_FONTS:
        finds.add(ActiveKind.RTF_EXPLOIT, place, "bảng phông chữ quá lớn")
    if _LONG_WORD.search(content):
        finds.add(ActiveKind.RTF_EXPLOIT, place, "từ điều khiển quá dài")


def _objects(content: bytes, place: str, finds: Finds) -> None:
    if len(content) > LARGEST_READ or sum(1 for _ in _DATA.finditer(content)) > MOST_OBJECTS:
        finds.could_not_read("đối tượng trong văn bản RTF quá lớn hoặc quá nhiều")
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from oletools.rtfobj import RtfObjParser
    parser = RtfObjParser(content)
    parser.parse()
    for each in parser.objects:
        _object(each, place, finds)


def _object(each: Any, place: str, finds: Finds) -> None:
    """One object by its class, its bytes and whether they are an object at all."""
    raw: bytes = each.rawdata or b""
    name = (each.class_name or b"").rstrip(b"\0")
    lower = name.lower()
    shown = name.decode("latin-1")
    data: bytes = each.oledata or b""
    if b"equation" in lower or b"equation native" in raw.lower() or _utf16("Equation Native") in raw:
        finds.add(ActiveKind.EQUATION, place, shown or "Equation")
        return
    if any(loader in raw.lower() for loader in _LOADERS):
        finds.add(ActiveKind.RTF_EXPLOIT, place, f"đối tượng {shown or 'không tên'}")
    if each.is_package:
        examine_native(b"\0\0\0\0" + data, place, finds)
    elif each.is_ole and data.startswith(OLE):
        examine_compound(data, place, finds, as_object=True)
    elif each.is_ole and data:
        what = program(data)
        finds.add(ActiveKind.EXECUTABLE if what else ActiveKind.OLE_PACKAGE, place, what or shown)
    elif OLE in raw:
        finds.add(ActiveKind.RTF_EXPLOIT, place, "đối tượng có phần đầu bất thường")
        examine_compound(raw[raw.index(OLE) :], place, finds, as_object=True)
    else:
        finds.add(ActiveKind.RTF_EXPLOIT, place, "dữ liệu đối tượng không đọc được")


def plain_text(content: bytes) -> str:
    """Letters of a piece of RTF: escapes written out, control words and groups left out."""
    letters = _LETTER.sub(_letter, content.replace(b"{", b"").replace(b"}", b""))
    return letters.decode("utf-8", "replace")


def _letter(match: re.Match[bytes]) -> bytes:
    if match[1] is not None:
        return chr(int(match[1]) % 0x10000).encode("utf-8", "replace")
    if match[2] is not None:
        return bytes([int(match[2], 16)]).decode("latin-1").encode()
    return match[3] or b""


def _group_after(content: bytes, place: int) -> bytes:
    """What follows up to the end of the group that `place` is in."""
    depth = 0
    for match in re.finditer(rb"\\[\x00-\xff]|[{}]", content[place : place + LONGEST_GROUP]):
        if match[0] == b"{":
            depth += 1
        elif match[0] == b"}":
            depth -= 1
            if depth < 0:
                return content[place : place + match.start()]
    return content[place : place + LONGEST_GROUP]


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")
