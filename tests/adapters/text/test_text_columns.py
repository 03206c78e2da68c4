"""The two columns of the head stay apart, however narrow they are and wherever they wrap."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pypdfium2 as pdfium
import pytest
from docx.shared import Cm, Pt
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from gateway.adapters.text import read_text
from gateway.adapters.text.layout import Word, build_lines
from gateway.model.header import HeaderFields
from gateway.model.page import FileText
from gateway.policy.header import DocumentTypes, read_header
from tests.documents import BOLD, REGULAR, converted, use_fonts

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LEFT = (
    "ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI",
    "SỞ XÂY DỰNG",
    "Số: 123/SXD-QLN",
    "V/v phối hợp thẩm định hồ sơ thiết kế đường tránh phía Đông năm 2027",
)
RIGHT = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Quảng Ngãi, ngày 05 tháng 11 năm 2026")
BELOW = (
    "Kính gửi: Sở Giao thông vận tải tỉnh Quảng Ngãi",
    "Thực hiện ý kiến chỉ đạo của Chủ tịch Ủy ban nhân dân tỉnh về việc rà soát hồ sơ thiết kế, Sở Xây dựng đề nghị.",
)


@pytest.fixture(scope="module")
def types() -> DocumentTypes:
    rows: list[dict[str, object]] = [{"name": "Công văn", "group": "administrative"}]
    rows.append({"name": "Quyết định", "abbreviations": ["QĐ"], "group": "administrative"})
    return DocumentTypes.from_rows(rows)


def letter(left: float, right: float, points: float) -> bytes:
    """A Word file whose head is a table with columns of these widths in centimetres."""
    document: Any = docx.Document()
    document.styles["Normal"].font.name = "DejaVu Serif"
    document.styles["Normal"].font.size = Pt(points)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    for cell, width, lines in zip(table.rows[0].cells, (left, right), (LEFT, RIGHT), strict=True):
        cell.width = Cm(width)
        cell.text = "\n".join(lines)
    for text in BELOW:
        document.add_paragraph(text)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def read(folder: Path, content: bytes, name: str, media_type: str) -> FileText:
    path = folder / name
    path.write_bytes(content)
    return read_text(path, media_type, ocr=True)


def values(header: HeaderFields) -> tuple[object, ...]:
    return header.identifier, header.issued_on, header.document_type, header.abstract, header.issuer


@pytest.mark.parametrize(("left", "right", "points"), [(8.0, 8.0, 13.0), (5.0, 6.0, 13.0), (8.5, 7.5, 14.0)])
def test_a_pdf_with_wrapped_columns_reads_as_the_word_file_it_was_made_from(
    tmp_path: Path, types: DocumentTypes, left: float, right: float, points: float
) -> None:
    word = letter(left, right, points)
    expected = read_header(read(tmp_path, word, "a.docx", WORD).pages, types)
    assert values(expected) == ("123/SXD-QLN", date(2026, 11, 5), "Công văn", LEFT[3], "SỞ XÂY DỰNG")
    printed = read(tmp_path, converted(word, "docx", "pdf"), "a.pdf", "application/pdf")
    assert len([line for line in printed.pages[0].lines if line.box and line.box.left > 0.45]) > len(RIGHT)
    found = read_header(printed.pages, types)
    assert values(found) == values(expected)
    assert found.confidence == expected.confidence


@pytest.mark.usefixtures("vietnamese_ocr")
def test_a_scan_with_wrapped_columns_keeps_them_apart(tmp_path: Path, types: DocumentTypes) -> None:
    document = pdfium.PdfDocument(converted(letter(8.0, 8.0, 13.0), "docx", "pdf"))
    picture = io.BytesIO()
    document[0].render(scale=200 / 72, grayscale=True).to_pil().save(picture, format="PNG")
    document.close()
    found = read_header(read(tmp_path, picture.getvalue(), "a.png", "image/png").pages, types)
    assert (found.identifier, found.issued_on) == ("123/SXD-QLN", date(2026, 11, 5))
    assert found.issuer == "SỞ XÂY DỰNG"
    assert found.abstract is not None
    assert "2026" not in found.abstract
    assert max(found.confidence.values()) < 0.95


def test_wrapped_pieces_at_the_height_of_left_lines_are_lines_of_their_own(
    tmp_path: Path, types: DocumentTypes
) -> None:
    use_fonts()
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1)
    rows = (
        ("UBND TỈNH QUẢNG NGÃI", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT"),
        ("SỞ XÂY DỰNG", "NAM"),
        ("Số: 123/SXD-QLN", "Độc lập - Tự do - Hạnh"),
        ("V/v thẩm định hồ sơ", "phúc"),
        ("thiết kế đường tránh", "Quảng Ngãi, ngày 05 tháng 11 năm"),
        ("phía Đông năm", "2026"),
    )
    for place, (left, right) in enumerate(rows):
        canvas.setFont(BOLD if place < 2 else REGULAR, 11)
        canvas.drawString(80, 780 - 16 * place, left)
        canvas.drawString(300, 780 - 16 * place, right)
    canvas.drawString(80, 640, BELOW[0])
    canvas.showPage()
    canvas.save()
    text = read(tmp_path, target.getvalue(), "a.pdf", "application/pdf")
    assert [line.text for line in text.pages[0].lines[:12]] == [cell for row in rows for cell in row]
    found = read_header(text.pages, types)
    assert (found.issuer, found.issued_on) == ("SỞ XÂY DỰNG", date(2026, 11, 5))
    assert found.abstract == "V/v thẩm định hồ sơ thiết kế đường tránh phía Đông năm"


def words(text: str, left: float, baseline: float, space: float = 3.0) -> list[Word]:
    made: list[Word] = []
    for place, word in enumerate(text.split()):
        right = left + 7.0 * len(word)
        made.append(
            Word(word, left, baseline - 10, right, baseline + 2, baseline, 12, order=int(baseline) * 100 + 2 * place)
        )
        left = right + space
    return made


def test_columns_closer_than_a_usual_gap_are_parted_beside_the_name_of_the_country_and_below() -> None:
    upper = words("ỦY BAN NHÂN DÂN TỈNH", 60, 100)
    edge = upper[-1].right + 9
    page = [*upper, *words("CỘNG HÒA XÃ HỘI", edge, 100)]
    lower = words("SỞ XÂY DỰNG", 60, 120)
    page += [*lower, *words("CHỦ NGHĨA VIỆT NAM", lower[-1].right + 40, 120)]
    page += words("Thực hiện ý kiến chỉ đạo của Chủ tịch về việc rà soát hồ sơ thiết kế", 60, 140)
    assert [line.text for line in build_lines(page, 600, 800)] == [
        "ỦY BAN NHÂN DÂN TỈNH",
        "CỘNG HÒA XÃ HỘI",
        "SỞ XÂY DỰNG",
        "CHỦ NGHĨA VIỆT NAM",
        "Thực hiện ý kiến chỉ đạo của Chủ tịch về việc rà soát hồ sơ thiết kế",
    ]


def test_the_name_of_the_country_within_a_line_parts_nothing() -> None:
    title = "CHỦ TỊCH NƯỚC CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    assert [line.text for line in build_lines(words(title, 60, 100), 600, 800)] == [title]


def drawn_in_two_fonts(*lines: str, turned: float = 0.0) -> bytes:
    """A page as a program prints it whose font lacks the letters of Latin Extended Additional: those come first."""
    use_fonts()
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1)
    canvas.translate(150, 300)
    canvas.rotate(turned)
    for lacking in (True, False):
        canvas.setFont(BOLD if lacking else REGULAR, 13)
        for row, line in enumerate(lines):
            left = 0.0
            for letter in line:
                other = letter > "\u1e00"
                if other is lacking and letter != " ":
                    canvas.drawString(left, -20 * row, letter)
                left += canvas.stringWidth(letter, BOLD if other else REGULAR, 13)
    canvas.save()
    return target.getvalue()


@pytest.mark.parametrize("turned", [0.0, 25.0, 90.0])
def test_words_drawn_in_pieces_of_two_fonts_are_put_together(tmp_path: Path, turned: float) -> None:
    lines = ["ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI", "Về việc tổ chức Đại hội ở Mộ Đức", "TUYỆT MẬT"]
    path = tmp_path / "pieces.pdf"
    path.write_bytes(drawn_in_two_fonts(*lines, turned=turned))
    found = [line.text for line in read_text(path, "application/pdf").pages[0].lines]
    assert sorted(found) == sorted(lines)


def test_a_figure_put_beside_a_word_is_none_of_its_letters() -> None:
    drawn = [("ngày", 0, "Text", 0), ("tháng", 40, "Text", 2), ("08", 20.5, "Seal", 9)]
    words = [Word(text, left, 0, left + 20, 10, 10, 10, order=order, font=font) for text, left, font, order in drawn]
    assert [line.text for line in build_lines(words, 100, 100)] == ["ngày 08 tháng"]
