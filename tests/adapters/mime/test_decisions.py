"""What each part is to the records office."""

from __future__ import annotations

import pytest

from gateway.model.part import PartDecision
from tests.adapters.mime.mails import (
    HEAD,
    OTHER_PDF,
    PDF,
    attached,
    jpeg_head,
    leaf,
    multipart,
    png,
    take,
    text_part,
)

DOCUMENT = PartDecision.DOCUMENT
BODY = PartDecision.BODY
INLINE = PartDecision.INLINE
SIGNATURE = PartDecision.SIGNATURE
CONTAINER = PartDecision.CONTAINER
IGNORED = PartDecision.IGNORED


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Type: application/octet-stream",
        "Content-Type: application/pdf\r\nContent-Disposition: inline; filename=a.pdf",
        "Content-Type: application/pdf\r\nContent-Disposition:",
        "Content-Type: text/plain; name=a.pdf",
        "Content-Type: text/html",
        "Content-Type: image/png\r\nContent-ID: <logo@x>",
        "Content-Type: application/pkcs7-signature; name=smime.p7s",
        "Content-Type: text/calendar",
        "Content-Type: message/delivery-status",
        "Content-Type: message/external-body; access-type=url",
        "Content-Type: application/ms-tnef; name=winmail.dat",
        "Content-Type: nonsense",
        "X-Nothing: at all",
    ],
)
@pytest.mark.parametrize("subtype", ["mixed", "related", "alternative", "signed", "report"])
def test_a_pdf_is_a_document_whatever_its_sender_declares(headers: str, subtype: str) -> None:
    taken = take(HEAD + multipart(subtype, text_part("Kính gửi", "html"), leaf(PDF, headers)))
    assert taken.part("2").decision is DOCUMENT
    assert taken.part("2").type == "application/pdf"
    assert taken.contents["2"] == PDF
    assert taken.part("2").reason


def test_a_mail_that_is_nothing_but_a_pdf_is_a_document() -> None:
    taken = take(HEAD + leaf(PDF, "Content-Type: application/pdf"))
    assert taken.decisions() == {"1": DOCUMENT}
    assert taken.mail.body_text == ""


def test_three_attachments_of_one_name_stay_three() -> None:
    parts = [attached(PDF + bytes([48 + number]), "van ban.pdf") for number in range(3)]
    taken = take(HEAD + multipart("mixed", text_part("x"), *parts))
    assert taken.documents() == ["van ban.pdf"] * 3
    assert len({part.sha256 for part in taken.mail.parts if part.decision is DOCUMENT}) == 3


def test_the_same_file_twice_is_two_parts_with_one_content() -> None:
    taken = take(HEAD + multipart("mixed", attached(PDF, "a.pdf"), attached(PDF, "b.pdf")))
    assert taken.documents() == ["a.pdf", "b.pdf"]


def test_a_logo_shown_by_the_html_is_inline() -> None:
    html = text_part('<p>Kính gửi</p><img src="cid:logo%40x">', "html")
    logo = leaf(png(900, 300), 'Content-Type: image/png; name="logo.png"\r\nContent-ID: <logo@x>')
    taken = take(HEAD + multipart("mixed", html, logo, attached(PDF, "cv.pdf")))
    assert taken.decisions() == {"0": CONTAINER, "1": BODY, "2": INLINE, "3": DOCUMENT}


@pytest.mark.parametrize(
    "image",
    [
        png(1240, 1754),
        png(1754, 1240),
        png(620, 877),
        jpeg_head(3000, 4000),
        jpeg_head(1080, 2340),
        jpeg_head(1100, 1100),
    ],
)
def test_a_page_shown_by_the_html_is_a_document_beside_other_files(image: bytes) -> None:
    page = leaf(image, 'Content-Type: image/png; name="trang1.png"\r\nContent-ID: <p1>\r\nContent-Disposition: inline')
    related = multipart("related", text_part('<img src="cid:p1">', "html"), page, boundary="r")
    taken = take(HEAD + multipart("mixed", related, attached(PDF, "bieu.pdf")))
    assert taken.documents() == ["trang1.png", "bieu.pdf"]
    assert not taken.mail.problems


