"""An agency that works from Monday to Friday, and the people who read its replies."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from gateway.policy.calendar import Calendar, Hours, Schedule, SpecialDay
from gateway.policy.orders import Reading, read_orders
from gateway.policy.orders.moments import VIETNAM

SHIFTS = ((time(7), time(11, 30)), (time(13, 30), time(17)))
SPECIAL = {
    date(2026, 9, 1): SpecialDay(False, "Quốc khánh"),
    date(2026, 9, 2): SpecialDay(False, "Quốc khánh"),
    date(2026, 8, 22): SpecialDay(True, "làm bù"),
}
CALENDAR = Calendar(Schedule((Hours(date(2014, 1, 1), (0, 1, 2, 3, 4), SHIFTS),)), SPECIAL.get)
MONDAY = datetime(2026, 9, 7, 9, 0, tzinfo=VIETNAM)


def at(day: int, month: int, hour: int = 17, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=VIETNAM)


def read(text: str, now: datetime = MONDAY) -> Reading:
    return read_orders(text, now=now, calendar=CALENDAR)


@pytest.fixture
def calendar() -> Calendar:
    return CALENDAR
