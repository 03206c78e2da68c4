"""Any bytes at all give a parsed mail, in bounded time, with nothing dropped in silence."""

from __future__ import annotations

import email
import email.policy
import time
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.adapters.mime.limits import LIMITS
from gateway.model.part import ParsedMail, PartDecision
from tests.adapters.growth import NOT_SQUARE, TIMES_LONGER, growth
from tests.adapters.mime.mails import HEAD, PDF, TnefBuilder, attached, leaf, multipart, png, take, text_part

RICH = (
    HEAD
    + multipart(
        "mixed",
        multipart("alternative", text_part("Kính gửi"), text_part('<img src="cid:a">', "html"), boundary="alt"),
        leaf(png(20, 20), "Content-Type: image/png\r\nContent-ID: <a>"),
        attached(PDF, "=?utf-8?B?Q8O0bmc=?= văn.pdf"),
        leaf(TnefBuilder().attach(b"a.pdf", PDF, long="ă.pdf").build(), "Content-Type: application/ms-tnef"),
        "Content-Type: message/rfc822\r\n\r\n" + HEAD + multipart("mixed", attached(PDF, "b.pdf"), boundary="in"),
    )
).encode()


def check(mail: ParsedMail) -> None:
    """What holds of every parsed mail."""
    assert mail.parts or mail.problems
    assert len({part.path for part in mail.parts}) == len(mail.parts)
    for part in mail.parts:
        assert part.reason
        assert part.sha256 is not None or part.decision in {PartDecision.CONTAINER, PartDecision.IGNORED}
        part.name.encode()
    for text in (mail.subject, mail.sender, mail.sender_name, mail.body_text, *mail.problems):
        text.encode()


@given(st.binary(max_size=2000))
def test_any_bytes_give_a_parsed_mail(content: bytes) -> None:
    check(take(content).mail)


_FRAGMENTS = st.sampled_from(
    [
        b"--=_a1\r\n",
        b"--=_a1--\r\n",
        b"--alt\r\n",
        b"\r\n\r\n",
        b"Content-Type: multipart/mixed; boundary==_a1\r\n",
        b"Content-Type: message/rfc822\r\n\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
        b"\x00",
        b'"',
        b"=?utf-8?B?",
        b"begin 644 a\n",
        b"\xff\xfe",
        b"",
    ]
)


@settings(max_examples=200)
@given(st.lists(st.tuples(st.integers(0, len(RICH)), st.integers(0, 40), _FRAGMENTS), min_size=1, max_size=6))
def test_a_mutated_mail_gives_a_parsed_mail(changes: list[tuple[int, int, bytes]]) -> None:
    content = RICH
    for position, cut, fragment in changes:
        content = content[:position] + fragment + content[position + cut :]
    check(take(content).mail)


@given(st.integers(0, len(RICH)))
def test_a_mail_cut_anywhere_gives_a_parsed_mail(length: int) -> None:
    check(take(RICH[:length]).mail)


_CONTENTS = st.sampled_from([PDF, png(30, 30), b"Cat", "Số liệu".encode(), b"\x00\x01\x02"]) | st.binary(max_size=50)
_NAMES = st.text(st.characters(min_codepoint=32, max_codepoint=0x1EFF, exclude_categories=["Cs", "Cc"]), max_size=20)


@st.composite
def mails(draw: st.DrawFn, depth: int = 2) -> EmailMessage:
    """A well-formed mail as the standard library writes it, with attached files and messages."""
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["From"] = "a@b.vn"
    mail["Subject"] = "Công văn"
    mail.set_content(draw(st.sampled_from(["Kính gửi\n", "x\n"])))
    if draw(st.booleans()):
        mail.add_alternative("<p>Kính gửi</p>", subtype="html")
    for content in draw(st.lists(_CONTENTS, max_size=4)):
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=draw(_NAMES))
    if depth and draw(st.booleans()):
        mail.add_attachment(draw(mails(depth=depth - 1)))
    return mail


@settings(max_examples=60)
@given(mails())
def test_the_parts_of_a_sound_mail_are_those_an_independent_reader_counts(mail: EmailMessage) -> None:
    content = mail.as_bytes()
    walked = list(email.message_from_bytes(content).walk())
    leaves = [part.get_payload(decode=True) for part in walked if not part.is_multipart()]
    taken = take(content)
    found = [taken.contents[part.path] for part in taken.mail.parts if part.sha256]
    assert found == leaves
    assert len(taken.mail.parts) == len(walked)
    check(taken.mail)


def deep(levels: int) -> str:
    opened = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(levels))
    closed = "".join(f"\n--b{n}--\n" for n in reversed(range(levels)))
    return f"From: a@b.vn\n{opened}Content-Type: text/plain\n\nx\n{closed}"


def timed(content: bytes | str) -> tuple[ParsedMail, float]:
    started = time.process_time()
    mail = take(content).mail
    return mail, time.process_time() - started


