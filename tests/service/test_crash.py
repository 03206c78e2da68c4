"""Killed at any instant, the gateway keeps every mail it answered 250, every number and every notice it owes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.service.crash import trial


@pytest.mark.timeout(300)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_kill_9_loses_nothing_and_numbers_nothing_twice(tmp_path: Path, database: str) -> None:
    outcome = trial(tmp_path, database=database, mails=20, kills=3, seed=7)
    assert (outcome.answered, outcome.registered) == (20, 20)
    assert (outcome.first_number, outcome.last_number) == (1, 20)
    assert outcome.notices_arrived == outcome.notices_owed
