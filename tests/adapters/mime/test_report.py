"""Delivery reports, receipts and free-form bounces: which recipient, what happened, why."""

from __future__ import annotations

import pytest

from gateway.model.mail import MailKind
from gateway.model.report import Report, ReportedAction
from tests.adapters.mime import bounces
from tests.adapters.mime.mails import HEAD, PDF, attached, multipart, take, text_part

SXD = "sxd@quangngai.example"
Told = tuple[str, str, str]

_STANDARD: dict[str, list[Told]] = {
    "postfix": [("failed", "5.1.1", SXD)],
    "delayed": [("delayed", "4.4.1", "a@b.example")],
    "many": [
        ("delivered", "2.0.0", "a@b.example"),
        ("relayed", "2.1.9", "c@d.example"),
        ("expanded", "2.1.5", "e@f.example"),
    ],
    "global": [("failed", "5.1.1", "thư@b.example")],
    "displayed": [("displayed", "", SXD)],
    "feedback": [],
}
_GUESSED: dict[str, list[Told]] = {
    "qmail": [("failed", "5.1.1", SXD), ("failed", "4.2.2", "stc@quangngai.example")],
    "exim": [("failed", "5.1.1", SXD)],
    "exim delay": [("delayed", "4.4.1", SXD)],
    "sendmail": [("failed", "5.1.1", SXD)],
    "exchange": [("failed", "5.1.1", SXD)],
    "gmail": [("failed", "5.1.1", SXD)],
    "gmail delay": [("delayed", "", SXD)],
    "vietnamese": [("failed", "5.1.1", SXD)],
    "vietnamese full": [("failed", "4.2.2", SXD)],
    "vietnamese delay": [("delayed", "", SXD)],
}
_WITHOUT_COPY = {
    "exim delay",
    "sendmail",
    "exchange",
    "gmail delay",
    "vietnamese full",
    "vietnamese delay",
}


def report(content: str) -> Report:
    mail = take(content).mail
    assert mail.kind is MailKind.REPORT
    assert mail.report is not None
    return mail.report


def told(found: Report) -> list[Told]:
    return [(r.action.value, r.status, r.final_recipient) for r in found.recipients]


@pytest.mark.parametrize("name", bounces.ALL)
def test_every_report_tells_of_whom_and_what(name: str) -> None:
    found = report(bounces.ALL[name])
    assert told(found) == (_STANDARD | _GUESSED)[name]
    assert all(recipient.guessed is (name in _GUESSED) for recipient in found.recipients)
    assert found.message_id == (None if name in _WITHOUT_COPY else bounces.ORIGINAL)


def test_the_fields_of_a_standard_report_are_read_without_types_and_encoding() -> None:
    found = report(bounces.POSTFIX)
    assert found.envelope_id == "t0ken+1="
    (recipient,) = found.recipients
    assert recipient.original_recipient == SXD
    assert recipient.diagnostic.startswith("550 5.1.1 <sxd@quangngai.example>: Recipient address rejected")


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("rfc822; a+2Bb@c.example", "a+b@c.example"),
        ("rfc822;a+tag@C.example", "a+tag@c.example"),
        ("RFC822 ; <a@c.example>", "a@c.example"),
        ("a@c.example", "a@c.example"),
        ("X-Local; root", "root"),
        ("rfc822; a@c.example (A)", "a@c.example"),
        ("utf-8; \\x{1B0}@c.example", "ư@c.example"),
    ],
)
def test_addresses_are_read(address: str, read: str) -> None:
    found = report(bounces.status_report(f"Reporting-MTA: x\r\n\r\nFinal-Recipient: {address}\r\nAction: failed\r\n"))
    assert told(found) == [("failed", "", read)]


@pytest.mark.parametrize(
    ("disposition", "action"),
    [
        ("manual-action/MDN-sent-manually; displayed", ReportedAction.DISPLAYED),
        ("automatic-action/MDN-sent-automatically; displayed/x", ReportedAction.DISPLAYED),
        ("automatic-action/MDN-sent-automatically; deleted", ReportedAction.DELIVERED),
        ("automatic-action/MDN-sent-automatically;dispatched", ReportedAction.DELIVERED),
        ("automatic-action/MDN-sent-automatically; failed", ReportedAction.DELIVERED),
        ("(x) manual-action/MDN-sent-manually ; Processed (y)", ReportedAction.DELIVERED),
    ],
)
def test_a_receipt_says_that_the_mail_came(disposition: str, action: ReportedAction) -> None:
    found = report(bounces.receipt(disposition))
    assert [recipient.action for recipient in found.recipients] == [action]
    assert (found.message_id, found.recipients[0].original_recipient) == (bounces.ORIGINAL, SXD)


@pytest.mark.parametrize(
    "fields",
    ["", "x", "Reporting-MTA: x\r\n", "Final-Recipient: rfc822; a@b.vn\r\nAction: unheard\r\n", "\x00\r\n:\r\n\r\n: x"],
)
def test_a_report_that_cannot_be_understood_has_no_recipients(fields: str) -> None:
    assert report(bounces.status_report(fields)).recipients == ()
    assert report(bounces.receipt("x")).recipients == ()


def test_an_action_that_is_missing_is_guessed_from_the_status() -> None:
    status = "Final-Recipient: rfc822; a@b.vn\r\nStatus: {}\r\n"
    for code, action in (("5.1.1", "failed"), ("4.4.1", "delayed"), ("2.0.0", "delivered")):
        found = report(bounces.status_report(status.format(code)))
        assert told(found) == [(action, code, "a@b.vn")]
        assert found.recipients[0].guessed


