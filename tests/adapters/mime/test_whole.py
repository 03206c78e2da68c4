"""Mails cut or damaged on their way are told from mails that were merely written carelessly."""

from __future__ import annotations

import base64
import random

import pytest

from gateway.adapters.mime.transfer import Ending, undo
from gateway.model.mail import MailKind
from gateway.model.part import PartDecision
from tests.adapters.mime.mails import HEAD, PDF, Taken, TnefBuilder, attached, leaf, multipart, take, text_part

NOISE = random.Random(7).randbytes(6_000)
LONG_PDF = PDF[:9] + NOISE + PDF[9:]
CLOSE = "--=_a1--\r\n"


def padded(content: bytes, padding: int) -> bytes:
    """The content with as many line feeds at its end as give this much base64 padding."""
    while -len(content) % 3 != padding:
        content += b"\n"
    return content


def mail(*parts: str) -> str:
    return HEAD + multipart("mixed", text_part("Kính gửi"), *parts)


def text_file(text: str, name: str = "QD.txt") -> str:
    return f'Content-Type: text/plain\r\nContent-Disposition: attachment; filename="{name}"\r\n\r\n{text}'


def coded(lines: str) -> Taken:
    head = 'Content-Type: application/msword\r\nContent-Disposition: attachment; filename="a.doc"\r\n'
    return take(mail(f"{head}Content-Transfer-Encoding: base64\r\n\r\n{lines}"))


@pytest.mark.parametrize("padding", [0, 1, 2])
def test_a_mail_cut_anywhere_in_the_pdf_is_incomplete(padding: int) -> None:
    content = padded(LONG_PDF, padding)
    whole = mail(attached(content, "QD.pdf"))
    start, end = whole.index("\r\n\r\n", whole.index("QD.pdf")), whole.index(base64.b64encode(content)[-6:].decode())
    for position in range(start + 4, end, 61):
        for line_end in ("", "\r\n"):
            taken = take(whole[:position] + line_end)
            assert taken.mail.incomplete, position
            assert taken.mail.problems


@pytest.mark.parametrize("padding", [0, 1, 2])
@pytest.mark.parametrize("end", ["", "\r\n", "\r\n\r\n", "\r\n--=_a1\r\n", "\r\n--=_a1-"])
def test_a_close_that_was_left_out_is_no_cut(padding: int, end: str) -> None:
    whole = mail(attached(padded(LONG_PDF, padding), "QD.pdf"))
    taken = take(whole[: whole.rindex(CLOSE)].rstrip() + end)
    assert taken.documents() == ["QD.pdf"]
    assert not taken.mail.incomplete
    assert any("kết thúc" in problem for problem in taken.mail.problems)


def test_a_mail_that_ends_within_a_delimiter_is_incomplete() -> None:
    whole = mail(attached(LONG_PDF, "QD.pdf"), attached(PDF, "PL.pdf"))
    assert take(whole[: whole.index("--=_a1", whole.index("QD.pdf")) + 4]).mail.incomplete


def test_a_mail_that_ends_within_the_header_of_a_file_is_incomplete() -> None:
    whole = mail(attached(LONG_PDF, "QD.pdf"), attached(PDF, "PL.pdf"))
    for position in (whole.index("PL.pdf"), whole.index("PL.pdf") + 9, whole.index("\r\n\r\n", whole.index("PL.")) + 4):
        assert take(whole[:position]).mail.incomplete


def test_a_text_file_without_the_end_of_its_mail_is_incomplete() -> None:
    """A text cannot prove that it is whole, unless base64 padding says so."""
    plain = mail(text_file("số liệu\r\n"))
    assert not take(plain).mail.incomplete
    assert take(plain.replace(CLOSE, "")).mail.incomplete
    for content, incomplete in ((b"a,b\n1,2\n.", True), (b"a,b\n1,2\n", False)):
        table = mail(attached(content, "a.csv", "text/csv"))
        assert not take(table).mail.incomplete
        assert take(table.replace(CLOSE, "")).mail.incomplete is incomplete


def test_a_body_without_the_end_of_its_mail_is_only_named() -> None:
    taken = take(mail().replace(CLOSE, ""))
    assert not taken.mail.incomplete
    assert taken.mail.problems


def test_an_inner_multipart_without_its_close_is_careless_where_the_mail_goes_on() -> None:
    inner = multipart("mixed", text_part("x"), text_file("số liệu\r\n"), boundary="in").replace("--in--\r\n", "")
    assert not take(HEAD + multipart("mixed", inner, attached(PDF, "a.pdf"))).mail.incomplete


def test_a_forwarded_mail_that_was_cut_before_is_incomplete() -> None:
    whole = mail(text_file("số liệu\r\n"))
    for content, incomplete in ((whole, False), (whole.replace(CLOSE, ""), True)):
        inner = f"Content-Type: message/rfc822\r\n\r\n{content}"
        assert take(HEAD + multipart("mixed", text_part("x"), inner, boundary="out")).mail.incomplete is incomplete


