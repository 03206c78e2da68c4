"""While mails pour in, receiving goes first; a clock set back does not keep work waiting."""

from __future__ import annotations

from datetime import timedelta

from handlers.rush import LONGEST, MANY, SPAN, Rush
from tests.records import MORNING


def test_a_rush_is_many_mails_in_a_moment_and_ends_by_itself() -> None:
    rush = Rush()
    for number in range(MANY):
        assert not rush.is_on(MORNING)
        rush.note(MORNING + number * SPAN / 100)
    assert rush.is_on(MORNING + SPAN / 2)
    assert not rush.is_on(MORNING + 2 * SPAN)
    assert not rush.is_on(MORNING - timedelta(hours=1))


def test_a_flood_without_end_does_not_stop_the_line() -> None:
    rush = Rush()
    now = MORNING
    while now < MORNING + LONGEST + SPAN:
        rush.note(now)
        now += SPAN / (2 * MANY)
    assert not rush.is_on(now)
    rush.note(now + 2 * SPAN)
    for number in range(MANY):
        rush.note(now + 3 * SPAN + number * SPAN / 100)
    assert rush.is_on(now + 3 * SPAN + SPAN / 20)


def test_mails_one_by_one_are_no_rush() -> None:
    rush = Rush()
    for number in range(10):
        rush.note(MORNING + number * SPAN)
        assert not rush.is_on(MORNING + number * SPAN)
