"""What a file is besides what it seems: only what another program would really open."""

from __future__ import annotations

import struct
import tempfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.adapters.filetype import contradictions, sniff
from gateway.model.facts import ActiveContent, ActiveKind
from tests.attacks.archive_builder import SEVEN_ZIP, rar4, rar5, zipped
from tests.attacks.clean_formats import CLEAN
from tests.attacks.ole_builder import compound
from tests.attacks.pdf_builder import pdf, stream
from tests.attacks.polyglots import picture
from tests.attacks.types import elf, program
from tests.documents import decision_docx, decision_pdf

CORPORA = Path(__file__).parents[4] / "shared/corpora"
Make = Callable[[], bytes]


def found(content: bytes, media_type: str | None = None) -> tuple[ActiveContent, ...]:
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        path = Path(file.name)
        return contradictions(path, media_type or sniff(path))


def test_a_program_inside_is_told_apart_from_a_second_format() -> None:
    assert {each.kind for each in found(decision_pdf() + program())} >= {ActiveKind.EXECUTABLE}
    assert {each.kind for each in found(decision_pdf() + elf())} >= {ActiveKind.EXECUTABLE}
    assert {each.kind for each in found(decision_pdf() + zipped({"a": b"a"}))} == {ActiveKind.POLYGLOT}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF"])
@pytest.mark.parametrize(
    "behind",
    [zipped({"a": b"a"}), rar4({"a": b"a"}), rar5({"a": b"a"}), SEVEN_ZIP, b"<html><script>a()</script>", program()],
    ids=["zip", "rar4", "rar5", "7z", "page", "program"],
)
def test_what_another_program_opens_behind_a_picture_is_told(kind: str, behind: bytes) -> None:
    assert found(picture(kind) + behind)
    assert found(picture(kind) + b"\0" * 40 + behind)


@pytest.mark.parametrize("clean", CLEAN, ids=lambda clean: clean.name)
def test_an_ordinary_file_is_one_thing(clean: object) -> None:
    assert found(clean.make()) == ()  # type: ignore[attr-defined]


HONEST: dict[str, Make] = {
    "a picture with the words of archives": lambda: picture("PNG") + b"PK\x05\x06 Rar!\x1a\x07 7z\xbc\xaf MZ",
    "a pdf with a file in it": lambda: pdf(objects=[stream(zipped({"a.xlsx": b"a"}), "/Type /EmbeddedFile")]),
    "a pdf with a packed page": lambda: pdf(objects=[stream(zlib.compress(b"<html><script>"), "/Filter /FlateDecode")]),
    "a pdf with a pdf in it": lambda: pdf(objects=[stream(decision_pdf(), "/Type /EmbeddedFile")]),
    "a pdf after a printer's words": lambda: b"\x1b%-12345X@PJL SET A=B\r\n@PJL ENTER\r\n" + decision_pdf(),
    "a pdf padded with zeros": lambda: decision_pdf() + bytes(10_000),
    "a word file with a workbook in it": lambda: compound(
        {"WordDocument": bytes(4096), "ObjectPool": {"_1": {"Package": zipped({"xl/workbook.xml": b"a" * 9000})}}}
    ),
    "a small gif": lambda: b"GIF89a=\x00/\x00\x00\x00\x00;",
    "a package with a package in it": lambda: zipped(
        {"[Content_Types].xml": b"<Types/>", "word/embeddings/a.xlsx": zipped({"a": b"a"})}, method=0
    ),
}


@pytest.mark.parametrize("make", HONEST.values(), ids=HONEST)
def test_what_only_looks_like_a_second_format_is_none(make: Make) -> None:
    assert [each for each in found(make()) if each.kind is ActiveKind.POLYGLOT and "PJL" not in each.place] == []


def test_types_that_are_refused_anyway_are_not_looked_into() -> None:
    assert found(zipped({"a": program()}, method=0), "application/zip") == ()
    assert found(program(), "application/x-msdownload") == ()
    assert found(b"", "application/pdf") == ()


def test_hostile_repetition_costs_little() -> None:
    for content in (
        b"MZ" * 1_000_000,
        b"%%EOF" + b"\n" * 2_000_000,
        b"Rar!\x1a\x07\x00" * 200_000,
        b"\xff\xd9" * 900_000,
    ):
        for head, media_type in ((b"%PDF-1.4\n", "application/pdf"), (b"\xff\xd8\xff\xe0", "image/jpeg")):
            started = time.process_time()
            found(head + content, media_type)
            assert time.process_time() - started < 5


@settings(deadline=None, max_examples=150)
@given(
    start=st.sampled_from([picture("GIF"), picture("PNG")[:300], b"\xff\xd8\xff\xe0", b"%PDF-1.4\n", b"BM", b"RIFF"]),
    cut=st.integers(0, 300),
    rest=st.binary(max_size=300),
    media_type=st.sampled_from(["image/gif", "image/png", "image/jpeg", "application/pdf", "image/bmp", "image/webp"]),
)
def test_any_bytes_are_looked_through(start: bytes, cut: int, rest: bytes, media_type: str) -> None:
    found(start[: cut + 1] + rest + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, cut, cut, 0), media_type)


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_damaged_packages_are_looked_through(data: st.DataObject) -> None:
    content = bytearray(decision_docx())
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    found(bytes(content), "application/vnd.openxmlformats-officedocument.wordprocessingml.document")


def _corpus() -> list[object]:
    paths = sorted(CORPORA.rglob("*")) if CORPORA.is_dir() else []
    return [pytest.param(path, id=str(path.relative_to(CORPORA))) for path in paths if path.is_file()]


@pytest.mark.corpus
@pytest.mark.parametrize("path", _corpus())
def test_no_real_file_is_two_things(path: Path) -> None:
    """XML that is taken is that beside a map alone; all other is refused for what it is, and may be anything."""
    media_type = sniff(path)
    assert media_type == "application/xml" or contradictions(path, media_type) == ()
