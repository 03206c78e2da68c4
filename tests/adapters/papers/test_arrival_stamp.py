"""The arrival stamp: 50 x 35 mm with the words of the decree, on a copy, where nothing is printed if there is room."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from pypdfium2 import PdfDocument
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from gateway.adapters.papers.stamp import DAMAGED, LOCKED, ODD_SIZE, OTHER_TYPE, PDF, stamp_copy
from gateway.demo.pki import sign_pdf
from gateway.model.stamp import Spot, Stamp, StampColour, Stamped
from tests.adapters.papers.making import FONTS, NOW, issued

STAMP = Stamp("Sở Giao thông vận tải tỉnh Quảng Ngãi", "17/2026", "23/11/2026", "Phòng Kế hoạch", "12/HS-VP")
A4 = (210 * mm, 297 * mm)


def letter(*, size: tuple[float, float] = A4, top: float = 75, full: bool = False) -> bytes:
    """A page with a letterhead; its text begins `top` mm from above, or leaves no room at all."""
    output = BytesIO()
    canvas = Canvas(output, pagesize=size)
    width, height = size
    for line in range(3):
        canvas.drawString(30 * mm, height - (20 + 5 * line) * mm, "UBND HUYEN SON TINH")
        canvas.drawString(width / 2, height - (20 + 5 * line) * mm, "CONG HOA XA HOI CHU NGHIA VIET NAM")
    at = 3 if full else top
    while at * mm < height - 10 * mm:
        canvas.drawString((2 if full else 30) * mm, height - at * mm, "n" * int(width / mm / (1.55 if full else 2.4)))
        at += 4
    canvas.save()
    return output.getvalue()


def stamped(content: bytes, folder: Path, media_type: str = PDF, stamp: Stamp = STAMP) -> tuple[Stamped, Path]:
    source, output = folder / "source", folder / "output.pdf"
    source.write_bytes(content)
    before = hashlib.sha256(content).digest()
    done = stamp_copy(source, media_type, output, stamp, FONTS)
    assert hashlib.sha256(source.read_bytes()).digest() == before
    assert output.exists() is not bool(done.fault)
    return done, output


def spot_of(done: Stamped) -> Spot:
    assert done.fault == ""
    assert done.spot is not None
    return done.spot


def picture(page: Path | bytes, per_mm: float = 3) -> Image.Image:
    with PdfDocument(page) as document:
        image: Image.Image = document[0].render(scale=per_mm * 25.4 / 72).to_pil().convert("RGB")
        return image


def of_colour(image: Image.Image, spot: Spot, colour: StampColour, per_mm: float = 3) -> int:
    """How many dots in the stamp's place have its colour."""
    box = [int(edge * per_mm) for edge in (spot.left, spot.top, spot.left + 50, spot.top + 35)]
    red, _, blue = (band.tobytes() for band in image.crop((box[0], box[1], box[2], box[3])).split())
    strong, weak = (red, blue) if colour is StampColour.RED else (blue, red)
    return sum(much > little + 60 for much, little in zip(strong, weak, strict=True))


@pytest.mark.parametrize("colour", list(StampColour))
def test_it_stands_where_nothing_is_printed_and_says_what_it_must(tmp_path: Path, colour: StampColour) -> None:
    content = letter()
    done, output = stamped(content, tmp_path, stamp=replace(STAMP, colour=colour))
    spot = spot_of(done)
    assert spot.free
    assert spot.left + 50 <= 105
    assert 30 < spot.top < 75 - 35
    box = tuple(int(edge * 3) for edge in (spot.left, spot.top, spot.left + 50, spot.top + 35))
    assert picture(content).crop(box).getcolors() == [(150 * 105, (255, 255, 255))]  # type: ignore[arg-type]
    assert of_colour(picture(output), spot, colour) > 500
    with PdfDocument(output) as document:
        assert len(document) == 1
        assert (document[0].get_width(), document[0].get_height()) == pytest.approx(A4)
        text = document[0].get_textpage().get_text_range()
    flat = "".join(text.split())
    for words in ("SỞGIAOTHÔNGVẬNTẢI", "TỈNHQUẢNGNGÃI", "ĐẾN", "Số:17/2026", "Ngày:23/11/2026"):
        assert words in flat
    for words in ("Chuyển:PhòngKếhoạch", "SốvàkýhiệuHS:12/HS-VP", "UBNDHUYENSONTINH"):
        assert words in flat


