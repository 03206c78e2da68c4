"""The arrival stamp: a frame of 50 x 35 mm with the words of Nghị định 30/2020 Phụ lục IV mục V."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from gateway.model.stamp import Stamp, StampColour
from gateway.typeface import BOLD, REGULAR, drawable, load_fonts

WIDTH_MM, HEIGHT_MM = 50, 35
_COLOURS = {StampColour.RED: "#c00000", StampColour.BLUE: "#1f3f9f"}
_INSET = 1.5 * mm
_WORD = 16 * mm
"""The width of the word ĐẾN."""
_ROWS = (9.5, 8.0, 8.0, 9.5)
"""Heights in mm: the agency, number, day, then what is below both."""
_LARGEST, _SMALLEST = 8.5, 5.0


def draw_stamp(stamp: Stamp, fonts: Path) -> bytes:
    """The stamp alone, as a PDF page of its size."""
    letters = load_fonts(fonts)
    output = BytesIO()
    width, height = WIDTH_MM * mm, HEIGHT_MM * mm
    canvas = Canvas(output, pagesize=(width, height), initialFontName=REGULAR)
    canvas.setStrokeColor(HexColor(_COLOURS[stamp.colour]))
    canvas.setFillColor(HexColor(_COLOURS[stamp.colour]))
    canvas.setLineWidth(1.2)
    canvas.rect(0.6, 0.6, width - 1.2, height - 1.2)
    canvas.setLineWidth(0.6)
    under_name = height - _ROWS[0] * mm
    under_number = under_name - _ROWS[1] * mm
    under_day = under_number - _ROWS[2] * mm
    canvas.line(0.6, under_name, width - 0.6, under_name)
    canvas.line(0.6, under_day, width - 0.6, under_day)
    canvas.line(_WORD, under_name, _WORD, under_day)
    _name(canvas, drawable(stamp.agency.upper(), letters), width, height, under_name)
    canvas.setFont(BOLD, 14)
    canvas.drawCentredString(_WORD / 2, (under_name + under_day) / 2 - 5, "ĐẾN")
    beside = width - _WORD - 2 * _INSET
    _row(canvas, "Số:", drawable(stamp.number, letters), (_WORD + _INSET, under_number + 2.6 * mm, beside))
    _row(canvas, "Ngày:", drawable(stamp.arrived_on, letters), (_WORD + _INSET, under_day + 2.6 * mm, beside))
    below = width - 2 * _INSET
    _row(canvas, "Chuyển:", drawable(stamp.passed_to, letters), (_INSET, under_day - 3.6 * mm, below))
    notation = drawable(stamp.file_notation, letters)
    _row(canvas, "Số và ký hiệu HS:", notation, (_INSET, 2.0 * mm, below))
    canvas.save()
    return output.getvalue()


def _name(canvas: Canvas, name: str, width: float, top: float, bottom: float) -> None:
    room = width - 2 * _INSET
    lines, size = _fitted(name, room)
    leading = size * 1.2
    at = (top + bottom) / 2 + leading * (len(lines) / 2 - 1) + size * 0.25
    for line in lines:
        canvas.setFont(BOLD, size)
        canvas.drawCentredString(width / 2, at, line)
        at -= leading


def _fitted(name: str, room: float) -> tuple[Sequence[str], float]:
    """One line, or two as even as can be, in the largest letters that fit."""
    words = name.split()
    breaks = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    even = min(breaks, key=lambda pair: max(_width(line, BOLD, 1) for line in pair), default=(name,))
    size = _LARGEST
    while size > _SMALLEST:
        for lines in ((name,), even):
            if max(_width(line, BOLD, size) for line in lines) <= room:
                return lines, size
        size -= 0.25
    return [_cut(line, BOLD, size, room) for line in even], size


def _row(canvas: Canvas, label: str, value: str, place: tuple[float, float, float]) -> None:
    """A label with its value, or dots to write on."""
    left, bottom, room = place
    canvas.setFont(REGULAR, _LARGEST - 1)
    canvas.drawString(left, bottom, label)
    offset = _width(label, REGULAR, _LARGEST - 1) + 1 * mm
    if not value:
        value = "." * int((room - offset) / _width(".", REGULAR, _LARGEST - 1))
        canvas.drawString(left + offset, bottom, value)
        return
    size = _LARGEST
    while size > _SMALLEST and _width(value, BOLD, size) > room - offset:
        size -= 0.25
    canvas.setFont(BOLD, size)
    canvas.drawString(left + offset, bottom, _cut(value, BOLD, size, room - offset))


def _cut(text: str, font: str, size: float, room: float) -> str:
    if _width(text, font, size) <= room:
        return text
    while text and _width(f"{text}…", font, size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _width(text: str, font: str, size: float) -> float:
    width: float = stringWidth(text, font, size)
    return width
