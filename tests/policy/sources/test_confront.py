"""A second source makes a reading surer or doubtful, and fills what page 1 does not say; it never overrules it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.exchange import ExchangeBusiness
from gateway.model.header import EvidenceSource
from gateway.policy.sources.confront import Confronted
from gateway.policy.sources.mail_words import named_in
from tests.policy.sources.mails import MESSAGE, RAW, file, heard, written

SURE = 0.9


def confidence(document: Confronted, name: str = "number") -> float:
    return document.grouped.entry.header.confidence[name]


def test_a_doubtful_reading_that_the_mails_words_confirm_is_sure() -> None:
    for subject in (
        "Gửi Công văn số 123/SXD-KT",
        "Công văn 123 / SXD-KT V/v thẩm định",
        "Fwd: CV 0123/SXD-KT",
        "[TRÌNH UBND] CV 123/SXD-KT",
    ):
        (document,) = heard(file("scan.pdf", "123", sure=0.75), subject=subject)
        assert confidence(document) >= SURE, subject
        assert confidence(document, "notation") >= SURE
        assert document.disagreements == ()


def test_the_whole_identifier_in_a_files_name_confirms_and_another_is_passed_over() -> None:
    (document,) = heard(file("955_QD-SGTVT.pdf", "955", "QĐ-SGTVT", sure=0.75))
    assert confidence(document) >= SURE
    (in_part,) = heard(file("CV 123 SXD.pdf", "123", sure=0.75))
    assert 0.75 < confidence(in_part) < SURE
    (other,) = heard(file("956_QD-SGTVT.pdf", "955", "QĐ-SGTVT", sure=0.97))
    assert (confidence(other), other.disagreements) == (0.97, ())
    (unread,) = heard(file("956_QD-SGTVT.pdf"))
    assert unread.grouped.entry.header.number is None


def test_what_the_mail_says_it_sends_and_the_document_denies_is_told_and_doubtful() -> None:
    (document,) = heard(file("a.pdf", "123"), text="Sở Xây dựng gửi văn bản số 124/SXD-KT ngày 20/11/2026.")
    (told,) = document.disagreements
    assert (told.fields, told.read, told.called, told.other) == ("số, ký hiệu", "123/SXD-KT", "lời thư", "124/SXD-KT")
    assert confidence(document) < SURE
    assert document.grouped.entry.header.number == "123"


def test_what_one_source_denies_no_other_makes_sure_again() -> None:
    (document,) = heard(file("123_SXD-KT.pdf", "123"), subject="Gửi văn bản số 124/SXD-KT")
    assert [each.other for each in document.disagreements] == ["124/SXD-KT"]
    assert confidence(document) < SURE
    (filled,) = heard(file("123_SXD-KT.pdf"), subject="Gửi văn bản số 123/SXD-KT")
    assert confidence(filled) < SURE, "one hand wrote both"


REFERRED = (
    "Thực hiện Công văn số 90/UBND-KT ngày 01/10/2026, Sở Xây dựng gửi kèm báo cáo.",
    "V/v góp ý dự thảo theo Công văn 90/UBND-KT",
    "Trả lời công văn số 90/UBND-KT của quý Sở.",
    "Sở đã nhận được 90/UBND-KT.",
    "Cuộc họp ngày 07/9 lúc 14/CA",
    "Ý kiến đối với CV 90/UBND-KT",
    "Giải trình Công văn số 90/UBND-KT ngày 01/10/2026",
    "Sơ kết Nghị quyết 18/NQ-TW",
    "Sở Xây dựng gửi báo cáo Chỉ thị 16/CT-TTg.",
    "Gửi hồ sơ của Quyết định số 90/QĐ-UBND",
    "Quý Sở đã gửi Công văn 90/UBND-KT.",
    "Ngày 03/11, Quý Sở gửi Công văn 90/UBND-KT đề nghị góp ý.",
    "UBND tỉnh ban hành Quyết định số 90/QĐ-UBND, Sở gửi kế hoạch thực hiện.",
    "Gửi phụ lục kèm theo Công văn số 90/UBND-KT",
    "Giấy phép số 12/GP-STTTT ngày 3/4/2020.",
)


@pytest.mark.parametrize("text", REFERRED)
def test_a_document_that_is_only_referred_to_contradicts_nothing(text: str) -> None:
    (document,) = heard(file("a.pdf", "123"), text=text)
    assert (confidence(document), document.disagreements) == (0.97, ())
    for where in ({"text": text}, {"subject": text}, {"subject": f"Re: {text}"}):
        (unread,) = heard(file("a.pdf"), **where)
        assert unread.grouped.entry.header.number is None
        (cited,) = heard(file("a.pdf", "90", "UBND-KT", sure=0.75), **where)
        assert confidence(cited) == 0.75, "a page too may cite what it answers"


@pytest.mark.parametrize(
    "text",
    [
        "Sở Xây dựng gửi Quý Sở Công văn số 123/SXD-KT ngày 20/11/2026 trả lời Công văn số 90/UBND-KT.",
        "Trân trọng kính gửi Sở Giao thông vận tải tỉnh Quảng Ngãi Báo cáo số 123/SXD-KT",
        "Xin gửi kèm theo đây Tờ trình số 5/TTr-SXD (05 trang) và Công văn số 123/SXD-KT.",
        "File: 2. CV 123/SXD-KT",
        "- văn bản số: 123/SXD-KT của Sở",
    ],
)
def test_what_a_mail_says_it_brings_is_heard_among_what_it_refers_to(text: str) -> None:
    numbers = {(one.number, one.notation) for one in named_in(written(text=text))}
    assert ("123", "SXD-KT") in numbers
    assert numbers <= {("123", "SXD-KT"), ("5", "TTr-SXD")}


def test_of_several_documents_each_hears_what_is_said_of_it() -> None:
    text = "Kính gửi quý Sở:\n1. Quyết định số 955/QĐ-SXD ngày 07/9/2026 (05 trang);\n2. Công văn số 123/SXD-KT."
    first = file("a.pdf", "955", "QĐ-SXD", issued_on=date(2026, 9, 8))
    one, other = heard(first, file("b.pdf", "123", sure=0.7), text=text)
    assert [each.fields for each in one.disagreements] == ["ngày ban hành"]
    assert confidence(one) >= SURE > confidence(one, "issued_on")
    assert (confidence(other) >= SURE, other.disagreements) == (True, ())


def test_the_mails_words_fill_what_page_1_lacks_but_never_for_sure() -> None:
    (document,) = heard(file("a.pdf"), subject="Công văn số 123/SXD-KT V/v thẩm định thiết kế cầu")
    header = document.grouped.entry.header
    assert (header.number, header.notation, header.abstract) == ("123", "SXD-KT", "Về việc thẩm định thiết kế cầu")
    assert all(header.confidence[name] < SURE for name in ("number", "notation", "abstract"))
    origin = header.evidence["number"]
    assert (origin.source, origin.file) == (EvidenceSource.MAIL, RAW)
    assert document.grouped.entry.identifier_key == "123/SXD-KT"


def test_a_message_of_exchange_fills_confirms_and_names_its_document() -> None:
    read = file("a.pdf", "123", path="2.1", sure=0.7, signer="LÊ VĂN BỐN")
    (document,) = heard(read, exchanges=(MESSAGE,))
    entry = document.grouped.entry
    assert entry.exchange_id == MESSAGE.document_id
    assert entry.header.issuer == "Sở Xây dựng"
    assert entry.header.evidence["issuer"].source is EvidenceSource.EXCHANGE
    assert entry.header.evidence["number"].file == read.facts.sha256
    assert min(confidence(document, name) for name in ("number", "notation", "signer", "issuer")) >= SURE
    assert document.disagreements == ()


def test_a_message_about_another_number_is_told_and_fills_nothing_for_sure() -> None:
    (document,) = heard(
        file("a.pdf", "132", path="2.1", issuer="SỞ Y TẾ", issued_on=date(2026, 11, 20)), exchanges=(MESSAGE,)
    )
    assert [each.fields for each in document.disagreements] == ["số, ký hiệu", "cơ quan ban hành"]
    header = document.grouped.entry.header
    assert (header.number, header.issuer, header.signer) == ("132", "SỞ Y TẾ", "Lê Văn Bốn")
    assert max(header.confidence[name] for name in ("number", "issuer", "signer")) < SURE
    assert header.confidence["issued_on"] >= SURE


def test_a_message_with_an_odd_number_or_a_day_to_come_is_asked_about_and_no_endless_word_is_entered() -> None:
    inside = file("a.pdf", path="2.1")
    for odd in (replace(MESSAGE, number="20251020104803"), replace(MESSAGE, notation="A B<x>")):
        (document,) = heard(inside, exchanges=(odd,))
        assert max(confidence(document), confidence(document, "notation")) < SURE <= confidence(document, "signer")
    (later,) = heard(inside, exchanges=(replace(MESSAGE, issued_on=date(2099, 1, 1)),))
    assert confidence(later, "issued_on") < SURE <= confidence(later)
    (endless,) = heard(inside, exchanges=(replace(MESSAGE, number="9" * 500, notation="X" * 500),))
    assert (endless.grouped.entry.header.number, endless.grouped.entry.header.notation) == (None, None)


def test_a_message_beside_the_files_is_about_those_it_lists_or_numbers() -> None:
    listing = replace(MESSAGE, path="4", number="", notation="", listed=("b.pdf",))
    one, other = heard(file("a.pdf", "5", path="1"), file("b.pdf", "6", path="3"), exchanges=(listing,))
    assert (one.message, other.message) == (None, listing)
    one, other = heard(file("a.pdf", "5", path="1"), file("b.pdf", "123", path="3"), exchanges=(MESSAGE,))
    assert (one.message, other.message) == (None, MESSAGE)


def test_a_recall_says_nothing_of_what_came_with_it() -> None:
    recall = replace(MESSAGE, business=ExchangeBusiness.RECALL)
    assert heard(file("a.pdf", "123", path="2.1"), exchanges=(recall,)) == ()


def test_versions_that_say_otherwise_are_told() -> None:
    word = file("a.docx", "123", issued_on=date(2026, 11, 19), kind="application/msword")
    (document,) = heard(file("a.pdf", "123", issued_on=date(2026, 11, 20)), word)
    (told,) = document.disagreements
    assert (told.read, told.other) == ("20/11/2026", "19/11/2026")
    assert confidence(document, "issued_on") < SURE


@given(st.text(max_size=300), st.text(max_size=600))
def test_any_words_at_all_are_heard(subject: str, text: str) -> None:
    heard(file("a.pdf", "123"), file("b.pdf"), subject=subject, text=text)


def test_dates_addresses_and_amounts_are_no_numbers_of_documents() -> None:
    text = (
        "Ngày 07/9/2017, 24/7, 10/km, 2/3 số hộ, Km 5/QL24B, 12/ĐT.622C, https://a.vn/12/QĐ-X, QCVN 102/2016, "
        "TCVN 6909/2001, 3/Ca"
    )
    assert named_in(written(text=text)) == ()
