"""Vietnamese wording of values."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model import wording
from gateway.model.alarm import AlarmCause
from gateway.model.authentication import Authentication, AuthResult, DkimCheck, DmarcCheck, Judge, SpfCheck
from gateway.model.directory import Party, PartyKind, Role
from gateway.model.document import Direction, Status
from gateway.model.facts import ScanVerdict, Secrecy, Urgency
from gateway.model.finding import Outcome
from gateway.model.header import HeaderFields
from gateway.model.mail import MailKind, MailStage, Transport
from gateway.model.notice import NoticeKind, NoticeStage
from gateway.model.part import PartDecision
from gateway.model.report import DeliveryState, ReportedAction
from gateway.model.signature import Coverage, Signature, SignatureVerdict, SignerKind
from gateway.model.verdict import Disposition


def test_a_moment_is_told_in_vietnamese_time() -> None:
    assert wording.moment(datetime(2026, 11, 21, 17, 5, tzinfo=UTC)) == "00 giờ 05 phút, ngày 22/11/2026"


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        wording.moment(datetime(2026, 11, 21))  # noqa: DTZ001  (the naive moment is the point)


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (datetime(2017, 9, 7, tzinfo=UTC), "ngày 07 tháng 9 năm 2017"),
        (datetime(2017, 2, 17, tzinfo=UTC), "ngày 17 tháng 02 năm 2017"),
        (datetime(2017, 12, 31, 17, tzinfo=UTC), "ngày 01 tháng 01 năm 2018"),
    ],
)
def test_the_date_of_a_letter_pads_days_below_ten_and_the_first_two_months(at: datetime, text: str) -> None:
    assert wording.letter_date(at) == text


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (0, "0 byte"),
        (1023, "1023 byte"),
        (1024, "1 KB"),
        (1536, "1,5 KB"),
        (10_188, "9,9 KB"),
        (10_189, "10 KB"),
        (212_992, "208 KB"),
        (1024 * 1024 - 1, "1 MB"),
        (26_214_400, "25 MB"),
        (5 * 1024**4, "5 TB"),
        (5000 * 1024**4, "5000 TB"),
    ],
)
def test_sizes_are_short_and_have_a_decimal_comma(octets: int, text: str) -> None:
    assert wording.size(octets) == text


@pytest.mark.parametrize(("number", "text"), [(0, "00"), (2, "02"), (10, "10"), (1234567, "1.234.567")])
def test_counts_are_written_as_in_letters_of_office(number: int, text: str) -> None:
    assert wording.count(number) == text


@pytest.mark.parametrize(("share", "text"), [(1.0, "100%"), (0.999, "99%"), (0.29, "29%"), (0.0, "0%")])
def test_only_certainty_reads_one_hundred_percent(share: float, text: str) -> None:
    assert wording.percent(share) == text


def test_pages_that_were_not_counted_are_said_so() -> None:
    assert (wording.pages(2), wording.pages(None)) == ("2 trang", "chưa đếm được số trang")


@pytest.mark.parametrize(
    ("header", "text"),
    [
        (
            HeaderFields("955", "QĐ-SGTVT", date(2017, 9, 7), "Quyết định"),
            "Quyết định số 955/QĐ-SGTVT ngày 07/09/2017",
        ),
        (HeaderFields(number="955", notation="SGTVT-VP"), "Văn bản số 955/SGTVT-VP"),
        (HeaderFields(document_type="Giấy mời", abstract="Họp giao ban"), "Giấy mời “Họp giao ban”"),
        (HeaderFields(number="12"), "Văn bản"),
    ],
)
def test_a_document_is_named_by_what_was_read(header: HeaderFields, text: str) -> None:
    assert wording.title(header) == text


def test_a_signer_who_is_the_organisation_is_named_once() -> None:
    seal = Signature(
        SignatureVerdict.VALID, "", "Sở A", "Sở A", SignerKind.SEAL, Coverage.WHOLE, True, True, True, None, None
    )
    assert wording.signer(seal) == "Sở A (con dấu của cơ quan)"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (wording.SCAN_WORDS, ScanVerdict),
        (wording.SIGNATURE_WORDS, SignatureVerdict),
        (wording.SIGNER_WORDS, SignerKind),
        (wording.COVERAGE_WORDS, Coverage),
        (wording.OUTCOME_WORDS, Outcome),
        (wording.STATUS_WORDS, Status),
        (wording.DIRECTION_WORDS, Direction),
        (wording.SECRECY_WORDS, Secrecy),
        (wording.URGENCY_WORDS, Urgency),
        (wording.STAGE_WORDS, MailStage),
        (wording.DISPOSITION_WORDS, Disposition),
        (wording.DECISION_WORDS, PartDecision),
        (wording.KIND_WORDS, MailKind),
        (wording.TRANSPORT_WORDS, Transport),
        (wording.NOTICE_WORDS, NoticeKind),
        (wording.NOTICE_STAGE_WORDS, NoticeStage),
        (wording.DELIVERY_WORDS, DeliveryState),
        (wording.ACTION_WORDS, ReportedAction),
        (wording.PARTY_WORDS, PartyKind),
        (wording.ROLE_WORDS, Role),
        (wording.ALARM_WORDS, AlarmCause),
        (wording.AUTH_RESULT_WORDS, AuthResult),
        (wording.JUDGE_WORDS, Judge),
    ],
)
def test_every_value_people_see_has_its_own_words(words: dict[Enum, str], kind: type[Enum]) -> None:
    assert set(words) == set(kind)
    assert len(set(words.values())) == len(words)


AUTHOR = "vt@snnptnt.quangngai.example"
HOME = "snnptnt.quangngai.example"
PARTY = Party("snn", PartyKind.AGENCY, "Sở Nông nghiệp và Môi trường")


def judged(judge: Judge = Judge.OWN, *, aligned: bool = False, **facts: Any) -> Authentication:
    return Authentication(judge, facts.pop("author", AUTHOR), AUTHOR, aligned=aligned, **facts)


def dkim(result: AuthResult, *domains: str) -> tuple[DkimCheck, ...]:
    return tuple(DkimCheck(result, domain) for domain in domains)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (judged(aligned=True, dkim=dkim(AuthResult.PASS, HOME)), f"Đã xác thực: DKIM của {HOME}"),
        (
            judged(aligned=True, dkim=dkim(AuthResult.PASS, "list.example", HOME, HOME)),
            f"Đã xác thực: DKIM của {HOME}",
        ),
        (
            judged(aligned=True, dkim=dkim(AuthResult.PASS, HOME), spf=SpfCheck(AuthResult.PASS, HOME)),
            f"Đã xác thực: DKIM và SPF của {HOME}",
        ),
        (
            judged(aligned=True, dkim=dkim(AuthResult.PASS, "mail.quangngai.example")),
            "Đã xác thực: DKIM của mail.quangngai.example",
        ),
        (
            judged(Judge.PINNED, aligned=True, spf=SpfCheck(AuthResult.PASS, HOME), authserv_id="mx.quangngai.example"),
            f"Do máy chủ mx.quangngai.example xác nhận: SPF của {HOME}",
        ),
        (judged(aligned=True), "Đã xác thực: tên miền của người gửi"),
        (judged(Judge.NETWORK), "Máy gửi thuộc mạng đã khai báo trong danh bạ"),
        (judged(Judge.OPERATOR, author=""), "Do người quản trị đưa vào"),
        (judged(Judge.NOBODY), "Chưa xác thực được (không có kết quả kiểm tra nào)"),
        (judged(spf=SpfCheck(AuthResult.FAIL, HOME)), "Chưa xác thực được (SPF không đạt, không có DKIM)"),
        (
            judged(author="", spf=SpfCheck(AuthResult.PASS, "x.example")),
            "Chưa xác thực được (thư không ghi đúng một người gửi, SPF đạt cho x.example, không có DKIM)",
        ),
        (
            judged(
                spf=SpfCheck(AuthResult.TEMPERROR, HOME),
                dkim=dkim(AuthResult.PERMERROR, HOME, "x.example"),
                dmarc=DmarcCheck(AuthResult.FAIL, "quangngai.example", "reject"),
            ),
            "Chưa xác thực được (SPF chưa tra được, DKIM khai báo sai, DMARC không đạt; "
            "tên miền quangngai.example yêu cầu từ chối thư như vậy)",
        ),
        (
            judged(Judge.PINNED, dmarc=DmarcCheck(AuthResult.FAIL, HOME, "none"), authserv_id="mx.quangngai.example"),
            "Chưa xác thực được (không có SPF, không có DKIM, DMARC không đạt, theo máy chủ mx.quangngai.example)",
        ),
    ],
)
def test_how_a_sender_was_proved_is_said_in_words(found: Authentication, words: str) -> None:
    assert wording.authentication(found, None) == words


def test_a_party_is_named_as_the_sender_only_where_that_was_proved() -> None:
    assert (
        wording.authentication(judged(Judge.NETWORK), PARTY)
        == f"{PARTY.name} – Máy gửi thuộc mạng đã khai báo trong danh bạ"
    )
    doubted = f"Chưa xác thực được là {PARTY.name} (không có SPF, không có DKIM)"
    assert wording.authentication(judged(), PARTY) == doubted


@given(
    judge=st.sampled_from(Judge),
    results=st.tuples(*[st.sampled_from(AuthResult)] * 3),
    aligned=st.booleans(),
    words=st.text(max_size=400),
)
def test_words_on_a_sender_are_one_printable_line_whatever_he_wrote(
    judge: Judge, results: tuple[AuthResult, ...], aligned: bool, words: str
) -> None:
    found = judged(
        judge,
        aligned=aligned,
        author=words,
        spf=SpfCheck(results[0], words, words),
        dkim=dkim(results[1], words, words + "x", *map(str, range(50))),
        dmarc=DmarcCheck(results[2], words, words),
        authserv_id=words,
    )
    line = wording.authentication(found, None)
    assert line.isprintable()
    assert line
    assert len(line) < 2000


@given(text=st.text(), limit=st.integers(5, 300))
def test_one_line_is_printable_bounded_and_stable(text: str, limit: int) -> None:
    line = wording.one_line(text, limit)
    assert line.isprintable()
    assert len(line) <= limit
    assert wording.one_line(line, limit) == line


def test_one_line_composes_letters_and_drops_what_hides_or_turns_text() -> None:
    assert wording.one_line("  Quye\u0302\u0301t\r\n\tđịnh\u202egpj.exe\u200b ") == "Quyết địnhgpj.exe"


@given(text=st.text())
def test_letters_without_marks_are_printable_ascii(text: str) -> None:
    plain = wording.without_marks(text)
    assert plain.isascii()
    assert not plain or plain.isprintable()


def test_vietnamese_letters_lose_only_their_marks() -> None:
    assert wording.without_marks("Quyết định số 12 Đường tỉnh") == "Quyet dinh so 12 Duong tinh"
