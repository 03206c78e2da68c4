"""Servers and databases that tests of every kind share."""

from __future__ import annotations

import asyncio
import gc
import shutil
from collections.abc import Iterator
from pathlib import Path

import asn1crypto.tsp  # noqa: F401 - its content types must be known before the first CMS object is made
import pytest

from gateway.store.migrations import migrate
from tests.servers.postgres import PostgresServer


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL with a migrated template database."""
    with PostgresServer() as server:
        server.prepare_template(migrate)
        yield server


@pytest.fixture(scope="session")
def blueprint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database that tests copy: migrating takes a hundred times as long."""
    path = tmp_path_factory.mktemp("blueprint") / "gateway.db"
    asyncio.run(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty, migrated database of each kind."""
    return new_database(request.param, request, tmp_path)


def new_database(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty, migrated database."""
    if kind == "postgresql":
        postgres: PostgresServer = request.getfixturevalue("postgres")
        return postgres.database()
    path = shutil.copyfile(request.getfixturevalue("blueprint"), tmp_path / "gateway.db")
    return f"sqlite:///{path}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where the shared corpora are not beside the checkout there is nothing to read: their tests are left out."""
    if (config.rootpath.parent / "shared" / "corpora").is_dir():
        return
    left_out = [item for item in items if item.get_closest_marker("corpus")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if not item.get_closest_marker("corpus")]


def pytest_collection_finish() -> None:
    """Fourteen thousand tests are many objects, and none of them goes: the collector need not look at them again."""
    gc.collect()
    gc.freeze()
