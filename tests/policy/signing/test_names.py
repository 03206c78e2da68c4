"""Names of one agency or person are known again however they are written, and of two never taken for one."""

from __future__ import annotations

import unicodedata

import pytest

from gateway.policy.header.agencies import same_agency
from gateway.policy.signing import same_person


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ủy ban nhân dân tỉnh Quảng Ngãi", "UỶ BAN NHÂN DÂN TỈNH QUẢNG NGÃI"),
        ("Uy ban nhan dan tinh Quang Ngai", "ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI"),
        ("UBND tỉnh Quảng Ngãi", "Ủy ban nhân dân tỉnh Quảng Ngãi"),
        ("Sở GTVT", "SỞ GIAO THÔNG VẬN TẢI"),
        ("Sở Tài chính", "Sở Tài chính tỉnh Quảng Ngãi"),
        ("Sở TN&MT", "Sở Tài nguyên và Môi trường"),
        ("SỞ TÀI СHÍNH", "Sở Tài chính"),
        (unicodedata.normalize("NFD", "Sở Nội vụ"), "SỞ NỘI VỤ"),
    ],
)
def test_one_agency(one: str, other: str) -> None:
    assert same_agency(one, other)
    assert same_agency(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ủy ban nhân dân", "Ủy ban nhân dân tỉnh Quảng Ngãi"),
        ("Ủy ban nhân dân tỉnh Quảng Ngãi", "Ủy ban nhân dân tỉnh Quảng Nam"),
        ("Sở Tài chính", "Sở Tài nguyên và Môi trường"),
        ("Ủy ban nhân dân tỉnh Quảng Ngãi", "Văn phòng Ủy ban nhân dân tỉnh Quảng Ngãi"),
        ("Trung tâm Công báo và Tin học", "Ủy ban nhân dân tỉnh Quảng Ngãi"),
        ("", "Sở Tài chính"),
        ("", ""),
    ],
)
def test_two_agencies(one: str, other: str) -> None:
    assert not same_agency(one, other)
    assert not same_agency(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nguyễn Văn Hòa", "NGUYỄN VĂN HOÀ"),
        ("NGUYEN VAN HOA", "Nguyễn Văn Hòa"),
        ("TS. Lý Thị Thúy", "Lí Thị Thuý"),
        ("Nguyễn Văn Аn", "Nguyễn Văn An"),
        (unicodedata.normalize("NFD", "Đặng Văn Minh"), "Đặng Văn  Minh"),
    ],
)
def test_one_person(one: str, other: str) -> None:
    assert same_person(one, other)
    assert same_person(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nguyễn Văn Hùng", "Nguyễn Văn Hưng"),
        ("Nguyễn Văn An", "Nguyễn Văn Anh"),
        ("Nguyễn Văn An", "Nguyễn An"),
        ("", "Nguyễn An"),
        ("", ""),
    ],
)
def test_two_people(one: str, other: str) -> None:
    assert not same_person(one, other)
    assert not same_person(other, one)
