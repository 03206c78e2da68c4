"""The bytes on the wire: structure, headers, attachments, and that strangers' words cannot leave their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.policy import compat32
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.adapters.render.cleaning import cleaned
from gateway.model.alarm import Alarm
from gateway.model.authentication import AuthResult, DkimCheck, DmarcCheck, SpfCheck
from gateway.model.mail import MailStage
from gateway.model.notice import NoticeKind
from gateway.ports import Conversation, NoticeContext
from tests.adapters.render.all_records import contexts
from tests.adapters.render.records import ATTACHMENTS, NOW, PARSED, REPORT, UNPROVED, notice, renderer

NAMES = sorted(contexts())
HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
    "X-Auto-Response-Suppress", "X-Vanthu-Instance", "Content-Language", "MIME-Version", "Content-Type",
]  # fmt: skip
NASTY = st.text(
    st.sampled_from("a b\r\n\t\0\x1b\x85\u2028\u202e\u200b\ud800ệỆđ😀=?\"\\<>@:;,.{}%&'-/"), max_size=120
) | st.text(max_size=60)


def parsed_back(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def assert_fit_for_the_wire(content: bytes) -> None:
    """RFC 5321 section 4.5.3.1.6, RFC 5322 section 2.1: CRLF only, 7 bits, no line over 998 octets."""
    assert content.isascii()
    assert b"\0" not in content
    assert content.endswith(b"\r\n")
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", content)
    assert max(map(len, content.split(b"\r\n"))) <= 998


def shape(message: MIMEPart) -> object:
    if message.is_multipart():
        return {message.get_content_subtype(): [shape(part) for part in message.iter_parts()]}
    return message.get_content_type()


def skeleton(message: MIMEPart) -> list[str]:
    return [part.get_content_subtype() if part.is_multipart() else "leaf" for part in message.walk()]


@pytest.mark.parametrize("name", NAMES)
async def test_a_notice_is_fit_for_the_wire_and_has_no_defects(name: str) -> None:
    content = await renderer().render(contexts()[name])
    assert_fit_for_the_wire(content)
    message = parsed_back(content)
    assert set(message.keys()) <= {*HEADERS, "Reply-To"}
    assert [key for key in HEADERS if key in message] == [key for key in message if key != "Reply-To"]
    for part in message.walk():
        assert not part.defects
        assert not any(value.defects for value in part.values())


async def test_a_receipt_shows_its_codes_inline_by_content_id() -> None:
    message = parsed_back(await renderer().render(contexts()["receipt"]))
    image = "image/png"
    assert shape(message) == {"alternative": ["text/plain", {"related": ["text/html", image, image, image]}]}
    html = message.get_body(("html",))
    assert html is not None
    assert html.get_content_charset() == "utf-8"
    images = [part for part in message.walk() if part.get_content_type() == image]
    used = re.findall(r"cid:([^\"]+)", html.get_content())
    assert [part["Content-ID"].strip("<>") for part in images] == used
    assert all(part.get_content().startswith(b"\x89PNG\r\n\x1a\n") for part in images)


async def test_attachments_come_out_byte_for_byte_under_their_vietnamese_names() -> None:
    message = parsed_back(await renderer().render(contexts()["clerk_document"]))
    assert shape(message) == {
        "mixed": [{"alternative": ["text/plain", "text/html"]}, *(media_type for _, media_type, _ in ATTACHMENTS)]
    }
    attached = [
        (p.get_filename(), p.get_content_type(), p.get_payload(decode=True)) for p in message.iter_attachments()
    ]
    assert attached == list(ATTACHMENTS)


@pytest.mark.parametrize("octets", [b"", b"\r\n.\r\n", bytes(range(256)) * 300, b"x" * 29_184, b"x" * 29_185])
async def test_attachments_of_any_content_and_length_survive(octets: bytes) -> None:
    context = replace(contexts()["clerk_document"], attachments=(("a.bin", "application/octet-stream", octets),))
    content = await renderer().render(context)
    assert_fit_for_the_wire(content)
    [attached] = parsed_back(content).iter_attachments()
    assert attached.get_payload(decode=True) == octets


@pytest.mark.parametrize("media_type", ["message/rfc822", "multipart/mixed", "text/plain; x=y", "a/b\r\nBcc: c@d", ""])
async def test_a_media_type_that_base64_or_headers_cannot_bear_becomes_octet_stream(media_type: str) -> None:
    context = replace(contexts()["clerk_document"], attachments=(("a", media_type, b"abc"),))
    [attached] = parsed_back(await renderer().render(context)).iter_attachments()
    assert attached.get_content_type() == "application/octet-stream"


async def test_answers_thread_on_the_senders_mail_and_say_that_they_are_replies() -> None:
    message = parsed_back(await renderer().render(contexts()["receipt"]))
    assert message["In-Reply-To"] == message["References"] == PARSED.message_id
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["Message-ID"] == "<receipt.17.5d41402a@quangngai.example>"
    assert message["X-Vanthu-Instance"] == "vanthu-1"
    assert message["Precedence"] is None
    assert parsedate_to_datetime(message["Date"]) == NOW


async def test_notices_to_the_office_about_one_mail_share_one_thread_and_are_generated() -> None:
    first = parsed_back(await renderer().render(contexts()["clerk_document"]))
    second = parsed_back(await renderer().render(contexts()["clerk_attention"]))
    assert first["References"] == second["References"] == "<thread.M17.vanthu-1@quangngai.example>"
    assert first["Message-ID"] != second["Message-ID"]
    assert first["Auto-Submitted"] == second["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("name", NAMES)
async def test_no_notice_calls_for_an_answer_by_a_machine(name: str) -> None:
    """RFC 3834: what answers a mail says so and threads on it (3.1.6, 3.1.7), no Precedence (3.1.8)."""
    context = contexts()[name]
    message = parsed_back(await renderer().render(context))
    kind = context.notice.owed.kind
    answer = kind in {NoticeKind.RECEIPT, NoticeKind.REPEAT, NoticeKind.REFUSAL, NoticeKind.HOLD}
    orders = kind in {NoticeKind.TRANSCRIPT, NoticeKind.CONFIRM, NoticeKind.SEALED}
    assert message["Auto-Submitted"] == ("auto-replied" if answer or orders else "auto-generated")
    assert (message["In-Reply-To"] == PARSED.message_id) is answer
    assert (message["References"] or "").split()[-1:] == (message["In-Reply-To"] or "").split()
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply, RN, NRN"
    assert message["X-Vanthu-Instance"] == "vanthu-1"
    assert message["Precedence"] is message["Return-Path"] is None
    assert context.conversations or context.pendings or message["Reply-To"] is None


@pytest.mark.parametrize("bad", [None, "", "no brackets", "<a@b>\r\nBcc: x@y", f"<{'a' * 2000}@b>", "<é@b>"])
async def test_an_unusable_message_id_of_the_sender_means_no_threading_not_a_broken_mail(bad: str | None) -> None:
    context = contexts()["receipt"]
    content = await renderer().render(replace(context, parsed=replace(PARSED, message_id=bad)))
    message = parsed_back(content)
    assert message["In-Reply-To"] is None
    assert message["References"] is None
    assert_fit_for_the_wire(content)


async def test_rendering_twice_gives_the_same_bytes() -> None:
    context = contexts()["receipt"]
    assert await renderer().render(context) == await renderer().render(context)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("a.b+c@d.example", "a.b+c@d.example"),
        ("a@tỉnh.example", "a@xn--tnh-dlz.example"),
        ("người@d.example", ""),
        ("a@b>\r\nBcc: <c@d.example", ""),
    ],
)
async def test_only_a_plain_address_stands_in_the_to_field(address: str, shown: str) -> None:
    message = parsed_back(await renderer().render(replace(contexts()["hold"], notice=notice(NoticeKind.HOLD, address))))
    assert [one.addr_spec for one in message["To"].addresses] == ([shown] if shown else [])


def poisoned(facts: Any, words: str) -> Any:
    """Facts with `words` for every text that a person wrote; a reply is a text of several lines."""
    if isinstance(facts, str):
        return words
    if isinstance(facts, list):
        return [poisoned(each, words) for each in facts]
    if isinstance(facts, dict):
        kept = ("step", "subject", "quoted", "reply")
        return {key: value if key in kept else poisoned(value, words) for key, value in facts.items()}
    return facts


def hostile_work(conversation: Conversation, words: str) -> Conversation:
    """The work on a document, `words` being all that was written about it."""
    docket = conversation.docket
    header = replace(REPORT.header, number=words, notation=words, abstract=words, issuer=words, signer=words)
    document = replace(docket.document, header=header, sender=words)
    parts = tuple(replace(part, note=words, specialist=words) for part in docket.assignments)
    return replace(
        conversation,
        docket=replace(docket, document=document, opinion=words, assignments=parts, presented_to=words),
        offers=tuple(replace(offer, label=words) for offer in conversation.offers),
        clocks=(words,),
        news=tuple(replace(step, text=words, who=words) for step in conversation.news),
    )


def hostile(name: str, words: str) -> NoticeContext:
    """The context `name` with `words` wherever a stranger can put any."""
    context = contexts()[name]
    file = replace(REPORT.files[0], name=words, type=words)
    header = replace(REPORT.header, number=words, notation=words, abstract=words, issuer=words, signer=words)
    verdict = context.verdict and replace(
        context.verdict, findings=tuple(replace(f, text=words, file=words) for f in context.verdict.findings)
    )
    parsed = replace(
        PARSED,
        subject=words,
        sender=words,
        sender_name=words,
        message_id=words,
        problems=(words,),
        parts=tuple(replace(part, name=words, type=words) for part in PARSED.parts),
    )
    owed = context.notice.owed
    alarm = owed.alarm and Alarm(owed.alarm.cause, dict.fromkeys(owed.alarm.facts, words))
    return replace(
        context,
        notice=replace(context.notice, owed=replace(owed, alarm=alarm, facts=poisoned(owed.facts, words))),
        conversations=tuple(hostile_work(each, words) for each in context.conversations),
        names=dict.fromkeys(context.names, words),
        parsed=parsed,
        verdict=verdict,
        documents=(replace(REPORT, header=header, files=(file,), sender=words),) if context.documents else (),
        attachments=((words, words, b"content"),),
        left_out=(words,),
        mail=context.mail and replace(context.mail, last_error=words, attempts=3, failed_stage=MailStage.PARSED),
        authentication=replace(
            UNPROVED,
            author=words,
            spf=SpfCheck(AuthResult.PASS, words, words),
            dkim=(DkimCheck(AuthResult.PASS, words, words, words),),
            dmarc=DmarcCheck(AuthResult.FAIL, words, "reject", words),
        ),
    )


@given(name=st.sampled_from(NAMES), words=NASTY)
@example(name="refusal", words="x\r\nBcc: victim@example.org\r\n\r\n<script>alert(1)</script>")
@example(name="alarm_delivery_hard", words="N1\r\nBcc: a@b; rm -rf /<b>")
@example(name="clerk_attention", words="\u2028\u2029\x85\x0b\x0cBcc: a@b")
@example(name="receipt", words="--=_a\r\n\r\n{{ agency }}{% raw %}")
@settings(deadline=None)
async def test_strangers_words_can_add_no_header_no_part_and_no_markup(name: str, words: str) -> None:
    content = await renderer().render(hostile(name, words))
    assert_fit_for_the_wire(content)
    message = parsed_back(content)
    calm = parsed_back(await renderer().render(hostile(name, "x" if cleaned(words) else "")))
    assert set(message.keys()) <= {*HEADERS, "Reply-To"}
    assert len(message.keys()) == len(set(message.keys()))
    assert skeleton(message) == skeleton(calm)
    html, text = message.get_body(("html",)), message.get_body(("plain",))
    calm_html = calm.get_body(("html",))
    assert html is not None
    assert text is not None
    assert calm_html is not None
    tags = re.compile(r"<(/?\w+)")
    assert tags.findall(html.get_content()) == tags.findall(calm_html.get_content())
    assert not re.search("[\u202a-\u202e\u200b\0\x1b]", html.get_content() + text.get_content())


@settings(deadline=None)
@given(words=st.text(st.characters(blacklist_categories=("C", "Z")), min_size=1, max_size=150))
async def test_a_subject_reads_back_as_it_was_meant(words: str) -> None:
    context = contexts()["refusal"]
    content = await renderer().render(replace(context, parsed=replace(PARSED, subject=words)))
    message = parsed_back(content)
    meant = f"Sở GTVT không tiếp nhận được thư “{cleaned(words)}”"
    assert message["Subject"] == (meant if len(meant) <= 160 else f"{meant[:159].rstrip()}…")
    assert all(len(line) <= 78 for line in content.partition(b"\r\n\r\n")[0].split(b"\r\n"))


@settings(deadline=None)
@given(stem=st.text(st.characters(blacklist_categories=("C", "Z"), blacklist_characters='\\/:*?"<>|.'), max_size=200))
async def test_an_attachment_keeps_its_name_and_offers_old_readers_an_ascii_one(stem: str) -> None:
    context = replace(contexts()["clerk_document"], attachments=((f"{stem}.pdf", "application/pdf", b"x"),))
    content = await renderer().render(context)
    [attached] = parsed_back(content).iter_attachments()
    meant = cleaned(f"{stem}.pdf").lstrip(".")
    name = attached.get_filename() or ""
    assert name == (meant if len(meant) <= 120 else f"{meant[:116]}.pdf")
    old = message_from_bytes(content, policy=compat32)
    offered = [part.get_param("name") for part in old.walk() if part.get_content_type() == "application/pdf"]
    assert len(offered) == 1
    assert str(offered[0]).isascii()
    assert str(offered[0]).endswith("pdf")


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str) and not isinstance(value, Enum):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, Mapping):
        for item in (*value.keys(), *value.values()):
            yield from strings(item)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from strings(getattr(value, field.name))


@settings(deadline=None)
@given(name=st.sampled_from(NAMES), words=NASTY)
def test_a_cleaned_record_holds_only_printable_single_lines(name: str, words: str) -> None:
    context = replace(hostile(name, words), attachments=())
    assert all(text.isprintable() for text in strings(cleaned(context)))
