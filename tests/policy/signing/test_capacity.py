"""In what capacity somebody signs is read from the page, and who needs an authority is told from his title."""

from __future__ import annotations

import pytest

from gateway.policy.signing.capacity import Authority, Capacity, capacity_of

NAME = "Trần Hoàng Tuấn"


@pytest.mark.parametrize(
    ("beside", "authorities", "title"),
    [
        ("GIÁM ĐỐC\nTrần Hoàng Tuấn", (), "GIÁM ĐỐC"),
        ("KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC", (Authority.FOR,), "PHÓ GIÁM ĐỐC"),
        ("KT.GIÁM ĐỐC PHÓ GIÁM ĐỐC Trần Hoàng Tuấn", (Authority.FOR,), "PHÓ GIÁM ĐỐC"),
        ("TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH", (Authority.COLLECTIVE, Authority.FOR), "PHÓ CHỦ TỊCH"),
        (
            "TL. CHỦ TỊCH\nKT. CHÁNH VĂN PHÒNG\nPHÓ CHÁNH VĂN PHÒNG",
            (Authority.BY_ORDER, Authority.FOR),
            "PHÓ CHÁNH VĂN PHÒNG",
        ),
        ("TUQ. GIÁM ĐỐC\nTRƯỞNG PHÒNG", (Authority.BY_WARRANT,), "TRƯỞNG PHÒNG"),
        ("Q. GIÁM ĐỐC", (Authority.ACTING,), "GIÁM ĐỐC"),
        ("K/T GIÁM ĐỐC", (Authority.FOR,), "GIÁM ĐỐC"),
        ("Nơi nhận: như trên; giám đốc các sở", (), ""),
        ("", (), ""),
    ],
)
def test_the_capacity_is_read_from_what_stands_beside(
    beside: str, authorities: tuple[Authority, ...], title: str
) -> None:
    found = capacity_of(NAME, beside, "")
    assert found.authorities == authorities
    assert found.title.startswith(title)


def test_where_nothing_stands_beside_the_page_above_the_name_tells_it() -> None:
    head, end = "SỞ Y TẾ\nKính gửi: Giám đốc Sở\n", "\nTRẦN HOÀNG TUẤN\nPHỤ LỤC"
    page = f"{head}Nơi nhận:      KT. GIÁM ĐỐC\n- Như trên;      PHÓ GIÁM ĐỐC\n{end}"
    assert capacity_of(NAME, "", page).shown == "KT. PHÓ GIÁM ĐỐC"
    assert capacity_of("Nguyễn Văn An", "", page) == Capacity()


@pytest.mark.parametrize(
    ("title", "authorities", "issuer", "lacks"),
    [
        ("PHÓ GIÁM ĐỐC", (), "SỞ TÀI CHÍNH", True),
        ("PHÓ GIÁM ĐỐC", (Authority.FOR,), "SỞ TÀI CHÍNH", False),
        ("PHÓ GIÁM ĐỐC", (Authority.ACTING,), "SỞ TÀI CHÍNH", True),
        ("GIÁM ĐỐC", (), "SỞ TÀI CHÍNH", False),
        ("CHÁNH VĂN PHÒNG", (), "ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI", True),
        ("CHÁNH VĂN PHÒNG", (Authority.BY_ORDER,), "ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI", False),
        ("CHÁNH VĂN PHÒNG", (), "VĂN PHÒNG ỦY BAN NHÂN DÂN TỈNH", False),
        ("TRƯỞNG PHÒNG", (), "", False),
        ("", (), "SỞ TÀI CHÍNH", False),
    ],
)
def test_who_is_not_the_head_needs_an_authority(
    title: str, authorities: tuple[Authority, ...], issuer: str, lacks: bool
) -> None:
    assert Capacity(authorities, title).lacks_authority(issuer) is lacks


def test_any_text_beside_is_taken_without_complaint() -> None:
    for text in ("KT.", "Q. ", "TM. \n", "\x00KT. Đ", "ﷺ KT. ", "KT. " * 5000):
        capacity_of(NAME, text, text)