@pytest.mark.parametrize(
    ("width", "height", "named"),
    [
        (200, 80, False),
        (1, 1, False),
        (1600, 300, False),
        (3000, 1000, False),
        (64, 64, False),
        (500, 500, True),
        (800, 800, True),
        (420, 594, True),
        (1200, 630, True),
    ],
)
def test_decorations_stay_inline_and_doubtful_pictures_are_named(width: int, height: int, named: bool) -> None:
    picture = leaf(png(width, height), 'Content-Type: image/png; name="anh.png"\r\nContent-ID: <p1>')
    related = multipart("related", text_part('<img src="cid:p1">', "html"), picture, boundary="r")
    taken = take(HEAD + multipart("mixed", related, attached(PDF, "bieu.pdf")))
    assert taken.documents() == ["bieu.pdf"]
    assert bool(taken.mail.problems) is named
    assert all("anh.png" in problem for problem in taken.mail.problems)


def test_a_small_picture_attached_without_any_reference_is_inline() -> None:
    taken = take(HEAD + multipart("mixed", text_part("x"), attached(png(120, 60), "image001.png", "image/png")))
    assert taken.decisions()["2"] is INLINE


@pytest.mark.parametrize("image", [png(1240, 1754), jpeg_head(3000, 4000)])
def test_a_page_attached_as_a_picture_is_a_document(image: bytes) -> None:
    taken = take(HEAD + multipart("mixed", text_part("x"), attached(image, "scan", "application/octet-stream")))
    assert taken.decisions()["2"] is DOCUMENT


def test_page_sized_pictures_shown_inline_are_documents_where_nothing_else_is() -> None:
    html = text_part('<img src="cid:p1"><img src="cid:p2"><img src="cid:s">', "html")
    pages = [
        leaf(jpeg_head(1200, 1600), f"Content-Type: image/jpeg\r\nContent-ID: <p{n}>\r\nContent-Disposition: inline")
        for n in (1, 2)
    ]
    icon = leaf(png(30, 30), "Content-Type: image/png\r\nContent-ID: <s>")
    taken = take(HEAD + multipart("related", html, *pages, icon))
    assert taken.decisions() == {"0": CONTAINER, "1": BODY, "2": DOCUMENT, "3": DOCUMENT, "4": INLINE}


def test_a_text_attached_as_a_file_is_a_document_and_the_alternatives_are_bodies() -> None:
    alternative = multipart("alternative", text_part("Kính gửi"), text_part("<b>Kính gửi</b>", "html"), boundary="alt")
    note = 'Content-Type: text/plain\r\nContent-Disposition: attachment; filename="ghi chu.txt"\r\n\r\nsố liệu\r\n'
    taken = take(HEAD + multipart("mixed", alternative, note))
    assert taken.decisions() == {"0": CONTAINER, "1": CONTAINER, "1.1": BODY, "1.2": BODY, "2": DOCUMENT}
    assert taken.mail.body_text.strip() == "Kính gửi"


def test_calendars_and_cards_are_passed_over_with_a_reason() -> None:
    invitation = "Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    card = 'Content-Type: text/x-vcard; name="toi.vcf"\r\n\r\nBEGIN:VCARD\r\nEND:VCARD\r\n'
    taken = take(HEAD + multipart("mixed", text_part("x"), invitation, card))
    assert taken.decisions() == {"0": CONTAINER, "1": BODY, "2": IGNORED, "3": IGNORED}
    assert all(part.reason for part in taken.mail.parts)


def test_an_empty_attachment_is_passed_over_and_named() -> None:
    taken = take(HEAD + multipart("mixed", text_part("x"), attached(b"", "cong van.pdf")))
    assert taken.decisions()["2"] is IGNORED
    assert any("cong van.pdf" in problem for problem in taken.mail.problems)


