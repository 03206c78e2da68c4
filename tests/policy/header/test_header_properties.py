"""What holds for every text: never an error, never slow; one document has one identity."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.model.header import EvidenceSource, HeaderFields
from gateway.model.page import Box, Line, Page
from gateway.policy.header import DocumentTypes, identity_key, read_header, read_marks
from gateway.policy.header.evidence import MAX_TEXT

FRAGMENTS = st.sampled_from(
    [
        "SỞ XÂY DỰNG",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: ",
        "12/QĐ-SXD",
        "/",
        "ngày ",
        " tháng ",
        " năm 2020",
        "QUYẾT ĐỊNH",
        "V/v ",
        "Kính gửi:",
        "Căn cứ ",
        "TL. ",
        "GIÁM ĐỐC",
        "(đã ký)",
        "Lý Thị Ân",
        "ĐẾN",
        "MẬT",
        "a@b.vn",
        "_____",
        " | ",
        "\t",
        "     ",
        "0",
    ]
)
TEXTS = st.lists(st.one_of(FRAGMENTS, st.text(max_size=12)), max_size=12).map("".join)
SHARES = st.floats(min_value=0, max_value=1)
BOXES = st.builds(Box, SHARES, SHARES, SHARES, SHARES)
PAGES = st.lists(st.builds(Line, TEXTS, st.none() | BOXES), max_size=25).map(lambda lines: [Page(1, tuple(lines))])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pages=PAGES)
def test_any_page_is_read_without_error_and_every_field_found_has_confidence_and_evidence(
    types: DocumentTypes, pages: list[Page]
) -> None:
    found = read_header(pages, types)
    read_marks(pages)
    identity_key(found)
    maps = {"confidence", "evidence"}
    present = {name for name in HeaderFields.__dataclass_fields__ if name not in maps and getattr(found, name)}
    assert present == set(found.confidence) == set(found.evidence)
    assert all(0 <= value <= 1 for value in found.confidence.values())
    for name, evidence in found.evidence.items():
        assert (evidence.source, evidence.page) == (EvidenceSource.TEXT, 1), name
        assert 0 < len(evidence.text) <= MAX_TEXT, name


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        " ",
        "Số: ",
        "Số: 1/Q-",
        "Số: 1/A.B-C/D ",
        "ngày 1 tháng ",
        "A a ",
        "Văn ",
        "1",
        "/",
        "- ",
        "._",
        "Luật này được Quốc hội thông qua ngày ",
        "CỘNG HÒA ",
        "Độc lập - ",
        "GIÁM ĐỐC\n",
        "MẬT\n",
        "Căn cứ \t| ",
        "a\u0301",
        "(ghi rõ ",
        "12/QĐ ",
        "Số: 1/A\n",
        "ỦY BAN\n",
        "QUYẾT ĐỊNH\nVỀ ",
        "a" * 90 + "1, ngày 1 tháng 1 năm 2020\n",
        "a " * 40 + "1, ngày 1 tháng 1 năm 2020\n",
        "Số: " + "A.B&" * 40 + " / \n",
        "A, " * 30 + "1\n",
        "a\t",
        "Nơi nhận:\n- a;\n",
        "KT. GIÁM ĐỐC\nBỘ A\n",
        "đề nghị gửi trước ngày 1/1/2026. ",
        "thời hạn a a a a a ",
        "KT. GIÁM ĐỐC\tKT. GIÁM ĐỐC\n",
    ],
)
def test_a_hundred_kilobytes_made_to_be_slow_are_read_in_a_moment(types: DocumentTypes, unit: str) -> None:
    text = unit * (100_000 // len(unit))
    layouts = (text.split("\n"), [text[start : start + 480] for start in range(0, len(text), 480)])
    for lines in layouts:
        pages = [Page(1, tuple(Line(line) for line in lines))]
        start = time.process_time()
        read_header(pages, types)
        read_marks(pages)
        assert time.process_time() - start < 3


MESS: dict[str, Callable[[str], str]] = {
    "icelandic letter": lambda text: text.replace("Đ", "Ð"),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "small letters": str.lower,
    "capitals": str.upper,
    "en dash": lambda text: text.replace("-", " – "),
    "spaces": lambda text: text.replace("/", " / "),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "invisible marks": lambda text: text.replace("/", "/\u200e") + "\u200b",
    "cyrillic": lambda text: text.replace("C", "\u0421").replace("T", "\u0422"),
    "tone placed the modern way": lambda text: text.replace("HÒA", "HOÀ"),
}
NAMES = st.sampled_from(["ỦY BAN NHÂN DÂN TỈNH HÒA MINH", "SỞ XÂY DỰNG", "BỘ KHOA HỌC VÀ CÔNG NGHỆ"])
NOTATIONS = st.sampled_from(["QĐ-SXD", "2014/QĐ-UBND", "TTr-SXD", "TTLT-BTC-BCT", "SXD-QLN&TT"])


@given(
    number=st.from_regex(r"\A[1-9][0-9]{0,3}[ab]?\Z"),
    zeros=st.integers(0, 3),
    notation=NOTATIONS,
    issuer=NAMES,
    mess=st.lists(st.sampled_from(sorted(MESS)), max_size=4),
)
def test_an_identity_survives_every_way_of_writing_it(
    number: str, zeros: int, notation: str, issuer: str, mess: list[str]
) -> None:
    clean = HeaderFields(number=number, notation=notation, issuer=issuer, issued_on=date(2014, 5, 6))
    printed = clean
    for one in mess:
        change = MESS[one]
        printed = replace(printed, notation=change(printed.notation or ""), issuer=change(printed.issuer or ""))
    printed = replace(printed, number="0" * zeros + number.upper())
    assert identity_key(printed) == identity_key(clean)


def test_an_identity_needs_number_notation_and_issuer() -> None:
    full = HeaderFields(number="7", notation="QĐ-SXD", issuer="SỞ XÂY DỰNG", issued_on=date(2021, 2, 3))
    assert identity_key(full) == "7/QĐ-SXD|so xay dung|2021"
    assert identity_key(replace(full, issued_on=None)) == "7/QĐ-SXD|so xay dung|-"
    assert identity_key(replace(full, number=None)) is None
    assert identity_key(replace(full, notation=None)) is None
    assert identity_key(replace(full, issuer=None)) is None


def test_another_number_notation_issuer_or_year_is_another_document() -> None:
    full = HeaderFields(number="7", notation="QĐ-SXD", issuer="SỞ XÂY DỰNG", issued_on=date(2021, 2, 3))
    others = [
        full,
        replace(full, number="8"),
        replace(full, notation="CT-SXD"),
        replace(full, issuer="SỞ Y TẾ"),
        replace(full, issued_on=date(2020, 2, 3)),
    ]
    assert len({identity_key(one) for one in others}) == len(others)
