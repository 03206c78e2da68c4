"""Who acts in which role, and who is written to: deputies, units' own addresses, the clerks' mailboxes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.directory import Absence, Directory, Party, PartyKind, Role
from gateway.policy.staff import Actor, Addressee, Staff, Standing

DAY = date(2026, 11, 24)
CLERKS = ("vanthu@so.vn",)


def person(code: str, *roles: Role, unit: str = "kh", addresses: tuple[str, ...] | None = None) -> Party:
    mine = (f"{code}@so.vn",) if addresses is None else addresses
    return Party(code, PartyKind.PERSON, f"Người {code}", mine, parent=unit, roles=roles)


OFFICE = Party("vp", PartyKind.UNIT, "Văn phòng", ("vp@so.vn",))
PLANNING = Party("kh", PartyKind.UNIT, "Phòng Kế hoạch", ("kehoach@so.vn", "kh@so.vn"))
PROVINCE = Party("ubnd", PartyKind.AGENCY, "Ủy ban nhân dân", ("ubnd@tinh.vn",), ("tinh.vn",))
CLERK = person("cuc", Role.CLERK, unit="vp")
LEADER = person("an", Role.LEADER, unit="vp")
HEAD = person("binh", Role.UNIT_HEAD, Role.SPECIALIST)
SPECIALIST = person("dung", Role.SPECIALIST)
OTHER_HEAD = person("em", Role.UNIT_HEAD, unit="vp")
EVERYBODY = (OFFICE, PLANNING, PROVINCE, CLERK, LEADER, HEAD, SPECIALIST, OTHER_HEAD)


def away(who: str, deputy: str, since: date = DAY, until: date = DAY) -> Absence:
    return Absence(who, since, until, deputy)


def staff(*absences: Absence, parties: tuple[Party, ...] = EVERYBODY, clerks: tuple[str, ...] = CLERKS) -> Staff:
    return Staff(Directory(parties, absences), clerks)


def actor(address: str, *absences: Absence, day: date = DAY) -> Actor:
    found = staff(*absences).actor(address, day)
    assert found is not None
    return found


def written_to(found: tuple[Addressee, ...]) -> list[str]:
    return [f"{each.address} for {each.for_whom}" if each.for_whom else each.address for each in found]


@pytest.mark.parametrize(
    ("address", "code", "standings"),
    [
        ("cuc@so.vn", "cuc", {Standing(Role.CLERK, None)}),
        (" An@SO.vn ", "an", {Standing(Role.LEADER, None)}),
        ("binh@so.vn", "binh", {Standing(Role.UNIT_HEAD, "kh"), Standing(Role.SPECIALIST, "kh")}),
        ("kh@so.vn", "kh", {Standing(Role.UNIT_CLERK, "kh")}),
        ("kehoach@so.vn", "kh", {Standing(Role.UNIT_CLERK, "kh")}),
        ("vanthu@so.vn", "vanthu@so.vn", {Standing(Role.CLERK, None)}),
    ],
)
def test_an_address_of_ours_is_an_actor_with_his_standings(address: str, code: str, standings: set[Standing]) -> None:
    found = actor(address)
    assert (found.code, set(found.standings)) == (code, standings)
    assert found.address == address.strip().lower()


@pytest.mark.parametrize(
    "address",
    [
        "ubnd@tinh.vn",
        "ai@tinh.vn",
        "la@so.vn",
        "cuc@khac.vn",
        "cuc+x@so.vn",
        "c\u0443c@so.vn",
        "\uff43uc@so.vn",
        "\u212ah@so.vn",
        "cuc@s\u043e.vn",
        '"cuc"@so.vn',
        "cuc@so.vn.example",
        "cuc",
        "@so.vn",
        "",
    ],
)
def test_agencies_strangers_and_lookalikes_are_no_actors(address: str) -> None:
    assert staff().actor(address, DAY) is None


def test_a_role_of_a_unit_is_held_there_only_and_one_of_the_agency_everywhere() -> None:
    assert actor("binh@so.vn").holds(Role.UNIT_HEAD)
    assert actor("binh@so.vn").holds(Role.UNIT_HEAD, "kh")
    assert not actor("binh@so.vn").holds(Role.UNIT_HEAD, "vp")
    assert not actor("binh@so.vn").holds(Role.LEADER)
    assert actor("an@so.vn").holds(Role.LEADER, "kh")


def test_a_mailbox_of_the_clerks_that_is_in_the_directory_is_that_entry_and_clerk() -> None:
    found = staff(clerks=("VP@so.vn", "dung@so.vn"))
    unit, one = found.actor("vp@so.vn", DAY), found.actor("dung@so.vn", DAY)
    assert unit is not None
    assert one is not None
    assert (unit.code, unit.name) == ("vp", "Văn phòng")
    assert unit.standings == {Standing(Role.UNIT_CLERK, "vp"), Standing(Role.CLERK, None)}
    assert one.holds(Role.CLERK)
    assert one.holds(Role.SPECIALIST, "kh")


@pytest.mark.parametrize(
    ("day", "stands_in"), [(-1, False), (0, True), (2, True), (3, False)], ids=["before", "first", "last", "after"]
)
def test_a_deputy_has_the_standings_of_the_absent_one_on_those_days(day: int, stands_in: bool) -> None:
    absence = away("binh", "dung", DAY, DAY + timedelta(days=2))
    found = actor("dung@so.vn", absence, day=DAY + timedelta(days=day))
    his = {Standing(Role.UNIT_HEAD, "kh", "binh"), Standing(Role.SPECIALIST, "kh", "binh")}
    assert found.standings == {Standing(Role.SPECIALIST, "kh")} | (his if stands_in else set())
    assert found.holds(Role.UNIT_HEAD, "kh") == stands_in


def test_who_is_away_may_still_act() -> None:
    assert actor("binh@so.vn", away("binh", "dung")).standings == actor("binh@so.vn").standings


def test_the_deputy_of_a_deputy_has_only_the_deputys_own_roles() -> None:
    found = actor("em@so.vn", away("an", "binh"), away("binh", "em"))
    assert found.holds(Role.UNIT_HEAD, "kh")
    assert not found.holds(Role.LEADER)


def test_two_who_stand_in_for_each_other_have_each_others_roles_once() -> None:
    absences = (away("an", "cuc"), away("cuc", "an"))
    assert actor("an@so.vn", *absences).standings == {Standing(Role.LEADER, None), Standing(Role.CLERK, None, "cuc")}
    assert written_to(staff(*absences).holders(Role.LEADER, DAY)) == ["cuc@so.vn for an"]


def test_who_reads_a_clerks_mailbox_of_his_own_has_a_deputy_as_clerk() -> None:
    found = staff(away("dung", "em"), clerks=("dung@so.vn",))
    deputy = found.actor("em@so.vn", DAY)
    assert deputy is not None
    assert Standing(Role.CLERK, None, "dung") in deputy.standings
    assert written_to(found.holders(Role.CLERK, DAY)) == ["em@so.vn for dung", "cuc@so.vn"]


@pytest.mark.parametrize(
    ("role", "unit", "absences", "addresses"),
    [
        (Role.CLERK, None, [], ["vanthu@so.vn", "cuc@so.vn"]),
        (Role.CLERK, "kh", [], ["vanthu@so.vn", "cuc@so.vn"]),
        (Role.LEADER, None, [], ["an@so.vn"]),
        (Role.LEADER, None, [away("an", "em")], ["em@so.vn for an"]),
        (Role.UNIT_HEAD, None, [], ["binh@so.vn", "em@so.vn"]),
        (Role.UNIT_HEAD, "kh", [], ["binh@so.vn"]),
        (Role.UNIT_HEAD, None, [away("binh", "em")], ["em@so.vn"]),
        (Role.SPECIALIST, "kh", [away("binh", "em"), away("dung", "em")], ["em@so.vn for binh"]),
        (Role.UNIT_CLERK, "kh", [], ["kh@so.vn", "kehoach@so.vn"]),
        (Role.IT, None, [], []),
        (Role.UNIT_HEAD, "khac", [], []),
    ],
)
def test_deputies_are_written_to_instead_and_each_address_once(
    role: Role, unit: str | None, absences: list[Absence], addresses: list[str]
) -> None:
    assert written_to(staff(*absences).holders(role, DAY, unit)) == addresses


def test_a_unit_is_written_to_at_its_addresses_its_clerks_and_its_heads() -> None:
    clerk = person("giang", Role.UNIT_CLERK)
    found = staff(away("binh", "em"), parties=(*EVERYBODY, clerk))
    assert written_to(found.of_unit("kh", DAY)) == ["kh@so.vn", "kehoach@so.vn", "giang@so.vn", "em@so.vn for binh"]
    assert found.of_unit("la", DAY) == ()


def test_a_person_is_written_to_at_the_address_named_after_his_code() -> None:
    many = person("phuc", addresses=("a@so.vn", "phuc@so.vn"))
    other = person("quy", addresses=("b@so.vn", "a.quy@so.vn"))
    found = staff(parties=(*EVERYBODY, many, other))
    assert found.person("phuc", DAY) == Addressee("phuc@so.vn", "Người phuc", "phuc", None)
    assert found.person("quy", DAY) == Addressee("a.quy@so.vn", "Người quy", "quy", None)


@pytest.mark.parametrize(
    ("code", "address"),
    [
        ("dung", "em@so.vn for dung"),
        ("em", "em@so.vn"),
        ("kh", "kh@so.vn"),
        ("vanthu@so.vn", "vanthu@so.vn"),
        ("ubnd", None),
        ("la", None),
        ("khong-thu", None),
    ],
)
def test_an_entry_of_ours_is_written_to_by_its_code(code: str, address: str | None) -> None:
    silent = person("khong-thu", addresses=())
    found = staff(away("dung", "em"), parties=(*EVERYBODY, silent)).person(code, DAY)
    assert (written_to((found,)) if found else [None]) == [address]


def test_where_the_deputy_has_no_address_the_absent_one_is_written_to() -> None:
    silent = person("khong-thu", addresses=())
    found = staff(away("an", "khong-thu"), parties=(*EVERYBODY, silent))
    assert written_to(found.holders(Role.LEADER, DAY)) == ["an@so.vn"]


def test_units_and_people_are_listed_by_code() -> None:
    found = staff()
    assert [party.code for party in found.units()] == ["kh", "vp"]
    assert [party.code for party in found.people()] == ["an", "binh", "cuc", "dung", "em"]
    assert [party.code for party in found.people("kh")] == ["binh", "dung"]
    assert found.party("ubnd") == PROVINCE
    assert found.party("la") is None


CODES = st.sampled_from([party.code for party in EVERYBODY] + ["la"])
ABSENCES = st.lists(
    st.builds(
        lambda who, deputy, day: away(who, deputy, DAY, DAY + timedelta(days=day)), CODES, CODES, st.integers(0, 1)
    ),
    max_size=6,
)


@given(ABSENCES)
def test_whoever_is_away_every_role_that_is_held_reaches_somebody_who_may_act(absences: list[Absence]) -> None:
    found = staff(*absences)
    for role in (Role.CLERK, Role.LEADER, Role.UNIT_HEAD, Role.SPECIALIST, Role.UNIT_CLERK):
        addressees = found.holders(role, DAY)
        assert addressees
        assert len({each.address for each in addressees}) == len(addressees)
        for each in addressees:
            written = found.actor(each.address, DAY)
            assert written is not None
            assert written.holds(role)
