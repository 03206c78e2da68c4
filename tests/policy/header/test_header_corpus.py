"""How much of real documents is read right: floors, and the table behind them."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from gateway.model.facts import Marks
from gateway.model.header import HeaderFields
from gateway.model.page import Line, Page
from gateway.policy.header import read_marks
from gateway.policy.header.text import clean, fold, squeeze

CORPORA = Path(__file__).parents[4] / "shared" / "corpora"
REGULATION = CORPORA.parent / "regulation" / "955-QD-SGTVT.txt"
FIRST_NEGATIVE = 212
SURE = 0.9
# Percent right on the documents in hand; a change that falls below has broken something.
FLOORS = {"identifier": 99, "issued_on": 99, "document_type": 99, "abstract": 98, "issuer": 98, "signer": 90}
SURE_FLOOR = 98

Read = Callable[[str], HeaderFields]


def existing(*paths: Path) -> list[Path]:
    return [path for path in paths if path.exists()]


def bare(text: str | None) -> str:
    """As abstracts are compared: case, accents, blanks and the closing stop do not count."""
    return fold(squeeze(clean(text or ""))).rstrip(" .")


def compare(read: Read, folder: Path, row: dict[str, str]) -> list[tuple[str, bool, float, str]]:
    """Field, right or not, confidence, and what was read against what is printed."""
    page, whole = read((folder / row["file"]).read_text()), read((folder / "full" / row["file"]).read_text())
    pairs: list[tuple[str, object, object, float]] = [
        ("identifier", page.identifier, row["number"], page.confidence.get("number", 0.0)),
        ("issued_on", page.issued_on, date.fromisoformat(row["date"]), page.confidence.get("issued_on", 0.0)),
        ("document_type", page.document_type, row["type"], page.confidence.get("document_type", 0.0)),
        (
            "abstract",
            bare(page.abstract),
            bare(row["text_abstract"] or row["abstract"]),
            page.confidence.get("abstract", 0.0),
        ),
        ("issuer", page.issuer, row["issuer"], page.confidence.get("issuer", 0.0)),
    ]
    if row["signer"]:
        pairs.append(("signer", whole.signer, row["signer"], whole.confidence.get("signer", 0.0)))
    return [(name, got == want, sure, f"{row['file']}: {got!r}, not {want!r}") for name, got, want, sure in pairs]


@pytest.mark.corpus
@pytest.mark.parametrize("folder", existing(CORPORA / "vn-docs"), ids=lambda path: path.name)
def test_real_documents_are_read_as_labelled(read: Read, folder: Path) -> None:
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as labels:
        rows = [row for row in csv.DictReader(labels) if int(row["file"][:3]) < FIRST_NEGATIVE]
    counts: Counter[tuple[str, str]] = Counter()
    misses: list[str] = []
    for row in rows:
        for name, right, sure, text in compare(read, folder, row):
            counts[name, "all"] += 1
            counts[name, "right"] += right
            counts[name, "sure"] += sure >= SURE
            counts[name, "sure and right"] += right and sure >= SURE
            if not right:
                misses.append(f"{name} {text}")
    print(f"{'field':15}{'documents':>10}{'right':>8}{'sure':>8}{'sure and right':>16}")
    for name in FLOORS:
        print(
            f"{name:15}"
            + "".join(f"{counts[name, column]:>10}" for column in ("all", "right", "sure", "sure and right"))
        )
    print("\n".join(misses))
    for name, floor in FLOORS.items():
        assert 100 * counts[name, "right"] >= floor * counts[name, "all"], name
        assert 100 * counts[name, "sure and right"] >= SURE_FLOOR * counts[name, "sure"], name


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