@pytest.mark.parametrize(
    "content",
    [
        deep(100),
        "From: a@b.vn\n" + "Content-Type: message/rfc822\n\n" * 1000 + "From: a@b.vn\n\nx",
    ],
)
def test_endless_nesting_ends_soon_and_the_rest_waits_for_a_person(content: str) -> None:
    mail, seconds = timed(content)
    assert seconds < 2
    assert len(mail.parts) <= LIMITS.depth + 2
    assert mail.parts[-1].decision is PartDecision.DOCUMENT
    assert any("lồng quá" in problem for problem in mail.problems)


def test_ten_thousand_parts_end_soon_and_the_rest_is_counted() -> None:
    mail, seconds = timed(
        HEAD + "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + "--b\r\n\r\nx\r\n" * 10_000 + "--b--\r\n"
    )
    assert seconds < 5
    assert len(mail.parts) == LIMITS.parts
    assert any("8001 phần không được mở" in problem for problem in mail.problems)


_HTML = b"Content-Type: text/html\n\n"
_MULTIPART = b"Content-Type: multipart/mixed; boundary=b\n\n"
HOSTILE: dict[str, tuple[bytes, bytes, int, bytes]] = {
    "delimiters without parts": (_MULTIPART, b"--b\n", 2_000_000, b""),
    "delimiters that are none": (_MULTIPART, b"--bx\n", 2_000_000, b""),
    "open tags": (_HTML, b"<", 2_000_000, b""),
    "open scripts": (_HTML, b"<script>", 300_000, b""),
    "spaces in quoted-printable": (b"Content-Transfer-Encoding: quoted-printable\n\n=", b" ", 3_000_000, b"x"),
    "begin lines": (b"\n\n", b"begin 644 a\n", 200_000, b""),
    "header words": (b"Subject: ", b"=?utf-8?B?QUFB?= ", 500_000, b"\n\nx"),
    "brackets": (b"From: ", b"(<", 16_000, b"\n\nx"),
    "parameters": (b"Content-Type: text/plain", b"; a*0*=x", 4_000, b"\n\nx"),
    "parameter name without end": (b"Content-Type: text/plain; ", b"a", 32_000, b"\n\nx"),
}
"""What stands before, what is repeated how often at most, and what stands after."""


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_repetition_takes_linear_time(name: str) -> None:
    before, piece, most, after = HOSTILE[name]

    def work(times: int) -> None:
        check(take(before + piece * times + after).mail)

    assert growth(work, most // TIMES_LONGER) < NOT_SQUARE


def test_decoded_bytes_have_a_cap_and_what_lies_past_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from gateway.adapters.mime import walk
    from gateway.adapters.mime.limits import Limits

    monkeypatch.setattr(walk, "LIMITS", Limits(decoded=100))
    mail = take(HEAD + multipart("mixed", text_part("x"), attached(PDF * 2, "lớn.pdf"))).mail
    assert mail.parts[2].decision is PartDecision.IGNORED
    assert mail.parts[2].sha256 is None
    assert any("lớn.pdf" in problem for problem in mail.problems)


def test_wrong_and_missing_boundaries_do_not_hide_the_document() -> None:
    entity = multipart("mixed", text_part("x"), attached(PDF, "a.pdf"))
    for header in ("Content-Type: multipart/mixed", "Content-Type: multipart/mixed; boundary=khac"):
        body = entity.partition("\r\n")[2]
        taken = take(f"{HEAD}{header}\r\n{body}")
        assert taken.documents() == ["a.pdf"]
        assert any("ranh giới" in problem for problem in taken.mail.problems)


def test_contradicting_declarations_are_named() -> None:
    mail = take(HEAD + "Content-Type: text/plain\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\nx").mail
    assert any("content-type" in problem for problem in mail.problems)


def test_parts_after_the_closing_delimiter_are_parts() -> None:
    taken = take(HEAD + multipart("mixed", text_part("x")) + "--=_a1\r\n" + attached(PDF, "sau.pdf"))
    assert taken.documents() == ["sau.pdf"]


def test_a_missing_close_and_bytes_outside_the_parts_are_named() -> None:
    whole = HEAD + multipart("mixed", text_part("x"))
    assert any("kết thúc" in problem for problem in take(whole.replace("--=_a1--", "")).mail.problems)
    assert any("không thuộc phần nào" in problem for problem in take(whole + "còn nữa").mail.problems)


def test_a_multipart_that_only_closes_keeps_its_text_as_a_file() -> None:
    taken = take(
        HEAD + "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + "Kính gửi quý cơ quan. " * 40 + "\r\n--b--\r\n"
    )
    assert taken.decisions() == {"1": PartDecision.DOCUMENT}
    assert any("ranh giới" in problem for problem in taken.mail.problems)
