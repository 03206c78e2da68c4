"""The names after "Kính gửi", as offices print them and OCR reads them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.header import HeaderFields
from gateway.model.page import Line, Page, TextSource
from gateway.policy.header import DocumentTypes, read_header

Read = Callable[[str], HeaderFields]

HEAD = """UBND HUYỆN AN SƠN
PHÒNG KINH TẾ
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 120/PKT-CN
An Sơn, ngày 09 tháng 11 năm 2026
V/v sửa chữa tuyến đường"""
BODY = """Thực hiện Công văn số 99/SGTVT-KH ngày 01 tháng 11 năm 2026, Phòng báo cáo như sau:
Kính gửi quý cơ quan xem xét.
Nơi nhận:
- Như trên;
- Sở Tài chính;
- Lưu: VT."""
UBND = "Ủy ban nhân dân tỉnh Quảng Ngãi"


def letter(addressed: str, body: str = BODY) -> str:
    return f"{HEAD}\n{addressed}\n{body}"


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        (f"Kính gửi: {UBND}", UBND),
        (f"Kính gửi: {UBND}.", UBND),
        (f"Kính gửi : {UBND}.", UBND),
        (f"Kính gửi:\n{UBND}", UBND),
        (f"KÍNH GỬI: {UBND.upper()}", UBND.upper()),
        (f"Kính gởi: {UBND}", UBND),
        (f"Kinh gửi: {UBND}", UBND),
        (f"Kính gừi: {UBND}", UBND),
        (f"Kính gửi {UBND}", UBND),
        (f"Kính trình: {UBND}", UBND),
        ("Kính gửi: UBND tỉnh", "UBND tỉnh"),
        ("Kính gửi: Ủy ban nhân dân tỉnh\nQuảng Ngãi", UBND),
        ("Kính gửi: Ủy ban nhân dân\ntỉnh Quảng Ngãi", UBND),
        ("Kính gửi:\n- UBND tỉnh;\n- Sở Tài chính.", "UBND tỉnh; Sở Tài chính"),
        ("Kính gửi:\n– UBND tỉnh\n– Sở Tài chính", "UBND tỉnh; Sở Tài chính"),
        ("Kính gửi: - UBND tỉnh; - Sở Tài chính;", "UBND tỉnh; Sở Tài chính"),
        ("Kính gửi: - UBND tỉnh - Sở Tài chính", "UBND tỉnh; Sở Tài chính"),
        ("Kính gửi: - UBND tỉnh;\n                - Sở Tài chính.", "UBND tỉnh; Sở Tài chính"),
        ("Kính gửi: UBND tỉnh; Sở Tài chính", "UBND tỉnh; Sở Tài chính"),
        ("Kính gửi:\n+ UBND tỉnh;\n+ Sở Tài chính.", "UBND tỉnh; Sở Tài chính"),
        ("Kính gửi:\n1. UBND tỉnh;\n2. Sở Tài chính.", "UBND tỉnh; Sở Tài chính"),
        (
            "Kính gửi:\n- Sở Nông nghiệp và\nPhát triển nông thôn;\n- UBND tỉnh.",
            "Sở Nông nghiệp và Phát triển nông thôn; UBND tỉnh",
        ),
        ("Kính gửi: UBND tỉnh\n(qua Sở Giao thông vận tải)", "UBND tỉnh (qua Sở Giao thông vận tải)"),
        ("Kính gửi: Ông Trần Văn A - Chủ tịch UBND tỉnh", "Ông Trần Văn A - Chủ tịch UBND tỉnh"),
        ("Kính gửi: Thủ tướng Chính phủ,\nỦy ban nhân dân tỉnh", "Thủ tướng Chính phủ; Ủy ban nhân dân tỉnh"),
        ("Kính gửi: UBND tỉnh\nSở Tài chính.", "UBND tỉnh; Sở Tài chính"),
        ("Kính gửi: UBND tỉnh\nPhòng Kinh tế nhận được", "UBND tỉnh"),
        ("Kính gửi: UBND tỉnh\n\nPhòng Kinh tế.", "UBND tỉnh"),
        ("Kính gửi:\tUBND tỉnh", "UBND tỉnh"),
        ("**Kính gửi:** UBND tỉnh", "UBND tỉnh"),
        ("Kính gửi: ................", None),
        ("Kính mời: Sở Tài chính", None),
        ("Nay kính gửi: UBND tỉnh", None),
    ],
)
def test_the_names_are_read_as_offices_print_them(read: Read, printed: str, names: str | None) -> None:
    assert read(letter(printed)).addressee == names


def test_the_places_for_distribution_are_no_addressees(read: Read) -> None:
    assert read(f"{HEAD}\nCăn cứ Luật Đường bộ;\nNơi nhận:\nKính gửi: UBND tỉnh").addressee is None
    found = read(f"{HEAD}\nKính gửi: Sở Tài chính\nNơi nhận:\n- UBND tỉnh;")
    assert found.addressee == "Sở Tài chính"


def test_a_decision_and_a_legal_document_address_nobody(read: Read) -> None:
    for title, number in (("QUYẾT ĐỊNH", "12/QĐ-SXD"), ("THÔNG TƯ", "12/2026/TT-BXD")):
        head = HEAD.replace("120/PKT-CN", number).replace("V/v", f"{title}\nVề việc")
        assert read(f"{head}\nKính gửi: UBND tỉnh\n{BODY}").addressee is None


def test_a_proposal_addresses_below_its_title(read: Read) -> None:
    head = HEAD.replace("120/PKT-CN", "12/TTr-PKT").replace("V/v", "TỜ TRÌNH\nVề việc")
    found = read(f"{head}\nKính gửi: {UBND}\nCăn cứ Luật Đường bộ ngày 27 tháng 6 năm 2024;")
    assert (found.document_type, found.addressee) == ("Tờ trình", UBND)
    assert found.confidence["addressee"] >= 0.9


def test_the_abstract_ends_where_the_addressees_begin(read: Read) -> None:
    for opening in ("Kính gửi", "Kính gởi", "Kinh gửi"):
        assert read(letter(f"{opening}: {UBND}")).abstract == "V/v sửa chữa tuyến đường"


def test_confidence_falls_without_a_colon_a_head_or_letters_from_the_file(read: Read, types: DocumentTypes) -> None:
    assert read(letter(f"Kính gửi: {UBND}")).confidence["addressee"] >= 0.9
    assert read(letter(f"Kính gửi {UBND}")).confidence["addressee"] < 0.9
    assert read(f"Kính gửi: {UBND}\n{BODY}").confidence["addressee"] < 0.7
    lines = tuple(Line(line) for line in letter(f"Kính gửi: {UBND}").split("\n"))
    scanned = read_header([Page(1, lines, TextSource.OCR)], types)
    assert scanned.addressee == UBND
    assert scanned.confidence["addressee"] <= 0.75


def test_who_signs_is_no_addressee_and_a_line_that_only_looks_like_one_is_not_sure(read: Read) -> None:
    signed = read(letter("Kính gửi: Các đảng ủy trực thuộc", "KT. TRƯỞNG PHÒNG\nTrần Văn Ba"))
    assert signed.addressee == "Các đảng ủy trực thuộc"
    short = read(letter("Kính gửi: Sở Giao thông vận tải\nNội dung báo cáo."))
    assert (short.addressee, short.confidence["addressee"] >= 0.9) == ("Sở Giao thông vận tải", True)
    doubtful = read(letter("Kính gửi: Ban Quản lý dự án đầu tư xây dựng\nCác công trình giao thông."))
    assert doubtful.confidence["addressee"] < 0.9


def test_decomposed_letters_read_as_composed_ones(read: Read) -> None:
    printed = letter(f"Kính gửi: {UBND}")
    assert read(unicodedata.normalize("NFD", printed)).addressee == UBND


def test_a_long_list_is_cut_between_names_and_less_sure(read: Read) -> None:
    names = [f"Ủy ban nhân dân xã Tịnh Hòa số {number}" for number in range(60)]
    found = read(letter("Kính gửi:\n" + "\n".join(f"- {name};" for name in names)))
    assert found.addressee is not None
    assert len(found.addressee) <= 500
    assert found.addressee.split("; ") == names[: found.addressee.count(";") + 1]
    assert found.confidence["addressee"] < 0.9
    assert len(read(letter(f"Kính gửi: {'Sở ' * 300}")).addressee or "") <= 500


PIECES = st.sampled_from(
    ["Kính gửi:", "- ", "UBND tỉnh", ";", ".", "\n", "(", ")", "Quảng Ngãi", "1.", "V/v", "   ", "…"]
)


@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=80))
def test_whatever_follows_the_words_the_list_stays_within_bounds(types: DocumentTypes, text: str) -> None:
    page = Page(1, tuple(Line(line) for line in letter(f"Kính gửi: {text}").split("\n")))
    found = read_header([page], types)
    assert found.addressee is None or 3 <= len(found.addressee) <= 500
    assert ("addressee" in found.confidence) == (found.addressee is not None)
