"""What people write is understood: numbers in every form, words, phrases; or they are told what is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.search import Identifier, Term
from gateway.policy.search import terms_of
from gateway.policy.search.question import MOST_WORDS


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("955", Identifier("955", arrival=955)),
        ("số 955", Identifier("955", arrival=955)),
        ("Số: 0955", Identifier("955", arrival=955)),
        ("số đến 12", Identifier("12", arrival=12)),
        ("955/QĐ", Identifier("955", "qd")),
        ("955/QD", Identifier("955", "qd")),
        ("955-QĐ-SGTVT", Identifier("955", "qd-sgtvt")),
        ("955 / QĐ - SGTVT", Identifier("955", "qd-sgtvt")),
        ("955–QĐ–SGTVT", Identifier("955", "qd-sgtvt")),
        ("số, ký hiệu: 955/QĐ", Identifier("955", "qd")),
        ("so den 12", Identifier("12", arrival=12)),
        ("955QĐ", Identifier("955", "qd")),
        ("955QĐ-SGTVT", Identifier("955", "qd-sgtvt")),
        ("12A", Identifier("12a")),
        ("12a/BC-SXD", Identifier("12a", "bc-sxd")),
        ("955/2017/QĐ-UBND", Identifier("955", "qd-ubnd", 2017)),
        ("12/2026", Identifier("12", year=2026, arrival=12)),
        ("012/2026", Identifier("12", year=2026, arrival=12)),
        ("07/9/2017", None),
        ("ngày 07/9/2017", None),
        ("ngày 07 tháng 9 năm 2017", None),
        ("ĐT.623", None),
        ("QĐ-SGTVT", None),
        ("0905123456", None),
    ],
)
def test_a_number_is_known_in_its_usual_forms(written: str, expected: Identifier | None) -> None:
    (term,) = terms_of(written)
    assert term.identifier == expected


def test_words_with_marks_ask_for_them_and_words_without_do_not() -> None:
    assert [(term.words, term.folded) for term in terms_of("quy che CHẾ")] == [
        (("quy",), True),
        (("che",), True),
        (terms_of("chế")[0].words, False),
    ]


def test_quotes_make_a_phrase_whichever_they_are() -> None:
    assert terms_of("“quy che” quan") == (Term(("quy", "che"), True), Term(("quan",), True))
    assert terms_of('"quy che"') == terms_of("«quy che»")


def test_a_day_is_one_phrase_however_it_is_written() -> None:
    assert terms_of("ngày 07/9/2017") == terms_of("7.9.2017") == (Term(("7", "9", "2017"), True),)
    (in_words,) = terms_of("ngay 07 thang 9 nam 2017")
    assert in_words.words == ("ngay", "7", "thang", "9", "nam", "2017")


def test_pieces_of_one_word_stay_together() -> None:
    assert terms_of("QD-SGTVT") == (Term(("qd", "sgtvt"), True),)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "chưa có từ"),
        ("  …  ", "chưa có từ"),
        ('"quy chế', "ngoặc kép"),
        (" khác".join(map(str, range(102))), "nhiều nhất"),
        ('"' + "từ " * 101 + '"', "nhiều nhất"),
    ],
)
def test_what_cannot_be_looked_for_is_told(written: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        terms_of(written)


@given(st.text(max_size=200))
def test_anything_is_understood_or_refused(written: str) -> None:
    try:
        terms = terms_of(written)
    except ValueError:
        return
    assert 0 < len(terms) <= MOST_WORDS
    assert all(word and " " not in word for term in terms for word in term.words)
