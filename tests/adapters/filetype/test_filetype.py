"""The true type of files, told from content."""

from __future__ import annotations

import csv
import gzip
import io
import struct
import tarfile
import tempfile
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from asn1crypto import cms
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from gateway.adapters.filetype import sniff
from tests.attacks.ole_builder import compound
from tests.documents import (
    converted,
    decision_csv,
    decision_doc,
    decision_docx,
    decision_pdf,
    decision_txt,
    decision_xlsx,
    scan_pdf,
    scan_png,
)

CORPORA = Path(__file__).parents[4] / "shared/corpora"
TRUTH = CORPORA / "malformed/tika-mime-truth.csv"
# A text file for robots is plain text to a records office.
NOT_TOLD_APART = {"text/x-robots": "text/plain"}
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
DISK = "application/x-raw-disk-image"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"


def told(content: bytes) -> str:
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        return sniff(Path(file.name))


def made(content: Content) -> bytes:
    return content if isinstance(content, bytes) else content()


def archive(parts: dict[str, bytes | str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return target.getvalue()


def office(main: str, *, part: str = "word/document.xml", extra: str = "") -> bytes:
    types = f'<Types xmlns="{TYPES}">{extra}<Override PartName="/{part}" ContentType="{main}"/></Types>'
    relations = f'<Relationships xmlns="{RELATIONS}"><Relationship Target="{part}" Type="{OFFICE}"/></Relationships>'
    return archive({"[Content_Types].xml": types, "_rels/.rels": relations, part: "<x/>"})


def picture(kind: str) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (9, 7), "red").save(target, format=kind)
    return target.getvalue()


def tar() -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as file:
        file.addfile(tarfile.TarInfo("a.txt"))
    return target.getvalue()


def signed(content: bytes | None) -> bytes:
    """CMS signed data over `content`, or detached."""
    data = {"content_type": "data"} if content is None else {"content_type": "data", "content": content}
    inside: dict[str, object] = {
        "version": "v1",
        "digest_algorithms": [],
        "encap_content_info": data,
        "signer_infos": [],
    }
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(inside)}).dump())


def dbase() -> bytes:
    header = struct.pack("<BBBBIHH20x", 0x03, 124, 5, 20, 2, 65, 11)
    field = struct.pack("<11sc4xBB14x", b"TEN", b"C", 10, 0)
    return header + field + b"\r" + b" Quang Ngai" * 2 + b"\x1a"