def test_content_that_is_elsewhere_is_named() -> None:
    outside = (
        'Content-Type: message/external-body; access-type=URL; URL="http://x.example/a"; name="a.pdf"\r\n\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    )
    taken = take(HEAD + multipart("mixed", text_part("x"), outside))
    assert taken.decisions()["2"] is IGNORED
    assert any("a.pdf" in problem for problem in taken.mail.problems)


def test_a_fragment_of_a_split_mail_is_named() -> None:
    taken = take(HEAD + 'Content-Type: message/partial; id="a"; number=1; total=2\r\n\r\nSubject: x\r\n\r\nJVBER\r\n')
    assert taken.decisions() == {"1": IGNORED}
    assert any("message/partial" in problem for problem in taken.mail.problems)


def test_pgp_signatures_are_signatures_and_pgp_messages_cannot_be_opened() -> None:
    signature = (
        "Content-Type: application/octet-stream; name=signature.asc\r\n\r\n"
        "-----BEGIN PGP SIGNATURE-----\r\n\r\niQ==\r\n-----END PGP SIGNATURE-----\r\n"
    )
    assert take(HEAD + multipart("signed", text_part("x"), signature)).decisions()["2"] is SIGNATURE
    control = "Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n"
    secret = "Content-Type: application/octet-stream\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQ==\r\n"
    taken = take(HEAD + multipart("encrypted", control, secret))
    assert taken.decisions() == {"0": CONTAINER, "1": IGNORED, "2": DOCUMENT}
    assert any("PGP" in problem for problem in taken.mail.problems)
    assert taken.part("2").type == "application/pgp-encrypted"


def test_apple_mail_puts_a_mixed_inside_the_related() -> None:
    inner = multipart("mixed", attached(PDF, "a.pdf"), text_part("<p>Trân trọng</p>", "html"), boundary="m")
    related = multipart("related", text_part('<img src="cid:l">', "html"), inner, boundary="r")
    taken = take(HEAD + multipart("alternative", text_part("Kính gửi"), related))
    assert taken.documents() == ["a.pdf"]
    assert taken.mail.body_text.strip() == "Kính gửi"


def test_a_forward_keeps_the_documents_of_the_mail_within() -> None:
    inner = HEAD + multipart("mixed", text_part("thư cũ"), attached(OTHER_PDF, "cũ.pdf"), boundary="in")
    outer = multipart(
        "mixed", text_part("Chuyển tiếp"), attached(PDF, "mới.pdf"), f"Content-Type: message/rfc822\r\n\r\n{inner}"
    )
    taken = take(HEAD + outer)
    assert taken.decisions() == {
        "0": CONTAINER,
        "1": BODY,
        "2": DOCUMENT,
        "3": CONTAINER,
        "3.0": CONTAINER,
        "3.1": BODY,
        "3.2": DOCUMENT,
    }
    assert taken.documents() == ["mới.pdf", "cũ.pdf"]
    assert taken.mail.body_text.strip() == "Chuyển tiếp"


def test_body_pieces_that_exchange_names_are_bodies() -> None:
    piece = leaf(b"<p>x</p>", 'Content-Type: text/html; name="ATT00001.htm"\r\nContent-Disposition: attachment')
    taken = take(HEAD + multipart("mixed", text_part("x"), attached(PDF, "a.pdf"), piece))
    assert taken.decisions()["3"] is BODY


def test_the_resource_fork_of_a_macintosh_is_passed_over() -> None:
    fork = leaf(b"\x00\x05\x16\x07" + b"\x00" * 40, "Content-Type: application/applefile; name=a.pdf")
    pair = multipart("appledouble", fork, attached(PDF, "a.pdf"), boundary="ad")
    assert take(HEAD + multipart("mixed", pair)).decisions() == {
        "0": CONTAINER,
        "1": CONTAINER,
        "1.1": IGNORED,
        "1.2": DOCUMENT,
    }


def test_a_file_deleted_before_sending_is_named() -> None:
    trace = 'Content-Type: text/x-moz-deleted; name="Deleted: a.pdf"\r\n\r\nYou deleted an attachment\r\n'
    taken = take(HEAD + multipart("mixed", text_part("x"), trace))
    assert taken.decisions()["2"] is IGNORED
    assert any("a.pdf" in problem for problem in taken.mail.problems)


def test_an_html_body_alone_is_turned_to_text() -> None:
    html = "<style>p{}</style><p>Kính&nbsp;gửi: <b>Sở</b></p><blockquote>cũ<br>hơn</blockquote><!-- x -->"
    html += "<table><tr><td>1<td>2"
    taken = take(HEAD + text_part(html, "html"))
    assert taken.mail.body_text == "Kính gửi: Sở\n> cũ\n> hơn\n1\t2"
