"""Killed, stopped and overfed under load, the workers cost the mails at hand a wait, and no mail is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.service.worker_trial import trial


@pytest.mark.timeout(300)
def test_whatever_becomes_of_the_workers_every_mail_comes_to_an_end_and_none_is_lost(tmp_path: Path) -> None:
    outcome = trial(tmp_path, harms=3, seed=7, calm_mails=1)
    assert (outcome.kills, outcome.hangs, outcome.balloons) == (1, 1, 1)
    assert (outcome.mails, outcome.lost) == (3, 0)
    assert (outcome.calm.mails, outcome.calm.lost) == (1, 0)
    assert outcome.harmed.held + outcome.harmed.dead >= outcome.balloons