def test_without_room_it_covers_as_little_of_the_head_as_it_can(tmp_path: Path) -> None:
    done, output = stamped(letter(full=True), tmp_path)
    spot = spot_of(done)
    assert not spot.free
    assert spot.top + 35 <= 0.5 * 297
    assert of_colour(picture(output), spot, StampColour.RED) > 500


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_it_is_upright_on_the_page_as_it_is_seen(tmp_path: Path, turn: int) -> None:
    size = A4 if turn % 180 == 0 else A4[::-1]
    turned = BytesIO()
    with pikepdf.open(BytesIO(letter(size=size))) as file:
        file.pages[0].rotate(turn, relative=False)
        file.save(turned)
    done, output = stamped(turned.getvalue(), tmp_path)
    spot = spot_of(done)
    assert of_colour(picture(output), spot, StampColour.RED) > 500
    with PdfDocument(output) as document:
        assert (document[0].get_width(), document[0].get_height()) == pytest.approx(A4)
        assert document[0].get_rotation() == 0
        left, bottom, right, top = spot.left * mm, A4[1] - (spot.top + 35) * mm, (spot.left + 50) * mm, 0.0
        top = A4[1] - spot.top * mm
        assert "ĐẾN" in document[0].get_textpage().get_text_bounded(left, bottom, right, top)


def test_what_a_page_shows_of_a_signature_goes_along_and_nothing_that_runs(tmp_path: Path) -> None:
    active = BytesIO()
    with pikepdf.open(BytesIO(letter())) as file:
        file.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        file.pages[0].obj.AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(2)"))
        file.save(active)
    place = (400, 600, 500, 700)
    signed = sign_pdf(active.getvalue(), issued().gateway, field="Dau", signed_at=NOW, box=place)
    _, output = stamped(signed, tmp_path)
    seal = Spot(int(400 / mm), int((A4[1] - 700) / mm), free=True)
    assert of_colour(picture(output), seal, StampColour.RED) > 300
    with pikepdf.open(output) as copy:
        assert "/OpenAction" not in copy.Root
        assert "/AcroForm" not in copy.Root
        assert "/AA" not in copy.pages[0].obj
        assert "/Annots" not in copy.pages[0].obj


def test_the_part_of_a_page_that_is_not_seen_is_not_stamped(tmp_path: Path) -> None:
    cropped = BytesIO()
    with pikepdf.open(BytesIO(letter(size=(300 * mm, 400 * mm)))) as file:
        file.pages[0].cropbox = pikepdf.Rectangle(40 * mm, 50 * mm, 250 * mm, 347 * mm)
        file.save(cropped)
    done, output = stamped(cropped.getvalue(), tmp_path)
    with PdfDocument(output) as document:
        assert (document[0].get_width(), document[0].get_height()) == pytest.approx(A4)
    assert of_colour(picture(output), spot_of(done), StampColour.RED) > 500


@pytest.mark.parametrize(("form", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("TIFF", "image/tiff")])
def test_a_scan_that_came_as_a_picture_is_stamped_on_a4(tmp_path: Path, form: str, media_type: str) -> None:
    scan = BytesIO()
    picture(letter(), 4).save(scan, form)
    done, output = stamped(scan.getvalue(), tmp_path, media_type)
    assert spot_of(done).free
    assert of_colour(picture(output), spot_of(done), StampColour.RED) > 500
    with PdfDocument(output) as document:
        assert (document[0].get_width(), document[0].get_height()) == pytest.approx(A4, abs=1)


def test_what_cannot_be_stamped_is_refused_with_its_reason(tmp_path: Path) -> None:
    locked = BytesIO()
    with pikepdf.open(BytesIO(letter())) as file:
        file.save(locked, encryption=pikepdf.Encryption(user="mat", owner="khau"))
    docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    wanted = (
        (b"PK", docx, OTHER_TYPE),
        (locked.getvalue(), PDF, LOCKED),
        (b"%PDF-1.7\nkhong phai", PDF, DAMAGED),
        (b"\x89PNG", "image/png", DAMAGED),
        (letter(size=(20 * mm, 20 * mm), full=True), PDF, ODD_SIZE),
    )
    for content, media_type, fault in wanted:
        (tmp_path / "output.pdf").unlink(missing_ok=True)
        assert stamped(content, tmp_path, media_type)[0] == Stamped(fault)


def test_long_names_and_strange_letters_stay_inside_the_frame(tmp_path: Path) -> None:
    long = Stamp("Ủy ban nhân dân huyện " * 8, "1" * 40, "23/11/2026", "Phòng " * 40 + "中文", "x" * 200)
    done, output = stamped(letter(), tmp_path, stamp=long)
    spot = spot_of(done)
    around = picture(output)
    outside = Spot(spot.left + 51, spot.top, free=True)
    assert of_colour(around, outside, StampColour.RED) == 0
