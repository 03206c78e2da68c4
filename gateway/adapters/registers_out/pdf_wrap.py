"""Words set into lines of a width."""

from __future__ import annotations

from functools import lru_cache

from gateway.adapters.registers_out.pdf_font import PdfFont

_WORDS_REMEMBERED = 65_536


class Wrapping:
    """Breaks text of one font and size into lines; a word wider than a line is broken where the line ends."""

    def __init__(self, font: PdfFont, size: float) -> None:
        self.font = font
        self.size = size
        self._width = lru_cache(_WORDS_REMEMBERED)(font.width)
        self._blank = font.width(" ")

    def lines(self, text: str, width: float) -> list[str]:
        """The lines of a text in one paragraph; none of an empty one. `width` is in points."""
        room = width / self.size
        lines: list[str] = []
        line: list[str] = []
        used = 0.0
        for word in text.split():
            wide = self._width(word)
            if line and used + self._blank + wide <= room:
                line.append(word)
                used += self._blank + wide
                continue
            if line:
                lines.append(" ".join(line))
            *whole, rest = self._broken(word, room) if wide > room else [word]
            lines += whole
            line, used = [rest], self._width(rest) if whole else wide
        if line:
            lines.append(" ".join(line))
        return lines

    def measure(self, line: str) -> float:
        """How wide a line is, in points."""
        return self.font.width(line) * self.size

    def _broken(self, word: str, room: float) -> list[str]:
        pieces, piece, used = [], "", 0.0
        for letter in word:
            wide = self.font.width(letter)
            if piece and used + wide > room:
                pieces.append(piece)
                piece, used = "", 0.0
            piece += letter
            used += wide
        return [*pieces, piece]
