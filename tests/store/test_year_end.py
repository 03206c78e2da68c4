"""The turn of the year with two processes on one database; `python -m tests.store.year_end` runs more of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.store.year_end import MIDNIGHT, Entered, check, trial


def test_no_series_has_a_gap_where_clocks_cross_midnight_at_different_moments(database_url: str) -> None:
    assert trial(database_url, 120)["registrations"] == 120


def test_the_trial_sees_gaps_repeats_and_wrong_years() -> None:
    before, after = MIDNIGHT - timedelta(seconds=1), MIDNIGHT
    sound = [
        Entered(1, "den", 2026, 4711, before),
        Entered(2, "den", 2027, 1, after),
        Entered(3, "den", 2026, 4712, before),
        Entered(4, "den", 2027, 2, after),
    ]
    check(sound, 4)
    for wrong in (
        replace(sound[3], number=3),
        replace(sound[3], number=1),
        replace(sound[3], registered_at=before),
        replace(sound[2], registered_at=after),
    ):
        with pytest.raises(AssertionError):
            check([each for each in sound if each.id != wrong.id] + [wrong], 4)
