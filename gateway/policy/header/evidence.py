"""What a field was read from: the cells it stands in, as one piece of text with its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gateway.model.header import Evidence, EvidenceSource
from gateway.model.page import Box, TextSource
from gateway.policy.header.layout import Cell
from gateway.policy.header.text import squeeze

MAX_TEXT = 300

_SOURCES = {TextSource.TEXT: EvidenceSource.TEXT, TextSource.OCR: EvidenceSource.OCR}


def evidence_of(cells: Sequence[Cell], sources: Mapping[int, TextSource]) -> Evidence:
    """The evidence that `cells` are (one or more), at most 300 characters of it.

    `sources` says of each page how its text was had. Where the cells stand on several pages, page and box are those
    of the first.
    """
    page = cells[0].page
    boxes = [cell.box for cell in cells if cell.page == page and cell.box is not None]
    text = squeeze(" ".join(dict.fromkeys(cell.text for cell in cells)))
    return Evidence(
        source=_SOURCES[sources.get(page, TextSource.TEXT)],
        text=text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…",
        page=page,
        box=_around(boxes) if boxes else None,
    )


def _around(boxes: Sequence[Box]) -> Box:
    return Box(
        round(min(box.left for box in boxes), 4),
        round(min(box.top for box in boxes), 4),
        round(max(box.right for box in boxes), 4),
        round(max(box.bottom for box in boxes), 4),
    )
