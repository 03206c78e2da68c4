"""Text with its place on a page, so that a reader of headers can use the layout."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TextEncoding(StrEnum):
    """The code of the Vietnamese letters in a file (Điều 5 khoản 5 điểm a)."""

    UNICODE = "unicode"
    TCVN3 = "tcvn3"
    VNI = "vni"
    VPS = "vps"
    NONE = "none"


class TextSource(StrEnum):
    """How the text of a page was had."""

    TEXT = "text"
    OCR = "ocr"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle as fractions of the page (0…1), origin top left."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line in NFC; `box` is None where the format has no positions (doc, txt).

    `sure` is how sure a recogniser is of its least sure word, from 0 to 1; None where the letters are written.
    """

    text: str
    box: Box | None = None
    sure: float | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page, `number` from 1, its lines in reading order: top to bottom, left to right.

    `arrivals` says where on it other offices pressed their arrival stamps; lines within are none of the document's.
    """

    number: int
    lines: tuple[Line, ...]
    source: TextSource = TextSource.TEXT
    arrivals: tuple[Box, ...] = ()

    @property
    def text(self) -> str:
        """The lines joined by line feeds."""
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class FileText:
    """The text of a file and what is known of its pages.

    `pages` holds every page read, page 1 first; it is empty where nothing could be read for a
    reason that `notes` (Vietnamese) gives. `page_count` counts all pages, also those not read,
    and is None where the format has none. `encrypted` is true where a password is needed. `margins` are lines that are
    printed on pages beside their text: of headers, footers, and words drawn behind it. `stamps` are lines recognised in
    what has the shape of a stamp, which `pages` may have too; `first_stamps` are those of page 1.
    """

    pages: tuple[Page, ...] = ()
    page_count: int | None = None
    encrypted: bool = False
    encoding: TextEncoding = TextEncoding.NONE
    notes: tuple[str, ...] = ()
    margins: tuple[str, ...] = ()
    stamps: tuple[str, ...] = ()
    first_stamps: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The pages joined by form feeds."""
        return "\f".join(page.text for page in self.pages)
