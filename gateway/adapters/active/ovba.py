"""The packing of VBA source ([MS-OVBA] 2.4.1), unpacked as far as it goes and no further than asked."""

from __future__ import annotations

_SIGNATURE = 0x01
_CHUNK = 4096
_CHUNK_BITS = 0x3
_SHORTEST_COPY = 3
_FEWEST_BITS = 4


def unpacked(container: bytes, most: int) -> bytes | None:
    """What is packed in `container`, at most `most` bytes; what stands before damage; None where nothing is packed."""
    if not container or container[0] != _SIGNATURE:
        return None
    text = bytearray()
    place = 1
    while place + 2 <= len(container) and len(text) < most:
        header = int.from_bytes(container[place : place + 2], "little")
        if header >> 12 & 0x7 != _CHUNK_BITS:
            break
        end = min(place + (header & 0x0FFF) + 3, len(container))
        chunk = container[place + 2 : end]
        text += _chunk(chunk) if header & 0x8000 else chunk[:_CHUNK]
        place = end
    return bytes(text[:most]) if text else None


def _chunk(packed: bytes) -> bytearray:
    text = bytearray()
    place = 0
    while place < len(packed):
        flags = packed[place]
        place += 1
        for bit in range(8):
            if place >= len(packed) or len(text) > _CHUNK:
                return text
            if not flags >> bit & 1:
                text.append(packed[place])
                place += 1
                continue
            token = int.from_bytes(packed[place : place + 2], "little")
            place += 2
            bits = max((len(text) - 1).bit_length(), _FEWEST_BITS)
            offset = (token >> 16 - bits) + 1
            if offset > len(text):
                return text
            for _ in range((token & 0xFFFF >> bits) + _SHORTEST_COPY):
                text.append(text[-offset])
    return text
