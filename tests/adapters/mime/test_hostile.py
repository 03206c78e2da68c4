"""Mails made to cost time or to hide something: cost grows with their size at most, and everything is named."""

from __future__ import annotations

import base64
import time
import unicodedata

import pytest

from gateway.adapters.mime.limits import LIMITS
from gateway.model.mail import MailKind
from gateway.model.part import PartDecision
from tests.adapters.mime.hostile import FROM, GROWING, ODD, small
from tests.adapters.mime.mails import HEAD, PDF, Taken, attached, leaf, multipart, take, text_part
from tests.fuzz.mime_invariants import Bench

# What a mail costs whatever its size, and how much more than four times the cost of a quarter is still linear.
_FIXED_SECONDS = 0.05
_TOLERANCE = 2.0
_MOST_SECONDS = 6.0
"""The dearest takes one second on a machine at rest; a machine that builds for others is three times slower."""


def seconds(bench: Bench, content: bytes) -> float:
    started = time.process_time()
    bench.check(content)
    return time.process_time() - started


@pytest.mark.parametrize("name", GROWING)
def test_cost_grows_with_size_at_most(name: str) -> None:
    make, size = GROWING[name]
    with Bench() as bench:
        short, long = make(size // 4), make(size)
        quarter = min(seconds(bench, short) for _ in range(2))
        whole = min(seconds(bench, long) for _ in range(2))
    assert whole < _MOST_SECONDS
    assert whole < _FIXED_SECONDS + _TOLERANCE * 4 * quarter


@pytest.mark.parametrize("name", small())
def test_odd_mails_keep_every_promise(name: str) -> None:
    with Bench() as bench:
        bench.check(small()[name])


def odd(name: str) -> Taken:
    return take(ODD[name])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("no from", "thiếu From"),
        ("two froms", "nhiều người gửi"),
        ("part of a message", "message/partial"),
        ("body elsewhere", "message/external-body"),
        ("nothing in a part", "rỗng (0 byte)"),
        ("yenc", "yEnc"),
        ("damaged signature", "S/MIME"),
    ],
)
def test_what_is_missing_or_not_opened_is_named(name: str, words: str) -> None:
    assert any(words in problem for problem in odd(name).mail.problems)


@pytest.mark.parametrize("comment", ["<!-->", "<!--->", "<!-- a -->", "<!a>"])
def test_what_a_reader_sees_after_a_comment_is_read(comment: str) -> None:
    body = f"<p>Kính gửi{comment}TỐI MẬT</p><p>-->"
    mail = take(HEAD + leaf(body.encode(), "Content-Type: text/html; charset=utf-8")).mail
    assert "TỐI MẬT" in mail.body_text


@pytest.mark.parametrize("name", ["8-bit headers", "8-bit headers of windows"])
def test_headers_without_an_encoding_are_read(name: str) -> None:
    mail = odd(name).mail
    assert (mail.sender, mail.subject[:2]) == ("a@b.vn", "Cô")


@pytest.mark.parametrize("name", ["utf-16 body", "utf-16 body without a label"])
def test_utf_16_is_read(name: str) -> None:
    assert odd(name).mail.body_text == "Kính gửi"


def test_lone_carriage_returns_end_lines_where_nothing_else_does() -> None:
    assert odd("lone CR").mail.body_text.strip() == "Kinh gui"
    assert odd("lone CR among CRLF").mail.subject == "x Bcc: y"


def test_a_macintosh_header_is_no_document_and_the_file_is() -> None:
    assert odd("appledouble").decisions()["1"] is PartDecision.IGNORED
    assert odd("appledouble").documents() == ["cv.pdf"]


def test_three_files_of_one_name_are_three_parts() -> None:
    files = [attached(PDF + b"\n" * n, "văn bản.pdf") for n in range(3)]
    taken = take(HEAD + multipart("mixed", text_part("x"), *files))
    assert taken.documents() == ["văn bản.pdf"] * 3
    assert len(set(taken.contents.values())) == 4


def test_a_name_in_decomposed_letters_is_composed() -> None:
    name = "Quyết định số 12.pdf"
    sent = unicodedata.normalize("NFD", name)
    words = f"=?utf-8?B?{base64.b64encode(sent.encode()).decode()}?="
    for header in (sent, words):
        assert take(HEAD + multipart("mixed", attached(PDF, header))).documents() == [name]


_LIES = ["us-ascii", "iso-8859-1", "windows-1252", "utf-16", "utf-7", "iso-2022-jp", "big5", "koi8-r", "x-none", "tcvn"]


@pytest.mark.parametrize("label", _LIES)
def test_a_charset_that_lies_loses_no_part_and_says_so_where_letters_may_be_wrong(label: str) -> None:
    text = "Kính gửi Quý cơ quan"
    body = f"Content-Type: text/plain; charset={label}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
    taken = take(HEAD + multipart("mixed", body, attached(PDF, "a.pdf")))
    assert taken.contents["1"].decode().strip() == text
    assert taken.documents() == ["a.pdf"]
    read = taken.mail.body_text.strip() == text
    assert read or taken.mail.problems or label in {"utf-16", "big5", "koi8-r"}


def test_a_cap_on_parts_names_how_many_are_left() -> None:
    make, size = GROWING["parts"]
    mail = take(make(size)).mail
    assert len(mail.parts) == LIMITS.parts
    assert mail.incomplete
    assert any("không được mở" in problem for problem in mail.problems)


@pytest.mark.parametrize("name", ["one header", "headers", "received"])
def test_a_header_past_its_cap_is_named_and_the_body_is_read(name: str) -> None:
    make, size = GROWING[name]
    mail = take(make(size)).mail
    assert any("tiêu đề thư dài" in problem for problem in mail.problems)
    assert mail.incomplete
    assert mail.body_text == "x"


def test_a_header_of_a_part_past_its_cap_is_named_too() -> None:
    part = "X-A: " + "a" * LIMITS.header_block + '\r\nContent-Disposition: attachment; filename="a.pdf"\r\n\r\nx'
    mail = take(HEAD + multipart("mixed", text_part("x"), part)).mail
    assert mail.incomplete
    assert any("phần 2" in problem for problem in mail.problems)


def test_a_document_after_any_junk_in_the_header_is_found() -> None:
    for junk in (b"\xff\xfe\x00", b": x", b"A" * 5_000, b"=?", b"Content-Type", b"X" * 300 + b": y"):
        content = FROM + b"X-Junk: y\r\n " + junk + b"\r\n" + multipart("mixed", attached(PDF, "a.pdf")).encode()
        assert take(content).documents() == ["a.pdf"]


def test_a_signed_mail_shows_what_was_signed() -> None:
    signature = leaf(b"\x30\x80", 'Content-Type: application/pkcs7-signature; name="smime.p7s"')
    taken = take(HEAD + multipart("signed", attached(PDF, "a.pdf"), signature))
    assert taken.documents() == ["a.pdf"]
    assert taken.decisions()["2"] is PartDecision.SIGNATURE


def test_nothing_of_a_hostile_report_stops_it() -> None:
    make, size = GROWING["recipients of a report"]
    mail = take(make(size)).mail
    assert mail.kind is MailKind.REPORT
    assert mail.report is not None
    assert len(mail.report.recipients) == 100
