"""Marks of secrecy deep in a mail: in mails attached to it, in its other texts, in what a report returns."""

from __future__ import annotations

import email.policy
from email.message import EmailMessage

import pytest

from gateway.model.mail import MailStage
from gateway.model.notice import NoticeKind
from tests.documents import decision_docx
from tests.flow.conftest import Bench
from tests.mails import RECIPIENT, SENDER, mail, page_one

PAGE = page_one(12).decode().replace("\n\nBÁO CÁO", "\nTUYỆT MẬT\nBÁO CÁO")
STATUS = (
    "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
    f"Final-Recipient: rfc822;{SENDER}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
)


def passing_on(inner: bytes) -> bytes:
    """A mail with a document and another mail attached."""
    message = email.message_from_bytes(mail(("a.txt", page_one(5))), policy=email.policy.SMTP)
    assert isinstance(message, EmailMessage)
    message.add_attachment(email.message_from_bytes(inner, policy=email.policy.SMTP))
    return message.as_bytes()


def with_named_alternative() -> bytes:
    message = email.message_from_bytes(mail(body="Gửi quý Sở."), policy=email.policy.SMTP)
    assert isinstance(message, EmailMessage)
    message.add_alternative(PAGE, subtype="plain", params={"name": "loi.txt"})
    return message.as_bytes()


def reporting(returned: bytes) -> bytes:
    """A delivery report that returns a whole mail (RFC 3462)."""
    head = (
        f"From: Mail Delivery System <MAILER-DAEMON@mx.example>\r\nTo: {RECIPIENT}\r\nSubject: Delivery report\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="of-report"\r\n\r\n'
        f"--of-report\r\nContent-Type: text/plain\r\n\r\nThis is the mail system.\r\n--of-report\r\n{STATUS}\r\n"
        "--of-report\r\nContent-Type: message/rfc822\r\n\r\n"
    )
    return head.encode() + returned + b"\r\n--of-report--\r\n"


DEEP = {
    "subject of an attached mail": passing_on(mail(subject="[TUYỆT MẬT] Phương án")),
    "page in an attached mail": passing_on(mail(body=PAGE)),
    "named alternative": with_named_alternative(),
    "own page": mail(body=PAGE),
    "returned file": reporting(mail(("a.docx", decision_docx(mark="TUYỆT MẬT")))),
    "returned subject": reporting(mail(subject="[TUYỆT MẬT] Phương án")),
}


@pytest.mark.parametrize("place", DEEP)
async def test_a_mark_deep_in_a_mail_seals_it(bench: Bench, place: str) -> None:
    found = await bench.end_of(DEEP[place])
    assert found.stage is MailStage.SEALED
    assert await bench.office.queries.register() == []


async def test_an_ordinary_mail_passed_on_is_no_secret(bench: Bench) -> None:
    found = await bench.end_of(passing_on(mail(body=PAGE.replace("TUYỆT MẬT\n", ""))))
    assert found.stage is MailStage.REGISTERED


async def test_a_report_that_returns_our_own_notice_is_filed_and_not_answered(bench: Bench) -> None:
    registered = await bench.end_of(mail(("a.txt", page_one(5))))
    (receipt,) = bench.delivered(SENDER)
    for returned in (receipt, mail(("a.docx", decision_docx()))):
        found = await bench.end_of(reporting(returned), mail_from="", peer="192.0.2.99")
        assert found.stage is MailStage.NOTED
        assert (await bench.office.queries.story(found.id)).notices == ()
    story = await bench.office.queries.story(registered.id)
    assert NoticeKind.RECEIPT in [notice.owed.kind for notice in story.notices]
