"""Scans and pictures: marks in their frames, and what a failed recognition means."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from gateway.adapters.text import ocr, read_text
from gateway.adapters.text.frames import without_frames
from gateway.adapters.text.ocr import FAILED, NO_WORD, TOO_LONG, UNAVAILABLE, OcrFailed, OcrUnavailable
from gateway.adapters.text.pdf_pictures import DAMAGED
from gateway.model.facts import Marks, Secrecy, Urgency
from gateway.model.page import FileText
from gateway.policy.header.marks import read_marks
from tests.documents import scan_pdf, scan_png

MARKS = {
    "": Marks(),
    "MẬT": Marks(secrecy=Secrecy.MAT),
    "TỐI MẬT": Marks(secrecy=Secrecy.TOI_MAT),
    "TUYỆT MẬT": Marks(secrecy=Secrecy.TUYET_MAT),
    "KHẨN": Marks(urgency=Urgency.KHAN),
    "HỎA TỐC": Marks(urgency=Urgency.HOA_TOC),
}

# Recognising takes seconds: each mark in both forms and at both resolutions, half of the marks in each pair of them.
PICTURES = [
    (mark, form, colour, dpi)
    for number, mark in enumerate(MARKS)
    for form, colour, dpi in (
        (("PNG", "black", 150), ("JPEG", "red", 300)) if number % 2 else (("PNG", "black", 300), ("JPEG", "red", 150))
    )
]


def read(folder: Path, content: bytes, media_type: str) -> FileText:
    path = folder / "scan"
    path.write_bytes(content)
    return read_text(path, media_type)


def picture(mark: str, dpi: int, form: str, colour: str) -> bytes:
    """A scan whose upper left part, where the stamp stands, is in the ink of `colour`."""
    with Image.open(io.BytesIO(scan_png(mark=mark, dpi=dpi))) as scan:
        shown = scan.convert("RGB")
    if colour == "red":
        stamp = (dpi, round(2.05 * dpi), round(3 * dpi), round(2.4 * dpi))
        grey = shown.crop(stamp).convert("L")
        inks = [grey.point([255 - (255 - value) * (255 - ink) // 255 for value in range(256)]) for ink in (200, 20, 30)]
        shown.paste(Image.merge("RGB", inks), stamp[:2])
    target = io.BytesIO()
    shown.save(target, format=form)
    return target.getvalue()


@pytest.fixture
def no_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    ocr.find_program.cache_clear()
    monkeypatch.setenv("PATH", str(tmp_path))
    yield
    ocr.find_program.cache_clear()


@pytest.mark.usefixtures("vietnamese_ocr")
@pytest.mark.parametrize(("mark", "form", "colour", "dpi"), PICTURES)
def test_every_mark_is_found_on_a_picture_and_none_where_there_is_none(
    tmp_path: Path, mark: str, form: str, colour: str, dpi: int
) -> None:
    text = read(tmp_path, picture(mark, dpi, form, colour), f"image/{form.lower()}")
    assert read_marks(text.pages) == MARKS[mark]


@pytest.mark.usefixtures("vietnamese_ocr")
@pytest.mark.parametrize("mark", ["", "TỐI MẬT", "HỎA TỐC"])
def test_a_mark_is_found_on_a_scanned_pdf(tmp_path: Path, mark: str) -> None:
    assert read_marks(read(tmp_path, scan_pdf(mark=mark, dpi=150, pages=1), "application/pdf").pages) == MARKS[mark]


@pytest.mark.usefixtures("vietnamese_ocr")
@pytest.mark.parametrize("form", ["PNG", "JPEG", "BMP", "GIF", "WEBP"])
def test_a_picture_that_was_cut_short_is_not_known(tmp_path: Path, form: str) -> None:
    whole = picture("MẬT", 150, form, "black")
    with pytest.raises(OcrFailed, match=FAILED):
        read(tmp_path, whole[: len(whole) * 3 // 4], f"image/{form.lower()}")


@pytest.mark.usefixtures("vietnamese_ocr")
def test_a_scanned_pdf_whose_first_picture_is_damaged_is_not_known(tmp_path: Path) -> None:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1, pageCompression=0)
    scan = tmp_path / "page.jpg"
    scan.write_bytes(picture("", 150, "JPEG", "black"))
    canvas.drawImage(str(scan), 0, 0, *A4)
    canvas.save()
    whole = target.getvalue()
    assert read(tmp_path, whole, "application/pdf").text
    start = whole.index(b"stream") + 4000
    holed = whole[:start] + bytes(whole.index(b"endstream", start) - start) + whole[whole.index(b"endstream", start) :]
    with pytest.raises(OcrFailed, match=DAMAGED):
        read(tmp_path, holed, "application/pdf")


@pytest.mark.usefixtures("vietnamese_ocr")
def test_a_scanned_pdf_whose_packed_picture_has_a_hole_is_not_known(tmp_path: Path) -> None:
    whole = bytearray(scan_pdf(pages=1))
    middle = len(whole) // 3
    whole[middle : middle + 3000] = bytes(3000)
    with pytest.raises(OcrFailed, match=DAMAGED):
        read(tmp_path, bytes(whole), "application/pdf")


@pytest.mark.usefixtures("vietnamese_ocr")
@pytest.mark.parametrize("size", [(1, 1), (60, 40), (1240, 1754)])
def test_a_picture_without_a_word_is_noted_and_not_held(tmp_path: Path, size: tuple[int, int]) -> None:
    target = io.BytesIO()
    Image.new("L", size, 255).save(target, format="PNG")
    text = read(tmp_path, target.getvalue(), "image/png")
    assert text.notes == (NO_WORD,)
    assert text.page_count == 1


@pytest.mark.usefixtures("vietnamese_ocr")
def test_a_jpeg_in_four_colours_is_recognised(tmp_path: Path) -> None:
    target = io.BytesIO()
    with Image.open(io.BytesIO(scan_png())) as scan:
        scan.convert("CMYK").save(target, format="JPEG")
    assert "955/QĐ" in read(tmp_path, target.getvalue(), "image/jpeg").text


@pytest.mark.usefixtures("no_program")
@pytest.mark.parametrize(("content", "media_type"), [(scan_png, "image/png"), (scan_pdf, "application/pdf")])
def test_without_a_recogniser_a_scan_is_not_known(tmp_path: Path, content: object, media_type: str) -> None:
    assert callable(content)
    with pytest.raises(OcrUnavailable) as raised:
        read(tmp_path, content(), media_type)
    assert str(raised.value) == UNAVAILABLE


@pytest.mark.usefixtures("vietnamese_ocr")
def test_running_out_of_time_is_not_known_on_page_one_and_a_note_on_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = scan_pdf(pages=2)
    monkeypatch.setattr("gateway.adapters.text.scan.LAST_SECONDS", 0.001)
    assert read(tmp_path, content, "application/pdf").notes == (f"trang 2: {TOO_LONG}",)
    monkeypatch.setattr("gateway.adapters.text.scan.FIRST_SECONDS", 0.001)
    with pytest.raises(OcrFailed, match=TOO_LONG):
        read(tmp_path, content, "application/pdf")


def test_lines_longer_than_letters_are_taken_out_and_shorter_ones_stay() -> None:
    rows = [bytearray(b"\xff" * 100) for _ in range(100)]
    rows[20][10:90] = bytes(80)
    rows[60][10:30] = bytes(20)
    clear, rules = without_frames(b"".join(rows), 100, 100, 100)
    assert [(rule.row, rule.left, rule.right) for rule in rules if rule.row == 20] == [(20, 10, 90)]
    assert clear[20 * 100 : 21 * 100] == b"\xff" * 100
    assert clear[60 * 100 + 10 : 60 * 100 + 30] == bytes(20)
