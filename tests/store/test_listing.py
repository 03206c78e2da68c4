"""The register read from end to end: every entry once, in order, whatever the size of a chunk and whoever writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from gateway.model.docket import Assignment, Docket, DocumentState, ShareState
from gateway.model.document import Direction, Status
from gateway.model.facts import Marks, Urgency
from gateway.model.paper import Paper, PaperDuty
from gateway.model.register_filter import EVERYTHING, RegisterFilter, RegisterOrder
from gateway.store.queries import Queries
from gateway.store.sqlstore import SqlStore
from tests.records import MINUTE, MORNING, entry, envelope, header, raw
from tests.store.registered import docketed, kept

DAY = timedelta(days=1)


async def enter(store: SqlStore, name: str, *, book: str = "den", year: int = 2026, at: int = 0) -> None:
    mail = await store.accept(envelope(name), raw(name), MORNING + at * DAY)
    fields = replace(header(name), issued_on=date(year, 3, 1) + at * DAY)
    new = replace(entry(name, book=book), header=fields, marks=Marks(urgency=Urgency.KHAN if at == 1 else None))
    paper = Paper(PaperDuty.ALSO) if at == 2 else Paper(PaperDuty.NONE)
    async with store.begin() as unit:
        await unit.register(mail, new, MORNING + at * DAY, year, f"{name}@Agency.example", answer_to=None, paper=paper)


async def listed(queries: Queries, wanted: RegisterFilter, chunk: int = 2, **how: RegisterOrder) -> list[str]:
    chunks = [each async for each in queries.stream_register(wanted, chunk=chunk, **how)]
    assert all(0 < len(each) <= chunk for each in chunks)
    assert sum(map(len, chunks)) == await queries.count(wanted)
    return [docket.document.header.number or "" for each in chunks for docket in each]


async def filled(store: SqlStore) -> None:
    await enter(store, "1")
    await enter(store, "2", year=2027, at=1)
    await enter(store, "3", book="an", at=2)
    await enter(store, "4", at=3)
    await enter(store, "5", at=4)


@pytest.mark.parametrize("chunk", [1, 2, 3, 500])
async def test_every_entry_comes_once_in_the_order_asked_for(store: SqlStore, queries: Queries, chunk: int) -> None:
    assert await listed(queries, EVERYTHING, chunk) == []
    await filled(store)
    assert await listed(queries, EVERYTHING, chunk) == ["3", "1", "4", "5", "2"]
    assert await listed(queries, EVERYTHING, chunk, order=RegisterOrder.NEWEST) == ["5", "4", "3", "2", "1"]


@pytest.mark.parametrize("order", RegisterOrder)
async def test_what_is_entered_meanwhile_comes_the_next_time(
    store: SqlStore, queries: Queries, order: RegisterOrder
) -> None:
    await filled(store)
    seen: list[Docket] = []
    async for some in queries.stream_register(EVERYTHING, chunk=2, order=order):
        seen.extend(some)
        await enter(store, f"later{len(seen)}", year=2028)
    assert sorted(docket.document.id for docket in seen) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (RegisterFilter(book="den"), ["1", "4", "5", "2"]),
        (RegisterFilter(book="den", year=2026), ["1", "4", "5"]),
        (RegisterFilter(book="den", year=2026, arrival_from=2, arrival_to=2), ["4"]),
        (RegisterFilter(arrived_from=MORNING + DAY, arrived_before=MORNING + 3 * DAY), ["3", "2"]),
        (RegisterFilter(issued_from=date(2026, 3, 3), issued_to=date(2026, 3, 4)), ["3", "4"]),
        (RegisterFilter(sender="4@agency.Example"), ["4"]),
        (RegisterFilter(sender="@AGENCY.example", book="an"), ["3"]),
        (RegisterFilter(sender="@gency.example"), []),
        (RegisterFilter(urgency=Urgency.KHAN), ["2"]),
        (RegisterFilter(paper_owed=True), ["3"]),
        (RegisterFilter(direction=Direction.OUT), []),
        (RegisterFilter(statuses=frozenset({Status.RECEIVED}), year=2027), ["2"]),
        (RegisterFilter(states=frozenset({DocumentState.FINISHED})), []),
    ],
)
async def test_a_filter_chooses(store: SqlStore, queries: Queries, wanted: RegisterFilter, expected: list[str]) -> None:
    await filled(store)
    assert await listed(queries, wanted) == expected


async def test_units_and_what_is_overdue(store: SqlStore, queries: Queries) -> None:
    """A part that is done, or whose document is, is late no more."""
    parts = {
        "late": Assignment("van-phong", True, ShareState.IN_PROGRESS, MORNING),
        "done": Assignment("van-phong", True, ShareState.FINISHED, MORNING),
        "other": Assignment("ke-hoach", True, ShareState.ACCEPTED, MORNING),
        "early": Assignment("van-phong", True, ShareState.ACCEPTED, MORNING + DAY),
        "over": Assignment("van-phong", True, ShareState.ACCEPTED, MORNING),
    }
    ids = {}
    for name, part in parts.items():
        before = await docketed(store, name)
        state = DocumentState.RECALLED if name == "over" else DocumentState.ACCEPTED
        await kept(store, before, replace(before, state=state, assignments=(part,)))
        ids[before.document.id] = name

    async def found(wanted: RegisterFilter) -> list[str]:
        newest, numbered = [
            [
                ids[each.document.id]
                async for some in queries.stream_register(wanted, chunk=2, order=order)
                for each in some
            ]
            for order in (RegisterOrder.NEWEST, RegisterOrder.NUMBER)
        ]
        assert newest == numbered[::-1]
        return numbered

    assert await found(RegisterFilter(unit="van-phong")) == ["late", "done", "early", "over"]
    assert await found(RegisterFilter(overdue_at=MORNING + MINUTE)) == ["late", "other"]
    assert await found(RegisterFilter(overdue_at=MORNING + MINUTE, unit="van-phong")) == ["late"]
    assert await found(RegisterFilter(overdue_at=MORNING)) == []
