"""What begins with a document's number: the clerk's task, the Director's, and the two clocks (Điều 3 khoản 4)."""

from __future__ import annotations

from gateway.clock import local
from gateway.model.directory import Role
from gateway.model.document import Document
from gateway.model.notice import NoticeKind
from gateway.policy.acts import timers_at_entry, told_at_entry
from gateway.policy.staff import Staff
from gateway.ports import Unit
from handlers.act import surroundings, tell
from handlers.conversation import owe_clerk_task
from handlers.desk import Desk


async def begin_work(document: Document, staff: Staff, unit: Unit, desk: Desk) -> None:
    """Owe the first notices of a new document and set its timers."""
    docket = await unit.docket(document.id)
    around = surroundings(staff, desk)
    for clerk in staff.holders(Role.CLERK, local(desk.clock.now()).date()):
        await owe_clerk_task(NoticeKind.CLERK_DOCUMENT, document, clerk.address, "entered", unit, desk)
    await tell(told_at_entry(docket, around), docket, staff, unit, desk, occasion="entered")
    for timer in timers_at_entry(docket, around):
        await unit.set_timer(document.id, timer)
