"""What people are told of the mails that they answered with."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest

from gateway.model.mail import MailStage
from gateway.model.notice import NoticeKind
from tests.flow.conftest import Bench
from tests.flow.province import newest, notices, submitted
from tests.flow.reading import CLERK, text_of
from tests.flow.staff import OUTSIDE, answer, last, staffed
from tests.mails import SENDER, mail, page_one
from tests.replies import reply

pytestmark = pytest.mark.usefixtures("own_domain")


async def entered(bench: Bench, number: int = 7) -> None:
    await staffed(bench)
    received = await bench.end_of(mail(("van-ban.txt", page_one(number)), message_id=f"<den-{number}@agency.example>"))
    assert received.stage is MailStage.REGISTERED


def words(raw: bytes) -> str:
    return " ".join(text_of(raw).split())


async def test_after_a_busy_day_a_clerk_still_hears_of_an_order_that_failed(bench: Bench) -> None:
    await entered(bench)
    few = replace(bench.office.desk.correspondence, answers_per_day=1)
    async with bench.with_desk(correspondence=few):
        task = newest(bench, CLERK, NoticeKind.CLERK_DOCUMENT)
        await answer(bench, CLERK, task, "Trình")
        await answer(bench, CLERK, task, "Chuyển")
    transcripts = notices(bench, CLERK, NoticeKind.TRANSCRIPT)
    assert len(transcripts) == 2
    assert "Không thực hiện." in words(transcripts[-1])


async def test_the_sender_reads_the_national_status_and_not_what_the_office_waits_for(bench: Bench) -> None:
    await submitted(bench)
    await answer(bench, SENDER, newest(bench, SENDER, NoticeKind.RECEIPT), "Trạng thái", peer="127.0.0.1")
    told = words(newest(bench, SENDER, NoticeKind.TRANSCRIPT))
    assert "Trạng thái hiện nay: Đã tiếp nhận" in told
    assert "chờ" not in told.partition("Trạng thái hiện nay")[2].partition("NỘI DUNG")[0]


async def test_an_answer_to_a_notice_of_no_document_is_told_so(bench: Bench) -> None:
    await staffed(bench)
    for number in (1, 2):
        raw = mail(("x.txt", page_one(number)), message_id=f"<{number}@la.example>")
        assert (await bench.end_of(raw, mail_from="la@la.example", peer="203.0.113.5")).stage is MailStage.HELD
    bench.clock.pass_(timedelta(hours=1))
    await bench.work()
    await answer(bench, CLERK, newest(bench, CLERK, NoticeKind.ALARM), "Trình")
    assert "không gắn với riêng một văn bản nào" in words(last(bench, CLERK))


async def test_files_that_come_with_a_reply_are_said_not_to_be_in_the_register(bench: Bench) -> None:
    await entered(bench)
    task = newest(bench, CLERK, NoticeKind.CLERK_DOCUMENT)
    raw = reply("gmail", to=task, text="Trình", author=CLERK, date=bench.clock.now())
    message = email.message_from_bytes(raw, policy=email.policy.SMTP)
    assert isinstance(message, EmailMessage)
    message.make_mixed()
    message.add_attachment(page_one(8), maintype="text", subtype="plain", filename="van-ban-giay.txt")
    to = str(message["To"]).strip("<>").rpartition("<")[2]
    found = await bench.end_of(message.as_bytes(), mail_from=CLERK, recipient=to, peer=OUTSIDE)
    assert found.stage is MailStage.APPLIED
    told = words(newest(bench, CLERK, NoticeKind.TRANSCRIPT))
    assert "Đã thực hiện đủ 1 việc" in told
    assert "Tệp kèm theo thư trả lời không được vào sổ." in told
