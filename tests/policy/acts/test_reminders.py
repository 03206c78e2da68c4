"""What a reminder says of the moment it is about, and when it says nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gateway.model.act import Act, Order
from gateway.model.docket import DocumentState
from gateway.model.timer import Timer, TimerKind
from gateway.model.wording import moment
from gateway.policy.acts import Decision, Who, decide, on_timer
from tests.policy.acts.office import ASKERS, CALENDAR, NOW, RULES, around, docket_in, fresh

CLOSE = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
"""17:00 in Vietnam, the end of the day of NOW."""
MORNING_AFTER = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


def test_a_reminder_names_the_moment_that_is_due_and_not_its_own() -> None:
    due = NOW + timedelta(minutes=30)
    found = on_timer(Timer(TimerKind.REMIND_TRANSFER, CALENDAR.before(due, RULES.remind_before)), fresh(), around())
    assert {told.facts["deadline"] for told in found.told} == {moment(due)}
    assert {told.facts["standing"] for told in found.told} == {"còn 30 phút làm việc"}


@pytest.mark.parametrize("kind", [TimerKind.TRANSFER_DUE, TimerKind.HAND_OVER_DUE])
def test_what_was_due_at_the_close_is_still_said_to_be_so_the_next_morning(kind: TimerKind) -> None:
    found = on_timer(Timer(kind, MORNING_AFTER), fresh(), around(now=MORNING_AFTER))
    assert found.told
    assert {told.facts["deadline"] for told in found.told} == {moment(CLOSE)}
    assert {told.facts["standing"] for told in found.told} == {"vừa quá hạn"}


def test_a_reminder_whose_moment_is_over_leaves_the_word_to_the_one_that_follows() -> None:
    late = Timer(TimerKind.REMIND_TRANSFER, NOW - RULES.remind_before)
    assert on_timer(late, fresh(), around()).told == ()
    assert on_timer(Timer(TimerKind.TRANSFER_DUE, NOW), fresh(), around()).told


def test_a_lead_unit_that_gets_the_document_later_the_same_day_has_the_same_day_to_hand_it_over() -> None:
    answer = decide(Order(Act.TRANSFER), docket_in(DocumentState.ASSIGNED), ASKERS[Who.CLERK], around())
    assert isinstance(answer, Decision)
    (timer,) = (timer for timer in answer.set_timers if timer.kind is TimerKind.HAND_OVER_DUE)
    assert NOW < timer.due == CALENDAR.end_of_day(NOW)
