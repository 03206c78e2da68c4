"""Plain text, pictures, limits, the guess at the code of the letters."""

from __future__ import annotations

import contextlib
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from gateway.adapters.text import read_text
from gateway.adapters.text.encoding import decode
from gateway.adapters.text.image import tiff_frames
from gateway.adapters.text.layout import Word, build_lines
from gateway.adapters.text.limits import CUT, MAX_PAGES, MAX_TEXT_BYTES
from gateway.letters import Reading
from gateway.letters.read import COMBINING
from gateway.model.page import TextEncoding, TextSource
from tests.documents import decision_csv, decision_txt, scan_png

DECREE = "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ"
TCVN3 = "C¨n cø NghÞ ®Þnh sè 29/1998/N§-CP ngµy 11 th¸ng 5 n¨m 1998 cña ChÝnh phñ"
VNI = "Caên cöù Luaät Toå chöùc HÑND vaø UBND ngaøy 26/11/2003, Ñoäc laäp - Töï do - Haïnh phuùc"
LAW = "Căn cứ Nghị định số 29/1998/NĐ-CP ngày 11 tháng 5 năm 1998 của Chính phủ"
ACT = "Căn cứ Luật Tổ chức HĐND và UBND ngày 26/11/2003, Độc lập - Tự do - Hạnh phúc"


@pytest.mark.parametrize(
    ("content", "text", "encoding"),
    [
        (DECREE.encode(), DECREE, TextEncoding.UNICODE),
        (DECREE.encode("utf-8-sig"), DECREE, TextEncoding.UNICODE),
        (DECREE.encode("utf-16"), DECREE, TextEncoding.UNICODE),
        (b"\xfe\xff" + DECREE.encode("utf-16-be"), DECREE, TextEncoding.UNICODE),
        (TCVN3.encode("cp1252"), LAW, TextEncoding.TCVN3),
        (TCVN3.encode(), LAW, TextEncoding.TCVN3),
        (VNI.encode("cp1252"), ACT, TextEncoding.VNI),
        (VNI.encode(), ACT, TextEncoding.VNI),
        (b"plain letters", "plain letters", TextEncoding.UNICODE),
        (b"123 456", "123 456", TextEncoding.NONE),
        (b"", "", TextEncoding.NONE),
    ],
)
def test_text_is_decoded_and_the_code_of_its_letters_told(content: bytes, text: str, encoding: TextEncoding) -> None:
    reading = decode(content)
    assert (reading.text, reading.encoding) == (text, encoding)


def test_windows_1258_is_composed(tmp_path: Path) -> None:
    # Letters with their accents after them, as that code page has it: Vi(ê.)t Nam, (đ)(ô.)c l(â.)p
    content = b"Vi\xea\xf2t Nam, \xf0\xf4\xf2c l\xe2\xf2p"
    assert decode(content) == Reading(("Việt Nam, độc lập",), TextEncoding.UNICODE, (COMBINING,))


def test_decomposed_unicode_is_composed() -> None:
    assert decode("Vie\u0302\u0323t".encode()) == Reading(("Việt",), TextEncoding.UNICODE, (COMBINING,))


@settings(deadline=None)
@given(st.binary(max_size=2_000))
def test_decoding_never_fails(content: bytes) -> None:
    decode(content)


