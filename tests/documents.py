"""Documents for tests, made in memory and the same on every run.

They look like what agencies send: page 1 after Nghị định 30/2020 Phụ lục I mục IV, as PDF with an
embedded font, Word file, workbook, table, plain text or scan. Names of persons are invented.
"""

from __future__ import annotations

import atexit
import io
import random
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypedDict, Unpack

import docx
import openpyxl
import pypdfium2 as pdfium
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONTS = Path("/usr/share/fonts/truetype/dejavu")
REGULAR, BOLD = "DejaVuSerif", "DejaVuSerif-Bold"
COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
BODY = (
    "Căn cứ Quyết định của Ủy ban nhân dân tỉnh về chức năng, nhiệm vụ và quyền hạn của Sở;",
    "Xét đề nghị của Chánh Văn phòng Sở,",
    "Điều 1. Ban hành kèm theo văn bản này các nội dung về quản lý kết cấu hạ tầng giao thông.",
    "Điều 2. Văn bản này có hiệu lực kể từ ngày ký.",
    "Điều 3. Chánh Văn phòng, trưởng các phòng và các đơn vị có liên quan chịu trách nhiệm thi hành./.",
)
_SAME_TIME = (2020, 1, 1, 0, 0, 0)
_WIDTH, _HEIGHT = A4
_LEFT, _RIGHT = 150.0, 400.0


class Fields(TypedDict, total=False):
    """What of a decision can be set; the defaults are those of Decision."""

    number: str
    notation: str
    issued_on: date
    document_type: str
    abstract: str
    issuer: str
    superior: str
    place: str
    signer: str
    capacity: str
    addressees: tuple[str, ...]
    mark: str


@dataclass(frozen=True)
class Decision:
    """An official document. An empty `document_type` makes a công văn, whose abstract stands under the number."""

    number: str = "955"
    notation: str = "QĐ-SGTVT"
    issued_on: date = date(2017, 9, 7)
    document_type: str = "QUYẾT ĐỊNH"
    abstract: str = "Về việc ban hành Quy chế quản lý và sử dụng phần mềm Văn phòng điện tử"
    issuer: str = "SỞ GIAO THÔNG VẬN TẢI"
    superior: str = "UBND TỈNH QUẢNG NGÃI"
    place: str = "Quảng Ngãi"
    signer: str = "Nguyễn Văn Bình"
    capacity: str = "GIÁM ĐỐC"
    addressees: tuple[str, ...] = ()
    mark: str = ""

    @property
    def left(self) -> tuple[str, ...]:
        """The left column of the head."""
        subject = () if self.document_type else (f"V/v {self.abstract.removeprefix('Về việc ')}",)
        return (self.superior, self.issuer, f"Số: {self.number}/{self.notation}", *subject)

    @property
    def right(self) -> tuple[str, ...]:
        """The right column of the head; days and the first two months have two digits."""
        day, month = self.issued_on.day, self.issued_on.month
        shown = f"{month:02d}" if month <= 2 else str(month)
        return (COUNTRY, MOTTO, f"{self.place}, ngày {day:02d} tháng {shown} năm {self.issued_on.year}")

    @property
    def title(self) -> tuple[str, ...]:
        """Type and abstract, or to whom a công văn goes."""
        if self.document_type:
            return (self.document_type, self.abstract)
        return (f"Kính gửi: {'; '.join(self.addressees or ('Sở Giao thông vận tải tỉnh Quảng Ngãi',))}",)


def decision_pdf(*, pages: int = 2, size: int | None = None, **fields: Unpack[Fields]) -> bytes:
    """A PDF of `pages` pages with text, padded to exactly `size` bytes where that is more."""
    plain = _pdf(Decision(**fields), pages, "")
    if size is None or size <= len(plain):
        return plain
    # A longer file may also need a longer offset at its end, so the difference is taken twice.
    padding = size - len(plain) - (len(_pdf(Decision(**fields), pages, _noise(size - len(plain)))) - size)
    return _pdf(Decision(**fields), pages, _noise(padding))


def decision_docx(*, pages: int = 2, **fields: Unpack[Fields]) -> bytes:
    """A Word file whose head is a table of two cells, as Word users make it."""
    decision = Decision(**fields)
    document = docx.Document()
    _dated(document.core_properties)
    head = document.add_table(rows=1, cols=2)
    for cell, lines in zip(head.rows[0].cells, (decision.left, decision.right), strict=True):
        cell.paragraphs[0].text = lines[0]
        for line in lines[1:]:
            cell.add_paragraph(line)
        for paragraph in cell.paragraphs:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if decision.mark:
        document.add_paragraph(decision.mark)
    for line in decision.title:
        document.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for page in range(pages):
        if page:
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        for line in BODY:
            document.add_paragraph(line)
    foot = document.add_table(rows=1, cols=2)
    foot.rows[0].cells[0].text = "Nơi nhận:\n- Như trên;\n- Lưu: VT."
    foot.rows[0].cells[1].text = f"{decision.capacity}\n\n\n{decision.signer}"
    return _saved(document)


