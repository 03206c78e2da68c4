"""Pages that are more than memory should hold: drawn some hundreds at a time, and joined."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import IO

import pikepdf
from reportlab.pdfgen.canvas import Canvas

from gateway.typeface import BOLD, REGULAR

PAGES = 500
"""In memory at a time: reportlab writes none before the last."""
_VIETNAMESE = frozenset("àáâãèéêìíòóôõùúýăđĩũơư").union(map(chr, range(0x1EA0, 0x1EFA)))


def open_canvas(
    out: IO[bytes] | str, letters: frozenset[str], *, width: float, height: float, title: str, author: str
) -> Canvas:
    """An empty PDF in Vietnamese whose pages have that size in points, with `letters` in the shipped fonts.

    A font is embedded in parts of 256 letters, which are numbered as they come up: here all of them do at once, so that
    a part of the same name has the same letters in all PDFs that are joined.
    """
    canvas = Canvas(out, pagesize=(width, height), pageCompression=0, lang="vi", initialFontName=REGULAR)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    for font in (REGULAR, BOLD):
        text = canvas.beginText()
        text.setFont(font, 1)
        text.textOut("".join(sorted(letters, key=_rank)))
    return canvas


def _rank(letter: str) -> tuple[bool, str]:
    """What Vietnamese is written with stands first, so that a line of it needs one part of the font."""
    return letter.lower() not in _VIETNAMESE, letter


class PdfVolumes:
    """Pages one after the other. `begin` opens a PDF at a path; what is drawn lies in the folder `scratch`."""

    def __init__(self, scratch: Path, begin: Callable[[str], Canvas], pages_at_a_time: int) -> None:
        self._scratch = scratch
        self._begin = begin
        self._most = pages_at_a_time
        self._paths: list[str] = []
        self._canvas: Canvas | None = None

    @property
    def canvas(self) -> Canvas:
        """The page that is being drawn."""
        if self._canvas is None:
            self._paths.append(str(self._scratch / f"{len(self._paths) + 1}.pdf"))
            self._canvas = self._begin(self._paths[-1])
        return self._canvas

    def end_page(self) -> None:
        """The page is drawn; another begins."""
        self.canvas.showPage()
        if self.canvas.getPageNumber() > self._most:
            self._save()

    def close(self, out: IO[bytes], draw_front: Callable[[Canvas], None]) -> None:
        """Draw the page before all others, and write them all."""
        self._save()
        front = str(self._scratch / "front.pdf")
        self._canvas = self._begin(front)
        draw_front(self._canvas)
        self._save()
        pages = [{"file": path, "range": "1-z"} for path in (front, *self._paths)]
        job = pikepdf.Job({"inputFile": front, "outputFile": "-", "pages": pages})
        with job.create_pdf() as whole:  # type: ignore[no-untyped-call] # pikepdf left it out
            whole.save(out)

    def _save(self) -> None:
        if self._canvas is not None:
            self._canvas.save()
            self._canvas = None
