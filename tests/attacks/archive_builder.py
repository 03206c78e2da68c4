"""Archives byte by byte: honest, locked, and such as no packer would make."""

from __future__ import annotations

import binascii
import io
import struct
import tarfile
import zipfile
from collections.abc import Mapping

_TIME = (2020, 1, 1, 0, 0, 0)

# One file `a.txt` with the words `van ban`, packed by 7-Zip: openly, under a password, with its directory under it too.
SEVEN_ZIP = bytes.fromhex(
    "377abcaf271c000462aab8420b00000000000000520000000000000086101ea901000676616e2062616e000104060001090b00070b01000121"
    "2101000c0700080a017589f3ca00000501190c000000000000000000000000110d0061002e007400780074000000140a0100a6eb3948e87add"
    "01150601002080a4810000"
)
SEVEN_ZIP_LOCKED = bytes.fromhex(
    "377abcaf271c00048d60658510000000000000006200000000000000e094c6d3cb830d52dc393d9beb7b6375ec49effc010406000109100007"
    "0b0100022406f1070112530f6b760018db9c7081920a977c5403382c2121010001000c0b0700080a017589f3ca00000501190100110d006100"
    "2e007400780074000000140a0100a6eb3948e87add01150601002080a4810000"
)
SEVEN_ZIP_SEALED = bytes.fromhex(
    "377abcaf271c000495ea148980000000000000002e000000000000006327b4d83a5cd90f0531fb5478b843d944219cae97e081309d89c5ba77"
    "0fe8776d8cc1b0675b74ee1a3b12651ad6f69c263d6402b9217582f4a7319838e9d70856a95f04567ac9a9fa1df0509cc7ba6a5ee126d31be0"
    "b8ac6a679dc8dc7744a6d73d7f3590e80d7338f44bec6dc77c01ef598dd14951d58ad2590022e21c2110d0b920d717061001097000070b0100"
    "012406f1070112530ffa6877e0a15c223d371bf7b33ac6eb580c620a0143d6288a0000"
)


def zipped(
    files: Mapping[str, bytes], *, flags: int = 0, method: int = zipfile.ZIP_DEFLATED, attributes: int = 0
) -> bytes:
    """A ZIP archive; `flags` are set in every header, `attributes` are Unix's, of every member."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, _TIME)
            info.create_system = 3
            info.external_attr = attributes << 16
            info.compress_type = method
            archive.writestr(info, content)
    made = bytearray(target.getvalue())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = made.find(signature)
        while flags and at >= 0:
            made[at + place] |= flags
            at = made.find(signature, at + 4)
    return bytes(made)


def raw_name_zip(name: bytes, content: bytes, *, extra: bytes = b"") -> bytes:
    """A ZIP archive with one stored file whose name is these bytes, of no known code."""
    fields = (binascii.crc32(content), len(content), len(content), len(name), len(extra))
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 0x5021, *fields) + name + extra
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0x5021, *fields, 0, 0, 0, 0, 0) + name + extra
    body = local + content
    return body + entry + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(entry), len(body), 0)


def unicode_path(name: bytes, unicode_name: str) -> bytes:
    """The Info-ZIP field that gives a name in Unicode beside the one in bytes."""
    field = b"\x01" + struct.pack("<I", binascii.crc32(name)) + unicode_name.encode()
    return struct.pack("<HH", 0x7075, len(field)) + field


def overlapping(copies: int) -> bytes:
    """A ZIP archive in which many entries share the bytes of one member that grows."""
    single = zipped({"0.txt": bytes(900_000)})
    directory = single.index(b"PK\x01\x02")
    end = single.rindex(b"PK\x05\x06")
    entry = single[directory:end]
    entries = b"".join(entry.replace(b"0.txt", b"%05d" % number) for number in range(copies))
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, copies, copies, len(entries), directory, 0)
    return single[:directory] + entries + tail


def hidden_member() -> bytes:
    """A ZIP archive with a member ahead that its directory does not list."""
    shown, hidden = zipped({"a.txt": b"van ban"}), zipped({"b.exe": b"MZ"})
    ahead = hidden[: hidden.index(b"PK\x01\x02")]
    directory, end = shown.index(b"PK\x01\x02"), shown.rindex(b"PK\x05\x06")
    entry = bytearray(shown[directory:end])
    entry[42:46] = struct.pack("<I", len(ahead))
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(entry), len(ahead) + directory, 0)
    return ahead + shown[:directory] + bytes(entry) + tail


def tarred(files: Mapping[str, bytes], *, mode: str = "w", link: str = "", kind: bytes = tarfile.REGTYPE) -> bytes:
    """A tar archive, packed where `mode` says so (`w:gz`)."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname, info.size = kind, link, len(content) if kind == tarfile.REGTYPE else 0
            archive.addfile(info, io.BytesIO(content))
    return target.getvalue()


def rar4(files: Mapping[str, bytes], *, locked: bool = False, sealed: bool = False) -> bytes:
    """A RAR archive of version 4 with stored files; `locked` encrypts them, `sealed` the headers too, by flag."""

    def block(kind: int, flags: int, body: bytes, data: bytes = b"") -> bytes:
        header = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
        return struct.pack("<H", binascii.crc32(header) & 0xFFFF) + header + data

    out = b"Rar!\x1a\x07\x00" + block(0x73, 0x80 if sealed else 0, bytes(6))
    for name, content in files.items():
        letters = name.encode("ascii")
        crc = binascii.crc32(content)
        head = struct.pack(
            "<IIBIIBBHI", len(content), len(content), 3, crc, 0x5021 << 16, 20, 0x30, len(letters), 0x81A4
        )
        out += block(0x74, 0x8000 | (0x04 if locked else 0), head + letters, content)
    return out + block(0x7B, 0x4000, b"")


def rar5(files: Mapping[str, bytes], *, locked: bool = False, sealed: bool = False) -> bytes:
    """A RAR archive of version 5 with stored files; `locked` and `sealed` as in `rar4`."""

    def vint(number: int) -> bytes:
        out = bytearray()
        while number > 0x7F:
            out.append(number & 0x7F | 0x80)
            number >>= 7
        out.append(number)
        return bytes(out)

    def block(kind: int, flags: int, body: bytes, data: bytes = b"") -> bytes:
        inner = vint(kind) + vint(flags) + body
        header = vint(len(inner)) + inner
        return struct.pack("<I", binascii.crc32(header)) + header + data

    out = b"Rar!\x1a\x07\x01\x00"
    if sealed:
        return out + block(4, 0, vint(0) + vint(0) + b"\x0f" + bytes(16)) + bytes(64)
    out += block(1, 0, vint(0))
    for name, content in files.items():
        letters = name.encode()
        extra = vint(1) + vint(0) + vint(0) + b"\x0f" + bytes(32)
        extra = vint(len(extra)) + extra if locked else b""
        head = (vint(len(extra)) if locked else b"") + vint(len(content)) + vint(4) + vint(len(content)) + vint(0o644)
        head += struct.pack("<I", binascii.crc32(content)) + vint(0) + vint(1) + vint(len(letters)) + letters + extra
        out += block(2, 2 | (1 if locked else 0), head, content)
    return out + block(5, 0, vint(0))