def test_form_feeds_part_pages(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("Trang một\fTrang hai\n\tthụt vào".encode())
    text = read_text(path, "text/plain")
    assert text.page_count == 2
    assert [page.text for page in text.pages] == ["Trang một", "Trang hai\nthụt vào"]


def test_marks_that_do_not_print_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("\ufeffSố:\u200e 06/2026\u200b/TT-BTC\x00\x07", encoding="utf-8")
    assert read_text(path, "text/plain").text == "Số: 06/2026/TT-BTC"


def test_columns_made_with_spaces_are_separate_lines_but_a_blank_number_is_not(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"SỞ GIAO THÔNG VẬN TẢI{' ' * 20}CỘNG HÒA XÃ HỘI\nSố: 12{' ' * 12}/QĐ-SGTVT", encoding="utf-8")
    assert [line.text for line in read_text(path, "text/plain").pages[0].lines] == [
        "SỞ GIAO THÔNG VẬN TẢI",
        "CỘNG HÒA XÃ HỘI",
        "Số: 12 /QĐ-SGTVT",
    ]


@pytest.mark.parametrize(("content", "media_type"), [(decision_txt(), "text/plain"), (decision_csv(), "text/csv")])
def test_text_files_are_read(tmp_path: Path, content: bytes, media_type: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)
    text = read_text(path, media_type)
    assert "955/QĐ-SGTVT" in text.text
    assert text.page_count == 1
    assert text.encoding is TextEncoding.UNICODE


def test_text_past_the_limit_is_left_out_with_a_note(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("một dòng chữ Việt\n".encode() * (MAX_TEXT_BYTES // 20))
    text = read_text(path, "text/plain")
    assert len(text.text.encode()) <= MAX_TEXT_BYTES
    assert text.notes == (CUT,)


def test_pages_past_the_limit_are_counted_and_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"trang\f" * (MAX_PAGES + 5))
    text = read_text(path, "text/plain")
    assert len(text.pages) == MAX_PAGES
    assert text.page_count == MAX_PAGES + 6
    assert text.notes == (CUT,)


def test_an_empty_file_has_no_pages(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.touch()
    assert read_text(path, "application/x-empty").page_count == 0


@pytest.mark.usefixtures("vietnamese_ocr")
def test_a_scanned_picture_is_recognised_with_places(tmp_path: Path) -> None:
    path = tmp_path / "scan.png"
    path.write_bytes(scan_png())
    text = read_text(path, "image/png")
    assert text.page_count == 1
    assert text.pages[0].source is TextSource.OCR
    number = next(line for line in text.pages[0].lines if line.text.startswith("Số: 955/QĐ"))
    assert number.box is not None
    assert 0.1 < number.box.left < number.box.right < 0.5
    assert text.encoding is TextEncoding.UNICODE


def test_a_picture_that_is_never_recognised_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "plan.dwg"
    path.write_bytes(b"AC1027")
    assert read_text(path, "image/vnd.dwg").notes == ("không đọc chữ từ định dạng này",)


def _tiff(frames: int) -> bytes:
    target = io.BytesIO()
    pictures = [Image.new("L", (8, 8), shade) for shade in range(frames)]
    pictures[0].save(target, format="TIFF", save_all=True, append_images=pictures[1:])
    return target.getvalue()


def test_the_frames_of_a_tiff_are_its_pages(tmp_path: Path) -> None:
    path = tmp_path / "scan.tiff"
    path.write_bytes(_tiff(3))
    assert read_text(path, "image/tiff", ocr=False).page_count == 3


def test_a_tiff_whose_chain_of_frames_turns_back_ends(tmp_path: Path) -> None:
    path = tmp_path / "loop.tiff"
    path.write_bytes(b"II*\x00\x08\x00\x00\x00" + b"\x00\x00" + b"\x08\x00\x00\x00")
    assert tiff_frames(path) == 1


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_counting_frames_of_noise_gives_a_number_or_a_value_error(content: bytes) -> None:
    with tempfile.NamedTemporaryFile() as file, contextlib.suppress(ValueError):
        file.write(b"II*\x00" + content)
        file.flush()
        assert tiff_frames(Path(file.name)) >= 1


_places = st.floats(min_value=-1e4, max_value=1e4)


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            Word,
            text=st.text("abcXYZ019", min_size=1, max_size=8),
            left=_places,
            top=_places,
            right=_places,
            bottom=_places,
            baseline=_places,
            size=st.floats(min_value=0, max_value=100),
            angle=st.sampled_from([0, 0, 90, -45, 20]),
            order=st.integers(0, 50),
        ),
        max_size=40,
        unique=True,
    )
)
def test_no_word_is_lost_in_building_lines(words: list[Word]) -> None:
    """Wherever words stand, every one is in exactly one line, and boxes lie within the page."""
    lines = build_lines(words, 595, 842)
    for line in lines:
        assert line.box is not None
        assert all(0 <= edge <= 1 for edge in (line.box.left, line.box.top, line.box.right, line.box.bottom))
    written = sorted("".join(word.text for word in words))
    assert sorted("".join(line.text.replace(" ", "") for line in lines)) == written
