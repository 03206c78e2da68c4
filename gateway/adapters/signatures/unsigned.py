"""What can be said of a PDF file whose structure no reader can follow."""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from typing import BinaryIO

_HEADER = re.compile(rb"%PDF-[12]\.[0-9]")
_HEADER_WINDOW = 1024
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_OF_SIGNATURES = re.compile(rb"/ByteRange\b|/Sig\b|/Encrypt\b")
_OBJECT_STREAM = re.compile(rb"/ObjStm\b[^\x00]{0,2000}?\bstream\r?\n")
_MOST_STREAMS = 5_000
_MOST_INFLATED = 64_000_000


def without_junk(stream: BinaryIO) -> BinaryIO | None:
    """The file from its header on, where bytes stand before it (ISO 32000-1 Annex H, note 13); else None."""
    stream.seek(0)
    found = _HEADER.search(stream.read(_HEADER_WINDOW))
    if found is None or found.start() == 0:
        return None
    stream.seek(found.start())
    return BytesIO(stream.read())


def surely_unsigned(content: bytes) -> bool:
    """Whether nothing in a file can be a signature, however it is put together.

    A signature names the bytes it covers in `/ByteRange`, and its field is of type `/Sig`
    (ISO 32000-1 sections 12.8.1 and 12.7.4.5); the field may stand in a compressed object stream.
    False also where the file is encrypted or holds more than may be unpacked.
    """
    if _speaks_of_signatures(content):
        return False
    left = _MOST_INFLATED
    for count, found in enumerate(_OBJECT_STREAM.finditer(content), 1):
        inflated = _inflated(memoryview(content)[found.end() :], left)
        left -= len(inflated)
        if left <= 0 or count >= _MOST_STREAMS or _speaks_of_signatures(inflated):
            return False
    return True


def _speaks_of_signatures(content: bytes) -> bool:
    plain = _ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), content) if b"#" in content else content
    return _OF_SIGNATURES.search(plain) is not None


def _inflated(content: memoryview, limit: int) -> bytes:
    """What can be had of a Flate stream."""
    unpacking = zlib.decompressobj()
    had: list[bytes] = []
    step = 65_536
    for at in range(0, len(content), step):
        try:
            had.append(unpacking.decompress(content[at : at + step], limit))
        except zlib.error:
            break
        limit -= len(had[-1])
        if unpacking.eof or limit <= 0:
            break
    return b"".join(had)
