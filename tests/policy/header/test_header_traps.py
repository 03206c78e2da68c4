"""One small page 1 per trap: what real offices print, and what must not be taken for it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date

import pytest

from gateway.model.header import HeaderFields

Read = Callable[[str], HeaderFields]

COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
SLOGAN = "Độc lập - Tự do - Hạnh phúc"
MOTTO = f"{COUNTRY}\n{SLOGAN}"
DECISION = f"""ỦY BAN NHÂN DÂN
TỈNH KHÁNH MINH
SỞ XÂY DỰNG
{MOTTO}
Số: 07/QĐ-SXD
Khánh Minh, ngày 03 tháng 02 năm 2021
QUYẾT ĐỊNH
Về việc kiện toàn Tổ kiểm tra
nội bộ năm 2021
GIÁM ĐỐC SỞ XÂY DỰNG
Căn cứ Quyết định số 12/2016/QĐ-UBND ngày 05 tháng 4 năm 2016 của Ủy ban nhân dân tỉnh;
QUYẾT ĐỊNH:
Điều 1. Kiện toàn Tổ kiểm tra nội bộ.
Nơi nhận:
- Như Điều 3;
- Lưu: VT.
KT. GIÁM ĐỐC
PHÓ GIÁM ĐỐC
(Đã ký)
Lý Thị Hoài Ân
"""
LETTER = f"""UBND TỈNH KHÁNH MINH
SỞ Y TẾ
Số: 1205/SYT-NVY
V/v rà soát trang thiết bị
của các trạm y tế xã
{MOTTO}
Khánh Minh, ngày 14 tháng 11 năm 2022
Kính gửi: Ủy ban nhân dân các huyện.
Thực hiện Công văn số 99/BYT-KH ngày 01 tháng 11 năm 2022 của Bộ Y tế, Sở đề nghị như sau:
"""


def head(number: str = "Số: 21/QĐ-SXD", place: str = "Khánh Minh, ngày 09 tháng 5 năm 2020", title: str = "") -> str:
    title = title or "QUYẾT ĐỊNH\nVề việc phê duyệt dự toán\nCăn cứ Luật Xây dựng ngày 18 tháng 6 năm 2014;"
    return f"SỞ XÂY DỰNG\n{MOTTO}\n{number}\n{place}\n{title}"


def test_a_decision_gives_every_field(read: Read) -> None:
    found = read(DECISION)
    assert found.identifier == "07/QĐ-SXD"
    assert found.issued_on == date(2021, 2, 3)
    assert found.document_type == "Quyết định"
    assert found.abstract == "Về việc kiện toàn Tổ kiểm tra nội bộ năm 2021"
    assert found.issuer == "SỞ XÂY DỰNG"
    assert found.signer == "Lý Thị Hoài Ân"
    assert set(found.confidence) == {
        "number",
        "notation",
        "issued_on",
        "document_type",
        "abstract",
        "issuer",
        "superior",
        "signer",
        "capacity",
        "recipients",
    }
    assert found.superior == "ỦY BAN NHÂN DÂN TỈNH KHÁNH MINH"
    assert found.capacity == "KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC"
    assert found.recipients == "Như Điều 3"
    assert min(found.confidence.values()) >= 0.9


def test_an_official_letter_has_its_type_from_the_missing_heading_and_its_subject_line(read: Read) -> None:
    found = read(LETTER)
    assert (found.identifier, found.document_type) == ("1205/SYT-NVY", "Công văn")
    assert found.abstract == "V/v rà soát trang thiết bị của các trạm y tế xã"
    assert found.issuer == "SỞ Y TẾ"
    assert found.issued_on == date(2022, 11, 14)


@pytest.mark.parametrize(
    ("printed", "number", "notation"),
    [
        ("Số: 21/QĐ-SXD", "21", "QĐ-SXD"),
        ("Số: 21/QÐ-SXD", "21", "QĐ-SXD"),
        ("Số : 07 /2017/QĐ - UBND", "07", "2017/QĐ-UBND"),
        ("Số 363/2025/NĐ-CP", "363", "2025/NĐ-CP"),
        ("Số: 66.15/2026/NQ-CP", "66.15", "2026/NQ-CP"),
        ("Số: 12a/QĐ–SXD", "12a", "QĐ-SXD"),
        ("Số: 05\u200e/2026/TT-BT\u0421", "05", "2026/TT-BTC"),
        ("Số: 144/2002/QĐ/BTC", "144", "2002/QĐ/BTC"),
        ("Số:     /QĐ-SXD", None, "QĐ-SXD"),
        ("Số: ....../QĐ-SXD", None, "QĐ-SXD"),
        ("Số: 542    /TB-UBND", "542", "TB-UBND"),
        ("Số: 12-NQ/TU", "12", "NQ/TU"),
        ("Nghị quyết số: 87/2025/UBTVQH15", "87", "2025/UBTVQH15"),
        ("Sô 09 /2020/TT-BTNMT", "09", "2020/TT-BTNMT"),
        ("Số: 2ƒ /CT-UBND", None, "CT-UBND"),
        ("**Số: 21/QĐ-SXD**", "21", "QĐ-SXD"),
        ("Số: 5/29/2025/TTLT-BTP-BCA", "5", "29/2025/TTLT-BTP-BCA"),
    ],
)
def test_a_number_line_is_read_as_offices_print_it(read: Read, printed: str, number: str | None, notation: str) -> None:
    found = read(head(number=printed))
    assert (found.number, found.notation) == (number, notation)


def test_decomposed_letters_read_as_composed_ones(read: Read) -> None:
    assert read(unicodedata.normalize("NFD", DECISION)) == read(DECISION)


@pytest.mark.parametrize(
    "line",
    [
        "Căn cứ Luật số 63/2025/QH15;",
        "(Ban hành kèm theo Quyết định số: 955/QĐ-SXD ngày 07/9/2017",
        "Hotline: 1/2",
        "số 04/1998/QH10 ngày 20 tháng 5 năm 1998",
        "Theo Công văn số 12/SXD-KT",
    ],
)
def test_a_number_quoted_in_the_text_is_not_the_documents(read: Read, line: str) -> None:
    found = read(f"SỞ XÂY DỰNG\n{MOTTO}\n{line}\nKhánh Minh, ngày 09 tháng 5 năm 2020")
    assert (found.number, found.notation) == (None, None)


def test_a_number_quoted_in_a_wrapped_subject_line_is_not_the_documents(read: Read) -> None:
    found = read(LETTER.replace("của các trạm y tế xã", "theo\nQuyết định số 2269/QĐ-TTg\ncủa Thủ tướng Chính phủ"))
    assert found.identifier == "1205/SYT-NVY"
    assert found.abstract == "V/v rà soát trang thiết bị theo Quyết định số 2269/QĐ-TTg của Thủ tướng Chính phủ"


def test_the_number_may_stand_before_the_motto(read: Read) -> None:
    found = read(
        f"QUỐC HỘI\nLuật số: 11/2025/QH15\n{MOTTO}\nLUẬT\nĐO LƯỜNG\nCăn cứ Hiến pháp;\nQuốc hội ban hành Luật Đo lường."
    )
    assert (found.identifier, found.document_type, found.abstract) == ("11/2025/QH15", "Luật", "ĐO LƯỜNG")


def test_a_law_without_a_date_line_has_the_day_it_was_passed(read: Read) -> None:
    found = read(
        f"QUỐC HỘI\nLuật số: 11/2025/QH15\n{MOTTO}\nLUẬT\nĐO LƯỜNG\nCăn cứ Hiến pháp;\n"
        "Luật này được Quốc hội nước Cộng hòa xã hội chủ nghĩa Việt Nam khóa XV, Kỳ họp thứ 9 thông qua "
        "ngày 5 tháng 6 năm 2025.\nCHỦ TỊCH QUỐC HỘI\n(Đã ký)\nĐoàn Văn Trương"
    )
    assert found.issued_on == date(2025, 6, 5)
    assert found.confidence["issued_on"] < 0.9
    assert found.signer == "Đoàn Văn Trương"


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("Hà Nội, ngày 03 tháng 02 năm 2021", date(2021, 2, 3)),
        ("Tp. Hồ Chí Minh, ngày 3 tháng 2 năm 2021", date(2021, 2, 3)),
        ("Hà Nội, ngày 31 tháng12 năm 2025", date(2025, 12, 31)),
        ("Hà Nội, ngày 3l tháng 8 năm 2020", date(2020, 8, 31)),
        ("Hà Nội, ngày 09/5/2020", date(2020, 5, 9)),
        ("*Hà Nội, ngày 05 tháng 3 năm 2020*", date(2020, 3, 5)),
        ("Hà Nội, ngày    tháng 9 năm 2017", None),
        ("Hà Nội, ngày ... tháng ... năm 2017", None),
        ("Hà Nội, ngày 31 tháng 02 năm 2021", None),
        ("Căn cứ Biên bản ngày 03 tháng 02 năm 2021", None),
        ("Có hiệu lực từ ngày 03 tháng 02 năm 2021 đến nay", None),
    ],
)
def test_only_the_line_of_place_and_date_gives_the_date(read: Read, place: str, expected: date | None) -> None:
    assert read(head(place=place)).issued_on == expected


@pytest.mark.parametrize("place", ["Khánh Minh, ngày . 9 tháng 5 năm 2020", "Khánh Minh, ngày 09 tháng .5 năm 2020"])
def test_a_day_half_of_which_may_be_unread_is_not_sure(read: Read, place: str) -> None:
    assert read(head(place=place)).confidence["issued_on"] < 0.9


@pytest.mark.parametrize(
    "place",
    [
        "Khánh Minh, ngày|5 tháng 01 năm 2025",
        "Khánh Minh, ngày 4# tháng 3 năm 2020",
        "Khánh Minh, ngày 12 tháng 3 năm 202",
    ],
)
def test_a_day_that_was_read_in_part_is_not_guessed(read: Read, place: str) -> None:
    assert read(head(place=place)).issued_on is None


@pytest.mark.parametrize(
    "ink", ["đ#", "45;9 -", "é⁄", "4 S 9", "^ô4⁄2", ".Á6.3", "/%5", "…4. .", "ÁM Ả4", "", "....", "#\t"]
)
def test_the_notation_is_read_behind_a_number_that_is_not(read: Read, ink: str) -> None:
    found = read(head(number=f"Số: {ink} /TTr-UBND"))
    assert (found.number, found.notation) == (None, "TTr-UBND")
    assert "/TTr-UBND" in found.evidence["notation"].text


def test_an_arrival_stamp_gives_neither_number_nor_date(read: Read) -> None:
    stamp = "CÔNG VĂN ĐẾN\nSố: 2352/VP-CVĐ\nNgày: 21/3/2018\nChuyển: ........\n"
    found = read(stamp + head(number="Số: 07/CT-UBND", place="Khánh Minh, ngày 20 tháng 3 năm 2018"))
    assert (found.identifier, found.issued_on) == ("07/CT-UBND", date(2018, 3, 20))


@pytest.mark.parametrize(
    "stamp",
    [
        "TRUNG TÂM CÔNG\nBÁO VÀ TIN HỌC\nbanhanh@khanhminh.gov.vn\n24.01.2025 20:01:14\n+07:00\n\n",
        "Trung tâm Công báo và Tin học\nbanhanh@khanhminh.gov.vn\n21.03.2018 16:41:00 +07:00\n",
        "Ký bởi: Ủy ban nhân dân\ntỉnh Khánh Minh\nThời gian ký: 05/01/2021\n08:15:24\n",
    ],
)
def test_a_copy_stamp_is_not_the_issuer(read: Read, stamp: str) -> None:
    found = read(stamp + DECISION)
    assert found.issuer == "SỞ XÂY DỰNG"
    assert found.issued_on == date(2021, 2, 3)


@pytest.mark.parametrize(
    ("block", "issuer"),
    [
        ("ỦY BAN NHÂN DÂN\nTỈNH KHÁNH MINH", "ỦY BAN NHÂN DÂN TỈNH KHÁNH MINH"),
        ("ỦY BAN NHÂN DÂN\nTHÀNH PHỐ MINH HẢI", "ỦY BAN NHÂN DÂN THÀNH PHỐ MINH HẢI"),
        ("ỦY BAN THƯỜNG VỤ\nQUỐC HỘI\n-------", "ỦY BAN THƯỜNG VỤ QUỐC HỘI"),
        ("UBND TỈNH KHÁNH MINH\nVĂN PHÒNG", "VĂN PHÒNG"),
        ("VĂN PHÒNG\nỦY BAN NHÂN DÂN TỈNH", "VĂN PHÒNG ỦY BAN NHÂN DÂN TỈNH"),
        ("BỘ GIAO THÔNG VẬN TẢI\nCỤC ĐƯỜNG BỘ VIỆT NAM", "CỤC ĐƯỜNG BỘ VIỆT NAM"),
        ("BỘ NÔNG NGHIỆP VÀ\nMÔI TRƯỜNG", "BỘ NÔNG NGHIỆP VÀ MÔI TRƯỜNG"),
        ("NGÂN HÀNG NHÀ NƯỚC\nVIỆT NAM", "NGÂN HÀNG NHÀ NƯỚC VIỆT NAM"),
        ("SỞ GIAO THÔNG\nVẬN TẢI", "SỞ GIAO THÔNG VẬN TẢI"),
        ("ỦY BAN NHÂN DÂN TỈNH KHÁNH MINH SỞ XÂY DỰNG", "SỞ XÂY DỰNG"),
        ("TỈNH ỦY KHÁNH MINH\nBAN TỔ CHỨC", "BAN TỔ CHỨC"),
    ],
)
def test_the_issuer_is_the_lower_agency_of_the_left_block(read: Read, block: str, issuer: str) -> None:
    text = head().replace("SỞ XÂY DỰNG\n", "", 1)
    assert read(f"{block}\n{text}").issuer == issuer


def test_a_joint_document_has_all_its_issuers_and_signers(read: Read) -> None:
    found = read(
        f"BỘ TƯ PHÁP -\nBỘ CÔNG AN\nSố: 01/2022/TTLT-BTP-BCA\n{MOTTO}\nHà Nội, ngày 01 tháng 3 năm 2022\n"
        "THÔNG TƯ LIÊN TỊCH\nQuy định về phối hợp\nCăn cứ Luật Giám định tư pháp;\n"
        "KT. BỘ TRƯỞNG\nBỘ CÔNG AN\nTHỨ TRƯỞNG\n(Đã ký)\nThượng tướng Ngô Văn Ba\n"
        "KT. BỘ TRƯỞNG\nBỘ TƯ PHÁP\nTHỨ TRƯỞNG\n(Đã ký)\nVũ Thị Tư"
    )
    assert found.issuer == "BỘ TƯ PHÁP - BỘ CÔNG AN"
    assert found.capacity == "KT. BỘ TRƯỞNG BỘ CÔNG AN / THỨ TRƯỞNG; KT. BỘ TRƯỞNG BỘ TƯ PHÁP / THỨ TRƯỞNG"
    assert found.signer == "Ngô Văn Ba; Vũ Thị Tư"


def test_without_a_left_block_the_enacting_authority_names_the_issuer_with_low_confidence(read: Read) -> None:
    found = read(
        "Số: 31/QĐ-SXD\nKhánh Minh, ngày 02 tháng 9 năm 2019\nQUYẾT ĐỊNH\nVề việc cử cán bộ\n\n"
        "GIÁM ĐỐC SỞ XÂY DỰNG\nTỈNH KHÁNH MINH\n\nCăn cứ Quy chế làm việc của Sở;"
    )
    assert found.issuer == "SỞ XÂY DỰNG TỈNH KHÁNH MINH"
    assert found.confidence["issuer"] < 0.9
    assert found.abstract == "Về việc cử cán bộ"


@pytest.mark.parametrize(
    "text",
    [
        f"UBND TỈNH KHÁNH MINH\t{COUNTRY}\nSỞ XÂY DỰNG\t{SLOGAN}\n"
        "Số: 07/SXD-QLN\tKhánh Minh, ngày 03 tháng 02 năm 2021\nV/v xử lý\nnhà ở cũ\nKính gửi: Bộ Xây dựng.",
        f"| UBND TỈNH KHÁNH MINH | {COUNTRY} |\n|---|---|\n"
        f"| **SỞ XÂY DỰNG** | {SLOGAN} |\n"
        "| Số: 07/SXD-QLN | *Khánh Minh, ngày 03 tháng 02 năm 2021* |\n| V/v xử lý nhà ở cũ | |\n\n"
        "Kính gửi: Bộ Xây dựng.",
        f"UBND TỈNH KHÁNH MINH SỞ XÂY DỰNG _______ Số: 07/SXD-QLN V/v xử lý nhà ở cũ {COUNTRY} {SLOGAN} "
        "_________ Khánh Minh, ngày 03 tháng 02 năm 2021\n\nKính gửi: Bộ Xây dựng.",
        f"UBND TỈNH KHÁNH MINH {COUNTRY}\nSỞ XÂY DỰNG {SLOGAN}\n"
        "Số: 07/SXD-QLN Khánh Minh, ngày 03 tháng 02 năm 2021\nV/v xử lý\nnhà ở cũ\nKính gửi: Bộ Xây dựng.",
        f"    UBND TỈNH KHÁNH MINH          {COUNTRY}\n        SỞ XÂY DỰNG                    "
        f"{SLOGAN}\n\n   Số: 07   /SXD-QLN         Khánh Minh, ngày 03 tháng 02 năm 2021\n"
        "  V/v xử lý\n  nhà ở cũ\n              Kính gửi: Bộ Xây dựng.",
        f"UBND TỈNH KHÁNH MINH\nSỞ XÂY DỰNG\nSố: 07\n{MOTTO}\n/SXD-QLN\nKhánh Minh, ngày 03 tháng 02 năm 2021\n"
        "V/v xử lý\nnhà ở cũ\nKính gửi: Bộ Xây dựng.",
    ],
    ids=["tabs", "table", "one line", "single blanks", "columns of blanks", "number broken"],
)
def test_both_blocks_on_the_same_lines_are_told_apart(read: Read, text: str) -> None:
    found = read(text)
    assert (found.identifier, found.issued_on) == ("07/SXD-QLN", date(2021, 2, 3))
    assert (found.issuer, found.document_type) == ("SỞ XÂY DỰNG", "Công văn")
    assert found.abstract == "V/v xử lý nhà ở cũ"


@pytest.mark.parametrize(
    ("title", "abstract"),
    [
        (
            "QUYẾT ĐỊNH\nVỀ VIỆC THÀNH LẬP\nHỘI ĐỒNG NGHIỆM THU\n----\nCăn cứ Luật;",
            "VỀ VIỆC THÀNH LẬP HỘI ĐỒNG NGHIỆM THU",
        ),
        ("QUYẾT ĐỊNH Về việc cử cán bộ\nCăn cứ Luật;", "Về việc cử cán bộ"),
        ("QUYẾT ĐỊNH\nPhê duyệt dự toán\nsửa chữa cầu\nThực hiện chỉ đạo của Bộ,", "Phê duyệt dự toán sửa chữa cầu"),
        ("QUYẾT ĐỊNH\nBan hành Quy chế\n\nvề làm việc\n\nCăn cứ Luật;", "Ban hành Quy chế về làm việc"),
        ("QUYẾT ĐỊNH\nVề đơn giá\nvà định mức./.\n\nSở đã họp bàn và thống nhất như sau:", "Về đơn giá và định mức"),
        ("CÔNG ĐIỆN\nVề ứng phó bão\nCHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH KHÁNH MINH điện:", "Về ứng phó bão"),
        ("GIẤY MỜI\nSở trân trọng kính mời: Ông Ba\nTới dự họp", None),
        ("QUYẾT ĐỊNH\nVề đơn giá\nHỎA TỐC\nvật liệu\nCăn cứ Luật;", "Về đơn giá vật liệu"),
        ("QUYẾT ĐỊNH\nVề phân cấp cho\nỦY BAN NHÂN DÂN CÁC XÃ\nCăn cứ Luật;", "Về phân cấp cho ỦY BAN NHÂN DÂN CÁC XÃ"),
    ],
)
def test_the_abstract_ends_where_the_next_block_begins(read: Read, title: str, abstract: str | None) -> None:
    assert read(head(title=title)).abstract == abstract


@pytest.mark.parametrize(
    ("number", "title", "expected"),
    [
        ("Số: 3/KH-SXD", "KẾ HOẠCH\nPhòng chống lụt bão\nCăn cứ Luật;", "Kế hoạch"),
        ("Số: 3/TTr-SXD", "T Ờ  T R Ì N H\nVề dự toán\nKính gửi: Bộ", "Tờ trình"),
        ("Số: 3/BC-SXD", "BÁO CÁO KẾT QUẢ KIỂM TRA\nQUÝ I NĂM 2020\nThực hiện chương trình", "Báo cáo"),
        ("Số: 3/VBHN-BXD", "THÔNG TƯ\nHướng dẫn đo bóc\nThông tư số 1/2017/TT-BXD", "Văn bản hợp nhất"),
        ("Số: 3/2025/QH15", "NGHỊ QUYẾT\nVề dự toán\nCăn cứ Hiến pháp;", "Nghị quyết"),
        ("Số: 3/CT-TTHT", "V/v hoàn thuế\nKính gửi: Công ty", "Công văn"),
        ("Số: 3/GUQ-SXD", "GIẤY UỶ QUYỀN\nCăn cứ Bộ luật Dân sự;", "Giấy ủy quyền"),
    ],
)
def test_heading_and_notation_together_tell_the_type(read: Read, number: str, title: str, expected: str) -> None:
    assert read(head(number=number, title=title)).document_type == expected


def test_an_abstract_that_starts_on_the_headings_line_in_capitals_is_kept(read: Read) -> None:
    found = read(head(number="Số: 3/BC-SXD", title="BÁO CÁO KẾT QUẢ KIỂM TRA\nQUÝ I NĂM 2020\nThực hiện chương trình"))
    assert found.abstract == "KẾT QUẢ KIỂM TRA QUÝ I NĂM 2020"


@pytest.mark.parametrize(
    "text",
    [
        "LAW\nOn Measurement\nPursuant to the Constitution;\nArticle 1. Scope",
        "QUYẾT ĐỊNH\nQuy định giá đất\nCăn cứ Nghị định số 1/2020/NĐ-CP ngày 01 tháng 1 năm 2020;\nĐiều 1. Phạm vi",
        "Kính gửi anh Ba,\nnhờ anh xem giúp bản vẽ số 12/A ngày 03 tháng 02 năm 2021.",
        "PHỤ LỤC\n(Kèm theo Quyết định số 12/QĐ-SXD ngày 03 tháng 02 năm 2021)\nSố TT: 1",
        "",
    ],
)
def test_a_page_without_a_head_gives_nothing_to_rely_on(read: Read, text: str) -> None:
    found = read(text)
    assert (found.number, found.notation, found.issued_on) == (None, None, None)
    assert all(value < 0.9 for value in found.confidence.values())


@pytest.mark.parametrize(
    ("closing", "signer"),
    [
        ("TL. CHỦ TỊCH\nKT. CHÁNH VĂN PHÒNG\nPHÓ CHÁNH VĂN PHÒNG\n\nTrương Đoàn Vụ", "Trương Đoàn Vụ"),
        ("Nơi nhận:                    GIÁM ĐỐC\n- Như trên;\n- Lưu: VT.\n\n              Y Blơ Ksor", "Y Blơ Ksor"),
        ("CHỦ TỊCH\n( đã ký )\nPGS.TS. Ngô Bá Khá", "Ngô Bá Khá"),
        ("GIÁM ĐỐC\n(Ký, ghi rõ họ tên)\nNguyễn Văn A", None),
        ("GIÁM ĐỐC\nĐiều 2. Trách nhiệm\nNguyễn Văn A", None),
    ],
)
def test_the_signer_stands_below_authority_and_title(read: Read, closing: str, signer: str | None) -> None:
    assert read(DECISION.split("Nơi nhận", maxsplit=1)[0] + closing).signer == signer


def test_the_signer_of_an_appendix_is_not_asked(read: Read) -> None:
    assert read(DECISION + "PHỤ LỤC\nGIÁM ĐỐC\n(Đã ký)\nPhạm Khác").signer == "Lý Thị Hoài Ân"


def test_the_old_form_in_the_small_letters_of_legacy_fonts_is_read(read: Read) -> None:
    found = read(
        "bộ tài chính\ncộng hoà xã hội chủ nghĩa Việt nam\nĐộc lập-Tự do-Hạnh phúc\nSố: 11 /2001/QĐ/BTC\n"
        "Hà nội, ngày 2 tháng 5 năm 2001\nquyết định của bộ trưởng bộ tài chính\nvề việc sửa đổi mức thuế\n"
        "bộ trưởng bộ tài chính\nCăn cứ Nghị định số 1/1994/NĐ-CP;"
    )
    assert (found.identifier, found.document_type) == ("11/2001/QĐ/BTC", "Quyết định")
    assert found.issuer == "bộ tài chính"
    assert found.abstract == "về việc sửa đổi mức thuế"
    assert found.confidence["issuer"] < 0.9


def test_two_different_numbers_in_the_head_leave_doubt(read: Read) -> None:
    found = read(head(number="Số: 07/QĐ-SXD\nSố: 08/QĐ-SXD"))
    assert found.number == "07"
    assert found.confidence["number"] < 0.9
