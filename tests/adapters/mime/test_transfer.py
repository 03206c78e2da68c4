"""Content-Transfer-Encoding, sound and broken."""

from __future__ import annotations

import base64
import binascii
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters.mime.transfer import undo
from tests.adapters.mime.mails import HEAD, PDF, multipart, take

LINES = base64.encodebytes(PDF)


@pytest.mark.parametrize(
    "sent",
    [
        LINES.replace(b"\n", b"\r\n"),
        LINES.replace(b"\n", b"\r"),
        LINES.replace(b"\n", b" \r\r\n"),
        LINES.replace(b"\n", b""),
        LINES.rstrip(b"=\n"),
        LINES + b"\r\n-- \r\nDanh sach thu: https://x.example\r\n",
        b"\xef\xbb\xbf\r\n" + LINES,
        b"\xef\xbb\xbf" + LINES,
        LINES[:30] + b"!" + LINES[30:],
        b"".join(base64.b64encode(PDF[i : i + 10]) + b"\n" for i in range(0, len(PDF), 10)),
    ],
)
def test_base64_gives_exactly_the_file_whatever_surrounds_it(sent: bytes) -> None:
    assert undo(sent, " Base64; ").content == PDF


def test_damaged_base64_is_named() -> None:
    assert undo(LINES[:30] + b"!" + LINES[30:], "base64").problem


@given(st.binary(max_size=500), st.sampled_from([b"\n", b"\r\n", b"\r", b""]))
def test_sound_base64_is_exact(content: bytes, line_end: bytes) -> None:
    decoded = undo(base64.encodebytes(content).replace(b"\n", line_end), "base64")
    assert (decoded.content, decoded.problem) == (content, "")


@given(st.binary(max_size=500))
def test_sound_quoted_printable_is_exact(content: bytes) -> None:
    text = content.replace(b"\r", b"").replace(b"\x00", b"")
    decoded = undo(quopri.encodestring(text), "Quoted-Printable")
    assert (decoded.content, decoded.problem) == (text, "")


def test_broken_quoted_printable_keeps_what_can_be_read() -> None:
    decoded = undo(b"K=C3=ADnh g=E1=BB=ADi = =ZZ =\r\nS=E1=BB=9F \t\r\n", "quoted-printable")
    assert decoded.content.decode() == "Kính gửi = =ZZ Sở\r\n"
    assert decoded.problem


@given(st.binary(max_size=300), st.sampled_from(["base64", "quoted-printable", "x-uuencode", "7bit", "binhex", ""]))
def test_any_bytes_are_survived(content: bytes, encoding: str) -> None:
    undo(content, encoding)


@given(st.binary(min_size=1, max_size=500))
def test_uuencode_is_undone(content: bytes) -> None:
    lines = b"".join(binascii.b2a_uu(content[i : i + 45]) for i in range(0, len(content), 45))
    assert undo(b"begin 644 a.bin\n" + lines + b"`\nend\n", "x-uuencode").content == content


def test_an_unknown_encoding_is_named_and_the_bytes_are_kept() -> None:
    part = "Content-Type: application/pdf\r\nContent-Transfer-Encoding: x-gzip64\r\n\r\n" + PDF.decode()
    taken = take(HEAD + multipart("mixed", part))
    assert taken.contents["1"].startswith(PDF.rstrip())
    assert any("x-gzip64" in problem for problem in taken.mail.problems)


def test_a_pdf_in_base64_that_nobody_declared_is_found() -> None:
    part = "Content-Type: application/pdf\r\n\r\n" + LINES.decode()
    taken = take(HEAD + multipart("mixed", part))
    assert taken.contents["1"] == PDF


def test_a_binary_part_keeps_its_last_byte() -> None:
    content = b"%PDF-1.4\r\n\x00\xff\r\n"
    mail = HEAD.encode() + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: application/pdf\r\n"
    taken = take(mail + b"Content-Transfer-Encoding: binary\r\n\r\n" + content + b"\r\n--b--\r\n")
    assert taken.contents["1"] == content


def test_prose_after_unpadded_base64_does_not_reach_the_file() -> None:
    content = PDF[: len(PDF) // 3 * 3]
    sent = base64.encodebytes(content) + b"XXXX--bad-boundary--\n\nThe epilogue of the inner message.\n"
    assert undo(sent, "base64").content == content
