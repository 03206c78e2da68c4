"""Workbooks of Excel 5 to 2003 ([MS-XLS]): macro sheets, names that start them, and links, by their records."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.adapters.active.finds import Finds
from gateway.adapters.active.links import Reach, reach_of
from gateway.model.facts import ActiveKind

_BOF = frozenset({0x0009, 0x0209, 0x0409, 0x0809})
_SHEET, _NAME, _BOOK, _EXTERNAL_NAME, _EXTERNAL_SHEET, _LOCKED, _CONTINUE = 0x85, 0x18, 0x1AE, 0x23, 0x17, 0x2F, 0x3C
_OLD_BOF = 0x0809
_MACRO_SHEET = 0x0040
_SHEET_OF_MACROS = 1
_HIDDEN = {0: "", 1: " ẩn", 2: " ẩn sâu"}
_BUILT_IN, _OLE = 0x20, 0x10
_STARTING = {0x01: "Auto_Open", 0x02: "Auto_Close", 0x0A: "Auto_Activate", 0x0B: "Auto_Deactivate"}
_SELF, _ADD_IN = 0x0401, 0x3A01
_DDE_MARK = "\x03"
_SHEET_HEAD, _NAME_HEAD, _BOOK_HEAD = 6, 14, 4
_MOST_RECORDS = 5_000_000


def examine_workbook(stream: bytes, finds: Finds) -> None:
    """Judge the stream `Workbook` (BIFF8) or `Book` (BIFF5)."""
    old = True
    macros: list[str] = []
    starting: list[str] = []
    links: list[str] = []
    for kind, data in _records(stream):
        if kind in _BOF:
            old = old and data[:2] != b"\x00\x06"
            if data[2:4] == _MACRO_SHEET.to_bytes(2, "little"):
                macros.append("trang macro Excel 4")
        elif kind == _SHEET and len(data) > _SHEET_HEAD and data[5] == _SHEET_OF_MACROS:
            macros.append(f"trang macro{_HIDDEN.get(data[4] & 3, '')} “{_string(data[6:], old=old)}”")
        elif kind == _NAME:
            starting.extend(_starting(data, old=old))
        elif kind == _BOOK and not old:
            _book(data, finds, links)
        elif kind == _EXTERNAL_SHEET and old:
            _old_link(data, finds, links)
        elif kind == _EXTERNAL_NAME and links:
            ole = bool(data[:1]) and bool(data[0] & _OLE)
            finds.add(ActiveKind.WORKBOOK_LINK if ole else ActiveKind.DDE, "liên kết bảng tính", links.pop())
        elif kind == _LOCKED:
            finds.could_not_read("bảng tính đặt mật khẩu")
    for link in links:
        finds.add(ActiveKind.DDE, "liên kết bảng tính", link)
    for macro in dict.fromkeys(macros[::-1]):
        told = f"{macro}; tự chạy: {', '.join(dict.fromkeys(starting))}" if starting else macro
        finds.add(ActiveKind.XLM_MACRO, "bảng tính", told)


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    for _ in range(_MOST_RECORDS):
        if place + 4 > len(stream):
            return
        kind = int.from_bytes(stream[place : place + 2], "little")
        size = int.from_bytes(stream[place + 2 : place + 4], "little")
        yield kind, stream[place + 4 : place + 4 + size]
        place += 4 + size


def _starting(name: bytes, *, old: bool) -> list[str]:
    """What a defined name starts: built-in ones by their code, others by their letters."""
    if len(name) <= _NAME_HEAD:
        return []
    text = name[_NAME_HEAD:] if old else name[_NAME_HEAD + 1 :]
    if name[0] & _BUILT_IN and text[:1] and text[0] in _STARTING:
        return [_STARTING[text[0]]]
    letters = text[: name[3] * 2].replace(b"\0", b"").decode("latin-1")
    return [letters[:30]] if letters.lower().startswith(("auto_open", "auto_close", "auto_activate")) else []


def _book(data: bytes, finds: Finds, links: list[str]) -> None:
    """A SUPBOOK: another workbook, or a DDE or OLE link, which its first name will tell apart."""
    if len(data) <= _BOOK_HEAD or int.from_bytes(data[2:4], "little") in (_SELF, _ADD_IN):
        return
    target = _wide(data[2:])
    if _DDE_MARK in target and not target.startswith(("\x00", "\x01", "\x02")):
        links.append(target.replace(_DDE_MARK, "|"))
        return
    path = _path(target)
    if path:
        remote = reach_of(path) is not Reach.LOCAL and not path.startswith("\\\\")
        finds.add(ActiveKind.EXTERNAL_LINK if remote else ActiveKind.WORKBOOK_LINK, "liên kết bảng tính", path)


def _old_link(data: bytes, finds: Finds, links: list[str]) -> None:
    """An EXTERNSHEET of BIFF5: an encoded path, or service and topic."""
    target = data[1 : 1 + data[0]].decode("latin-1") if data else ""
    if _DDE_MARK in target[1:] and target[:1] not in "\x00\x01\x02\x03":
        links.append(target.replace(_DDE_MARK, "|"))
    elif target.startswith("\x01") and "[" in target:
        finds.add(ActiveKind.WORKBOOK_LINK, "liên kết bảng tính", _path(target))


def _path(encoded: str) -> str:
    """A path as people read it ([MS-XLS] 2.5.277): its signs for drive, share and folder put back."""
    if not encoded.startswith("\x01"):
        return "" if encoded[:1] in ("\x00", "\x02", " ") else encoded
    encoded = encoded[1:].replace("\x01@", "\\\\")
    if encoded[:1] == "\x01":
        encoded = f"{encoded[1:2]}:\\{encoded[2:]}"
    if encoded[:1] == "\x05":
        encoded = encoded[2:]
    return encoded.replace("\x02", "\\").replace("\x03", "\\").replace("\x04", "..\\").strip("\x06\x07\x08")


def _wide(data: bytes) -> str:
    """An XLUnicodeString: count of letters, flags, letters of one byte or two."""
    count = int.from_bytes(data[:2], "little")
    wide = data[2:3] and data[2] & 1
    return data[3 : 3 + 2 * count].decode("utf-16-le", "replace") if wide else data[3 : 3 + count].decode("latin-1")


def _string(data: bytes, *, old: bool) -> str:
    """A short string: a count of letters in one byte, flags unless `old`."""
    count = data[0]
    if old:
        return data[1 : 1 + count].decode("latin-1")
    wide = len(data) > 1 and data[1] & 1
    return data[2 : 2 + 2 * count].decode("utf-16-le", "replace") if wide else data[2 : 2 + count].decode("latin-1")
