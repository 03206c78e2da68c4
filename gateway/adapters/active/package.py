"""A ZIP package read member by member, believing nothing that its directory says about sizes."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from gateway.adapters.active.finds import Finds
from gateway.model.facts import ActiveKind

MOST_MEMBERS = 10_000
MOST_OF_A_MEMBER = 200_000_000
BOMB_SIZE = 64_000_000
BOMB_RATIO = 200
_LOCAL = struct.Struct("<4s5H3I2H")
_LOCAL_SIGNATURE = b"PK\x03\x04"
_STEP = 1_000_000
_FED = 16_384
_ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a package: its name as the directory has it."""

    name: str
    content: bytes


class Package:
    """The members of a package. What overlaps or bursts is told as a bomb, what cannot be read is noted."""

    def __init__(self, content: bytes, place: str, finds: Finds) -> None:
        """Raises BadZipFile where there is no directory."""
        self._content = content
        self._place = place
        self._finds = finds
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [each for each in archive.infolist() if not each.is_dir()]
        if len(members) > MOST_MEMBERS:
            finds.add(ActiveKind.BOMB, place, f"gói nén có {len(members)} phần")
        self._members = [] if self._overlap(members) else members[:MOST_MEMBERS]

    @property
    def names(self) -> list[str]:
        """Names of all members, also those that stand in it twice."""
        return [member.filename for member in self._members]

    def read(self, number: int) -> Member | None:
        """The member of that place in the directory, None where it is too large, encrypted or damaged."""
        member = self._members[number]
        packed = self._packed(member)
        if packed is None or member.flag_bits & _ENCRYPTED:
            self._finds.could_not_read(f"phần {member.filename}")
            return None
        content = self._unpacked(member, packed)
        if content is None:
            return None
        if len(content) != member.file_size:
            self._finds.could_not_read(f"phần {member.filename} có kích thước khai sai")
        return Member(member.filename, content)

    def _packed(self, member: zipfile.ZipInfo) -> bytes | None:
        header = self._content[member.header_offset : member.header_offset + _LOCAL.size]
        if len(header) < _LOCAL.size or not header.startswith(_LOCAL_SIGNATURE):
            return None
        *_, name_size, extra_size = _LOCAL.unpack(header)
        start = member.header_offset + _LOCAL.size + name_size + extra_size
        return self._content[start : start + member.compress_size]

    def _unpacked(self, member: zipfile.ZipInfo, packed: bytes) -> bytes | None:
        if member.compress_type == zipfile.ZIP_STORED:
            return packed if self._finds.count(len(packed)) else None
        if member.compress_type != zipfile.ZIP_DEFLATED:
            self._finds.could_not_read(f"phần {member.filename} nén kiểu lạ")
            return None
        begun = inflate(packed, BOMB_SIZE, window=-zlib.MAX_WBITS)
        if len(begun.content) > BOMB_SIZE > BOMB_RATIO * begun.taken:
            self._finds.add(ActiveKind.BOMB, self._place or member.filename, f"phần {member.filename} bung ra quá lớn")
            return None
        if len(begun.content) > BOMB_SIZE:
            begun = inflate(packed, MOST_OF_A_MEMBER, window=-zlib.MAX_WBITS)
        if not begun.whole:
            self._finds.could_not_read(f"phần {member.filename}")
        return begun.content if self._finds.count(len(begun.content)) else None

    def _overlap(self, members: Sequence[zipfile.ZipInfo]) -> bool:
        """Whether members share bytes, as only bombs do; nothing more is read of them."""
        spans = sorted((each.header_offset, each.compress_size) for each in members)
        for (start, size), (following, _) in pairwise(spans):
            if start + _LOCAL.size + size > following:
                self._finds.add(ActiveKind.BOMB, self._place, "các phần của gói nén chồng lên nhau")
                return True
        return False


def inflated_size(packed: bytes, most: int) -> int:
    """How many bytes deflated bytes unpack to, counted without keeping them, up to a little over `most`."""
    unpacker = zlib.decompressobj()
    size = 0
    for place in range(0, len(packed), _FED):
        piece = packed[place : place + _FED]
        while piece and size <= most and not unpacker.eof:
            try:
                size += len(unpacker.decompress(piece, _STEP))
            except zlib.error:
                return size
            piece = unpacker.unconsumed_tail
        if size > most or unpacker.eof:
            break
    return size


@dataclass(frozen=True, slots=True)
class Inflated:
    """What deflated bytes became; `whole` unless there was more or damage; `taken` is how many of them it took."""

    content: bytes
    whole: bool
    taken: int


def inflate(packed: bytes, most: int, *, window: int = zlib.MAX_WBITS) -> Inflated:
    """Unpack deflated bytes up to a little over `most` bytes."""
    unpacker = zlib.decompressobj(window)
    pieces: list[bytes] = []
    size = taken = 0
    for place in range(0, len(packed), _STEP):
        piece = packed[place : place + _STEP]
        try:
            pieces.append(unpacker.decompress(piece, most - size + 1))
        except zlib.error:
            break
        size += len(pieces[-1])
        taken = place + len(piece) - len(unpacker.unconsumed_tail) - len(unpacker.unused_data)
        if size > most or unpacker.eof:
            break
    return Inflated(b"".join(pieces), unpacker.eof and size <= most, taken)
