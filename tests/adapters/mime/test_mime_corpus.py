"""Mails of other parsers' own suites."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.adapters.mime.mails import take

CORPUS = Path(__file__).parents[4] / "shared" / "corpora" / "eml"

# Parts whose insides the index counts and we leave whole: groups of status fields, bodies kept elsewhere.
_COUNTED_OTHERWISE = {"message/delivery-status", "message/external-body"}


def _index() -> list[dict[str, str]]:
    with (CORPUS / "index.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = _index()


def _id(row: dict[str, str]) -> str:
    return row["file"]


@pytest.mark.corpus
@pytest.mark.parametrize("row", ROWS, ids=_id)
def test_every_mail_is_read_with_a_decision_for_each_part(row: dict[str, str]) -> None:
    taken = take((CORPUS / row["file"]).read_bytes())
    assert taken.mail.parts
    assert all(part.reason for part in taken.mail.parts)
    assert len({part.path for part in taken.mail.parts}) == len(taken.mail.parts)


@pytest.mark.corpus
@pytest.mark.parametrize(
    "row",
    [r for r in ROWS if not r["defects"] and not _COUNTED_OTHERWISE & set(r["content_types"].split(";"))],
    ids=_id,
)
def test_a_mail_without_defects_has_the_parts_its_index_tells(row: dict[str, str]) -> None:
    mail = take((CORPUS / row["file"]).read_bytes()).mail
    declared = {part.path: part.declared_type for part in mail.parts}
    # What we open beyond MIME (uuencode, attached .msg texts) comes on top.
    beyond = [path for path, kind in declared.items() if not kind.startswith(("multipart/", "message/"))]
    counted = [path for path in declared if not any(path.startswith(f"{outer}.") for outer in beyond)]
    assert len(counted) == int(row["parts"])
