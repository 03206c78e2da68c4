"""Wrapped blocks, letters in legacy codes, pages that are no documents: nothing wrong is taken for sure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from gateway.model.header import HeaderFields
from gateway.model.page import Box, Line, Page, TextSource
from gateway.policy.header import DocumentTypes, read_header

Read = Callable[[str], HeaderFields]

MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"


def at(text: str, left: float, top: float, right: float) -> Line:
    return Line(text, Box(left, top, right, top + 0.014))


def page(right: tuple[str, ...], left: tuple[str, ...]) -> Page:
    """Both blocks in rows, as a reader of positions gives them, and an addressee below."""
    lines: list[Line] = []
    for row in range(max(len(left), len(right))):
        top = 0.09 + 0.02 * row
        lines += [at(left[row], 0.15, top, 0.37)] if row < len(left) else []
        lines += [at(right[row], 0.5, top, 0.82)] if row < len(right) else []
    return Page(1, (*lines, at("Kính gửi: Sở Y tế tỉnh Khánh Minh.", 0.2, 0.32, 0.6)))


LEFT = ("UBND TỈNH KHÁNH MINH", "SỞ XÂY DỰNG", "Số: 12/SXD-QLN", "V/v nghỉ lễ", "và trực", "trong tháng")


@pytest.mark.parametrize(
    "right",
    [
        (
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT",
            "NAM",
            "Độc lập - Tự do - Hạnh phúc",
            "Khánh Minh, ngày 05 tháng 11 năm",
            "2026",
        ),
        (
            "CỘNG HÒA XÃ HỘI",
            "CHỦ NGHĨA",
            "VIỆT NAM",
            "Độc lập - Tự do -",
            "Hạnh phúc",
            "Khánh Minh, ngày 05 tháng",
            "11 năm 2026",
        ),
        (
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA",
            "VIỆT NAM",
            "Độc lập - Tự do - Hạnh phúc",
            "Thành phố Khánh Minh,",
            "ngày 05 tháng 11 năm 2026",
        ),
    ],
)
def test_a_right_block_that_wraps_is_joined_and_leaves_the_left_one_alone(
    types: DocumentTypes, right: tuple[str, ...]
) -> None:
    found = read_header([page(right, LEFT)], types)
    assert (found.identifier, found.issued_on, found.issuer) == ("12/SXD-QLN", date(2026, 11, 5), "SỞ XÂY DỰNG")
    assert found.abstract == "V/v nghỉ lễ và trực trong tháng"
    assert min(found.confidence.values()) >= 0.9


def test_a_number_that_wraps_behind_its_dash_is_joined(types: DocumentTypes) -> None:
    left = ("UBND TỈNH KHÁNH MINH", "SỞ XÂY DỰNG", "Số: 12/SXD-", "QLN", "V/v nghỉ lễ")
    assert read_header([page(tuple(MOTTO.split("\n")), left)], types).identifier == "12/SXD-QLN"


def test_while_the_end_of_the_motto_is_missing_no_field_is_sure(types: DocumentTypes) -> None:
    right = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT", "Độc lập - Tự do - Hạnh phúc", "Khánh Minh, ngày 05 tháng 11 năm 2026")
    left = ("UBND TỈNH KHÁNH MINH", "SỞ XÂY DỰNG NAM", *LEFT[2:])
    found = read_header([page(right, left)], types)
    assert found.number == "12"
    assert max(found.confidence.values()) < 0.8


def test_a_motto_that_wraps_in_a_text_without_places_is_read_on_in_the_next_line(read: Read) -> None:
    found = read(
        "SỞ XÂY DỰNG\nSố: 12/SXD-QLN\nV/v nghỉ lễ\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT\nNAM\n"
        "Độc lập - Tự do - Hạnh phúc\nKhánh Minh, ngày 05 tháng 11 năm\n2026\nKính gửi: Sở Y tế."
    )
    assert (found.issuer, found.issued_on, found.abstract) == ("SỞ XÂY DỰNG", date(2026, 11, 5), "V/v nghỉ lễ")
    assert min(found.confidence.values()) >= 0.9


@pytest.mark.parametrize("printed", ["2L", "2l", "1o", "12A", "1O"])
def test_figures_that_were_misread_as_letters_are_no_number(read: Read, printed: str) -> None:
    found = read(f"SỞ XÂY DỰNG\n{MOTTO}\nSố: {printed}/QĐ-SXD\nQUYẾT ĐỊNH\nVề việc kiểm kê kho")
    assert (found.number, found.notation) == (None, "QĐ-SXD")


@pytest.mark.parametrize("printed", ["2", "66.15", "12a", "7đ", "3 bis"])
def test_figures_with_a_stop_or_a_small_letter_are_a_number(read: Read, printed: str) -> None:
    found = read(f"SỞ XÂY DỰNG\n{MOTTO}\nSố: {printed}/QĐ-SXD\nQUYẾT ĐỊNH\nVề việc kiểm kê kho")
    assert found.number == printed.replace(" ", "")


def test_of_what_ocr_read_only_a_type_named_twice_need_not_be_compared(types: DocumentTypes) -> None:
    text = f"SỞ XÂY DỰNG\n{MOTTO}\nSố: 21/QĐ-SXD\nKhánh Minh, ngày 09 tháng 5 năm 2020\nQUYẾT ĐỊNH\nVề việc kiểm kê"
    signed = "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\n(Đã ký)\nLý Thị Hoài Ân"
    lines = tuple(Line(line) for line in f"{text}\n{signed}".split("\n"))
    sure = read_header([Page(1, lines, TextSource.OCR)], types).confidence
    assert len(sure) == len({"number", "notation", "issued_on", "type", "abstract", "issuer", "signer", "capacity"})
    assert {name for name, value in sure.items() if value >= 0.8} == {"document_type"}


@pytest.mark.parametrize(
    "text",
    [
        "Së x©y dùng\nCéng hoµ x· héi chñ nghÜa viÖt nam\nSè: 144/2002/Q§-BTC\nHµ Néi, ngµy 05 th¸ng 11 n¨m 2002",
        "SÔÛ XAÂY DÖÏNG\nCOÄNG HOAØ XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM\nSoá: 991/QÑ-UBND\nNgaøy 05 thaùng 11 naêm 2008",
    ],
    ids=["TCVN3", "VNI"],
)
def test_letters_still_in_a_legacy_code_give_no_field(read: Read, text: str) -> None:
    assert read(text) == HeaderFields()


@pytest.mark.parametrize(
    "heading",
    [
        "LẬP HỒ SƠ VÀ NỘP LƯU HỒ SƠ, TÀI LIỆU VÀO LƯU TRỮ CƠ QUAN",
        "THỂ THỨC VÀ KỸ THUẬT TRÌNH BÀY VĂN BẢN",
        "BẢNG CHỮ VIẾT TẮT TÊN LOẠI",
        "PHỤ LỤC I\nBAN HÀNH KÈM THEO",
        "SỐ LIỆU CÁC TUYẾN ĐƯỜNG",
    ],
)
def test_headings_of_an_appendix_are_no_issuer(read: Read, heading: str) -> None:
    assert read(f"{heading}\n{MOTTO}\nKhánh Minh, ngày 09 tháng 5 năm 2020\nSTT").issuer is None


def test_a_joint_issuer_of_many_words_is_one(read: Read) -> None:
    names = (
        "BỘ TÀI CHÍNH",
        "BỘ NÔNG NGHIỆP VÀ PHÁT TRIỂN NÔNG THÔN",
        "BỘ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI",
        "TỔNG LIÊN ĐOÀN LAO ĐỘNG VIỆT NAM",
    )
    block = "\n".join(names)
    found = read(f"{block}\n{MOTTO}\nSố: 5/2012/TTLT-BTC-BNNPTNT\nTHÔNG TƯ LIÊN TỊCH\nHướng dẫn chi trả")
    assert found.issuer is not None
    assert len(found.issuer) > 100
    assert found.issuer.endswith("VIỆT NAM")


@pytest.mark.parametrize("rest", ["………................. 5", ".......... 12", "1.2. 7"])
def test_dots_and_figures_are_no_abstract(read: Read, rest: str) -> None:
    assert read(f"SỞ XÂY DỰNG\n{MOTTO}\nSố: 5/QĐ-SXD\nQUYẾT ĐỊNH\n{rest}").abstract is None


def test_scraps_of_a_seal_before_the_abstract_are_left_out(read: Read) -> None:
    found = read(f"SỞ XÂY DỰNG\n{MOTTO}\nSố: 5/QĐ-SXD\nQUYẾT ĐỊNH\nHỌC 0.NG Về việc kiểm kê kho")
    assert found.abstract == "Về việc kiểm kê kho"
