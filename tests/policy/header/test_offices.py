"""Documents of many offices, made up: every field as written, whatever the layout and the letters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from gateway.model.header import HeaderFields
from gateway.policy.header import DocumentTypes, read_header
from tests.policy.header.labelled import SURE
from tests.policy.header.offices import made

DOCUMENTS = 240
LEFT_TO_PEOPLE = 0.1
"""Of the head's fields at most this share may be less than sure, though right."""

Read = Callable[[str], HeaderFields]

MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
PLACE = "Khánh Minh, ngày 05 tháng 3 năm 2024"


def test_every_field_of_every_office_layout_and_spelling_is_read_as_written(types: DocumentTypes) -> None:
    misses: list[str] = []
    doubted = 0
    for seed in range(DOCUMENTS):
        document = made(seed)
        found = read_header(document.pages, types)
        for name, expected in document.expected.items():
            if getattr(found, name) != expected:
                misses.append(f"{document.how}: {name}: {getattr(found, name)!r}, not {expected!r}")
        doubted += sum(found.confidence[name] < SURE for name in ("number", "issuer", "issued_on", "abstract"))
    assert not misses, "\n".join(misses[:20])
    assert doubted <= LEFT_TO_PEOPLE * 4 * DOCUMENTS


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (
            f"THỦ TƯỚNG CHÍNH PHỦ\nSố: 85/CĐ-TTg\n{MOTTO}\nHà Nội, ngày 05 tháng 3 năm 2024\nCÔNG ĐIỆN\n"
            "Về việc khắc phục hậu quả bão\nTHỦ TƯỚNG CHÍNH PHỦ điện:",
            ("85/CĐ-TTg", "Công điện", "THỦ TƯỚNG CHÍNH PHỦ", "Về việc khắc phục hậu quả bão"),
        ),
        (
            f"ỦY BAN NHÂN DÂN\nTỈNH KHÁNH MINH\n{MOTTO}\n{PLACE}\nCÔNG ĐIỆN SỐ 05/CĐ-UBND\nỨng phó khẩn cấp bão số 4\n"
            "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH KHÁNH MINH điện:",
            ("05/CĐ-UBND", "Công điện", "ỦY BAN NHÂN DÂN TỈNH KHÁNH MINH", "Ứng phó khẩn cấp bão số 4"),
        ),
        (
            f"LIÊN NGÀNH: SỞ TÀI CHÍNH - SỞ XÂY DỰNG\nSố: 12/HDLN-STC-SXD\n{MOTTO}\n{PLACE}\nHƯỚNG DẪN LIÊN NGÀNH\n"
            "Về quản lý giá vật liệu\nCăn cứ Luật Giá;",
            ("12/HDLN-STC-SXD", "Hướng dẫn", "SỞ TÀI CHÍNH - SỞ XÂY DỰNG", "Về quản lý giá vật liệu"),
        ),
        (
            f"CÔNG AN TỈNH - SỞ XÂY DỰNG\nSố: 15/QCPH-CAT-SXD\n{MOTTO}\n{PLACE}\nQUY CHẾ PHỐI HỢP\n"
            "Về bảo đảm an toàn giao thông\nCăn cứ Luật Đường bộ;",
            ("15/QCPH-CAT-SXD", "Quy chế", "CÔNG AN TỈNH - SỞ XÂY DỰNG", "Về bảo đảm an toàn giao thông"),
        ),
        (
            f"BỘ NỘI VỤ\nBỘ TÀI CHÍNH\nSố: 01/2016/TTLT-BNV-BTC\n{MOTTO}\nHà Nội, ngày 13 tháng 4 năm 2016\n"
            "THÔNG TƯ LIÊN TỊCH\nSửa đổi khoản 8\nCăn cứ Luật Viên chức;",
            ("01/2016/TTLT-BNV-BTC", "Thông tư liên tịch", "BỘ NỘI VỤ - BỘ TÀI CHÍNH", "Sửa đổi khoản 8"),
        ),
        (
            f"BỘ TÀI CHÍNH\n{MOTTO}\nSố: 144/2002/QĐ/BTC\nHà Nội, ngày 5 tháng 11 năm 2002\n"
            "QUYẾT ĐỊNH CỦA BỘ TRƯỞNG BỘ TÀI CHÍNH\nVề việc ban hành mức thu\nBỘ TRƯỞNG BỘ TÀI CHÍNH\nCăn cứ Luật Phí;",
            ("144/2002/QĐ/BTC", "Quyết định", "BỘ TÀI CHÍNH", "Về việc ban hành mức thu"),
        ),
        (
            f"ỦY BAN THƯỜNG VỤ QUỐC HỘI\n{MOTTO}\nPháp lệnh số: 28/2005/PL-UBTVQH11\nHà Nội, ngày 1 tháng 12 năm 2005\n"
            "PHÁP LỆNH\nNGOẠI HỐI\nCăn cứ Hiến pháp;",
            ("28/2005/PL-UBTVQH11", "Pháp lệnh", "ỦY BAN THƯỜNG VỤ QUỐC HỘI", "NGOẠI HỐI"),
        ),
        (
            "ĐẢNG ỦY SỞ XÂY DỰNG\n*\nSố 12-CV/ĐU\n“V/v góp ý dự thảo báo cáo”\nĐẢNG CỘNG SẢN VIỆT NAM\n"
            f"{PLACE}\nKính gửi: Các chi bộ trực thuộc",
            ("12/CV/ĐU", "Công văn", "ĐẢNG ỦY SỞ XÂY DỰNG", "V/v góp ý dự thảo báo cáo"),
        ),
        (
            f"THANH TRA TỈNH KHÁNH MINH\nSố: 12/KL-TTT\n{MOTTO}\n{PLACE}\nKẾT LUẬN THANH TRA\n"
            "Về việc chấp hành pháp luật xây dựng\nThực hiện Quyết định số 5/QĐ-TTT;",
            ("12/KL-TTT", "Kết luận", "THANH TRA TỈNH KHÁNH MINH", "Về việc chấp hành pháp luật xây dựng"),
        ),
        (
            f"TÒA ÁN NHÂN DÂN\nTỈNH KHÁNH MINH\nSố: 05/2024/TB-TA\n{MOTTO}\n{PLACE}\nTHÔNG BÁO\nVề việc thụ lý vụ án\n"
            "Kính gửi: Viện kiểm sát nhân dân tỉnh",
            ("05/2024/TB-TA", "Thông báo", "TÒA ÁN NHÂN DÂN TỈNH KHÁNH MINH", "Về việc thụ lý vụ án"),
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_shapes_of_their_own(read: Read, head: str, expected: tuple[str, ...]) -> None:
    found = read(head)
    assert (found.identifier, found.document_type, found.issuer, found.abstract) == expected
    assert min(found.confidence.values()) >= SURE


@pytest.mark.parametrize(
    ("block", "number", "issuer", "superior"),
    [
        ("CÔNG AN TỈNH\nPHÒNG CẢNH SÁT GIAO THÔNG", "12/CAT-PC08", "PHÒNG CẢNH SÁT GIAO THÔNG", "CÔNG AN TỈNH"),
        ("BỘ QUỐC PHÒNG\nQUÂN KHU 5", "12/QK-TM", "QUÂN KHU 5", "BỘ QUỐC PHÒNG"),
        ("BỘ QUỐC\nPHÒNG", "12/BQP-TM", "BỘ QUỐC PHÒNG", None),
        ("SỞ LAO ĐỘNG - THƯƠNG BINH\nVÀ XÃ HỘI", "12/SLĐTBXH-VP", "SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI", None),
        ("TỔNG CÔNG TY\nXÂY DỰNG 5\nCÔNG TY CỔ PHẦN 504", "12/CT504", "CÔNG TY CỔ PHẦN 504", "TỔNG CÔNG TY XÂY DỰNG 5"),
    ],
)
def test_agencies_below_each_other_are_superior_and_issuer(
    read: Read, block: str, number: str, issuer: str, superior: str | None
) -> None:
    found = read(f"{block}\nSố: {number}\nV/v phối hợp\n{MOTTO}\n{PLACE}\nKính gửi: Sở Y tế")
    assert (found.issuer, found.superior) == (issuer, superior)


def test_a_title_of_no_known_type_is_no_part_of_the_issuer(read: Read) -> None:
    found = read(
        f"SỞ TÀI CHÍNH\nSố: 7/CBGVL-STC\n{MOTTO}\n{PLACE}\nCÔNG BỐ GIÁ VẬT LIỆU\nTháng 4 năm 2024\nCăn cứ Luật;"
    )
    assert found.issuer == "SỞ TÀI CHÍNH"
    assert found.confidence["document_type"] < SURE


def test_what_contradicts_each_other_is_not_sure(read: Read) -> None:
    year = read(f"SỞ Y TẾ\nSố: 60/2023/QĐ-SYT\n{MOTTO}\n{PLACE}\nQUYẾT ĐỊNH\nVề việc kiểm kê\nCăn cứ Luật;")
    assert (year.identifier, year.issued_on) == ("60/2023/QĐ-SYT", date(2024, 3, 5))
    assert max(year.confidence[name] for name in ("number", "notation", "issued_on")) < SURE
    issuer = read(f"BỘ KHOA HỌC VÀ CÔNG NGHỆ\nSố: 23/2024/TT-BTTTT\n{MOTTO}\n{PLACE}\nTHÔNG TƯ\nBãi bỏ\nCăn cứ Luật;")
    assert max(issuer.confidence[name] for name in ("notation", "issuer")) < SURE


@pytest.mark.parametrize(
    ("title", "abstract"),
    [
        ("Sửa đổi Thông tư số 09/2005/TT-\nBNV về phụ cấp", "Sửa đổi Thông tư số 09/2005/TT-BNV về phụ cấp"),
        ("ĐIỀU CHỈNH CHƯƠNG TRÌNH CÔNG TÁC NĂM\n2025", "ĐIỀU CHỈNH CHƯƠNG TRÌNH CÔNG TÁC NĂM 2025"),
        (
            "Hướng dẫn các điểm a, b khoản 1\nĐiều 12 Luật Đường bộ",
            "Hướng dẫn các điểm a, b khoản 1 Điều 12 Luật Đường bộ",
        ),
        (
            "HƯỚNG DẪN THỰC HIỆN NGHỊ ĐỊNH SỐ 12/2019/NĐ-CP\nNGÀY 10/10/2019 CỦA CHÍNH PHỦ",
            "HƯỚNG DẪN THỰC HIỆN NGHỊ ĐỊNH SỐ 12/2019/NĐ-CP NGÀY 10/10/2019 CỦA CHÍNH PHỦ",
        ),
        (
            "HƯỚNG DẪN THỰC HIỆN QUYẾT ĐỊNH SỐ 12/QĐ-TTg\nNGÀY 03 THÁNG 4 NĂM 2019\nCỦA THỦ TƯỚNG CHÍNH PHỦ",
            "HƯỚNG DẪN THỰC HIỆN QUYẾT ĐỊNH SỐ 12/QĐ-TTg NGÀY 03 THÁNG 4 NĂM 2019 CỦA THỦ TƯỚNG CHÍNH PHỦ",
        ),
        (
            "Kết quả kiểm tra đường tỉnh\nNgày 10/10/2019, Sở đã kiểm tra đường tỉnh.",
            "Kết quả kiểm tra đường tỉnh",
        ),
    ],
)
def test_an_abstract_goes_on_over_a_broken_notation_a_year_alone_and_a_cited_article(
    read: Read, title: str, abstract: str
) -> None:
    found = read(f"SỞ Y TẾ\nSố: 6/QĐ-SYT\n{MOTTO}\n{PLACE}\nQUYẾT ĐỊNH\n{title}\nCăn cứ Luật;")
    assert found.abstract == abstract


@pytest.mark.parametrize(
    "copying",
    [
        f"SỞ TÀI CHÍNH\nSố: 15/SY-STC\n{MOTTO}\nKhánh Minh, ngày 10 tháng 3 năm 2024\nSAO Y BẢN CHÍNH\n",
        "SỞ TÀI CHÍNH\nSố: 15/SL-STC\nSAO LỤC\nKhánh Minh, ngày 10 tháng 3 năm 2024\n",
        "SAO Y BẢN CHÍNH\nSố: 15/SY-STC\n",
    ],
)
def test_the_head_of_who_copied_is_not_the_documents_but_a_reason_to_look(read: Read, copying: str) -> None:
    own = f"BỘ TÀI CHÍNH\nSố: 12/2024/TT-BTC\n{MOTTO}\n{PLACE}\nTHÔNG TƯ\nHướng dẫn về phí\nCăn cứ Luật Phí;"
    found, alone = read(copying + own), read(own)
    for name in ("identifier", "issued_on", "document_type", "issuer", "superior", "abstract"):
        assert getattr(found, name) == getattr(alone, name), name
    assert max(found.confidence.values()) < SURE


def test_a_month_in_words_and_a_heading_of_spaced_letters_are_read(read: Read) -> None:
    place = "Khánh Minh, ngày mồng 5 tháng ba năm 2024"
    found = read(f"SỞ Y TẾ\nSố: 6/QĐ-SYT\n{MOTTO}\n{place}\nQ U Y Ế T   Đ Ị N H\nVề việc kiểm kê\nCăn cứ Luật;")
    assert (found.issued_on, found.document_type) == (date(2024, 3, 5), "Quyết định")
    assert found.abstract == "Về việc kiểm kê"


@pytest.mark.parametrize(
    ("title", "abstract", "sure"),
    [
        (
            "THÔNG BÁO\nKẾT LUẬN CỦA GIÁM ĐỐC SỞ\nTại cuộc họp giao ban\nNgày 09/3/2024, tại",
            "KẾT LUẬN CỦA GIÁM ĐỐC SỞ Tại cuộc họp giao ban",
            False,
        ),
        ("PHIẾU CHUYỂN\nĐơn của ông Hồ Văn Bê\nSở Xây dựng nhận được đơn", "Đơn của ông Hồ Văn Bê", False),
        ("BIÊN BẢN\nHọp xét tuyển viên chức\nThời gian: 8 giờ\nĐịa điểm: tại Sở", "Họp xét tuyển viên chức", True),
        ("CHƯƠNG TRÌNH HÀNH ĐỘNG\nVề chuyển đổi số\nThực hiện Nghị quyết", "Về chuyển đổi số", True),
        ("BÁO CÁO\nKết quả công tác tháng 3\nI. KẾT QUẢ\n1. Công tác", "Kết quả công tác tháng 3", True),
        ("GIẤY GIỚI THIỆU\nSở Xây dựng trân trọng giới thiệu:\nÔng Hồ Văn Bê", None, False),
    ],
)
def test_an_abstract_ends_where_the_text_begins(read: Read, title: str, abstract: str | None, *, sure: bool) -> None:
    found = read(f"SỞ XÂY DỰNG\nSố: 12/SXD\n{MOTTO}\n{PLACE}\n{title}")
    assert found.abstract == abstract
    assert (found.confidence.get("abstract", 0.0) >= SURE) is sure
