"""What a recogniser read: how sure the fields are, and names whose accents it lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.model.header import HeaderFields
from gateway.model.page import Line, Page, TextSource
from gateway.policy.header import DocumentTypes, read_header
from gateway.policy.header.misread import with_names_restored

LINES = (
    "SỞ XÂY DỰNG",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Số: 21/QĐ-SXD",
    "Khánh Minh, ngày 09 tháng 5 năm 2020",
    "QUYẾT ĐỊNH",
    "Về việc kiểm kê kho",
    "Căn cứ Luật Xây dựng;",
    "KT. GIÁM ĐỐC",
    "PHÓ GIÁM ĐỐC",
    "(Đã ký)",
    "Lý Thị Hoài Ân",
)


def recognised(types: DocumentTypes, **sure: float) -> HeaderFields:
    """The page read; `sure` by the beginning of a line, 0.95 of all others."""
    lines = tuple(
        Line(text, sure=next((value for start, value in sure.items() if text.startswith(start)), 0.95))
        for text in LINES
    )
    return read_header([Page(1, lines, TextSource.OCR)], types)


def test_what_was_recognised_surely_may_be_entered(types: DocumentTypes) -> None:
    found = recognised(types)
    assert min(found.confidence.values()) >= 0.9
    assert max(found.confidence.values()) < 0.95


@pytest.mark.parametrize(
    ("start", "fields"),
    [("Số", {"number", "notation"}), ("Khánh", {"issued_on"}), ("Về", {"abstract"}), ("Lý", {"signer"})],
)
def test_one_doubtful_word_leaves_its_fields_to_a_person(types: DocumentTypes, start: str, fields: set[str]) -> None:
    found = recognised(types, **{start: 0.5})
    doubtful = {name for name, value in found.confidence.items() if value < 0.9}
    assert fields <= doubtful <= fields | {"document_type", "issuer"}


def restored(text: str, source: TextSource = TextSource.OCR) -> str:
    return with_names_restored(Page(1, (Line(text),), source)).text


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("TĨNH QUANG NGAI", "TỈNH QUẢNG NGÃI"),
        ("PHO CHU TỊCH", "PHÓ CHỦ TỊCH"),
        ("KT. CHANH VĂN PHÒNG", "KT. CHÁNH VĂN PHÒNG"),
        ("UỶ BAN NHÂN DÂN TỈNH HOÀ BÌNH", "UỶ BAN NHÂN DÂN TỈNH HOÀ BÌNH"),
        ("NGÂN HÀNG NHÀ NƯỚC. VIỆT NAM.", "NGÂN HÀNG NHÀ NƯỚC VIỆT NAM"),
        ("Nguyễn Mạnh Hùng:", "Nguyễn Mạnh Hùng"),
        ("Nơi nhận:", "Nơi nhận:"),
        ("TUQ. BỘ TRƯỞNG", "TUQ. BỘ TRƯỞNG"),
        ("BỘ VĂN HÓA, THỂ THAO VÀ DU LỊCH", "BỘ VĂN HÓA, THỂ THAO VÀ DU LỊCH"),
        ("Trần Thái Bỉnh", "Trần Thái Bỉnh"),
        ("CÔNG TY QUANG NGAIA", "CÔNG TY QUANG NGAIA"),
    ],
)
def test_names_of_closed_lists_get_their_accents_back(read: str, printed: str) -> None:
    assert restored(read) == printed


def test_what_is_written_is_left_as_it_is() -> None:
    page = Page(1, (Line("TĨNH QUANG NGAI"),))
    assert with_names_restored(page) is page
    assert with_names_restored(replace(page, source=TextSource.OCR)) != page
