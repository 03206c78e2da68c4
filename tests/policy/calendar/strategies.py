"""Calendars of any agency, moments and amounts for tests that state properties."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from gateway.policy.calendar import Calendar, Hours, Schedule, Season, SpecialDay

SHIFTS = ((time(7), time(11, 30)), (time(13, 30), time(17)))
WEEK = (0, 1, 2, 3, 4)


def calendar_of(*rows: Hours, special: Mapping[date, SpecialDay] | None = None) -> Calendar:
    """The calendar of these rows with these special days."""
    return Calendar(Schedule(rows), (special or {}).get)


PLAIN = calendar_of(Hours(date(2017, 9, 7), WEEK, SHIFTS))
"""The department's hours with no day off but weekends."""

_FIRST, _LAST = datetime(2025, 11, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
_SUMMER, _WINTER = Season((4, 16), (10, 15)), Season((10, 16), (4, 15))

moments = st.one_of(
    st.datetimes(datetime(2025, 11, 1), datetime(2026, 5, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(0, (_LAST - _FIRST) // timedelta(minutes=30)).map(lambda half: _FIRST + half * timedelta(minutes=30)),
)
amounts = st.one_of(
    st.timedeltas(timedelta(), timedelta(hours=100)),
    st.integers(0, 400).map(lambda quarter: quarter * timedelta(minutes=15)),
)

_weekdays = st.sets(st.integers(0, 6), min_size=1).map(lambda each: tuple(sorted(each)))
_times = st.integers(0, 24 * 4 - 1).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
_shifts = st.lists(_times, min_size=2, max_size=6, unique=True).map(
    lambda times: tuple(zip(sorted(times)[::2], sorted(times)[1::2], strict=False))
)
_special = st.dictionaries(
    st.dates(date(2025, 11, 1), date(2026, 6, 1)), st.builds(SpecialDay, st.booleans(), st.just("lý do")), max_size=30
)


@st.composite
def _schedules(draw: st.DrawFn) -> Schedule:
    since = sorted(draw(st.sets(st.dates(date(2025, 10, 1), date(2026, 4, 1)), min_size=1, max_size=3)))
    rows: list[Hours] = []
    for day in since:
        seasons = draw(st.sampled_from([(None,), (_SUMMER, _WINTER)]))
        rows += [Hours(day, draw(_weekdays), draw(_shifts), season) for season in seasons]
    return Schedule(tuple(rows))


calendars = st.builds(lambda schedule, days: Calendar(schedule, days.get), _schedules(), _special)
