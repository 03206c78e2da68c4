"""Where signatures show, and what is printed beside them."""

from dataclasses import astuple
from pathlib import Path

import pytest

from gateway.adapters.signatures import validate_signatures
from gateway.model.signature import Place, Signature
from tests import pki
from tests.pki import NOW, sign_pdf


def page(*lines: tuple[int, int, str]) -> bytes:
    """One page with these texts, each at a place in points."""
    text = ") Tj ET BT /F1 12 Tf ".join(f"{x} {y} Td ({line}" for x, y, line in lines)
    return pki.plain_pdf_of(f"BT /F1 12 Tf {text}) Tj ET")


def check(pdf: bytes, folder: Path) -> tuple[Signature, ...]:
    file = folder / "file.pdf"
    file.write_bytes(pdf)
    return validate_signatures(file, pki.anchors())[0]


BLOCK = (
    *((72, 500, "Noi nhan:"), (72, 480, "- Nhu tren;"), (350, 510, "KT. GIAM DOC"), (350, 492, "PHO GIAM DOC")),
    *((340, 380, "Tran Thi Mau"), (72, 760, "So: 12/TB-SGTVT"), (72, 100, "Trang 1")),
)


def test_the_capacity_and_name_of_a_signer_are_read_in_order_and_nothing_else(tmp_path: Path) -> None:
    (signature,) = check(
        sign_pdf(page(*BLOCK), pki.pki().person, field="S", signed_at=NOW, box=(330, 400, 450, 480)), tmp_path
    )
    assert signature.place == Place(1, 330, 400, 450, 480)
    assert signature.beside.splitlines() == ["KT. GIAM DOC", "PHO GIAM DOC", "Tran Thi Mau"]


def test_a_signature_without_a_box_shows_nowhere(tmp_path: Path) -> None:
    (signature,) = check(sign_pdf(page(*BLOCK), pki.pki().person, field="S", signed_at=NOW), tmp_path)
    assert (signature.place, signature.beside) == (None, "")


def test_a_box_on_an_empty_part_of_the_page_has_nothing_beside(tmp_path: Path) -> None:
    (signature,) = check(
        sign_pdf(page(*BLOCK), pki.pki().seal, field="S", signed_at=NOW, box=(300, 200, 400, 250)), tmp_path
    )
    assert signature.place is not None
    assert signature.beside == ""


def test_a_line_across_the_page_is_no_title(tmp_path: Path) -> None:
    long = (60, 520, "x" * 75)
    (signature,) = check(
        sign_pdf(page(long, *BLOCK), pki.pki().person, field="S", signed_at=NOW, box=(330, 400, 450, 480)), tmp_path
    )
    assert "xx" not in signature.beside


def test_each_of_two_signatures_has_its_own_place(tmp_path: Path) -> None:
    person, seal = check(pki.sealed_pdf(), tmp_path)
    assert [astuple(each.place)[1] for each in (person, seal) if each.place] == [300.0, 250.0]
    assert (person.name, seal.name) == ("Signature1", "Signature2")


@pytest.mark.parametrize("rectangle", [b"[ 1 2 3 ]", b"[ 0 0 0 0 ]", b"[ (a) 0 9 9 ]", b"null", b"/Rect"])
def test_a_broken_box_spoils_no_signature(tmp_path: Path, rectangle: bytes) -> None:
    pdf = sign_pdf(page(*BLOCK), pki.pki().seal, field="S", signed_at=NOW, box=(300, 200, 400, 250))
    start = pdf.index(b"/Rect [")
    end = pdf.index(b"]", start) + 1
    (signature,) = check(pdf[:start] + (b"/Rect " + rectangle).ljust(end - start) + pdf[end:], tmp_path)
    assert signature.place is None
    assert signature.signer == pki.AGENCY
