"""A short fuzzing without coverage guidance: the invariants over changed seeds, on every machine."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.mime_invariants import Bench
from tests.fuzz.mime_seeds import DICTIONARY, seeds

_SEEDS = [seed for seed in seeds() if len(seed) < 8_000]
_CHANGES = st.lists(
    st.tuples(st.integers(0, 8_000), st.integers(0, 60), st.sampled_from(DICTIONARY) | st.binary(max_size=8)),
    max_size=8,
)


@pytest.mark.parametrize("number", range(len(_SEEDS)))
def test_every_seed_keeps_the_promises(number: int) -> None:
    with Bench() as bench:
        bench.check(_SEEDS[number])


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(_SEEDS), _CHANGES, st.none() | st.sampled_from(_SEEDS))
def test_changed_seeds_keep_the_promises(
    content: bytes, changes: list[tuple[int, int, bytes]], other: bytes | None
) -> None:
    for position, cut, fragment in changes:
        content = content[:position] + fragment + content[position + cut :]
    if other:
        content = content[: len(content) // 2] + other
    with Bench() as bench:
        bench.check(content)
