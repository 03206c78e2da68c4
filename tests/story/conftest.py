"""A stage for each part of the day."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.story.stage import Stage, raised


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """Everything started, nothing sent yet."""
    with raised(tmp_path) as stage:
        yield stage
