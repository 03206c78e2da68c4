"""`python -m tests.adapters.text.real_files`: what is read of really signed files, field by field beside their labels.

Where number and day are written by hand they cannot be recognised: then nobody may be sure of them.
"""

from __future__ import annotations

import argparse
import csv
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

from gateway.adapters.text import read_text
from gateway.model.header import HeaderFields
from gateway.policy.header import DocumentTypes, read_header
from tests.policy.header.labelled import SHARED, Comparison, Row, bare

TYPES = Path(__file__).parents[3] / "config" / "policy" / "document_types.toml"
BY_HAND = frozenset({"vn01.pdf", "vn02.pdf", "vn12.pdf", "vn18.pdf"})
"""Scans whose number and day are written by hand."""


def rows(shared: Path) -> list[Row]:
    """The labels of the signed files, none where they are away."""
    table = shared / "corpora" / "signed-pdf" / "vn-vgca" / "labels.csv"
    if not table.exists():
        return []
    with table.open(encoding="utf-8", newline="") as labels:
        return list(csv.DictReader(labels))


def read_row(shared: Path, row: Row) -> HeaderFields:
    """The file of a row, read as a worker does."""
    return read_header(read_text(shared / "corpora" / row["on_disk"], "application/pdf").pages, document_types())


def document_types() -> DocumentTypes:
    """The types as configured."""
    return DocumentTypes.from_rows(tomllib.loads(TYPES.read_text(encoding="utf-8"))["type"])


def compared_with(row: Row, header: HeaderFields) -> Iterator[Comparison]:
    """Number, date, type, abstract, issuer, signer and capacity; what is not labelled is left out."""
    day = header.issued_on.isoformat() if header.issued_on else None
    pairs = [
        ("identifier", "number", header.identifier, row["number"]),
        ("issued_on", "issued_on", day, row["date"]),
        ("document_type", "document_type", header.document_type, row["type"]),
        ("abstract", "abstract", bare(header.abstract), bare(row["abstract"])),
        ("issuer", "issuer", header.issuer, row["issuer"]),
        ("signer", "signer", header.signer, row["signer"]),
        ("capacity", "capacity", header.capacity, row["signer_capacity"]),
    ]
    for name, key, read, labelled in pairs:
        if labelled:
            yield Comparison(row["file"], name, read, labelled, header.confidence.get(key, 0.0))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.adapters.text.real_files", description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED, help="the folder that has corpora/signed-pdf")
    shared = parser.parse_args().shared
    for row in rows(shared):
        begun = time.monotonic()
        header = read_row(shared, row)
        print(f"{row['file']}  {time.monotonic() - begun:.1f} s")
        for one in compared_with(row, header):
            against = "" if one.right else f"  ≠  {one.labelled}"
            print(f"  {'=' if one.right else '!'} {one.field:14}{one.confidence:5.2f}  {one.read}{against}")


if __name__ == "__main__":
    main()
