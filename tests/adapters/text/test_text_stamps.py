"""Stamps that are turned, red, pressed over text, or pictures beside a page's own text."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from gateway.adapters.text import read_text
from gateway.adapters.text.pdf_stamps import read_pdf_stamps
from gateway.adapters.text.stamps import read_stamps
from gateway.model.facts import Marks, Secrecy, Urgency
from gateway.policy.header.marks import FoundMarks, find_marks
from tests.attacks.scans import Stamp, page_of, scanned_pdf
from tests.documents import BODY, BOLD, REGULAR, decision_pdf, use_fonts

pytestmark = pytest.mark.usefixtures("vietnamese_ocr")
LEVELS = {"MẬT": Secrecy.MAT, "TỐI MẬT": Secrecy.TOI_MAT, "TUYỆT MẬT": Secrecy.TUYET_MAT}
HARD = {
    "red and turned": Stamp("MẬT", colour="red", turned=5),
    "turned the other way": Stamp("TỐI MẬT", turned=-4),
    "over the number": Stamp("TỐI MẬT", colour="red", at=(2.1, 1.65)),
    "pale": Stamp("TUYỆT MẬT", colour="pale", turned=3),
    "skewed page": Stamp("TUYỆT MẬT", skewed=-2),
    "coarse and noisy": Stamp("MẬT", dpi=110, colour="red", noise=8),
    "touching its frame": Stamp("TỐI MẬT", room=0.5, turned=2),
    "without a frame": Stamp("TUYỆT MẬT", colour="red", frame=0, turned=4),
    "badly compressed": Stamp("TỐI MẬT", colour="red", quality=25, turned=-2),
    "turned far": Stamp("MẬT", colour="red", turned=36, room=8),
    "turned far in black": Stamp("TUYỆT MẬT", turned=-28),
}
ORDINARY = {
    "no stamp": Stamp(""),
    "arrival": Stamp("CÔNG VĂN ĐẾN", colour="red"),
    "premises": Stamp("", title="GIẢI PHÓNG MẶT BẰNG"),
}

OUTLINE = [(-32, -28), (-22, -15), (22, -15), (22, -30), (74, 0)]
OUTLINE += [(x, -y) for x, y in reversed(OUTLINE[:-1])] + [(-66, 28), (-54, 0)]


@contextmanager
def page(content: bytes) -> Iterator[pdfium.PdfPage]:
    document = pdfium.PdfDocument(content)
    try:
        yield document[0]
    finally:
        document.close()


@pytest.mark.parametrize("name", HARD)
def test_a_hard_stamp_is_read_by_itself(name: str) -> None:
    with page(scanned_pdf(HARD[name])) as scanned:
        found = find_marks([], stamps=read_stamps(scanned))
    assert found.marks.secrecy is LEVELS[HARD[name].words]


@pytest.mark.parametrize("name", ORDINARY)
def test_no_mark_is_read_in_other_stamps_and_headings(name: str) -> None:
    with page(scanned_pdf(ORDINARY[name])) as scanned:
        stamps = read_stamps(scanned)
    assert find_marks([], stamps=stamps, first_stamps=stamps) == FoundMarks()


@pytest.mark.parametrize(
    ("stamp", "urgency"),
    [
        (Stamp("HỎA TỐC", colour="red", turned=38), Urgency.HOA_TOC),
        (Stamp("HOẢ TỐC", colour="dark-red", turned=-33, at=(1.6, 3.3)), Urgency.HOA_TOC),
        (Stamp("THƯỢNG KHẨN", turned=24), Urgency.THUONG_KHAN),
        (Stamp("KHẨN", colour="red", turned=-3), Urgency.KHAN),
    ],
    ids=lambda value: value.words if isinstance(value, Stamp) else value.value,
)
def test_a_stamp_of_urgency_on_page_one_is_read_however_it_is_turned(stamp: Stamp, urgency: Urgency) -> None:
    with page(scanned_pdf(stamp)) as scanned:
        stamps = read_stamps(scanned)
    assert find_marks([], stamps=stamps, first_stamps=stamps) == FoundMarks(Marks(urgency=urgency))


def test_a_word_in_an_arrow_is_read_without_its_outline() -> None:
    use_fonts()
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1)
    canvas.translate(110, 560)
    canvas.rotate(37)
    canvas.setStrokeColorRGB(0.85, 0.1, 0.15)
    canvas.setFillColorRGB(0.85, 0.1, 0.15)
    arrow = canvas.beginPath()
    arrow.moveTo(-66, -28)
    for corner in OUTLINE:
        arrow.lineTo(*corner)
    arrow.close()
    canvas.drawPath(arrow)
    canvas.setFont(BOLD, 15)
    canvas.drawCentredString(0, -5, "HỎA TỐC")
    canvas.save()
    with page(target.getvalue()) as drawn:
        assert read_stamps(drawn) == ["HỎA TỐC"]


def test_a_scan_that_brings_its_own_text_is_looked_at_for_stamps(tmp_path: Path) -> None:
    use_fonts()
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1)
    canvas.drawImage(ImageReader(page_of(Stamp("TỐI MẬT", colour="red", turned=2))), 0, 0, *A4)
    canvas.setFont(REGULAR, 8)
    for row, line in enumerate([*BODY, *BODY]):
        canvas.beginText()
        text = canvas.beginText(80, 500 - 14 * row)
        text.setTextRenderMode(3)
        text.textLine(line)
        canvas.drawText(text)
    canvas.save()
    path = tmp_path / "scan.pdf"
    path.write_bytes(target.getvalue())
    found = read_text(path, "application/pdf")
    assert find_marks(found.pages, found.margins, found.stamps).marks.secrecy is Secrecy.TOI_MAT


def test_a_secret_page_in_the_middle_of_a_scan_is_found(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(scanned_pdf(Stamp(""), Stamp("TUYỆT MẬT", colour="red", turned=-3), Stamp("")))
    stamps, first = read_pdf_stamps(path)
    assert find_marks([], stamps=stamps).marks.secrecy is Secrecy.TUYET_MAT
    assert first == ()


def test_only_so_many_shapes_of_a_file_are_recognised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.adapters.text.pdf_stamps.MAX_SHAPES", 1)
    path = tmp_path / "scan.pdf"
    path.write_bytes(scanned_pdf(Stamp("KHẨN", colour="red"), Stamp("TUYỆT MẬT", colour="red")))
    assert read_pdf_stamps(path) == (("KHẨN",), ("KHẨN",))


def test_a_stamp_on_a_page_of_any_size_is_found() -> None:
    target = io.BytesIO()
    page_of(Stamp("TỐI MẬT", colour="red", turned=3)).save(target, format="PDF", resolution=72)
    with page(target.getvalue()) as scanned:
        assert find_marks([], stamps=read_stamps(scanned)).marks.secrecy is Secrecy.TOI_MAT


def test_a_page_of_text_alone_is_not_recognised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.adapters.text.stamps.recognise_block", pytest.fail)
    path = tmp_path / "letter.pdf"
    path.write_bytes(decision_pdf(mark="MẬT"))
    assert read_text(path, "application/pdf").stamps == ()


@pytest.mark.parametrize("size", [(1, 1), (3000, 40), (40, 3000)])
def test_a_page_of_any_shape_has_stamps_or_none(size: tuple[int, int]) -> None:
    target = io.BytesIO()
    Image.new("RGB", size, (200, 20, 30)).save(target, format="PDF")
    with page(target.getvalue()) as odd:
        assert read_stamps(odd) == []
