"""Real documents with their labels, and how what was read of them is compared and counted."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gateway.model.header import HeaderFields
from gateway.model.page import Line, Page, TextSource
from gateway.policy.header.text import clean, fold, squeeze

SHARED = Path(__file__).parents[4] / "shared"
FIRST_NEGATIVE = 212
"""From this number on the files have no header to find."""
SURE = 0.9

Row = Mapping[str, str]

FIELDS = ("identifier", "issued_on", "document_type", "abstract", "issuer", "signer")
REASONS: Mapping[tuple[str, str], str] = {
    ("signer", "045.txt"): "văn bản đầy đủ bị cắt trước chữ ký",
    ("signer", "054.txt"): "văn bản đầy đủ bị cắt trước chữ ký",
    ("signer", "174.txt"): "văn bản đầy đủ bị cắt trước chữ ký",
}
"""Why a field of a file cannot be read as labelled."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field of one document: what was read, how sure, and what the label says."""

    file: str
    field: str
    read: object
    labelled: object
    confidence: float

    @property
    def right(self) -> bool:
        """Whether it was read as labelled."""
        return self.read == self.labelled

    @property
    def sure(self) -> bool:
        """Whether it would have been entered unasked."""
        return self.confidence >= SURE


def rows(folder: Path) -> list[Row]:
    """The rows of `labels.csv` whose documents have a header, in their order; none where the folder is away."""
    table = folder / "labels.csv"
    if not table.exists():
        return []
    with table.open(encoding="utf-8", newline="") as labels:
        return [row for row in csv.DictReader(labels) if int(row["file"][:3]) < FIRST_NEGATIVE]


def page_of(text: str, number: int = 1, source: TextSource = TextSource.TEXT) -> Page:
    """A text as one page without positions."""
    return Page(number, tuple(Line(line) for line in text.split("\n")), source)


def compared(row: Row, page: HeaderFields, whole: HeaderFields | None = None) -> Iterator[Comparison]:
    """What was read of page 1 against the labels; the signer from `whole`, the reading of all pages, where given.

    Abstracts are compared with the words of the page (`text_abstract`) where the labels have them; case, accents,
    blanks and the closing stop do not count. An unlabelled signer is not compared.
    """
    pairs: list[tuple[str, str, object, object]] = [
        ("identifier", "number", page.identifier, row["number"]),
        ("issued_on", "issued_on", page.issued_on, date.fromisoformat(row["date"])),
        ("document_type", "document_type", page.document_type, row["type"]),
        ("abstract", "abstract", bare(page.abstract), bare(row["text_abstract"] or row["abstract"])),
        ("issuer", "issuer", page.issuer, row["issuer"]),
    ]
    for name, key, read, label in pairs:
        yield Comparison(row["file"], name, read, label, page.confidence.get(key, 0.0))
    if whole is not None and row["signer"]:
        yield Comparison(row["file"], "signer", whole.signer, row["signer"], whole.confidence.get("signer", 0.0))


def bare(text: str | None) -> str:
    """As abstracts are compared: case, accents, blanks and the closing stop do not count."""
    return fold(squeeze(clean(text or ""))).rstrip(" .")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many documents had a field, how many were right, sure, and sure and right."""

    documents: int
    right: int
    sure: int
    sure_and_right: int

    @property
    def percent(self) -> float:
        """Of 100 documents, how many were right."""
        return 100 * self.right / self.documents if self.documents else 100.0


def tallies(comparisons: Iterable[Comparison]) -> dict[str, Tally]:
    """One for each field of `FIELDS` that was compared."""
    counts: Counter[tuple[str, str]] = Counter()
    for one in comparisons:
        counts[one.field, "all"] += 1
        counts[one.field, "right"] += one.right
        counts[one.field, "sure"] += one.sure
        counts[one.field, "both"] += one.right and one.sure
    return {
        name: Tally(*(counts[name, column] for column in ("all", "right", "sure", "both")))
        for name in FIELDS
        if counts[name, "all"]
    }


def table(comparisons: Iterable[Comparison]) -> str:
    """The counts for each field, and below them every miss with its reason where one is known."""
    compared_ones = list(comparisons)
    lines = [f"{'field':15}{'documents':>10}{'right':>8}{'%':>8}{'sure':>8}{'sure and right':>16}"]
    lines += [
        f"{name:15}{one.documents:>10}{one.right:>8}{one.percent:>8.1f}{one.sure:>8}{one.sure_and_right:>16}"
        for name, one in tallies(compared_ones).items()
    ]
    for one in compared_ones:
        if not one.right:
            reason = REASONS.get((one.field, one.file))
            lines.append(
                f"{one.field} {one.file} ({one.confidence:.2f}): {one.read!r}, not {one.labelled!r}"
                + (f": {reason}" if reason else "")
            )
    return "\n".join(lines)
