"""Servers and databases that tests of every kind share."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.store.migrations import migrate
from tests.servers.postgres import PostgresServer


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A real PostgreSQL with a migrated template database."""
    folder = tmp_path_factory.mktemp("postgres")
    # The cluster's own account must be able to walk to its folder.
    for parent in (folder, *folder.parents):
        if parent.owner() == folder.owner() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o011)
    server = PostgresServer(folder / "cluster")
    server.create()
    server.start()
    try:
        server.prepare_template(migrate)
        yield server
    finally:
        server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty, migrated database of each kind."""
    if request.param == "postgresql":
        postgres: PostgresServer = request.getfixturevalue("postgres")
        return postgres.database()
    url = f"sqlite:///{tmp_path / 'gateway.db'}"
    asyncio.run(migrate(url))
    return url
