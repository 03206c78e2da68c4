"""A register as XLSX (ECMA-376), written straight into its ZIP, row after row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import IO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from gateway.adapters.registers_out import xlsx_parts as parts
from gateway.adapters.registers_out.cells import text_of
from gateway.model.legal_register import Cell, Cover, RegisterForm, RegisterRow, Spanned

MOST_ROWS = 1_048_576
"""Of a sheet in Excel, the header among them."""
_EPOCH = date(1899, 12, 30)
_FIRST_DAY = date(1900, 3, 1)
"""Before this day Excel counts a 29 February that never was."""
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 25


class XlsxRegister:
    """A sheet for the rows, and another for every `rows_a_sheet` more; the header is frozen and printed on each page.

    Text is never a formula; days and numbers are real ones.
    """

    def __init__(self, out: IO[bytes], form: RegisterForm, cover: Cover, *, rows_a_sheet: int = MOST_ROWS) -> None:
        self._zip = ZipFile(out, "w", ZIP_DEFLATED)
        self._form = form
        self._cover = cover
        self._rows_a_sheet = rows_a_sheet
        self._letters = [parts.letters_a_line(column.width) for column in form.columns]
        self._sheet: IO[bytes] | None = None
        self._names: list[str] = []
        self._row = 0
        self._begin_sheet()

    def add(self, row: RegisterRow) -> None:
        """Write a row."""
        if self._row == self._rows_a_sheet:
            self._end_sheet()
            self._begin_sheet()
        self._row += 1
        self._write(self._cells(row.cells, struck=row.struck))

    def close(self, _spanned: Spanned) -> None:
        """Write what frames the sheets; the file under it stays open."""
        self._end_sheet()
        for name, content in parts.frame(self._names, f"{self._form.heading} – năm {self._cover.year}"):
            self._zip.writestr(_member(name), content)
        self._zip.close()

    def discard(self) -> None:
        """Let go of a file that is not to be finished."""
        with suppress(ValueError):
            self._end_sheet()
            self._zip.close()

    def _begin_sheet(self) -> None:
        plain = _NOT_IN_A_NAME.sub(" ", f"{self._cover.year} {self._cover.book}").strip()[:_LONGEST_NAME].strip()
        number = len(self._names) + 1
        self._names.append(plain if number == 1 else f"{plain} ({number})")
        self._sheet = self._zip.open(_member(f"xl/worksheets/sheet{number}.xml"), "w", force_zip64=True)
        self._write(parts.sheet_head([column.width for column in self._form.columns], first=number == 1))
        self._row = 1
        names = "".join(
            _text(f"{parts.LETTERS[place]}1", column.name, parts.HEADER)
            for place, column in enumerate(self._form.columns)
        )
        lines = self._lines([column.name for column in self._form.columns])
        self._write(f"{parts.row_open(1, lines)}{names}</row>")

    def _end_sheet(self) -> None:
        if self._sheet is not None:
            heading = f"{self._cover.agency} – {self._form.heading.lower()} năm {self._cover.year}"
            self._write(parts.sheet_foot(heading))
            self._sheet.close()
            self._sheet = None

    def _write(self, xml: str) -> None:
        if self._sheet is None:
            raise ValueError("no sheet is open")
        self._sheet.write(xml.encode())

    def _cells(self, cells: Sequence[Cell], *, struck: bool) -> str:
        """A row. Remarks, the last of its cells, are never struck through."""
        row, shift, last = self._row, parts.STRUCK if struck else 0, len(cells) - 1
        texts = [text_of(cell) for cell in cells]
        written = [
            _cell(f"{parts.LETTERS[place]}{row}", cell, text, shift if place < last else 0)
            for place, (cell, text) in enumerate(zip(cells, texts, strict=True))
        ]
        return f"{parts.row_open(row, self._lines(texts))}{''.join(written)}</row>"

    def _lines(self, texts: Sequence[str]) -> int:
        """How many lines the longest of the texts takes in its column."""
        return max(1, *(-(-len(text) // letters) for text, letters in zip(texts, self._letters, strict=True)))


def _cell(place: str, cell: Cell, text: str, shift: int) -> str:
    if isinstance(cell, date) and cell >= _FIRST_DAY:
        return f'<c r="{place}" s="{parts.DAY + shift}"><v>{(cell - _EPOCH).days}</v></c>'
    if isinstance(cell, int):
        return f'<c r="{place}" s="{parts.NUMBER + shift}"><v>{cell}</v></c>'
    return _text(place, text, parts.TEXT + shift)


def _text(place: str, text: str, style: int) -> str:
    if not text:
        return f'<c r="{place}" s="{style}"/>'
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _member(name: str) -> ZipInfo:
    """A member without the hour it was written at."""
    member = ZipInfo(name)
    member.compress_type = ZIP_DEFLATED
    return member
