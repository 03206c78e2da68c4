"""Documents that bear a mark of state secrecy, as offices print it and as somebody would disguise it."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

import docx
import openpyxl
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from openpyxl.worksheet.worksheet import Worksheet

from tests.attacks.attack import Attack
from tests.attacks.scans import Stamp, scanned_jpeg, scanned_pdf, scanned_png
from tests.documents import converted, decision_docx, decision_pdf, decision_txt, decision_xlsx

FAMILY = "secret"
EXPECT = frozenset({"state_secret"})
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOC, XLS, ODT, RTF = (
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.oasis.opendocument.text",
    "application/rtf",
)
TXT, PNG, JPEG = "text/plain", "image/png", "image/jpeg"
HEAD = (
    "CÔNG AN TỈNH\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "PHÒNG THAM MƯU\tĐộc lập - Tự do - Hạnh phúc",
    "Số: 12/BC-PV01\tQuảng Ngãi, ngày 03 tháng 3 năm 2025",
)
BODY = (
    "BÁO CÁO",
    "Tình hình quý I",
    "Kính gửi: Giám đốc Sở",
    "Thực hiện chỉ đạo của cấp trên, đơn vị báo cáo như sau.",
)
SPACED = "".join(f"{letter}\u200b" for letter in "TUYỆT MẬT")
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_V = "urn:schemas-microsoft-com:vml"
_SAME_TIME = (2020, 1, 1, 0, 0, 0)


def fixed(content: bytes, change: Callable[[str, bytes], bytes] = lambda _, part: part) -> bytes:
    """A package with the same times on every run, each part put through `change`."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            made.writestr(zipfile.ZipInfo(name, _SAME_TIME), change(name, source.read(name)), zipfile.ZIP_DEFLATED)
    return target.getvalue()


def word(edit: Callable[[Any], None], **fields: Any) -> bytes:
    """A decision as a Word file, edited."""
    document = docx.Document(io.BytesIO(decision_docx(**fields)))
    edit(document)
    target = io.BytesIO()
    document.save(target)
    return fixed(target.getvalue())


def flowing(*lines: str) -> bytes:
    """A Word file that is nothing but paragraphs."""
    document = docx.Document()
    document.core_properties.created = document.core_properties.modified = datetime(2020, 1, 1)  # noqa: DTZ001
    for line in lines:
        document.add_paragraph(line)
    target = io.BytesIO()
    document.save(target)
    return fixed(target.getvalue())


def text(*lines: str, encoding: str = "utf-8") -> bytes:
    """A text file."""
    return "\r\n".join(lines).encode(encoding)


def rtf(*lines: str) -> bytes:
    """An RTF file in which every letter that is not ASCII is a Unicode escape."""
    escaped = (
        "".join(letter if ord(letter) < 128 else f"\\u{ord(letter)}?" for letter in unicodedata.normalize("NFC", line))
        for line in lines
    )
    return b"{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Times New Roman;}}\n" + "\\par\n".join(escaped).encode() + b"}"


def in_header(mark: str, document: Any) -> None:
    """The mark as a running header."""
    document.sections[0].header.paragraphs[0].text = mark


def in_footer(mark: str, document: Any) -> None:
    """The mark at the foot of every page."""
    document.sections[0].footer.paragraphs[0].text = mark


