"""The cover of a bound register, and its last page, where it is signed (Nghị định 30/2020 Phụ lục IV)."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.adapters.registers_out.pdf_column import TextColumn
from gateway.adapters.registers_out.pdf_font import PdfFont
from gateway.adapters.registers_out.pdf_page import Hand, PdfPage
from gateway.adapters.registers_out.pdf_wrap import Wrapping
from gateway.model.legal_register import Cover, RegisterForm, Spanned
from gateway.model.wording import count, day

MM = 72 / 25.4
WIDTH, HEIGHT = 297 * MM, 210 * MM
LEFT, RIGHT = 25 * MM, WIDTH - 12 * MM
"""The left margin is what the binding takes."""
_MIDDLE = (LEFT + RIGHT) / 2
_DOTS = "…………"


@dataclass(frozen=True, slots=True)
class Hands:
    """The sizes of letters beside those of the table."""

    small: Hand
    text: Hand
    strong: Hand
    title: Hand


def hands_of(regular: PdfFont, bold: PdfFont) -> Hands:
    """The hands in these fonts."""
    return Hands(
        small=Hand("R", Wrapping(regular, 8), 10),
        text=Hand("R", Wrapping(regular, 13), 19),
        strong=Hand("B", Wrapping(bold, 13), 19),
        title=Hand("B", Wrapping(bold, 26), 36),
    )


def draw_cover(page: PdfPage, hands: Hands, form: RegisterForm, cover: Cover, spanned: Spanned) -> None:
    """Whose register, which, of what year, from when to when and from which number to which, which volume."""
    column = TextColumn(page, _MIDDLE, RIGHT - LEFT - 20 * MM, HEIGHT - 22 * MM)
    column.put(cover.superior.upper(), hands.text)
    column.put(cover.agency.upper(), hands.strong)
    column.skip(26 * MM)
    for line in form.title:
        column.put(line, hands.title)
    if cover.book:
        column.skip(2 * MM)
        column.put(cover.book, hands.strong)
    column.skip(14 * MM)
    column.put(f"Năm: {cover.year}", hands.strong)
    column.skip(6 * MM)
    since = day(spanned.since) if spanned.since else _DOTS
    until = day(spanned.until) if spanned.until else _DOTS
    column.put(f"Từ ngày {since} đến ngày {until}", hands.text)
    if form.numbered:
        column.put(f"Từ số {_number(spanned.first)} đến số {_number(spanned.last)}", hands.text)
    column.y = min(column.y, 50 * MM)
    column.put(f"Quyển số: {cover.volume if cover.volume is not None else _DOTS}", hands.strong)
    for inset in (0.0, 1.5 * MM):
        _frame(page, LEFT + inset, 12 * MM + inset, RIGHT - inset, HEIGHT - 12 * MM - inset)


def _frame(page: PdfPage, left: float, low: float, right: float, high: float) -> None:
    for x, y, to_x, to_y in (
        (left, low, right, low),
        (left, high, right, high),
        (left, low, left, high),
        (right, low, right, high),
    ):
        page.rule(x, y, to_x, to_y)


def draw_end(
    page: PdfPage, hands: Hands, form: RegisterForm, cover: Cover, spanned: Spanned, *, pages: int, stamp: str
) -> None:
    """How many pages and entries were bound, and room for two signatures. `stamp` says what it was printed from."""
    middle = TextColumn(page, _MIDDLE, RIGHT - LEFT - 30 * MM, HEIGHT - 35 * MM)
    middle.put(f"{form.heading} NĂM {cover.year}", hands.strong)
    middle.skip(6 * MM)
    middle.put(_counted(spanned, pages), hands.text)
    y = middle.y - 12 * MM
    quarter = (RIGHT - LEFT) / 4
    for centre, head, under in (
        (LEFT + quarter, "VĂN THƯ CƠ QUAN", "(Ký, ghi rõ họ tên)"),
        (RIGHT - quarter, "THỦ TRƯỞNG CƠ QUAN", "(Ký, ghi rõ họ tên, đóng dấu)"),
    ):
        side = TextColumn(page, centre, 2 * quarter - 10 * MM, y)
        if centre > _MIDDLE:
            side.put(f"{cover.place}, ngày {'.' * 8} tháng {'.' * 8} năm {'.' * 10}", hands.text)
        else:
            side.skip(hands.text.leading)
        side.put(head, hands.strong)
        side.put(under, hands.text)
    foot = TextColumn(page, _MIDDLE, RIGHT - LEFT, 20 * MM)
    foot.put(stamp, hands.small)


def _counted(spanned: Spanned, pages: int) -> str:
    """`Sổ này có 12 trang, đánh số từ 01 đến 12, đăng ký 240 văn bản, từ số 1 đến số 240; trong đó hủy 02 số.`"""
    told = f"Sổ này có {count(pages)} trang, đánh số từ 1 đến {pages}, ghi {count(spanned.rows)} văn bản"
    if spanned.rows:
        told += f", từ số {spanned.first} đến số {spanned.last}"
    return f"{told}; trong đó hủy {count(spanned.struck)} số." if spanned.struck else f"{told}."


def _number(number: int | None) -> str:
    return _DOTS if number is None else str(number)
