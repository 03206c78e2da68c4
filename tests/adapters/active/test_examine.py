"""What readers of foreign bytes owe whatever the bytes: an answer, within bounds, that says no less than before."""

from __future__ import annotations

import io
import tempfile
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.adapters.active import PartlyExamined, examine
from gateway.adapters.active.equation import ordinary_equation
from gateway.adapters.active.links import Reach, reach_of
from gateway.adapters.active.ovba import unpacked
from gateway.adapters.active.pictures import Size, too_large
from gateway.model.facts import ActiveContent, ActiveKind
from tests.attacks import macros, ole, pdf_active, rtf
from tests.attacks.ole_builder import (
    ORDINARY_FORMULA,
    OVERLONG_FONT,
    compiled,
    equation,
    packed,
    vba_bin,
    vba_project,
    word,
)
from tests.attacks.ooxml_builder import docx, xlsx
from tests.attacks.pdf_builder import pdf

SEEDS = {
    attack.name: attack.make()
    for attack in (*macros.ATTACKS[:3], *ole.ATTACKS[:3], *pdf_active.ATTACKS[:12], *rtf.ATTACKS[:4])
}


def found(content: bytes, media_type: str = "") -> tuple[ActiveContent, ...]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tep"
        path.write_bytes(content)
        return examine(path, media_type)


def kinds(content: bytes, media_type: str = "") -> set[ActiveKind]:
    return {each.kind for each in found(content, media_type)}


def unread(content: bytes, media_type: str = "") -> str:
    """What could not be read, as the examination says it; empty where everything could be."""
    try:
        found(content, media_type)
    except PartlyExamined as partly:
        return str(partly)
    return ""


@given(st.sampled_from(sorted(SEEDS)), st.integers(0, 100_000), st.binary(max_size=8))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_damage_anywhere_ends_in_an_answer_or_in_saying_what_was_not_read(name: str, place: int, damage: bytes) -> None:
    content = SEEDS[name]
    place %= len(content)
    damaged = content[:place] + damage + content[place + len(damage) :]
    told = unread(damaged, "application/octet-stream")
    assert told == "" or told.startswith("không đọc được ")


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"PK\x03\x04", b"{\\rtf1", b"%PDF-1.7\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF"]),
)
@settings(max_examples=200, deadline=None)
def test_any_bytes_get_an_answer(content: bytes, head: bytes) -> None:
    assert unread(head + content).isprintable()


@given(st.text(max_size=200), st.sampled_from(["text/plain", "text/csv"]))
def test_text_without_a_bar_or_a_call_has_no_formula_that_acts(text: str, media_type: str) -> None:
    harmless = text.replace("|", "").replace("(", "")
    if not harmless.startswith("ID;"):
        assert found(harmless.encode("utf-8", "replace"), media_type) == ()


@given(st.binary(max_size=9_000))
def test_what_is_packed_unpacks_to_itself_and_never_beyond_what_is_asked(text: bytes) -> None:
    assert (unpacked(packed(text), 10_000) or b"") == text
    assert len(unpacked(packed(text), 100) or b"") <= 100


@pytest.mark.parametrize(
    ("target", "reach"),
    [
        ("media/image1.png", Reach.LOCAL),
        ("Phu%20luc.xlsx", Reach.LOCAL),
        ("C:\\mau\\Normal.dotm", Reach.LOCAL),
        ("file:///C:\\mau\\Normal.dotm", Reach.LOCAL),
        ("file:///C:/mau/Normal.dotm", Reach.LOCAL),
        ("file://localhost/mau.dotm", Reach.LOCAL),
        ("\\\\?\\C:\\mau.dotm", Reach.LOCAL),
        ("mailto:vanthu@quangngai.gov.vn", Reach.LOCAL),
        ("http://evil.example/a", Reach.REMOTE),
        ("HTTPS://evil.example/a", Reach.REMOTE),
        ("h%74tp://evil.example/a", Reach.REMOTE),
        ("ht\ttp://evil.example/a", Reach.REMOTE),
        ("mhtml:http://evil.example/a!x", Reach.REMOTE),
        ("\\\\evil.example\\a\\b.dotm", Reach.REMOTE),
        ("//evil.example/a/b.dotm", Reach.REMOTE),
        ("\\\\?\\UNC\\evil.example\\a", Reach.REMOTE),
        ("file://evil.example/a", Reach.REMOTE),
        ("file:\\\\evil.example\\a", Reach.REMOTE),
        ("file:///\\\\evil.example\\a", Reach.REMOTE),
        ("file:////evil.example/a", Reach.REMOTE),
        ("ms-msdt:/id PCWDiagnostic", Reach.PROGRAM),
        ("search-ms:query=a", Reach.PROGRAM),
        (" javascript:alert(1)", Reach.PROGRAM),
    ],
)
def test_how_far_a_link_reaches_does_not_depend_on_how_it_is_written(target: str, reach: Reach) -> None:
    assert reach_of(target) is reach