MAIL = b"Received: from a by b; Thu, 7 Sep 2017 08:00:00 +0700\r\nFrom: a@example.vn\r\nSubject: x\r\n\r\nn\xe1\r\n"
Content = bytes | Callable[[], bytes]
# What LibreOffice makes is made when it is needed.
CASES: dict[str, tuple[Content, str]] = {
    "pdf": (decision_pdf(), "application/pdf"),
    "scan pdf": (scan_pdf(pages=1), "application/pdf"),
    "pdf after junk": (b"\n\n rac truoc tep \x01\x02" * 20 + decision_pdf(), "application/pdf"),
    "pdf after a mark": (b"\xef\xbb\xbf" + decision_pdf(), "application/pdf"),
    "doc": (decision_doc, "application/msword"),
    "docx": (decision_docx(), f"{WORD}.document"),
    "docx by its main part only": (office(f"{WORD}.document.main+xml", part="noi/dung.xml"), f"{WORD}.document"),
    "dotx": (office(f"{WORD}.template.main+xml"), f"{WORD}.template"),
    "docm": (
        office("application/vnd.ms-word.document.macroEnabled.main+xml"),
        "application/vnd.ms-word.document.macroenabled.12",
    ),
    "dotm": (
        office("application/vnd.ms-word.template.macroEnabledTemplate.main+xml"),
        "application/vnd.ms-word.template.macroenabled.12",
    ),
    "xlsx": (decision_xlsx(), f"{SHEET}.sheet"),
    "xlsm": (
        office("application/vnd.ms-excel.sheet.macroEnabled.main+xml", part="xl/workbook.xml"),
        "application/vnd.ms-excel.sheet.macroenabled.12",
    ),
    "xlsb": (
        office("application/vnd.ms-excel.sheet.binary.macroEnabled.main", part="xl/workbook.bin"),
        "application/vnd.ms-excel.sheet.binary.macroenabled.12",
    ),
    "pptx": (
        office("application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"),
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    "ooxml without a main part": (archive({"[Content_Types].xml": "<Types/>"}), "application/x-tika-ooxml"),
    "zip with word folders": (archive({"word/document.xml": "<w/>"}), "application/zip"),
    "odt": (lambda: converted(decision_docx(), "docx", "odt"), "application/vnd.oasis.opendocument.text"),
    "rtf": (lambda: converted(decision_docx(), "docx", "rtf"), "application/rtf"),
    "ods": (
        archive({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
        "application/vnd.oasis.opendocument.spreadsheet",
    ),
    "zip": (archive({"a.txt": "a"}), "application/zip"),
    "empty zip": (archive({}), "application/zip"),
    "jar": (archive({"META-INF/MANIFEST.MF": "a"}), "application/java-archive"),
    "broken zip": (b"PK\x03\x04 khong phai zip", "application/zip"),
    "microstation v7, plane": (b"\x08\x09\xfe\x02" + bytes(60), "image/vnd.dgn"),
    "microstation v7, space": (b"\xc8\x09\xfe\x02" + bytes(60), "image/vnd.dgn"),
    "broken ole": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 hong", "application/x-ole-storage"),
    "rar": (b"Rar!\x1a\x07\x01\x00", "application/x-rar-compressed"),
    "7z": (b"7z\xbc\xaf\x27\x1c\x00\x04", "application/x-7z-compressed"),
    "gzip": (gzip.compress(b"a"), "application/gzip"),
    "tar": (tar(), "application/x-tar"),
    "cab": (b"MSCF\x00\x00\x00\x00" + bytes(40), "application/vnd.ms-cab-compressed"),
    "png": (scan_png(dpi=40), "image/png"),
    "jpeg": (picture("JPEG"), "image/jpeg"),
    "gif": (picture("GIF"), "image/gif"),
    "bmp": (picture("BMP"), "image/bmp"),
    "tiff": (picture("TIFF"), "image/tiff"),
    "webp": (picture("WEBP"), "image/webp"),
    "heic": (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "image/heic"),
    "dwg": (b"AC1027\x00\x00", "image/vnd.dwg"),
    "oldest dwg": (b"AC1.2\x00\x00", "image/vnd.dwg"),
    "text about a dwg": (b"AC1027 la phien ban ban ve\n", "text/plain"),
    "jpeg 2000": (picture("JPEG2000"), "image/jp2"),
    "avif": (b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avifmiaf", "image/avif"),
    "word 2": (b"\xdb\xa5\x2d\x00" + bytes(60), "application/msword"),
    "excel 2": (b"\x09\x00\x04\x00\x02\x00\x10\x00" + bytes(60), "application/vnd.ms-excel"),
    "excel 4": (b"\x09\x04\x06\x00\x00\x00\x10\x00\x00\x00" + bytes(60), "application/vnd.ms-excel"),
    "excel 5 without a container": (b"\x09\x08\x08\x00\x00\x05\x05\x00" + bytes(60), "application/vnd.ms-excel"),
    "dgn 8": (compound({"Dgn~S": bytes(90), "Dgn~H": bytes(90)}), "image/vnd.dgn"),
    "index of a map": (b"\x00\x00\x27\x0a\xff\xff\xfe\x70" + bytes(92), "application/vnd.shp"),
    "apk": (archive({"AndroidManifest.xml": "a"}), "application/vnd.android.package-archive"),
    "windows package": (archive({"AppxManifest.xml": "a", "[Content_Types].xml": "a"}), "application/appx"),
    "iso": (bytes(0x8000) + b"\x01CD001\x01" + bytes(2040), "application/x-iso9660-image"),
    "udf": (bytes(0x8000) + b"\x00BEA01\x01" + bytes(2040), "application/x-iso9660-image"),
    "fat disk": (
        b"\xeb\x3c\x90MSDOS5.0".ljust(54, b"\0") + b"FAT16   ".ljust(456, b"\0") + b"\x55\xaa" + bytes(512),
        DISK,
    ),
    "virtual disk": (b"vhdxfile" + bytes(512), "application/x-vhdx"),
    "onenote contents": (bytes.fromhex("a12fff43d9ef764c9ee210ea5722765f"), "application/onenote; format=onetoc2"),
    "autoit": (bytes.fromhex("a3484bbe986c4aa9994c530a86d6487d") + bytes(9), "application/x-autoit"),
    "zstd": (b"\x28\xb5\x2f\xfd\x04\x00", "application/zstd"),
    "pgp for a key": (b"\x85\x01\x0c\x03" + bytes(8) + b"\x01" + bytes(40), "application/pgp-encrypted"),
    "pgp under a password": (b"\x8c\x0d\x04\x09\x03\x02" + bytes(40), "application/pgp-encrypted"),
    "pgp in letters": (b"-----BEGIN PGP MESSAGE-----\n\nhQEM\n", "application/pgp-encrypted"),
    "batch": (b"@echo off\r\ndel *.*\r\n", "text/x-bat"),
    "visual basic": (b'Set a = CreateObject("WScript.Shell")\r\na.Run "b"\r\n', "text/x-vbscript"),
    "javascript": (b"var a = 1;\nfunction b() {\n  return a;\n}\nb();\nalert(a);\n", "text/javascript"),
    "powershell": (b"$a = 1\n$b = Get-Item $a\nWrite-Host $b\nInvoke-Item $b\n", "text/x-powershell"),
    "python": (b"import os\nfrom a import b\n\ndef c(d):\n    return os.path(d)\n", "text/x-python"),
    "autolisp": (b"(defun c:a () (princ))\n", "text/x-autolisp"),
    "registry": (b"\xff\xfe" + "Windows Registry Editor Version 5.00\r\n".encode("utf-16-le"), "text/x-registry"),
    "remote desktop": (b"full address:s:203.0.113.7\r\n", "application/x-rdp"),
    "sylk": (b"ID;PWXL;N;E\r\nC;Y1;X1;K0\r\nE\r\n", "application/x-sylk"),
    "table whose first heading is id": (b"ID;Phong;Nguoi\r\n1;An;Binh\r\n", "text/csv"),
    "text about scripts": (
        'Không chạy lệnh @echo off, CreateObject("a") hay powershell -enc.\n'.encode(),
        "text/plain",
    ),
    "dxf": (b"  0\r\nSECTION\r\n  2\r\nHEADER\r\n", "image/vnd.dxf"),
    "shp": (struct.pack(">I20xI", 9994, 50) + bytes(72), "application/vnd.shp"),
    "dbf": (dbase(), "application/vnd.dbf"),
    "svg": (b'<?xml version="1.0"?><!-- a --><svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml"),
    "html": (b"<!-- a --> <!DOCTYPE html><html><body>a</body></html>", "text/html"),
    "xhtml": (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', "text/html"),
    "script in html": (b"<script>a()</script>", "text/html"),
    "xml": (b'<?xml version="1.0"?><a/>', "application/xml"),
    "xml without a prologue": (b"<a><b>c</b></a>\n", "application/xml"),
    "edxml": (b'<?xml version="1.0"?>\n<edXML xmlns="http://www.e-doc.vn/Schema/"/>', "application/edxml+xml"),
    "exe": (b"MZ\x90\x00\x03\x00\x00\x00" + bytes(60), "application/x-msdownload"),
    "elf": (b"\x7fELF\x02\x01\x01", "application/x-elf"),
    "mach-o": (b"\xcf\xfa\xed\xfe\x07\x00\x00\x01", "application/x-mach-o-executable"),
    "fat mach-o": (b"\xca\xfe\xba\xbe\x00\x00\x00\x02", "application/x-mach-o-executable"),
    "java class": (b"\xca\xfe\xba\xbe\x00\x00\x00\x34", "application/java-vm"),
    "shell script": (b"#!/bin/sh\nexit 0\n", "application/x-sh"),
    "shortcut": (
        b"L\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00F",
        "application/x-ms-shortcut",
    ),
    "internet shortcut": (b"[InternetShortcut]\r\nURL=http://example.vn\r\n", "application/x-mswinurl"),
    "calendar": (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "text/calendar"),
    "card": (b"BEGIN:VCARD\r\nVERSION:3.0\r\n", "text/vcard"),
    "mail": (MAIL, "message/rfc822"),
    "mail in a mailbox": (b"From a@example.vn Thu Sep  7 08:00:00 2017\n" + MAIL, "message/rfc822"),
    "tnef": (b"\x78\x9f\x3e\x22\x01\x00", "application/vnd.ms-tnef"),
    "detached signature": (signed(None), "application/pkcs7-signature"),
    "signed content": (signed(b"noi dung"), "application/pkcs7-mime"),
    "signature in letters": (b"-----BEGIN PKCS7-----\nMIIB\n", "application/pkcs7-signature"),
    "text": (decision_txt(), "text/plain"),
    "utf-16 text": ("Số: 1/QĐ".encode("utf-16"), "text/plain"),
    "legacy text": ("C¨n cø NghÞ ®Þnh sè 29".encode("cp1252"), "text/plain"),
    "prose with commas": ("Kính gửi Sở, ban, ngành;\nvà các huyện, thị xã, thành phố.\n".encode(), "text/plain"),
    "two rows that differ": (b"a,b,c\nd,e\n", "text/plain"),
    "csv": (decision_csv(), "text/csv"),
    "csv with semicolons": ("STT;Tên\n1;Một\n2;Hai\n".encode(), "text/csv"),
    "tab-separated": (b"a\tb\n1\t2\n", "text/csv"),
    "nothing": (b"", "application/x-empty"),
    "noise": (bytes(range(256)) * 4, "application/octet-stream"),
}


@pytest.mark.parametrize(("content", "media_type"), CASES.values(), ids=CASES.keys())
def test_the_type_is_told_from_content(content: Content, media_type: str) -> None:
    assert told(made(content)) == media_type


def test_a_declared_macro_type_beside_the_main_part_does_not_hide_it() -> None:
    """What counts is the part that Word opens, not the first one that is declared."""
    decoy = f'<Override PartName="/a.xml" ContentType="{WORD}.document.main+xml"/>'
    main = office("application/vnd.ms-word.document.macroEnabled.main+xml", extra=decoy)
    assert told(main) == "application/vnd.ms-word.document.macroenabled.12"


@pytest.mark.parametrize(
    ("stream", "media_type"),
    [
        ("Workbook", "application/vnd.ms-excel"),
        ("Book", "application/vnd.ms-excel"),
        ("PP40", "application/vnd.ms-powerpoint"),
        ("VisioDocument", "application/vnd.visio"),
        ("KhongRo", "application/x-ole-storage"),
        ("EncryptedPackage", "application/x-tika-ooxml-protected"),
        ("__nameid_version1.0", "application/vnd.ms-outlook"),
    ],
)
def test_compound_files_are_told_apart_by_their_streams(stream: str, media_type: str) -> None:
    """The main stream of a Word file gets another name: 64 bytes in its directory entry ([MS-CFB] 2.6.1)."""
    content = bytearray(decision_doc())
    place = content.index("WordDocument\0".encode("utf-16-le"))
    assert place % 128 == 0
    name = f"{stream}\0".encode("utf-16-le")
    content[place : place + 66] = name.ljust(64, b"\0") + struct.pack("<H", len(name))
    assert told(bytes(content)) == media_type


def test_a_bomb_in_the_content_types_is_not_unpacked() -> None:
    bomb = archive({"[Content_Types].xml": b"<Types>" + b" " * 50_000_000})
    assert told(bomb) == "application/x-tika-ooxml"


def test_an_archive_of_very_many_entries_is_only_an_archive() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as file:
        for number in range(20_001):
            file.writestr(f"{number}", b"")
        file.writestr("[Content_Types].xml", "<Types/>")
    assert told(target.getvalue()) == "application/zip"


def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        sniff(tmp_path / "absent")


def test_many_comments_before_a_tag_take_no_time() -> None:
    assert told(b"<!---->" * 5_000 + b"x") == "text/plain"


_STARTS = sorted({content[:64] for content, _ in CASES.values() if isinstance(content, bytes)})


@settings(deadline=None, max_examples=200)
@given(start=st.sampled_from(_STARTS), rest=st.binary(max_size=400))
@example(start=b"", rest=b"\xff\xfe\x00\xd8\x41\x00")
def test_whatever_the_bytes_there_is_a_type(start: bytes, rest: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "/" in told(start + rest)


@settings(deadline=None, max_examples=60)
@given(case=st.sampled_from(["doc", "docx", "xlsx", "odt", "zip"]), data=st.data())
def test_damaged_containers_have_a_type(case: str, data: st.DataObject) -> None:
    content = bytearray(made(CASES[case][0]))
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert "/" in told(bytes(content[: data.draw(st.integers(1, len(content)))]))


def _truth() -> list[object]:
    if not TRUTH.exists():
        return []
    with TRUTH.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [
        pytest.param(row["file"], types, id=row["file"])
        for row in rows
        if (types := {row["mime_by_data"].lower(), row["mime_by_name_and_data"].lower()} - {""})
    ]


@pytest.mark.corpus
@pytest.mark.parametrize(("name", "types"), _truth())
def test_files_of_a_public_suite_have_the_type_it_says(name: str, types: set[str]) -> None:
    known = {NOT_TOLD_APART.get(each, each) for each in types}
    assert sniff(TRUTH.parent / "tika" / name) in known
