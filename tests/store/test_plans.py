"""No question that people or the gateway ask of a full register goes through all of it: every one has its index."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.engine import Engine

from bench.growing.archive import archived
from bench.growing.filling import FilledPostgres, FilledSqlite, fill
from gateway.model.docket import DocumentState
from gateway.model.document import Status
from gateway.model.register_filter import EVERYTHING, RegisterFilter, RegisterOrder
from gateway.model.search import SearchQuestion
from gateway.policy.search import terms_of
from gateway.store import search as searching
from gateway.store.database import Database
from gateway.store.queries import Queries
from gateway.store.sqlstore import SqlStore

_DOCUMENTS = 800
_FEW = 10
_WHOLE_TABLE = re.compile(r"^SCAN (?!search_index|found|anon_\d|sqlite_)\w+$|Seq Scan on (?!found)", re.MULTILINE)
_ONE = next(archived(7, 7))


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[SqlStore]:
    filled = FilledSqlite(database_url) if database_url.startswith("sqlite") else FilledPostgres(database_url)
    await fill([filled], _DOCUMENTS)
    database = Database(database_url)
    yield SqlStore(database)
    await database.close()


@contextmanager
def noted() -> Iterator[list[tuple[str, Any]]]:
    """The statements that read, with their parameters."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: Connection, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if re.match(r"\s*(SELECT|WITH)\b", statement) and "set_config" not in statement:
            statements.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def plans_of(database: Database, statements: list[tuple[str, Any]]) -> list[str]:
    explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
    plans = []
    async with database.snapshot() as connection:
        if not database.is_sqlite:
            # A small table is read whole for its size alone: what is asked is whether there is another way.
            await connection.execute(text("SET LOCAL enable_seqscan = off"))
        for statement, parameters in statements:
            rows = (await connection.exec_driver_sql(f"{explain} {statement}", parameters)).all()
            plans.append("\n".join(str(row[-1]) for row in rows))
    return plans


_DAY = _ONE.arrived_at
_FILTERS = {
    "everything": EVERYTHING,
    "book and year": RegisterFilter(book="den", year=2016, arrival_from=10, arrival_to=20),
    "days": RegisterFilter(arrived_from=_DAY, arrived_before=_DAY + timedelta(hours=1)),
    "issued": RegisterFilter(issued_from=date(2016, 1, 1), issued_to=date(2016, 1, 2)),
    "unit": RegisterFilter(unit=_ONE.unit),
    "overdue": RegisterFilter(overdue_at=_ONE.deadline),
    "sender": RegisterFilter(sender=_ONE.sender),
    "domain": RegisterFilter(sender=_ONE.sender.partition("@")[1] + _ONE.sender.partition("@")[2]),
    "status": RegisterFilter(statuses=frozenset({Status.IN_PROGRESS})),
    "state": RegisterFilter(states=frozenset({DocumentState.RETURNED})),
    "paper": RegisterFilter(paper_owed=True),
}


_INDEXES = {
    "book and year": "document_book_year_arrival_number",
    "unit": "ix_assignment_unit",
    "overdue": "ix_assignment_deadline",
    "sender": "ix_search_sender",
    "issued": "ix_document_issued_on",
    "days": "ix_document_received_at",
}


async def test_no_question_goes_through_the_whole_register(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """And each filter has the index that was made for it."""
    monkeypatch.setattr(searching, "_LOOKED_AT", _FEW)
    queries = Queries(store.database)
    with noted() as statements:
        for wanted in _FILTERS.values():
            for order in RegisterOrder:
                async for _ in queries.stream_register(wanted, chunk=_FEW, order=order):
                    break
            for words in ("giao thông", "955", f"{_ONE.number}/{_ONE.notation}", "7/2016", '"an toan giao thong"'):
                await queries.search(SearchQuestion(terms_of(words), wanted, _FEW))
        await queries.by_number(7, 2016)
        await queries.by_token("0" * 40)
        await store.registered_as("0" * 64, f"{_ONE.number}/{_ONE.notation.upper()}")
        await store.documents_with("0" * 64)
        await store.paper_owed()
    plans = await plans_of(store.database, statements)
    assert len(plans) > len(_FILTERS) * 7
    explained = zip((statement for statement, _ in statements), plans, strict=True)
    assert {statement: plan for statement, plan in explained if _WHOLE_TABLE.search(plan)} == {}

    for asked, index in _INDEXES.items():
        with noted() as statements:
            await queries.count(_FILTERS[asked])
        (plan,) = await plans_of(store.database, statements)
        assert index in plan.replace("sqlite_autoindex_document_4", "document_book_year_arrival_number"), plan
