"""Urgency and secrecy marks are isolated marks, never words."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest

from gateway.model.facts import Marks, Secrecy, Urgency
from gateway.model.page import Box, Line, Page, TextSource
from gateway.policy.header import read_marks
from gateway.policy.header.marks import FoundMarks, find_marks

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


def page(text: str, number: int = 1) -> Page:
    return Page(number, tuple(Line(line) for line in text.split("\n")))


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
        ("MẬT Bản số: 02/05", Secrecy.MAT),
        ("(mật)", Secrecy.MAT),
        ("Mật", Secrecy.MAT),
        ("*** TỐI MẬT ***", Secrecy.TOI_MAT),
        ("<< TUYỆT MẬT >>", Secrecy.TUYET_MAT),
        ("M Ậ T", Secrecy.MAT),
        ("T Ố I  M Ậ T", Secrecy.TOI_MAT),
        ("T Ố I   M Ậ T", Secrecy.TOI_MAT),
        ("M\nẬ\nT", Secrecy.MAT),
        ("M.Ậ.T", Secrecy.MAT),
        ("TUYỆT-MẬT", Secrecy.TUYET_MAT),
        ("Mức độ mật: tối mật", Secrecy.TOI_MAT),
        ("Độ mật:\nTối mật", Secrecy.TOI_MAT),
        ("TÀI LIỆU TỐI MẬT", Secrecy.TOI_MAT),
        ("TỐI MẬT Quảng Ngãi, ngày 03 tháng 3 năm 2025", Secrecy.TOI_MAT),
        ("MẬT BÁO CÁO", Secrecy.MAT),
        ("CHỈ NGƯỜI CÓ TÊN MỚI ĐƯỢC BÓC BÌ", Secrecy.TUYET_MAT),
        ("TOI MAT", Secrecy.TOI_MAT),
        ("TUYET MAT", Secrecy.TUYET_MAT),
        ("MËT", Secrecy.MAT),
        ("TOÁI MAÄT", Secrecy.TOI_MAT),
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
        "MẤT",
        "Độ mật: Không",
        "Độ mật: Mật/Tối mật/Tuyệt mật",
        "V/v khẩn trương bảo mật",
        "MẬT ĐỘ",
        "MẬT KHẨU",
        "GIẢI MẬT",
        "MẶT BẰNG",
        "Tôi mất",
        "Thường\nMật\nTối mật",
        "Mẫu dấu\nMẬT",
        "TUYỆT MẬT\nNHÀ NƯỚC",
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


DISGUISES: dict[str, Callable[[str], str]] = {
    "decomposed": lambda mark: unicodedata.normalize("NFD", mark),
    "zero width": "\u200b".join,
    "joiners": "\u2060".join,
    "grapheme joiners": "\u034f".join,
    "soft hyphens": "\u00ad".join,
    "fillers": "\u3164".join,
    "variation selectors": "\ufe0f".join,
    "underlined": lambda mark: "".join(f"{letter}\u0332" for letter in mark),
    "struck": lambda mark: "".join(f"{letter}\u0336" for letter in mark),
    "cyrillic": lambda mark: mark.translate(str.maketrans("MTIOY", "МТІОУ")),
    "greek": lambda mark: mark.translate(str.maketrans("MTIOY", "ΜΤΙΟΥ")),
    "cherokee": lambda mark: mark.translate(str.maketrans("MT", "ᎷᎢ")),
    "full width": lambda mark: mark.translate(str.maketrans("MTIUOY", "ＭＴＩＵＯＹ")),
    "mathematical": lambda mark: mark.translate(str.maketrans("MTIUOY", "𝐌𝐓𝐈𝐔𝐎𝐘")),
    "no-break space": lambda mark: mark.replace(" ", "\u00a0"),
    "right to left marks": lambda mark: f"\u200f{mark}\u202c",
    "framed": lambda mark: f"┌ {mark} ┐",
    "wide": " ".join,
}


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize(
    ("mark", "secrecy"),
    [("MẬT", Secrecy.MAT), ("TỐI MẬT", Secrecy.TOI_MAT), ("TUYỆT MẬT", Secrecy.TUYET_MAT)],
)
def test_a_disguised_mark_is_read_as_it_looks(mark: str, secrecy: Secrecy, disguise: str) -> None:
    assert with_mark(DISGUISES[disguise](mark)) == Marks(secrecy=secrecy)


@pytest.mark.parametrize("printed", ["mật", "MAT", "TÀI LIỆU THU HỒI", "TÀI LIỆU THU HỒI - THỜI HẠN 05 NGÀY"])
def test_what_may_be_a_mark_is_left_to_a_person(printed: str) -> None:
    found = find_marks([page("\n".join(HEAD).format(mark=printed))])
    assert (found.marks.secrecy, found.doubtful) == (None, True)


def test_a_lifted_mark_and_a_list_below_a_number_are_left_to_a_person() -> None:
    for printed in ("MẬT\nGIẢI MẬT", "MẬT\nTỐI MẬT\nTUYỆT MẬT"):
        found = find_marks([page("\n".join(HEAD).format(mark=printed))])
        assert (found.marks.secrecy, found.doubtful) == (None, True)


@pytest.mark.parametrize("misread", ["MẶT", "MẤT", "MÁT"])
def test_a_word_of_other_accents_is_doubtful_only_where_it_was_recognised(misread: str) -> None:
    lines = tuple(Line(line) for line in "\n".join(HEAD).format(mark=misread).split("\n"))
    assert find_marks([Page(1, lines)]) == FoundMarks()
    assert find_marks([Page(1, lines, TextSource.OCR)]) == FoundMarks(doubtful=True)


@pytest.mark.parametrize("misread", ["MAT", "MẠT", "IMẬT", "MẬTI", "TÓI MẬT", "T0I MAT", "TUYỆTT MẬT", "TỦYỆT MẶT"])
def test_a_mark_that_recognition_spoilt_is_still_one(misread: str) -> None:
    lines = tuple(Line(line) for line in "\n".join(HEAD).format(mark=misread).split("\n"))
    assert read_marks([Page(1, lines, TextSource.OCR)]).secrecy is not None


def test_of_several_marks_the_highest_counts() -> None:
    assert with_mark("MẬT\nTỐI MẬT\nKHẨN\nHỎA TỐC") == Marks(Secrecy.TOI_MAT, Urgency.HOA_TOC)
    assert with_mark("MẬT - HỎA TỐC") == with_mark("HỎA TỐC/MẬT") == Marks(Secrecy.MAT, Urgency.HOA_TOC)
    assert read_marks([]) == Marks()


LETTER = page("Kính gửi: Sở Xây dựng\nNội dung công văn.")


@pytest.mark.parametrize(
    "annex", ["TỐI MẬT\nPHỤ LỤC", "- 2 -\nTỐI MẬT\nPhụ lục", "\n".join(HEAD).format(mark="TỐI MẬT")]
)
def test_a_secret_annex_on_another_page_makes_the_file_secret(annex: str) -> None:
    assert read_marks([LETTER, page(annex, 2)]).secrecy is Secrecy.TOI_MAT


def test_a_secret_document_after_another_on_the_same_page_makes_the_file_secret() -> None:
    ordinary = "\n".join(HEAD).format(mark="") + "\nĐiều 1. Nội dung.\n" * 300
    assert read_marks([page(ordinary + "\n".join(HEAD).format(mark="MẬT"))]).secrecy is Secrecy.MAT


def test_urgency_is_read_from_page_one_alone() -> None:
    assert read_marks([LETTER, page("HỎA TỐC", 2)]) == Marks()


@pytest.mark.parametrize("text", ["STT\nĐộ mật\n1\nMẬT", "Điều 8. Phân loại\nTUYỆT MẬT\nTỐI MẬT\nMẬT", "2\nBÍ\nMẬT"])
def test_levels_within_the_text_of_other_pages_are_no_marks(text: str) -> None:
    assert find_marks([LETTER, page(text, 2)]) == FoundMarks()


def test_a_row_of_a_table_that_a_page_opens_with_is_no_mark() -> None:
    row = (Line("12/CAT", Box(0.1, 0.07, 0.2, 0.09)), Line("MẬT", Box(0.4, 0.07, 0.5, 0.09)))
    alone = Line("MẬT", Box(0.4, 0.04, 0.5, 0.06))
    text = Line("Nội dung", Box(0.1, 0.2, 0.9, 0.22))
    assert find_marks([LETTER, Page(2, (*row, text))]) == FoundMarks()
    assert read_marks([LETTER, Page(2, (alone, text))]).secrecy is Secrecy.MAT


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("TỐI MẬT", FoundMarks(Marks(Secrecy.TOI_MAT))),
        ("Độ mật: Mật", FoundMarks(Marks(Secrecy.MAT))),
        ("MAT", FoundMarks(doubtful=True)),
        ("Trang 1", FoundMarks()),
        ("Tài liệu bảo mật", FoundMarks()),
    ],
)
def test_a_running_header_is_read(line: str, found: FoundMarks) -> None:
    assert find_marks([LETTER], margins=["Sở Xây dựng", line]) == found


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["'TUYẾỆT MẬT"], FoundMarks(Marks(Secrecy.TUYET_MAT))),
        (["| MẬT |"], FoundMarks(Marks(Secrecy.MAT))),
        (["MẶT"], FoundMarks(doubtful=True)),
        (["| xẬT |"], FoundMarks(doubtful=True)),
        (["VẬT TƯ", "NHẬT"], FoundMarks()),
        (["HỎA TỐC", "ĐẾN", "SỞ XÂY DỰNG"], FoundMarks(Marks(urgency=Urgency.HOA_TOC))),
        (["HOẢ", "TỐC", "MẬT"], FoundMarks(Marks(Secrecy.MAT, Urgency.HOA_TOC))),
        (["| THƯỢNG KHÂN |", "KHẨN"], FoundMarks(Marks(urgency=Urgency.THUONG_KHAN))),
        (["HOA TOC."], FoundMarks(Marks(urgency=Urgency.HOA_TOC))),
        (["KHẨN TRƯƠNG", "khẩn", "Khẩn", "HÓA TỐC ĐỘ"], FoundMarks()),
        (["KHẨN", "THƯỢNG KHẨN", "HỎA TỐC"], FoundMarks()),
        (["MẬT", "TỐI MẬT", "TUYỆT MẬT"], FoundMarks()),
    ],
)
def test_a_recognised_stamp_is_read(lines: list[str], found: FoundMarks) -> None:
    assert find_marks([LETTER], stamps=lines, first_stamps=lines) == found


def test_a_stamp_on_another_page_makes_secret_and_not_urgent() -> None:
    assert find_marks([LETTER], stamps=["KHẨN", "MẬT"]) == FoundMarks(Marks(Secrecy.MAT))


@pytest.mark.parametrize(
    ("heading", "urgency"),
    [("CÔNG ĐIỆN", Urgency.KHAN), ("VỀ VIỆC TRIỂN KHAI KHẨN CẤP", None), ("Triển khai khẩn cấp", Urgency.KHAN)],
)
def test_a_word_of_a_heading_is_no_stamp(heading: str, urgency: Urgency | None) -> None:
    assert find_marks([page(f"Số: 12/CĐ-SXD\n{heading}")], first_stamps=["KHẨN"]).marks.urgency is urgency


def test_a_mark_within_an_arrival_stamp_counts() -> None:
    lines = (Line("Số: 12/BC-SXD", Box(0.1, 0.1, 0.3, 0.12)), Line("TỐI MẬT", Box(0.1, 0.2, 0.2, 0.22)))
    stamped = Page(1, lines, TextSource.OCR, (Box(0.05, 0.15, 0.25, 0.3),))
    assert find_marks([stamped]).marks == Marks(Secrecy.TOI_MAT)
