"""What is still to be removed of destroyed content stands in the database, mailbox by mailbox."""

from __future__ import annotations

import pytest

from gateway.model.seal import Trace
from gateway.store.sqlstore import SqlStore
from tests.records import MORNING, envelope, raw


@pytest.mark.parametrize(("prefix", "found"), [("so/1/", ["so/1/9"]), ("", ["So/1/1", "so_1/2", "so/11/3", "so/1/9"])])
async def test_the_copies_in_one_mailbox_are_found_whatever_waits_for_others(
    store: SqlStore, prefix: str, found: list[str]
) -> None:
    mail = await store.accept(envelope("m"), raw("m"), MORNING)
    async with store.begin() as unit:
        for name in ("So/1/1", "so_1/2", "so/11/3", "so/1/9"):
            await unit.owe_removal(mail.id, Trace.MAILBOX, name, MORNING)
    copies = await store.remainders([Trace.MAILBOX], len(found), prefix=prefix)
    assert [copy.name for copy in copies] == found
