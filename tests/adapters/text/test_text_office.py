"""Word files, workbooks, RTF, ODT."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.parsers.expat import ExpatError

import docx
import openpyxl
import pytest

from gateway.adapters.text import read_text
from gateway.adapters.text.office import ExtractionFailed
from gateway.model.page import FileText, TextEncoding
from tests.documents import converted, decision_doc, decision_docx, decision_xlsx

DOC = "application/msword"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLS = "application/vnd.ms-excel"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
LEGACY = Path(__file__).parents[4] / "shared/corpora/legacy"
HEAD = [
    "UBND TỈNH QUẢNG NGÃI",
    "SỞ GIAO THÔNG VẬN TẢI",
    "Số: 955/QĐ-SGTVT",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Quảng Ngãi, ngày 07 tháng 9 năm 2017",
    "QUYẾT ĐỊNH",
]


def read(folder: Path, content: bytes, media_type: str) -> FileText:
    path = folder / "document"
    path.write_bytes(content)
    return read_text(path, media_type)


def lines(text: FileText, page: int = 0) -> list[str]:
    return [line.text for line in text.pages[page].lines]


def word(body: str, before: str = "", properties: str = "<Properties/>") -> bytes:
    """A Word file of the given body, with just the parts it must have."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("docProps/app.xml", properties)
        archive.writestr("word/document.xml", f"{before}<w:document {W} {MC}><w:body>{body}</w:body></w:document>")
    return target.getvalue()


def saved(document: object) -> bytes:
    target = io.BytesIO()
    document.save(target)  # type: ignore[attr-defined]
    return target.getvalue()


def test_each_cell_of_a_word_head_comes_out_in_its_own_lines(tmp_path: Path) -> None:
    text = read(tmp_path, decision_docx(pages=2), DOCX)
    assert lines(text)[:7] == HEAD
    assert text.page_count == 2
    assert "Nguyễn Văn Bình" in lines(text, 1)
    assert text.encoding is TextEncoding.UNICODE
    assert text.pages[0].lines[0].box is None


def test_each_cell_of_an_old_word_head_comes_out_in_its_own_lines(tmp_path: Path) -> None:
    text = read(tmp_path, decision_doc(pages=2), DOC)
    assert lines(text)[:7] == HEAD
    assert text.page_count == 2
    assert "Nguyễn Văn Bình" in lines(text)


@pytest.mark.parametrize(("suffix", "media_type"), [("rtf", "application/rtf"), ("odt", ODT)])
def test_rtf_and_odt_are_read(tmp_path: Path, suffix: str, media_type: str) -> None:
    text = read(tmp_path, converted(decision_docx(pages=2), "docx", suffix), media_type)
    for piece in ("Số: 955/QĐ-SGTVT", "Độc lập - Tự do - Hạnh phúc", "Nguyễn Văn Bình"):
        assert piece in text.text


def test_a_workbook_has_a_page_for_every_sheet_that_holds_something(tmp_path: Path) -> None:
    text = read(tmp_path, decision_xlsx(), XLSX)
    assert text.page_count == 1
    assert lines(text)[:3] == ["UBND TỈNH QUẢNG NGÃI", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "SỞ GIAO THÔNG VẬN TẢI"]
    book = openpyxl.Workbook()
    book.active["A1"] = "Một"
    book.create_sheet("Hai")["C5"] = "Hai"
    two = read(tmp_path, saved(book), XLSX)
    assert two.page_count == 2
    assert [lines(two, 0), lines(two, 1)] == [["Một"], ["Hai"]]


def test_a_workbook_without_a_cell_is_noted(tmp_path: Path) -> None:
    text = read(tmp_path, saved(openpyxl.Workbook()), XLSX)
    assert text.page_count is None
    assert text.notes == ("không đọc được ô nào của bảng tính",)


