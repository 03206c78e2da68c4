"""Compound files, VBA projects, workbooks and documents of the formats before 2007, built from their specifications."""

from __future__ import annotations

import struct
import uuid
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Tree: TypeAlias = Mapping[str, "bytes | Tree"]

SECTOR, MINI, CUTOFF = 512, 64, 4096
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
NO_CLASS = "00000000-0000-0000-0000-000000000000"
PACKAGE = "F20DA720-C02F-11CE-927B-0800095AE340"
EQUATION = "0002CE02-0000-0000-C000-000000000046"
MATHTYPE = "0002CE03-0000-0000-C000-000000000046"
EXCEL = "00020820-0000-0000-C000-000000000046"
WORD = "00020906-0000-0000-C000-000000000046"
FLASH = "D27CDB6E-AE6D-11CF-96B8-444553540000"
BUTTON = "D7053240-CE69-11CD-A777-00DD01143C57"


def compound(tree: Tree, classes: Mapping[str, str] | None = None) -> bytes:
    """A compound file ([MS-CFB] version 3); `classes` gives a class to storages by path, `` is the root."""
    return _Writer(tree, classes or {}).file()


class _Writer:
    def __init__(self, tree: Tree, classes: Mapping[str, str]) -> None:
        self._classes = classes
        self._entries: list[tuple[str, int, int, int, int, str, int, int]] = []
        self._mini = bytearray()
        self._minifat: list[int] = []
        self._sectors: list[bytes] = []
        self._fat: list[int] = []
        self._root(tree)

    def _root(self, tree: Tree) -> None:
        self._entries.append(("Root Entry", 5, FREE, FREE, FREE, self._classes.get("", NO_CLASS), END, 0))
        child = self._children(tree, "")
        start = self._chain(bytes(self._mini)) if self._mini else END
        self._entries[0] = ("Root Entry", 5, FREE, FREE, child, self._classes.get("", NO_CLASS), start, len(self._mini))

    def _children(self, tree: Tree, path: str) -> int:
        """Entries of one storage as a balanced tree; the number of its root."""
        names = sorted(tree, key=lambda name: (len(name), name.upper()))
        numbers = {}
        for name in names:
            numbers[name] = len(self._entries)
            self._entries.append((name, 0, FREE, FREE, FREE, NO_CLASS, 0, 0))
        for name in names:
            content = tree[name]
            if isinstance(content, bytes):
                start = self._chain(content) if len(content) >= CUTOFF else self._mini_chain(content)
                entry = (name, 2, FREE, FREE, FREE, NO_CLASS, start, len(content))
            else:
                below = f"{path}/{name}".strip("/")
                child = self._children(content, below)
                entry = (name, 1, FREE, FREE, child, self._classes.get(below, NO_CLASS), 0, 0)
            self._entries[numbers[name]] = entry
        return self._balanced([numbers[name] for name in names])

    def _balanced(self, numbers: Sequence[int]) -> int:
        if not numbers:
            return FREE
        middle = len(numbers) // 2
        number = numbers[middle]
        name, kind, _, _, child, clsid, start, size = self._entries[number]
        left, right = self._balanced(numbers[:middle]), self._balanced(numbers[middle + 1 :])
        self._entries[number] = (name, kind, left, right, child, clsid, start, size)
        return number

    def _chain(self, content: bytes) -> int:
        first = len(self._sectors)
        for place in range(0, len(content), SECTOR):
            self._sectors.append(content[place : place + SECTOR].ljust(SECTOR, b"\0"))
            self._fat.append(len(self._sectors))
        self._fat[-1] = END
        return first

    def _mini_chain(self, content: bytes) -> int:
        if not content:
            return END
        first = len(self._minifat)
        for place in range(0, len(content), MINI):
            self._mini += content[place : place + MINI].ljust(MINI, b"\0")
            self._minifat.append(len(self._minifat) + 1)
        self._minifat[-1] = END
        return first

    def file(self) -> bytes:
        minifat = b"".join(struct.pack("<I", each) for each in self._minifat)
        minifat_start = self._chain(minifat.ljust(-(-len(minifat) // SECTOR) * SECTOR, b"\xff")) if minifat else END
        directory = b"".join(map(_entry, self._entries))
        directory_start = self._chain(directory.ljust(-(-len(directory) // SECTOR) * SECTOR, b"\0"))
        count = 1
        while count * SECTOR // 4 < len(self._fat) + count:
            count += 1
        fat_start = len(self._fat)
        self._fat += [FAT] * count
        fat = b"".join(struct.pack("<I", each) for each in self._fat).ljust(count * SECTOR, b"\xff")
        header = struct.pack(
            "<8s16sHHHHH6sIIIIIIIII",
            *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6, bytes(6), 0, count),
            *(directory_start, 0, CUTOFF, minifat_start, -(-len(minifat) // SECTOR), END, 0),
        )
        header += b"".join(struct.pack("<I", fat_start + each if each < count else FREE) for each in range(109))
        return header + b"".join(self._sectors) + fat


def _entry(entry: tuple[str, int, int, int, int, str, int, int]) -> bytes:
    name, kind, left, right, child, clsid, start, size = entry
    letters = name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII16sI16sIII",
        *(letters.ljust(64, b"\0"), len(letters), kind, 1, left, right, child),
        *(uuid.UUID(clsid).bytes_le, 0, bytes(16), start, size, 0),
    )


def packed(text: bytes) -> bytes:
    """Text packed after [MS-OVBA] 2.4.1, without looking for repetitions."""
    out = bytearray(b"\x01")
    whole = len(text) // 4096 * 4096
    for place in range(0, whole, 4096):
        out += struct.pack("<H", 0x3FFF) + text[place : place + 4096]
    for place in range(whole, len(text), 3000):
        chunk = text[place : min(place + 3000, len(text))]
        tokens = b"".join(b"\0" + chunk[at : at + 8] for at in range(0, len(chunk), 8))
        out += struct.pack("<H", 0xB000 | len(tokens) + 2 - 3) + tokens
    return bytes(out)


def module_source(name: str, code: str) -> bytes:
    return f'Attribute VB_Name = "{name}"\r\n{code}'.replace("\n", "\r\n").replace("\r\r", "\r").encode("cp1258")


def compiled(lines: int) -> bytes:
    """The cache of compiled code ahead of the source, with a table of so many lines."""
    table = b"".join(struct.pack("<IHHI", 0, 12, 0, 16 * line) for line in range(lines))
    return (
        b"\x01\x16\x03\x00\x06\x00"
        + bytes(60)
        + b"\xfe\xca\x01\x00"
        + struct.pack("<H", lines)
        + table
        + bytes(10 + 16 * lines)
    )


def vba_project(
    modules: Mapping[str, str],
    *,
    cache: bytes = b"\x01\x16\x03\x00\x00\x00",
    sources: Mapping[str, bytes] | None = None,
) -> dict[str, bytes | Tree]:
    """A VBA project: the storage `VBA` with its modules, and `PROJECT`. `sources` replaces packed sources."""
    names = list(modules)
    declared = "".join(f"Module={name}\r\n" for name in names)
    project = f'ID="{{00000000-0000-0000-0000-000000000000}}"\r\n{declared}Name="Project"\r\n'
    storage: dict[str, bytes] = {
        "dir": packed(_directory(names, len(cache))),
        "_VBA_PROJECT": b"\xcc\x61\xb2\x00\x00\x01\x00\xff" + bytes(8),
    }
    for name, code in modules.items():
        source = (sources or {}).get(name, packed(module_source(name, code)))
        storage[name] = cache + source
    return {"VBA": storage, "PROJECT": project.encode(), "PROJECTwm": b""}


def vba_bin(modules: Mapping[str, str], **more: object) -> bytes:
    """The part vbaProject.bin of a document since 2007."""
    return compound(vba_project(modules, **more))  # type: ignore[arg-type]


def _directory(names: Sequence[str], offset: int) -> bytes:
    """The stream `dir` ([MS-OVBA] 2.3.4.2)."""

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HI", kind, len(data)) + data

    out = (
        record(0x01, struct.pack("<I", 1))
        + record(0x02, struct.pack("<I", 0x409))
        + record(0x14, struct.pack("<I", 0x409))
    )
    out += record(0x03, struct.pack("<H", 1258)) + record(0x04, b"Project") + record(0x05, b"") + record(0x40, b"")
    out += record(0x06, b"") + record(0x3D, b"") + record(0x07, bytes(4)) + record(0x08, bytes(4))
    out += struct.pack("<HIIH", 0x09, 4, 1, 1) + record(0x0C, b"") + record(0x3C, b"")
    out += record(0x0F, struct.pack("<H", len(names))) + record(0x13, b"\xff\xff")
    for name in names:
        letters, wide = name.encode("cp1258"), name.encode("utf-16-le")
        out += record(0x19, letters) + record(0x47, wide) + record(0x1A, letters) + record(0x32, wide)
        out += record(0x1C, b"") + record(0x48, b"") + record(0x31, struct.pack("<I", offset))
        out += record(0x1E, bytes(4)) + record(0x2C, b"\xff\xff") + record(0x21, b"") + record(0x2B, b"")
    return out + record(0x10, b"")


def word(
    text: str, more: Tree | None = None, classes: Mapping[str, str] | None = None, *, template: str = "Normal.dot"
) -> bytes:
    """A Word 97 document with this text and attached template; field marks are \\x13, \\x14, \\x15."""
    body = text.replace("\n", "\r").encode("utf-16-le")
    start = 0x800
    count = len(body) // 2
    pieces = struct.pack("<II", 0, count) + struct.pack("<HIH", 0, start, 0)
    clx = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    fib = bytearray(start)
    struct.pack_into("<HHHHHH", fib, 0, 0xA5EC, 0xC1, 0, 0x42A, 0, 0x1200)
    struct.pack_into("<HHHHHHH", fib, 0x0C, 0xBF, 0, 0, 0, 0, 0, 0)
    struct.pack_into("<II", fib, 0x18, start, start + len(body))
    struct.pack_into("<H", fib, 0x20, 14)
    struct.pack_into("<H", fib, 0x3E, 22)
    struct.pack_into("<II", fib, 0x40, start + len(body), 0)
    struct.pack_into("<I", fib, 0x4C, count)
    struct.pack_into("<H", fib, 0x98, 93)
    names = struct.pack("<HHHH", 0xFFFF, 2, 0, 0) + struct.pack("<H", len(template)) + template.encode("utf-16-le")
    struct.pack_into("<II", fib, 0x19A, len(clx), len(names))
    struct.pack_into("<II", fib, 0x1A2, 0, len(clx))
    document = (bytes(fib) + body).ljust(CUTOFF, b"\0")
    tree: dict[str, bytes | Tree] = {
        "WordDocument": document,
        "1Table": (clx + names).ljust(CUTOFF, b"\0"),
        **(more or {}),
    }
    return compound(tree, {"": WORD, **(classes or {})})


def record(kind: int, data: bytes) -> bytes:
    """A record of BIFF."""
    return struct.pack("<HH", kind, len(data)) + data


def bof(kind: int, version: int = 0x0600) -> bytes:
    """The beginning of a substream: 5 the workbook, 0x10 a sheet, 0x40 a macro sheet."""
    return record(0x0809, struct.pack("<HHHHII", version, kind, 0x0DBB, 0x07CC, 0, 6))


def sheet_name(name: str, *, macro: bool = False, hidden: int = 0, place: int = 0) -> bytes:
    letters = name.encode("latin-1")
    return record(0x85, struct.pack("<IBBBB", place, hidden, 1 if macro else 0, len(letters), 0) + letters)


def workbook(records: bytes, sheets: bytes = b"", more: Tree | None = None, *, macro: bool = False) -> bytes:
    """An Excel 97 workbook with these records in its globals."""
    end = record(0x0A, b"")
    stream = (
        bof(5) + record(0x42, struct.pack("<H", 1200)) + records + end + (sheets or bof(0x40 if macro else 0x10) + end)
    )
    return compound({"Workbook": stream.ljust(CUTOFF, b"\0"), **(more or {})}, {"": EXCEL})


def native(name: str, content: bytes, path: str = "C:\\Users\\a\\") -> bytes:
    """A stream Ole10Native with a file in it."""
    body = struct.pack("<H", 2) + name.encode("cp1258") + b"\0" + (path + name).encode("cp1258") + b"\0"
    temporary = (path + name).encode("cp1258") + b"\0"
    body += (
        struct.pack("<HH", 0, 3)
        + struct.pack("<I", len(temporary))
        + temporary
        + struct.pack("<I", len(content))
        + content
    )
    return struct.pack("<I", len(body)) + body


def com_object(program_id: str, title: str = "Object") -> bytes:
    """A stream CompObj with a program's identifier."""

    def ansi(text: str) -> bytes:
        letters = text.encode("latin-1") + b"\0"
        return struct.pack("<I", len(letters)) + letters

    return bytes(28) + ansi(title) + ansi("") + ansi(program_id)


def package(name: str, content: bytes) -> bytes:
    """An embedded Package as the part of a document since 2007."""
    return compound({"\x01Ole10Native": native(name, content), "\x01CompObj": com_object("Package")}, {"": PACKAGE})


def equation(formula: bytes) -> bytes:
    """A stream `Equation Native` with this formula after its header (MTEF 3)."""
    mtef = b"\x03\x01\x01\x03\x0a" + formula
    return struct.pack("<HIHI4I", 28, 0x20000, 0xC2D3, len(mtef), 0, 0, 0, 0) + mtef


ORDINARY_FORMULA = b"\x0a\x01\x02\x83x\x00\x02\x86=\x00\x02\x88" + b"1\x00\x00\x00"
OVERLONG_FONT = b"\x0a\x01\x08\x5a\x5a" + b"cmd.exe /c calc.exe".ljust(60, b"A") + b"\x12\x0c\x43\x00\x00"
