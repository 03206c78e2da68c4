"""Urgency and secrecy marks are isolated marks, never words."""

from __future__ import annotations

import pytest

from gateway.model.facts import Marks, Secrecy, Urgency
from gateway.model.page import Box, Line, Page
from gateway.policy.header import read_marks

HEAD = (
    "SỞ XÂY DỰNG",
    "Số: 07/QĐ-SXD",
    "{mark}",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Khánh Minh, ngày 03 tháng 02 năm 2021",
    "QUYẾT ĐỊNH",
    "Về việc kiểm kê kho",
    "Căn cứ Luật Xây dựng;",
)


def marks(*lines: str) -> Marks:
    return read_marks([Page(1, tuple(Line(line) for line in lines))])


def with_mark(mark: str) -> Marks:
    return marks(*"\n".join(HEAD).format(mark=mark).split("\n"))


@pytest.mark.parametrize(
    ("printed", "secrecy"),
    [
        ("MẬT", Secrecy.MAT),
        ("TỐI MẬT", Secrecy.TOI_MAT),
        ("TUYỆT MẬT", Secrecy.TUYET_MAT),
        ("TUYỆT\nMẬT", Secrecy.TUYET_MAT),
        ("[ MẬT ]", Secrecy.MAT),
        ("Tối mật", Secrecy.TOI_MAT),
        ("Độ mật: Mật", Secrecy.MAT),
        ("ĐỘ MẬT: TUYỆT MẬT", Secrecy.TUYET_MAT),
        ("MẬT          Bản số: 02", Secrecy.MAT),
    ],
)
def test_an_isolated_secrecy_mark_is_read(printed: str, secrecy: Secrecy) -> None:
    assert with_mark(printed) == Marks(secrecy=secrecy)


@pytest.mark.parametrize(
    ("printed", "urgency"),
    [
        ("HỎA TỐC", Urgency.HOA_TOC),
        ("HOẢ TỐC", Urgency.HOA_TOC),
        ("HỎA TỐC HẸN GIỜ", Urgency.HOA_TOC),
        ("THƯỢNG KHẨN", Urgency.THUONG_KHAN),
        ("THƯỢNG\nKHẨN", Urgency.THUONG_KHAN),
        ("KHẨN", Urgency.KHAN),
        ("Độ khẩn: Khẩn", Urgency.KHAN),
    ],
)
def test_an_isolated_urgency_mark_is_read(printed: str, urgency: Urgency) -> None:
    assert with_mark(printed) == Marks(urgency=urgency)


@pytest.mark.parametrize(
    "printed",
    [
        "KHẨN TRƯƠNG",
        "BẢO MẬT",
        "BẢO VỆ BÍ\nMẬT",
        "BẢO VỆ BÍ MẬT NHÀ NƯỚC",
        "Mật",
        "MẤT",
        "Độ mật: Không",
        "Độ mật: Mật/Tối mật/Tuyệt mật",
        "V/v khẩn trương bảo mật",
        "mật",
    ],
)
def test_words_and_compounds_are_no_marks(printed: str) -> None:
    assert with_mark(printed) == Marks()


def test_a_mark_below_the_first_words_of_the_text_is_no_mark() -> None:
    assert marks("QUYẾT ĐỊNH", "Căn cứ Luật Xây dựng;", "MẬT", "HỎA TỐC") == Marks()


def test_a_stamp_read_last_counts_by_its_place_at_the_top() -> None:
    text = (Line("QUYẾT ĐỊNH", Box(0.4, 0.2, 0.6, 0.22)), Line("Căn cứ Luật Xây dựng;", Box(0.1, 0.5, 0.9, 0.52)))
    at_the_top, at_the_foot = Line("MẬT", Box(0.1, 0.18, 0.2, 0.2)), Line("MẬT", Box(0.1, 0.9, 0.2, 0.92))
    assert read_marks([Page(1, (*text, at_the_top))]) == Marks(secrecy=Secrecy.MAT)
    assert read_marks([Page(1, (*text, at_the_foot))]) == Marks()


def test_of_several_marks_the_highest_counts_and_only_page_one_is_read() -> None:
    assert with_mark("MẬT\nTỐI MẬT\nKHẨN\nHỎA TỐC") == Marks(Secrecy.TOI_MAT, Urgency.HOA_TOC)
    assert read_marks([Page(1, (Line("Kính gửi:"),)), Page(2, (Line("MẬT"),))]) == Marks()
    assert read_marks([]) == Marks()
