"""A register as PDF to print and bind: cover, pages of rows under their column names, a page to sign (Nghị định 30/2020
Phụ lục IV).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import IO

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from gateway.adapters.registers_out.cells import text_of
from gateway.adapters.registers_out.pdf_cover import HEIGHT, LEFT, RIGHT, RULE, WIDTH, draw_cover, draw_end, hands_of
from gateway.adapters.registers_out.pdf_hand import Hand, Paragraph
from gateway.adapters.registers_out.pdf_volumes import PAGES, PdfVolumes, open_canvas
from gateway.model.legal_register import Cover, RegisterForm, RegisterRow, Spanned
from gateway.typeface import BOLD, REGULAR, load_fonts

_TOP, _BOTTOM = HEIGHT - 19 * mm, 15 * mm
_PADDING = 1.2 * mm
_LEAST_LINES = 3
"""Of a row that is longer than a page, before it goes on upon the next."""


class PdfRegister:
    """Rows onto pages, `pages_at_a_time` of them in memory and the others in the folder `scratch`.

    `fonts` is the folder of the shipped fonts; `stamp` ends the last page.
    """

    def __init__(
        self,
        out: IO[bytes],
        form: RegisterForm,
        cover: Cover,
        *,
        scratch: Path,
        fonts: Path,
        stamp: str,
        pages_at_a_time: int = PAGES,
    ) -> None:
        letters = self._letters = load_fonts(fonts)
        self._out = out
        self._hands = hands_of(letters)
        self._body = Hand(REGULAR, 8.5, 10.6, letters)
        self._head = Hand(BOLD, 8.5, 10.6, letters)
        self._form = form
        self._cover = cover
        self._stamp = stamp
        self._edges = _edges(form)
        self._names = [self._set(column.name, place, self._head) for place, column in enumerate(form.columns)]
        self._volumes = PdfVolumes(scratch, self._open, pages_at_a_time)
        self._number = 0
        self._y = 0.0
        self._table_top = 0.0
        self._rows_a_page = 0

    def add(self, row: RegisterRow) -> None:
        """Draw a row: on this page where it fits, over several where it fits on none."""
        columns = [self._set(text_of(cell), place, self._body) for place, cell in enumerate(row.cells)]
        centred = [isinstance(cell, date | int) for cell in row.cells]
        height = max(1, *map(len, columns))
        if self._number == 0:
            self._begin_page()
        drawn = 0
        while drawn < height:
            room, left = self._room(), height - drawn
            if room < min(left, _LEAST_LINES) or (room < left <= self._rows_a_page):
                self._begin_page()
                room = self._rows_a_page
            some = [lines[drawn : drawn + room] for lines in columns]
            self._draw(some, min(left, room), centred, self._body, struck=row.struck)
            drawn += room

    def close(self, spanned: Spanned) -> None:
        """Draw the cover and the page to sign; the file under it stays open."""
        if self._number == 0:
            self._begin_page()
        self._end_page()
        draw_end(self._canvas, self._hands, self._form, self._cover, spanned, pages=self._number, stamp=self._stamp)
        self._volumes.end_page()
        self._volumes.close(self._out, lambda canvas: draw_cover(canvas, self._hands, self._form, self._cover, spanned))

    @property
    def _canvas(self) -> Canvas:
        return self._volumes.canvas

    def _open(self, path: str) -> Canvas:
        title = f"{self._form.heading} – năm {self._cover.year}"
        return open_canvas(path, self._letters, width=WIDTH, height=HEIGHT, title=title, author=self._cover.agency)

    def _set(self, text: str, place: int, hand: Hand) -> list[str]:
        room = self._edges[place + 1] - self._edges[place] - 2 * _PADDING
        return hand.lines(text, room)

    def _begin_page(self) -> None:
        if self._number:
            self._end_page()
        self._number += 1
        running = f"{self._cover.agency} – {self._form.heading.capitalize()}, năm {self._cover.year}"
        self._hands.small.write(self._canvas, ([running], LEFT, HEIGHT - 15 * mm))
        self._hands.small.write_centred(self._canvas, f"Trang {self._number}", (LEFT + RIGHT) / 2, 9 * mm)
        self._canvas.setLineWidth(RULE)
        self._y = self._table_top = _TOP
        self._canvas.line(LEFT, self._y, RIGHT, self._y)
        every = [True] * len(self._names)
        self._draw(self._names, max(map(len, self._names)), every, self._head)
        self._draw([[f"({n})"] for n in range(1, len(every) + 1)], 1, every, self._hands.small)
        self._rows_a_page = self._room()

    def _end_page(self) -> None:
        for edge in self._edges:
            self._canvas.line(edge, self._table_top, edge, self._y)
        self._volumes.end_page()

    def _room(self) -> int:
        """How many lines the page has left."""
        return int((self._y - _BOTTOM - 2 * _PADDING) / self._body.leading)

    def _draw(
        self,
        columns: Sequence[Sequence[str]],
        height: int,
        centred: Sequence[bool],
        hand: Hand,
        *,
        struck: bool = False,
    ) -> None:
        """One row of the table, `height` lines high, with the rule under it. Remarks are never struck through."""
        first = self._y - _PADDING - hand.size
        written: list[Paragraph] = []
        for place, lines in enumerate(columns):
            left, right = self._edges[place], self._edges[place + 1]
            stroke = struck and place < len(columns) - 1
            if not centred[place] and not stroke:
                written.append((lines, left + _PADDING, first))
                continue
            for down, line in enumerate(lines):
                x = (left + right - hand.measure(line)) / 2 if centred[place] else left + _PADDING
                y = first - down * hand.leading
                written.append(([line], x, y))
                if stroke:
                    hand.strike(self._canvas, line, x, y)
        hand.write(self._canvas, *written)
        self._y -= height * hand.leading + 2 * _PADDING
        self._canvas.line(LEFT, self._y, RIGHT, self._y)


def _edges(form: RegisterForm) -> list[float]:
    """Where the columns begin, and where the last one ends."""
    whole = sum(column.width for column in form.columns)
    edges, used = [LEFT], 0
    for column in form.columns:
        used += column.width
        edges.append(LEFT + (RIGHT - LEFT) * used / whole)
    return edges
