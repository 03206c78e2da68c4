"""What other offices' arrival stamps cover of page 1, where an adapter saw their frames."""

from __future__ import annotations

from dataclasses import replace

from gateway.model.page import Box, Page

_NEAR = 0.12


def without_arrivals(page: Page) -> Page:
    """The page without the lines in arrival stamps; one without such stamps comes back as it is."""
    if not page.arrivals:
        return page
    lines = (
        line for line in page.lines if line.box is None or not any(_within(line.box, each) for each in page.arrivals)
    )
    return replace(page, lines=tuple(lines))


def begins_covered(box: Box | None, page: Page) -> bool:
    """Whether a line begins near the right edge of an arrival stamp, so that its first words may lie under that."""
    return box is not None and any(_beside(box, each) for each in page.arrivals)


def _within(box: Box, stamp: Box) -> bool:
    across, down = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return stamp.left <= across <= stamp.right and stamp.top <= down <= stamp.bottom


def _beside(box: Box, stamp: Box) -> bool:
    overlaps = min(box.bottom, stamp.bottom) > max(box.top, stamp.top)
    return overlaps and box.left > stamp.left and abs(box.left - stamp.right) < _NEAR
