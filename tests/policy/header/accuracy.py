"""`python -m tests.policy.header.accuracy`: how much of the labelled real documents is read right, from their text."""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Iterator
from pathlib import Path

from gateway.policy.header import DocumentTypes, read_header
from tests.policy.header.labelled import SHARED, Comparison, compared, page_of, rows, table

TYPES = Path(__file__).parents[3] / "config" / "policy" / "document_types.toml"


def read_texts(folder: Path, types: DocumentTypes) -> Iterator[Comparison]:
    """Every labelled text of `folder` read: page 1, and the whole of it for who signed."""
    for row in rows(folder):
        page = read_header([page_of((folder / row["file"]).read_text(encoding="utf-8"))], types)
        whole = read_header([page_of((folder / "full" / row["file"]).read_text(encoding="utf-8"))], types)
        yield from compared(row, page, whole)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.policy.header.accuracy", description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED, help="the folder that has corpora/vn-docs")
    folder = parser.parse_args().shared / "corpora" / "vn-docs"
    types = DocumentTypes.from_rows(tomllib.loads(TYPES.read_text(encoding="utf-8"))["type"])
    print(table(read_texts(folder, types)))


if __name__ == "__main__":
    main()
