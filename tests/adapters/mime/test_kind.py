"""Persons, replies and machines (RFC 3834, RFC 3464, RFC 8098)."""

from __future__ import annotations

import pytest

from gateway.model.mail import MailKind
from gateway.model.part import PartDecision
from tests.adapters.mime import bounces
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
        "auto-submitted: NO; owner-email=x",
        "Auto-Submitted: (a person) no (truly)",
        "Return-Path: <sxd@quangngai.example>",
        "Received: from a by b\r\nReturn-Path: <>",
        "List-Unsubscribe: <https://x.vn>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "List-Help: <https://x.vn>",
        "Delivered-To: vanthu@sgtvt.example",
        "X-Delivery-Agent: TMDA/1.1.12",
        "Reply-To: confirm@sxd.example",
        "Priority: urgent",
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
        "Auto-Submitted: (x) auto-replied",
        "Auto-Submitted: no\r\nAuto-Submitted: auto-generated",
        "Precedence: bulk (x)",
        "Precedence: auto_reply",
        "List-Post: NO",
        "List-Archive: <https://x.vn>",
        "Mailing-List: list x@y.vn",
        "X-Mailman-Version: 2.1",
        "X-Autoreply-From: a@b.vn",
        "X-Mail-Autoreply: a@b.vn",
        "X-Auto-Reply: x",
        "Delivered-To: Autoresponder",
        "X-MS-Exchange-Inbox-Rules-Loop: a@b.vn",
        "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent",
        "X-FC-MachineGenerated: true",
        "X-Boxtrapper: abc",
        "X-ChoiceMail-Registration-Request: 1",
        "Return-Path: <>",
        "X-Vanthu-Instance: khac\r\nAuto-Submitted: auto-generated",
    ],
)
def test_machines_are_machines_even_in_a_thread(header: str) -> None:
    mail = take(f"{header}\r\nIn-Reply-To: <a@b>\r\n{HEAD}{TEXT}", own_instance="vanthu-1").mail
    assert mail.kind is MailKind.AUTOMATIC
    assert mail.automatic


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Công văn",
        "Trả lời tự động: x",
        "TRA LOI TU DONG",
        "Out of Office: x",
        "Out of office",
        "Tự động trả lời: Công văn 12",
        "Vắng mặt",
        "Vắng mặt: Công văn 12",
        "Thông báo vắng mặt từ Sở Xây dựng",
        "Phản hồi tự động từ hộp thư Sở Xây dựng",
        "[Auto-Reply] x",
        "AUTO: x",
        "I am out of the office",
        "Vacation reply",
        "Read: Công văn 12",
        "Đã đọc: Công văn 12",
        "Please confirm your message",
        "Your email requires verification verify#abcdef012",
        "Re: x [verify]",
        "Xác nhận thư của bạn",
        "Vui lòng xác nhận thư điện tử của Quý vị",
    ],
)
def test_absence_notes_without_headers_are_told_by_subject(subject: str) -> None:
    assert take(f"From: a@b.vn\r\nSubject: {subject}\r\n{TEXT}").mail.kind is MailKind.AUTOMATIC
    assert take(f"Auto-Submitted: no\r\nFrom: a@b.vn\r\nSubject: {subject}\r\n{TEXT}").mail.kind is MailKind.DOCUMENT
    mail = take(f"From: a@b.vn\r\nSubject: {subject}\r\n{WITH_PDF}").mail
    assert (mail.kind, mail.automatic) == (MailKind.DOCUMENT, None)


@pytest.mark.parametrize(
    "subject",
    [
        "Re: Tự động hóa trạm bơm",
        "Tự động hóa quy trình trả lời công dân",
        "Trả lời tự động hóa: đề xuất",
        "Re: Automatic reply: Công văn",
        "Vắng mặt không lý do của đại biểu",
        "Về việc vắng mặt tại cuộc họp",
        "Out-of-court settlement",
        "Thu hồi: Quyết định số 12",
        "Xác nhận thông tin của Quý Sở",
        "Công văn xác nhận thư của bạn đọc",
        "Please confirm the meeting",
        "Đã đọc và góp ý dự thảo",
        "Không gửi được tệp, xin gửi lại",
        "Readiness: x",
    ],
)
def test_subjects_of_persons_are_not_taken_for_machines(subject: str) -> None:
    mail = take(f"From: a@b.vn\r\nSubject: {subject}\r\n{TEXT}").mail
    assert (mail.kind, mail.automatic) == (MailKind.DOCUMENT, None)


@pytest.mark.parametrize(
    "header",
    [
        "From: a-confirm-1234.abcd@b.vn",
        "From: a@b.vn\r\nReply-To: <a-confirm-1234.abcd.ef@b.vn>",
        "From: support@spamarrest.com",
        "From: boxtrapper@b.vn",
    ],
)
def test_challenges_are_told_by_address(header: str) -> None:
    assert take(f"{header}\r\nSubject: x\r\n{TEXT}").mail.kind is MailKind.AUTOMATIC


def calendar(method: str, headers: str = "") -> str:
    content = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{method}BEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    return f"Content-Type: text/calendar; charset=utf-8\r\n{headers}\r\n{content}"


ATTACHED = 'Content-Disposition: attachment; filename="hop.ics"\r\n'


@pytest.mark.parametrize("method", ["REQUEST", "REPLY", "COUNTER", "CANCEL", "cancel"])
def test_an_invitation_and_its_answers_are_automatic(method: str) -> None:
    part = calendar(f"METHOD:{method}\r\n")
    for body in (
        part,
        multipart("alternative", text_part("Mời họp"), part),
        multipart("mixed", multipart("alternative", text_part("x"), part, boundary="in"), calendar("", ATTACHED)),
    ):
        mail = take(HEAD + body).mail
        assert mail.kind is MailKind.AUTOMATIC
        assert mail.automatic


def test_calendar_data_beside_a_document_or_as_a_file_is_only_an_attachment() -> None:
    request = "METHOD:REQUEST\r\n"
    for body in (
        multipart("mixed", text_part("Giấy mời"), attached(PDF, "a.pdf"), calendar(request)),
        multipart("mixed", text_part("Giấy mời"), calendar(request, ATTACHED)),
        multipart("alternative", text_part("x"), calendar("METHOD:PUBLISH\r\n")),
        multipart("alternative", text_part("x"), calendar("")),
    ):
        mail = take(HEAD + body).mail
        assert (mail.kind, mail.automatic) == (MailKind.DOCUMENT, None)


def test_what_a_mailbox_rule_passes_on_keeps_its_documents_and_gets_no_answer() -> None:
    mail = take(f"X-MS-Exchange-Inbox-Rules-Loop: a@b.vn\r\n{HEAD}{WITH_PDF}").mail
    assert mail.kind is MailKind.DOCUMENT
    assert mail.automatic


def test_a_feedback_report_is_a_report() -> None:
    assert take(bounces.FEEDBACK).mail.kind is MailKind.REPORT


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
    assert taken.decisions()["3.2"] is PartDecision.RETURNED
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


@pytest.mark.parametrize("submitted", ["auto-generated", "auto-replied"])
def test_a_notice_of_another_gateway_is_automatic_whatever_it_carries(submitted: str) -> None:
    mail = take(f"X-Vanthu-Instance: gw.other.vn\r\nAuto-Submitted: {submitted}\r\n{HEAD}{WITH_PDF}").mail
    assert mail.kind is MailKind.AUTOMATIC
    assert "X-Vanthu-Instance" in str(mail.automatic)


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
