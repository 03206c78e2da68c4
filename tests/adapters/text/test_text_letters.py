"""Files of every kind with letters in codes of before Unicode; and those of offices, where the corpora are."""

from __future__ import annotations

import io
import re
import unicodedata
from pathlib import Path

import docx
import openpyxl
import pytest
from openpyxl.styles import Font
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from gateway.adapters.text import read_text
from gateway.adapters.text.layout import Word, build_lines
from gateway.adapters.text.pdf_letters import Sheet, read_sheets
from gateway.letters import shown
from gateway.letters.tell import is_syllable
from gateway.model.page import FileText, TextEncoding
from gateway.policy.header.reader import read_header
from gateway.settings import load_settings
from tests.documents import FONTS, converted
from tests.letters.encoded import LEGACY, encoded

DOC = "application/msword"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLS = "application/vnd.ms-excel"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
RTF = "application/rtf"
PDF = "application/pdf"
LEGACY_FILES = Path(__file__).parents[4] / "shared/corpora/legacy"
SUFFIXES = {".doc": DOC, ".rtf": RTF, ".xls": XLS, ".pdf": PDF}

FONT_NAMES = {TextEncoding.TCVN3: ".VnTime", TextEncoding.VNI: "VNI-Times", TextEncoding.VPS: "VPS Times"}
BODY = (
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
    "Xét đề nghị của Trưởng phòng Quản lý kết cấu hạ tầng giao thông,",
    "Điều 1. Phê duyệt kế hoạch sửa chữa cầu, đường bộ; ưu tiên tuyến hư hỏng nặng như sau.",
    "Nơi nhận: như trên; lưu văn thư.",
)
HEAD = ("UBND tỉnh Quảng Ngãi", "Sở Giao thông vận tải", "Số: 12/QĐ-SGTVT", "cộng hoà xã hội chủ nghĩa Việt Nam")
LINES = (*HEAD, *BODY)

each_code = pytest.mark.parametrize("encoding", LEGACY)


def read(folder: Path, content: bytes, media_type: str) -> FileText:
    path = folder / "document"
    path.write_bytes(content)
    return read_text(path, media_type, ocr=False)


def printed(text: FileText) -> list[str]:
    return [line.text for page in text.pages for line in page.lines]


def word(lines: list[tuple[str, str]]) -> bytes:
    """A Word file of lines, each with the name of its font."""
    document = docx.Document()
    for line, font in lines:
        run = document.add_paragraph().add_run(line)
        run.font.name = font
    return saved(document)


def legacy_word(encoding: TextEncoding, font: str | None = None) -> bytes:
    return word([(encoded(line, encoding), font or FONT_NAMES[encoding]) for line in LINES])


def legacy_workbook(encoding: TextEncoding) -> bytes:
    book = openpyxl.Workbook()
    for row, line in enumerate(LINES, 1):
        cell = book.active.cell(row, 1, encoded(line, encoding))
        cell.font = Font(name=FONT_NAMES[encoding])
    return saved(book)


def legacy_pdf(encoding: TextEncoding) -> bytes:
    """Each byte drawn as the sign that Windows-1252 has for it, as in files without the legacy font."""
    target = io.BytesIO()
    pdfmetrics.registerFont(TTFont("DejaVuSans", str(FONTS / "DejaVuSans.ttf")))
    canvas = Canvas(target, invariant=1)
    canvas.setFont("DejaVuSans", 8)
    for row, line in enumerate(LINES):
        canvas.drawString(60, 780 - 20 * row, shown(encoded(line, encoding).encode("latin-1")))
    canvas.save()
    return target.getvalue()


def saved(document: object) -> bytes:
    target = io.BytesIO()
    document.save(target)  # type: ignore[attr-defined]
    return target.getvalue()


@each_code
@pytest.mark.parametrize("media_type", ["text/plain", "text/csv"])
@pytest.mark.parametrize("charset", ["latin-1", "utf-8", "utf-16"])
def test_text_files_are_read_from_raw_bytes_and_from_unicode_that_only_looks_so(
    tmp_path: Path, encoding: TextEncoding, media_type: str, charset: str
) -> None:
    text = read(tmp_path, "\r\n".join(encoded(line, encoding) for line in LINES).encode(charset), media_type)
    assert printed(text) == list(LINES)
    assert text.encoding is encoding


def test_control_characters_that_are_capitals_of_vps_are_read(tmp_path: Path) -> None:
    line = "BỘ GIAO THÔNG VẬN TẢI, QUYẾT ĐỊNH, ĐỘC LẬP, HẠNH PHÚC, THỰC HIỆN, MỤC, SỰ, NHỮNG, VIỆT NAM"
    text = read(tmp_path, encoded(line, TextEncoding.VPS).encode("latin-1"), "text/plain")
    assert printed(text) == [line]
    assert text.encoding is TextEncoding.VPS


