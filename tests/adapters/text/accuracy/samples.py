"""The labelled texts as documents: head, body, signature, and for some the appendix that follows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from gateway.policy.header.text import clean, fold, squeeze
from tests.policy.header.labelled import Row, rows

BEFORE_SIGNATURE = 22
APPENDIX_LINES = 60
LONGEST_NAME_LINE = 60


class Form(StrEnum):
    """How a document's head is set: as a table of two columns (Nghị định 30/2020 Phụ lục I mục IV), by tabulators, or
    line by line as the text was published.
    """

    TABLE = "table"
    TABS = "tabs"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Sample:
    """A labelled document. `head` stands above the title, `right` says which of its lines form the right block.

    `label` is its row in the table of labels; its signer is "" where the text has none.
    """

    name: str
    form: Form
    label: Row
    head: tuple[str, ...]
    right: tuple[bool, ...]
    title: tuple[str, ...]
    body: tuple[str, ...]
    signature: tuple[str, ...]
    appendix: tuple[str, ...]


def samples(folder: Path) -> Iterator[Sample]:
    """Every document of the table `labels.csv` in `folder` that has a head, each form in turn."""
    for place, row in enumerate(rows(folder)):
        page = _lines(folder / row["file"])
        whole = _lines(folder / "full" / row["file"])
        yield _sample(row, page, whole, list(Form)[place % len(Form)])


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").rstrip().split("\n")


def _sample(row: Row, page: list[str], whole: list[str], form: Form) -> Sample:
    signed_at = _signed_at(whole, row["signer"])
    label = row if signed_at is not None else {**row, "signer": ""}
    title_at = next((at for at, line in enumerate(page) if squeeze(clean(line)) == row["type"].upper()), None)
    head = page[:title_at] if title_at is not None else []
    right = [_of_right_block(line) for line in head]
    if form is Form.LINES or not any(right) or title_at is None:
        form, head, right, title, body = Form.LINES, [], [], [], page
    else:
        opens = (at for at in range(title_at, len(page)) if fold(page[at]).startswith("can cu"))
        text_at = next(opens, title_at + 1)
        title, body = page[title_at:text_at], page[text_at:]
    signature: list[str] = []
    appendix: list[str] = []
    if signed_at is not None:
        begun = _signature_begins(whole, signed_at)
        if begun >= len(page):
            body = body + whole[max(len(page), begun - BEFORE_SIGNATURE) : begun]
        elif len(body) > (kept := begun - (len(page) - len(body))):
            body = body[: max(kept, 0)]
        signature = whole[begun : signed_at + 1]
        appendix = whole[signed_at + 1 : signed_at + 1 + APPENDIX_LINES]
    return Sample(
        Path(row["file"]).stem,
        form,
        label,
        tuple(head),
        tuple(right),
        tuple(title),
        tuple(body),
        tuple(signature),
        tuple(line for line in appendix if line.strip()),
    )


def _of_right_block(line: str) -> bool:
    folded = fold(clean(line))
    return folded.startswith(("cong hoa xa hoi", "doc lap")) or (" ngay " in f" {folded}" and " nam " in folded)


def _signed_at(whole: list[str], signer: str) -> int | None:
    """Where the name of the one who signs stands by itself."""
    if not signer:
        return None
    wanted = fold(signer)
    return next(
        (at for at in reversed(range(len(whole))) if wanted in fold(whole[at]) and len(whole[at]) < LONGEST_NAME_LINE),
        None,
    )


def _signature_begins(whole: list[str], signed_at: int) -> int:
    at = signed_at
    while at > 0 and len(whole[at - 1].strip()) < LONGEST_NAME_LINE and signed_at - at < 4 and _of_block(whole[at - 1]):
        at -= 1
    return at


def _of_block(line: str) -> bool:
    bare = line.strip()
    return not bare or bare.upper() == bare or fold(bare).strip("( )") == "da ky"
