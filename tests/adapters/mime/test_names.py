"""File names as Vietnamese senders and their programs really write them."""

from __future__ import annotations

import base64
import unicodedata
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters.mime.names import LONGEST_NAME, file_name, name_trick
from gateway.adapters.mime.parameters import read_structured
from tests.adapters.mime.mails import HEAD, PDF, leaf, multipart, take

NAME = "Công văn số 12 về đường tỉnh 624.pdf"
WORD = f"=?utf-8?B?{base64.b64encode(NAME.encode()).decode()}?="
_BYTES = NAME.encode()
_HALVES = [base64.b64encode(_BYTES[:4]).decode(), base64.b64encode(_BYTES[4:]).decode()]

FORMS = {
    "rfc 2231": f"attachment; filename*=UTF-8''{quote(NAME)}",
    "rfc 2231 in quotes": f"attachment; filename*=\"UTF-8''{quote(NAME)}\"",
    "rfc 2231 lower case with language": f"attachment; filename*=utf-8'vi'{quote(NAME)}",
    "continued and encoded": "attachment; "
    + ";\r\n ".join(
        f"filename*{number}*={piece}"
        for number, piece in enumerate(["UTF-8''" + quote(_BYTES[:4]), quote(_BYTES[4:20]), quote(_BYTES[20:])])
    ),
    "continued out of order": f"attachment; filename*1*={quote(_BYTES[4:])}; filename*0*=UTF-8''{quote(_BYTES[:4])}",
    "both, the plain one worse": f"attachment; filename=\"Cong van.pdf\"; filename*=UTF-8''{quote(NAME)}",
    "encoded word in quotes": f'attachment; filename="{WORD}"',
    "encoded word without quotes": f"attachment; filename={WORD}",
    "encoded words cut inside a letter": f'attachment; filename="=?utf-8?B?{_HALVES[0]}?= =?UTF-8?B?{_HALVES[1]}?="',
    "encoded words cut without a space": f'attachment; filename="=?utf-8?B?{_HALVES[0]}?==?utf-8?B?{_HALVES[1]}?="',
    "encoded words over two lines": f'attachment;\r\n filename="=?utf-8?B?{_HALVES[0]}?=\r\n'
    f'\t=?utf-8?B?{_HALVES[1]}?="',
    "encoded word in continuations": f'attachment; filename*0="{WORD[:20]}"; filename*1="{WORD[20:]}"',
    "raw utf-8": f'attachment; filename="{NAME}"',
    "raw utf-8 without quotes": f"attachment; filename={NAME}",
    "raw nfd": f'attachment; filename="{unicodedata.normalize("NFD", NAME)}"',
    "no semicolon": f'attachment filename="{NAME}"',
    "unterminated quote": f'attachment; filename="{NAME}',
    "windows path": f'attachment; filename="C:\\Users\\vanthu\\{NAME}"',
    "wrong label": f"attachment; filename*=iso-8859-1''{quote(NAME)}",
    "unknown label": f"attachment; filename*=x-unknown''{quote(NAME)}",
    "no label": f"attachment; filename*={quote(NAME)}",
    "bidirectional and control characters": f'attachment; filename="\u202e{NAME}\u202c\x07"',
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_way_to_write_a_name_gives_the_same_name(form: str) -> None:
    taken = take(HEAD + multipart("mixed", leaf(PDF, f"Content-Type: application/pdf\r\nContent-Disposition: {form}")))
    assert taken.part("1").name == NAME


def test_the_name_of_the_content_type_serves_where_the_disposition_has_none() -> None:
    taken = take(HEAD + leaf(PDF, f'Content-Type: application/pdf; name="{WORD}"\r\nContent-Disposition: attachment'))
    assert taken.part("1").name == NAME


def test_raw_windows_1258_is_read() -> None:
    name = unicodedata.normalize("NFC", "Công văn khẩn.pdf")
    raw = "Công văn khẩn.pdf"
    decomposed = "".join(
        letter if letter in "ôă" else unicodedata.normalize("NFD", letter).replace("a\u0302", "â") for letter in raw
    )
    head = HEAD.encode() + b'Content-Type: application/pdf; name="' + decomposed.encode("cp1258") + b'"\r\n\r\n'
    assert take(head + PDF).part("1").name == name


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Temp\\a.doc", "a.doc"),
        ("/var/tmp/b.pdf", "b.pdf"),
        ("955/QĐ-SGTVT.pdf", "955-QĐ-SGTVT.pdf"),
        ("..", ""),
        (" \t", ""),
        ("a\r\nBcc: x.pdf", "a Bcc: x.pdf"),
        ("cong\u202efdp.exe", "congfdp.exe"),
        ("\ud800.pdf", "\ufffd.pdf"),
    ],
)
def test_folders_and_dangerous_characters_leave_a_name(sent: str, kept: str) -> None:
    assert file_name(sent) == kept


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("cong van \u202efdp.exe", "đảo chiều"),
        ("cong van \u2067fdp.exe", "đảo chiều"),
        ("cong van.exe\x00.pdf", "NUL"),
        ("../../etc/passwd", "ra ngoài"),
        ("..\\..\\a.pdf", "ra ngoài"),
        ("C:\\Users\\vanthu\\a.pdf", ""),
        ("\u202aC:\\a.pdf\u202c", ""),
        ("\u200e955-QĐ.pdf", ""),
        ("955/QĐ-SGTVT.pdf", ""),
        ("v.v...pdf", ""),
    ],
)
def test_what_a_name_loses_in_cleaning_is_told_where_it_misleads(sent: str, told: str) -> None:
    assert (told in name_trick(sent)) if told else name_trick(sent) == ""
    taken = take(HEAD + multipart("mixed", attached_as(sent)))
    assert set(taken.mail.name_tricks) == ({"1"} if told else set())


def attached_as(name: str) -> str:
    return leaf(PDF, f"Content-Disposition: attachment; filename*=UTF-8''{quote(name, safe='')}")


def test_a_name_too_long_keeps_its_extension() -> None:
    name = file_name("ă" * 1000 + ".docx")
    assert len(name) == LONGEST_NAME
    assert name.endswith(".docx")


@given(st.text(max_size=400))
def test_a_name_is_always_safe_and_stable(sent: str) -> None:
    name = file_name(sent)
    assert name == unicodedata.normalize("NFC", name)
    assert not set(name) & {"/", "\\", "\n", "\r", "\x00"}
    assert len(name) <= LONGEST_NAME
    name.encode()


@given(st.text(max_size=300))
def test_any_parameter_text_can_be_read(text: str) -> None:
    structured = read_structured(text)
    assert structured.value == structured.value.lower()
