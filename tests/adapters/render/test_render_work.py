"""The mails by which people work: the line to reply above, the buttons, and who may read what."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.adapters.render.mailto import mailto
from gateway.adapters.render.steps import NEWS, REMINDERS, TASKS
from gateway.model.facts import Urgency
from gateway.model.notice import NoticeKind
from gateway.model.wording import SEPARATOR
from gateway.ports import NoticeContext, Offer
from tests.adapters.render.all_records import contexts
from tests.adapters.render.records import REPORT, renderer
from tests.adapters.render.regenerate import bodies
from tests.adapters.render.work_records import (
    CLERK,
    FORWARDING,
    OPINION,
    PROVINCE,
    REFERENCES,
    SENDER,
    context,
    conversation,
    docket,
    news,
    task,
)

ALL = contexts()
WORK = sorted(name for name, each in ALL.items() if each.conversations)
ABOUT_ONE = sorted(name for name in WORK if name not in {"digest", "receipt_recall"})
ADDRESS = "sgtvt+7kqm@quangngai.example"
ID = "<task.17.5d41402a@quangngai.example>"


async def read(context: NoticeContext) -> tuple[EmailMessage, str, str]:
    """A notice with its text and its HTML."""
    content = await renderer().render(context)
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    shown = bodies(content)
    return message, shown["txt"].partition("\n\n")[2], shown["html"]


def words(html: str) -> str:
    """What a reader sees of a page."""
    return " ".join(unescape(re.sub(r"<style>.*?</style>|<[^>]*>", " ", html, flags=re.DOTALL)).split())


def parts_of(link: str) -> dict[str, str]:
    """The address and the header fields of a link, decoded as RFC 6068 has it."""
    address, _, query = link.removeprefix("mailto:").partition("?")
    fields = dict(field.split("=", 1) for field in query.split("&") if field)
    return {"to": unquote(address)} | {name: unquote(value, errors="strict") for name, value in fields.items()}


def links(html: str) -> list[dict[str, str]]:
    """The replies that the buttons of a page write."""
    found = re.findall(r'href="(mailto:[^"]*\?[^"]*)"', html)
    return [parts_of(unescape(link)) for link in found]


@pytest.mark.parametrize("name", sorted(ALL))
async def test_the_line_to_reply_above_comes_first_and_only_where_a_reply_is_taken(name: str) -> None:
    message, text, html = await read(ALL[name])
    takes_replies = message["Reply-To"] is not None
    assert text.startswith(f"{SEPARATOR}\n") is takes_replies
    seen = words(re.sub(r'<title>.*?</title>|<div style="display:none.*?</div>', "", html, flags=re.DOTALL))
    assert seen.startswith(SEPARATOR) is takes_replies


@pytest.mark.parametrize("name", ABOUT_ONE)
async def test_a_mail_about_one_document_stands_in_its_conversation(name: str) -> None:
    message, _, _ = await read(ALL[name])
    thread = message["References"].split()
    assert thread[: len(REFERENCES)] == [*REFERENCES]
    assert message["In-Reply-To"] == thread[-1]
    assert message["Reply-To"] == ALL[name].conversations[0].reply_to


async def test_the_subject_is_the_same_whatever_happens_to_the_document() -> None:
    subjects = {
        (await read(ALL[name]))[0]["Subject"]
        for name in ABOUT_ONE
        if not name.startswith(("submission", "transcript_s"))
    }
    assert len(subjects) == 1
    assert subjects.pop().startswith("[KHẨN] Số đến 17/2026: Báo cáo số 112/BC-BQL ngày 20/11/2026, Tình hình")


async def test_an_answer_to_a_mail_with_orders_threads_on_that_mail_too() -> None:
    message, _, _ = await read(ALL["transcript"])
    assert message["In-Reply-To"] == "<reply.1@quangngai.example>"
    assert message["References"].split() == [*REFERENCES, "<reply.1@quangngai.example>"]


@pytest.mark.parametrize("name", WORK)
async def test_every_button_writes_the_reply_that_the_text_names(name: str) -> None:
    _, text, html = await read(ALL[name])
    flat = " ".join(text.split())
    addresses = {each.reply_to for each in ALL[name].conversations}
    owed = ALL[name].notice.owed
    for link in links(html):
        assert link["to"] in addresses
        assert link["In-Reply-To"] == owed.message_id
        assert link["subject"].startswith("Re: ")
        for line in link["body"].split("\r\n"):
            assert " ".join(line.split()) in flat


@pytest.mark.parametrize("name", ABOUT_ONE)
async def test_every_act_that_is_offered_has_a_button(name: str) -> None:
    _, _, html = await read(ALL[name])
    bodies_of_links = [link["body"].split("\r\n") for link in links(html)]
    for offer in ALL[name].conversations[0].offers:
        assert [f"{line.rstrip()} " if line.rstrip().endswith(":") else line for line in offer.reply.split("\n")] in (
            bodies_of_links
        )


LINE = st.text(st.characters(blacklist_categories=("C", "Z")), min_size=1, max_size=1500)


@given(subject=st.text(max_size=400), lines=st.lists(LINE, max_size=6).map(tuple))
@example(subject="Ệ" * 400, lines=("Ý kiến: " + "Ệ" * 900,))
@example(subject="a&body=x\r\nBcc: y", lines=("a&b=c?d#e%0D%0A+f",))
def test_a_link_is_short_plain_and_says_what_it_was_given(subject: str, lines: tuple[str, ...]) -> None:
    link = mailto(ADDRESS, subject, lines, ID)
    assert len(link) <= 1800
    assert re.fullmatch(r"mailto:[A-Za-z0-9.%@_~?&=-]+", link)
    read_back = parts_of(link)
    assert read_back.keys() <= {"to", "subject", "body", "In-Reply-To"}
    assert read_back["to"] == ADDRESS
    assert not re.search(r"[\r\n]", read_back["subject"])
    written = [line.rstrip() for line in read_back.get("body", "").split("\r\n")]
    keyword = lines[0].partition(":")[0] if lines else ""
    assert written == [line.rstrip() for line in lines] or keyword.startswith(written[0].rstrip(":…")) or not lines


def facts_of(step: str) -> dict[str, Any]:
    secret = "Chuyện nội bộ"
    return {"step": step, "text": secret, "by": "chuyen-vien-1", "deadline": "2026-12-04T10:00:00+00:00"}


@pytest.mark.parametrize("step", sorted(step for step in NEWS if NEWS[step].to_sender))
async def test_the_sender_reads_nothing_of_the_offices_own_work(step: str) -> None:
    told = context(NoticeKind.NEWS, SENDER.upper(), facts_of(step), conversation(office=True))
    for shown in (await read(told))[1:]:
        for inner in (OPINION, "Lê Thị Bình", "Phòng Kế hoạch", "Chuyện nội bộ", "cho ý kiến", "Việc cần làm", "/f/"):
            assert inner not in " ".join(shown.split())
        assert REPORT.token in shown


@pytest.mark.parametrize("step", [*sorted(NEWS), "unheard_of", ""])
async def test_who_is_neither_the_office_nor_the_sender_reads_the_given_words_alone(step: str) -> None:
    told = context(NoticeKind.NEWS, PROVINCE, facts_of(step), conversation(office=False))
    for shown in (await read(told))[1:]:
        assert "Chuyện nội bộ." in shown
        assert "Diễn biến" not in shown
        assert "Quý cơ quan đã" not in shown
        assert OPINION not in shown


@pytest.mark.parametrize("kind", [NoticeKind.TASK, NoticeKind.NEWS, NoticeKind.REMINDER])
@pytest.mark.parametrize("facts", [{}, {"step": "unheard_of"}, {"step": 3, "text": None, "reason": ["x"]}])
async def test_a_step_that_nobody_knows_is_still_a_whole_letter(kind: NoticeKind, facts: dict[str, Any]) -> None:
    for shown in (await read(context(kind, CLERK, facts, conversation())))[1:]:
        assert "Kính gửi" in shown
        assert "None" not in shown
    said = context(kind, CLERK, {"step": "unheard_of", "text": "đơn vị đã đổi tên"}, conversation())
    for shown in (await read(said))[1:]:
        assert "Đơn vị đã đổi tên." in shown


@pytest.mark.parametrize("step", [*sorted(TASKS), *sorted(REMINDERS)])
async def test_the_office_reads_the_work_as_it_stands(step: str) -> None:
    kind = NoticeKind.TASK if step in TASKS else NoticeKind.REMINDER
    for shown in (await read(context(kind, CLERK, {"step": step}, conversation())))[1:]:
        flat = " ".join(unescape(re.sub(r"<[^>]*>", "", shown)).split())
        for fact in (
            OPINION,
            "Lê Thị Bình",
            "Phòng Kế hoạch – Tài chính",
            "17 giờ 00 phút, ngày 04/12/2026",
            "(Văn thư Sở)",
        ):
            assert fact in flat
        assert "/f/Pf2kTq7ZtR9mXw4LbN8cHf3J" in flat


async def test_only_the_last_news_are_told() -> None:
    step = conversation().news[0]
    many = tuple(replace(step, text=f"Bước {number:02}.") for number in range(12))
    told = task("accept")
    for shown in (await read(replace(told, conversations=(replace(conversation(), news=many),))))[1:]:
        assert re.findall(r"Bước \d\d", shown) == [f"Bước {number:02}" for number in range(4, 12)]


@pytest.mark.parametrize("name", WORK)
async def test_no_line_of_text_is_wider_than_a_terminal(name: str) -> None:
    _, text, _ = await read(ALL[name])
    assert max(len(line) for line in text.splitlines() if "https://" not in line) <= 78


async def test_a_mail_about_several_documents_gives_each_its_own_address() -> None:
    message, text, html = await read(ALL["digest"])
    assert message["Reply-To"] is None
    for each in ALL["digest"].conversations:
        assert each.reply_to is not None
        assert each.reply_to in text
        assert sum(link["to"] == each.reply_to for link in links(html)) == len(each.offers)


async def test_a_transcript_says_first_when_nothing_was_done() -> None:
    for name in ("transcript_uncertain", "transcript_stranger"):
        _, text, html = await read(ALL[name])
        for shown in (" ".join(text.split()), words(html)):
            assert shown.index("Chưa thực hiện việc nào") < shown.index("Không phân biệt được")


async def test_the_letter_to_the_province_bears_the_page_of_its_own_forwarding() -> None:
    for shown in (await read(ALL["submission"]))[1:]:
        assert f"/t/{FORWARDING.token}" in shown
        assert REPORT.token not in shown
    other = replace(FORWARDING, message_id="<other@quangngai.example>")
    submission = docket().submission
    assert submission is not None
    unknown = replace(docket(), submission=replace(submission, forwardings=(other,)))
    sent = context(NoticeKind.SUBMISSION, PROVINCE, {}, conversation(office=False, of=unknown))
    for shown in (await read(sent))[1:]:
        assert "/t/" not in shown


async def test_a_confirming_button_writes_one_word() -> None:
    _, text, html = await read(ALL["confirm"])
    assert [link["body"] for link in links(html)] == ["Xác nhận"]
    assert "Chưa thực hiện việc dưới đây." in text
    assert "17 giờ 00 phút, ngày 04/12/2026" in " ".join(text.split())


@pytest.mark.parametrize("urgency", [None, *Urgency])
async def test_long_and_hostile_values_stay_in_their_place(urgency: Urgency | None) -> None:
    evil = "Trích\r\nBcc: a@b.example\u202e<script>" + "yếu " * 150
    header = replace(REPORT.header, abstract=evil)
    document = replace(REPORT, header=header, marks=replace(REPORT.marks, urgency=urgency))
    offer = Offer("Nút\r\n<b>", f"Ý kiến: {evil}")
    told = news("finished", office=True)
    worked = conversation((offer,), of=docket(document))
    message, text, html = await read(replace(told, documents=(document,), conversations=(worked,)))
    assert message["Bcc"] is None
    assert "\u202e" not in text + html
    assert "<script" not in html
    assert all(len(link) <= 1800 for link in re.findall(r'href="(mailto:[^"]*)"', html))


@pytest.mark.parametrize("bad", ["a@b.example\r\nBcc: c@d.example", "no address", "người@d.example"])
async def test_a_reply_address_that_is_none_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="Reply-To"):
        await renderer().render(replace(task("accept"), conversations=(replace(conversation(), reply_to=bad),)))
