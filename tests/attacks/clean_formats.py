"""Ordinary files of every format that the regulation allows, old versions and new, and what surrounds them in life."""

from __future__ import annotations

import csv
import io
import struct
from collections.abc import Callable
from datetime import date
from functools import partial

from PIL import Image

from tests.attacks.attack import Clean
from tests.attacks.encrypted import locked_pdf, workbook
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

OCTETS = "application/octet-stream"
_STRICT = (
    (
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    ),
    (b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
)
_LETTER = "Kính gửi: Sở Giao thông vận tải\r\nThực hiện kế hoạch bảo trì năm 2026, đơn vị báo cáo như sau:\r\n"


def photograph(kind: str, number: str, **options: object) -> bytes:
    """A picture of a page, as cameras and scanners write it."""
    target = io.BytesIO()
    with Image.open(io.BytesIO(scan_png(dpi=60, number=number))) as page:
        page.convert("RGB" if kind != "GIF" else "P").save(target, kind, **options)
    return target.getvalue()


def pages_of_tiff(count: int, number: str, **options: object) -> bytes:
    """A scan of so many pages."""
    target = io.BytesIO()
    with Image.open(io.BytesIO(scan_png(dpi=60, number=number))) as page:
        page.convert("L").save(
            target, "TIFF", save_all=True, append_images=[page.convert("L")] * (count - 1), **options
        )
    return target.getvalue()


def _samsung() -> bytes:
    """A photograph with what telephones append: a note, a film, and their own directory."""
    film = struct.pack(">I4s4sI4s4s", 24, b"ftyp", b"mp42", 0, b"isom", b"mp42") + b"\x00\x00\x00\x08mdat" + bytes(400)
    return (
        photograph("JPEG", "1014")
        + b"\x00\x00\x30\x0a\x10\x00\x00\x00MotionPhoto_Data"
        + film
        + b"SEFH"
        + bytes(24)
        + b"SEFT"
    )


def _two_pictures() -> bytes:
    """A photograph with its preview behind it (CIPA DC-007)."""
    return photograph("JPEG", "1015") + photograph("JPEG", "1015", quality=30)


def _heic() -> bytes:
    """The boxes of a photograph of a telephone, without its pixels."""
    brand = struct.pack(">I4s4sI4s4s", 24, b"ftyp", b"heic", 0, b"mif1", b"heic")
    return brand + struct.pack(">I4s", 400, b"meta") + bytes(392) + struct.pack(">I4s", 8_008, b"mdat") + bytes(8_000)


def drawing(version: str) -> bytes:
    """The header of an AutoCAD drawing and its sections."""
    return version.encode().ljust(12, b"\0") + b"\x1e" + struct.pack("<IBBH", 0x80, 0, 0, 30) + bytes(range(256)) * 40


def _dxf(line_end: str, comment: str = "") -> bytes:
    rows = ["  0", "SECTION", "  2", "HEADER", "  9", "$ACADVER", "  1", "AC1015", "  0", "ENDSEC", "  0", "SECTION"]
    rows += [
        "  2",
        "ENTITIES",
        "  0",
        "LINE",
        "  8",
        "Tim đường",
        " 10",
        "0.0",
        " 20",
        "0.0",
        " 11",
        "10.5",
        " 21",
        "4.0",
    ]
    rows += ["  0", "ENDSEC", "  0", "EOF"]
    return line_end.join([*(["999", comment] if comment else []), *rows, ""]).encode()


def _binary_dxf() -> bytes:
    return b"AutoCAD Binary DXF\r\n\x1a\x00\x00SECTION\x00\x02HEADER\x00\x00ENDSEC\x00\x00EOF\x00" + bytes(90)


def _dgn(kind: bytes) -> bytes:
    return kind + bytes(1_532) + b"\xff\xff"


def _dgn_v8() -> bytes:
    return compound({"Dgn~S": bytes(600), "Dgn~H": bytes(600), "Dgn^Nm": bytes(600)})


def shapes(kind: int = 1) -> bytes:
    """A map of points: main file or index, which have one header (ESRI, 1998)."""
    body = struct.pack(">II", 1, 10) + struct.pack("<Idd", 1, 108.8, 15.1)
    head = struct.pack(">7I", 9994, 0, 0, 0, 0, 0, (100 + len(body)) // 2)
    return head + struct.pack("<II8d", 1000, kind, 108.8, 15.1, 108.8, 15.1, 0, 0, 0, 0) + body


def _old_workbook(text: str) -> bytes:
    """A workbook of Excel 97 with one cell."""
    label = text.encode("utf-16-le")
    sheet = struct.pack("<IBB", 0, 0, 0) + b"\x06\x00Bieu 1"
    return workbook((0x0085, sheet), (0x0204, struct.pack("<HHHHB", 0, 0, 15, len(label) // 2, 1) + label))


def _csv(separator: str, encoding: str = "utf-8-sig") -> bytes:
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=separator)
    writer.writerows(
        [["STT", "Tên cầu", "Lý trình"], [1, "Cầu Trà Khúc", "Km 1055+200"], [2, "Cầu Sông Vệ", "Km 1070"]]
    )
    return target.getvalue().encode(encoding)


def _spoken_of_scripts() -> bytes:
    text = (
        "HƯỚNG DẪN phòng ngừa mã độc\r\n\r\nKhông mở tệp .exe, .bat, .vbs gửi qua thư điện tử.\r\n"
        'Các lệnh như powershell, cmd /c, CreateObject("WScript.Shell") hoặc @echo off là dấu hiệu đáng ngờ.\r\n'
        "Nếu gặp tệp có hàm function() { ... } hay <script> trong nội dung thì báo bộ phận công nghệ thông tin.\r\n"
    )
    return text.encode()


def _updated_pdf() -> bytes:
    """A PDF with an incremental update and what some programs leave behind its end."""
    pdf = decision_pdf(number="967")
    start = int(pdf.rpartition(b"startxref\n")[2].split()[0])
    update = b"\n99 0 obj\n<< >>\nendobj\nxref\n99 1\n%010d 00000 n \ntrailer\n<< /Size 100 /Prev %d /Root %s >>\n"
    root = pdf.rpartition(b"/Root ")[2].split(b" R")[0] + b" R"
    body = update % (len(pdf) + 1, start, root)
    xref = len(pdf) + body.index(b"xref")
    return pdf + body + b"startxref\n%d\n%%%%EOF\r\n" % xref + bytes(120)


def _clean(name: str, file_name: str, make: Callable[[], bytes], declared: str = OCTETS) -> Clean:
    return Clean(name, file_name, declared, make)


_PDFS = (
    _clean("pdf-signed-or-not", "955-QĐ-SGTVT.pdf", decision_pdf, "application/pdf"),
    _clean("pdf-upper-case", "QUYET DINH.PDF", partial(decision_pdf, number="969")),
    _clean("pdf-without-extension", "Quyết định 955", partial(decision_pdf, number="956")),
    _clean("pdf-number-in-its-name", "Số 12.2017", partial(decision_pdf, number="957")),
    _clean("pdf-with-dots", "QĐ 12.3.2020 v.v.pdf", partial(decision_pdf, number="958")),
    _clean("pdf-updated", "Cong van.pdf", _updated_pdf),
    _clean("pdf-after-a-mark", "Cong van.pdf", lambda: b"\xef\xbb\xbf" + decision_pdf(number="959")),
    _clean("pdf-after-a-printer-job", "a.pdf", lambda: b"\x1b%-12345X@PJL\r\n" + decision_pdf(number="960")),
    _clean("pdf-from-a-scanner", "SCAN_0001.pdf", partial(scan_pdf, pages=1, dpi=100, number="966"), "application/pdf"),
    _clean("pdf-of-five-pages", "Bao cao.pdf", partial(decision_pdf, number="961", pages=5)),
    _clean("pdf-with-a-copied-mark", "\u200e962-QĐ.pdf", partial(decision_pdf, number="962")),
    _clean("pdf-by-its-full-path", "C:\\Users\\vanthu\\963.pdf", partial(decision_pdf, number="963")),
    _clean("pdf-with-rights-reserved", "965.pdf", partial(locked_pdf, 3, "")),
    _clean("pdf-with-rights-reserved-aes-256", "968.pdf", partial(locked_pdf, 6, "")),
    _clean("pdf-declared-wrong", "964.pdf", partial(decision_pdf, number="964"), "text/html"),
)
_WORDS = (
    _clean("docx", "Cong van.docx", partial(decision_docx, number="974"), "application/msword"),
    _clean("docx-strict", "Cong van.docx", lambda: _strict(decision_docx(number="970"))),
    _clean("docx-long", "Bao cao.docx", partial(decision_docx, number="971", pages=9)),
    _clean("doc-97", "Cong van.doc", partial(decision_doc, number="975"), "application/msword"),
    _clean("docx-without-extension", "Cong van so 972", partial(decision_docx, number="972")),
    _clean("docx-saved-again", "Cong van.docx", lambda: converted(decision_docx(number="973"), "docx", "docx")),
)
_TEXTS = (
    _clean("txt", "bao cao.txt", partial(decision_txt, number="983"), "text/plain"),
    _clean("txt-utf-16", "bao cao.txt", lambda: decision_txt(number="981").decode().encode("utf-16")),
    _clean("txt-with-mark", "bao cao.txt", lambda: decision_txt(number="982").decode().encode("utf-8-sig")),
    _clean("txt-short", "ghi chu.txt", _LETTER.encode),
    _clean("txt-about-scripts", "huong dan.txt", _spoken_of_scripts),
    _clean("csv-as-excel-writes", "bang.csv", partial(decision_csv, number="984"), "text/csv"),
    _clean("csv-semicolons", "cau.csv", partial(_csv, ";")),
    _clean("csv-tabs", "cau 2.csv", partial(_csv, "\t", "utf-16")),
    _clean("csv-plain", "cau 3.csv", partial(_csv, ",", "utf-8")),
    _clean("csv-headed-id", "phong.csv", "ID;Phòng;Người\r\n1;Văn phòng;An\r\n2;Kế toán;Bình\r\n".encode),
)
_BOOKS = (
    _clean("xlsx", "bang.xlsx", partial(decision_xlsx, number="993"), "application/vnd.ms-excel"),
    _clean("xlsx-strict", "bang.xlsx", lambda: _strict(decision_xlsx(number="990"))),
    _clean("xls-97", "bang.xls", partial(_old_workbook, "Quốc lộ 1")),
    _clean("xls-declared-wrong", "BANG.XLS", partial(_old_workbook, "Quốc lộ 24"), "text/html"),
)
_PICTURES = (
    _clean("jpeg", "anh.jpg", partial(photograph, "JPEG", "1001"), "image/jpeg"),
    _clean("jpeg-long-extension", "anh.jpeg", partial(photograph, "JPEG", "1002", quality=60)),
    _clean("jpeg-progressive", "anh 2.JPG", partial(photograph, "JPEG", "1003", progressive=True)),
    _clean("jpeg-with-a-film", "IMG_2024.jpg", _samsung),
    _clean("jpeg-with-a-preview", "DSC_0001.jpg", _two_pictures),
    _clean("png", "so do.png", partial(photograph, "PNG", "1004")),
    _clean("png-with-a-comment", "so do 2.png", lambda: photograph("PNG", "1017") + bytes(16)),
    _clean("tiff", "ban ve.tif", partial(pages_of_tiff, 1, "1010")),
    _clean("tiff-of-three-pages", "ban ve 3.tiff", partial(pages_of_tiff, 3, "1011")),
    _clean("tiff-packed", "ban ve 4.tif", partial(pages_of_tiff, 2, "1012", compression="tiff_deflate")),
    _clean("tiff-big", "ban ve 5.tif", partial(pages_of_tiff, 1, "1013", big_tiff=True)),
    _clean("bmp", "anh.bmp", partial(photograph, "BMP", "1005")),
    _clean("gif", "anh.gif", partial(photograph, "GIF", "1006")),
    _clean("webp", "anh.webp", partial(photograph, "WEBP", "1007")),
    _clean("webp-lossless", "anh 2.webp", partial(photograph, "WEBP", "1008", lossless=True)),
    _clean("jpeg-2000", "anh.jp2", partial(photograph, "JPEG2000", "1009")),
    _clean("heic", "IMG_0001.HEIC", _heic, "image/heic"),
)
_DRAWINGS = (
    *(
        _clean(f"dwg-{version.lower().replace('.', '-')}", f"Cau Tra Khuc {version}.dwg", partial(drawing, version))
        for version in ("AC1.2", "AC2.10", "AC1009", "AC1015", "AC1018", "AC1021", "AC1024", "AC1027", "AC1032")
    ),
    _clean("dxf", "Binh do.dxf", partial(_dxf, "\r\n")),
    _clean("dxf-with-a-comment", "Binh do 2.dxf", partial(_dxf, "\n", "Vẽ bằng LibreCAD")),
    _clean("dxf-binary", "Binh do 3.dxf", _binary_dxf),
    _clean("dgn-7-plane", "Trac ngang.dgn", partial(_dgn, b"\x08\x09\xfe\x02")),
    _clean("dgn-7-space", "Trac ngang 2.dgn", partial(_dgn, b"\xc8\x09\xfe\x02")),
    _clean("dgn-8", "Trac doc.dgn", _dgn_v8),
    _clean("shp", "Tuyen duong.shp", shapes),
)
CLEAN = (*_PDFS, *_WORDS, *_TEXTS, *_BOOKS, *_PICTURES, *_DRAWINGS)


def map_files(number: int) -> dict[str, bytes]:
    """The files of one map, which are taken together only."""
    field = struct.pack("<11sc4xBB14x", b"TEN", b"C", 10, 0)
    made = date(2026, 11, 23)
    header = struct.pack("<BBBBIHH20x", 3, made.year - 1900, made.month, made.day, 1, 65, 11)
    stem = f"Tuyen duong {number}"
    return {
        f"{stem}.shp": shapes(),
        f"{stem}.shx": shapes(3),
        f"{stem}.dbf": header + field + b"\r" + b" Quang Ngai" + b"\x1a",
        f"{stem}.prj": b'GEOGCS["VN-2000",DATUM["D_Vietnam_2000",SPHEROID["WGS_1984",6378137.0,298.257223563]]]',
        f"{stem}.cpg": b"UTF-8",
        f"{stem}.shp.xml": b'<?xml version="1.0" encoding="UTF-8"?>\n<metadata xml:lang="vi"><Esri/></metadata>',
    }


def _strict(content: bytes) -> bytes:
    """The same package after ISO/IEC 29500 Strict: other names of the namespaces of its main part."""
    import zipfile

    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for info in source.infolist():
            part = source.read(info)
            for transitional, strict in _STRICT:
                part = part.replace(transitional, strict)
            made.writestr(info, part)
    return target.getvalue()
