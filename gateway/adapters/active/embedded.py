"""Objects embedded in documents ([MS-OLEDS]): which application's they are, and what a package carries."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from gateway.adapters.active.equation import ordinary_equation
from gateway.adapters.active.finds import Finds
from gateway.adapters.active.programs import program
from gateway.model.facts import ActiveKind

NATIVE = "\x01ole10native"
LONGEST_NAME = 1_000
_LINK_FLAGS = 4
_COM_OBJECT = "\x01compobj"
_OLE_LINK = "\x01ole"
_PACKAGES = frozenset({"F20DA720-C02F-11CE-927B-0800095AE340", "0003000C-0000-0000-C000-000000000046"})
_EQUATION = frozenset({"0002CE02-0000-0000-C000-000000000046", "00021700-0000-0000-C000-000000000046"})
_APPLICATIONS = {
    "0002CE03-0000-0000-C000-000000000046": "công thức MathType",
    "00030003-0000-0000-C000-000000000046": "Word",
    "00030007-0000-0000-C000-000000000046": "hình Paint",
    "0003000A-0000-0000-C000-000000000046": "hình Paint",
    "D3E34B21-9D75-101A-8C3D-00AA001A1652": "hình Paint",
    "000212F0-0000-0000-C000-000000000046": "chữ WordArt",
    "00020801-0000-0000-C000-000000000046": "biểu đồ Microsoft Graph",
    "00020803-0000-0000-C000-000000000046": "biểu đồ Microsoft Graph",
    "00020820-0000-0000-C000-000000000046": "bảng tính Excel",
    "00020821-0000-0000-C000-000000000046": "biểu đồ Excel",
    "00020830-0000-0000-C000-000000000046": "bảng tính Excel",
    "00020832-0000-0000-C000-000000000046": "bảng tính Excel",
    "00020906-0000-0000-C000-000000000046": "văn bản Word",
    "00020907-0000-0000-C000-000000000046": "hình Word",
    "F4754C9B-64F5-4B40-8AF4-679732AC0607": "văn bản Word",
    "64818D10-4F9B-11CF-86EA-00AA00B929E8": "bài trình chiếu PowerPoint",
    "64818D11-4F9B-11CF-86EA-00AA00B929E8": "trang trình chiếu PowerPoint",
    "CF4F55F4-8F87-4D47-80BB-5808164BB3F8": "bài trình chiếu PowerPoint",
    "00021A14-0000-0000-C000-000000000046": "bản vẽ Visio",
    "00021A13-0000-0000-C000-000000000046": "bản vẽ Visio",
    "00021A15-0000-0000-C000-000000000046": "bản vẽ Visio",
    "B801CA65-A1FC-11D0-85AD-444553540000": "tài liệu PDF",
    "B80A1C65-A1FC-11D0-85AD-444553540000": "tài liệu PDF",
    "6A221957-2D85-42A7-8E19-BE33950D1DEB": "bản vẽ AutoCAD",
    "6A70D5A1-5C1E-11D2-9D8F-0060B0E5B5C8": "bản vẽ AutoCAD",
}
_BY_STREAM = {
    "worddocument": "văn bản Word",
    "workbook": "bảng tính Excel",
    "book": "bảng tính Excel",
    "powerpoint document": "bài trình chiếu PowerPoint",
    "visiodocument": "bản vẽ Visio",
    "embeddedodf": "tài liệu OpenDocument",
}
_CONTROL_STREAMS = frozenset({"\x03ocxname", "\x03ocxdata", "ocxname", "ocxdata"})
_CONTROLS = re.compile(
    r"Forms\.|ShockwaveFlash|MSComctl|Shell\.Explorer|WMPlayer|MSCAL|InkPicture|OWC\d|Scriptlet|htmlfile|InternetExplorer",
    re.IGNORECASE,
)
_CONTROL_CLASSES = frozenset(
    {
        "D27CDB6E-AE6D-11CF-96B8-444553540000",
        "8856F961-340A-11D0-A96B-00C04FD705A2",
        "EAB22AC3-30C1-11CF-A7EB-0000C05BAE0B",
        "3050F4D8-98B5-11CF-BB82-00AA00BDCE0B",
        "25336920-03F9-11CF-8FD0-00AA00686F13",
        "06290BD3-48AA-11D2-8432-006008C3FBFC",
        "AE24FDAE-03C6-11D1-8B76-0080C744F389",
        "ECABB0C7-7F19-11D2-978E-0000F8757E2A",
        "0002E546-0000-0000-C000-000000000046",
        "996BF5E0-8044-4650-ADEB-0B013914E99C",
    }
)
_CONTROL_FAMILY = re.compile(r"[0-9A-F]{8}-(?:1[0-9A-F]{3}-11CE|11CF-11D0)-", re.IGNORECASE)
_URL_MONIKER = bytes.fromhex("e0c9ea79f9bace118c8200aa004ba90b")
_SCRIPT_MONIKERS = (
    bytes.fromhex("c7b0abec197fd211978e0000f8757e2a"),
    bytes.fromhex("d3 0b 29 06 aa 48 d2 11 84 32 00 60 08 c3 fb fc".replace(" ", "")),
)
_FILE_MONIKER = bytes.fromhex("0303000000000000c000000000000046")
_REMOTE = re.compile(rb"(?:h\0?t\0?t\0?p\0?s?\0?|f\0?t\0?p\0?):\0?/\0?/\0?|\\\0\\\0[\w.]", re.IGNORECASE)
_NAMES = re.compile(rb"[\x20-\xff]{1,260}")


@dataclass(frozen=True, slots=True)
class Native:
    """A file in an Ole10Native stream: the name under which it opens, and its bytes."""

    name: str
    content: bytes


def examine_object(streams: Mapping[str, bytes], clsid: str, place: str, finds: Finds) -> None:
    """Judge one embedded object by its streams (names in lower case) and the class of its storage."""
    program_id = _program_id(streams.get(_COM_OBJECT, b""))
    native = streams.get(NATIVE)
    link = streams.get(_OLE_LINK, b"")
    if _links(link, place, program_id, finds):
        return
    if clsid in _EQUATION or program_id.lower().startswith("equation.3") or program_id == "Equation.2":
        _equation(streams, place, finds)
    elif clsid in _CONTROL_CLASSES or _CONTROL_STREAMS & set(streams) or _CONTROLS.match(program_id) or _is_form(clsid):
        finds.add(ActiveKind.ACTIVEX, place, program_id or clsid)
    elif native is not None and (clsid in _PACKAGES or clsid not in _APPLICATIONS):
        examine_native(native, place, finds)
    else:
        _application(streams, clsid, program_id, place, finds)


def _application(streams: Mapping[str, bytes], clsid: str, program_id: str, place: str, finds: Finds) -> None:
    """The document of an application, whose own content is examined as a file of its own where it is one."""
    known = _APPLICATIONS.get(clsid) or next((what for name, what in _BY_STREAM.items() if name in streams), "")
    if "equation native" in streams and not known:
        known = "công thức MathType" if program_id.startswith("Equation.DSMT") else ""
    for name in ("package", "contents", NATIVE):
        content = streams.get(name, b"")
        if content.startswith((b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"{\\rt")):
            known = known or ("tài liệu Office" if content.startswith(b"PK") else "tài liệu")
            finds.inside(content, place)
    if clsid in _PACKAGES or not known:
        finds.add(ActiveKind.OLE_PACKAGE, place, program_id or f"lớp {clsid or 'không rõ'}")
    else:
        finds.add(ActiveKind.OLE_OBJECT, place, known)


def examine_native(stream: bytes, place: str, finds: Finds) -> None:
    """Judge the file in an Ole10Native stream, or in what claims to be one."""
    native = native_file(stream)
    examine_file(native.content, native.name, place, finds)


def examine_file(content: bytes, name: str, place: str, finds: Finds) -> None:
    """Judge a file of any kind that a document carries for opening."""
    what = program(content, name)
    if what:
        finds.add(ActiveKind.EXECUTABLE, place, f"{name or 'tệp không tên'} ({what})")
        return
    finds.add(ActiveKind.OLE_PACKAGE, place, name or "tệp không tên")
    finds.inside(content, name or place)


def native_file(stream: bytes) -> Native:
    """The file of an Ole10Native stream ([MS-OLEDS] 2.3.6); the whole stream without a name where it has no header.

    Of the names in it the one that most looks like a program's counts: which of them opens is up to the version.
    """
    place, names = 6, []
    for part in range(3):
        end = stream.find(b"\0", place)
        if end < 0 or end - place > LONGEST_NAME:
            return Native("", stream[4:])
        names.append(stream[place:end].decode("cp1258", "replace"))
        place = end + 1 + (8 if part == 1 else 0)
    if place + 4 > len(stream):
        return Native(_base(names[0]), b"")
    (size,) = struct.unpack_from("<I", stream, place)
    content = stream[place + 4 : place + 4 + size]
    named = next((name for name in names if program(b"", _base(name))), names[0] or names[1])
    return Native(_base(named), content)


def _base(name: str) -> str:
    return re.split(r"[\\/]", name)[-1]


def _links(ole: bytes, place: str, program_id: str, finds: Finds) -> bool:
    """Whether the object is only a link, told by its `\\x01Ole` stream and the monikers in it."""
    if any(moniker in ole for moniker in _SCRIPT_MONIKERS):
        finds.add(ActiveKind.EXECUTABLE, place, "liên kết chạy tập lệnh")
        return True
    if _URL_MONIKER in ole or _REMOTE.search(ole):
        finds.add(ActiveKind.EXTERNAL_TEMPLATE, place, f"đối tượng liên kết ra ngoài {_address(ole)}")
        return True
    if len(ole) > _LINK_FLAGS and ole[_LINK_FLAGS] & 1 and _FILE_MONIKER in ole:
        finds.add(ActiveKind.WORKBOOK_LINK, place, f"đối tượng liên kết {program_id}")
        return True
    return False


def _address(ole: bytes) -> str:
    match = _REMOTE.search(ole)
    if match is None:
        return ""
    wide = b"\0" in match[0]
    rest = ole[match.start() : match.start() + 400]
    text = rest.decode("utf-16-le" if wide else "latin-1", "replace")
    return text.partition("\0")[0]


def _equation(streams: Mapping[str, bytes], place: str, finds: Finds) -> None:
    native = streams.get("equation native")
    if native is not None and NATIVE not in streams and ordinary_equation(native):
        finds.add(ActiveKind.OLE_OBJECT, place, "công thức Equation 3.0")
    else:
        finds.add(ActiveKind.EQUATION, place, "Equation 3.0 có cấu trúc bất thường")


def _program_id(com_object: bytes) -> str:
    """The last string of a CompObj stream, which is the program's identifier; empty where there is none."""
    place, found = 28, ""
    for _ in range(3):
        if place + 4 > len(com_object):
            break
        (size,) = struct.unpack_from("<I", com_object, place)
        if size > LONGEST_NAME:
            break
        found = com_object[place + 4 : place + 4 + size].partition(b"\0")[0].decode("latin-1")
        place += 4 + size
    return found if re.fullmatch(r"[\x20-\x7e]{1,100}", found) else ""


def _is_form(clsid: str) -> bool:
    """Classes of Microsoft Forms 2.0 (buttons, boxes), which all look alike."""
    return _CONTROL_FAMILY.match(clsid) is not None or clsid.startswith(("978C9E23", "D7053240"))
