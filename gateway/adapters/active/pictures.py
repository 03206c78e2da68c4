"""Pictures that grow beyond reason when they are drawn, told from their headers without decoding."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from gateway.adapters.active.finds import Finds
from gateway.adapters.active.package import inflate
from gateway.model.facts import ActiveKind

MOST_PIXELS = 300_000_000
MOST_BILEVEL_PIXELS = 700_000_000
BILEVEL_PIXELS_OF_A_BYTE = 4_000
MOST_OF_ALL_FRAMES = 10_000_000_000
MOST_FRAMES = 20_000
LARGEST_CHUNK = 64_000_000
_PNG = b"\x89PNG\r\n\x1a\n"
_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_FILL, _OLD_BMP, _GIF_EXTENSION, _GIF_FRAME, _LONGEST_HEAD = 0xFF, 12, 0x21, 0x2C, 300
_STANDALONE = frozenset(range(0xD0, 0xDA)) | {0x01}
_TIFF_TYPES = {1: "B", 3: "H", 4: "I", 16: "Q"}
_IFD_WIDTH, _IFD_HEIGHT, _IFD_BITS = 256, 257, 258


@dataclass(frozen=True, slots=True)
class Size:
    """What a header declares: pixels across and down, bits of each."""

    width: int
    height: int
    bits: int = 24

    @property
    def pixels(self) -> int:
        """Pixels in all."""
        return self.width * self.height


def examine_picture(content: bytes, place: str, finds: Finds) -> None:
    """Judge a picture by what its header declares; one without a header that can be read is told by others."""
    total = 0
    for frame, size in enumerate(sizes(content), 1):
        total += size.pixels
        if too_large(size, len(content)) or total > MOST_OF_ALL_FRAMES or frame > MOST_FRAMES:
            finds.add(ActiveKind.BOMB, place, f"hình {size.width} x {size.height} điểm ảnh, khung thứ {frame}")
            return
    if content.startswith(_PNG):
        _packed_texts(content, place, finds)


def too_large(size: Size, octets: int) -> bool:
    """Whether a picture is beyond any scan; drawings in two colours may be larger, but not out of nothing."""
    if size.pixels <= MOST_PIXELS:
        return False
    drawing = size.bits == 1 and size.pixels <= MOST_BILEVEL_PIXELS
    return not (drawing and size.pixels <= octets * BILEVEL_PIXELS_OF_A_BYTE)


def sizes(content: bytes) -> Iterator[Size]:
    """The declared size of every frame, as far as the headers go."""
    try:
        if content.startswith(_PNG):
            width, height = struct.unpack_from(">II", content, 16)
            yield Size(width, height, content[24])
        elif content.startswith((b"GIF87a", b"GIF89a")):
            yield from _gif(content)
        elif content.startswith(b"BM"):
            yield _bmp(content)
        elif content.startswith(b"\xff\xd8"):
            yield from _jpeg(content)
        elif content[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
            yield from _tiff(content)
        elif content.startswith(b"RIFF") and content[8:12] == b"WEBP":
            yield from _webp(content)
        elif content[4:8] == b"ftyp":
            yield from _boxes(content)
        elif content.startswith((b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51")):
            yield from _jpeg2000(content)
    except (struct.error, IndexError):
        return


def _bmp(content: bytes) -> Size:
    (header,) = struct.unpack_from("<I", content, 14)
    if header == _OLD_BMP:
        width, height, _, bits = struct.unpack_from("<HHHH", content, 18)
    else:
        width, height, _, bits = struct.unpack_from("<iiHH", content, 18)
    return Size(abs(width), abs(height), bits)


def _gif(content: bytes) -> Iterator[Size]:
    """The canvas, drawn anew for every frame."""
    width, height = struct.unpack_from("<HH", content, 6)
    canvas = Size(width, height, 8)
    flags = content[10]
    place = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    yield canvas
    for _ in range(MOST_FRAMES + 1):
        mark = content[place]
        if mark == _GIF_EXTENSION:
            place = _after_blocks(content, place + 2)
        elif mark == _GIF_FRAME:
            width, height, own = struct.unpack_from("<HHB", content, place + 5)
            yield canvas if canvas.pixels >= width * height else Size(width, height, 8)
            place = _after_blocks(content, place + 11 + (3 << (own & 7) + 1 if own & 0x80 else 0))
        else:
            return


def _after_blocks(content: bytes, place: int) -> int:
    while content[place]:
        place += content[place] + 1
    return place + 1


def _jpeg(content: bytes) -> Iterator[Size]:
    place = 2
    while place + 4 <= len(content):
        if content[place] != _FILL:
            return
        mark = content[place + 1]
        if mark == _FILL or mark in _STANDALONE:
            place += 1 if mark == _FILL else 2
            continue
        if mark in _START_OF_FRAME:
            depth, height, width, parts = struct.unpack_from(">BHHB", content, place + 4)
            yield Size(width, height, depth * max(parts, 1))
            return
        place += 2 + max(int.from_bytes(content[place + 2 : place + 4]), 2)


def _tiff(content: bytes) -> Iterator[Size]:
    order = "<" if content.startswith(b"II") else ">"
    big = content[2:4] in (b"+\0", b"\0+")
    place_format, count_format, entry_size = (f"{order}Q", f"{order}Q", 20) if big else (f"{order}I", f"{order}H", 12)
    (place,) = struct.unpack_from(place_format, content, 8 if big else 4)
    seen: set[int] = set()
    while place and place not in seen and len(seen) <= MOST_FRAMES:
        seen.add(place)
        (count,) = struct.unpack_from(count_format, content, place)
        place += struct.calcsize(count_format)
        values = dict(_tiff_entries(content, place, count, order, big=big))
        yield Size(values.get(_IFD_WIDTH, 0), values.get(_IFD_HEIGHT, 0), values.get(_IFD_BITS, 1))
        (place,) = struct.unpack_from(place_format, content, place + count * entry_size)


def _tiff_entries(content: bytes, place: int, count: int, order: str, *, big: bool) -> Iterator[tuple[int, int]]:
    """Tag and first value of the entries asked for; several bits a sample make a picture in colours."""
    size, values = (20, 12) if big else (12, 8)
    for at in range(place, min(place + count * size, len(content)), size):
        tag, kind = struct.unpack_from(f"{order}HH", content, at)
        if tag in (_IFD_WIDTH, _IFD_HEIGHT, _IFD_BITS) and kind in _TIFF_TYPES:
            (many,) = struct.unpack_from(f"{order}{'Q' if big else 'I'}", content, at + 4)
            (value,) = struct.unpack_from(f"{order}{_TIFF_TYPES[kind]}", content, at + values)
            yield tag, 24 if tag == _IFD_BITS and many > 1 else value


def _webp(content: bytes) -> Iterator[Size]:
    place = 12
    while place + 8 <= len(content):
        kind = content[place : place + 4]
        (length,) = struct.unpack_from("<I", content, place + 4)
        data = content[place + 8 : place + 24]
        if kind == b"VP8X":
            yield Size(int.from_bytes(data[4:7], "little") + 1, int.from_bytes(data[7:10], "little") + 1)
        elif kind == b"VP8 ":
            width, height = struct.unpack_from("<HH", data, 6)
            yield Size(width & 0x3FFF, height & 0x3FFF)
        elif kind == b"VP8L":
            bits = int.from_bytes(data[1:5], "little")
            yield Size((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        place += 8 + length + (length & 1)


def _boxes(content: bytes) -> Iterator[Size]:
    """HEIF: every `ispe` property in the head of the file, tiles and whole alike, the largest only."""
    head, place = content[:1_000_000], 0
    largest = Size(0, 0)
    while (place := head.find(b"ispe", place)) >= 0:
        width, height = struct.unpack_from(">II", head, place + 8)
        if width * height > largest.pixels:
            largest = Size(width, height)
        place += len("ispe")
    yield largest


def _jpeg2000(content: bytes) -> Iterator[Size]:
    place = content.find(b"\xff\x4f\xff\x51", 0, 100_000)
    if place >= 0:
        right, bottom, left, top = struct.unpack_from(">IIII", content, place + 8)
        yield Size(max(right - left, 0), max(bottom - top, 0))


def _packed_texts(content: bytes, place: str, finds: Finds) -> None:
    """Chunks of a PNG beside the picture that are packed: texts and colour profiles."""
    at = len(_PNG)
    while at + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, at)
        kind = content[at + 4 : at + 8]
        if kind in (b"iCCP", b"zTXt", b"iTXt"):
            data = content[at + 8 : at + 8 + length]
            start = data.find(b"\x78")
            while 0 <= start < _LONGEST_HEAD:
                if len(inflate(data[start:], LARGEST_CHUNK).content) > LARGEST_CHUNK:
                    finds.add(ActiveKind.BOMB, place, "phần chữ nén trong hình bung ra quá lớn")
                    return
                start = data.find(b"\x78", start + 1)
        at += 12 + length
