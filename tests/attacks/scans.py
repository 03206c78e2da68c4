"""Pages as a scanner gives them: a stamp on paper, turned, pale, noisy, as coarse as offices scan. Made with Pillow."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from tests.documents import BODY, COUNTRY, FONTS, MOTTO

PAPER = (8.27, 11.69)
INKS = {"black": (25, 25, 28), "red": (205, 30, 40), "pale": (226, 118, 120), "dark-red": (150, 20, 30)}
WHITE = (252, 251, 248)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A stamp on a scanned page; "" for none. `turned` is the stamp by degrees, `skewed` the whole page.

    `at` is its centre in inches from the left and the top; `frame` the width of its frame in points, 0 for none;
    `room` the blank between word and frame in points; `noise` how many in a thousand pixels are specks.
    """

    words: str
    dpi: int = 200
    colour: str = "black"
    turned: float = 0.0
    skewed: float = 0.0
    at: tuple[float, float] = (2.1, 2.15)
    frame: float = 1.2
    room: float = 4.0
    points: float = 14.0
    bold: bool = True
    noise: int = 0
    blur: float = 0.0
    quality: int = 85
    title: str = "BÁO CÁO"
    subject: str = "Kết quả thực hiện nhiệm vụ quý I năm 2025"
    number: str = "Số: 12/BC-SGTVT"


@cache
def page_of(stamp: Stamp) -> Image.Image:
    """The page in colour."""
    page = Image.new("RGB", (round(PAPER[0] * stamp.dpi), round(PAPER[1] * stamp.dpi)), WHITE)
    _write(page, stamp)
    if stamp.words:
        _press(page, stamp)
    if stamp.skewed:
        page = page.rotate(stamp.skewed, Image.Resampling.BICUBIC, fillcolor=WHITE)
    if stamp.blur:
        page = page.filter(ImageFilter.GaussianBlur(stamp.blur))
    if stamp.noise:
        _speckle(page, stamp.noise)
    return page


def scanned_png(stamp: Stamp) -> bytes:
    """The page as a PNG."""
    return _encoded(page_of(stamp), "PNG", 0)


def scanned_jpeg(stamp: Stamp) -> bytes:
    """The page as a JPEG."""
    return _encoded(page_of(stamp), "JPEG", stamp.quality)


def scanned_pdf(*stamps: Stamp) -> bytes:
    """A PDF whose pages are JPEG pictures."""
    target = io.BytesIO()
    first, *others = [page_of(stamp) for stamp in stamps]
    first.save(
        target,
        format="PDF",
        save_all=True,
        append_images=others,
        resolution=stamps[0].dpi,
        quality=stamps[0].quality,
        creationDate=None,
        modDate=None,
    )
    return target.getvalue()


def _encoded(page: Image.Image, form: str, quality: int) -> bytes:
    target = io.BytesIO()
    page.save(target, format=form, **({"quality": quality} if quality else {}))
    return target.getvalue()


def _font(points: float, dpi: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    path = FONTS / ("DejaVuSerif-Bold.ttf" if bold else "DejaVuSerif.ttf")
    assert path.exists(), f"{path} is missing: install the Debian package fonts-dejavu-core"
    return ImageFont.truetype(str(path), max(round(points * dpi / 72), 1))


def _write(page: Image.Image, stamp: Stamp) -> None:
    draw, dpi = ImageDraw.Draw(page), stamp.dpi
    ink = INKS["black"]

    def put(x: float, y: float, text: str, points: float, *, bold: bool = False, anchor: str = "mm") -> None:
        draw.text((x * dpi, y * dpi), text, ink, _font(points, dpi, bold=bold), anchor)

    for x, y, text, bold in (
        (2.1, 1.0, "UBND TỈNH QUẢNG NGÃI", False),
        (2.1, 1.22, "SỞ GIAO THÔNG VẬN TẢI", True),
        (2.1, 1.65, stamp.number, False),
        (5.6, 1.0, COUNTRY, True),
        (5.6, 1.22, MOTTO, True),
        (5.6, 1.65, "Quảng Ngãi, ngày 03 tháng 3 năm 2025", False),
    ):
        put(x, y, text, 8.5, bold=bold)
    put(4.2, 2.9, stamp.title, 13, bold=True)
    put(4.2, 3.15, stamp.subject, 11, bold=True)
    for place, line in enumerate(row for text in BODY for row in _rows(text)):
        put(1.2, 3.7 + 0.26 * place, line, 11, anchor="lm")


def _rows(text: str, width: int = 62) -> list[str]:
    rows: list[str] = []
    for word in text.split():
        if rows and len(rows[-1]) + len(word) < width:
            rows[-1] += f" {word}"
        else:
            rows.append(word)
    return rows


def _press(page: Image.Image, stamp: Stamp) -> None:
    """Ink on paper: what lies under the stamp shows through."""
    dpi = stamp.dpi
    font = _font(stamp.points, dpi, bold=stamp.bold)
    left, top, right, bottom = font.getbbox(stamp.words)
    edge = round((stamp.room + stamp.frame + 2) * dpi / 72)
    size = (round(right - left) + 2 * edge, round(bottom - top) + 2 * edge)
    mask = Image.new("L", size, 0)
    draw = ImageDraw.Draw(mask)
    draw.text((edge - left, edge - top), stamp.words, 255, font)
    if stamp.frame:
        draw.rectangle((2, 2, size[0] - 3, size[1] - 3), outline=255, width=max(round(stamp.frame * dpi / 72), 1))
    mask = mask.rotate(stamp.turned, Image.Resampling.BICUBIC, expand=True)
    inked = Image.composite(
        Image.new("RGB", mask.size, INKS[stamp.colour]), Image.new("RGB", mask.size, (255, 255, 255)), mask
    )
    corner = (round(stamp.at[0] * dpi) - mask.width // 2, round(stamp.at[1] * dpi) - mask.height // 2)
    area = (*corner, corner[0] + mask.width, corner[1] + mask.height)
    page.paste(ImageChops.multiply(page.crop(area), inked), corner)


def _speckle(page: Image.Image, share: int) -> None:
    chance = random.Random(29)
    pixels = page.load()
    assert pixels is not None
    for _ in range(page.width * page.height * share // 1000):
        shade = chance.choice((40, 120, 200))
        pixels[chance.randrange(page.width), chance.randrange(page.height)] = (shade, shade, shade)
