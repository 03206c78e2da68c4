"""A register as XLSX."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import IO
from weakref import finalize

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from gateway.adapters.registers_out.cells import text_of
from gateway.model.legal_register import Cell, Cover, RegisterForm, RegisterRow, Spanned

MOST_ROWS = 1_048_576
"""Of a sheet in Excel, the header among them."""
_FIRST_DAY = date(1900, 3, 1)
"""Before this day Excel counts a 29 February that never was."""
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 25
_LONGEST_HEADING = 200
_MM_A_LETTER = 1.9
_LINE_POINTS = 13
_HIGHEST = 409
"""Points that a row may have."""
_A4 = 9
_INCH = {"left": 0.98, "right": 0.47, "top": 0.7, "bottom": 0.6}
"""The left margin is what the binding takes."""
_TO_THE_EDGE = {"margin": 0.3}
_LETTERS = {"font_name": "Times New Roman", "font_size": 10, "border": 1, "text_wrap": True}
_KINDS: dict[type, dict[str, str]] = {
    str: {"num_format": "@"},
    date: {"num_format": "dd/mm/yyyy", "align": "center"},
    int: {"num_format": "0", "align": "center"},
}


class XlsxRegister:
    """A sheet for the rows, and another for every `rows_a_sheet` more; the header is frozen and printed on each page.

    Text is never a formula; days and numbers are real ones. What is not written yet lies in the folder `scratch`;
    `made` is the moment that the file says it was made at.
    """

    def __init__(
        self,
        out: IO[bytes],
        form: RegisterForm,
        cover: Cover,
        *,
        scratch: Path,
        made: datetime,
        rows_a_sheet: int = MOST_ROWS,
    ) -> None:
        self._book = Workbook(out, {"constant_memory": True, "tmpdir": str(scratch), "use_zip64": True})
        self._book.set_properties(
            {"title": f"{form.heading} – năm {cover.year}", "author": cover.agency, "language": "vi", "created": made}
        )
        self._form = form
        self._cover = cover
        self._rows_a_sheet = rows_a_sheet
        self._letters = [max(1, int(column.width / _MM_A_LETTER) - 1) for column in form.columns]
        self._header = self._book.add_format({**_LETTERS, "bold": True, "align": "center", "valign": "vcenter"})
        self._formats = {
            (kind, struck): self._book.add_format({**_LETTERS, **shown, "valign": "top", "font_strikeout": struck})
            for kind, shown in _KINDS.items()
            for struck in (False, True)
        }
        self._row = 0
        self._begin_sheet()

    def add(self, row: RegisterRow) -> None:
        """Write a row. Remarks, the last of its cells, are never struck through."""
        if self._row == self._rows_a_sheet:
            self._begin_sheet()
        texts = [text_of(cell) for cell in row.cells]
        last = len(texts) - 1
        self._begin_row(texts)
        for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            self._write(place, cell, text, struck=row.struck and place < last)
        self._row += 1

    def close(self, _spanned: Spanned) -> None:
        """Write what is left; the file under it stays open. Raises OSError."""
        try:
            self._book.close()
        except FileCreateError as error:
            raise error.args[0] from None

    def _begin_sheet(self) -> None:
        cover, number = self._cover, len(self._book.worksheets()) + 1
        plain = _NOT_IN_A_NAME.sub(" ", f"{cover.year} {cover.book}").strip()[:_LONGEST_NAME].strip()
        self._sheet = self._book.add_worksheet(plain if number == 1 else f"{plain} ({number})")
        # XlsxWriter leaves the sheet's rows open where a workbook is never finished.
        finalize(self, self._sheet.row_data_fh.close)
        heading = f"{cover.agency} – {self._form.heading.lower()} năm {cover.year}"[:_LONGEST_HEADING]
        self._sheet.set_landscape()
        self._sheet.set_paper(_A4)
        self._sheet.set_margins(**_INCH)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.repeat_rows(0)
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_header("&C" + heading.replace("&", "&&"), _TO_THE_EDGE)
        self._sheet.set_footer("&CTrang &P/&N", _TO_THE_EDGE)
        for place, column in enumerate(self._form.columns):
            self._sheet.set_column(place, place, column.width / _MM_A_LETTER)
        self._row = 0
        names = [column.name for column in self._form.columns]
        self._begin_row(names)
        for place, name in enumerate(names):
            self._sheet.write_string(self._row, place, name, self._header)
        self._row = 1

    def _begin_row(self, texts: Sequence[str]) -> None:
        """A row as high as the longest of its texts takes: not every program finds out for itself.

        XlsxWriter keeps the heights of all rows, though it has written the rows themselves.
        """
        self._sheet.row_info.pop(self._row - 2, None)
        self._sheet.row_sizes.clear()
        lines = max(1, *(-(-len(text) // letters) for text, letters in zip(texts, self._letters, strict=True)))
        self._sheet.set_row(self._row, min(_HIGHEST, lines * _LINE_POINTS + 3))

    def _write(self, place: int, cell: Cell, text: str, *, struck: bool) -> None:
        at = (self._row, place)
        if isinstance(cell, date) and cell >= _FIRST_DAY:
            self._sheet.write_datetime(*at, cell, self._formats[date, struck])
        elif isinstance(cell, int):
            self._sheet.write_number(*at, cell, self._formats[int, struck])
        elif text:
            self._sheet.write_string(*at, text, self._formats[str, struck])
        else:
            self._sheet.write_blank(*at, None, self._formats[str, struck])
