"""`python -m tests.adapters.text.accuracy`: how much of the labelled documents is read right from files of each kind.

The labelled texts are set as documents, printed to PDF by LibreOffice and, for `--as scan`, drawn by pdftoppm and made
noisy and askew; then they are read as the workers read them. Needs soffice and pdftoppm.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import tomllib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gateway.adapters.text import read_text
from gateway.policy.header import DocumentTypes, read_header
from tests.adapters.text.accuracy.samples import Sample, samples
from tests.adapters.text.accuracy.scanner import scan
from tests.adapters.text.accuracy.typeset import print_all, text_of
from tests.policy.header.labelled import SHARED, Comparison, compared, table

TYPES = Path(__file__).parents[4] / "config" / "policy" / "document_types.toml"
PDF, PLAIN = "application/pdf", "text/plain"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was read of one sample, and in how many seconds; `pages` were recognised or read."""

    comparisons: tuple[Comparison, ...]
    form: str
    seconds: float
    pages: int


def main() -> None:
    """Make the files, read them, print the table, by form too."""
    parser = argparse.ArgumentParser(prog="python -m tests.adapters.text.accuracy", description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED, help="the folder that has corpora/vn-docs")
    parser.add_argument("--as", dest="kind", choices=("text", "pdf", "scan"), default="pdf")
    parser.add_argument("--limit", type=int, help="only so many documents, spread over all")
    parser.add_argument("--work", type=Path, help="where the files made are kept and taken from again")
    parser.add_argument("--jobs", type=int, default=1, help="how many files are read at a time")
    wanted = parser.parse_args()
    chosen = list(samples(wanted.shared / "corpora" / "vn-docs"))
    if wanted.limit:
        chosen = chosen[:: max(len(chosen) // wanted.limit, 1)][: wanted.limit]
    with tempfile.TemporaryDirectory() as scratch:
        work = wanted.work or Path(scratch)
        work.mkdir(parents=True, exist_ok=True)
        files, media_type = _files(chosen, work, wanted.kind)
        with ProcessPoolExecutor(wanted.jobs) as pool:
            outcomes = list(pool.map(partial(read_sample, media_type=media_type), chosen, files))
    _print(outcomes)


def _files(chosen: Sequence[Sample], work: Path, kind: str) -> tuple[list[Path], str]:
    if kind == "text":
        files = [work / f"{sample.name}.txt" for sample in chosen]
        for sample, path in zip(chosen, files, strict=True):
            path.write_text(text_of(sample), encoding="utf-8")
        return files, PLAIN
    printed = print_all(chosen, work)
    if kind == "pdf":
        return printed, PDF
    return [scan(path, work / f"{path.stem}-scan.pdf", int(path.stem)) for path in printed], PDF


def read_sample(sample: Sample, path: Path, media_type: str) -> Outcome:
    """The file of a sample read as a worker does."""
    types = DocumentTypes.from_rows(tomllib.loads(TYPES.read_text(encoding="utf-8"))["type"])
    begun = time.monotonic()
    text = read_text(path, media_type)
    header = read_header(text.pages, types)
    seconds = time.monotonic() - begun
    return Outcome(tuple(compared(sample.label, header, header)), sample.form, seconds, len(text.pages))


def _print(outcomes: Sequence[Outcome]) -> None:
    print(table(one for outcome in outcomes for one in outcome.comparisons))
    for form in sorted({outcome.form for outcome in outcomes}):
        of_form = [one for outcome in outcomes if outcome.form == form for one in outcome.comparisons]
        print(f"{form}: {sum(one.right for one in of_form)} of {len(of_form)} fields right")
    seconds = sum(outcome.seconds for outcome in outcomes)
    print(
        f"{seconds / len(outcomes):.2f} s a file, {seconds / sum(outcome.pages for outcome in outcomes):.2f} s a page"
    )


if __name__ == "__main__":
    main()
