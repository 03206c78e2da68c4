"""Finds room for the arrival stamp on a page: where nothing is printed, whether by letters or in a scan."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from pypdfium2 import PdfDocument

from gateway.model.stamp import Spot

_PER_MM = 2
_DARK = 225
"""Of 255: fainter than this is paper."""
_SPECKS = 4
"""Dark dots that a scan may have on a clean stamp's area."""
_MARGIN = 3
_STEP = 2
_HEAD_SHARE = 0.45
_INDENT = 0.14
"""Of the page's width: where the left column begins."""


def room_for(page: bytes, width: int, height: int) -> Spot:
    """The spot on the one page of this PDF for a stamp of that size in mm.

    First the left column of the head from the top down, where number and notation stand, then the rest of the head,
    then the whole page; where there is no room at all, the spot of the head that covers least.
    """
    columns, rows, dark = _seen(page)
    counted = _Counted(columns, rows, dark)
    across, down = columns // _PER_MM, rows // _PER_MM
    for left, top in _spots(across, down, width, height):
        if counted.dark(left - 1, top - 1, left + width + 1, top + height + 1) <= _SPECKS:
            return Spot(left, top, free=True)
    corner = (max(0, across - width - _MARGIN), _MARGIN)
    head = list(_head(across, down, width, height)) or [corner]
    left, top = min(head, key=lambda at: counted.dark(at[0], at[1], at[0] + width, at[1] + height))
    return Spot(left, top, free=False)


def _spots(across: int, down: int, width: int, height: int) -> Iterator[tuple[int, int]]:
    """Places in order of preference, in mm."""
    lefts = range(_MARGIN, across - width - _MARGIN + 1, _STEP)
    indented = sorted(lefts, key=lambda left: abs(left - across * _INDENT))
    tops = range(_MARGIN, down - height - _MARGIN + 1, _STEP)
    head = int(down * _HEAD_SHARE) - height
    yield from ((left, top) for top in tops if top <= head for left in indented if 2 * (left + width) <= across)
    yield from _head(across, down, width, height)
    yield from ((left, top) for top in tops for left in lefts)


def _head(across: int, down: int, width: int, height: int) -> Iterator[tuple[int, int]]:
    """Places in the head of the page, from the top down."""
    for top in range(_MARGIN, int(down * _HEAD_SHARE) - height + 1, _STEP):
        yield from ((left, top) for left in range(_MARGIN, across - width - _MARGIN + 1, _STEP))


class _Counted:
    """How many dark dots any rectangle has, by sums from the top left corner."""

    def __init__(self, columns: int, rows: int, dark: list[bytes]) -> None:
        self._columns, self._rows = columns, rows
        above = [0] * (columns + 1)
        self._sums = [above]
        for row in dark:
            above = [up + here for up, here in zip(above, accumulate(row, initial=0), strict=True)]
            self._sums.append(above)

    def dark(self, left: int, top: int, right: int, bottom: int) -> int:
        """The dark dots of a rectangle given in mm."""
        west, east = (max(0, min(self._columns, edge * _PER_MM)) for edge in (left, right))
        north, south = (max(0, min(self._rows, edge * _PER_MM)) for edge in (top, bottom))
        sums = self._sums
        return sums[south][east] - sums[north][east] - sums[south][west] + sums[north][west]


def _seen(page: bytes) -> tuple[int, int, list[bytes]]:
    """Columns, rows, and each row as bytes 1 where it is dark."""
    with PdfDocument(page) as document:
        bitmap = document[0].render(scale=_PER_MM * 25.4 / 72, grayscale=True)
        columns, rows, stride = bitmap.width, bitmap.height, bitmap.stride
        content = bytes(bitmap.buffer)
        bitmap.close()
    table = bytes(1 if shade < _DARK else 0 for shade in range(256))
    return columns, rows, [content[row * stride : row * stride + columns].translate(table) for row in range(rows)]
