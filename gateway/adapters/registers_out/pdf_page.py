"""The content of one page of a PDF, as drawing operators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.adapters.registers_out.pdf_wrap import Wrapping

_STRIKE = 0.3
"""At which share of a letter's size a line goes through it."""


@dataclass(frozen=True, slots=True)
class Hand:
    """A font as a page's content names it, in one size, with the distance of its lines in points."""

    name: str
    setting: Wrapping
    leading: float


class PdfPage:
    """Letters and lines; the origin is the lower left corner, lengths are points."""

    def __init__(self) -> None:
        self._drawn: list[str] = []

    def write(self, line: str, hand: Hand, x: float, y: float) -> None:
        """One line of text with its beginning at a spot."""
        glyphs = hand.setting.font.encoded(line)
        size = hand.setting.size
        self._drawn.append(f"BT /{hand.name} {size:g} Tf {x:.2f} {y:.2f} Td <{glyphs}> Tj ET")

    def write_centred(self, line: str, hand: Hand, x: float, y: float) -> None:
        """One line of text with its middle at a spot."""
        self.write(line, hand, x - hand.setting.measure(line) / 2, y)

    def write_lines(self, lines: Sequence[str], hand: Hand, x: float, y: float) -> None:
        """Lines one under the other, the first at a spot."""
        encoded = hand.setting.font.encoded
        shown = " T* ".join([f"<{encoded(line)}> Tj" for line in lines])
        self._drawn.append(
            f"BT /{hand.name} {hand.setting.size:g} Tf {hand.leading:g} TL {x:.2f} {y:.2f} Td {shown} ET"
        )

    def strike(self, line: str, hand: Hand, x: float, y: float) -> None:
        """A stroke through a line of text that was written there."""
        height = y + hand.setting.size * _STRIKE
        self.rule(x, height, x + hand.setting.measure(line), height)

    def rule(self, x: float, y: float, to_x: float, to_y: float) -> None:
        """A thin straight line."""
        self._drawn.append(f"0.5 w {x:.2f} {y:.2f} m {to_x:.2f} {to_y:.2f} l S")

    @property
    def content(self) -> str:
        """Everything drawn."""
        return "\n".join(self._drawn)
