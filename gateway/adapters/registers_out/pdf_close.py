"""The sheet of a closed day, to be signed: what was entered, and the hash that fixes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm

from gateway.adapters.registers_out.pdf_column import TextColumn
from gateway.adapters.registers_out.pdf_cover import hands_of
from gateway.adapters.registers_out.pdf_hand import Hand
from gateway.adapters.registers_out.pdf_volumes import open_canvas
from gateway.model.agency import Agency
from gateway.model.day_close import DayClose, Series
from gateway.model.wording import count, day, letter_date, moment
from gateway.typeface import BOLD, REGULAR, load_fonts

_WIDTH, _HEIGHT = A4
_LEFT, _RIGHT = 30 * mm, _WIDTH - 17 * mm
_MIDDLE, _QUARTER = (_LEFT + _RIGHT) / 2, (_RIGHT - _LEFT) / 4
_TOP = _HEIGHT - 20 * mm
_GROUP = 16


def write_close(out: IO[bytes], closed: DayClose, agency: Agency, books: Mapping[str, str], fonts: Path) -> None:
    """Draw the sheet on A4. `books` names each book by its code, `fonts` is the folder of the shipped fonts."""
    letters = load_fonts(fonts)
    hands = hands_of(letters)
    head, strong = Hand(REGULAR, 11, 15, letters), Hand(BOLD, 11, 15, letters)
    title = f"Biên bản đóng sổ ngày {day(closed.day)}"
    canvas = open_canvas(out, letters, width=_WIDTH, height=_HEIGHT, title=title, author=agency.name)
    left = TextColumn(canvas, _LEFT + _QUARTER, 2 * _QUARTER - 4 * mm, _TOP)
    left.put(agency.superior.upper(), head)
    left.put(agency.name.upper(), strong)
    right = TextColumn(canvas, _RIGHT - _QUARTER, 2 * _QUARTER, _TOP)
    right.put("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Hand(BOLD, 10, 15, letters))
    right.put("Độc lập - Tự do - Hạnh phúc", strong)
    right.skip(4 * mm)
    right.put(f"{agency.place}, {letter_date(closed.closed_at)}", head)
    body = TextColumn(canvas, _MIDDLE, _RIGHT - _LEFT, min(left.y, right.y) - 10 * mm)
    body.put("BIÊN BẢN ĐÓNG SỔ", hands.strong)
    body.put(f"Ngày {day(closed.day)}", hands.strong)
    body.skip(6 * mm)
    for line in _lines(closed, books):
        body.put_left(line, hands.text)
        body.skip(1.5 * mm)
    for centre, told in ((_LEFT + _QUARTER, "NGƯỜI ĐÓNG SỔ"), (_RIGHT - _QUARTER, "PHỤ TRÁCH VĂN THƯ")):
        signed = TextColumn(canvas, centre, 2 * _QUARTER, body.y - 8 * mm)
        signed.put(told, hands.strong)
        signed.put("(Ký, ghi rõ họ tên)", hands.text)
    canvas.save()


def _lines(closed: DayClose, books: Mapping[str, str]) -> Iterator[str]:
    yield f"1. Đóng sổ lúc {moment(closed.closed_at)}."
    yield f"2. Vào sổ trong ngày: {count(closed.entered)} văn bản."
    for series in closed.series:
        if series.count or series.year == closed.day.year:
            yield f"- {books.get(series.book, series.book)}, năm {series.year}: {_numbers(series)}."
    yield f"3. Hủy số: {count(closed.voids)} lượt. Sửa thông tin trong sổ: {count(closed.corrections)} lượt."
    grouped = " ".join(closed.head[at : at + _GROUP] for at in range(0, len(closed.head), _GROUP))
    yield f"4. Nhật ký đến hết ngày có {count(closed.events)} sự kiện; mã băm SHA-256 của sự kiện cuối: {grouped}"


def _numbers(series: Series) -> str:
    if not series.count:
        return f"không có văn bản, số cuối vẫn là {series.last}"
    return f"{count(series.count)} văn bản, từ số {series.first} đến số {series.last}"
