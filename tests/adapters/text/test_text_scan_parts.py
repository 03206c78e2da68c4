"""What makes scans readable, piece by piece, most of it without recognising: dust, skew, second looks, signature."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw

from gateway.adapters.text import pdf
from gateway.adapters.text.layout import Word, build_lines
from gateway.adapters.text.pdf import read_pdf
from gateway.adapters.text.scan import Recognised
from gateway.adapters.text.second_look import weighed
from gateway.adapters.text.signature_page import Signature, signature_on, signature_top
from gateway.adapters.text.specks import without_specks
from gateway.adapters.text.upright import degrees_askew, turned_point
from gateway.model.page import TextSource
from tests.documents import scan_pdf


def word(text: str, left: float = 0, top: float = 0, sure: float = 0.9) -> Word:
    return Word(text, left, top, left + 40, top + 10, top + 10, 10, sure=sure)


def test_dust_goes_and_stops_hairlines_and_letters_stay() -> None:
    page = Image.new("L", (400, 200), 250)
    draw = ImageDraw.Draw(page)
    draw.rectangle((50, 50, 52, 52), fill=20)
    draw.rectangle((100, 50, 104, 54), fill=20)
    draw.line((200, 50, 200, 90), fill=20, width=2)
    draw.rectangle((300, 50, 320, 54), fill=20)
    clean = without_specks(page, 250)
    assert clean.getpixel((51, 51)) == 255
    assert [clean.getpixel(at) for at in ((102, 52), (200, 50), (200, 90), (310, 52))] == [20] * 4


@pytest.mark.parametrize(("sign", "sure"), [("¡,", 0.5), ("i,", 0.9), ("-", 0.9)])
def test_a_sign_that_nobody_prints_is_a_letter_misread(sign: str, sure: float) -> None:
    line = build_lines([word("điểm"), word(sign, 45), word("k", 90)], 600, 800)
    assert [each.sure for each in line] == [sure]


@pytest.mark.parametrize("degrees", [-2.4, -1.0, 0.0, 0.7])
def test_a_page_is_found_askew_by_as_much_as_it_is(degrees: float) -> None:
    page = Image.new("L", (1240, 1754), 255)
    draw = ImageDraw.Draw(page)
    for row in range(200, 1500, 40):
        draw.rectangle((150, row, 1090 - row % 300, row + 14), fill=0)
    askew = page.rotate(-degrees, fillcolor=255)
    assert degrees_askew(askew) == pytest.approx(degrees, abs=0.15)


def test_points_move_as_pictures_turn() -> None:
    assert turned_point(20, 10, 90, (10, 10)) == pytest.approx((10, 0))


def test_two_looks_that_agree_are_surer_and_that_differ_are_not() -> None:
    first = [word("11/TB-UBND", sure=0.6), word("GP", 100, sure=0.6), word("Số:", 200, sure=0.9)]
    second = [word("11/TB-UBND.", sure=0.8), word("CP", 101, sure=0.7)]
    found = weighed(first, second)
    assert [(each.text, each.sure) for each in found] == [("11/TB-UBND", 0.8), ("CP", 0.5), ("Số:", 0.5)]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("KT. GIÁM ĐỐC", Signature.HERE),
        ("( Đã ký )", Signature.HERE),
        ("CHỦ TỊCH", Signature.HERE),
        ("( Ký và ghi rõ họ tên )", Signature.NOWHERE_NEAR),
        ("Nơi nhận:", Signature.HERE_OR_NEXT),
        ("kt. ông Giám đốc", Signature.NOWHERE_NEAR),
        ("Điều 5. Nơi nhận hồ sơ", Signature.NOWHERE_NEAR),
    ],
)
def test_what_a_line_tells_of_the_signature(line: str, told: Signature) -> None:
    words = [word(text, 50.0 * at) for at, text in enumerate(line.split())]
    assert signature_on(words, 600, 800) is told


def test_at_the_foot_of_a_page_the_name_comes_on_the_next() -> None:
    assert signature_on([word("CHỦ", top=750), word("TỊCH", 45, 750)], 600, 800) is Signature.HERE_OR_NEXT


def test_specks_that_were_read_as_stops_are_no_lines() -> None:
    words = [word("QUYẾT", 0, 100), word(":", 300, 130), word("-----", 100, 160), word("Về", 0, 190)]
    assert [line.text for line in build_lines(words, 600, 800)] == ["QUYẾT", "-----", "Về"]
    written = [replace(each, sure=None) for each in words]
    assert len(build_lines(written, 600, 800)) == 4


def test_the_signature_is_looked_for_beside_who_gets_the_document() -> None:
    assert signature_top([word("Điều", 0, 100), word("Nơi", 0, 300), word("nhận:", 50, 300)]) == 270
    assert signature_top([word("Điều", 0, 100)]) is None


@pytest.mark.parametrize(("signed_on", "recognised"), [(2, [1, 2, 5]), (5, [1, 5]), (1, [1, 5]), (9, [1, 2, 3, 4, 5])])
def test_pages_are_recognised_up_to_the_one_that_is_signed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, signed_on: int, recognised: list[int]
) -> None:
    at = iter([1, 5, 2, 3, 4])

    def recognise(*_: object) -> Recognised:
        number = next(at)
        return Recognised([word("GIÁM", 45), word("KT.")] if number == signed_on else [word("Điều")], 0.0)

    monkeypatch.setattr(pdf, "recognise_first", recognise)
    monkeypatch.setattr(pdf, "recognise_page", recognise)
    path = tmp_path / "scan.pdf"
    path.write_bytes(scan_pdf(pages=5, dpi=50))
    found = read_pdf(path, ocr=True)
    assert [page.number for page in found.pages if page.source is TextSource.OCR] == recognised


@pytest.mark.usefixtures("vietnamese_ocr")
def test_a_scan_that_lies_on_its_side_is_turned_and_read(tmp_path: Path) -> None:
    document = pdfium.PdfDocument(scan_pdf(pages=1, dpi=150))
    document[0].set_rotation(270)
    path = tmp_path / "side.pdf"
    document.save(path)
    document.close()
    page = read_pdf(path, ocr=True).pages[0]
    assert "955/QĐ" in page.text
    number = next(line for line in page.lines if "955/QĐ" in line.text)
    assert number.box is not None
    assert number.box.top < 0.4
    assert number.sure is not None
