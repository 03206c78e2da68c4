"""Files of a mail become documents, their versions and their appendices, each with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from gateway.model.part import PartDecision
from gateway.policy.case import Examined
from gateway.policy.grouping import decisions, group
from tests.policy.sources.mails import MESSAGE, file

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def names(*files: Examined) -> list[list[str]]:
    return [[each.name for each in document.entry.files] for document in group(files)]


def test_what_has_a_number_is_a_document_and_what_follows_without_one_its_appendix() -> None:
    assert names(file("a.pdf", "1"), file("bieu.xlsx"), file("b.pdf", "2"), file("anh.jpg")) == [
        ["a.pdf", "bieu.xlsx"],
        ["b.pdf", "anh.jpg"],
    ]


def test_an_appendix_named_after_its_document_belongs_to_it_wherever_it_stands() -> None:
    pl = file("955-QD-SGTVT_PL1.xlsx")
    first, second = file("955.pdf", "955", "QĐ-SGTVT"), file("12.pdf", "12", "TB-SGTVT")
    assert names(pl, second, first) == [["12.pdf"], ["955.pdf", "955-QD-SGTVT_PL1.xlsx"]]
    assert names(first, second, file("955 Phụ lục.docx")) == [["955.pdf", "955 Phụ lục.docx"], ["12.pdf"]]
    third = file("Quyet dinh.pdf", "124", "SGTVT-VP")
    for name in ("124_phu_luc.docx", "PL 2 CV so 124.xlsx", "Phụ lục kèm CV 124.docx"):
        assert names(file(name), first, third) == [["955.pdf"], ["Quyet dinh.pdf", name]], name
    assert names(file("PL 124.xlsx"), first, third) == [["955.pdf", "PL 124.xlsx"], ["Quyet dinh.pdf"]]


def test_a_document_that_another_is_about_is_an_entry_of_its_own() -> None:
    letter = file("cv.pdf", "44", "SXD-QLN", abstract="Về việc triển khai Quyết định số 955/QĐ-SGTVT")
    assert names(letter, file("qd.pdf", "955", "QĐ-SGTVT")) == [["cv.pdf"], ["qd.pdf"]]


def test_an_appendix_by_name_that_prints_the_number_of_its_document_is_no_version_of_it() -> None:
    appendix, main = file("Phụ lục 1.docx", "955", "QĐ-SGTVT", kind=WORD), file("van ban.docx", "955", "QĐ-SGTVT")
    (document,) = group((appendix, main))
    assert [each.name for each in document.entry.files] == ["van ban.docx", "Phụ lục 1.docx"]
    assert [each.part.name for each in document.versions] == ["van ban.docx"]
    surely_another = file("PL 2.pdf", "7", "BB-SGTVT")
    assert names(main, surely_another) == [["van ban.docx"], ["PL 2.pdf"]]


def test_slips_and_drafts_go_with_the_document_they_came_with() -> None:
    slip = file("phieu.pdf", "3", "PG-SXD", document_type="Phiếu gửi")
    draft = file("Du thao quyet dinh.docx", notation="QĐ-UBND")
    assert names(slip, file("cv.pdf", "44"), draft) == [["cv.pdf", "phieu.pdf", "Du thao quyet dinh.docx"]]
    assert names(slip) == [["phieu.pdf"]]


def test_versions_are_one_document_and_each_part_is_told_why() -> None:
    word = file("a.docx", "44", kind=WORD, abstract="Về việc A")
    grouped = group((word, file("a.pdf", "44"), file("PL1.xlsx"), file("44_SXD-KT_so lieu.xlsx"), file("anh.jpg")))
    told = decisions(grouped)
    (document,) = grouped
    assert document.entry.files[0].name == "a.pdf", "what can only be read is nearer to the original"
    assert document.entry.header.abstract == "Về việc A"
    assert document.entry.header.evidence["abstract"].file == word.facts.sha256
    assert {path: decision for path, (decision, _) in told.items()} == {
        "a.docx": PartDecision.APPENDIX,
        "a.pdf": PartDecision.DOCUMENT,
        "PL1.xlsx": PartDecision.APPENDIX,
        "44_SXD-KT_so lieu.xlsx": PartDecision.APPENDIX,
        "anh.jpg": PartDecision.APPENDIX,
    }
    assert len({reason for _, reason in told.values()}) == 5


def test_files_in_a_message_of_exchange_are_sorted_by_themselves() -> None:
    other = replace(MESSAGE, path="3")
    inside = [file("scan1.pdf", path="2.1"), file("scan2.pdf", path="3.1"), file("bang.xlsx", path="3.2")]
    grouped = group(inside, (MESSAGE, other))
    assert [[each.name for each in one.entry.files] for one in grouped] == [["scan1.pdf"], ["scan2.pdf", "bang.xlsx"]]


def test_an_issuer_in_short_and_in_full_is_one_and_of_another_place_another() -> None:
    pdf = file("a.pdf", "78", "QĐ-UBND", issuer="UBND TỈNH QUẢNG NGÃI")
    for issuer in ("UỶ BAN NHÂN DÂN TỈNH QUẢNG NGÃI", "Ủy ban nhân dân tỉnh Quảng Ngãi"):
        assert names(pdf, file("a.docx", "78", "QĐ-UBND", issuer=issuer, kind=WORD)) == [["a.pdf", "a.docx"]]
    for issuer in ("ỦY BAN NHÂN DÂN TỈNH QUẢNG NAM", "UBND HUYỆN BÌNH SƠN"):
        assert names(pdf, file("a.docx", "78", "QĐ-UBND", issuer=issuer, kind=WORD)) == [["a.pdf"], ["a.docx"]]


def test_the_same_number_of_another_year_is_another_document() -> None:
    old, new = file("a.pdf", "1", issued_on=date(2025, 1, 5)), file("b.pdf", "1", issued_on=date(2026, 1, 6))
    assert names(old, new) == [["a.pdf"], ["b.pdf"]]
