"""The table of cases: what is concluded of each, and why."""

from pathlib import Path

import pytest

from tests.adapters.signatures.table import CASES, judged
from tests.adapters.signatures.table_case import Case

ENOUGH = 60


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_case_is_judged_as_the_table_says(case: Case, tmp_path: Path) -> None:
    found = judged(case, tmp_path)
    assert found.verdict is case.verdict, found.cause
    assert case.word in "; ".join([found.cause, *found.notes])
    if case.revocation is not None:
        assert found.revocation is case.revocation
    if case.stamped is not None:
        assert (found.timestamped_at is not None) is case.stamped


def test_the_table_is_long_enough_and_names_no_case_twice() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= ENOUGH
