"""Another office's arrival stamp on a scan is seen as one, and nothing in it is taken for the document's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image

from gateway.adapters.text import read_text
from gateway.adapters.text.arrival import arrival_stamps
from gateway.model.page import FileText
from gateway.policy.header import read_header
from tests.adapters.text.arrival_pages import broken, one_column, table, two_columns, with_stamp
from tests.adapters.text.real_files import document_types
from tests.attacks.scans import Stamp

pytestmark = pytest.mark.usefixtures("vietnamese_ocr")
PLAIN = Stamp("", number="Số: 12/BC-SNV", subject="Kết quả thực hiện nhiệm vụ năm 2025")


def read(folder: Path, picture: Image.Image) -> FileText:
    path = folder / "scan.png"
    picture.save(path)
    return read_text(path, "image/png")


@contextmanager
def page(picture: Image.Image, folder: Path) -> Iterator[pdfium.PdfPage]:
    path = folder / "scan.pdf"
    picture.save(path, format="PDF", resolution=200)
    document = pdfium.PdfDocument(path)
    try:
        yield document[0]
    finally:
        document.close()


@pytest.mark.parametrize(
    ("stamp", "at"),
    [(broken(two_columns()), (0.25, 2.95)), (one_column(), (0.35, 1.85))],
    ids=["two columns over the text, worn", "one column"],
)
def test_a_document_is_read_without_the_stamp_pressed_beside_its_title(
    tmp_path: Path, stamp: Image.Image, at: tuple[float, float]
) -> None:
    text = read(tmp_path, with_stamp(PLAIN, stamp, at))
    found = read_header(text.pages, document_types())
    assert len(text.pages[0].arrivals) == 1
    assert (found.identifier, found.issued_on) == ("12/BC-SNV", date(2025, 3, 3))
    assert found.abstract == PLAIN.subject


@pytest.mark.parametrize("picture", [None, table()], ids=["nothing", "a table"])
def test_no_other_frame_is_an_arrival_stamp(tmp_path: Path, picture: Image.Image | None) -> None:
    drawn = with_stamp(PLAIN, picture or Image.new("RGB", (9, 9), "white"), (0.4, 2.5))
    with page(drawn, tmp_path) as scanned:
        assert arrival_stamps(scanned) == []