@pytest.mark.parametrize(
    ("formula", "ordinary"),
    [
        (equation(ORDINARY_FORMULA), True),
        (equation(OVERLONG_FONT), False),
        (equation(b"\x0a\x01\x08\x5a\x5aTimes New Roman\x00\x02\x83x\x00\x00"), True),
        (equation(b"\x0a\x05\x01\x01\x01\x02\x02\x00\x00\x01\x02\x83a\x00\x00\x00"), True),
        (equation(b"\x0a\x05\x01\x01\x01\x1c\x4c"), False),
        (equation(ORDINARY_FORMULA)[:-3], False),
        (equation(b"\x0f" + ORDINARY_FORMULA), False),
        (b"\x1c\x00", False),
    ],
)
def test_a_formula_is_ordinary_only_where_all_of_it_is_what_the_editor_writes(formula: bytes, ordinary: bool) -> None:
    assert ordinary_equation(formula) is ordinary


@pytest.mark.parametrize(
    ("size", "octets", "large"),
    [
        (Size(9_933, 14_043), 2_000_000, False),
        (Size(19_866, 28_087, 1), 400_000, False),
        (Size(19_866, 28_087, 1), 3_000, True),
        (Size(19_866, 28_087, 8), 4_000_000, True),
        (Size(30_000, 30_000, 1), 4_000_000, True),
    ],
    ids=str,
)
def test_a_scanned_drawing_may_be_large_but_not_out_of_nothing(size: Size, octets: int, large: bool) -> None:
    assert too_large(size, octets) is large


def test_a_project_that_holds_no_code_is_no_macro() -> None:
    empty = {"ThisDocument": "", "Trang1": "Option Explicit\n' chú thích\nRem them\n"}
    assert found(word("Văn bản", {"Macros": vba_project(empty)})) == ()
    assert found(docx(parts={"word/vbaProject.bin": vba_bin(empty, cache=compiled(2))})) == ()


def test_a_project_that_cannot_be_read_is_a_macro() -> None:
    assert kinds(docx(parts={"word/vbaProject.bin": b"khong doc duoc"})) == {ActiveKind.MACRO}
    with pytest.raises(PartlyExamined) as caught:
        found(xlsx(parts={"xl/vbaProject.bin": vba_bin({"M": "Sub A()\nEnd Sub"})[:700]}))
    assert {each.kind for each in caught.value.found} == {ActiveKind.MACRO}


def test_damage_beside_a_find_hides_neither() -> None:
    content = docx(
        links=[("attachedTemplate", "http://evil.example/a.dotm", True)],
        parts={"word/header1.xml": b'<?xml version="1.0"?><w:hdr><w:instrText>DDE'},
    )
    with pytest.raises(PartlyExamined, match=r"word/header1\.xml") as caught:
        found(content)
    assert {each.kind for each in caught.value.found} == {ActiveKind.EXTERNAL_TEMPLATE}


def test_a_file_that_needs_a_password_is_told_by_its_dictionaries() -> None:
    import pikepdf

    out = io.BytesIO()
    script = "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"
    with pikepdf.open(io.BytesIO(pdf(script))) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="chu", user="mat khau"))
    assert kinds(out.getvalue(), "application/pdf") == {ActiveKind.JAVASCRIPT}


def test_a_script_that_only_formats_a_field_is_said_to_be_one() -> None:
    action = '<< /S /JavaScript /JS (AFNumber_Format\\(0, 0, 0, 0, "", true\\);) >>'
    field = f"<< /FT /Tx /T (so tien) /AA << /F {action} >> >>"
    (only,) = found(pdf("/AcroForm << /Fields [6 0 R] >>", [field]), "application/pdf")
    assert (only.kind, only.detail) == (ActiveKind.JAVASCRIPT, "kịch bản định dạng ô")


def test_a_part_that_lies_about_its_size_is_not_believed() -> None:
    content = bytearray(docx())
    row = content.rindex(b"PK\x01\x02")
    content[row + 24 : row + 28] = (5).to_bytes(4, "little")
    with pytest.raises(PartlyExamined, match="kích thước khai sai"):
        found(bytes(content))


def test_documents_within_documents_are_followed_only_so_far() -> None:
    content = docx()
    for _ in range(7):
        content = docx(
            links=[("package", "embeddings/trong.docx", False)], parts={"word/embeddings/trong.docx": content}
        )
    with pytest.raises(PartlyExamined, match="lồng nhau quá sâu"):
        found(content)


def test_an_object_stream_that_is_cut_is_read_as_far_as_it_goes() -> None:
    objects = b"9 0 << /S /JavaScript /JS (app.alert\\(1\\)) >>" + b" " * 5_000
    cut = zlib.compress(objects)[:-6]
    body = b"8 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s" % (len(cut), cut)
    with pytest.raises(PartlyExamined) as caught:
        found(b"%PDF-1.7\n" + body, "application/pdf")
    assert {each.kind for each in caught.value.found} == {ActiveKind.JAVASCRIPT}
