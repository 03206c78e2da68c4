"""Draws the arrival stamp on a copy of page 1, in a worker; what came stays as it is, its signatures valid."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pikepdf
from PIL import Image, ImageOps
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from gateway.adapters.papers.arrival import HEIGHT_MM, WIDTH_MM, draw_stamp
from gateway.adapters.papers.room import room_for
from gateway.model.stamp import Stamp, Stamped

PDF = "application/pdf"
PICTURES = frozenset({"image/jpeg", "image/png", "image/tiff", "image/bmp", "image/gif", "image/webp"})

_LARGEST_MM, _SMALLEST_MM = 1500, 60
_DOTS = 300 / 25.4
OTHER_TYPE = "chỉ đóng dấu được lên tệp PDF và tệp ảnh; tệp này hãy in ra rồi đóng dấu tay"
LOCKED = "tệp PDF có mật khẩu, không mở được"
DAMAGED = "tệp hỏng hoặc có cấu trúc không đọc được"
ODD_SIZE = "trang 1 có kích thước khác thường, không đóng dấu được"


def stamp_copy(source: Path, media_type: str, output: Path, stamp: Stamp, fonts: Path) -> Stamped:
    """Write page 1 of `source`, as it is seen, with the stamp on it as the new PDF `output`.

    Drawings of annotations, such as visible signatures, become part of the page; nothing else of the file goes along,
    no script, no form, no attachment.
    """
    try:
        if media_type == PDF:
            page = _first_page(source)
        elif media_type in PICTURES:
            page = _picture(source)
        else:
            return Stamped(OTHER_TYPE)
        return _stamped(page, output, stamp, fonts)
    except MemoryError:
        raise
    except pikepdf.PasswordError:
        return Stamped(LOCKED)
    except Exception:  # noqa: BLE001 - foreign bytes: whatever goes wrong, there is no copy
        return Stamped(DAMAGED)


def _stamped(page: bytes, output: Path, stamp: Stamp, fonts: Path) -> Stamped:
    with pikepdf.open(BytesIO(page)) as copy, pikepdf.open(BytesIO(draw_stamp(stamp, fonts))) as drawn:
        whole = pikepdf.Rectangle(copy.pages[0].mediabox)
        if not all(_SMALLEST_MM <= side / mm <= _LARGEST_MM for side in (whole.width, whole.height)):
            return Stamped(ODD_SIZE)
        spot = room_for(page, WIDTH_MM, HEIGHT_MM)
        left, top = spot.left * mm, float(whole.height) - spot.top * mm
        place = pikepdf.Rectangle(left, top - HEIGHT_MM * mm, left + WIDTH_MM * mm, top)
        copy.pages[0].add_overlay(drawn.pages[0], place)
        copy.save(output)
    return Stamped("", spot)


def _first_page(source: Path) -> bytes:
    """Page 1 as one drawing on a new page of its visible size, upright."""
    output = BytesIO()
    with pikepdf.open(source) as file, pikepdf.new() as copy:
        file.flatten_annotations("all")
        page = file.pages[0]
        page.flatten_rotation()
        page.trimbox = page.cropbox
        box = pikepdf.Rectangle(page.cropbox)
        width, height = float(box.width), float(box.height)
        copy.add_blank_page(page_size=(width, height))
        copy.pages[0].add_overlay(page, pikepdf.Rectangle(0, 0, width, height))
        copy.save(output)
    return output.getvalue()


def _picture(source: Path) -> bytes:
    """The first picture of a file across a page of A4, upright as its camera held it."""
    with Image.open(source) as opened:
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    wide = picture.width > picture.height
    across, down = (A4[1], A4[0]) if wide else A4
    picture.thumbnail((int(across / mm * _DOTS), int(down / mm * _DOTS)))
    scale = min(across / picture.width, down / picture.height)
    width, height = picture.width * scale, picture.height * scale
    output = BytesIO()
    canvas = Canvas(output, pagesize=(across, down))
    canvas.drawImage(ImageReader(picture), (across - width) / 2, down - height, width, height)
    canvas.save()
    return output.getvalue()
