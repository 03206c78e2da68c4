"""The registers as files: every column of the law, whatever stands in them, and no more memory for more rows."""

from __future__ import annotations

import csv
import errno
import io
import re
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pikepdf
import pypdfium2 as pdfium
import pytest

from gateway.adapters.registers_out.csv_file import CsvRegister
from gateway.adapters.registers_out.pdf_register import PdfRegister
from gateway.adapters.registers_out.xlsx_file import XlsxRegister
from gateway.model.legal_register import Cell, Cover, LegalRegister, RegisterRow, Spanned
from gateway.policy.registers import FORMS
from gateway.shipped import shipped

FORM = FORMS[LegalRegister.INCOMING]
COVER = Cover("Ủy ban nhân dân tỉnh Quảng Ngãi", "Sở Giao thông vận tải", "Quảng Ngãi", "Sổ giấy mời", 2026, 3)
DAY = date(2026, 3, 9)
MADE = datetime(2026, 3, 10, 1, 2, 3, tzinfo=UTC)
FONTS = shipped("templates") / "fonts"
STAMP = "Xuất từ hệ thống; nhật ký đến sự kiện số 17."
FORMULAS = ["=1+1", "+84", "-2", "@SUM(A1)", "＝1"]
HOSTILE = [
    "x" * 5_000,
    "Về việc điều chỉnh quy hoạch " * 180,
    "một\x00 hai\x1b[31m\r\nba\tbốn",
    "\u202eđảo\u202c \u200fchiều\u2066",
    'ngoặc "kép", dấu; phẩy & <b>đậm</b> ]]> &amp;',
    "日本語 العربية 😀 \ufffe\ud800",
]


def row(number: int, abstract: str = "Công văn về việc thử", *, struck: bool = False) -> RegisterRow:
    cells: tuple[Cell, ...] = (
        DAY, number, "Ủy ban nhân dân huyện Bình Sơn", f"{number}/UBND-KT", DAY, abstract, "Văn phòng Sở", None, None,
        "(hủy); nhầm sổ" if struck else "",
    )  # fmt: skip
    return RegisterRow(number, DAY, cells, struck)


def spanned(rows: list[RegisterRow]) -> Spanned:
    whole = Spanned()
    for each in rows:
        whole = whole.with_row(each)
    return whole


def pdf(rows: list[RegisterRow], **options: int) -> bytes:
    out = io.BytesIO()
    with TemporaryDirectory() as scratch:
        writer = PdfRegister(out, FORM, COVER, scratch=Path(scratch), fonts=FONTS, stamp=STAMP, **options)
        for each in rows:
            writer.add(each)
        writer.close(spanned(rows))
    return out.getvalue()


def pages(content: bytes) -> list[str]:
    with pdfium.PdfDocument(content) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def words(text: str) -> str:
    return " ".join(text.split())


def xlsx(rows: list[RegisterRow], **options: int) -> bytes:
    out = io.BytesIO()
    with TemporaryDirectory() as scratch:
        writer = XlsxRegister(out, FORM, COVER, scratch=Path(scratch), made=MADE, **options)
        for each in rows:
            writer.add(each)
        writer.close(spanned(rows))
    return out.getvalue()


def comma_separated(rows: list[RegisterRow]) -> bytes:
    out = io.BytesIO()
    writer = CsvRegister(out, FORM)
    for each in rows:
        writer.add(each)
    writer.close(spanned(rows))
    return out.getvalue()


def test_the_printed_register_has_cover_columns_page_numbers_and_room_to_sign() -> None:
    cover, *body, end = map(words, pages(pdf([row(number) for number in range(1, 41)])))
    for told in (
        "ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI",
        "SỞ GIAO THÔNG VẬN TẢI",
        "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN",
        "Sổ giấy mời",
        "Năm: 2026",
        "Từ ngày 09/03/2026 đến ngày 09/03/2026",
        "Từ số 1 đến số 40",
        "Quyển số: 3",
    ):
        assert told in cover
    for number, page in enumerate(body, 1):
        assert f"Trang {number}" in page
        assert all(f"({place})" in page for place in range(1, 11))
        assert all(all(word in page for word in column.name.split()) for column in FORM.columns)
    found = [int(number) for page in body for number in re.findall(r"(\d+)/UBND-KT", page)]
    assert found == list(range(1, 41))
    assert f"Sổ này có {len(body):02d} trang" in end
    assert "ghi 40 văn bản, từ số 1 đến số 40." in end
    assert "THỦ TRƯỞNG CƠ QUAN" in end
    assert STAMP in end


def test_the_printed_register_is_whole_pdf_across_with_its_letters_inside() -> None:
    with pikepdf.open(io.BytesIO(pdf([row(1), row(2, struck=True)]))) as opened:
        assert opened.check_pdf_syntax() == []
        assert {tuple(map(int, page.mediabox)) for page in opened.pages} == {(0, 0, 841, 595)}
        fonts = [font for page in opened.pages for font in page.resources.Font.values()]
        assert all("/FontFile2" in font.FontDescriptor for font in fonts)
        assert (str(opened.docinfo.Author), str(opened.Root.Lang)) == (COVER.agency, "vi")


@pytest.mark.parametrize("pages_at_a_time", [1, 2, 3])
def test_the_register_is_the_same_however_many_pages_are_drawn_at_a_time(pages_at_a_time: int) -> None:
    rows = [row(number) for number in range(1, 41)]
    whole = pdf(rows, pages_at_a_time=pages_at_a_time)
    assert pages(whole) == pages(pdf(rows))
    with pikepdf.open(io.BytesIO(whole)) as opened:
        parts: dict[str, set[bytes]] = {}
        for page in opened.pages:
            for font in page.resources.Font.values():
                parts.setdefault(str(font.BaseFont), set()).add(font.ToUnicode.read_bytes())
        assert all(len(letters) == 1 for letters in parts.values())