@each_code
def test_word_files_are_read_whatever_their_fonts_are_called(tmp_path: Path, encoding: TextEncoding) -> None:
    for font in (FONT_NAMES[encoding], "Times New Roman"):
        text = read(tmp_path, legacy_word(encoding, font), DOCX)
        assert printed(text) == list(LINES)
        assert text.encoding is encoding


@each_code
@pytest.mark.parametrize(("suffix", "media_type"), [("doc", DOC), ("rtf", RTF), ("odt", ODT)])
def test_other_written_files_are_read(tmp_path: Path, encoding: TextEncoding, suffix: str, media_type: str) -> None:
    text = read(tmp_path, converted(legacy_word(encoding), "docx", suffix), media_type)
    assert printed(text) == list(LINES)
    assert text.encoding is encoding


@each_code
@pytest.mark.parametrize("media_type", [XLSX, XLS])
def test_workbooks_are_read(tmp_path: Path, encoding: TextEncoding, media_type: str) -> None:
    content = legacy_workbook(encoding)
    text = read(tmp_path, content if media_type == XLSX else converted(content, "xlsx", "xls"), media_type)
    assert printed(text) == list(LINES)
    assert text.encoding is encoding


@each_code
def test_pdf_files_are_read(tmp_path: Path, encoding: TextEncoding) -> None:
    text = read(tmp_path, legacy_pdf(encoding), PDF)
    assert printed(text) == list(LINES)
    assert text.encoding is encoding


@pytest.mark.parametrize(("suffix", "media_type"), [("docx", DOCX), ("doc", DOC), ("rtf", RTF)])
def test_fonts_of_capitals_and_of_unicode_are_heeded_run_by_run(tmp_path: Path, suffix: str, media_type: str) -> None:
    lines = [
        (encoded("ủy ban nhân dân tỉnh", TextEncoding.TCVN3), ".VnTimeH"),
        ("trung tam", ".VnTimeH"),
        *((encoded(line, TextEncoding.TCVN3), ".VnTime") for line in BODY),
        ("Kính gửi các đơn vị: hà, thí, bé", "Times New Roman"),
    ]
    content = word(lines)
    text = read(tmp_path, content if suffix == "docx" else converted(content, "docx", suffix), media_type)
    assert printed(text) == ["ỦY BAN NHÂN DÂN TỈNH", "TRUNG TAM", *BODY, "Kính gửi các đơn vị: hà, thí, bé"]
    assert text.encoding is TextEncoding.TCVN3
    assert text.notes == ("tệp vừa có chữ Unicode vừa có chữ theo bảng mã TCVN3 (ABC)",)


def test_a_font_of_capitals_that_a_style_names_is_heeded(tmp_path: Path) -> None:
    document = docx.Document()
    document.styles["Normal"].font.name = ".VnTime"
    document.styles["Heading 1"].element.rPr.rFonts.attrib.clear()
    document.styles["Heading 1"].font.name = ".VnTimeH"
    document.add_paragraph(encoded("quyết định", TextEncoding.TCVN3), "Heading 1")
    for line in BODY:
        document.add_paragraph(encoded(line, TextEncoding.TCVN3))
    assert printed(read(tmp_path, saved(document), DOCX)) == ["QUYẾT ĐỊNH", *BODY]


def test_the_header_of_a_legacy_document_is_read(tmp_path: Path) -> None:
    """What the register and the search get is Unicode."""
    text = read(tmp_path, legacy_word(TextEncoding.TCVN3), DOCX)
    header = read_header(text.pages, load_settings().document_types)
    assert (header.number, header.notation) == ("12", "QĐ-SGTVT")


def test_rtf_bytes_of_a_legacy_font_are_letters_whatever_code_page_it_is_said_to_have(tmp_path: Path) -> None:
    line = "".join(f"\\'{byte:02x}" for byte in encoded(BODY[2], TextEncoding.TCVN3).encode("latin-1"))
    content = (
        "{\\rtf1\\ansi\\ansicpg1258{\\fonttbl{\\f0\\fcharset163 Times New Roman;}{\\f1\\fcharset162 .VnTimeH Tur;}"
        "{\\f2\\fcharset204{\\*\\falt x}.VnTime;}}{\\info{\\title abc}{\\nofpages3}}"
        "{\\header\\f0 Trang \\u273?\\'f0\\u7847\\'ea\\'cc u\\par}"
        f"\\f2 {line}\\par\\f1 {line}\\par{{\\v an}}{{\\*\\la bo qua}}{{\\pict 0102}}"
        "{\\f0 Vi\\'ea\\'f2t {\\shp{\\*\\shpinst{\\sp{\\sn x}{\\sv 1}}{\\shptxt Kh\\u7849?n\\par}}}}"
        "{\\field{\\*\\fldinst PAGE}{\\fldrslt 5}}\\page\\f0 hai\\cell ba\\~b\\u244?n\\par}"
    )
    text = read(tmp_path, content.encode("ascii"), RTF)
    pages = [[line.text for line in page.lines] for page in text.pages]
    assert pages == [[BODY[2], BODY[2].upper(), "Việt", "Khẩn", "5"], ["hai", "ba bôn"]]
    assert text.page_count == 3
    assert text.encoding is TextEncoding.TCVN3


