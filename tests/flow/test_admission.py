"""Hourly limits: what they let in, and when what they keep out may come."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.ports import Acceptance
from handlers.admission import WINDOW, Admission, Limits
from tests.records import MORNING

LIMITS = Limits(sender_mails=3, sender_bytes=1000, total_mails=5, total_bytes=3000)
moments = st.integers(0, 7200).map(lambda seconds: MORNING + timedelta(seconds=seconds))
senders = st.sampled_from(["a@x.example", "b@x.example", "C@x.example", ""])
sizes = st.integers(0, 700)


def admission(*taken: tuple[str, int, datetime]) -> Admission:
    found = Admission(LIMITS)
    found.resume(Acceptance(at, sender, "192.0.2.1", size) for sender, size, at in taken)
    return found


def test_one_sender_meets_his_limit_and_the_others_theirs() -> None:
    found = admission(*[("a@x.example", 10, MORNING)] * 3)
    assert found.wait("A@x.example", "192.0.2.1", 10, MORNING) == WINDOW
    assert not found.wait("b@x.example", "192.0.2.1", 10, MORNING)
    assert not found.wait("a@x.example", "192.0.2.77", 10, MORNING), "who forges an address uses up nobody's share"
    for number in range(2):
        found.note(Acceptance(MORNING, f"s{number}@x.example", "192.0.2.1", 10))
    assert found.wait("b@x.example", "192.0.2.1", 10, MORNING) == WINDOW


def test_bytes_count_as_mails_do() -> None:
    found = admission(("a@x.example", 600, MORNING), ("a@x.example", 300, MORNING + timedelta(minutes=10)))
    later = MORNING + timedelta(minutes=20)
    assert not found.wait("a@x.example", "192.0.2.1", 100, later)
    assert found.wait("a@x.example", "192.0.2.1", 500, later) == timedelta(minutes=40)
    assert found.wait("a@x.example", "192.0.2.1", 900, later) == timedelta(minutes=50)


def test_a_mail_larger_than_the_limit_comes_when_nothing_else_did() -> None:
    assert not admission().wait("a@x.example", "192.0.2.1", 5000, MORNING)
    assert admission(("a@x.example", 1, MORNING)).wait("a@x.example", "192.0.2.1", 5000, MORNING) == WINDOW


@given(st.lists(st.tuples(senders, sizes, moments)), senders, sizes, moments)
def test_whoever_waits_as_told_is_let_in(
    taken: list[tuple[str, int, datetime]], sender: str, size: int, now: datetime
) -> None:
    found = admission(*sorted(taken, key=lambda each: each[2]))
    wait = found.wait(sender, "192.0.2.1", size, now)
    assert timedelta(0) <= wait <= 3 * WINDOW
    assert not found.wait(sender, "192.0.2.1", size, now + wait)


@given(st.lists(st.tuples(senders, sizes), max_size=30))
def test_no_hour_ever_holds_more_than_the_limits(offered: list[tuple[str, int]]) -> None:
    found, now = admission(), MORNING
    entered: list[tuple[datetime, str, int]] = []
    for sender, size in offered:
        if not found.wait(sender, "192.0.2.1", size, now):
            found.note(Acceptance(now, sender, "192.0.2.1", size))
            entered.append((now, sender.lower(), size))
        now += timedelta(minutes=7)
    for at, *_ in entered:
        hour = [each for each in entered if at - WINDOW < each[0] <= at]
        assert len(hour) <= LIMITS.total_mails
        for sender in {each[1] for each in hour}:
            assert sum(each[1] == sender for each in hour) <= LIMITS.sender_mails


@pytest.mark.parametrize("step", [timedelta(days=-2), timedelta(days=2)])
def test_a_clock_that_jumps_locks_nobody_out(step: timedelta) -> None:
    found = admission(*[("a@x.example", 10, MORNING)] * 3)
    assert not found.wait("a@x.example", "192.0.2.1", 10, MORNING + step)
