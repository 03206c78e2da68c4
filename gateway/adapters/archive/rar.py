"""Encryption in archives of RAR 5, which libarchive unpacks without noticing it (RAR 5.0 archive format, blocks)."""

from __future__ import annotations

from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path

SIGNATURE = b"Rar!\x1a\x07\x01\x00"
_FILE, _SERVICE, _ENCRYPTION, _END = 2, 3, 4, 5
_HAS_EXTRA, _HAS_DATA = 1, 2
_FILE_ENCRYPTION = 1
_LONGEST_HEADER = 2 * 1024 * 1024
_MOST_BLOCKS = 20_000
_LONGEST_NUMBER = 10


def encrypted(path: Path) -> bool:
    """Whether headers or any file want a password; False for any other file and past damage."""
    with path.open("rb") as file:
        if file.read(len(SIGNATURE)) != SIGNATURE:
            return False
        for _ in range(_MOST_BLOCKS):
            file.seek(4, 1)
            size = _number(iter(lambda: _byte(file), None))
            if not 0 < size <= _LONGEST_HEADER:
                return False
            header = file.read(size)
            fields = iter(header)
            kind, flags = _number(fields), _number(fields)
            extra = _number(fields) if flags & _HAS_EXTRA else 0
            data = _number(fields) if flags & _HAS_DATA else 0
            if kind == _ENCRYPTION or (
                kind in (_FILE, _SERVICE) and _FILE_ENCRYPTION in _records(header[-extra:], extra)
            ):
                return True
            if kind == _END or len(header) < size:
                return False
            file.seek(data, 1)
    return False


def _records(extra: bytes, size: int) -> set[int]:
    """The types of the records in the extra area of a header."""
    found: set[int] = set()
    rest = extra if size else b""
    while rest:
        fields = iter(rest)
        length = _number(fields)
        body = bytes(fields)
        if not 0 < length <= len(body):
            break
        found.add(_number(iter(body)))
        rest = body[length:]
    return found


def _byte(file: BufferedReader) -> int | None:
    read = file.read(1)
    return read[0] if read else None


def _number(fields: Iterator[int | None] | Iterator[int]) -> int:
    """A number of seven bits a byte, the lowest first; what ends early counts as far as it goes."""
    number = 0
    for place, byte in zip(range(_LONGEST_NUMBER), fields, strict=False):
        if byte is None:
            break
        number |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:  # noqa: PLR2004  the last byte of a number
            break
    return number