def test_groups_without_a_blank_line_and_with_junk_between_are_read() -> None:
    fields = (
        "Reporting-MTA: x\r\nOriginal-Envelope-Id: e1\r\njunk\r\nFinal-Recipient: rfc822; a@b.vn\r\nAction: FAILED\r\n"
    )
    found = report(bounces.status_report(fields))
    assert (found.envelope_id, told(found)) == ("e1", [("failed", "", "a@b.vn")])


def test_the_number_of_recipients_is_bounded() -> None:
    groups = "".join(f"\r\nFinal-Recipient: rfc822; a{n}@b.vn\r\nAction: failed\r\n" for n in range(500))
    assert len(report(bounces.status_report(groups)).recipients) == 100


def test_an_unknown_report_takes_the_thread_it_belongs_to() -> None:
    mail = "From: postmaster@b.vn\r\nSubject: Undeliverable: x\r\nReferences: <a@b>\r\n\r\n???"
    assert report(mail) == Report(message_id="<a@b>")


REASONS = [
    ("550 5.1.1 User unknown", "failed", "5.1.1"),
    ("<a@b.vn>: 550 #5.1.0 Address rejected", "failed", "5.1.0"),
    ("550 Mailbox is full", "failed", "4.2.2"),
    ("The recipient's mailbox is full", "failed", "4.2.2"),
    ("552 5.2.2 over quota", "failed", "5.2.2"),
    ("Message size exceeds limit, rejected", "failed", "5.3.4"),
    ("retry timeout exceeded", "failed", "4.4.7"),
    ("could not be delivered: Connection timed out, giving up", "failed", "4.4.1"),
    ("rejected: blocked using a blacklist", "failed", "5.7.1"),
    ("554 rejected", "failed", "5.0.0"),
    ("Domain b.vn does not exist, returned", "failed", "5.1.2"),
    ("Tài khoản đã bị khóa nên không gửi được thư", "failed", "5.2.1"),
    ("Không tìm thấy tên miền, thư bị trả lại", "failed", "5.1.2"),
    ("Địa chỉ không tồn tại, thư không gửi được", "failed", "5.1.1"),
    ("Hộp thư đã vượt quá dung lượng, thư bị từ chối", "failed", "4.2.2"),
    ("could not be delivered for 4 hours, will keep trying", "delayed", ""),
    ("sẽ thử gửi lại sau", "delayed", ""),
]


@pytest.mark.parametrize(("reason", "action", "status"), REASONS)
def test_reasons_in_words_have_their_code(reason: str, action: str, status: str) -> None:
    head = "From: MAILER-DAEMON@mx.vn\r\nTo: us@we.vn\r\nSubject: Mail delivery problem\r\n"
    head += "Content-Type: text/plain; charset=utf-8\r\n\r\nFor us@we.vn\r\n"
    assert told(report(f"{head}\r\n<a@b.vn>: {reason}\r\n")) == [(action, status, "a@b.vn")]


def test_numbers_that_are_no_codes_are_not_read_as_such() -> None:
    text = "mx.vn 5.1.1.1 said on 5.1.2024: returned to a@b.vn, see 4.94.2 or page-5.1.1"
    found = report(f"From: MAILER-DAEMON@mx.vn\r\nSubject: failure notice\r\n\r\n{text}\r\n")
    assert told(found) == [("failed", "", "a@b.vn")]


def test_what_came_back_within_the_text_is_not_read_as_the_report() -> None:
    (first, second) = report(bounces.QMAIL).recipients
    assert "4.5.6" not in (first.status, second.status)
    copied = bounces.QMAIL.replace("\r\nx 4.5.6", "\r\nCc: other@khac.example")
    assert len(report(copied).recipients) == 2


@pytest.mark.parametrize(
    "header",
    [
        "Subject: Automatic reply: Undeliverable",
        "Subject: Tự động trả lời: không gửi được",
        "Subject: Undeliverable? No, I am away\r\nX-Autoreply: yes",
        "Subject: failure notice\r\nX-Autoresponder: x",
        "Subject: Out of office: returned mail",
    ],
)
def test_an_absence_note_is_no_bounce(header: str) -> None:
    text = "I am away; mail to a@b.vn could not be delivered. 550 5.1.1 user unknown"
    for sender in ("postmaster@b.vn", "an@b.vn"):
        mail = take(f"Return-Path: <>\r\nFrom: {sender}\r\nAuto-Submitted: auto-replied\r\n{header}\r\n\r\n{text}").mail
        assert (mail.kind, mail.report) == (MailKind.AUTOMATIC, None)


def test_other_mail_has_no_report() -> None:
    assert take(HEAD + text_part("550 5.1.1 user unknown a@b.vn")).mail.report is None


def test_a_bounce_with_files_is_not_taken_for_a_document_of_a_person() -> None:
    with_file = multipart("mixed", text_part("550 5.1.1"), attached(PDF, "a.pdf"))
    for head in ("From: MAILER-DAEMON@b.vn\r\n", "Return-Path: <>\r\nFrom: a@b.vn\r\n"):
        mail = take(f"{head}Subject: failure notice\r\n{with_file}").mail
        assert mail.kind is MailKind.DOCUMENT
        assert mail.automatic
