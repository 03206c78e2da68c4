"""Once a working day the clerks are told what still waits for a decision, for something outside, or for its paper."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from gateway.clock import local
from gateway.model.directory import Role
from gateway.model.document import Document
from gateway.model.notice import NoticeKind, OwedNotice
from gateway.model.wording import arrival, title
from gateway.model.wording import day as written_day
from gateway.policy.quarantine import OPEN
from handlers.alarm import message_id_of
from handlers.conversation import give_mail_token
from handlers.desk import Desk
from handlers.staff import staff_of

_MOST_LISTED = 40
_MOST_PAPER = 20
_BETWEEN_LOOKS = timedelta(minutes=1)


class QuarantineDigest:
    """Looks at most once a minute, whatever the look before met, and asks the database once a day."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._told: date | None = None
        self._looked_at: datetime | None = None

    @property
    def is_due(self) -> bool:
        """Whether there is cause to look."""
        now = self._desk.clock.now()
        rested = self._looked_at is None or not timedelta(0) <= now - self._looked_at < _BETWEEN_LOOKS
        return rested and local(now).date() != self._told

    async def look(self) -> bool:
        """True where something was owed. Raises TemporaryError without a database; the next look tries again."""
        self._looked_at = self._desk.clock.now()
        day = local(self._looked_at).date()
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

    Of paper that is to come they hear in every digest; only what is overdue is a cause for one. However often it is
    asked for, and by however many nodes, it is owed once.
    """
    waiting = await desk.store.waiting(opened)
    if not waiting and not await desk.store.paper_owed(overdue_at=opened):
        return False
    paper = await desk.store.paper_owed()
    now, listed = desk.clock.now(), waiting[:_MOST_LISTED]
    facts = {
        "mails": [mail.id for mail in listed],
        "more": len(waiting) - len(listed),
        "sealed": await desk.store.count_sealed(),
        "paper": [_paper_line(document) for document in paper[:_MOST_PAPER]],
        "paper_more": max(0, len(paper) - _MOST_PAPER),
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


def _paper_line(document: Document) -> str:
    """`Số đến 12/2026, chờ bản giấy từ ngày 23/11/2026: Tờ trình số 5/TTr-SYT`."""
    since = written_day(local(document.received_at).date())
    return f"Số đến {arrival(document)}, chờ bản giấy từ ngày {since}: {title(document.header)}"