def test_deleted_moved_and_hidden_text_is_not_read(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>Còn lại</w:t></w:r>"
        "<w:del><w:r><w:delText>đã xóa</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>đã chuyển</w:t></w:r></w:moveFrom>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t xml:space="preserve"> và thấy</w:t></w:r>'
        "<w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    )
    assert read(tmp_path, word(body), DOCX).text == "Còn lại và thấy"


def test_a_text_box_is_read_once(tmp_path: Path) -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>HỎA TỐC</w:t></w:r></w:p></w:txbxContent>"
    body = (
        f"<w:p><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        "</mc:AlternateContent></w:r><w:r><w:t>Kính gửi</w:t></w:r></w:p>"
    )
    assert lines(read(tmp_path, word(body), DOCX)) == ["HỎA TỐC", "Kính gửi"]


def test_columns_made_with_a_tab_are_separate_lines_and_list_numbers_are_not(tmp_path: Path) -> None:
    body = (
        "<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>Số: 1/QĐ-SGTVT</w:t><w:tab/>"
        "<w:t>Quảng Ngãi, ngày 07</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>1.</w:t><w:tab/><w:t>Phạm vi điều chỉnh</w:t><w:br/><w:t>Dòng hai</w:t></w:r></w:p>"
    )
    text = read(tmp_path, word(body), DOCX)
    assert lines(text) == ["Số: 1/QĐ-SGTVT", "Quảng Ngãi, ngày 07", "1. Phạm vi điều chỉnh", "Dòng hai"]


def test_pages_part_where_word_remembers_and_an_ordered_break_counts_once(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>Một</w:t></w:r></w:p>"
        '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
        "<w:p><w:r><w:lastRenderedPageBreak/><w:t>Hai</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>Hai nữa </w:t><w:lastRenderedPageBreak/><w:t>Ba</w:t></w:r></w:p>"
    )
    text = read(tmp_path, word(body), DOCX)
    assert [lines(text, page) for page in range(3)] == [["Một"], ["Hai", "Hai nữa"], ["Ba"]]
    assert text.page_count == 3


def test_pages_of_a_long_text_that_no_program_laid_out_are_not_guessed(tmp_path: Path) -> None:
    """Libraries that write Word files note one page or none, whatever the length."""
    short, long = docx.Document(), docx.Document()
    for number in range(120):
        long.add_paragraph(f"Đoạn {number}")
    assert read(tmp_path, saved(short), DOCX).page_count == 1
    assert read(tmp_path, saved(long), DOCX).page_count is None


def test_pages_that_the_writing_program_noted_are_believed(tmp_path: Path) -> None:
    properties = f'<Properties xmlns="{OFFICE}/extended-properties"><Pages>7</Pages><Words>9</Words></Properties>'
    content = word("<w:p><w:r><w:t>Một</w:t></w:r></w:p>", properties=properties)
    assert read(tmp_path, content, DOCX).page_count == 7


def test_xml_that_declares_entities_is_refused(tmp_path: Path) -> None:
    before = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    with pytest.raises(ValueError, match="entities"):
        read(tmp_path, word("<w:p><w:r><w:t>&b;</w:t></w:r></w:p>", before), DOCX)


def test_xml_nested_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="deep"):
        read(tmp_path, word("<w:sdt>" * 5_000 + "</w:sdt>" * 5_000), DOCX)


def test_a_bomb_is_refused_before_it_is_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.adapters.text.xml.MAX_XML", 100_000)
    with pytest.raises(ValueError, match="larger"):
        read(tmp_path, word("<w:p><w:r><w:t>" + "0" * 1_000_000 + "</w:t></w:r></w:p>"), DOCX)


@pytest.mark.parametrize(
    ("media_type", "content", "error"),
    [
        (DOCX, b"PK\x03\x04", zipfile.BadZipFile),
        (DOCX, word("<w:p>"), ExpatError),
        (XLSX, b"PK\x03\x04 khong phai zip", ExtractionFailed),
        (DOC, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ValueError),
    ],
)
def test_damage_is_an_exception(tmp_path: Path, media_type: str, content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(tmp_path, content, media_type)


def test_an_encrypted_office_package_is_encrypted(tmp_path: Path) -> None:
    assert read(tmp_path, b"", "application/x-tika-ooxml-protected").encrypted


def test_an_old_word_file_marked_as_encrypted_is_encrypted(tmp_path: Path) -> None:
    content = bytearray(decision_doc())
    start = content.index(b"\xec\xa5")
    assert start % 512 == 0
    content[start + 0x0B] |= 0x01
    assert read(tmp_path, bytes(content), DOC).encrypted


def test_a_type_without_text_is_noted_and_not_an_error(tmp_path: Path) -> None:
    text = read(tmp_path, b"PK", "application/zip")
    assert text == FileText(notes=("không đọc được chữ từ loại tệp này",))


def _legacy(pattern: str) -> list[Path]:
    return sorted(LEGACY.glob(pattern))


@pytest.mark.corpus
@pytest.mark.parametrize("path", _legacy("*.doc"), ids=lambda path: path.name)
def test_legacy_letters_of_old_word_files_are_told(path: Path) -> None:
    text = read_text(path, DOC)
    assert text.encoding is (TextEncoding.VNI if path.name.startswith("vni") else TextEncoding.TCVN3)
    assert text.page_count is not None


@pytest.mark.corpus
@pytest.mark.parametrize("path", [*_legacy("*.rtf"), *_legacy("*.xls"), *_legacy("*.pdf")], ids=lambda path: path.name)
def test_legacy_letters_of_other_files_are_told(path: Path) -> None:
    kinds = {".rtf": "application/rtf", ".xls": XLS, ".pdf": "application/pdf"}
    assert read_text(path, kinds[path.suffix], ocr=False).encoding is TextEncoding.TCVN3
