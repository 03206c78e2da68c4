"""Messages of exchange are read as their programs write them, and never believed further than they can be read."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters.edxml import read_exchange
from gateway.errors import Unopened
from gateway.model.exchange import ExchangeBusiness
from tests.edxml import exchange, status, zipped
from tests.mails import page_one

SAMPLES = Path(__file__).parents[4] / "shared" / "domain" / "edxml"


def test_header_and_files_are_read_whatever_the_packing() -> None:
    """Base64 of the file itself, or of a ZIP with one renamed file; a package of several members is the file."""
    package = _two_members()
    opened = read_exchange(
        exchange(("a.txt", page_one(7)), ("b.pdf", zipped("5c70-82fe.pdf", b"%PDF-1.7")), ("c.docx", package))
    )
    assert [(file.name, file.content) for file in opened.files] == [
        ("a.txt", page_one(7)),
        ("b.pdf", b"%PDF-1.7"),
        ("c.docx", package),
    ]
    message = opened.message
    assert (message.identifier, message.issued_on, message.pages, message.copies) == (
        "7/BC-STD",
        date(2026, 11, 20),
        1,
        3,
    )
    assert (message.organ, message.superior) == ("Sở Trình diễn", "Ủy ban nhân dân tỉnh Quảng Ngãi")
    assert (message.competence, message.position, message.signer) == (
        "KT. GIÁM ĐỐC",
        "Phó Giám đốc",
        "Nguyễn Văn Trình",
    )
    assert message.listed == ("a.txt", "b.pdf", "c.docx")
    assert message.response_for == (), "an empty element answers nothing"
    assert message.brings_document
    assert opened.whole
    assert not opened.problems


def _two_members() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    return packed.getvalue()


def test_a_recall_and_a_status_bring_no_document() -> None:
    recall = read_exchange(exchange(("a.txt", b"x"), business="1")).message
    assert (recall.business, recall.brings_document, recall.asks_back) == (ExchangeBusiness.RECALL, False, True)
    told, back = read_exchange(status("03")).message, read_exchange(status("13")).message
    assert (told.status, told.identifier, told.brings_document, told.asks_back) == ("03", "7/BC-STD", False, False)
    assert back.asks_back


def test_what_stands_before_the_declaration_and_prefixes_nobody_declared_are_passed_over_and_said() -> None:
    raw = b"77\n" + exchange(("a.txt", b"x")).replace(b"<edXML:Reference>", b'<edXML:Reference xlink:href="">')
    opened = read_exchange(raw)
    assert [file.content for file in opened.files] == [b"x"]
    assert opened.message.number == "7"
    assert len(opened.problems) == 2


DAMAGED = {
    "cut in the middle": exchange(("a.txt", b"x" * 900))[:-700],
    "an entity": exchange().replace(b"<edXML ", b'<!DOCTYPE edXML [<!ENTITY a "b">]><edXML ', 1),
    "another root": b"<other/>",
    "no XML": b"edXML",
    "no letters": b"<edXML>\xff\xfe\xfa</edXML>",
    "empty": b"",
    "tags without end": b"<edXML>" + b"<a>" * 300_000,
}


@pytest.mark.parametrize("name", DAMAGED)
def test_what_cannot_be_read_is_not_opened(name: str) -> None:
    with pytest.raises(Unopened):
        read_exchange(DAMAGED[name])


def test_a_file_that_cannot_be_had_is_named_and_the_message_not_whole() -> None:
    raw = exchange(("a.txt", b"x"), ("bom.txt", zipped("b.txt", bytes(300_000_000 // 2))), ("c.txt", b"y"))
    opened = read_exchange(raw.replace(b">eA==<", b">${file}<"))
    assert [file.name for file in opened.files] == ["c.txt"]
    assert not opened.whole
    assert ["a.txt" in opened.problems[0], "bom.txt" in opened.problems[1]] == [True, True]


@given(st.integers(0, 2_000), st.binary(max_size=40), st.integers(0, 60))
def test_any_damage_at_all_is_read_or_refused(place: int, put: bytes, lost: int) -> None:
    raw = exchange(("a.txt", b"x"))
    try:
        opened = read_exchange(raw[:place] + put + raw[place + lost :])
    except Unopened:
        return
    assert len(opened.files) <= 1


@pytest.mark.corpus
@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.edxml")), ids=lambda path: path.name)
def test_messages_of_real_programs_are_read(sample: Path) -> None:
    message = read_exchange(sample.read_bytes()).message
    assert message.identifier
    assert (message.status is None) != ("status" in sample.name)
