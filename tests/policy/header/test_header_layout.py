"""Where positions are known they decide over the order of lines."""

from __future__ import annotations

from datetime import date

from gateway.model.page import Box, Line, Page, TextSource
from gateway.policy.header import DocumentTypes, read_header


def at(text: str, left: float, top: float, right: float, height: float = 0.014) -> Line:
    return Line(text, Box(left, top, right, top + height))


LETTERHEAD = (
    at("ỦY BAN NHÂN DÂN", 0.2, 0.085, 0.4),
    at("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 0.46, 0.085, 0.91),
    at("TỈNH KHÁNH MINH", 0.2, 0.103, 0.4),
    at("Độc lập - Tự do - Hạnh phúc", 0.55, 0.103, 0.82),
)
TITLE = (
    at("THÔNG BÁO", 0.46, 0.19, 0.61),
    at("Kết luận tại buổi họp về tiến độ", 0.2, 0.206, 0.87),
    at("Dự án cầu Bến Mới", 0.25, 0.224, 0.8),
    at("Sở đã nghe báo cáo.", 0.21, 0.3, 0.9),
)


def test_figures_of_a_seal_are_put_into_the_blanks_they_lie_on(types: DocumentTypes) -> None:
    page = Page(
        1,
        (
            *LETTERHEAD,
            at("Số:        /TB-UBND", 0.2, 0.139, 0.4),
            at("Khánh Minh, ngày      tháng 01 năm 2025", 0.5, 0.139, 0.91),
            *TITLE,
            at("11", 0.25, 0.14, 0.27),
            at("08", 0.66, 0.14, 0.68),
            at("2", 0.5, 0.95, 0.51),
        ),
    )
    found = read_header([page], types)
    assert (found.identifier, found.issued_on) == ("11/TB-UBND", date(2025, 1, 8))


def test_a_name_in_the_right_half_is_not_the_issuer_and_space_below_the_abstract_ends_it(types: DocumentTypes) -> None:
    stamp = (at("TRUNG TÂM", 0.81, 0.012, 0.93), at("LƯU TRỮ", 0.81, 0.019, 0.87))
    number = (at("Số: 11/TB-UBND", 0.2, 0.139, 0.4), at("Khánh Minh, ngày 08 tháng 01 năm 2025", 0.5, 0.139, 0.91))
    found = read_header([Page(1, (*stamp, *LETTERHEAD, *number, *TITLE))], types)
    assert found.issuer == "ỦY BAN NHÂN DÂN TỈNH KHÁNH MINH"
    assert found.abstract == "Kết luận tại buổi họp về tiến độ Dự án cầu Bến Mới"


def test_what_an_arrival_stamp_covers_is_not_read_and_text_that_begins_under_it_ends_the_abstract(
    types: DocumentTypes,
) -> None:
    number = (at("Số: 11/TB-UBND", 0.2, 0.139, 0.4), at("Khánh Minh, ngày 08 tháng 01 năm 2025", 0.5, 0.139, 0.91))
    title = (
        at("THÔNG BÁO", 0.46, 0.19, 0.61),
        at("CV Số: 40", 0.05, 0.2, 0.2),
        at("Kết luận tại buổi họp về tiến độ", 0.31, 0.206, 0.72),
        at("PHÒNG VĂN THƯ 9 15", 0.05, 0.215, 0.28),
        at("dự án cầu Bến Mới", 0.4, 0.224, 0.6),
        at("gian qua, các sở đã báo cáo về tiến độ của", 0.3, 0.242, 0.91),
        at("dự án đến nhà đầu tư.", 0.16, 0.26, 0.5),
    )
    stamp = Box(0.03, 0.19, 0.29, 0.255)
    found = read_header([Page(1, (*LETTERHEAD, *number, *title), arrivals=(stamp,))], types)
    assert found.abstract == "Kết luận tại buổi họp về tiến độ dự án cầu Bến Mới"
    assert found.confidence["abstract"] < 0.9
    assert (found.identifier, found.issuer) == ("11/TB-UBND", "ỦY BAN NHÂN DÂN TỈNH KHÁNH MINH")


def test_what_ocr_read_is_never_sure(types: DocumentTypes) -> None:
    lines = (*LETTERHEAD, at("Số: 11/TB-UBND", 0.2, 0.139, 0.4), *TITLE)
    found = read_header([Page(1, lines, TextSource.OCR)], types)
    assert found.number == "11"
    assert all(value < 0.9 for value in found.confidence.values())
