"""Names that mislead, told from names that offices really give."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.policy.file_names import NameTrick, trick

PROGRAMS = frozenset({"exe", "bat", "com"})


def runs(extension: str) -> bool:
    return extension in PROGRAMS


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Quyết định.\u0440df", NameTrick.FOREIGN_LETTERS),
        ("Quyết định.d\u03bfcx", NameTrick.FOREIGN_LETTERS),
        ("Quyết định.\uff50\uff44\uff46", NameTrick.FOREIGN_LETTERS),
        ("a.{3050F4D8-98B5-11CF-BB82-00AA00BDCE0B}", NameTrick.CLASS_ID),
        ("con.pdf", NameTrick.DEVICE),
        ("NUL", NameTrick.DEVICE),
        ("Lpt1.bao cao.docx", NameTrick.DEVICE),
        ("COM1 .pdf", NameTrick.DEVICE),
        ("a.pdf:b.pdf", NameTrick.STREAM),
        ("a.pdf::$DATA", NameTrick.STREAM),
        ("Quyết định.exe.pdf", NameTrick.INNER_PROGRAM),
        ("Quyết định.EXE .pdf. ", NameTrick.INNER_PROGRAM),
    ],
)
def test_a_name_that_misleads_is_told(name: str, told: NameTrick) -> None:
    assert trick(name, runs) is told


@pytest.mark.parametrize(
    "name",
    [
        "955-QĐ-SGTVT.pdf",
        "06-2026-TT-BT\u0421.pdf",
        "Quy chế.ban hành",
        "Công văn số 12.3.2020 v.v.docx",
        "Con đường.pdf",
        "Conference.pdf",
        "Ảnh 12:30:45.jpg",
        "V-v: báo cáo.pdf",
        "abc.com.vn báo cáo.pdf",
        "Quyết định.đã ký",
        "Bản vẽ.dwg",
        "",
        "...",
    ],
)
def test_an_honest_name_is_left_alone(name: str) -> None:
    assert trick(name, runs) is None


@given(st.text(max_size=60))
def test_any_name_gets_an_answer(name: str) -> None:
    trick(name, runs)
