"""Once a working day the clerks are told what still waits for a decision, or for something outside."""

from __future__ import annotations

from datetime import date, datetime

from gateway.clock import local
from gateway.model.directory import Role
from gateway.model.notice import NoticeKind, OwedNotice
from gateway.policy.quarantine import OPEN
from handlers.alarm import message_id_of
from handlers.conversation import give_mail_token
from handlers.desk import Desk
from handlers.staff import staff_of

_MOST_LISTED = 40


class QuarantineDigest:
    """Looks whenever it is told to, and asks the database once a day."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._told: date | None = None

    async def look(self) -> bool:
        """True where something was owed. Raises TemporaryError without a database, and is as if it had not looked."""
        day = local(self._desk.clock.now()).date()
        if day == self._told:
            return False
        shifts = self._desk.work.calendar.shifts(day)
        if not shifts or self._desk.clock.now() < shifts[0][0]:
            return False
        owed = await owe_digest(day, shifts[0][0], self._desk)
        self._told = day
        return owed


async def owe_digest(day: date, opened: datetime, desk: Desk) -> bool:
    """Owe each clerk the digest of a working day that began at `opened`; none where nothing has waited since before.

    However often it is asked for, and by however many nodes, it is owed once.
    """
    waiting = await desk.store.waiting(opened)
    if not waiting:
        return False
    now, listed = desk.clock.now(), waiting[:_MOST_LISTED]
    facts = {
        "mails": [mail.id for mail in listed],
        "more": len(waiting) - len(listed),
        "sealed": await desk.store.count_sealed(),
    }
    staff, kind, new = await staff_of(desk), NoticeKind.QUARANTINE_DIGEST, False
    async with desk.store.begin() as unit:
        for clerk in staff.holders(Role.CLERK, day):
            identity = (kind.value, clerk.address, day.isoformat())
            message_id = message_id_of(kind.value, identity, desk)
            notice = OwedNotice(kind, clerk.address, message_id, None, facts=facts)
            if await unit.owe(notice, now):
                new = True
                for mail in listed:
                    if mail.stage in OPEN:
                        await give_mail_token(mail.id, clerk.address, message_id, unit, desk)
    return new
