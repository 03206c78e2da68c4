"""The directory of a ZIP archive, believed only as far as the file bears it out.

Readers disagree about archives that contradict themselves: such an archive is not opened, since what we judged might
not be what the next program unpacks.
"""

from __future__ import annotations

import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path

from gateway.adapters.archive.member_names import member_name
from gateway.errors import Unopened

ZIP = "application/zip"

_END = struct.Struct("<4s4H2LH")
_END_SIGNATURE = b"PK\x05\x06"
_LONGEST_TAIL = _END.size + 0xFFFF
_LOCAL = struct.Struct("<4s5H3L2H")
_LOCAL_SIGNATURE = b"PK\x03\x04"
_ENTRY_BYTES = 1_024
_MOST_FOLDERS = 1_000
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_AES = 99
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA})
_UNIX = 3
_KIND_MASK, _REGULAR = 0o170000, 0o100000
_DAMAGED = "tệp nén bị hỏng, không đọc được danh mục bên trong"


class TooMany(Exception):
    """An archive has more files than are taken."""


@dataclass(frozen=True, slots=True)
class ZipMember:
    """A file as the directory tells of it; `size` and `packed` are bytes."""

    path: Path
    info: zipfile.ZipInfo
    name: str
    regular: bool
    encrypted: bool

    @property
    def size(self) -> int:
        """Bytes after unpacking; reading never gives more."""
        return self.info.file_size

    @property
    def packed(self) -> int:
        """Bytes in the archive."""
        return self.info.compress_size

    def read(self) -> bytes:
        """The content; raises Unopened where it is not what the directory says."""
        if self.info.compress_type not in _METHODS:
            raise Unopened("dùng cách nén không đọc được")
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(self.info) as file:
                content = file.read()
        except MemoryError:
            raise
        except Exception as error:  # damage shows in many ways
            raise Unopened("tệp bên trong bị hỏng") from error
        if len(content) != self.size:
            raise Unopened("tệp bên trong bị hỏng")
        return content


def zip_members(path: Path, most: int) -> tuple[ZipMember, ...]:
    """The files of an archive, at most `most`, folders left out; raises TooMany, Unopened."""
    size = path.stat().st_size
    if _directory_size(path, size) > _ENTRY_BYTES * (most + _MOST_FOLDERS):
        raise TooMany
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            directory = archive.start_dir
    except Exception as error:  # damage shows in many ways
        raise Unopened(_DAMAGED) from error
    members = tuple(_member(path, info) for info in infos if not info.is_dir())
    if len(members) > most:
        raise TooMany
    _check_places(path, infos, directory)
    return members


def is_encrypted(path: Path) -> bool:
    """Whether any member of a readable archive, or its directory, is encrypted; raises as zipfile does."""
    with zipfile.ZipFile(path) as archive:
        return any(_encrypted(info) for info in archive.infolist())


def _encrypted(info: zipfile.ZipInfo) -> bool:
    return bool(info.flag_bits & _ENCRYPTED) or info.compress_type == _AES


def _member(path: Path, info: zipfile.ZipInfo) -> ZipMember:
    kind = info.external_attr >> 16 & _KIND_MASK if info.create_system == _UNIX else 0
    return ZipMember(path, info, member_name(info), kind in (0, _REGULAR), _encrypted(info))


def _directory_size(path: Path, size: int) -> int:
    with path.open("rb") as file:
        file.seek(max(0, size - _LONGEST_TAIL))
        tail = file.read()
    place = tail.rfind(_END_SIGNATURE)
    if place < 0 or len(tail) - place < _END.size:
        raise Unopened(_DAMAGED)
    return int(_END.unpack_from(tail, place)[5])


def _check_places(path: Path, infos: list[zipfile.ZipInfo], directory: int) -> None:
    """Members stand one behind the other, none within another, and none between them that the directory hides."""
    end = 0
    with path.open("rb") as file:
        for info in sorted(infos, key=lambda each: each.header_offset):
            if info.header_offset < end:
                raise Unopened("các tệp bên trong chồng lên nhau")
            file.seek(end)
            _check_gap(file.read(info.header_offset - end))
            file.seek(info.header_offset)
            header = file.read(_LOCAL.size)
            if len(header) < _LOCAL.size or not header.startswith(_LOCAL_SIGNATURE):
                raise Unopened(_DAMAGED)
            *_, name_length, extra_length = _LOCAL.unpack(header)
            end = info.header_offset + _LOCAL.size + name_length + extra_length + info.compress_size
        if end > directory:
            raise Unopened("các tệp bên trong chồng lên nhau")
        file.seek(end)
        _check_gap(file.read(directory - end))


def _check_gap(content: bytes) -> None:
    if _LOCAL_SIGNATURE in content:
        raise Unopened("có tệp bên trong không nằm trong danh mục")
