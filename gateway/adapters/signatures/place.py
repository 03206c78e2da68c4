"""Where a signature shows on the pages of a PDF file, and what is printed around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pypdfium2 as pdfium
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject, Reference
from pyhanko.pdf_utils.reader import PdfFileReader

from gateway.adapters.signatures.entries import entry
from gateway.model.signature import Place

Key = tuple[int, int]

MOST_PAGES = 5_000
MOST_WIDGETS = 20
MOST_PAGES_READ = 20
"""So many pages with signatures are read; of the others the text beside stays empty."""

ABOVE, BELOW, ASIDE = 90.0, 30.0, 60.0
"""How far around a signature's box, in points, its title and name stand (Nghị định 30/2020 Phụ lục I mục II.7)."""

WIDEST = 400.0
SAME_LINE = 4.0
COLUMN_GAP = 15.0

LONGEST_LINE = 120
MOST_LINES = 12
MOST_RUNS = 5_000
SMALLEST_SIDE = 1.0


@dataclass(frozen=True, slots=True)
class _Run:
    """A piece of a line, in points from the lower left corner of the page."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def middle(self) -> float:
        return (self.bottom + self.top) / 2


class Places:
    """The places of a file's signature fields; its pages and their annotations are listed once."""

    def __init__(self, reader: PdfFileReader) -> None:
        self._numbers: dict[Key, int] = {}
        self._shown: dict[Key, int] = {}
        try:
            for number, (key, page) in enumerate(_pages(reader), 1):
                self._numbers[key] = number
                entries = entry(page, "/Annots")
                for each in entries if isinstance(entries, ArrayObject) else ():
                    if isinstance(each, IndirectObject):
                        self._shown.setdefault(_key(each), number)
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - where it shows is a hint: broken pages spoil no signature
            self._numbers.clear()

    def of(self, field: DictionaryObject, reference: Reference | None) -> Place | None:
        """Where the field, found at `reference`, shows first; None where it shows nowhere, or nobody can tell."""
        try:
            for key, widget in _widgets(field, reference):
                box, number = _box(widget), self._page(key, widget)
                if box is not None and number is not None:
                    return Place(number, *box)
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - as above
            return None
        return None

    def _page(self, key: Key | None, widget: DictionaryObject) -> int | None:
        """The page that lists the widget; its own word for it (`/P`) is heard where none does."""
        if key in self._shown:
            return self._shown[key]
        page = widget.raw_get("/P") if "/P" in widget else None
        return self._numbers.get(_key(page)) if isinstance(page, IndirectObject) else None


def printed_beside(path: Path, places: Mapping[int, Place]) -> dict[int, str]:
    """What a reader sees printed around each place, line by line from the top; "" where there is no text.

    What the signatures draw themselves is left out: anyone can draw that.
    """
    found = dict.fromkeys(places, "")
    pages = sorted({place.page for place in places.values()})[:MOST_PAGES_READ]
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError:
        return found
    try:
        for number in pages:
            here = {key: place for key, place in places.items() if place.page == number}
            with suppress(pdfium.PdfiumError, IndexError, ValueError):
                found.update(_read(document, number, here))
    finally:
        document.close()
    return found


def _read(document: pdfium.PdfDocument, number: int, places: Mapping[int, Place]) -> dict[int, str]:
    page = document[number - 1]
    text = page.get_textpage()
    try:
        runs = sorted(_runs(text), key=lambda run: (-run.top, run.left))
        return {key: "\n".join(islice(_lines(text, runs, place), MOST_LINES)) for key, place in places.items()}
    finally:
        text.close()
        page.close()


def _runs(text: pdfium.PdfTextPage) -> list[_Run]:
    """The pieces of lines on a page, joined over the gaps between words and not over those between columns."""
    found: list[_Run] = []
    for index in range(min(text.count_rects(), MOST_RUNS)):
        left, bottom, right, top = text.get_rect(index)
        last = found[-1] if found else None
        if last and abs(last.middle - (bottom + top) / 2) < SAME_LINE and -SAME_LINE < left - last.right < COLUMN_GAP:
            found[-1] = _Run(last.left, min(bottom, last.bottom), max(right, last.right), max(top, last.top))
        else:
            found.append(_Run(left, bottom, right, top))
    return found


def _lines(text: pdfium.PdfTextPage, runs: Sequence[_Run], place: Place) -> Iterator[str]:
    """The text of each piece whose centre is near the place; lines across the whole page belong to its body."""
    for run in runs:
        centre = (run.left + run.right) / 2
        beside = place.left - ASIDE <= centre <= place.right + ASIDE and run.right - run.left <= WIDEST
        if beside and place.bottom - BELOW <= run.middle <= place.top + ABOVE:
            found = text.get_text_bounded(run.left - 1, run.bottom, run.right + 1, run.top)
            line = " ".join("".join(each if each.isprintable() else " " for each in found).split())
            if line:
                yield line[:LONGEST_LINE]


def _pages(reader: PdfFileReader) -> Iterator[tuple[Key, DictionaryObject]]:
    """All pages in order; what was seen before is passed over."""
    seen: set[Key] = set()
    waiting: list[object] = [reader.root.raw_get("/Pages")]
    count = 0
    while waiting and count < MOST_PAGES:
        raw = waiting.pop()
        if not isinstance(raw, IndirectObject) or _key(raw) in seen:
            continue
        seen.add(_key(raw))
        node: object = raw.get_object()  # type: ignore[no-untyped-call] # pyHanko leaves it so
        if not isinstance(node, DictionaryObject):
            continue
        kids = entry(node, "/Kids")
        if isinstance(kids, ArrayObject):
            waiting += list(ArrayObject(kids))[::-1]
        else:
            count += 1
            yield _key(raw), node


def _widgets(field: DictionaryObject, reference: Reference | None) -> Iterator[tuple[Key | None, DictionaryObject]]:
    """The widgets of a field; most fields are their own."""
    kids = entry(field, "/Kids")
    if not isinstance(kids, ArrayObject):
        yield (reference.idnum, reference.generation) if reference else None, field
        return
    for raw in islice(kids, MOST_WIDGETS):
        widget = raw.get_object()
        if isinstance(widget, DictionaryObject):
            yield (_key(raw) if isinstance(raw, IndirectObject) else None), widget


def _box(widget: DictionaryObject) -> tuple[float, float, float, float] | None:
    rectangle = entry(widget, "/Rect")
    if not isinstance(rectangle, ArrayObject) or len(rectangle) != 4:  # noqa: PLR2004 - ISO 32000-2 section 7.9.5
        return None
    x1, y1, x2, y2 = (float(number) for number in rectangle)
    left, right, bottom, top = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
    return (left, bottom, right, top) if min(right - left, top - bottom) >= SMALLEST_SIDE else None


def _key(reference: IndirectObject) -> Key:
    return reference.idnum, reference.generation
