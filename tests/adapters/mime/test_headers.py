"""The header fields a person reads."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters.mime.charset import decode
from gateway.adapters.mime.envelope import read_authors, read_date
from gateway.adapters.mime.limits import LIMITS
from gateway.adapters.mime.words import clean, decode_words
from tests.adapters.mime.mails import HEAD, take

SUBJECTS = {
    "=?UTF-8?B?Q8O0bmcgdsSDbg==?=": "Công văn",
    "=?utf-8?Q?C=C3=B4ng_v=C4=83n?=": "Công văn",
    "=?utf-8?q?C=C3?= =?utf-8?q?=B4ng_v=C4=83n?=": "Công văn",
    "=?utf-8?B?Q8?=\r\n =?utf-8?B?O0bmcgdsSDbg==?=": "Công văn",
    "=?utf-8?B?Q8O0bmc=?= =?iso-8859-1?Q?_t=E1c?=": "Công tác",
    "V/v =?utf-8?Q?C=C3=B4ng?=v=?utf-8?Q?=C4=83n?=": "V/v Côngvăn",
    "=?us-ascii?Q?C=C3=B4ng?=": "Công",
    "=?x-unknown?Q?C=C3=B4ng?=": "Công",
    "=?utf8?Q?C=C3=B4ng?=": "Công",
    "=?1252?Q?t=E1c?=": "tác",
    "=?windows-1258?Q?C=F4ng?=": "Công",
    "=?utf-8?B?Q8O0bmc?=": "Công",
    "=?utf-8*vi?Q?C=C3=B4ng?=": "Công",
    "=?utf-8?Q?Công?=": "Công",
    "Công văn": "Công văn",
    "Co\u0302ng va\u0306n": "Công văn",
    "a\tb\x00\x07c\u202e d": "a b c d",
    "=?utf-8?Q?a=0D=0ABcc:_x?=": "a Bcc: x",
    "=?utf-8?Z?abc?= =?utf-8?B?*?=": "=?utf-8?Z?abc?=",
}


@pytest.mark.parametrize(("sent", "read"), SUBJECTS.items())
def test_subjects_are_read_however_they_were_encoded(sent: str, read: str) -> None:
    assert take(f"From: a@b.vn\r\nSubject: {sent}\r\n\r\nx").mail.subject == read


AUTHORS = {
    '"Sở GTVT" <sgtvt@QuangNgai.gov.vn>': ("sgtvt@quangngai.gov.vn", "Sở GTVT"),
    "sgtvt@quangngai.gov.vn": ("sgtvt@quangngai.gov.vn", ""),
    "sgtvt@quangngai.gov.vn (Sở GTVT)": ("sgtvt@quangngai.gov.vn", "Sở GTVT"),
    "Sở GTVT, phòng 2 <a@b.vn>": ("a@b.vn", "Sở GTVT phòng 2"),
    "=?utf-8?B?U+G7nywgcGjDsm5nIDI=?= <a@b.vn>": ("a@b.vn", "Sở, phòng 2"),
    "=?utf-8?B?U+G7nyA8YUBiLnZuPg==?=": ("a@b.vn", "Sở"),
    '"evil@x.vn" <a@b.vn>': ("a@b.vn", "evil@x.vn"),
    "< a@b.vn >": ("a@b.vn", ""),
    "<mailto:a@b.vn>": ("a@b.vn", ""),
    "'a@b.vn' <a@b.vn>": ("a@b.vn", "a@b.vn"),
    "Sở GTVT <a@b.vn": ("a@b.vn", "Sở GTVT"),
    "Văn phòng: a@b.vn, c@d.vn;": ("a@b.vn", ""),
}


@pytest.mark.parametrize(("sent", "read"), AUTHORS.items())
def test_authors_are_read_however_they_were_written(sent: str, read: tuple[str, str]) -> None:
    author = read_authors(sent)[0]
    assert (author.address, author.name) == read


@pytest.mark.parametrize("line", ["", "From: \r\n", "From: <>\r\n", "From: nobody\r\n"])
def test_a_mail_without_author_is_read_and_says_so(line: str) -> None:
    mail = take(f"{line}Subject: x\r\n\r\nKính gửi").mail
    assert mail.sender == ""
    assert any("người gửi" in problem for problem in mail.problems)


def test_several_authors_are_named() -> None:
    mail = take("From: a@b.vn\r\nFrom: c@d.vn\r\n\r\nx").mail
    assert mail.sender == "a@b.vn"
    assert any("nhiều người gửi" in problem for problem in mail.problems)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("Mon, 3 Mar 2025 08:00:00 +0700", datetime(2025, 3, 3, 1, tzinfo=UTC)),
        ("3 Mar 2025 01:00:00 GMT (x)", datetime(2025, 3, 3, 1, tzinfo=UTC)),
        ("Mon, 03 Mar 25 01:00 -0000", datetime(2025, 3, 3, 1, tzinfo=UTC)),
        ("Thứ hai", None),
        ("Mon, 99 Mar 2025 08:00:00 +0700", None),
        ("Mon, 3 Mar 2025 08:00:00 +9999999999", None),
        ("Fri, 31 Dec 9999 23:59:59 -1200", None),
    ],
)
def test_dates_are_utc_or_unknown(sent: str, read: datetime | None) -> None:
    assert read_date(sent) == read


def test_an_unreadable_date_is_named_and_a_missing_one_is_just_missing() -> None:
    assert "Không đọc được ngày gửi (Date)." in take("From: a@b.vn\r\nDate: hôm nay\r\n\r\nx").mail.problems
    assert take("From: a@b.vn\r\n\r\nx").mail.problems == ()


def test_ids_are_kept_once_with_their_brackets_and_a_long_thread_keeps_its_newest() -> None:
    references = "\r\n ".join(f"<{number}@x>" for number in range(500))
    mail = take(f"{HEAD}Message-ID: m@x\r\nIn-Reply-To: <499@x> (hôm qua)\r\nReferences: {references}\r\n\r\nx").mail
    assert mail.message_id == "<m@x>"
    assert mail.in_reply_to[0] == "<499@x>"
    assert len(mail.in_reply_to) == len(set(mail.in_reply_to)) == LIMITS.references
    assert "<498@x>" in mail.in_reply_to


def test_headers_without_end_are_cut_and_named() -> None:
    mail = take(b"From: a@b.vn\r\nSubject: x\r\n" + b"X-Long: y\r\n" * 100_000 + b"\r\nKinh gui").mail
    assert mail.sender == "a@b.vn"
    assert mail.body_text == "Kinh gui"
    assert any("tiêu đề" in problem for problem in mail.problems)


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r", "\r\r\n"])
def test_any_line_end_will_do(line_end: str) -> None:
    content = line_end.join(["From: a@b.vn", "Subject: x", " y", "", "Kinh gui"])
    mail = take(content).mail
    assert (mail.sender, mail.subject, mail.body_text) == ("a@b.vn", "x y", "Kinh gui")


@pytest.mark.parametrize(
    ("label", "content", "text"),
    [
        ("utf-8", "Kính gửi".encode(), "Kính gửi"),
        ("us-ascii", "Kính gửi".encode(), "Kính gửi"),
        ("iso-8859-1", "Kính gửi".encode(), "Kính gửi"),
        ("iso-8859-1", b"t\xe1c", "tác"),
        ("x-unknown", "Kính gửi".encode(), "Kính gửi"),
        ("1258", "Công".encode("cp1258"), "Công"),
        ("utf-8", b"Kinh g\xff\xfe", "Kinh gÿ₫"),
        ("hex", b"Kinh", "Kinh"),
        ("idna", b"Kinh", "Kinh"),
        ("\x00" * 80, b"Kinh", "Kinh"),
        ("utf-16", "Kính".encode("utf-16"), "Kính"),
    ],
)
def test_charset_labels_are_believed_as_far_as_they_hold(label: str, content: bytes, text: str) -> None:
    assert decode(content, label)[0] == text


@given(st.binary(max_size=200), st.text(max_size=20))
def test_any_bytes_under_any_label_give_text(content: bytes, label: str) -> None:
    decode(content, label)[0].encode("utf-8", "surrogatepass")


@given(st.text(max_size=300), st.integers(1, 100))
def test_cleaned_text_is_one_short_line(text: str, limit: int) -> None:
    cleaned = clean(decode_words(text), limit)
    assert len(cleaned) <= limit
    assert cleaned.isprintable() or any(not character.isprintable() for character in cleaned if character != "\n")
    assert not set(cleaned) & {"\n", "\r", "\x00", "\u202e"}
