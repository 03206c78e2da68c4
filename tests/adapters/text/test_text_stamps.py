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
from gateway.model.facts import Secrecy
from gateway.policy.header.marks import FoundMarks, find_marks
from tests.attacks.scans import Stamp, page_of, scanned_pdf
from tests.documents import BODY, REGULAR, decision_pdf, use_fonts

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
}
ORDINARY = {
    "no stamp": Stamp(""),
    "express": Stamp("HỎA TỐC", colour="red", turned=4),
    "urgent": Stamp("KHẨN", turned=-3),
    "arrival": Stamp("CÔNG VĂN ĐẾN", colour="red"),
    "premises": Stamp("", title="GIẢI PHÓNG MẶT BẰNG"),
}


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
        assert find_marks([], stamps=read_stamps(scanned)) == FoundMarks()


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
    assert find_marks([], stamps=read_pdf_stamps(path)).marks.secrecy is Secrecy.TUYET_MAT


def test_only_so_many_shapes_of_a_file_are_recognised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.adapters.text.pdf_stamps.MAX_SHAPES", 1)
    path = tmp_path / "scan.pdf"
    path.write_bytes(scanned_pdf(Stamp("KHẨN", colour="red"), Stamp("TUYỆT MẬT", colour="red")))
    assert read_pdf_stamps(path) == ("KHẨN",)


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
