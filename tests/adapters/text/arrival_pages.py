"""Scanned pages on which another office pressed its arrival stamp, drawn by hand as such stamps are."""

from __future__ import annotations

import random
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFont

from tests.attacks.scans import Stamp, page_of
from tests.documents import FONTS

INK = (40, 45, 70)
WHITE = (255, 255, 255)


def with_stamp(page: Stamp, stamp: Image.Image, at: tuple[float, float]) -> Image.Image:
    """The page with a stamp whose upper left corner is at inches from the left and the top."""
    drawn = page_of(page).copy()
    corner = (round(at[0] * page.dpi), round(at[1] * page.dpi))
    area = (*corner, corner[0] + stamp.width, corner[1] + stamp.height)
    drawn.paste(ImageChops.multiply(drawn.crop(area), stamp), corner)
    return drawn


def two_columns(dpi: int = 200, turned: float = -0.6) -> Image.Image:
    """Who received it above; `CV ĐẾN` beside number, day and whom it is passed to; a little askew."""
    picture, draw = _blank(2.1, 0.86, dpi)
    edge = 0.04 * dpi
    draw.rectangle((edge, edge, picture.width - edge, picture.height - edge), outline=INK, width=3)
    draw.line((edge, 0.22 * dpi, picture.width - edge, 0.22 * dpi), fill=INK, width=2)
    draw.line((0.6 * dpi, 0.22 * dpi, 0.6 * dpi, picture.height - edge), fill=INK, width=2)
    _put(draw, dpi, 8, [(0.12, 0.07, "VĂN PHÒNG SỞ NỘI VỤ")], bold=True)
    _put(draw, dpi, 11, [(0.2, 0.28, "CV"), (0.11, 0.54, "ĐẾN")], bold=True)
    _put(
        draw,
        dpi,
        8,
        [(0.66, 0.26, "Số:....418......"), (0.66, 0.44, "Ngày:.05/3/25"), (0.66, 0.62, "Chuyển:.........")],
    )
    return picture.rotate(turned, Image.Resampling.BICUBIC, fillcolor=WHITE)


def one_column(dpi: int = 200) -> Image.Image:
    """As Nghị định 30/2020/NĐ-CP, Phụ lục IV shows it: who received it, ĐẾN, number, day, passed to, file."""
    picture, draw = _blank(1.9, 1.36, dpi)
    edge = 0.04 * dpi
    draw.rectangle((edge, edge, picture.width - edge, picture.height - edge), outline=INK, width=3)
    _put(draw, dpi, 8, [(0.45, 0.08, "UBND XÃ SƠN HÀ"), (0.12, 0.5, "ĐẾN")], bold=True)
    rows = ("Số: 731", "Ngày: 06/3/2025", "Chuyển: ..............", "Số và ký hiệu HS: ...")
    _put(draw, dpi, 8, [(0.56, 0.3 + 0.25 * place, row) for place, row in enumerate(rows)])
    return picture


def table(dpi: int = 200) -> Image.Image:
    """A framed piece of the document's own."""
    picture, draw = _blank(2.0, 0.8, dpi)
    draw.rectangle((4, 4, picture.width - 5, picture.height - 5), outline=INK, width=3)
    _put(draw, dpi, 9, [(0.2, 0.15, "Số lượng: 12"), (0.2, 0.45, "từ ngày 01 đến 05")])
    return picture


def broken(stamp: Image.Image) -> Image.Image:
    """The stamp with ink missing here and there, also of its frame."""
    worn, chance = stamp.copy(), random.Random(5)
    draw = ImageDraw.Draw(worn)
    for _ in range(14):
        x, y = chance.randrange(worn.width), chance.randrange(worn.height)
        draw.rectangle((x, y, x + 3, y + 3), fill=WHITE)
    return worn


def _blank(width: float, height: float, dpi: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", (round(width * dpi), round(height * dpi)), WHITE)
    return picture, ImageDraw.Draw(picture)


def _put(
    draw: ImageDraw.ImageDraw, dpi: int, points: float, rows: Sequence[tuple[float, float, str]], *, bold: bool = False
) -> None:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    font = ImageFont.truetype(str(FONTS / name), round(points * dpi / 72))
    for x, y, text in rows:
        draw.text((x * dpi, y * dpi), text, INK, font)
