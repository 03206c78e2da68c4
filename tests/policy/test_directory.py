"""The directory file: every fault told, what is doubtful in it, and the difference of two directories."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.directory import Absence, Directory, Party, PartyKind, Role
from gateway.policy.account_name import unlike_the_rule
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
    found = from_rows(rows, own_addresses=OWN)
    parties = found.parties
    assert doubts(found) == ()
    assert unlike_the_rule(found, "-sogtvt") == ()
    assert {party.kind for party in parties} == set(PartyKind)
    assert {role for party in parties for role in party.roles} == set(Role)
    assert [party.addresses for party in parties if party.code == "ubnd"] == [("ubnd@quangngai.gov.vn",)]
    assert [party.code for party in parties] == sorted(party.code for party in parties)


def test_addresses_and_domains_come_in_lower_case_and_a_labels() -> None:
    given_so = agency(
        name="  Sở\u00a0Xây dựng ",
        addresses=["VanThu@Sở.VN", " b@x.vn"],
        domains=["SoXD.gov.vn", ".Tỉnh.vn"],
        networks=["2001:DB8::/48", "192.0.2.7"],
    )
    assert from_rows({"agency": [given_so]}).parties == (
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
    assert [(party.code, party.kind, party.parent) for party in found.parties] == [
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
    [
        "",
        "a",
        "@x.vn",
        "a@",
        "a b@x.vn",
        "ă@x.vn",
        "\u212a@x.vn",
        "A <a@x.vn>",
        "a@x_y.vn",
        "a@-x.vn",
        "a@straße.de",
        "a..b@x.vn",
        5,
    ],
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


KEYS = ("code", "name", "short_name", "addresses", "domains", "networks", "unit", "roles")
WORDS = st.one_of(st.sampled_from(["a", "b", "clerk", "a@x.vn"]), st.text(max_size=12))
VALUES = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.dates(), st.datetimes(), WORDS, st.lists(WORDS, max_size=3)),
)
ENTRIES = st.dictionaries(st.sampled_from([*KEYS, "person", "since", "until", "deputy", "x"]), VALUES, max_size=9)


@given(
    st.dictionaries(
        st.sampled_from([*PartyKind, "absence", "x"]), st.one_of(VALUES, st.lists(ENTRIES, max_size=3)), max_size=5
    )
)
def test_whatever_stands_in_the_file_the_answer_is_parties_or_problems(rows: dict[str, Any]) -> None:
    try:
        found = from_rows(rows)
        assert isinstance(doubts(found), tuple)
        answer = [(party.code, party.name) for party in found.parties]
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
    before = directory(
        party("c", addresses=("c@x.vn",)),
        party("a", addresses=("a@x.vn", "b@x.vn"), domains=("x.vn",)),
        party("d"),
    )
    after = directory(
        party("b", domains=("b.vn",), networks=("192.0.2.0/24",)),
        party("a", name="Sở A", addresses=("b@x.vn", "e@x.vn"), networks=("192.0.2.0/24",)),
        party("d"),
    )
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
    before = directory(party("p", kind=PartyKind.PERSON, parent="u"), party("q", kind=PartyKind.PERSON, parent="u"))
    after = directory(party("p", kind=PartyKind.PERSON, parent="v"), party("q", kind=PartyKind.UNIT))
    assert [change.text for change in changes(before, after)] == [
        "sửa cá nhân p (Cơ quan p): chuyển sang đơn vị v",
        "sửa cá nhân q (Cơ quan q): từ cá nhân thành đơn vị; không còn thuộc u",
    ]


def directory(*parties: Party, absences: tuple[Absence, ...] = ()) -> Directory:
    return Directory(parties, absences)


def test_order_is_no_change() -> None:
    one = party("a", addresses=("a@x.vn", "b@x.vn"), domains=(".x.vn", "x.vn"), roles=(Role.IT, Role.CLERK))
    other = party("a", addresses=("b@x.vn", "a@x.vn"), domains=("x.vn", ".x.vn"), roles=(Role.CLERK, Role.IT))
    away, later = (Absence("a", date(2026, 11, day), date(2026, 11, day), "b") for day in (2, 4))
    before = directory(one, party("b"), absences=(away, later))
    assert changes(before, directory(party("b"), other, absences=(later, away))) == ()


def test_roles_short_names_and_absences_are_told_with_their_person() -> None:
    away = Absence("p", date(2026, 11, 24), date(2026, 11, 28), "q")
    longer = Absence("p", date(2026, 11, 24), date(2026, 12, 1), "q")
    before = directory(party("p", roles=(Role.SPECIALIST,), short_name="P"), party("q"), absences=(away,))
    after = directory(
        party("p", roles=(Role.UNIT_HEAD,)),
        party("q", short_name="Q"),
        party("r", short_name="R", roles=(Role.IT, Role.CLERK), addresses=("r@x.vn",)),
        absences=(longer, Absence("r", date(2026, 1, 2), date(2026, 1, 2), "p")),
    )
    assert [change.text for change in changes(before, after)] == [
        "sửa cơ quan p (Cơ quan p): bỏ tên gọi tắt P; thêm vai trò lãnh đạo đơn vị; bỏ vai trò chuyên viên; "
        "thêm vắng mặt từ 24/11/2026 đến hết 01/12/2026, q thay; bỏ vắng mặt từ 24/11/2026 đến hết 28/11/2026, q thay",
        "sửa cơ quan q (Cơ quan q): gọi tắt Q",
        "thêm cơ quan r (Cơ quan r), gọi tắt R, vai trò cán bộ công nghệ thông tin, văn thư Sở: r@x.vn; "
        "thêm vắng mặt từ 02/01/2026 đến hết 02/01/2026, p thay",
    ]


def unit(**changed: object) -> dict[str, object]:
    return {"code": "vp", "name": "Văn phòng Sở", "addresses": ["vp@x.vn"]} | changed


def person(**changed: object) -> dict[str, object]:
    return {"code": "cuc", "name": "Lê Thị Kim Cúc", "unit": "vp", "addresses": ["cuc@x.vn"]} | changed


HUNG = person(code="hung", name="Nguyễn Văn Hùng", addresses=["hung@x.vn"])


def absence(**changed: object) -> dict[str, object]:
    return {"person": "cuc", "since": date(2026, 11, 24), "until": date(2026, 11, 28), "deputy": "hung"} | changed


def test_people_have_roles_short_names_and_deputies() -> None:
    found = from_rows(
        {
            "unit": [unit(short_name=" VP\u00a0 Sở ")],
            "person": [person(roles=["specialist", "clerk"], short_name="Cúc"), HUNG],
            "absence": [absence(), absence(since=date(2026, 3, 2), until=date(2026, 3, 2))],
        }
    )
    assert {party.code: (party.short_name, party.roles) for party in found.parties} == {
        "vp": ("VP Sở", ()),
        "cuc": ("Cúc", (Role.CLERK, Role.SPECIALIST)),
        "hung": (None, ()),
    }
    assert found.absences == (
        Absence("cuc", date(2026, 3, 2), date(2026, 3, 2), "hung"),
        Absence("cuc", date(2026, 11, 24), date(2026, 11, 28), "hung"),
    )


@pytest.mark.parametrize(
    ("roles", "place", "told"),
    [
        (["cleck"], 'person[1] (cuc).roles[1] = "cleck": ', "có phải là clerk (văn thư Sở)?"),
        (["clerk", "văn thư đơn vị"], 'person[1] (cuc).roles[2] = "văn thư đơn vị": ', "có phải là unit_clerk"),
        (["Chuyên viên"], 'person[1] (cuc).roles[1] = "Chuyên viên": ', "có phải là specialist"),
        (["CLERK"], 'person[1] (cuc).roles[1] = "CLERK": ', "có phải là clerk"),
        (["xyz"], 'person[1] (cuc).roles[1] = "xyz": ', "hãy chọn trong: clerk (văn thư Sở), leader"),
        ([7], "person[1] (cuc).roles[1] = 7: ", "hãy chọn trong: clerk"),
        ([["clerk"]], 'person[1] (cuc).roles[1] = ["clerk"]: ', "hãy chọn trong: clerk"),
        (["it", "it"], 'person[1] (cuc).roles[2] = "it": ', "đã ghi ở chính mục này"),
        ("clerk", 'person[1] (cuc).roles = "clerk": ', "phải là danh sách trong ngoặc vuông"),
    ],
)
def test_a_role_that_is_none_is_told_with_the_one_meant(roles: object, place: str, told: str) -> None:
    (line,) = problems({"unit": [unit()], "person": [person(roles=roles)]})
    assert line.startswith(place)
    assert told in line


@pytest.mark.parametrize("key", ["roles", "short_name"])
def test_other_agencies_have_no_roles_and_no_short_names(key: str) -> None:
    (line,) = problems({"agency": [agency(**{key: []})]})
    assert "không có khóa này" in line


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("Phòng KHTC", "phong khtc", "đã là tên gọi tắt ở unit[1] (vp)"),
        ("P. Kế hoạch", "P.KE HOACH", "đã là tên gọi tắt ở unit[1] (vp)"),
        ("Đội 1", "doi-1", "đã là tên gọi tắt ở unit[1] (vp)"),
        ("Văn phòng", "VP", "là mã của mục vp"),
        ("Văn phòng", "Cúc", "là mã của mục cuc"),
        ("Văn phòng", " ", "không để trống"),
        ("Văn phòng", "–", "phải có chữ hoặc số"),
        ("Văn phòng", 1, "phải là tên"),
    ],
)
def test_a_short_name_stands_for_one_unit(first: str, second: object, told: str) -> None:
    rows = {"unit": [unit(short_name=first), unit(code="kh", addresses=[], short_name=second)], "person": [person()]}
    (line,) = problems(rows)
    assert line.startswith("unit[2] (kh).short_name = ")
    assert told in line


def test_a_short_name_that_is_the_own_code_or_empty_is_none_that_clashes() -> None:
    rows = {"unit": [unit(short_name="VP"), unit(code="a", addresses=[], short_name=""), unit(code="b", addresses=[])]}
    assert [party.short_name for party in from_rows(rows).parties] == [None, None, "VP"]


@pytest.mark.parametrize(
    ("changed", "place", "told"),
    [
        ({"person": "la"}, 'absence[1].person = "la": ', "không có [[person]] nào mang mã này"),
        ({"person": "vp"}, 'absence[1] (vp).person = "vp": ', "là mã của đơn vị"),
        ({"person": ["cuc"]}, 'absence[1].person = ["cuc"]: ', "không có [[person]]"),
        ({"deputy": "vp"}, 'absence[1] (cuc).deputy = "vp": ', "là mã của đơn vị"),
        ({"deputy": "cuc"}, 'absence[1] (cuc).deputy = "cuc": ', "là chính người vắng mặt"),
        ({"since": "2026-11-24"}, 'absence[1] (cuc).since = "2026-11-24": ', "phải là ngày"),
        ({"until": datetime(2026, 11, 28, 8)}, "absence[1] (cuc).until = ", "không giờ"),  # noqa: DTZ001
        ({"until": date(2026, 11, 23)}, "absence[1] (cuc).until = 2026-11-23: ", "trước ngày since 2026-11-24"),
        ({"reason": "phép"}, "absence[1] (cuc).reason: ", "không có khóa này"),
    ],
)
def test_a_fault_of_an_absence_is_one_line(changed: dict[str, object], place: str, told: str) -> None:
    (line,) = problems({"unit": [unit()], "person": [person(), HUNG], "absence": [absence(**changed)]})
    assert line.startswith(place)
    assert told in line


@pytest.mark.parametrize("key", ["person", "since", "until", "deputy"])
def test_every_key_of_an_absence_is_needed(key: str) -> None:
    short = {name: value for name, value in absence().items() if name != key}
    (line,) = problems({"unit": [unit()], "person": [person(), HUNG], "absence": [short]})
    assert f".{key}: còn thiếu khóa này; hãy ghi thêm" in line


def test_nobody_is_away_twice_on_one_day() -> None:
    rows = {
        "unit": [unit()],
        "person": [person(), HUNG],
        "absence": [
            absence(),
            absence(since=date(2026, 11, 28), until=date(2026, 12, 2)),
            absence(since=date(2026, 11, 29), until=date(2026, 12, 2)),
        ],
    }
    assert problems(rows) == [
        "absence[2] (cuc).since = 2026-11-28: trùng những ngày đã ghi ở absence[1] (cuc); "
        "hãy gộp lại, hoặc sửa cho nối tiếp nhau."
    ]


SILENT = unit(code="kh", name="Phòng Kế hoạch", addresses=[])
LEADER = person(code="lanh-dao", name="Trần Văn An", addresses=["an@x.vn"], roles=["leader", "clerk"])


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ({"person": [person(roles=["it"], addresses=[])]}, ["cuc (Lê Thị Kim Cúc) có vai trò cán bộ công nghệ"]),
        ({"person": [person(roles=["unit_head"]), HUNG | {"roles": ["unit_head"]}]}, ["có 2 người mang vai trò"]),
        ({"unit": [unit(), SILENT]}, ["đơn vị kh (Phòng Kế hoạch) không có addresses"]),
        ({"unit": [unit(), SILENT], "person": [person(unit="kh", roles=["unit_clerk"])]}, []),
        ({"unit": [unit(addresses=[])]}, []),
        ({"person": [person(short_name="Cúc Lê"), HUNG | {"short_name": "cuc le"}]}, ["cùng tên gọi tắt cuc le"]),
        ({"person": [person(), HUNG], "absence": [absence()]}, []),
        ({"person": [person(), HUNG | {"addresses": []}], "absence": [absence()]}, ["người thay hung không có"]),
        (
            {
                "person": [person(), HUNG],
                "absence": [absence(), absence(person="hung", deputy="cuc", since=date(2026, 11, 28))],
            },
            ["cuc vắng mặt từ 24/11/2026 đến hết 28/11/2026: người thay hung cũng vắng", "hung vắng mặt"],
        ),
        ({"person": [person(), HUNG], "absence": [absence(until=date(2062, 11, 28))]}, ["hơn một năm"]),
    ],
)
def test_what_is_hardly_meant_is_doubtful(rows: dict[str, Any], told: list[str]) -> None:
    whole = {"unit": [unit()]} | rows | {"person": [LEADER, *rows.get("person", [])]}
    lines = doubts(from_rows(whole))
    assert len(lines) == len(told)
    assert all(words in line for words, line in zip(told, lines, strict=True))


def test_people_without_a_clerk_and_a_leader_among_them_are_doubtful() -> None:
    lines = doubts(from_rows({"unit": [unit()], "person": [person(roles=["specialist"])]}))
    assert [line.partition(":")[0] for line in lines] == [
        "không cá nhân nào có vai trò clerk (văn thư Sở)",
        "không cá nhân nào có vai trò leader (người có thẩm quyền)",
    ]