@pytest.mark.parametrize("abstract", [*HOSTILE, *FORMULAS], ids=range(len(HOSTILE) + len(FORMULAS)))
def test_whatever_an_abstract_holds_is_printed_within_its_column_and_harms_no_table(abstract: str) -> None:
    rows = [row(1), row(2, abstract), row(3)]
    printed = pages(pdf(rows))
    assert [number for page in printed for number in re.findall(r"(\d)/UBND-KT", page)] == ["1", "2", "3"]
    with pdfium.PdfDocument(pdf(rows)) as document:
        for page in document:
            text = page.get_textpage()
            boxes = [text.get_charbox(place) for place in range(text.count_chars())]
            assert all(left > 70 and right < 842 - 33 for left, _, right, _ in boxes if right > left)
            assert all(bottom > 20 for _, bottom, _, top in boxes if top > bottom)
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx(rows))).active
    (kept,) = [cells[5] for cells in sheet.iter_rows(min_row=3, max_row=3)]
    assert kept.data_type in {"s", "inlineStr"}
    assert "\x00" not in str(kept.value)
    assert abstract not in FORMULAS or kept.value == abstract
    lines = list(csv.reader(io.StringIO(comma_separated(rows).decode("utf-8-sig"), newline="")))
    assert [len(line) for line in lines] == [10] * 4
    assert lines[2][5][:1] not in set("=+-@＝")


def test_a_long_row_goes_on_upon_the_next_page_and_loses_no_word() -> None:
    told = " ".join(f"từ{number}" for number in range(1_500))
    printed = pages(pdf([row(1, told), row(2)]))
    found = [int(number) for page in printed for number in re.findall(r"từ(\d+)", page)]
    assert found == list(range(1_500))


def test_the_workbook_has_real_days_and_numbers_a_frozen_header_printed_on_each_page() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx([row(1), row(2, struck=True)])))
    sheet = book.active
    assert [cell.value for cell in sheet[1]] == [column.name for column in FORM.columns]
    assert (sheet["A2"].value.date(), sheet["B2"].value, sheet["E2"].is_date) == (DAY, 1, True)
    assert (sheet["D3"].font.strike, sheet["J3"].font.strike, sheet["J3"].value) == (True, None, "(hủy); nhầm sổ")
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A2", "$1:$1")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)


def test_more_rows_than_a_sheet_can_have_go_on_in_another_with_the_same_header() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx([row(number) for number in range(1, 8)], rows_a_sheet=4)))
    assert book.sheetnames == ["2026 Sổ giấy mời", "2026 Sổ giấy mời (2)", "2026 Sổ giấy mời (3)"]
    assert [[line[1].value for line in sheet.iter_rows(min_row=2)] for sheet in book] == [[1, 2, 3], [4, 5, 6], [7]]
    assert {sheet["J1"].value for sheet in book} == {"Ghi chú"}


def test_the_same_rows_make_the_same_workbook() -> None:
    assert xlsx([row(1)]) == xlsx([row(1)])


def test_comma_separated_lines_are_rfc_4180_in_utf_8_with_its_mark() -> None:
    content = comma_separated([row(1, 'V/v "cầu", đường')])
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n") == 2
    header, line = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert header == [column.name for column in FORM.columns]
    assert line == [
        "2026-03-09", "1", "Ủy ban nhân dân huyện Bình Sơn", "1/UBND-KT", "2026-03-09", 'V/v "cầu", đường',
        "Văn phòng Sở", "", "", "",
    ]  # fmt: skip


class Nowhere(io.RawIOBase):
    """A file that keeps nothing."""

    def writable(self) -> bool:
        return True

    def write(self, content: object) -> int:
        return len(content)  # type: ignore[arg-type] # bytes of any kind


class FullDisk(Nowhere):
    """A file that has no room for what is written first."""

    told = False

    def write(self, content: object) -> int:
        if self.told:
            return super().write(content)
        self.told = True
        raise OSError(errno.ENOSPC, "full")


def begin_pdf(out: Any, scratch: Path) -> PdfRegister:
    return PdfRegister(out, FORM, COVER, scratch=scratch, fonts=FONTS, stamp=STAMP, pages_at_a_time=10)


def begin_xlsx(out: Any, scratch: Path) -> XlsxRegister:
    return XlsxRegister(out, FORM, COVER, scratch=scratch, made=MADE)


Begin = Callable[[Any, Path], PdfRegister | XlsxRegister]


def test_a_full_disk_is_told_as_one(tmp_path: Path) -> None:
    writer = begin_pdf(FullDisk(), tmp_path)
    writer.add(row(1))
    with pytest.raises(OSError, match="full") as found:
        writer.close(Spanned())
    assert found.value.errno == errno.ENOSPC


@pytest.mark.parametrize("begin", [begin_pdf, begin_xlsx])
def test_ten_times_the_rows_take_no_more_memory(begin: Begin, tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        tracemalloc.start()
        writer = begin(Nowhere(), tmp_path)
        for _ in range(rows):
            writer.add(row(1))
        writer.close(Spanned())
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(10)
    assert peak(4_000) < peak(400) + 150_000


@pytest.mark.parametrize("write", [pdf, xlsx, comma_separated], ids=lambda write: write.__name__)
def test_a_register_without_entries_is_a_file_all_the_same(write: object) -> None:
    content = write([])  # type: ignore[operator] # one of the three above
    assert content
    if write is xlsx:
        assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
