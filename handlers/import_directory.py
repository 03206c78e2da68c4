"""A person replaces the directory of agencies, units and people, with their roles and absences."""

from __future__ import annotations

from collections import Counter

from gateway.model.directory import Directory
from gateway.model.journal import NewEvent
from gateway.policy.directory_changes import Change, ChangeKind, changes
from handlers.desk import Desk


async def import_directory(directory: Directory, *, actor: str, desk: Desk) -> tuple[Change, ...]:
    """Make this the directory, with an event for each party changed; where there is none, nothing is written."""
    if not changes(await desk.store.directory(), directory):
        return ()
    now = desk.clock.now()
    async with desk.store.begin() as unit:
        await unit.replace_directory(directory)
        # No other import can come between now, and this one shows to readers only once it is committed.
        found = changes(await desk.store.directory(), directory)
        counted = Counter(change.kind for change in found)
        data = {"parties": len(directory.parties)} | {kind.value: counted[kind] for kind in ChangeKind}
        await unit.record(NewEvent("directory.imported", actor, "cli", data=data), now)
        for change in found:
            data_of_one = {"code": change.code, "text": change.text}
            await unit.record(NewEvent(f"party.{change.kind}", actor, "cli", data=data_of_one), now)
    return found
