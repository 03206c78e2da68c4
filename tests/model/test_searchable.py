"""One form of every word, however it was typed, and keys by which a document is found."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.searchable import (
    MOST_CHARACTERS,
    Place,
    Searched,
    book_key,
    entry_of,
    folded,
    identifier_keys,
    key_of,
    words_of,
)


def searched(title: str = "", parties: str = "", body: str = "", number: str | None = None) -> Searched:
    return Searched(
        70_000, "den", 2026, "in", "A@B.example", number, None, date(2026, 3, 1), (title,), (parties,), (body,)
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà bình", "hòa bình"),
        ("thuỷ", "thủy"),
        ("khoẻ", "khỏe"),
        ("Đường Đ", "đường đ"),
        ("Ðường", "đường"),
        (unicodedata.normalize("NFD", "quyết định"), "quyết định"),
        ("07/QĐ", "7 qđ"),
        ("ＱＵＹ", "quy"),
        ("QĐ-SGTVT", "qđ sgtvt"),
        ("“quy chế”,", "quy chế"),
    ],
)
def test_words_typed_in_two_ways_are_the_same(one: str, other: str) -> None:
    assert words_of(one) == words_of(other)


@pytest.mark.parametrize(
    ("one", "other"), [("chế", "chè"), ("đường", "dường"), ("tô", "to"), ("ăn", "ân"), ("hoa", "hoà")]
)
def test_marks_tell_words_apart_until_they_are_folded(one: str, other: str) -> None:
    assert words_of(one) != words_of(other)
    assert [folded(word) for word in words_of(one)] == [folded(word) for word in words_of(other)]


@given(st.text())
def test_words_have_nothing_that_parts_keys(text: str) -> None:
    for word in words_of(text):
        assert not set(word) & set(" '\"\\:#%_\0")
        assert word == word.lower()
        assert words_of(word) == [word]
        assert folded(folded(word)) == folded(word)


def test_long_numbers_keep_their_zeros_and_long_words_are_cut() -> None:
    assert words_of("0905123456 000123 0") == ["0905123456", "123", "0"]
    assert [len(word) for word in words_of("x" * 1000)] == [40]


def test_a_word_is_found_at_its_place_and_at_wider_ones_in_both_forms() -> None:
    keys = set(entry_of(searched("chế", "sở", "hòa")).keys)
    (plain, marked) = "che", *words_of("chế")
    for place in Place:
        assert {key_of(place, plain), key_of(place, marked)} <= keys
    assert key_of(Place.TITLE, "so") not in keys
    assert {key_of(Place.PARTIES, "so"), key_of(Place.ANYWHERE, "so"), key_of(Place.ANYWHERE, "hoa")} <= keys
    assert key_of(Place.PARTIES, "hoa") not in keys
    assert {"#bden", "#y2026", "#din", "#13.8", "#16.1"} <= keys


def test_so_much_of_a_long_text_is_searched_and_no_more() -> None:
    entry = entry_of(searched(body="dài " * MOST_CHARACTERS + "cuối"))
    assert key_of(Place.ANYWHERE, "cuoi") not in entry.keys
    assert len(entry.body) < 2 * MOST_CHARACTERS


@given(st.text(), st.text())
def test_books_have_keys_of_their_own(one: str, other: str) -> None:
    assert (book_key(one) == book_key(other)) == (one == other)
    assert not set(book_key(one)) & set(" '\"\\:")


@pytest.mark.parametrize(
    ("number", "notation", "expected"),
    [
        ("07", "QĐ-SGTVT", ("7", "qd-sgtvt", None)),
        ("955", "2017/QĐ-UBND", ("955", "qd-ubnd", 2017)),
        ("12A", "BC", ("12a", "bc", None)),
        (None, None, (None, None, None)),
        ("", "", (None, None, None)),
    ],
)
def test_numbers_have_one_form(
    number: str | None, notation: str | None, expected: tuple[str | None, str | None, int | None]
) -> None:
    assert identifier_keys(number, notation) == expected


def test_a_number_is_of_the_year_of_its_day_where_it_names_none() -> None:
    assert entry_of(searched(number="7")).number_year == 2026
