from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.adapters.imap_in.office import Office
from tests.adapters.imap_in.office import office as open_office
from tests.servers.dovecot import DovecotServer


@pytest.fixture
def server() -> Iterator[DovecotServer]:
    with DovecotServer() as started:
        yield started


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as opened:
        yield opened
    assert asyncio.all_tasks() == {asyncio.current_task()}, "the mailbox left tasks behind"
