"""The migrations build exactly the schema that the code is written for."""

from __future__ import annotations

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from gateway.store.database import Database
from gateway.store.migrations import current, migrate, newest
from gateway.store.schema import metadata


def differences(connection: Connection) -> list[Any]:
    found: list[Any] = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)
    return found


async def test_migrated_schema_is_the_schema_of_the_code(database_url: str) -> None:
    database = Database(database_url)
    async with database.read() as connection:
        assert await connection.run_sync(differences) == []
    await database.close()


async def test_migrating_twice_changes_nothing(database_url: str) -> None:
    await migrate(database_url)
    assert await current(database_url) == newest()
