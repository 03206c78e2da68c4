"""Really signed files are read as labelled, as far as a machine can read them."""

from __future__ import annotations

import pytest

from tests.adapters.text.real_files import BY_HAND, compared_with, read_row, rows
from tests.policy.header.labelled import SHARED, Row

BY_HAND_FIELDS = frozenset({"identifier", "issued_on"})
# Recognising takes seconds: two of the four scans.
ONLY_BY_THE_TOOL = frozenset({"vn02.pdf", "vn12.pdf"})


@pytest.mark.corpus
@pytest.mark.usefixtures("vietnamese_ocr")
@pytest.mark.parametrize(
    "row", [row for row in rows(SHARED) if row["file"] not in ONLY_BY_THE_TOOL], ids=lambda row: row["file"]
)
def test_a_really_signed_file_is_read_as_labelled(row: Row) -> None:
    found = list(compared_with(row, read_row(SHARED, row)))
    wrong = [one for one in found if not one.right]
    assert not [one for one in wrong if one.sure]
    excused = BY_HAND_FIELDS if row["file"] in BY_HAND else frozenset()
    assert not [one for one in wrong if one.field not in excused]
