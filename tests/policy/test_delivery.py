"""How far a notice came: whatever order reports come in, the most that is known of it stands."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.report import DeliveryState, RecipientReport, ReportedAction
from gateway.policy.delivery import BAD_SCORE, reverse_path_with, score_after, state_after, token_in
from tests.records import MORNING

PATTERN = "sgtvt+b-*@quangngai.gov.vn"
reports = st.builds(
    RecipientReport, st.sampled_from(ReportedAction), st.sampled_from(["", "2.0.0", "4.4.7", "5.1.1", "5.2.2", "5"])
)


@given(st.lists(reports, min_size=1, max_size=4))
def test_the_order_of_reports_does_not_matter(received: list[RecipientReport]) -> None:
    ends = set()
    for order in permutations(received):
        state: DeliveryState | None = DeliveryState.TAKEN
        for report in order:
            state = state_after(state, report)
        ends.add(state)
    assert len(ends) == 1


@given(reports)
def test_what_arrived_has_arrived(report: RecipientReport) -> None:
    assert state_after(DeliveryState.DISPLAYED, report) is DeliveryState.DISPLAYED
    assert not state_after(DeliveryState.DELIVERED, report).has_failed


@pytest.mark.parametrize("status", ["4.4.7", "4.2.2", "5.2.2", "5.3.4", "5.7.1", ""])
def test_a_reason_that_may_pass_is_soft(status: str) -> None:
    assert state_after(None, RecipientReport(ReportedAction.FAILED, status)) is DeliveryState.FAILED_SOFT


@pytest.mark.parametrize("status", ["5.1.1", "5.1.10", "5.0.0", "5.4.1"])
def test_an_address_that_does_not_work_is_hard(status: str) -> None:
    assert state_after(None, RecipientReport(ReportedAction.FAILED, status)) is DeliveryState.FAILED_HARD


def test_a_score_grows_with_failures_fades_with_time_and_ends_with_an_arrival() -> None:
    score = 0.0
    for _ in range(3):
        score = score_after(score, MORNING, DeliveryState.FAILED_HARD, MORNING)
    assert score >= BAD_SCORE
    later = score_after(score, MORNING, DeliveryState.FAILED_SOFT, MORNING + timedelta(days=28))
    assert later < 1
    assert score_after(score, MORNING, DeliveryState.DELIVERED, MORNING) == 0
    assert score_after(score, MORNING + timedelta(days=1), DeliveryState.FAILED_SOFT, MORNING) > score


@given(st.from_regex(r"[a-z0-9]{20}", fullmatch=True))
def test_a_token_comes_back_from_its_address_whatever_its_case(token: str) -> None:
    assert token_in(reverse_path_with(PATTERN, token).upper(), PATTERN) == token


@pytest.mark.parametrize("pattern", ["", "sgtvt@quangngai.gov.vn"])
@given(address=st.text(max_size=60))
def test_without_a_place_for_it_there_is_no_token(pattern: str, address: str) -> None:
    assert token_in(address, pattern) is None


@given(st.text(max_size=80))
def test_any_other_address_has_none_or_a_part_of_itself(address: str) -> None:
    token = token_in(address, PATTERN)
    assert token is None or reverse_path_with(PATTERN, token).lower() == address.lower()
