"""What a sender declares is compared with what came, and nothing is a declaration that is not clearly one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.policy.case import Examined
from gateway.policy.grouping import group
from gateway.policy.sources.claim import Difference
from gateway.policy.sources.confront import confront
from gateway.policy.sources.counts import differences
from tests.policy.sources.mails import MESSAGE, RAW, TODAY, file, written

ONE = file("a.pdf", "123", pages=3)
TWO = file("b.pdf", "124", pages=4)
TABLE = file("PL1.xlsx", pages=None, kind="application/vnd.ms-excel")


def told(text: str, *files: Examined, **mail: object) -> list[Difference]:
    files = files or (ONE,)
    sent = written(*files, text=text, **mail)  # type: ignore[arg-type]
    documents = confront(group(files, sent.exchanges), sent, RAW, TODAY)
    return list(differences(documents, files, sent))


DIFFERENT = {
    "Hồ sơ gửi kèm gồm 02 văn bản, 15 trang.": ["2 văn bản", "15 trang"],
    "Kèm theo 03 tệp.": ["3 tệp"],
    "Sở Xây dựng gửi Quý Sở 02 (hai) văn bản.": ["2 văn bản"],
    "Văn bản gồm 5 trang.": ["5 trang"],
    "Số lượng văn bản: 4": ["4 văn bản"],
    "Tổng số trang: 9": ["9 trang"],
    "Gửi Công văn số 123/SXD-KT (07 trang)": ["văn bản 123/SXD-KT có 7 trang"],
    "Đính kèm 2 file và 1 phụ lục": ["2 tệp"],
    "Xin gửi kèm hai (02) văn bản sau:": ["2 văn bản"],
    "Gửi kèm theo thư này là 02 văn bản.": ["2 văn bản"],
    "Có 02 văn bản gửi kèm": ["2 văn bản"],
    "04 tệp tin đính kèm": ["4 tệp"],
}


@pytest.mark.parametrize("text", DIFFERENT)
def test_a_clear_declaration_that_is_not_so_is_told(text: str) -> None:
    assert [each.declared for each in told(text) if each.found] == DIFFERENT[text]


AGREED = (
    "Hồ sơ gửi kèm gồm 01 văn bản, 03 trang.",
    "Văn bản gồm 3 trang A4",
    "Kèm theo 01 tệp",
    "Công văn số 123/SXD-KT gồm 03 (ba) trang",
)
NO_DECLARATION = (
    "Đề nghị Sở gửi 02 văn bản góp ý trước ngày 15/12.",
    "Báo cáo gồm 3 phần, 12 mục.",
    "Hồ sơ gồm 02 công văn, 03 quyết định.",
    "Phụ lục ở cuối gồm 2 trang.",
    "Sở đã gửi ý kiến trong 2 văn bản trước.",
    "Phòng gửi ý kiến trong 2 văn bản khác.",
    "Dự án gồm 15 trang thiết bị y tế.",
    "Bản giấy gồm 2 văn bản sẽ gửi qua đường bưu điện.",
    "Trước đây Sở đã gửi 05 văn bản nhưng chưa nhận được trả lời.",
    "Căn cứ Quyết định 955/QĐ-SGTVT, có 20 trang bị hỏng.",
    "Theo khoản 2 Điều 15 văn bản hợp nhất số 4/VBHN-BTC",
    "Kèm theo 02/2026/TT-BXD",
    "Số văn bản: 123",
    "Trong tháng, tổng số 45 văn bản đã được xử lý.",
    "Phần mềm cho phép gửi 10 văn bản một lần.",
    "Ngày 10/11 Quý Sở gửi 02 văn bản, nhưng chúng tôi chỉ mở được một.",
    "Trong các văn bản gửi hôm nay có 05 văn bản khẩn.",
    "Theo quy định, hồ sơ gồm 05 văn bản: đơn, tờ khai.",
    "Nghị định số 30/2020/NĐ-CP gồm 60 trang, 6 phụ lục.",
    "Bản dự thảo Quyết định gồm 12 trang và 3 phụ lục.",
    "Gửi làm 2 lần: lần 1 gồm 05 văn bản, lần 2 gồm 03 văn bản.",
    "Đề nghị cho ý kiến về 02 văn bản kèm theo trong 05 ngày làm việc.",
    "",
)


@pytest.mark.parametrize("text", [*AGREED, *NO_DECLARATION])
def test_what_is_so_or_is_no_declaration_alarms_nobody(text: str) -> None:
    assert told(text) == []


def test_appendices_count_as_files_and_as_what_senders_call_documents() -> None:
    texts = ("gồm 02 văn bản", "gồm 03 văn bản", "kèm theo 03 tệp", "gồm 02 văn bản, 7 trang")
    for text in (*texts, "đính kèm 02 file pdf, 01 tệp tin Excel"):
        assert told(text, ONE, TABLE, TWO) == [], text
    (found,) = told("gồm 04 văn bản", ONE, TABLE, TWO)
    assert found.found == "2 văn bản (3 tệp)"


def test_pages_that_nobody_counted_are_not_compared() -> None:
    unknown = file("a.pdf", "123", pages=None)
    for text in ("Văn bản gồm 5 trang", "Công văn 123/SXD-KT: 5 trang"):
        (found,) = told(text, unknown)
        assert found.found == ""


def test_appendices_that_did_not_come_apart_are_for_the_clerk_to_look_for() -> None:
    for text in ("Gửi kèm 02 phụ lục.", "Gửi Công văn số 123/SXD-KT và 02 phụ lục", "Công văn 123 kèm theo 2 phụ lục"):
        (found,) = told(text)
        assert (found.declared, found.found) == ("2 phụ lục", ""), text
        assert "không có tệp nào kèm theo" in found.unclear
    (found,) = told("", subject="Công văn 123 và 03 phụ lục")
    assert found.declared == "3 phụ lục"
    (none,) = told("Gửi kèm 02 phụ lục.", file("a.pdf", "123", pages=1))
    assert none.found == "không có tệp phụ lục nào"
    assert told("Gửi kèm 01 phụ lục", ONE, TABLE) == []
    for subject in ("Re: gửi 02 văn bản", "V/v gửi 03 văn bản góp ý", "Báo cáo 6 tháng và phụ lục"):
        assert told("", subject=subject) == []


def test_pages_of_each_document_are_those_of_its_own() -> None:
    text = "1. Công văn số 123/SXD-KT: 3 trang\n2. Công văn số 124/SXD-KT: 6 trang"
    (found,) = told(text, ONE, TWO)
    assert (found.document, found.found) == ("b.pdf", "4 trang")


def test_a_messages_pages_and_files_are_declarations_too() -> None:
    inside = file("a.pdf", "123", path="2.1", pages=3)
    message = replace(MESSAGE, pages=22, listed=("a.pdf", "b.pdf"))
    declared = [each.declared for each in told("", inside, exchanges=(message,))]
    assert declared == ["văn bản 123/SXD-KT có 22 trang", "2 tệp"]
    assert told("", inside, exchanges=(replace(message, pages=3, listed=("a.pdf",)),)) == []


@given(st.text(max_size=500))
def test_any_words_at_all_are_read(text: str) -> None:
    told(text)
