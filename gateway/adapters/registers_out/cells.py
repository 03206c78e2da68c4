"""Cells as text: on one line, without anything that a printer, a spreadsheet or a reader's eye could trip over."""

from __future__ import annotations

from datetime import date

from gateway.model.legal_register import Cell
from gateway.model.wording import day, one_line

LONGEST = 32_767
"""Characters that a cell of a spreadsheet may have; no more are printed either, and what is cut ends in `…`."""
_FORMULA = frozenset("=+-@＝＋－＠")


def text_of(cell: Cell) -> str:
    """The cell as people read it, days as `22/11/2026`."""
    match cell:
        case None:
            return ""
        case date():
            return day(cell)
        case int():
            return str(cell)
        case _:
            return one_line(cell, LONGEST)


def harmless(text: str) -> str:
    """Text behind an apostrophe where a spreadsheet that imports it would take it for a formula."""
    return f"'{text}" if text[:1] in _FORMULA else text
