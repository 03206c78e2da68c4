"""Width and height of an image from its header alone."""

from __future__ import annotations

import struct

# Start-of-frame markers of JPEG (ITU-T T.81 table B.1), all but DHT, JPG and DAC.
_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_FILL = 0xFF
_STANDALONE = frozenset(range(0xD0, 0xDA)) | {0x01, _FILL}


def image_size(head: bytes) -> tuple[int, int] | None:
    """(width, height) in pixels of PNG, JPEG, GIF and BMP, or None where the header does not tell."""
    try:
        if head.startswith(b"\x89PNG\r\n\x1a\n"):
            return _pair(head, ">II", 16)
        if head.startswith((b"GIF87a", b"GIF89a")):
            return _pair(head, "<HH", 6)
        if head.startswith(b"BM"):
            width, height = _pair(head, "<ii", 18)
            return abs(width), abs(height)
        if head.startswith(b"\xff\xd8"):
            return _jpeg(head)
    except struct.error:
        pass
    return None


def _pair(head: bytes, layout: str, offset: int) -> tuple[int, int]:
    first, second = struct.unpack_from(layout, head, offset)
    return int(first), int(second)


def _jpeg(head: bytes) -> tuple[int, int] | None:
    position = 2
    while position + 4 <= len(head):
        if head[position] != _FILL:
            return None
        marker = head[position + 1]
        if marker in _STANDALONE:
            position += 1 if marker == _FILL else 2
            continue
        if marker in _START_OF_FRAME:
            height, width = _pair(head, ">HH", position + 5)
            return width, height
        (length,) = struct.unpack_from(">H", head, position + 2)
        position += 2 + max(int(length), 2)
    return None
