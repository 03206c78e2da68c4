"""Text set around a middle or from a left edge, one line under the other."""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from gateway.adapters.registers_out.pdf_hand import Hand


class TextColumn:
    """Lines of a width around `middle`; `y` is where the last one stands, in points."""

    def __init__(self, canvas: Canvas, middle: float, width: float, y: float) -> None:
        self._canvas = canvas
        self._middle = middle
        self._width = width
        self.y = y

    def put(self, text: str, hand: Hand) -> None:
        """A paragraph, its lines centred."""
        for line in hand.lines(text, self._width):
            self.y -= hand.leading
            hand.write_centred(self._canvas, line, self._middle, self.y)

    def put_left(self, text: str, hand: Hand) -> None:
        """A paragraph, its lines beginning at the left edge."""
        for line in hand.lines(text, self._width):
            self.y -= hand.leading
            hand.write(self._canvas, ([line], self._middle - self._width / 2, self.y))

    def skip(self, points: float) -> None:
        """Room."""
        self.y -= points