def decision_doc(*, pages: int = 2, **fields: Unpack[Fields]) -> bytes:
    """The same as a Word 97–2003 file, through LibreOffice; made once a run."""
    return converted(decision_docx(pages=pages, **fields), "docx", "doc")


def decision_xlsx(**fields: Unpack[Fields]) -> bytes:
    """A workbook with the head in cells, a small table, and an empty second sheet."""
    decision = Decision(**fields)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Danh mục"
    for row in _rows(decision):
        sheet.append(row)
    book.create_sheet("Trống")
    return _saved(book)


def decision_csv(**fields: Unpack[Fields]) -> bytes:
    """A comma-separated table in UTF-8 with its mark, as Excel writes it."""
    decision = Decision(**fields)
    rows = [
        ["STT", "Số, ký hiệu", "Ngày ban hành", "Trích yếu"],
        ["1", f"{decision.number}/{decision.notation}", f"{decision.issued_on:%d/%m/%Y}", decision.abstract],
        ["2", "899/QĐ-SGTVT", "10/08/2015", "Quy chế cũ"],
    ]
    text = "".join(",".join(f'"{cell}"' if "," in cell else cell for cell in row) + "\r\n" for row in rows)
    return text.encode("utf-8-sig")


def decision_txt(**fields: Unpack[Fields]) -> bytes:
    """Plain text in UTF-8, head first, one page."""
    decision = Decision(**fields)
    lines = (*decision.left, *decision.right, *decision.title, *BODY, decision.capacity, decision.signer)
    return "\r\n".join(lines).encode()


def scan_png(*, dpi: int = 200, **fields: Unpack[Fields]) -> bytes:
    """Page 1 as a picture."""
    return _encoded(_pictures(decision_pdf(pages=1, **fields), dpi)[0])


def scan_pdf(*, pages: int = 2, dpi: int = 200, **fields: Unpack[Fields]) -> bytes:
    """A PDF whose pages are pictures and hold no text."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1)
    for picture in _pictures(decision_pdf(pages=pages, **fields), dpi):
        canvas.drawImage(ImageReader(picture), 0, 0, _WIDTH, _HEIGHT)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def regulation_files(folder: Path, text: str) -> tuple[Path, Path, Path]:
    """A long text as PDF, Word file and Word 97–2003 file in `folder`, named `quy-che.*`."""
    document = docx.Document()
    _dated(document.core_properties)
    for line in text.splitlines():
        document.add_paragraph(line)
    word = _saved(document)
    contents = {"pdf": _flowing_pdf(text), "docx": word, "doc": converted(word, "docx", "doc")}
    paths = [folder / f"quy-che.{suffix}" for suffix in contents]
    for path, content in zip(paths, contents.values(), strict=True):
        path.write_bytes(content)
    return paths[0], paths[1], paths[2]


@cache
def converted(content: bytes, source: str, target: str) -> bytes:
    """`content` converted by LibreOffice from one suffix to another; fails naming the Debian package."""
    program = shutil.which("soffice")
    assert program, "soffice is missing: install the Debian package libreoffice-writer-nogui"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"document.{source}"
        path.write_bytes(content)
        made = Path(folder) / "made" / f"document.{target}"
        profile = f"-env:UserInstallation={Path(_profile().name).as_uri()}"
        command = [program, profile, "--headless", "--convert-to", target, "--outdir", str(made.parent), str(path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
        assert made.exists(), f"LibreOffice made no {target}: {done.stdout}{done.stderr}"
        return made.read_bytes()


@cache
def _profile() -> tempfile.TemporaryDirectory[str]:
    """LibreOffice's own settings, made once a run, which saves it a second each time."""
    profile = tempfile.TemporaryDirectory()
    atexit.register(profile.cleanup)
    return profile


def use_fonts() -> None:
    """Register the fonts with reportlab; fails naming the Debian package."""
    for name in (REGULAR, BOLD):
        path = FONTS / f"{name}.ttf"
        assert path.exists(), f"{path} is missing: install the Debian package fonts-dejavu-core"
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(path)))


