"""What else of a mail is read for marks of secrecy: the mails in it, its other texts, the names in its archives."""

from __future__ import annotations

import io
import zipfile

import pytest

from gateway.model.part import PartDecision
from tests.adapters.mime.mails import HEAD, PDF, attached, multipart, take, text_part

INNER = "From: a@b.vn\r\nSubject: =?utf-8?B?W1RVWeG7hlQgTeG6rFRdIFBoxrDGoW5nIMOhbg==?=\r\nMIME-Version: 1.0\r\n"
PASSED_ON = f"Content-Type: message/rfc822\r\n\r\n{INNER}{text_part('Lời của thư đính kèm')}"


def packed(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), b"x")
    return target.getvalue()


def test_an_attached_mail_is_known_by_its_subject_and_text() -> None:
    mail = take(HEAD + multipart("mixed", text_part("Chuyển anh"), PASSED_ON)).mail
    assert mail.attached_subjects == ("[TUYỆT MẬT] Phương án",)
    assert mail.attached_texts == ("Lời của thư đính kèm",)
    assert mail.body_text.strip() == "Chuyển anh"
    assert mail.other_texts == ()


def test_every_alternative_is_a_text_of_its_own() -> None:
    named = 'Content-Type: text/plain; charset=utf-8; name="a.txt"\r\n\r\nLời khác\r\n'
    html = text_part("<p>Chào</p><p>Lời trong HTML</p>", "html")
    mail = take(HEAD + multipart("alternative", text_part("Chào"), named, html)).mail
    assert [text.split() for text in mail.other_texts] == [["Lời", "khác"], ["Chào", "Lời", "trong", "HTML"]]


@pytest.mark.parametrize("of_headers", ["text/rfc822-headers", "message/global-headers"])
def test_what_a_report_returns_is_read_and_is_no_document(of_headers: str) -> None:
    status = "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n"
    returned = f"Content-Type: message/rfc822\r\n\r\n{HEAD}{multipart('mixed', attached(PDF, 'a.pdf'), boundary='i')}"
    heads = f"Content-Type: {of_headers}\r\n\r\n{INNER}"
    mail = take(HEAD + multipart("report", text_part("x"), status, returned, heads)).mail
    assert [part.decision for part in mail.parts if part.name] == [PartDecision.RETURNED]
    assert mail.attached_subjects == ("[TUYỆT MẬT] Phương án",)


def test_a_zip_that_is_not_opened_tells_the_names_in_it() -> None:
    mail = take(HEAD + multipart("mixed", attached(packed("[TUYỆT MẬT].docx", "a/b.txt"), "a.zip"))).mail
    assert mail.packed_names == ("[TUYỆT MẬT].docx", "a/b.txt")


def test_what_is_kept_for_reading_is_bounded() -> None:
    many = [text_part(f"{number} " + "a" * 9_000) for number in range(90)]
    mails = [f"Content-Type: message/rfc822\r\n\r\nSubject: {number}\r\n\r\nx{number}" for number in range(90)]
    archive = attached(packed(*(f"{number}{'n' * 400}" for number in range(900))), "a.zip")
    mail = take(HEAD + multipart("mixed", *many, *mails, archive)).mail
    assert len(mail.other_texts) == len(mail.attached_texts) == len(mail.attached_subjects) == 50
    assert max(map(len, mail.other_texts)) == 4_000
    assert len(mail.packed_names) == 500
    assert max(map(len, mail.packed_names)) <= 250
    assert any("50 lời thư" in problem for problem in mail.problems)
