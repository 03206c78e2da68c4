"""Persons, replies and machines (RFC 3834, RFC 3464, RFC 8098)."""

from __future__ import annotations

import pytest

from gateway.model.mail import MailKind
from gateway.model.part import PartDecision
from tests.adapters.mime.mails import HEAD, PDF, attached, multipart, take, text_part

WITH_PDF = multipart("mixed", text_part("Kính gửi"), attached(PDF, "a.pdf"))
TEXT = text_part("Đã nhận")


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: no",
        "Auto-Submitted: No (người viết)",
        "List-Unsubscribe: <mailto:x@y.vn>",
        "X-Auto-Response-Suppress: All",
        "Precedence: first-class",
        "X-Autoreply: no",
        "X-Mailer: Zimbra",
    ],
)
def test_persons_are_persons(header: str) -> None:
    mail = take(f"{header}\r\n{HEAD}{WITH_PDF}").mail
    assert (mail.kind, mail.automatic) == (MailKind.DOCUMENT, None)


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated (x)",
        "Auto-Submitted: auto-notified; owner-email=a@b.vn",
        "Precedence: bulk",
        "Precedence: LIST",
        "Precedence: junk",
        "List-Id: <a.b.vn>",
        "X-Autoreply: yes",
        "X-Autorespond: kỳ nghỉ",
        "X-Vanthu-Instance: Vanthu-1",
    ],
)
def test_machines_are_machines_even_in_a_thread(header: str) -> None:
    mail = take(f"{header}\r\nIn-Reply-To: <a@b>\r\n{HEAD}{TEXT}", own_instance="vanthu-1").mail
    assert mail.kind is MailKind.AUTOMATIC
    assert mail.automatic


@pytest.mark.parametrize(
    "subject", ["Automatic reply: Công văn", "Trả lời tự động: x", "TRA LOI TU DONG", "Out of Office: x"]
)
def test_absence_notes_without_headers_are_told_by_subject(subject: str) -> None:
    assert take(f"From: a@b.vn\r\nSubject: {subject}\r\n{TEXT}").mail.kind is MailKind.AUTOMATIC
    assert take(f"From: a@b.vn\r\nSubject: {subject}\r\n{WITH_PDF}").mail.kind is MailKind.DOCUMENT


def test_a_reply_is_an_answer_without_documents() -> None:
    assert take(f"In-Reply-To: <a@b>\r\n{HEAD}{TEXT}").mail.kind is MailKind.REPLY
    assert take(f"References: <a@b>\r\n{HEAD}{TEXT}").mail.kind is MailKind.REPLY
    assert take(f"In-Reply-To: <a@b>\r\n{HEAD}{WITH_PDF}").mail.kind is MailKind.DOCUMENT
    assert take(HEAD + TEXT).mail.kind is MailKind.DOCUMENT


def report(kind: str, status: str) -> str:
    returned = (
        "Content-Type: message/rfc822\r\n\r\n"
        + HEAD
        + multipart("mixed", text_part("thư gốc"), attached(PDF, "a.pdf"), boundary="in")
    )
    return HEAD + multipart(f"report; report-type={kind}", text_part("x"), status, returned)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("delivery-status", "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n"),
        ("disposition-notification", "Content-Type: message/disposition-notification\r\n\r\nFinal-Recipient: x\r\n"),
    ],
)
def test_reports_are_reports_and_what_they_return_is_no_document(kind: str, status: str) -> None:
    taken = take(report(kind, status))
    assert taken.mail.kind is MailKind.REPORT
    assert taken.mail.automatic
    assert taken.decisions()["2"] is PartDecision.IGNORED
    assert taken.decisions()["3.2"] is PartDecision.IGNORED
    assert not taken.documents()


def test_old_bounces_are_told_by_author_and_subject() -> None:
    head = "From: MAILER-DAEMON@mx.example\r\nSubject: failure notice\r\n"
    assert take(head + TEXT).mail.kind is MailKind.REPORT
    assert take(head + WITH_PDF).mail.kind is MailKind.DOCUMENT


def test_a_report_that_somebody_forwards_is_not_a_report() -> None:
    inner = report("delivery-status", "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n")
    outer = multipart("mixed", text_part("xem giúp"), f"Content-Type: message/rfc822\r\n\r\n{inner}", boundary="out")
    assert take(HEAD + outer).mail.kind is MailKind.DOCUMENT


@pytest.mark.parametrize("header", ["List-Id: <a.b.vn>", "Precedence: bulk", "Auto-Submitted: auto-generated"])
def test_documents_sent_by_a_machine_or_a_list_are_documents_that_get_no_answer(header: str) -> None:
    mail = take(f"{header}\r\n{HEAD}{WITH_PDF}").mail
    assert mail.kind is MailKind.DOCUMENT
    assert mail.automatic


@pytest.mark.parametrize(
    "header", ["Auto-Submitted: auto-replied", "X-Autoreply: yes", "Precedence: auto_reply", "X-Vanthu-Instance: v-1"]
)
def test_an_answer_of_a_machine_is_automatic_whatever_it_carries(header: str) -> None:
    taken = take(f"List-Id: <a.b.vn>\r\n{header}\r\n{HEAD}{WITH_PDF}", own_instance="V-1")
    assert taken.mail.kind is MailKind.AUTOMATIC
    assert taken.documents() == ["a.pdf"]


def test_another_gateway_is_a_sender_like_any_other() -> None:
    for own in ("", "vanthu-1"):
        mail = take(f"X-Vanthu-Instance: gw.other.vn\r\n{HEAD}{WITH_PDF}", own_instance=own).mail
        assert (mail.kind, mail.automatic) == (MailKind.DOCUMENT, None)
    receipt = f"X-Vanthu-Instance: gw.other.vn\r\nAuto-Submitted: auto-replied\r\n{HEAD}{TEXT}"
    assert take(receipt, own_instance="vanthu-1").mail.kind is MailKind.AUTOMATIC


def test_a_list_that_forwards_a_mail_with_documents_is_a_list() -> None:
    inner = f"Content-Type: message/rfc822\r\n\r\n{HEAD}{WITH_PDF}"
    forward = multipart("mixed", text_part("x"), inner, boundary="out")
    assert take(f"List-Id: <a.b.vn>\r\n{HEAD}{forward}").mail.kind is MailKind.AUTOMATIC


def test_a_report_with_a_file_of_its_own_names_it() -> None:
    status = "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n"
    taken = take(HEAD + multipart("report", text_part("x"), status, attached(PDF, "QD.pdf")))
    assert taken.mail.kind is MailKind.REPORT
    assert any("QD.pdf" in problem for problem in taken.mail.problems)
    assert not take(report("delivery-status", status)).mail.problems
