"""The table of types against Nghị định 30/2020/NĐ-CP, and its checks."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from gateway.policy.header import DocumentTypes, TypeGroup, notation_fits_issuer

ROW: Mapping[str, object] = {"name": "Quyết định", "abbreviations": ["QĐ"], "group": "administrative"}


def test_the_decree_has_29_types_of_which_two_have_no_abbreviation(types: DocumentTypes) -> None:
    decree = types.types[:29]
    assert [one.name for one in decree if not one.abbreviations] == ["Công văn", "Thư công"]
    assert all(one.group is TypeGroup.ADMINISTRATIVE for one in decree)


@pytest.mark.parametrize(
    ("notation", "name"),
    [
        ("QĐ-SXD", "Quyết định"),
        ("2014/QĐ-UBND", "Quyết định"),
        ("QD-UBND", "Quyết định"),
        ("QyĐ-SXD", "Quy định"),
        ("TTr-SXD", "Tờ trình"),
        ("2020/TT-BTC", "Thông tư"),
        ("2001/TTLT/BNG-TCBĐ", "Thông tư liên tịch"),
        ("ĐA-UBND", "Đề án"),
        ("DA-UBND", "Dự án"),
        ("GT-SXD", "Giấy giới thiệu"),
        ("NQ/TU", "Nghị quyết"),
        ("SXD-QLN", None),
        ("2025/QH15", None),
        ("", None),
    ],
)
def test_the_notation_tells_the_type(types: DocumentTypes, notation: str, name: str | None) -> None:
    found = types.by_notation(notation)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("notation", "issuer", "fits"),
    [
        ("QĐ-SGTVT", "SỞ GIAO THÔNG VẬN TẢI", True),
        ("2025/TT-BVHTTDL", "BỘ VĂN HÓA, THỂ THAO VÀ DU LỊCH", True),
        ("2025/QĐ-TTg", "THỦ TƯỚNG CHÍNH PHỦ", True),
        ("UBND-KGVX", "Ủy ban nhân dân tỉnh", True),
        ("2025/UBTVQH15", "ỦY BAN THƯỜNG VỤ QUỐC HỘI", True),
        ("2002/QĐ/BTC", "BỘ TÀI CHÍNH", True),
        ("GM-UBND", "UBND THÀNH PHỐ KHÁNH MINH", True),
        ("2024/TT-BTTTT", "BỘ KHOA HỌC VÀ CÔNG NGHỆ", False),
        ("QĐ-SGTVT", "SỞ Y TẾ", False),
        ("CTQNg-TTHT", "CỤC THUẾ TỈNH QUẢNG NGÃI", True),
        ("KH-THCSVTS", "TRƯỜNG THCS VÕ THỊ SÁU", True),
        ("QĐ-CTUBND", "ỦY BAN NHÂN DÂN TỈNH HÒA MINH", True),
        ("NQ/TW", "BAN CHẤP HÀNH TRUNG ƯƠNG", True),
        ("CV/ĐU", "ĐẢNG ỦY SỞ XÂY DỰNG", True),
        ("2016/TTLT-BYT-BTC", "BỘ Y TẾ; BỘ TÀI CHÍNH", True),
    ],
)
def test_a_notation_fits_an_issuer_whose_initials_it_is_made_of(
    types: DocumentTypes, notation: str, issuer: str, fits: bool
) -> None:
    assert notation_fits_issuer(notation, issuer, types) is fits


def test_the_superiors_letters_may_follow_the_issuers_but_not_stand_for_them(types: DocumentTypes) -> None:
    assert notation_fits_issuer("TB/BTGTU", "BAN TUYÊN GIÁO", types, "TỈNH ỦY HÒA MINH")
    assert not notation_fits_issuer("CAT-PC08", "PHÒNG CẢNH SÁT GIAO THÔNG", types, "CÔNG AN TỈNH HÒA MINH")


def test_a_heading_is_found_whatever_its_letter_spacing_and_placing_of_tones(types: DocumentTypes) -> None:
    for printed in ("QUYẾT ĐỊNH", "Q U Y Ế T  Đ Ị N H", "QUYẾT ÐỊNH"):
        found = types.by_heading(printed)
        assert found is not None
        assert found.name == "Quyết định"
    assert types.by_heading("GIẤY UỶ QUYỀN") is types.by_heading("GIẤY ỦY QUYỀN")
    assert types.by_heading("QUYẾT ĐỊNH CHUNG") is None


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([ROW, ROW], "given twice"),
        ([ROW, {**ROW, "name": "Quyết nghị"}], "stands for two"),
        ([{**ROW, "group": "other"}], "unknown group"),
        ([{**ROW, "abbreviations": "QĐ"}], "list of texts"),
        ([{"group": "legal"}], "without a name"),
    ],
)
def test_a_wrong_table_is_refused_naming_the_row(rows: list[Mapping[str, object]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        DocumentTypes.from_rows(rows)