def in_text_box(mark: str, document: Any) -> None:
    """The mark in a text box of the first paragraph, as VML has it."""
    box = (
        f'<w:r xmlns:w="{_W}" xmlns:v="{_V}"><w:pict><v:shape style="width:90pt;height:20pt"><v:textbox><w:txbxContent>'
        f"<w:p><w:r><w:t>{mark}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    document.paragraphs[0]._p.append(parse_xml(box))


def as_watermark(mark: str, document: Any) -> None:
    """The mark as WordArt behind the text, whose words are an attribute."""
    art = (
        f'<w:r xmlns:w="{_W}" xmlns:v="{_V}"><w:pict><v:shape style="width:400pt;height:100pt">'
        f'<v:textpath string="{mark}"/></v:shape></w:pict></w:r>'
    )
    document.sections[0].header.paragraphs[0]._p.append(parse_xml(art))


def annexed(document: Any) -> None:
    """An ordinary letter whose annex, on a page of its own, is secret."""
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    for line in ("TỐI MẬT", *HEAD, *BODY):
        document.add_paragraph(line)


def run_on(document: Any) -> None:
    """A secret report in the middle of an ordinary file, without a page break."""
    for line in (*HEAD[0].split("\t"), *HEAD[1].split("\t"), *HEAD[2].split("\t"), "MẬT", *BODY):
        document.add_paragraph(line)


def in_table(document: Any) -> None:
    """The mark in a framed cell of its own."""
    table = document.add_table(rows=1, cols=1)
    table.rows[0].cells[0].text = "TUYỆT MẬT"
    document.paragraphs[0]._p.addprevious(table._tbl)


def sheet(edit: Callable[[Worksheet], None]) -> bytes:
    """A workbook, edited."""
    book = openpyxl.load_workbook(io.BytesIO(decision_xlsx()))
    edit(book.worksheets[0])
    target = io.BytesIO()
    book.save(target)
    return fixed(target.getvalue(), _without_time)


def _without_time(name: str, content: bytes) -> bytes:
    return b"" if name == "docProps/core.xml" and not content else content


def in_first_row(ws: Worksheet) -> None:
    """The mark above the head of the sheet."""
    ws.insert_rows(1)
    ws["A1"] = "TỐI MẬT"


def beside_the_number(ws: Worksheet) -> None:
    """The mark in a cell of the row of the number."""
    ws["B3"] = "MẬT"


def in_sheet_header(ws: Worksheet) -> None:
    """The mark in the header of printed pages."""
    ws.oddHeader.center.text = "MẬT"


LINES = {
    "mat": "MẬT",
    "toi-mat": "TỐI MẬT",
    "tuyet-mat": "TUYỆT MẬT",
    "title-case": "Tối mật",
    "brackets": "[ MẬT ]",
    "small-in-brackets": "(mật)",
    "asterisks": "*** TỐI MẬT ***",
    "angles": "<<TUYỆT MẬT>>",
    "letter-spaced": "M Ậ T",
    "two-words-letter-spaced": "T Ố I   M Ậ T",
    "hyphenated": "TUYỆT-MẬT",
    "dotted": "M.Ậ.T",
    "label": "Độ mật: Mật",
    "label-capitals": "ĐỘ MẬT: TUYỆT MẬT",
    "label-small": "Mức độ mật: tối mật",
    "with-urgency": "MẬT - HỎA TỐC",
    "with-urgency-first": "KHẨN/TỐI MẬT",
    "with-copy-number": "MẬT          Bản số: 02/05",
    "zero-width": SPACED,
    "soft-hyphens": "M\u00adẬ\u00adT",
    "cyrillic": "TUYỆТ МẬТ",
    "greek": "ΜẬΤ",
    "decomposed": unicodedata.normalize("NFD", "TỐI MẬT"),
    "mathematical-bold": "𝐌Ậ𝐓",
    "full-width": "ＴỐＩ ＭẬＴ",
    "underlined-by-combining": "M\u0332Ậ\u0332T\u0332",
    "struck-by-combining": "T\u0336Ố\u0336I\u0336 M\u0336Ậ\u0336T\u0336",
    "no-break-space": "TUYỆT\u00a0MẬT",
    "hangul-fillers": "M\u3164Ậ\u3164T",
    "without-accents": "TUYET MAT",
    "envelope": "CHỈ NGƯỜI CÓ TÊN MỚI ĐƯỢC BÓC BÌ",
    "document-secret": "TÀI LIỆU TỐI MẬT",
    "tone-on-other-vowel": "TUỴÊT MẬT",
}
NAMES = {
    "whole": "MẬT.pdf",
    "bracketed": "[Mật] QĐ 12.pdf",
    "bracketed-no-accents": "[MAT] QD 12.pdf",
    "at-end": "QD-12-TOI-MAT.pdf",
    "one-word": "cv_tuyetmat.docx",
    "humps": "BaoCaoTuyetMat.docx",
    "figures-before": "QD12TOIMAT.pdf",
    "after-number": "CV 12 MẬT.pdf",
    "parenthesised": "Bao cao quy I (Mật).docx",
    "document-with-number": "Công văn mật số 15.pdf",
    "two-endings": "TỐI MẬT - KH 05.pdf.txt",
    "small-capital-contrast": "Báo cáo MẬT tình hình biên giới.docx",
    "cyrillic": "[МẬТ] QD.pdf",
    "spaced": "M Ậ T - QĐ 12.pdf",
}
WORD: dict[str, Callable[[Any], None]] = {
    "header": partial(in_header, "MẬT"),
    "header-label": partial(in_header, "Độ mật: Tối mật"),
    "footer": partial(in_footer, "TUYỆT MẬT"),
    "text-box": partial(in_text_box, "TỐI MẬT"),
    "watermark": partial(as_watermark, "TUYỆT MẬT"),
    "annex": annexed,
    "second-document": run_on,
    "cell": in_table,
}
SHEETS: dict[str, Callable[[Worksheet], None]] = {
    "first-row": in_first_row,
    "beside-number": beside_the_number,
    "header": in_sheet_header,
}
STAMPS = {
    "red": Stamp("MẬT", colour="red"),
    "red-turned": Stamp("TỐI MẬT", colour="red", turned=4),
    "page-skewed": Stamp("TUYỆT MẬT", skewed=1.5),
    "coarse": Stamp("TỐI MẬT", dpi=120),
    "fine": Stamp("MẬT", dpi=300, colour="red"),
}


def _attack(name: str, file_name: str, declared: str, make: Callable[[], bytes]) -> Attack:
    return Attack(f"secret-{name}", FAMILY, file_name, declared, make, EXPECT)


def _attacks() -> Iterator[Attack]:
    for name, mark in LINES.items():
        yield _attack(f"docx-{name}", "bao-cao.docx", DOCX, partial(decision_docx, mark=mark))
    for name in ("mat", "toi-mat", "tuyet-mat", "brackets", "letter-spaced", "label", "with-urgency"):
        yield _attack(f"pdf-{name}", "bao-cao.pdf", PDF, partial(decision_pdf, mark=LINES[name]))
    for name in ("mat", "two-words-letter-spaced", "cyrillic"):
        lines = (*HEAD, LINES[name], *BODY)
        yield _attack(f"txt-{name}", "bao-cao.txt", TXT, partial(text, *lines))
        yield _attack(f"rtf-{name}", "bao-cao.rtf", RTF, partial(rtf, *"\t".join(lines).split("\t")))
    yield _attack("txt-utf-16", "bao-cao.txt", TXT, partial(text, *HEAD, "MẬT", *BODY, encoding="utf-16"))
    yield _attack("docx-first-line", "bao-cao.docx", DOCX, partial(flowing, "MẬT", "Kế hoạch", *BODY))
    for name, edit in WORD.items():
        yield _attack(f"docx-in-{name}", "quyet-dinh.docx", DOCX, partial(word, edit))
    for name, edit_sheet in SHEETS.items():
        yield _attack(f"xlsx-{name}", "bang.xlsx", XLSX, partial(sheet, edit_sheet))
    yield _attack("doc", "bao-cao.doc", DOC, lambda: converted(decision_docx(mark="TỐI MẬT"), "docx", "doc"))
    yield _attack("odt", "bao-cao.odt", ODT, lambda: converted(decision_docx(mark="MẬT"), "docx", "odt"))
    yield _attack("odt-header", "bao-cao.odt", ODT, lambda: converted(word(WORD["header"]), "docx", "odt"))
    yield _attack("xls", "bang.xls", XLS, lambda: converted(sheet(in_first_row), "xlsx", "xls"))
    for name, file_name in NAMES.items():
        yield _attack(f"name-{name}", file_name, TXT, decision_txt)
    for name, stamp in STAMPS.items():
        yield _attack(f"png-{name}", "quet.png", PNG, partial(scanned_png, stamp))
    yield _attack("jpeg", "quet.jpg", JPEG, partial(scanned_jpeg, Stamp("TUYỆT MẬT", colour="red", turned=-3)))
    yield _attack("pdf-scan", "quet.pdf", PDF, partial(scanned_pdf, Stamp("MẬT", colour="red", turned=2)))
    yield _attack("pdf-scan-annex", "quet.pdf", PDF, partial(scanned_pdf, Stamp(""), Stamp("MẬT"), Stamp("")))


ATTACKS = tuple(_attacks())
