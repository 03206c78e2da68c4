"""Letters of one font and size: set into lines, and drawn."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from gateway.typeface import drawable

_WORDS_REMEMBERED = 65_536
_STRIKE = 0.3
"""At which share of a letter's size a line goes through it."""

Paragraph = tuple[Sequence[str], float, float]
"""Lines one under the other, and where the first begins."""


class Hand:
    """A font that reportlab knows, in a size and with a distance of lines in points; `letters` are those it can draw.

    The origin of what is drawn is the lower left corner of the page.
    """

    def __init__(self, font: str, size: float, leading: float, letters: frozenset[str]) -> None:
        self.size = size
        self.leading = leading
        self._font = font
        self._letters = letters
        self._width = lru_cache(_WORDS_REMEMBERED)(self.measure)
        self._blank = self.measure(" ")

    def lines(self, text: str, width: float) -> list[str]:
        """The lines of a text in one paragraph; none of an empty one. A word wider than a line is broken."""
        lines: list[str] = []
        line: list[str] = []
        used = 0.0
        for word in drawable(text, self._letters).split():
            wide = self._width(word)
            if line and used + self._blank + wide <= width:
                line.append(word)
                used += self._blank + wide
                continue
            if line:
                lines.append(" ".join(line))
            *whole, rest = self._broken(word, width) if wide > width else [word]
            lines += whole
            line, used = [rest], self._width(rest) if whole else wide
        if line:
            lines.append(" ".join(line))
        return lines

    def measure(self, line: str) -> float:
        """How wide a line is, in points."""
        return float(stringWidth(line, self._font, self.size))

    def write(self, canvas: Canvas, *paragraphs: Paragraph) -> None:
        """Paragraphs, each with the beginning of its first line at a spot."""
        text = canvas.beginText()
        text.setFont(self._font, self.size, self.leading)
        for lines, x, y in paragraphs:
            text.setTextOrigin(x, y)
            for line in lines:
                text.textLine(line)
        canvas.drawText(text)

    def write_centred(self, canvas: Canvas, line: str, x: float, y: float) -> None:
        """One line with its middle at a spot."""
        self.write(canvas, ([line], x - self.measure(line) / 2, y))

    def strike(self, canvas: Canvas, line: str, x: float, y: float) -> None:
        """A stroke through a line that was written there."""
        height = y + self.size * _STRIKE
        canvas.line(x, height, x + self.measure(line), height)

    def _broken(self, word: str, width: float) -> list[str]:
        pieces, piece, used = [], "", 0.0
        for letter in word:
            wide = self._width(letter)
            if piece and used + wide > width:
                pieces.append(piece)
                piece, used = "", 0.0
            piece += letter
            used += wide
        return [*pieces, piece]
