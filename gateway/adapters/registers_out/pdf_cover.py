"""The cover of a bound register, and its last page, where it is signed (Nghị định 30/2020 Phụ lục IV)."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from gateway.adapters.registers_out.pdf_column import TextColumn
from gateway.adapters.registers_out.pdf_hand import Hand
from gateway.model.legal_register import Cover, RegisterForm, Spanned
from gateway.model.wording import count, day
from gateway.typeface import BOLD, REGULAR

WIDTH, HEIGHT = 297 * mm, 210 * mm
LEFT, RIGHT = 25 * mm, WIDTH - 12 * mm
"""The left margin is what the binding takes."""
RULE = 0.5
_MIDDLE = (LEFT + RIGHT) / 2
_DOTS = "…………"


@dataclass(frozen=True, slots=True)
class Hands:
    """The sizes of letters beside those of the table."""

    small: Hand
    text: Hand
    strong: Hand
    title: Hand


def hands_of(letters: frozenset[str]) -> Hands:
    """The hands in the shipped fonts, which have these letters."""
    return Hands(
        small=Hand(REGULAR, 8, 10, letters),
        text=Hand(REGULAR, 13, 19, letters),
        strong=Hand(BOLD, 13, 19, letters),
        title=Hand(BOLD, 26, 36, letters),
    )


def draw_cover(canvas: Canvas, hands: Hands, form: RegisterForm, cover: Cover, spanned: Spanned) -> None:
    """Whose register, which, of what year, from when to when and from which number to which, which volume."""
    column = TextColumn(canvas, _MIDDLE, RIGHT - LEFT - 20 * mm, HEIGHT - 22 * mm)
    column.put(cover.superior.upper(), hands.text)
    column.put(cover.agency.upper(), hands.strong)
    column.skip(26 * mm)
    for line in form.title:
        column.put(line, hands.title)
    if cover.book:
        column.skip(2 * mm)
        column.put(cover.book, hands.strong)
    column.skip(14 * mm)
    column.put(f"Năm: {cover.year}", hands.strong)
    column.skip(6 * mm)
    since = day(spanned.since) if spanned.since else _DOTS
    until = day(spanned.until) if spanned.until else _DOTS
    column.put(f"Từ ngày {since} đến ngày {until}", hands.text)
    if form.numbered:
        column.put(f"Từ số {_number(spanned.first)} đến số {_number(spanned.last)}", hands.text)
    column.y = min(column.y, 50 * mm)
    column.put(f"Quyển số: {cover.volume if cover.volume is not None else _DOTS}", hands.strong)
    canvas.setLineWidth(RULE)
    for inset in (0.0, 1.5 * mm):
        low = 12 * mm + inset
        canvas.rect(LEFT + inset, low, RIGHT - LEFT - 2 * inset, HEIGHT - 2 * low)


def draw_end(
    canvas: Canvas, hands: Hands, form: RegisterForm, cover: Cover, spanned: Spanned, *, pages: int, stamp: str
) -> None:
    """How many pages and entries were bound, and room for two signatures. `stamp` says what it was printed from."""
    middle = TextColumn(canvas, _MIDDLE, RIGHT - LEFT - 30 * mm, HEIGHT - 35 * mm)
    middle.put(f"{form.heading} NĂM {cover.year}", hands.strong)
    middle.skip(6 * mm)
    middle.put(_counted(spanned, pages), hands.text)
    y = middle.y - 12 * mm
    quarter = (RIGHT - LEFT) / 4
    for centre, head, under in (
        (LEFT + quarter, "VĂN THƯ CƠ QUAN", "(Ký, ghi rõ họ tên)"),
        (RIGHT - quarter, "THỦ TRƯỞNG CƠ QUAN", "(Ký, ghi rõ họ tên, đóng dấu)"),
    ):
        side = TextColumn(canvas, centre, 2 * quarter - 10 * mm, y)
        if centre > _MIDDLE:
            side.put(f"{cover.place}, ngày {'.' * 8} tháng {'.' * 8} năm {'.' * 10}", hands.text)
        else:
            side.skip(hands.text.leading)
        side.put(head, hands.strong)
        side.put(under, hands.text)
    foot = TextColumn(canvas, _MIDDLE, RIGHT - LEFT, 20 * mm)
    foot.put(stamp, hands.small)


def _counted(spanned: Spanned, pages: int) -> str:
    """`Sổ này có 12 trang, đánh số từ 01 đến 12, đăng ký 240 văn bản, từ số 1 đến số 240; trong đó hủy 02 số.`"""
    told = f"Sổ này có {count(pages)} trang, đánh số từ 1 đến {pages}, ghi {count(spanned.rows)} văn bản"
    if spanned.rows:
        told += f", từ số {spanned.first} đến số {spanned.last}"
    return f"{told}; trong đó hủy {count(spanned.struck)} số." if spanned.struck else f"{told}."


def _number(number: int | None) -> str:
    return _DOTS if number is None else str(number)
