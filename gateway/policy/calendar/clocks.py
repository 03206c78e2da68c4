"""The two clocks of an incoming document (Điều 3 khoản 4), and how a deadline stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.policy.calendar.sums import Sum, in_words, length
from gateway.policy.calendar.working_time import Calendar

_ALLOWANCE = timedelta(hours=2)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Clocks:
    """Until when a document is registered and transferred, and until when its unit hands it to the specialist, in UTC.

    They run beside each other from the same receipt: late in the day the hand-over is due before the two hours are up.
    """

    register_and_transfer_by: datetime
    hand_over_by: datetime
    sums: tuple[str, str]
    """How each was worked out, a Vietnamese sentence."""


def clocks_of(received_at: datetime, calendar: Calendar, allowance: timedelta = _ALLOWANCE) -> Clocks:
    """The clocks from the durable receipt on: `allowance` of office hours, and the end of the day they start on."""
    found = calendar.explain(received_at, allowance)
    hand_over_by = calendar.end_of_day(received_at)
    day = in_words(calendar.explain(received_at, calendar.between(received_at, hand_over_by)))
    return Clocks(found.due, hand_over_by, (_transfer(found), f"Chuyển chuyên viên chủ trì ngay trong ngày. {day}"))


def standing(due: datetime | None, now: datetime, calendar: Calendar) -> str:
    """How a deadline stands, in working time: `còn 1 giờ 20 phút làm việc`, `quá hạn 35 phút làm việc`.

    `due` None says that nothing is owed any more: `đã xong`. Whole minutes, the rest dropped.
    """
    if due is None:
        return "đã xong"
    if now < due:
        return f"còn {worked(calendar.between(now, due))} làm việc"
    late = calendar.between(due, now)
    if not late:
        return "đến hạn" if now == due else "vừa quá hạn"
    return f"quá hạn {worked(late)} làm việc"


def remind_at(due: datetime, before: timedelta, calendar: Calendar) -> datetime:
    """The open moment `before` of working time ahead of `due`. Raises ValueError unless `before` is more than nothing.

    It may lie before the receipt of what is due: the caller knows that moment.
    """
    if before <= timedelta():
        raise ValueError("a reminder comes before what it reminds of")
    return calendar.before(due, before)


def _transfer(found: Sum) -> str:
    return f"Vào sổ và chuyển xử lý trong {length(found.worked)} hành chính. {in_words(found)}"


def worked(amount: timedelta) -> str:
    """An amount of working time in whole minutes, the rest dropped: `1 giờ 20 phút`, `dưới 1 phút`."""
    return "dưới 1 phút" if amount < _MINUTE else length(amount // _MINUTE * _MINUTE)
