"""Replies as people write them in their mail programs, and what the office does with each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from tests.flow.conftest import Bench
from tests.flow.reply_stage import Floor
from tests.flow.reply_table import ROWS
from tests.replies import CLIENTS, reply

pytestmark = pytest.mark.usefixtures("own_domain")


@pytest.fixture
async def floor(bench: Bench) -> AsyncIterator[Floor]:
    async with AsyncExitStack() as stack:
        yield await Floor.of(bench, stack)


def test_the_table_has_rows_from_every_program_and_names_each_once() -> None:
    rows = [row for table in ROWS.values() for row in table]
    assert len(rows) >= 80
    assert {row.client for row in rows} == set(CLIENTS)
    assert all(len({row.name for row in table}) == len(table) for table in ROWS.values())


@pytest.mark.parametrize("table", list(ROWS))
async def test_each_reply_does_what_it_says_and_nothing_else(floor: Floor, table: str) -> None:
    rows = ROWS[table]
    documents = await floor.stage([row.at for row in rows])
    sent = [
        (
            document,
            row.who,
            reply(
                row.client,
                to=await floor.notice(row.who, document),
                text=row.text,
                author=row.who,
                language=row.language,
                html=row.html,
                position="bottom" if row.below else "top",
                date=floor.bench.clock.now(),
                message_id=floor.next_id(),
            ),
        )
        for row, document in zip(rows, documents, strict=True)
    ]
    found = list(zip(rows, await floor.outcomes(sent), strict=True))
    assert {row.name: (one.acts, dict(one.changed)) for row, one in found} == {
        row.name: (row.acts, dict(row.changed)) for row in rows
    }
    untold = {row.name: (words, one.told) for row, one in found for words in row.says if words not in one.told}
    assert untold == {}
