"""One file that readers of two formats accept."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image

from tests.attacks.archive_builder import SEVEN_ZIP, rar4, rar5, zipped
from tests.attacks.attack import Attack
from tests.attacks.types import elf, program
from tests.documents import decision_doc, decision_docx, decision_pdf, decision_xlsx

KEPT_OUT = frozenset({"active_content", "allowed_format"})
_PAGE = b"<html><script>location='http://203.0.113.7/'</script></html>"
_JAR = {"META-INF/MANIFEST.MF": b"Main-Class: a\n", "a.class": b"\xca\xfe\xba\xbe\x00\x00\x00\x34"}


def picture(kind: str) -> bytes:
    """A small picture of this format."""
    target = io.BytesIO()
    Image.new("RGB", (640, 480), "white").save(target, kind)
    return target.getvalue()


def _attack(name: str, file_name: str, make: Callable[[], bytes]) -> Attack:
    return Attack(name, "polyglots", file_name, "application/octet-stream", make, KEPT_OUT)


def _commented_gif() -> bytes:
    gif = picture("GIF")
    return gif[:6] + b"/*" + gif[8:] + b"*/=1;alert(1);"


ATTACKS = (
    _attack("pdf-and-zip", "Quyet dinh.pdf", lambda: decision_pdf() + zipped({"a.exe": program()})),
    _attack("pdf-and-jar", "Quyet dinh.pdf", lambda: decision_pdf() + zipped(_JAR)),
    _attack("pdf-and-rar", "Quyet dinh.pdf", lambda: decision_pdf() + rar5({"a.exe": b"MZ"})),
    _attack("pdf-and-7z", "Quyet dinh.pdf", lambda: decision_pdf() + SEVEN_ZIP),
    _attack("pdf-and-page-behind", "Quyet dinh.pdf", lambda: decision_pdf() + _PAGE),
    _attack("pdf-and-page-ahead", "Quyet dinh.pdf", lambda: _PAGE + b"\n" + decision_pdf()),
    _attack("pdf-and-page-in-its-head", "a.pdf", lambda: b"%PDF-1.4\n%" + _PAGE + b"\n" + decision_pdf()[9:]),
    _attack("pdf-and-script-ahead", "Quyet dinh.pdf", lambda: b"a=1;/*\n" + decision_pdf() + b"\n*/alert(1)"),
    _attack("pdf-and-batch-ahead", "Quyet dinh.pdf", lambda: b"@echo off\r\ncalc.exe\r\n" + decision_pdf()),
    _attack("pdf-and-gif-ahead", "Quyet dinh.pdf", lambda: b"GIF89a" + bytes(20) + decision_pdf()),
    _attack("pdf-and-another-pdf", "Quyet dinh.pdf", lambda: decision_pdf() + decision_pdf(number="1")),
    _attack("pdf-and-program", "Quyet dinh.pdf", lambda: decision_pdf() + program()),
    _attack("pdf-and-linux-program", "Quyet dinh.pdf", lambda: decision_pdf() + b"\n" + elf()),
    _attack("program-and-pdf", "Quyet dinh.pdf", lambda: program() + decision_pdf()),
    _attack("pdf-and-php-archive", "a.pdf", lambda: decision_pdf() + b"\n<?php __HALT_COMPILER(); ?>\r\n" + bytes(90)),
    _attack("jpeg-and-zip", "anh.jpg", lambda: picture("JPEG") + zipped({"a.exe": program()})),
    _attack("jpeg-and-page", "anh.jpg", lambda: picture("JPEG") + _PAGE),
    _attack("jpeg-and-php", "anh.jpg", lambda: picture("JPEG") + b"<?php system($_GET['a']); ?>"),
    _attack("jpeg-and-php-archive", "anh.jpg", lambda: picture("JPEG") + b"__HALT_COMPILER(); ?>\r\n" + bytes(90)),
    _attack("jpeg-and-pdf", "anh.jpg", lambda: b"\xff\xd8\xff\xfe\x02\x00" + decision_pdf() + picture("JPEG")[2:]),
    _attack("jpeg-and-rar", "anh.jpg", lambda: picture("JPEG") + rar4({"a.exe": b"MZ"})),
    _attack("jpeg-and-program", "anh.jpg", lambda: picture("JPEG") + program()),
    _attack(
        "jpeg-and-script", "anh.jpg", lambda: b"\xff\xd8\xff\xe0/*" + bytes(90) + b"*/=1;alert(1)" + picture("JPEG")
    ),
    _attack("png-and-zip", "anh.png", lambda: picture("PNG") + zipped(_JAR)),
    _attack("png-and-7z", "anh.png", lambda: picture("PNG") + SEVEN_ZIP),
    _attack("png-and-page", "anh.png", lambda: picture("PNG") + b"<HTA:APPLICATION/><script>a()</script>"),
    _attack(
        "png-and-shortcut",
        "anh.png",
        lambda: picture("PNG") + b"L\x00\x00\x00\x01\x14\x02" + bytes(5) + b"\xc0" + bytes(6) + b"F",
    ),
    _attack("gif-and-script", "anh.gif", _commented_gif),
    _attack("gif-and-zip", "anh.gif", lambda: picture("GIF") + zipped(_JAR)),
    _attack("gif-that-is-a-page", "anh.gif", lambda: b"GIF89a<script>alert(1)</script>"),
    _attack("bmp-and-script", "anh.bmp", lambda: b"BM/*" + picture("BMP")[4:] + b"*/=1;alert(1)"),
    _attack("bmp-and-program", "anh.bmp", lambda: picture("BMP") + program()),
    _attack("webp-and-zip", "anh.webp", lambda: picture("WEBP") + zipped(_JAR)),
    _attack("tiff-and-zip", "anh.tif", lambda: picture("TIFF") + zipped(_JAR)),
    _attack("doc-and-zip", "Cong van.doc", lambda: decision_doc() + zipped({"a.exe": program()})),
    _attack("doc-and-program", "Cong van.doc", lambda: decision_doc() + program()),
    _attack("docx-and-zip", "Cong van.docx", lambda: zipped({"a.exe": program()}) + decision_docx()),
    _attack("docx-and-program", "Cong van.docx", lambda: decision_docx() + program()),
    _attack("xlsx-and-rar", "Bang.xlsx", lambda: decision_xlsx() + rar5({"a.exe": b"MZ"})),
    _attack("dwg-and-zip", "ban ve.dwg", lambda: b"AC1032" + bytes(900) + zipped(_JAR)),
    _attack("dwg-and-program", "ban ve.dwg", lambda: b"AC1027" + bytes(900) + program()),
)
