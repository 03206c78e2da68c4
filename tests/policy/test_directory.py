"""The directory file: every fault told, and the difference of two directories."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.directory import Party, PartyKind
from gateway.policy.directory_changes import Change, ChangeKind, changes
from gateway.policy.directory_file import doubts, from_rows
from gateway.shipped import shipped

OWN = frozenset({"sgtvt@quangngai.gov.vn"})


def agency(**changed: object) -> dict[str, object]:
    return {"code": "ubnd", "name": "Ủy ban nhân dân tỉnh", "addresses": ["ubnd@quangngai.gov.vn"]} | changed


def problems(rows: dict[str, Any]) -> list[str]:
    with pytest.raises(ValueError, match=r"\S") as caught:
        from_rows(rows, own_addresses=OWN)
    return str(caught.value).splitlines()


def test_the_shipped_example_is_a_directory() -> None:
    rows = tomllib.loads((shipped("config") / "directory.toml").read_text("utf-8"))
    parties = from_rows(rows, own_addresses=OWN)
    assert {party.kind for party in parties} == set(PartyKind)
    assert [party.addresses for party in parties if party.code == "ubnd"] == [("ubnd@quangngai.gov.vn",)]
    assert [party.code for party in parties] == sorted(party.code for party in parties)


def test_addresses_and_domains_come_in_lower_case_and_a_labels() -> None:
    given_so = agency(
        name="  Sở\u00a0Xây dựng ",
        addresses=["VanThu@Sở.VN", " b@x.vn"],
        domains=["SoXD.gov.vn", ".Tỉnh.vn"],
        networks=["2001:DB8::/48", "192.0.2.7"],
    )
    assert from_rows({"agency": [given_so]}) == (
        Party(
            code="ubnd",
            kind=PartyKind.AGENCY,
            name="Sở Xây dựng",
            addresses=("b@x.vn", f"vanthu@{'sở'.encode('idna').decode()}.vn"),
            domains=(f".{'tỉnh'.encode('idna').decode()}.vn", "soxd.gov.vn"),
            networks=("192.0.2.7/32", "2001:db8::/48"),
        ),
    )


def test_a_person_belongs_to_a_unit() -> None:
    person = {"code": "cuc", "name": "Lê Thị Kim Cúc", "unit": "vp", "addresses": ["cuc@x.vn"]}
    unit = {"code": "vp", "name": "Văn phòng"}
    found = from_rows({"person": [person], "unit": [unit]})
    assert [(party.code, party.kind, party.parent) for party in found] == [
        ("cuc", PartyKind.PERSON, "vp"),
        ("vp", PartyKind.UNIT, None),
    ]


@pytest.mark.parametrize(
    ("entry", "place", "told"),
    [
        (agency(roles=[]), "agency[1] (ubnd).roles: ", "không có khóa này; hãy bỏ đi"),
        (agency(adresses=[]), "agency[1] (ubnd).adresses: ", "có phải là addresses?"),
        (agency(unit="vp"), "agency[1] (ubnd).unit: ", "không có khóa này"),
        ({"code": "x"}, "agency[1] (x).name: ", "còn thiếu khóa này"),
        ({"name": "X"}, "agency[1].code: ", "còn thiếu khóa này"),
        (agency(code="Sở X"), 'agency[1].code = "Sở X": ', "mã gồm chữ thường không dấu"),
        (agency(code="a" * 41), "agency[1].code = ", "nhiều nhất 40 ký tự"),
        (agency(name=" "), 'agency[1] (ubnd).name = " ": ', "không để trống"),
        (agency(name=7), "agency[1] (ubnd).name = 7: ", "phải là tên"),
        (agency(name="a\u202eb"), "agency[1] (ubnd).name = ", "chữ in được"),
        (agency(addresses="a@x.vn"), 'agency[1] (ubnd).addresses = "a@x.vn": ', "danh sách trong ngoặc vuông"),
        (agency(addresses=["a@x.vn", "A@X.vn"]), 'agency[1] (ubnd).addresses[2] = "A@X.vn": ', "chính mục này"),
        (agency(addresses=["SGTVT@quangngai.gov.vn"]), "agency[1] (ubnd).addresses[1] = ", "của chính cổng"),
        (agency(addresses=["sgtvt+x@quangngai.gov.vn"]), "agency[1] (ubnd).addresses[1] = ", "của chính cổng"),
        (agency(domains=["gmail.com"]), 'agency[1] (ubnd).domains[1] = "gmail.com": ', "tên miền thư công cộng"),
        (agency(domains=[".hcm.vnn.vn"]), "agency[1] (ubnd).domains[1] = ", "tên miền thư công cộng"),
        (agency(domains=[".gov.vn"]), "agency[1] (ubnd).domains[1] = ", "tên miền chung"),
        (agency(domains=["vn"]), "agency[1] (ubnd).domains[1] = ", "tên miền chung"),
        (agency(domains=["x.vn", ".x.vn", "X.vn"]), "agency[1] (ubnd).domains[3] = ", "chính mục này"),
        (agency(networks=["10.0.0.1/8"]), 'agency[1] (ubnd).networks[1] = "10.0.0.1/8": ', "phải là mạng"),
        (agency(networks=["0.0.0.0/0"]), "agency[1] (ubnd).networks[1] = ", "rộng quá"),
        (agency(networks=["::/16"]), "agency[1] (ubnd).networks[1] = ", "rộng quá"),
        (agency(networks=[1]), "agency[1] (ubnd).networks[1] = 1: ", "phải là mạng"),
        ("ubnd", 'agency[1] = "ubnd": ', "phải ghi thành [[agency]]"),
    ],
)
def test_a_fault_is_one_line_that_names_entry_and_key(entry: object, place: str, told: str) -> None:
    (line,) = problems({"agency": [entry]})
    assert line.startswith(place)
    assert told in line


@pytest.mark.parametrize(
    "text",
    ["", "a", "@x.vn", "a@", "a b@x.vn", "ă@x.vn", "A <a@x.vn>", "a@x_y.vn", "a@-x.vn", "a@straße.de", "a..b@x.vn", 5],
)
def test_what_is_no_address_is_refused(text: object) -> None:
    (line,) = problems({"agency": [agency(addresses=[text])]})
    assert "phải là một địa chỉ thư" in line


def test_codes_addresses_and_domains_stand_once_in_the_whole_file() -> None:
    rows = {
        "agency": [
            agency(domains=["x.vn"]),
            agency(addresses=["UBND@quangngai.gov.vn"]),
            agency(code="b", domains=["X.VN"], addresses=[]),
        ],
        "unit": [{"code": "b", "name": "Văn phòng"}],
    }
    assert problems(rows) == [
        'agency[2].code = "ubnd": đã dùng ở agency[1]; hãy đặt mỗi mục một mã.',
        'agency[2].addresses[1] = "UBND@quangngai.gov.vn": đã ghi ở agency[1] (ubnd); hãy bỏ một chỗ.',
        'agency[3] (b).domains[1] = "X.VN": đã ghi ở agency[1] (ubnd); hãy bỏ một chỗ.',
        'unit[1].code = "b": đã dùng ở agency[3]; hãy đặt mỗi mục một mã.',
    ]


def test_a_person_without_a_unit_or_with_a_wrong_one_is_told() -> None:
    people = [
        {"code": f"p{place}", "name": "A"} | unit for place, unit in enumerate([{}, {"unit": "x"}, {"unit": "ubnd"}])
    ]
    assert problems({"agency": [agency()], "person": people}) == [
        'person[1] (p0).unit: còn thiếu khóa này; hãy ghi thêm mã đơn vị của người này, như unit = "van-phong".',
        'person[2] (p1).unit = "x": không có [[unit]] nào mang mã này; hãy thêm đơn vị ấy hoặc sửa mã.',
        'person[3] (p2).unit = "ubnd": là mã của cơ quan ở agency[1]; hãy ghi mã của một [[unit]].',
    ]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ({}, "không có mục"),
        ({"agency": []}, "không có mục"),
        ({"agency": agency()}, "agency: phải ghi mỗi mục thành [[agency]]"),
        ({"agencies": [agency()]}, "agencies: không có phần này; có phải là [[agency]]?"),
    ],
)
def test_a_file_that_is_no_directory_is_told(rows: dict[str, Any], told: str) -> None:
    assert any(told in line for line in problems(rows))


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=12), st.lists(st.text(max_size=12), max_size=3)
)
ENTRIES = st.dictionaries(
    st.sampled_from(["code", "name", "addresses", "domains", "networks", "unit", "x"]), VALUES, max_size=7
)


@given(
    st.dictionaries(st.sampled_from([*PartyKind, "x"]), st.one_of(VALUES, st.lists(ENTRIES, max_size=3)), max_size=4)
)
def test_whatever_stands_in_the_file_the_answer_is_parties_or_problems(rows: dict[str, Any]) -> None:
    try:
        answer = [(party.code, party.name) for party in from_rows(rows)]
    except ValueError as error:
        answer = [(line[-1], line) for line in str(error).split("\n")]
    assert answer
    assert all(one and other for one, other in answer)


def test_a_key_with_a_line_break_stays_on_its_line() -> None:
    assert len(problems({"a\nb": 1, "agency": [agency() | {"c\nd": 1}]})) == 2


def test_an_agency_of_which_no_mail_is_known_is_doubtful() -> None:
    silent, heard = agency(addresses=[], networks=["192.0.2.0/24"]), agency(code="b", addresses=[], domains=["x.vn"])
    unit = {"code": "vp", "name": "Văn phòng"}
    (told,) = doubts(from_rows({"agency": [silent, heard], "unit": [unit]}))
    assert "ubnd" in told


def party(code: str, **changed: Any) -> Party:
    values: dict[str, Any] = {"code": code, "kind": PartyKind.AGENCY, "name": f"Cơ quan {code}"} | changed
    return Party(**values)


def test_changes_are_told_by_code() -> None:
    before = [
        party("c", addresses=("c@x.vn",)),
        party("a", addresses=("a@x.vn", "b@x.vn"), domains=("x.vn",)),
        party("d"),
    ]
    after = [
        party("b", domains=("b.vn",), networks=("192.0.2.0/24",)),
        party("a", name="Sở A", addresses=("b@x.vn", "e@x.vn"), networks=("192.0.2.0/24",)),
        party("d"),
    ]
    assert changes(before, after) == (
        Change(
            ChangeKind.CHANGED,
            "a",
            "sửa cơ quan a (Cơ quan a): đổi tên thành Sở A; thêm địa chỉ e@x.vn; bỏ địa chỉ a@x.vn; "
            "bỏ tên miền x.vn; thêm mạng 192.0.2.0/24",
        ),
        Change(ChangeKind.ADDED, "b", "thêm cơ quan b (Cơ quan b): b.vn, 192.0.2.0/24"),
        Change(ChangeKind.REMOVED, "c", "bỏ cơ quan c (Cơ quan c): c@x.vn"),
    )


def test_one_who_moves_or_becomes_another_kind_is_told() -> None:
    before = [party("p", kind=PartyKind.PERSON, parent="u"), party("q", kind=PartyKind.PERSON, parent="u")]
    after = [party("p", kind=PartyKind.PERSON, parent="v"), party("q", kind=PartyKind.UNIT)]
    assert [change.text for change in changes(before, after)] == [
        "sửa cá nhân p (Cơ quan p): chuyển sang đơn vị v",
        "sửa cá nhân q (Cơ quan q): từ cá nhân thành đơn vị; không còn thuộc u",
    ]


def test_order_is_no_change() -> None:
    one = party("a", addresses=("a@x.vn", "b@x.vn"), domains=(".x.vn", "x.vn"))
    other = party("a", addresses=("b@x.vn", "a@x.vn"), domains=("x.vn", ".x.vn"))
    assert changes([one, party("b")], [party("b"), other]) == ()
