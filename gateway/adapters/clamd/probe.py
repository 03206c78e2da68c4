"""Harmless archives that show what clamd's settings, which it tells nobody, make it do.

Zip records after PKWARE's APPNOTE 4.3. What is streamed is not compressed, so sizes are known beforehand.
"""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

EICAR = base64.b64decode("WDVPIVAlQEFQWzRcUFpYNTQoUF4pN0NDKTd9JEVJQ0FSLVNUQU5EQVJELUFOVElWSVJVUy1URVNULUZJTEUhJEgrSCo=")
"""The test file every scanner knows; kept encoded, or scanners would take this file for it."""

LOCAL = struct.Struct("<4s5H3L2H")
CENTRAL = struct.Struct("<4s6H3L5H2L")
END = struct.Struct("<4s4H2LH")
ENCRYPTED = 1
NESTING = 60
BLOCK = 256 * 1024
DEFLATED = 8
BOMB_BLOCKS = 8192


@dataclass(frozen=True, slots=True)
class Probe:
    """What clamd reports with `setting` in clamd.conf and calls OK without."""

    setting: str
    content: bytes


@dataclass(frozen=True, slots=True)
class _Entry:
    """One file in an archive; `packed` is its size there where it is compressed."""

    name: bytes
    size: int
    checksum: int
    offset: int
    flags: int = 0
    packed: int | None = None

    def local(self) -> bytes:
        return LOCAL.pack(b"PK\x03\x04", 20, *self._common(), 0) + self.name

    def central(self) -> bytes:
        return CENTRAL.pack(b"PK\x01\x02", 20, 20, *self._common(), 0, 0, 0, 0, 0, self.offset) + self.name

    def _common(self) -> tuple[int, ...]:
        method, packed = (0, self.size) if self.packed is None else (DEFLATED, self.packed)
        return self.flags, method, 0, 0x21, self.checksum, packed, self.size, len(self.name)


def archive_of(size: int) -> Iterator[bytes]:
    """A zip of exactly `size` bytes whose last file is the EICAR test file; raises ValueError under 1 KiB."""
    if size < 1024:  # noqa: PLR2004 - the archive's own records need some of it
        raise ValueError("too small for an archive")
    empty = _Entry(b"0.bin", 0, 0, 0)
    test = _Entry(b"eicar.com", len(EICAR), zlib.crc32(EICAR), 0)
    records = len(empty.local() + empty.central() + test.local() + test.central()) + len(EICAR) + END.size
    padding = size - records
    zeros = _Entry(b"0.bin", padding, _checksum_of_zeros(padding), 0)
    test = _Entry(b"eicar.com", len(EICAR), zlib.crc32(EICAR), len(zeros.local()) + padding)
    yield zeros.local()
    yield from _zeros(padding)
    yield test.local() + EICAR + _end((zeros, test), test.offset + len(test.local()) + len(EICAR))


def archive_with_member_of(size: int) -> bytes:
    """A small zip of one compressed file of `size` bytes: `archive_of(size)`; raises ValueError under 1 KiB."""
    packer = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed, checksum = [], 0
    for block in archive_of(size):
        checksum = zlib.crc32(block, checksum)
        packed.append(packer.compress(block))
    packed.append(packer.flush())
    return _compressed(b"inner.zip", size, checksum, b"".join(packed))


def bomb() -> bytes:
    """A small zip in which 2 GiB of zeros, as much as clamd's MaxFileSize may ever be, are packed twice.

    They are one compressed block many times over, made without compressing it all; the checksum stays
    wrong, which clamd does not look at.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = packer.compress(bytes(BLOCK)) + packer.flush(zlib.Z_FULL_FLUSH)
    inner = _compressed(b"0.bin", BLOCK * BOMB_BLOCKS, 0, block * BOMB_BLOCKS + packer.flush())
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return _compressed(b"inner.zip", len(inner), zlib.crc32(inner), packer.compress(inner) + packer.flush())


def _archive(name: bytes, content: bytes, flags: int = 0) -> bytes:
    entry = _Entry(name, len(content), zlib.crc32(content), 0, flags)
    return entry.local() + content + _end((entry,), len(entry.local()) + len(content))


def _compressed(name: bytes, size: int, checksum: int, packed: bytes) -> bytes:
    entry = _Entry(name, size, checksum, 0, packed=len(packed))
    return entry.local() + packed + _end((entry,), len(entry.local()) + len(packed))


def _end(entries: tuple[_Entry, ...], offset: int) -> bytes:
    directory = b"".join(entry.central() for entry in entries)
    count = len(entries)
    return directory + END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), offset, 0)


def _zeros(size: int) -> Iterator[bytes]:
    block = bytes(BLOCK)
    for _ in range(size // BLOCK):
        yield block
    yield block[: size % BLOCK]


def _checksum_of_zeros(size: int) -> int:
    checksum = 0
    for block in _zeros(size):
        checksum = zlib.crc32(block, checksum)
    return checksum


def _nested() -> bytes:
    content = _archive(b"0.txt", b"0")
    for _ in range(NESTING):
        content = _archive(b"0.zip", content)
    return content


PROBES = (
    Probe("AlertExceedsMax yes", _nested()),
    Probe("AlertEncryptedArchive yes", _archive(b"0.txt", bytes(32), ENCRYPTED)),
)
