"""Whether a ZIP file says the same to a reader of its directory and to one that goes from member to member.

Office repairs damaged files by the headers before the members; what only they show must not escape a signature.
"""

from __future__ import annotations

import os
import struct
import zipfile
from typing import BinaryIO

_LOCAL = struct.Struct("<4s5H3I2H")
_END = struct.Struct("<4s4H2IH")
_FIELD = struct.Struct("<2H")
_LONGEST_DESCRIPTOR = 24
_HAS_DESCRIPTOR = 0x8
_UTF8_NAME = 0x800
_OTHER_NAME = 0x7075  # Info-ZIP's Unicode path
_IN_ZIP64 = 0xFFFFFFFF

OUTSIDE = "trong tệp nén có dữ liệu nằm ngoài các phần"
DAMAGED = "cấu trúc tệp nén bị hỏng"


def discrepancy(stream: BinaryIO, archive: zipfile.ZipFile) -> str:
    """What the two would see differently, in Vietnamese; "" where they agree."""
    at, descriptor = 0, 0
    for entry in sorted(archive.infolist(), key=lambda each: each.header_offset):
        if not 0 <= entry.header_offset - at <= descriptor:
            return OUTSIDE
        stream.seek(entry.header_offset)
        header = stream.read(_LOCAL.size)
        if len(header) < _LOCAL.size:
            return DAMAGED
        magic, _, flags, method, _, _, *numbers, name_length, extra_length = _LOCAL.unpack(header)
        name, extra = stream.read(name_length), stream.read(extra_length)
        descriptor = _LONGEST_DESCRIPTOR if flags & _HAS_DESCRIPTOR else 0
        listed = [entry.CRC, entry.compress_size, entry.file_size]
        same = descriptor or all(one in {other, _IN_ZIP64} for one, other in zip(numbers, listed, strict=True))
        named = name == _listed_name(entry) and not _renames(extra) and not _renames(entry.extra)
        if magic != b"PK\x03\x04" or method != entry.compress_type or not same or not named:
            return f"phần “/{entry.filename}” được ghi khác nhau ở hai nơi trong tệp nén"
        at = entry.header_offset + _LOCAL.size + name_length + extra_length + entry.compress_size
    if not 0 <= archive.start_dir - at <= descriptor:
        return OUTSIDE
    return _end(stream, archive)


def _end(stream: BinaryIO, archive: zipfile.ZipFile) -> str:
    """Nothing may follow the end of the directory, and the directory reaches up to it."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - _END.size))
    tail = stream.read()
    if len(tail) < _END.size:
        return DAMAGED
    magic, *_, length, offset, comment = _END.unpack(tail)
    if magic != b"PK\x05\x06" or comment:
        return "sau tệp nén có dữ liệu thừa"
    plain = _IN_ZIP64 not in {length, offset}
    return OUTSIDE if plain and (offset != archive.start_dir or offset + length != size - _END.size) else ""


def _listed_name(entry: zipfile.ZipInfo) -> bytes:
    return entry.orig_filename.encode("utf-8" if entry.flag_bits & _UTF8_NAME else "cp437")


def _renames(extra: bytes) -> bool:
    """Whether an extra field gives the member another name."""
    while len(extra) >= _FIELD.size:
        kind, length = _FIELD.unpack_from(extra)
        if kind == _OTHER_NAME:
            return True
        extra = extra[_FIELD.size + length :]
    return False
