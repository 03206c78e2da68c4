"""Each document goes into one book, by rules that a lawyer can read; wrong rules are refused in words."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from gateway.model.directory import Party, PartyKind
from gateway.model.document import Direction
from gateway.model.header import HeaderFields
from gateway.policy.books import Book, Books, printed_number
from gateway.settings import load_settings
from gateway.shipped import shipped

MAIN = Book("den", "Sổ văn bản đến", Direction.IN, 2026, 17)
TYPES = load_settings().document_types
SHIPPED = (shipped("config") / "policy" / "books.toml").read_text("utf-8")
OUT: dict[str, Any] = {"code": "di", "name": "Sổ đi"}
DISTRICT = Party("bs", PartyKind.AGENCY, "UBND huyện Bình Sơn", domains=("binhson.example",))


def books(**table: Any) -> Books:
    return Books.from_table({"abbreviation": "SGTVT", "outgoing": [OUT], **table}, MAIN, TYPES)


EXAMPLES = Books.from_table(tomllib.loads(SHIPPED.replace("\n#:", "\n")), MAIN, TYPES)
"""The shipped table with all its examples switched on."""


def test_as_shipped_everything_that_comes_has_one_series() -> None:
    plain = load_settings().books
    assert [(book.code, book.direction) for book in plain.all] == [("den", Direction.IN), ("di", Direction.OUT)]
    assert plain.book_of(HeaderFields(document_type="Giấy mời", abstract="Họp giao ban")) == "den"
    assert plain.first_numbers() == {("den", 2026): 1}


@pytest.mark.parametrize(
    ("kind", "abstract", "subject", "book"),
    [
        ("Giấy mời", "Dự hội nghị sơ kết", "", "giay-moi"),
        ("Công văn", "V/v giải quyết đơn khiếu nại của ông Lê Văn A", "", "den"),
        ("Phiếu chuyển", "Chuyển đơn tố cáo của công dân", "", "den"),
        (None, "ĐƠN KHIẾU NẠI về việc thu hồi đất", "", "don-thu"),
        (None, "Đơn đề nghị sửa chữa đường dân sinh", "", "don-thu"),
        (None, None, "Đơn phản ánh: xe quá tải trên ĐT 621", "don-thu"),
        (None, None, "Gửi văn bản", "den"),
        ("Quyết định", "Ban hành quy chế", "đơn khiếu nại", "den"),
        (None, "Hóa đơn tiền điện", "", "den"),
    ],
)
def test_petitions_and_invitations_have_books_of_their_own_where_a_person_wants_them(
    kind: str | None, abstract: str | None, subject: str, book: str
) -> None:
    assert EXAMPLES.book_of(HeaderFields(document_type=kind, abstract=abstract), subject=subject) == book


def test_a_rule_may_name_who_sends() -> None:
    rules = books(
        incoming=[
            {"code": "huyen", "name": "Sổ huyện", "senders": ["bs"], "types": ["Tờ trình"]},
            {"code": "dan", "name": "Sổ dân", "sender_domains": ["gmail.com", ".thu.example"]},
        ]
    )
    proposal = HeaderFields(document_type="Tờ trình")
    assert rules.book_of(proposal, DISTRICT, "vanthu@binhson.example") == "huyen"
    assert rules.book_of(HeaderFields(), DISTRICT, "vanthu@binhson.example") == "den"
    assert rules.book_of(proposal, None, "a@GMAIL.com") == "dan"
    assert rules.book_of(proposal, None, "a@x.thu.example") == "dan"
    assert rules.book_of(proposal, None, "a@notgmail.com") == "den"
    assert rules.book_of(proposal) == "den"


def test_what_is_issued_is_numbered_and_named_by_its_type() -> None:
    assert EXAMPLES.outgoing_book_of("Quyết định") == "di-qd"
    assert EXAMPLES.outgoing_book_of("quyet dinh") == "di-qd"
    assert EXAMPLES.outgoing_book_of("Công văn") == "di"
    assert EXAMPLES.notation_of("Quyết định") == "QĐ-SGTVT"
    assert EXAMPLES.notation_of("Tờ trình") == "TTr-SGTVT"
    assert EXAMPLES.notation_of("Công văn") == "SGTVT"
    assert [printed_number(each) for each in (1, 9, 10, 955)] == ["01", "09", "10", "955"]


def test_every_series_may_go_on_from_paper() -> None:
    own = books(outgoing=[OUT | {"first_year": 2026, "first_number": 1021}])
    assert own.first_numbers() == {("den", 2026): 17, ("di", 2026): 1021}
    assert own.names() == {"den": "Sổ văn bản đến", "di": "Sổ đi"}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"abbreviation": "Sở GTVT"}, ("abbreviation", "Sở GTVT", "không có dấu cách")),
        ({"agency": "x"}, ("không có khóa agency",)),
        ({"outgoing": []}, ("[[outgoing]]", "đúng một sổ")),
        ({"outgoing": [OUT, {"code": "di2", "name": "Sổ"}]}, ("đúng một sổ", "di, di2")),
        (
            {
                "outgoing": [
                    OUT,
                    *(
                        {"code": f"qd-{n}", "name": "Sổ", "types": ["Quyết định", kind]}
                        for n, kind in enumerate(("Báo cáo", "Chỉ thị"))
                    ),
                ]
            },
            ("[[outgoing]]", "hai sổ: qd-0, qd-1"),
        ),
        ({"outgoing": [OUT | {"code": "den"}]}, ('code = "den"', "cùng tên ngắn")),
        ({"outgoing": [OUT | {"words": ["x"]}]}, ("di: không có khóa words",)),
        ({"outgoing": [OUT | {"first_number": 3}]}, ("di: first_year = None", "đi cùng first_number")),
        ({"outgoing": [OUT | {"first_year": 2026, "first_number": 0}]}, ("first_number = 0", "số nguyên dương")),
        ({"incoming": [{"code": "Đơn", "name": "x"}]}, ("code = 'Đơn'", "chữ thường không dấu")),
        ({"incoming": [{"code": "don", "name": ""}]}, ("don: name = ''", "tên sổ khi in")),
        ({"incoming": [{"code": "don", "name": "Sổ đơn"}]}, ("[[incoming]] don", "phải có types, words")),
        (
            {"incoming": [{"code": "don", "name": "Sổ", "types": ["Giấy mừng"]}]},
            ('don: types = "Giấy mừng"', "document_types.toml"),
        ),
        ({"incoming": [{"code": "don", "name": "Sổ", "words": "đơn"}]}, ("don: words = 'đơn'", "danh sách")),
        (
            {"incoming": [{"code": "don", "name": "Sổ", "sender_domains": ["a@b.vn"]}]},
            ("don: sender_domains", "không có @"),
        ),
    ],
)
def test_a_wrong_table_says_key_value_and_what_it_should_be(table: dict[str, Any], said: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=re.escape(said[0])) as caught:
        books(**table)
    for words in said:
        assert words in str(caught.value)