def test_rtf_nested_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="deep"):
        read(tmp_path, b"{\\rtf1" + b"{" * 5_000, RTF)


def test_an_old_word_file_with_damaged_formatting_is_still_read(tmp_path: Path) -> None:
    """What its own structures do not give, the converter may."""
    content = bytearray(converted(legacy_word(TextEncoding.TCVN3), "docx", "doc"))
    head = content.index(b"\xec\xa5")
    content[head + 0xFA : head + 0x102] = b"\xff\xff\xff\x7f\xff\xff\xff\x7f"
    assert BODY[1] in read(tmp_path, bytes(content), DOC).text


def test_combining_marks_are_composed_and_noted(tmp_path: Path) -> None:
    content = word([(unicodedata.normalize("NFD", line), "Times New Roman") for line in LINES])
    text = read(tmp_path, content, DOCX)
    assert printed(text) == list(LINES)
    assert text.encoding is TextEncoding.UNICODE
    assert any("tổ hợp" in note for note in text.notes)


def test_words_of_a_pdf_are_converted_one_by_one_with_the_capitals_of_their_fonts() -> None:
    """The letter ư comes out as a minus, and at the end of a line as the hyphen of one."""
    rows = (
        ("ng©n hµng nhµ n\N{MINUS SIGN}íc", "ABCDEF+VnTimeH"),
        (encoded(BODY[0], TextEncoding.TCVN3), "ABCDEF+VnTime"),
        ("Th«ng t\N{SOFT HYPHEN}", "ABCDEF+VnTime"),
        ("Uỷ ban thí bé", "ABCDEF+TimesNewRomanPSMT"),
    )
    words = [
        Word(text, 50.0 * place, 20.0 * row, 50.0 * place + 40, 20.0 * row + 10, 20.0 * row + 10, 10.0, font=font)
        for row, (line, font) in enumerate(rows)
        for place, text in enumerate(line.split())
    ]
    (sheet,), reading = read_sheets([Sheet(1, 595, 842, words=words)])
    told = [line.text for line in build_lines(sheet.words, 900, 842)]
    assert " ".join(word.text for word in sheet.words).startswith("NGÂN HÀNG NHÀ NƯỚC Căn cứ Luật")
    assert told[-2:] == ["Thông tư", "Uỷ ban thí bé"]
    assert reading.encoding is TextEncoding.TCVN3


def accuracy(text: str, truth: str) -> float:
    """1 less the edit distance as a share of the truth, white space and case apart (Myers 1999, on one big integer)."""
    read_, true = (" ".join(unicodedata.normalize("NFC", each).lower().split()) for each in (text, truth))
    places: dict[str, int] = {}
    for place, letter in enumerate(true):
        places[letter] = places.get(letter, 0) | 1 << place
    everything = (1 << len(true)) - 1
    plus, minus, distance = everything, 0, len(true)
    for letter in read_:
        here = places.get(letter, 0)
        diagonal = (((here & plus) + plus) ^ plus) | here | minus
        up, down = minus | ~(diagonal | plus), plus & diagonal
        distance += bool(up >> (len(true) - 1) & 1) - bool(down >> (len(true) - 1) & 1)
        up, down = up << 1 | 1, down << 1
        plus, minus = (down | ~(diagonal | up)) & everything, up & diagonal & everything
    return 1 - distance / len(true)


def files(pattern: str) -> list[Path]:
    return sorted(path for path in LEGACY_FILES.glob(pattern) if path.suffix in SUFFIXES)


@pytest.mark.corpus
@pytest.mark.parametrize(
    "path", [path for path in files("*") if path.with_suffix(".truth.txt").exists()], ids=lambda path: path.name
)
def test_files_of_offices_read_as_their_transcripts_say(path: Path) -> None:
    """Case apart: the transcripts leave what fonts draw as capitals in small letters."""
    text = read_text(path, SUFFIXES[path.suffix], ocr=False)
    assert accuracy(text.text, path.with_suffix(".truth.txt").read_text(encoding="utf-8")) >= 0.98


@pytest.mark.corpus
@pytest.mark.parametrize("path", files("*"), ids=lambda path: path.name)
def test_what_is_read_of_files_of_offices_is_vietnamese(path: Path) -> None:
    words = re.findall(r"[^\W\d_]{2,}", read_text(path, SUFFIXES[path.suffix], ocr=False).text)
    strange = [word for word in words if not is_syllable(word) and word.islower()]
    assert len(strange) <= 0.01 * len(words)
