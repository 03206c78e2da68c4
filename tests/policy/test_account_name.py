"""Accounts by the rule of the regulation: what names give, what is refused, and who has to take another number."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.directory import Directory, Party, PartyKind
from gateway.policy.account_name import Account, Accounts, account_name, unlike_the_rule


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("Lê Thị Kim Cúc", "ltkcuc"),
        ("  lê\u00a0Thị\tKim   CÚC\n", "ltkcuc"),
        (unicodedata.normalize("NFD", "Lê Thị Kim Cúc"), "ltkcuc"),
        ("L\u00ea\u200b Thi\u0323 Kim C\u00fa\u00adc\ufeff", "ltkcuc"),
        ("Đặng Đình Đủ", "dddu"),
        ("\u00d0ặng Văn \u0189ông", "dvdong"),
        ("Nguyễn Ưng Ý", "nuy"),
        ("Tôn Nữ Thị Ninh", "tntninh"),
        ("Trần An", "tan"),
        ("N. V. An", "nvan"),
        ("N.V.An", "nvan"),
        ("Nguyễn-Lê Mai\u2011Anh", "nmaianh"),
        ("Ksor H'Bơ Khăp", "khkhap"),
        ("Kpă H`Mlơ", "khmlo"),
        ("Rơ Châm", "rcham"),
        ("Rah Lan \u0180ah", "rlbah"),
        ("Zơrâm Văn Wới", "zvwoi"),
        ("Jean-Pierre Müller", "jmuller"),
    ],
)
def test_first_letters_and_the_given_name_without_marks(name: str, base: str) -> None:
    made = account_name(name)
    assert (made.base, made.notes) == (base, ())


@pytest.mark.parametrize(
    ("name", "base", "told"),
    [
        ("Cúc", "cuc", "chỉ có một chữ"),
        ("Ông", "ong", "chỉ có một chữ"),
        ("H'Hen Niê", "hnie", "“Niê” được lấy làm tên"),
        ("H\u2019Hen Niê", "hnie", "“Niê” được lấy làm tên"),
        ("A Đủ", "adu", "“Đủ” được lấy làm tên"),
        ("Y Bhăng Êban", "ybeban", "“Êban” được lấy làm tên"),
        ("Søren Kjær", "skjaer", "æ, ø không phải chữ Việt"),
        ("Nguyeãn Vaên Huøng", "nvhuong", "ø không phải chữ Việt"),
        ("Ông Nguyễn Văn An", "nvan", "đã bỏ “Ông” đứng trước họ tên; nếu “Ông” là họ thì tài khoản bắt đầu bằng “o”"),
        ("BÀ Lê Thị Kim Cúc", "ltkcuc", "đã bỏ “BÀ”"),
        ("ThS. Lê Thị Kim Cúc", "ltkcuc", "đã bỏ “ThS.” đứng trước họ tên"),
        ("TS.Lê Thị Kim Cúc", "ltkcuc", "đã bỏ “TS.”"),
        ("PGS.TS Lê Thị Kim Cúc", "ltkcuc", "đã bỏ “PGS. TS”"),
        ("Đ/c: Lê Thị Kim Cúc", "ltkcuc", "đã bỏ “Đ/c:”"),
        ("Đồng chí Bs. CKII. Lê Thị Kim Cúc", "ltkcuc", "đã bỏ “Đồng chí Bs. CKII.”"),
        ("Phó Giám đốc Lê Thị Kim Cúc", "ltkcuc", "đã bỏ “Phó Giám đốc”"),
    ],
)
def test_what_a_person_should_look_at_is_said(name: str, base: str, told: str) -> None:
    made = account_name(name)
    assert made.base == base
    assert any(told in note for note in made.notes)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "chưa có họ tên"),
        (" \u200b\n", "chưa có họ tên"),
        ("Nguyễn Văn A.", "“A.” là tên viết tắt"),
        ("Ths.", "“Ths.” là tên viết tắt"),
        ("Lê Văn An, ThS", "“An,” có “,” không phải chữ cái"),
        ("Lê Văn An (Phó phòng)", "có “(” không phải chữ cái"),
        ("Lê Văn An 2", "có “2” không phải chữ cái"),
        ("Lê - An", "“-” không phải là chữ"),
        ("Lê '", "“'” không phải là chữ"),
        ("Lê \u0301 An", "không phải là chữ"),
        ("cuc@so.vn", "có “@” không phải chữ cái"),
        ("Lê \u0410n", "có “\u0430” không phải chữ cái Latinh"),
        ("Иван Иванов", "không phải chữ cái Latinh"),
        ("黎氏金菊", "không phải chữ cái Latinh"),
        ("Lª ThÞ Kim Cóc", "có “ª” không phải chữ cái Latinh"),
        ("NguyÔn V¨n Hïng", "có “¨” không phải chữ cái Latinh"),
    ],
)
def test_what_is_no_full_name_is_refused_in_one_line(name: str, told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)) as caught:
        account_name(name)
    assert len(str(caught.value).splitlines()) == 1


@given(st.text(st.characters(), max_size=30))
def test_whatever_is_written_the_account_is_plain_letters_or_a_sentence(name: str) -> None:
    try:
        answer = account_name(name).base
    except ValueError as error:
        answer = str(error)
    assert re.fullmatch("[a-z]+|.* .*", answer)


def person(code: str, name: str, *addresses: str) -> Party:
    return Party(code, PartyKind.PERSON, name, addresses, parent="vp")


def accounts(*parties: Party, suffix: str = "-sogtvt") -> Accounts:
    return Accounts(Directory(parties), suffix=suffix, domain="so.vn", mailboxes=["lvchung-sogtvt@SO.vn"])


def test_an_account_has_the_suffix_and_an_address_of_the_agency() -> None:
    assert accounts().give("Lê Thị Kim Cúc") == Account(
        "ltkcuc-sogtvt", "ltkcuc-sogtvt@so.vn", "Lê Thị Kim Cúc", (), ()
    )
    assert accounts(suffix="").give("Lê Thị Kim Cúc").address == "ltkcuc@so.vn"


@pytest.mark.parametrize(
    "taken",
    [
        person("ltkcuc-sogtvt", "Lê Thị Kim Cúc"),
        person("cuc", "Lê Thị Kim Cúc", "ltkcuc-sogtvt@so.vn"),
        Party("x", PartyKind.AGENCY, "Cơ quan X", ("ltkcuc-sogtvt@so.vn",)),
    ],
    ids=["code", "address", "agency"],
)
def test_an_account_that_somebody_has_gets_a_number_and_a_note_of_whose_it_is(taken: Party) -> None:
    given_now = accounts(taken).give("Lê Thị Kim Cúc")
    assert (given_now.account, given_now.clashes) == ("ltkcuc2-sogtvt", ("ltkcuc-sogtvt",))
    assert "ltkcuc-sogtvt đã dùng" in given_now.notes[0]
    assert taken.code in given_now.notes[0]


def test_an_address_of_another_domain_is_no_clash() -> None:
    assert accounts(person("cuc", "X", "ltkcuc-sogtvt@khac.vn")).give("Lê Thị Kim Cúc").clashes == ()


def test_numbers_go_on_where_they_are_taken() -> None:
    found = accounts(person("ltkcuc-sogtvt", "A"), person("ltkcuc2-sogtvt", "B"))
    names = ["Lê Thị Kim Cúc", "LÊ THỊ KIM CÚC", "Lý Tố Kiều Cúc", "Lê Văn Chung"]
    assert [found.give(name).account for name in names] == [
        "ltkcuc3-sogtvt",
        "ltkcuc4-sogtvt",
        "ltkcuc5-sogtvt",
        "lvchung2-sogtvt",
    ]


def test_an_account_longer_than_a_code_is_refused() -> None:
    assert len(accounts().give(f"Lê {'a' * 32}").account) == 40
    with pytest.raises(ValueError, match="dài quá 40 chữ"):
        accounts().give(f"Lê {'a' * 33}")


def test_a_person_whose_code_is_not_by_the_rule_is_told() -> None:
    people = [
        person("ltkcuc-sogtvt", "Lê Thị Kim Cúc"),
        person("ltkcuc12-sogtvt", "Lê Thị Kim Cúc"),
        person("ltkuc-sogtvt", "Lê Thị Kim Cúc"),
        person("ltkcuc1-sogtvt", "Lê Thị Kim Cúc"),
        person("ltkcuc", "Lê Thị Kim Cúc"),
        person("x", "Văn thư 2"),
        Party("y", PartyKind.UNIT, "Văn phòng"),
    ]
    assert [line.partition(" (")[0] for line in unlike_the_rule(Directory(tuple(people)), "-sogtvt")] == [
        "cá nhân ltkuc-sogtvt",
        "cá nhân ltkcuc1-sogtvt",
        "cá nhân ltkcuc",
        "cá nhân x",
    ]
