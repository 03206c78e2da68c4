"""Where files of a kind end, by their own structure: what stands behind belongs to something else."""

from __future__ import annotations

import re
import struct
from mmap import mmap
from pathlib import Path

import olefile

from gateway.adapters.filetype.packages import END, END_SIGNATURE, LONGEST_TAIL

_PNG_HEAD = 8
_PNG_CHUNK = 12
_BMP_SIZE = slice(2, 6)
_RIFF_SIZE = slice(4, 8)
_GIF_HEAD = 13
_GIF_IMAGE, _GIF_EXTENSION, _GIF_END = 0x2C, 0x21, 0x3B
_JPEG_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_JPEG_SCAN, _JPEG_END = 0xDA, 0xD9
_JPEG_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]", re.DOTALL)


def end_of(data: mmap, media_type: str, path: Path) -> int | None:
    """The offset behind the last byte of the format, None where it cannot be told."""
    try:
        if media_type == "application/pdf":
            last = data.rfind(b"%%EOF")
            return last + len(b"%%EOF") if last >= 0 else None
        if media_type in _COMPOUND:
            return _compound(path)
        found = _ENDS[media_type](data) if media_type in _ENDS else None
    except (IndexError, struct.error, OSError, ValueError):
        return None
    return found if found is not None and 0 < found <= len(data) else None


def _png(data: mmap) -> int | None:
    place = _PNG_HEAD
    while place + _PNG_CHUNK <= len(data):
        length = int.from_bytes(data[place : place + 4])
        kind = data[place + 4 : place + 8]
        place += _PNG_CHUNK + length
        if kind == b"IEND":
            return place
    return None


def _jpeg(data: mmap) -> int | None:
    """Behind the end of the first image; entropy-coded data is skipped to the next marker (T.81 B.1.1)."""
    place = 2
    while marker := _JPEG_MARKER.search(data, place):
        kind = data[marker.end() - 1]
        place = marker.end()
        if kind == _JPEG_END:
            return place
        if kind not in _JPEG_ALONE:
            place += int.from_bytes(data[place : place + 2])
    return None


def _gif(data: mmap) -> int | None:
    place = _GIF_HEAD + _gif_colours(data[10])
    while place < len(data):
        block = data[place]
        if block == _GIF_END:
            return place + 1
        if block == _GIF_IMAGE:
            place += 11 + _gif_colours(data[place + 9])
        elif block == _GIF_EXTENSION:
            place += 2
        else:
            return None
        while length := data[place]:
            place += 1 + length
        place += 1
    return None


def _gif_colours(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _bmp(data: mmap) -> int | None:
    """By the size in its header, which some writers leave at zero."""
    return int.from_bytes(data[_BMP_SIZE], "little") or None


def _riff(data: mmap) -> int:
    return 8 + int.from_bytes(data[_RIFF_SIZE], "little")


def package_end(data: mmap) -> int | None:
    """Behind the comment of the last end record of a ZIP archive."""
    place = data.rfind(END_SIGNATURE, max(0, len(data) - LONGEST_TAIL))
    if place < 0 or place + END.size > len(data):
        return None
    comment: int = END.unpack(data[place : place + END.size])[-1]
    return min(place + END.size + comment, len(data))


def _compound(path: Path) -> int | None:
    """Behind the last sector that the allocation table of a compound file has in use ([MS-CFB] 2.3)."""
    with olefile.OleFileIO(path, raise_defects=olefile.DEFECT_FATAL) as container:
        used = max((place for place, next_ in enumerate(container.fat) if next_ != olefile.FREESECT), default=0)
        return int((used + 2) * container.sector_size)


_COMPOUND = frozenset({"application/msword", "application/vnd.ms-excel", "image/vnd.dgn", "application/x-ole-storage"})
_ENDS = {
    "image/png": _png,
    "image/jpeg": _jpeg,
    "image/gif": _gif,
    "image/bmp": _bmp,
    "image/webp": _riff,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": package_end,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": package_end,
}
