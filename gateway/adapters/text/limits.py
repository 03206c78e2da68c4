"""How much text of a file is kept."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.model.page import Page

MAX_TEXT_BYTES = 5_000_000
MAX_PAGES = 2_000
CUT = "văn bản quá dài, chỉ đọc phần đầu"


def bounded(pages: Iterable[Page], page_count: int | None) -> tuple[tuple[Page, ...], tuple[str, ...]]:
    """The pages up to MAX_PAGES and MAX_TEXT_BYTES (as UTF-8), with a note where something was left out.

    Pages are taken one at a time, so that a generator does not read what is not kept.
    """
    kept: list[Page] = []
    size = 0
    for page in pages:
        size += sum(len(line.text.encode()) + 1 for line in page.lines)
        if size > MAX_TEXT_BYTES:
            kept.append(_shortened(page, MAX_TEXT_BYTES - size))
            return tuple(kept), (CUT,)
        kept.append(page)
        if len(kept) == MAX_PAGES:
            break
    more = page_count is not None and page_count > len(kept) == MAX_PAGES
    return tuple(kept), ((CUT,) if more else ())


def _shortened(page: Page, excess: int) -> Page:
    """The page without as many of its last lines as make up `-excess` bytes."""
    lines = list(page.lines)
    while lines and excess < 0:
        excess += len(lines.pop().text.encode()) + 1
    return Page(page.number, tuple(lines), page.source)
