"""The directory: the nearest entry has an address, and an import replaces everybody or nobody."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import select

from gateway.model.directory import Absence, Directory, Party, PartyKind, Role
from gateway.policy.directory_changes import Change, ChangeKind
from gateway.store import schema
from gateway.store.database import Database
from gateway.store.queries import Queries
from gateway.store.sqlstore import SqlStore
from handlers.desk import Desk
from handlers.import_directory import import_directory
from tests.records import MORNING

UNIT = Party("van-phong", PartyKind.UNIT, "Văn phòng Sở", ("vp@so.vn",))
PERSON = Party("ltkcuc", PartyKind.PERSON, "Lê Thị Kim Cúc", ("cuc@so.vn", "ltkcuc@so.vn"), parent="van-phong")
PROVINCE = Party(
    "ubnd", PartyKind.AGENCY, "Ủy ban nhân dân tỉnh", ("ubnd@tinh.vn",), (".tinh.vn", "tinh.vn"), ("192.0.2.0/24",)
)
DISTRICT = Party("huyen", PartyKind.AGENCY, "Huyện", (), (".huyen.tinh.vn", "huyen.tinh.vn"))
CLERK = Party("van-thu", PartyKind.AGENCY, "Văn thư tỉnh", ("vanthu@tinh.vn",))
EVERYBODY = (UNIT, PERSON, PROVINCE, DISTRICT, CLERK)


def desk_of(store: SqlStore) -> Desk:
    """As much of a desk as an import needs."""
    return cast("Desk", SimpleNamespace(store=store, clock=SimpleNamespace(now=lambda: MORNING)))


async def replace(store: SqlStore, *parties: Party, absences: tuple[Absence, ...] = ()) -> None:
    async with store.begin() as unit:
        await unit.replace_directory(Directory(parties, absences))


async def bring(store: SqlStore, *parties: Party) -> tuple[Change, ...]:
    return await import_directory(Directory(parties), actor="cli:cuc", desk=desk_of(store))


def by_code(*parties: Party) -> Directory:
    return Directory(tuple(sorted(parties, key=lambda party: party.code)))


async def events(store: SqlStore) -> list[tuple[str, str, dict[str, Any]]]:
    async with store.database.read() as connection:
        rows = (await connection.execute(select(schema.event).order_by(schema.event.c.sequence))).all()
    return [(row.kind, row.actor, json.loads(row.data)) for row in rows]


async def test_what_was_put_in_comes_out_by_code(store: SqlStore) -> None:
    assert await store.directory() == Directory()
    await replace(store, *EVERYBODY)
    assert await store.directory() == by_code(*EVERYBODY)


HEAD = Party("nvhung", PartyKind.PERSON, "Nguyễn Văn Hùng", (), parent="van-phong", roles=(Role.CLERK, Role.UNIT_HEAD))
CALLED = Party("van-phong", PartyKind.UNIT, "Văn phòng Sở", short_name="VP")
AWAY = (
    Absence("ltkcuc", date(2026, 3, 2), date(2026, 3, 2), "nvhung"),
    Absence("ltkcuc", date(2026, 11, 24), date(2026, 11, 28), "nvhung"),
    Absence("nvhung", date(2026, 1, 5), date(2026, 1, 9), "ltkcuc"),
)


async def test_roles_short_names_and_absences_come_out_as_they_went_in(store: SqlStore) -> None:
    await replace(store, HEAD, CALLED, PERSON, absences=AWAY[::-1])
    assert await store.directory() == Directory((PERSON, HEAD, CALLED), AWAY)
    assert await store.party_of("cuc@so.vn") == PERSON
    await replace(store, HEAD, CALLED, PERSON, absences=AWAY[:1])
    assert (await store.directory()).absences == AWAY[:1]
    await replace(store, CALLED)
    assert await store.directory() == Directory((CALLED,))


async def test_one_who_is_away_and_his_deputy_must_be_there(store: SqlStore) -> None:
    await replace(store, CALLED, PERSON)
    with pytest.raises(Exception, match=r"(?i)foreign"):
        await replace(store, CALLED, PERSON, absences=AWAY[:1])
    assert await store.directory() == Directory((PERSON, CALLED))


async def test_a_change_of_an_absence_alone_is_in_the_journal(store: SqlStore, queries: Queries) -> None:
    without = Directory((HEAD, CALLED, PERSON))
    await import_directory(without, actor="cli:cuc", desk=desk_of(store))
    before = len(await events(store))
    await import_directory(Directory(without.parties, AWAY[1:2]), actor="cli:cuc", desk=desk_of(store))
    assert [(kind, data.get("text")) for kind, _, data in (await events(store))[before:]] == [
        ("directory.imported", None),
        (
            "party.changed",
            "sửa cá nhân ltkcuc (Lê Thị Kim Cúc): thêm vắng mặt từ 24/11/2026 đến hết 28/11/2026, nvhung thay",
        ),
    ]
    assert (await queries.audit()).broken_at is None


WHOSE = {
    "ubnd@tinh.vn": PROVINCE,
    "UBND@Tinh.VN": PROVINCE,
    "ai-do@tinh.vn": PROVINCE,
    "vanthu@tinh.vn": CLERK,
    "a@so.tinh.vn": PROVINCE,
    "a@b.so.tinh.vn": PROVINCE,
    "a@huyen.tinh.vn": DISTRICT,
    "a@xa.huyen.tinh.vn": DISTRICT,
    "cuc@so.vn": PERSON,
    "vp@so.vn": UNIT,
    "khac@so.vn": None,
    "a@tinh.vn.example": None,
    "a@x-tinh.vn": None,
    "a@vn": None,
    "ubnd@": None,
    "": None,
    "a\0@tinh.vn": PROVINCE,
    "lt\u212acuc@so.vn": None,
    "a\ud800@x.vn": None,
    f"a@{'x.' * 50_000}tinh.vn": None,
}


async def test_an_address_is_whose_entry_is_nearest(store: SqlStore) -> None:
    await replace(store, *EVERYBODY)
    assert {address: await store.party_of(address) for address in WHOSE} == WHOSE


async def test_a_directory_replaces_the_one_before(store: SqlStore) -> None:
    await replace(store, *EVERYBODY)
    moved = Party("moi", PartyKind.AGENCY, "Cơ quan mới", ("cuc@so.vn",), ("tinh.vn",))
    await replace(store, moved)
    assert await store.directory() == Directory((moved,))
    assert await store.party_of("cuc@so.vn") == moved
    assert await store.party_of("vp@so.vn") is None
    await replace(store)
    assert await store.directory() == Directory()


async def test_an_import_is_one_event_and_one_for_each_change(store: SqlStore, queries: Queries) -> None:
    await bring(store, UNIT, PERSON, DISTRICT)
    renamed = Party("van-phong", PartyKind.UNIT, "Văn phòng", ("vp@so.vn",))
    found = await bring(store, renamed, PERSON, CLERK)
    assert [(change.kind, change.code) for change in found] == [
        (ChangeKind.REMOVED, "huyen"),
        (ChangeKind.CHANGED, "van-phong"),
        (ChangeKind.ADDED, "van-thu"),
    ]
    written = await events(store)
    assert [kind for kind, _, _ in written[:4]] == ["directory.imported", *["party.added"] * 3]
    assert written[4:] == [
        ("directory.imported", "cli:cuc", {"parties": 3, "added": 1, "changed": 1, "removed": 1}),
        *((f"party.{change.kind}", "cli:cuc", {"code": change.code, "text": change.text}) for change in found),
    ]
    assert (await queries.audit()).broken_at is None


async def test_the_same_directory_again_writes_nothing(store: SqlStore) -> None:
    await bring(store, *EVERYBODY)
    before = await events(store)
    assert await bring(store, *EVERYBODY[::-1]) == ()
    assert await events(store) == before


async def test_a_directory_that_cannot_be_entered_leaves_the_one_before(store: SqlStore) -> None:
    await bring(store, *EVERYBODY)
    before = await store.directory(), await events(store)
    twice = [Party("a", PartyKind.AGENCY, "A", ("a@x.vn",)), Party("b", PartyKind.AGENCY, "B", ("a@x.vn",))]
    with pytest.raises(Exception, match=r"(?i)unique"):
        await bring(store, *twice)
    assert (await store.directory(), await events(store)) == before


async def test_imports_at_once_follow_one_another(store: SqlStore, database_url: str, queries: Queries) -> None:
    other = SqlStore(Database(database_url))
    try:
        one, two = [PROVINCE, CLERK], [DISTRICT, UNIT, PERSON]
        await asyncio.gather(
            bring(store, *one),
            bring(other, *two),
        )
    finally:
        await other.database.close()
    left = {party.code for party in (await store.directory()).parties}
    assert left in ({party.code for party in one}, {party.code for party in two})
    counts = [data for kind, _, data in await events(store) if kind == "directory.imported"]
    assert len(counts) == 2
    assert sum(count["added"] - count["removed"] for count in counts) == len(left), "the second knew of the first"
    assert (await queries.audit()).broken_at is None
