"""Packages of Word and Excel since 2007, with whatever relationships and parts a test wants."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

HEADER = '<?xml version="1.0" encoding="UTF-8"?>'
_TIME = (2020, 1, 1, 0, 0, 0)
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD_NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_SHEET_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LETTER = (
    "ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI",
    "SỞ GIAO THÔNG VẬN TẢI",
    "Số: 955/SGTVT-VP",
    "Quảng Ngãi, ngày 02 tháng 01 năm 2020",
    "Kính gửi: Ủy ban nhân dân các huyện, thành phố.",
    "Sở Giao thông vận tải đề nghị các đơn vị báo cáo tình hình quản lý kết cấu hạ tầng giao thông.",
)

Link = tuple[str, str, bool]
"""Type of a relationship (its last word), target, and whether it leads out."""


def relations(links: Sequence[Link]) -> bytes:
    """A part of relationships, numbered rId1, rId2, …"""
    rows = []
    for number, (kind, target, external) in enumerate(links, 1):
        kind_of = kind if "://" in kind else f"{RELATIONSHIPS}/{kind}"
        mode = ' TargetMode="External"' if external else ""
        rows.append(f'<Relationship Id="rId{number}" Type="{kind_of}" Target="{_escaped(target)}"{mode}/>')
    head = f'{HEADER}<Relationships xmlns="{_PACKAGE}/relationships">'
    return f"{head}{''.join(rows)}</Relationships>".encode()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A ZIP archive, the same on every run."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _TIME), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _types(main: str, main_type: str, more: Mapping[str, str]) -> bytes:
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in {main: main_type, **more}.items()
    )
    defaults = "".join(
        f'<Default Extension="{extension}" ContentType="{kind}"/>'
        for extension, kind in (
            ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
            ("xml", "application/xml"),
            ("bin", "application/vnd.openxmlformats-officedocument.oleObject"),
            ("png", "image/png"),
        )
    )
    return f'{HEADER}<Types xmlns="{_PACKAGE}/content-types">{defaults}{overrides}</Types>'.encode()


def paragraph(content: str) -> str:
    """A paragraph of runs that are written already."""
    return f"<w:p>{content}</w:p>"


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{_escaped(text)}</w:t></w:r>'


def code(text: str) -> str:
    """A piece of a field's code in a run of its own."""
    return f'<w:r><w:instrText xml:space="preserve">{_escaped(text)}</w:instrText></w:r>'


def mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def complex_field(*codes: str, result: str = "!Lỗi") -> str:
    """A field whose code is cut into the runs given."""
    return mark("begin") + "".join(codes) + mark("separate") + run(result) + mark("end")


def word_xml(body: str = "", root: str = "document") -> bytes:
    """A part with the letter and `body` after it (or `body` alone outside the main part)."""
    letter = "".join(paragraph(run(line)) for line in LETTER) if root == "document" else ""
    inner = f"<w:body>{letter}{body}<w:sectPr/></w:body>" if root == "document" else body
    spaces = f'xmlns:w="{WORD_NS}" xmlns:r="{RELATIONSHIPS}" xmlns:o="urn:schemas-microsoft-com:office:office"'
    return f"{HEADER}<w:{root} {spaces}>{inner}</w:{root}>".encode()


def docx(
    body: str = "",
    links: Sequence[Link] = (),
    parts: Mapping[str, bytes] | None = None,
    *,
    types: Mapping[str, str] | None = None,
    main_type: str = _WORD_MAIN,
    root_links: Sequence[Link] = (),
) -> bytes:
    """A Word document with the letter, `body`, relationships of the main part and more parts."""
    return zipped(
        {
            "[Content_Types].xml": _types("word/document.xml", main_type, types or {}),
            "_rels/.rels": relations([("officeDocument", "word/document.xml", False), *root_links]),
            "word/document.xml": word_xml(body),
            "word/_rels/document.xml.rels": relations(links),
            **(parts or {}),
        }
    )


def sheet_xml(cells: str = "") -> bytes:
    """A worksheet with a heading and `cells`, rows that are written already."""
    heading = '<row r="1"><c r="A1" t="inlineStr"><is><t>Số thứ tự</t></is></c><c r="B1"><v>5</v></c></row>'
    return f'{HEADER}<worksheet xmlns="{SHEET_NS}"><sheetData>{heading}{cells}</sheetData></worksheet>'.encode()


def formula(text: str, row: int = 2) -> str:
    """A row with one formula."""
    return f'<row r="{row}"><c r="A{row}"><f>{_escaped(text)}</f><v>0</v></c></row>'


def xlsx(
    cells: str = "",
    links: Sequence[Link] = (),
    parts: Mapping[str, bytes] | None = None,
    *,
    types: Mapping[str, str] | None = None,
    main_type: str = _SHEET_MAIN,
    names: str = "",
    sheets: str = "",
) -> bytes:
    """A workbook of one sheet with `cells`, relationships of the workbook and more parts."""
    book = (
        f'<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="{SHEET_NS}" xmlns:r="{RELATIONSHIPS}"><sheets>'
        f'<sheet name="Trang1" sheetId="1" r:id="rId1"/>{sheets}</sheets>{names}</workbook>'
    )
    return zipped(
        {
            "[Content_Types].xml": _types(
                "xl/workbook.xml", main_type, {"xl/worksheets/sheet1.xml": _SHEET, **(types or {})}
            ),
            "_rels/.rels": relations([("officeDocument", "xl/workbook.xml", False)]),
            "xl/workbook.xml": book.encode(),
            "xl/_rels/workbook.xml.rels": relations([("worksheet", "worksheets/sheet1.xml", False), *links]),
            "xl/worksheets/sheet1.xml": sheet_xml(cells),
            **(parts or {}),
        }
    )
