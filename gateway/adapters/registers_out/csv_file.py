"""A register as CSV (RFC 4180) in UTF-8 with the mark that tells spreadsheets so."""

from __future__ import annotations

import csv
from datetime import date
from io import TextIOWrapper
from typing import IO

from gateway.adapters.registers_out.cells import harmless, text_of
from gateway.model.legal_register import Cell, RegisterForm, RegisterRow, Spanned


class CsvRegister:
    """One header line, then a line for each row. Days are ISO 8601, which every spreadsheet reads the same way."""

    def __init__(self, out: IO[bytes], form: RegisterForm) -> None:
        self._text = TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=False)
        self._lines = csv.writer(self._text, lineterminator="\r\n")
        self._lines.writerow(column.name for column in form.columns)

    def add(self, row: RegisterRow) -> None:
        """Write a row."""
        self._lines.writerow(map(_field, row.cells))

    def close(self, _spanned: Spanned) -> None:
        """Write out what is left; the file under it stays open."""
        self._text.flush()
        self._text.detach()


def _field(cell: Cell) -> str:
    if isinstance(cell, date):
        return cell.isoformat()
    return harmless(text_of(cell)) if isinstance(cell, str) else text_of(cell)