def _pdf(decision: Decision, pages: int, padding: str) -> bytes:
    use_fonts()
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1)
    canvas.setTitle("Văn bản")
    if padding:
        canvas.setKeywords(padding)
    _head(canvas, decision)
    for page in range(1, pages + 1):
        top = 560.0 if page == 1 else 760.0
        if page > 1:
            _put(canvas, _WIDTH / 2, 800, str(page))
        _paragraphs(canvas, BODY, top)
        if page == pages:
            _foot(canvas, decision)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _head(canvas: Canvas, decision: Decision) -> None:
    styles = ((REGULAR, 9), (BOLD, 9), (REGULAR, 10))
    for x, lines in ((_LEFT, decision.left[:3]), (_RIGHT, decision.right)):
        for line, (font, points), y in zip(lines, styles, (780, 765, 735), strict=True):
            _put(canvas, x, y, line, font if line != COUNTRY else BOLD, points)
    for place, line in enumerate(_wrapped(" ".join(decision.left[3:]), REGULAR, 9, 190)):
        _put(canvas, _LEFT, 715 - 12 * place, line, REGULAR, 9)
    if decision.mark:
        canvas.rect(_LEFT - 45, 672, 90, 20)
        _put(canvas, _LEFT, 678, decision.mark, BOLD, 11)
    below = 645.0
    for font, text in zip((BOLD, REGULAR), decision.title, strict=False):
        for line in _wrapped(text, font, 11, 400):
            _put(canvas, _WIDTH / 2, below, line, font, 11)
            below -= 16


def _foot(canvas: Canvas, decision: Decision) -> None:
    for line, y in zip(("Nơi nhận:", "- Như trên;", "- Lưu: VT."), (200, 187, 174), strict=True):
        canvas.setFont(REGULAR, 9)
        canvas.drawString(85, y, line)
    _put(canvas, _RIGHT, 200, decision.capacity, BOLD, 11)
    _put(canvas, _RIGHT, 120, decision.signer, BOLD, 11)


def _put(canvas: Canvas, x: float, y: float, text: str, font: str = REGULAR, points: float = 10) -> None:
    canvas.setFont(font, points)
    canvas.drawCentredString(x, y, text)


def _paragraphs(canvas: Canvas, lines: Iterable[str], top: float) -> None:
    canvas.setFont(REGULAR, 11)
    for line in lines:
        for row in _wrapped(line, REGULAR, 11, 430):
            canvas.drawString(85, top, row)
            top -= 17


def _wrapped(text: str, font: str, points: float, width: float) -> list[str]:
    rows: list[str] = []
    for word in text.split():
        longer = f"{rows[-1]} {word}" if rows else word
        if rows and pdfmetrics.stringWidth(longer, font, points) <= width:
            rows[-1] = longer
        else:
            rows.append(word)
    return rows


def _flowing_pdf(text: str) -> bytes:
    use_fonts()
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1)
    rows = [row for line in text.splitlines() for row in _wrapped(line, REGULAR, 11, 430) or [""]]
    for start in range(0, len(rows), 40):
        canvas.setFont(REGULAR, 11)
        for place, row in enumerate(rows[start : start + 40]):
            canvas.drawString(85, 770 - 17 * place, row)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _rows(decision: Decision) -> list[list[str | int | None]]:
    head: list[list[str | int | None]] = [
        [left, None, right] for left, right in zip(decision.left, decision.right, strict=False)
    ]
    return [
        *head,
        [" ".join(decision.title)],
        ["STT", "Nội dung", "Ghi chú"],
        [1, "Quốc lộ 1", None],
        [2, "Quốc lộ 24", None],
    ]


def _pictures(content: bytes, dpi: int) -> list[Image.Image]:
    document = pdfium.PdfDocument(content)
    try:
        return [page.render(scale=dpi / 72, grayscale=True).to_pil() for page in document]
    finally:
        document.close()


def _encoded(picture: Image.Image) -> bytes:
    target = io.BytesIO()
    picture.save(target, format="PNG")
    return target.getvalue()


def _noise(length: int) -> str:
    return random.Random(955).randbytes(length // 2 + 1).hex()[:length]


def _dated(properties: Any) -> None:
    properties.created = properties.modified = datetime(*_SAME_TIME)  # noqa: DTZ001  OOXML wants it naive


def _saved(document: Any) -> bytes:
    """An OOXML package with fixed times in place of the present."""
    written, target = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as fixed:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT[\d:.]+Z", b"2020-01-01T00:00:00Z", content)
            fixed.writestr(zipfile.ZipInfo(name, _SAME_TIME), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()
