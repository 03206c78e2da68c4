"""Mails built in code as the usual programs send them, and a parse that keeps the contents of the parts."""

from __future__ import annotations

import base64
import struct
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from gateway.adapters.filetype import sniff
from gateway.adapters.mime import parse_mail
from gateway.model.part import ParsedMail, Part, PartDecision

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
OTHER_PDF = PDF.replace(b"1.4", b"1.7")

HEAD = "From: =?utf-8?B?U+G7nyBYw6J5IGThu7FuZw==?= <sxd@quangngai.example>\r\nSubject: x\r\nMIME-Version: 1.0\r\n"


@dataclass(frozen=True)
class Taken:
    """A parsed mail with the bytes written for each part, by path."""

    mail: ParsedMail
    contents: dict[str, bytes]

    def part(self, path: str) -> Part:
        return next(part for part in self.mail.parts if part.path == path)

    def decisions(self) -> dict[str, PartDecision]:
        return {part.path: part.decision for part in self.mail.parts}

    def documents(self) -> list[str]:
        return [part.name for part in self.mail.parts if part.decision is PartDecision.DOCUMENT]


def take(content: bytes | str, own_instance: str = "") -> Taken:
    """Parse raw bytes (or text, sent as UTF-8) in a scratch folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        raw, scratch = Path(folder, "raw.eml"), Path(folder, "scratch")
        scratch.mkdir()
        raw.write_bytes(content if isinstance(content, bytes) else content.encode())
        mail = parse_mail(raw, scratch, sniff, own_instance=own_instance)
        contents = {part.path: (scratch / part.sha256).read_bytes() for part in mail.parts if part.sha256}
    return Taken(mail, contents)


def encoded(content: bytes) -> str:
    """Base64 as mail programs fold it."""
    return base64.encodebytes(content).decode().replace("\n", "\r\n")


def leaf(content: bytes, headers: str) -> str:
    """One base64 part; `headers` without the transfer encoding, lines joined by CRLF."""
    return f"{headers}\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded(content)}"


def text_part(text: str, kind: str = "plain") -> str:
    return f"Content-Type: text/{kind}; charset=utf-8\r\n\r\n{text}\r\n"


def multipart(subtype: str, *parts: str, boundary: str = "=_a1") -> str:
    """A multipart entity with its header."""
    inner = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
    return f'Content-Type: multipart/{subtype}; boundary="{boundary}"\r\n\r\n{inner}--{boundary}--\r\n'


def attached(content: bytes, name: str, media_type: str = "application/octet-stream") -> str:
    return leaf(content, f'Content-Type: {media_type}\r\nContent-Disposition: attachment; filename="{name}"')


def png(width: int, height: int, noise: bytes = b"") -> bytes:
    """A valid PNG of these pixels, one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = (b"\x00" + b"\x00" * ((width + 7) // 8)) * height
    text = chunk(b"tEXt", b"Comment\x00" + noise) if noise else b""
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + text + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )


def jpeg_head(width: int, height: int) -> bytes:
    """The markers of a JPEG up to its frame header, behind an Exif segment as cameras write it."""
    exif = b"\xff\xe1" + struct.pack(">H", 2 + 3000) + b"Exif\x00\x00" + b"\x00" * 2994
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 8 + 9, 8, height, width, 3) + b"\x01\x22\x00\x02\x11\x01\x03\x11\x01"
    return b"\xff\xd8" + exif + frame + b"\xff\xda\x00\x02" + b"\x00" * 2000 + b"\xff\xd9"


class TnefBuilder:
    """Writes winmail.dat streams as Outlook does."""

    def __init__(self, codepage: int = 1258) -> None:
        self._out = struct.pack("<IH", 0x223E9F78, 1)
        self._add(1, 0x9007, 6, struct.pack("<II", codepage, 0))

    def _add(self, level: int, tag: int, kind: int, data: bytes) -> None:
        self._out += struct.pack("<BHHI", level, tag, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)

    @staticmethod
    def _properties(values: list[tuple[int, int, bytes]]) -> bytes:
        out = struct.pack("<I", len(values))
        for number, kind, data in values:
            out += struct.pack("<HH", kind, number)
            if kind in {0x1E, 0x1F, 0x102, 0x0D}:
                out += struct.pack("<II", 1, len(data))
            out += data + b"\x00" * (-len(data) % 4)
        return out

    def attach(self, short: bytes, content: bytes, *, long: str = "", message: bool = False) -> TnefBuilder:
        self._add(2, 0x9002, 6, b"\x01\x00" + b"\xff" * 12)
        self._add(2, 0x8010, 1, short + b"\x00")
        values = [(0x0E21, 0x03, struct.pack("<I", 0))]
        if long:
            values.append((0x3707, 0x1F, (long + "\x00").encode("utf-16-le")))
        if message:
            values.append((0x3701, 0x0D, bytes.fromhex("0703020000000000c000000000000046") + content))
        else:
            self._add(2, 0x800F, 6, content)
        self._add(2, 0x9005, 6, self._properties(values))
        return self

    def rtf(self, compressed: bytes) -> TnefBuilder:
        self._add(1, 0x9003, 6, self._properties([(0x1009, 0x102, compressed)]))
        return self

    def html(self, content: bytes, codepage: int) -> TnefBuilder:
        values = [(0x3FDE, 0x03, struct.pack("<I", codepage)), (0x1013, 0x102, content)]
        self._add(1, 0x9003, 6, self._properties(values))
        return self

    def build(self) -> bytes:
        return self._out
