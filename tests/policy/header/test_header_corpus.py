"""How much of real documents is read right: floors, and the table behind them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from gateway.model.facts import Marks
from gateway.model.header import HeaderFields
from gateway.model.page import Line, Page
from gateway.policy.header import DocumentTypes, read_marks
from tests.policy.header.accuracy import read_texts
from tests.policy.header.labelled import FIRST_NEGATIVE, SHARED, SURE, table, tallies

CORPORA = SHARED / "corpora"
REGULATION = SHARED / "regulation" / "955-QD-SGTVT.txt"
# Percent right on the documents in hand; a change that falls below has broken something.
FLOORS = {"identifier": 99, "issued_on": 99, "document_type": 99, "abstract": 98, "issuer": 98, "signer": 93}
SURE_FLOOR = 98

Read = Callable[[str], HeaderFields]


def existing(*paths: Path) -> list[Path]:
    return [path for path in paths if path.exists()]


@pytest.mark.corpus
@pytest.mark.parametrize("folder", existing(CORPORA / "vn-docs"), ids=lambda path: path.name)
def test_real_documents_are_read_as_labelled(types: DocumentTypes, folder: Path) -> None:
    compared = list(read_texts(folder, types))
    print(table(compared))
    for name, counted in tallies(compared).items():
        assert counted.percent >= FLOORS[name], name
        assert 100 * counted.sure_and_right >= SURE_FLOOR * counted.sure, name


@pytest.mark.corpus
@pytest.mark.parametrize("folder", existing(CORPORA / "vn-docs"), ids=lambda path: path.name)
def test_texts_without_a_head_give_nothing_to_rely_on(read: Read, folder: Path) -> None:
    for path in sorted(folder.glob("2[1-9][0-9].txt")):
        if int(path.stem) < FIRST_NEGATIVE:
            continue
        found = read(path.read_text())
        assert (found.number, found.issued_on) == (None, None), path.name
        assert all(value < SURE for value in found.confidence.values()), path.name


@pytest.mark.corpus
@pytest.mark.parametrize(
    "path", existing(REGULATION, *sorted((CORPORA / "secrecy-negative").glob("*.txt"))), ids=lambda path: path.stem
)
def test_public_texts_about_secrecy_bear_no_mark(path: Path) -> None:
    lines = tuple(Line(line) for line in path.read_text().split("\n"))
    assert read_marks([Page(1, lines)]) == Marks()


@pytest.mark.corpus
@pytest.mark.parametrize("path", existing(REGULATION), ids=lambda path: path.stem)
def test_the_regulation_itself_is_read(read: Read, path: Path) -> None:
    found = read(path.read_text())
    assert (found.identifier, found.issued_on, found.document_type) == (
        "955/QĐ-SGTVT",
        date(2017, 9, 7),
        "Quyết định",
    )
    assert found.abstract == ("Về việc ban hành Quy chế quản lý và sử dụng phần mềm Văn phòng điện tử - eOffice")
    assert found.issuer == "SỞ GIAO THÔNG VẬN TẢI TỈNH QUẢNG NGÃI"
    assert found.signer == "Hoàng Việt Phương"
