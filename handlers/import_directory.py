"""A person replaces the directory of agencies, units and people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from gateway.model.directory import Party
from gateway.model.journal import NewEvent
from gateway.policy.directory_changes import Change, ChangeKind, changes
from handlers.desk import Desk


async def import_directory(parties: Sequence[Party], *, actor: str, desk: Desk) -> tuple[Change, ...]:
    """Make these the parties, with an event for each change; where there is none, nothing is written."""
    if not changes(await desk.store.directory(), parties):
        return ()
    now = desk.clock.now()
    async with desk.store.begin() as unit:
        await unit.replace_directory(parties)
        # No other import can come between now, and this one shows to readers only once it is committed.
        found = changes(await desk.store.directory(), parties)
        counted = Counter(change.kind for change in found)
        data = {"parties": len(parties)} | {kind.value: counted[kind] for kind in ChangeKind}
        await unit.record(NewEvent("directory.imported", actor, "cli", data=data), now)
        for change in found:
            data_of_one = {"code": change.code, "text": change.text}
            await unit.record(NewEvent(f"party.{change.kind}", actor, "cli", data=data_of_one), now)
    return found
