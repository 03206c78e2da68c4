"""A store on each kind of database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from gateway.store.database import Database
from gateway.store.queries import Queries
from gateway.store.sqlstore import SqlStore


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[SqlStore]:
    database = Database(database_url)
    yield SqlStore(database)
    await database.close()


@pytest.fixture
def queries(store: SqlStore) -> Queries:
    return Queries(store.database)
