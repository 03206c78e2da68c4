"""Marks of secrecy wherever office files print them, and their absence from ordinary ones."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from xml.parsers.expat import ExpatError

import pytest

from gateway.adapters.filetype import sniff
from gateway.adapters.text import margins, read_text
from gateway.model.facts import Secrecy
from gateway.model.page import FileText
from gateway.policy.header.marks import FoundMarks, find_marks, read_marks
from gateway.policy.secrecy.wording import sign_in
from tests.attacks.attack import Attack, Clean
from tests.attacks.clean_secret import CLEAN
from tests.attacks.secret import ATTACKS, DOCX, PDF, RTF, TXT, XLSX, as_watermark, fixed, in_header, sheet, word
from tests.documents import decision_docx, scan_pdf

WRITTEN = frozenset({DOCX, PDF, RTF, TXT, XLSX})


def written(files: Iterable[Attack | Clean]) -> list[Attack | Clean]:
    """The files that need neither recognition nor another program to make."""
    return [each for each in files if each.declared_type in WRITTEN and "scan" not in each.name]


def read(folder: Path, content: bytes) -> FileText:
    path = folder / "file"
    path.write_bytes(content)
    return read_text(path, sniff(path))


def marks(text: FileText) -> FoundMarks:
    return find_marks(text.pages, text.margins, text.stamps)


@pytest.mark.parametrize("attack", written(ATTACKS), ids=lambda attack: attack.name)
def test_every_marked_file_is_known_by_its_pages_or_its_name(tmp_path: Path, attack: Attack) -> None:
    named = sign_in(attack.file_name.partition(".")[0])
    assert marks(read(tmp_path, attack.make())).marks.secrecy or (named and named.certain)


@pytest.mark.parametrize("clean", written(CLEAN), ids=lambda clean: clean.name)
def test_no_ordinary_file_is_marked_or_doubtful(tmp_path: Path, clean: Clean) -> None:
    found = marks(read(tmp_path, clean.make()))
    assert (found.marks.secrecy, found.doubtful) == (None, False)
    assert sign_in(clean.file_name.rpartition(".")[0]) is None


def test_headers_footers_and_watermarks_are_lines_beside_the_pages(tmp_path: Path) -> None:
    text = read(tmp_path, word(partial(in_header, "Lưu hành\tnội bộ")))
    assert text.margins == ("Lưu hành nội bộ",)
    assert "Lưu hành" not in text.text
    assert "TỐI MẬT" in read(tmp_path, word(partial(as_watermark, "TỐI MẬT"))).margins


def test_the_codes_of_a_sheets_header_are_not_its_words(tmp_path: Path) -> None:
    def edit(ws: object) -> None:
        ws.oddHeader.left.text = '&"Times New Roman,Bold"&14TỐI MẬT'  # type: ignore[attr-defined]
        ws.oddHeader.right.text = "Trang &P/&N"  # type: ignore[attr-defined]

    text = read(tmp_path, sheet(edit))
    assert "TỐI MẬT" in text.margins
    assert read_marks(text.pages, text.margins).secrecy is Secrecy.TOI_MAT


def test_a_drawing_that_is_not_well_formed_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    drawing = '<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:textpath string="TUYỆT MẬT"/><br></xml>'
    path = tmp_path / "book"
    path.write_bytes(with_part("xl/drawings/vmlDrawing1.vml", drawing.encode()))
    assert margins.read_margins(path) == ("TUYỆT MẬT",)


def test_a_header_that_is_not_well_formed_is_not_known(tmp_path: Path) -> None:
    path = tmp_path / "document"
    path.write_bytes(with_part("word/header1.xml", b"<a><b></a>"))
    with pytest.raises(ExpatError):
        margins.read_margins(path)


def test_of_many_headers_only_so_many_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(margins, "MAX_LINES", 2)
    paragraphs = "".join(f"<w:p><w:t>dòng {number}</w:t></w:p>" for number in range(5))
    path = tmp_path / "document"
    path.write_bytes(with_part("word/header1.xml", f'<w:hdr xmlns:w="urn:w">{paragraphs}</w:hdr>'.encode()))
    assert margins.read_margins(path) == ("dòng 0", "dòng 1")


def test_instructions_of_fields_are_not_printed(tmp_path: Path) -> None:
    field = "<w:p><w:instrText>PAGE</w:instrText><w:t>TỐI MẬT</w:t></w:p>"
    path = tmp_path / "document"
    path.write_bytes(with_part("word/header1.xml", f'<w:hdr xmlns:w="urn:w">{field}</w:hdr>'.encode()))
    assert margins.read_margins(path) == ("TỐI MẬT",)


def test_what_is_no_package_has_no_margins(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_bytes(b"MAT")
    assert margins.read_margins(path) == ()


def with_part(name: str, content: bytes) -> bytes:
    target = io.BytesIO(fixed(decision_docx()))
    with zipfile.ZipFile(target, "a") as package:
        package.writestr(name, content)
    return target.getvalue()


@pytest.mark.usefixtures("vietnamese_ocr")
def test_a_page_without_shapes_of_stamps_has_no_stamps(tmp_path: Path) -> None:
    path = tmp_path / "scan"
    path.write_bytes(scan_pdf(dpi=100, pages=1))
    assert read_text(path, PDF).stamps == ()
