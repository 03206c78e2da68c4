"""Names as people write them, and the unit or person that each means."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.model.act import Share
from gateway.policy.orders.names import Match, Named, match_name, match_shares
from tests.policy.orders.conftest import read

UNITS = (
    Named("khtc", "Phòng Kế hoạch - Tài chính", "P.KHTC"),
    Named("qlvt", "Phòng Quản lý vận tải, phương tiện và người lái"),
    Named("qlkc", "Phòng Quản lý kết cấu hạ tầng giao thông"),
    Named("vp", "Văn phòng Sở", "VP"),
    Named("ttr", "Thanh tra Sở"),
    Named("da", "Ban Quản lý dự án"),
    Named("dk", "Trung tâm Đăng kiểm xe cơ giới"),
)
PEOPLE = (
    Named("nvnam", "Nguyễn Văn Nam"),
    Named("thung", "Trần Hưng"),
    Named("lvhung", "Lê Văn Hùng"),
    Named("lan-a", "Phạm Thị Lan"),
    Named("lan-b", "Vũ Ngọc Lan"),
    Named("dtchi", "Đỗ Thị Chi"),
    Named("ltanh", "Lê Tuấn Anh"),
)

FOUND = [
    *(
        (name, "khtc")
        for name in ("khtc", "KHTC", "KH-TC", "P. KHTC", "PKHTC", "Phòng KHTC", "phòng kế hoạch", "tài chính")
    ),
    *((name, "khtc") for name in ("ke hoach tai chinh", "Phòng Kế hoạch và Tài chính", "PHÒNG KẾ HOẠCH – TÀI CHÍNH")),
    *((name, "vp") for name in ("VP", "vp", "Văn phòng", "van phong so", "VP Sở")),
    *((name, "qlvt") for name in ("phòng QLVT", "quản lý vận tải", "vận tải", UNITS[1].name)),
    *((name, "qlkc") for name in ("quan ly ket cau", "Phòng Quản lý kết cấu hạ tầng")),
    *((name, "da") for name in ("Ban QLDA", "BQL dự án")),
    *((name, "dk") for name in ("TT Đăng kiểm", "đăng kiểm")),
    ("thanh tra", "ttr"),
]
PERSONS = [
    *(
        (name, "nvnam")
        for name in ("Nam", "anh Nam", "đ/c Nguyễn Văn Nam", "đồng chí Nam", "nvnam", "nguyen van nam", "NVN")
    ),
    *((name, "lvhung") for name in ("Hùng", "anh Hùng", "ông Lê Văn Hùng", "văn hùng")),
    ("Hưng", "thung"),
    ("Thị Lan", "lan-a"),
    ("chị Chi", "dtchi"),
    ("anh Anh", "ltanh"),
]


@pytest.mark.parametrize(("written", "code"), FOUND)
def test_a_unit_is_found_by_code_short_name_initials_or_part_of_its_name(written: str, code: str) -> None:
    match = match_name(written, UNITS)
    assert match.found
    assert match.found.code == code


@pytest.mark.parametrize(("written", "code"), PERSONS)
def test_a_person_is_found_by_given_name_with_or_without_a_title(written: str, code: str) -> None:
    match = match_name(written, PEOPLE)
    assert match.found
    assert match.found.code == code


@pytest.mark.parametrize(
    ("written", "among", "codes"),
    [
        ("Phòng Quản lý", UNITS, {"qlvt", "qlkc"}),
        ("Phòng", UNITS, {"khtc", "qlvt", "qlkc"}),
        ("Lan", PEOPLE, {"lan-a", "lan-b"}),
        ("chị Lan", PEOPLE, {"lan-a", "lan-b"}),
        ("hung", PEOPLE, {"thung", "lvhung"}),
        ("Lê", PEOPLE, {"lvhung", "ltanh"}),
    ],
)
def test_whoever_may_be_several_is_a_choice(written: str, among: tuple[Named, ...], codes: set[str]) -> None:
    match = match_name(written, among)
    assert match.found is None
    assert {one.code for one in match.choices} == codes
    assert not match.near


@pytest.mark.parametrize(
    ("written", "among", "near"),
    [
        ("Phòng Kế hoặch", UNITS, {"khtc"}),
        ("\u043ahtc", UNITS, {"khtc"}),
        ("KHT\u0421", UNITS, {"khtc"}),
        ("Văn phòng KHTC", UNITS, None),
        ("Phòng Pháp chế", UNITS, set[str]()),
        ("", UNITS, set[str]()),
        ("x" * 500, UNITS, set[str]()),
        ("Nguyễn Văn Năm", PEOPLE, None),
    ],
    ids=range(8),
)
def test_whoever_is_not_known_is_never_picked(written: str, among: tuple[Named, ...], near: set[str] | None) -> None:
    match = match_name(written, among)
    assert match.found is None
    assert match.near == bool(match.choices)
    if near is not None:
        assert {one.code for one in match.choices} == near


def test_an_exact_code_wins_over_the_beginning_of_another_name() -> None:
    among = (Named("ke", "Kế toán"), Named("kh", "Ke Bàng"))
    assert match_name("ke", among) == Match(among[0])


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("Phòng Quản lý vận tải, phương tiện và người lái, VP", ["qlvt", "vp"]),
        ("khtc, vp và thanh tra", ["khtc", "vp", "ttr"]),
        ("Kế hoạch tài chính và Quản lý vận tải", ["khtc", "qlvt"]),
        ("Phòng KHTC (15/9), VP hạn 20/9", ["khtc", "vp"]),
        ("KHTC và Lung Tung", [None]),
    ],
)
def test_units_are_cut_and_joined_as_the_directory_knows_them(written: str, codes: list[str | None]) -> None:
    (order,) = read(f"Phối hợp: {written}").orders
    matched = match_shares(order.supporting, UNITS)
    assert [match.found.code if match.found else None for _, match in matched] == codes


def test_a_deadline_stays_with_the_last_of_the_units_it_was_written_behind() -> None:
    (order,) = read("Phối hợp: Kế hoạch tài chính và Quản lý vận tải hạn 15/9").orders
    matched = match_shares(order.supporting, UNITS)
    assert [share.deadline is not None for share, _ in matched] == [False, True]


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_finds_at_most_one_of_those_given(written: str) -> None:
    match = match_name(written, UNITS)
    assert match.found is None or not match.choices
    assert set(match.choices) <= set(UNITS)
    match_shares([Share(written), Share("VP")], UNITS)
