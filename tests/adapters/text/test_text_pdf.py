"""PDF: pages, places, what is stamped in later, scans."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from gateway.adapters.text import read_text
from gateway.adapters.text.pdf import PLACED_PAGES
from gateway.model.page import FileText, Line, TextEncoding, TextSource
from tests.documents import BOLD, REGULAR, decision_pdf, scan_pdf, scan_png, use_fonts

PDF = "application/pdf"
SIGNED = Path(__file__).parents[4] / "shared/corpora/signed-pdf/vn-vgca"


def read(folder: Path, content: bytes, *, ocr: bool = True) -> FileText:
    path = folder / "document.pdf"
    path.write_bytes(content)
    return read_text(path, PDF, ocr=ocr)


def line(text: FileText, beginning: str) -> Line:
    return next(each for each in text.pages[0].lines if each.text.startswith(beginning))


def canvas_pdf(draw: Callable[[Canvas], object], **options: object) -> bytes:
    use_fonts()
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1, **options)
    canvas.setFont(REGULAR, 11)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def test_every_page_is_counted_and_read(tmp_path: Path) -> None:
    text = read(tmp_path, decision_pdf(pages=3))
    assert text.page_count == 3
    assert [page.number for page in text.pages] == [1, 2, 3]
    assert text.encoding is TextEncoding.UNICODE
    assert not text.encrypted
    assert text.notes == ()


def test_pages_deep_inside_a_long_document_are_read_without_places(tmp_path: Path) -> None:
    text = read(tmp_path, decision_pdf(pages=PLACED_PAGES + 3))
    assert text.page_count == len(text.pages) == PLACED_PAGES + 3
    inner, last = text.pages[-2], text.pages[-1]
    assert inner.lines[0].text == str(PLACED_PAGES + 2)
    assert any("Điều 3." in line.text for line in inner.lines)
    assert {line.box for line in inner.lines} == {None}
    assert all(line.box is not None for line in last.lines)


def test_the_two_columns_of_the_head_are_separate_lines_with_places(tmp_path: Path) -> None:
    text = read(tmp_path, decision_pdf())
    assert [each.text for each in text.pages[0].lines[:6]] == [
        "UBND TỈNH QUẢNG NGÃI",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "SỞ GIAO THÔNG VẬN TẢI",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 955/QĐ-SGTVT",
        "Quảng Ngãi, ngày 07 tháng 9 năm 2017",
    ]
    number, place = line(text, "Số:").box, line(text, "Quảng Ngãi,").box
    assert number is not None
    assert place is not None
    assert number.right < place.left
    assert number.top == pytest.approx(place.top, abs=0.01)
    assert 0 < number.top < 0.2


def test_recipients_and_signer_of_the_last_page_are_separate_lines(tmp_path: Path) -> None:
    last = [each.text for each in read(tmp_path, decision_pdf(pages=2)).pages[-1].lines]
    assert last[-5:] == ["Nơi nhận:", "GIÁM ĐỐC", "- Như trên;", "- Lưu: VT.", "Nguyễn Văn Bình"]


def test_a_mark_in_its_frame_stands_alone(tmp_path: Path) -> None:
    assert line(read(tmp_path, decision_pdf(mark="HỎA TỐC")), "HỎA").text == "HỎA TỐC"


def test_number_and_day_from_form_fields_go_into_the_gaps_left_for_them(tmp_path: Path) -> None:
    """Signing tools write them into the appearance of a field, so that the signed page need not change."""

    def draw(canvas: Canvas) -> None:
        canvas.drawString(80, 730, "Số:")
        canvas.drawString(130, 730, "/TB-UBND")
        canvas.drawString(300, 730, "Quảng Ngãi, ngày")
        canvas.drawString(425, 730, "tháng 01 năm 2025")
        for name, value, x in (("so", "11", 104), ("ngay", "08", 401)):
            canvas.acroForm.textfield(
                name=name, value=value, x=x, y=727, width=24, height=14, borderWidth=0, fontSize=11, fillColor=None
            )

    text = read(tmp_path, canvas_pdf(draw))
    assert [each.text for each in text.pages[0].lines] == ["Số: 11/TB-UBND", "Quảng Ngãi, ngày 08 tháng 01 năm 2025"]


def test_gaps_that_nobody_filled_stay_within_their_line(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(80, 730, "Số:")
        canvas.drawString(130, 730, "/QĐ-SGTVT")
        canvas.drawString(300, 730, "Quảng Ngãi, ngày")
        canvas.drawString(425, 730, "tháng 9 năm 2017")

    text = read(tmp_path, canvas_pdf(draw))
    assert [each.text for each in text.pages[0].lines] == ["Số: /QĐ-SGTVT", "Quảng Ngãi, ngày tháng 9 năm 2017"]


def test_the_file_is_not_changed_by_reading_it(tmp_path: Path) -> None:
    content = canvas_pdf(lambda canvas: canvas.acroForm.textfield(name="so", value="11", x=90, y=700))
    read(tmp_path, content)
    assert (tmp_path / "document.pdf").read_bytes() == content


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_read_as_it_is_shown(tmp_path: Path, turn: int) -> None:
    document = pdfium.PdfDocument(decision_pdf(pages=1))
    document[0].set_rotation(turn)
    target = io.BytesIO()
    document.save(target)
    document.close()
    text = read(tmp_path, target.getvalue())
    number = line(text, "Số: 955").box
    assert number is not None
    middle = ((number.left + number.right) / 2, (number.top + number.bottom) / 2)
    upright = (0.252, 0.123)
    expected = {
        90: (1 - upright[1], upright[0]),
        180: (1 - upright[0], 1 - upright[1]),
        270: (upright[1], 1 - upright[0]),
    }[turn]
    assert middle == pytest.approx(expected, abs=0.02)


def test_a_slanted_stamp_is_one_line(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(80, 730, "Số: 12/SGTVT-VP")
        canvas.translate(300, 690)
        canvas.rotate(20)
        canvas.setFont(BOLD, 16)
        canvas.drawString(0, 0, "HỎA TỐC")

    assert {each.text for each in read(tmp_path, canvas_pdf(draw)).pages[0].lines} == {"Số: 12/SGTVT-VP", "HỎA TỐC"}


def test_text_beside_the_page_is_not_read(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(80, 730, "Thấy được")
        canvas.drawString(2000, 730, "Nằm ngoài trang")

    assert read(tmp_path, canvas_pdf(draw)).text == "Thấy được"


def test_decomposed_letters_come_out_composed(tmp_path: Path) -> None:
    content = canvas_pdf(lambda canvas: canvas.drawString(80, 730, "Ha\u0301t"))
    assert read(tmp_path, content).text == "Hát"


def test_a_pdf_with_a_password_is_encrypted_and_one_without_is_read(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(80, 730, "Nội dung")

    locked = read(tmp_path, canvas_pdf(draw, encrypt=StandardEncryption("mat-khau", strength=128)))
    assert locked.encrypted
    assert locked.pages == ()
    opened = read(tmp_path, canvas_pdf(draw, encrypt=StandardEncryption("", "chu", strength=128)))
    assert not opened.encrypted
    assert opened.text == "Nội dung"


def test_damage_is_an_exception(tmp_path: Path) -> None:
    with pytest.raises(pdfium.PdfiumError):
        read(tmp_path, b"%PDF-1.4\nkh\xc3\xb4ng c\xc3\xb3 g\xc3\xac")


@pytest.mark.usefixtures("vietnamese_ocr")
def test_first_and_last_page_of_a_scan_are_recognised(tmp_path: Path) -> None:
    text = read(tmp_path, scan_pdf(pages=3))
    assert text.page_count == 3
    assert [page.source for page in text.pages] == [TextSource.OCR, TextSource.TEXT, TextSource.OCR]
    assert line(text, "Số: 955/QĐ").box is not None
    assert line(text, "CỘNG HÒA XÃ HỘI").text == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    assert line(text, "Quảng Ngãi,").text == "Quảng Ngãi, ngày 07 tháng 9 năm 2017"


@pytest.mark.usefixtures("vietnamese_ocr")
def test_written_text_on_a_scan_replaces_what_was_recognised_under_it(tmp_path: Path) -> None:
    """A number that the signing tool wrote over a scanned page is exact, what OCR makes of it is not."""

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(io.BytesIO(scan_png(number="955"))), 0, 0, *A4)
        canvas.setFillColorRGB(1, 1, 1)
        canvas.rect(120, 730, 19, 14, stroke=0, fill=1)
        canvas.setFillColorRGB(0, 0, 0)
        canvas.setFont(REGULAR, 10)
        canvas.drawString(121, 735, "777")

    text = read(tmp_path, canvas_pdf(draw))
    assert text.pages[0].source is TextSource.OCR
    assert line(text, "Số:").text.startswith("Số: 777")


def test_without_ocr_a_scan_is_blank_and_not_an_error(tmp_path: Path) -> None:
    text = read(tmp_path, scan_pdf(), ocr=False)
    assert text.page_count == 2
    assert text.text.strip() == ""
    assert text.encoding is TextEncoding.NONE


def _signed() -> list[object]:
    table = SIGNED / "labels.csv"
    if not table.exists():
        return []
    with table.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if "text layer" in row["notes"]]
    return [pytest.param(row, id=row["file"]) for row in rows]


@pytest.mark.corpus
@pytest.mark.parametrize("row", _signed())
def test_number_and_date_of_really_signed_documents_are_read_from_their_fields(row: dict[str, str]) -> None:
    text = read_text(SIGNED / row["file"], PDF)
    day = date.fromisoformat(row["date"])
    assert line(text, "Số:").text == f"Số: {row['number']}"
    assert re.search(rf"ngày {day.day:02d} tháng 0?{day.month} năm {day.year}$", line(text, "Quảng Ngãi, ngày").text)
    assert row["signer"] in text.pages[-1].text