SOUND = base64.encodebytes(padded(NOISE, 1)).decode()
UNPADDED = SOUND.rstrip("=\n")
LINES = SOUND.splitlines(keepends=True)


@pytest.mark.parametrize(
    "lines",
    [
        SOUND,
        UNPADDED,
        SOUND + "\r\n\r\n\r\n",
        SOUND + "-- \r\nDanh sach thu: https://x.example\r\n",
        SOUND + "Sent\r\n",
        SOUND + "abcde\r\n",
        UNPADDED + "\r\n______________\r\nMailing list: https://x.example\r\n",
        "\ufeff" + SOUND,
        SOUND[:500] + "!\r\n " + SOUND[500:],
        "".join(base64.b64encode(NOISE[i : i + 10]).decode() + "\n" for i in range(0, 500, 10)),
        SOUND.replace("\n", " \r\r\n"),
    ],
    ids=[
        "sound",
        "padding missing",
        "line ends after",
        "list footer",
        "a word after",
        "five letters after",
        "footer without padding",
        "byte order mark",
        "lines broken with a mark",
        "padded pieces",
        "odd line ends",
    ],
)
def test_careless_base64_is_whole(lines: str) -> None:
    assert not coded(lines).mail.incomplete


@pytest.mark.parametrize(
    "lines",
    [
        UNPADDED[:-2],
        SOUND[:500] + SOUND[501:],
        SOUND[:500] + "*" + SOUND[501:],
        "".join(LINES[:20]) + "\u00ff" * 40 + "\r\n" + "".join(LINES[21:]),
        "".join(LINES[:20]) + "[noi dung da bi cat bo]\r\n" + "".join(LINES[21:]),
        "đây không phải là base64",
    ],
    ids=["cut short", "a character gone", "a foreign character", "a line destroyed", "a line replaced", "no base64"],
)
def test_base64_that_lost_bytes_is_incomplete(lines: str) -> None:
    taken = coded(lines)
    assert taken.decisions()["2"] is PartDecision.DOCUMENT
    assert taken.mail.incomplete
    assert any("a.doc" in problem for problem in taken.mail.problems)


def test_damaged_base64_of_a_body_or_a_signature_holds_nothing() -> None:
    body = "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nS8OtbmggZ8k*hu\r\n"
    signature = (
        "Content-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\nMII"
    )
    assert not take(HEAD + multipart("mixed", body, attached(PDF, "a.pdf"))).mail.incomplete
    signed = HEAD + multipart("signed", attached(PDF, "a.pdf"), signature)
    for sent in (signed, signed.replace(CLOSE, "")):
        taken = take(sent)
        assert taken.decisions()["2"] is PartDecision.SIGNATURE
        assert not taken.mail.incomplete


def test_a_mail_that_is_one_file_alone_may_be_cut_too() -> None:
    whole = HEAD + leaf(LONG_PDF, "Content-Type: application/pdf")
    assert not take(whole).mail.incomplete
    assert not take(HEAD + text_file("số liệu")).mail.incomplete
    for position in range(len(whole) - 400, len(whole) - 150, 7):
        assert take(whole[:position]).mail.incomplete


def test_a_cut_winmail_is_incomplete_and_a_careless_one_is_not() -> None:
    tnef = TnefBuilder().attach(b"a.pdf", PDF).attach(b"b.pdf", LONG_PDF).build()
    for content, incomplete in ((tnef, False), (tnef + b"\r\n", False), (tnef[:-40], True), (tnef[:900], True)):
        assert take(mail(attached(content, "winmail.dat"))).mail.incomplete is incomplete


def test_uuencoded_files_are_whole_up_to_their_end() -> None:
    text = "Kính gửi\r\nbegin 644 a.txt\r\n#0V%T\r\n`\r\nend\r\n"
    assert not take(HEAD + text_part(text)).mail.incomplete
    assert not take(HEAD + text_part(text.replace("end\r\n", ""))).mail.incomplete
    assert take(HEAD + text_part(text.replace("`\r\nend\r\n", ""))).mail.incomplete


def test_what_a_report_returns_is_never_whole() -> None:
    status = "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n"
    returned = mail(attached(LONG_PDF, "a.pdf"))[:2000]
    taken = take(HEAD + multipart("report", status, f"Content-Type: message/rfc822\r\n\r\n{returned}", boundary="r"))
    assert (taken.mail.kind, taken.mail.incomplete) == (MailKind.REPORT, False)


def test_how_base64_ends_is_told() -> None:
    endings = {b"QUJD": Ending.FULL, b"QUI=": Ending.PADDED, b"QUI": Ending.SHORT, b"QUJDR": Ending.SHORT}
    for sent, ending in endings.items():
        assert undo(sent, "base64").ending is ending
    assert undo(b"QUI=", "7bit").ending is Ending.UNKNOWN
