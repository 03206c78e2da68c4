"""Machines are listened to, filed, and never answered (RFC 3834)."""

from __future__ import annotations

import asyncio
import email.policy
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from gateway.model.alarm import AlarmCause
from gateway.model.mail import MailStage
from gateway.model.notice import NoticeKind
from handlers import quarantine
from tests.flow.conftest import Bench
from tests.flow.loop import Manners, run
from tests.flow.reading import CLERK, kinds, numbers, read
from tests.mails import RECIPIENT, SENDER, mail, page_one
from tests.servers.clamd import ClamdServer

AUTOMATIC = [{"Auto-Submitted": "auto-generated"}, {"Precedence": "bulk"}, {"List-Id": "<tin.agency.example>"}]


@pytest.mark.parametrize("headers", [*AUTOMATIC, {"Auto-Submitted": "auto-replied"}])
async def test_automatic_mail_is_filed_and_never_answered(bench: Bench, headers: dict[str, str]) -> None:
    found = await bench.end_of(mail(headers=headers))
    assert found.stage is MailStage.NOTED
    assert bench.delivered(SENDER) == bench.delivered(CLERK) == []
    assert await numbers(bench) == []


@pytest.mark.parametrize("headers", AUTOMATIC)
async def test_a_document_sent_by_a_machine_waits_for_the_clerk(bench: Bench, headers: dict[str, str]) -> None:
    """Nothing registers by itself, and nothing is lost either; released, it is registered and still not answered."""
    found = await bench.end_of(mail(("a.txt", page_one(1)), headers=headers))
    assert found.stage is MailStage.HELD
    assert await kinds(bench, found) == [NoticeKind.CLERK_ATTENTION]
    await quarantine.release(
        found.id, actor="cli:lan", reason="gửi từ eOffice", waive=frozenset(), desk=bench.office.desk
    )
    await bench.work()
    assert await numbers(bench) == [1]
    assert bench.delivered(SENDER) == []


@pytest.mark.parametrize("value", ["no", "No", " no ", "no (a person)"])
async def test_auto_submitted_no_is_a_person(bench: Bench, value: str) -> None:
    found = await bench.end_of(mail(("a.txt", page_one(1)), headers={"Auto-Submitted": value}))
    assert found.stage is MailStage.REGISTERED
    assert len(bench.delivered(SENDER)) == 1


async def test_a_vacation_reply_is_filed_on_the_thread_it_answers(bench: Bench) -> None:
    first = await bench.end_of(mail(("a.txt", page_one(1))))
    (receipt,) = bench.delivered(SENDER)
    away = mail(
        subject="Trả lời tự động: đi công tác",
        message_id="<away@agency.example>",
        headers={"Auto-Submitted": "auto-replied", "In-Reply-To": str(read(receipt)["Message-ID"])},
    )
    found = await bench.end_of(away, mail_from="")
    assert found.stage is MailStage.NOTED
    assert [m.mail_id for m in (await bench.office.queries.story(first.id)).filed] == [found.id]
    assert len(bench.delivered(SENDER)) == 1


async def test_our_own_notice_coming_back_is_filed(bench: Bench) -> None:
    await bench.end_of(mail(("a.txt", page_one(1))))
    (receipt,) = bench.delivered(SENDER)
    back = await bench.end_of(receipt.partition(b"\n")[2])
    assert back.stage is MailStage.NOTED
    assert len(bench.delivered(SENDER)) == 1


async def test_whatever_answers_the_reverse_path_of_a_notice_is_a_machine(bench: Bench) -> None:
    """Some responders say nothing of themselves, but only machines write to that address."""
    await bench.end_of(mail(("a.txt", page_one(1))))
    (receipt,) = bench.delivered(SENDER)
    path = str(read(receipt)["Return-Path"]).strip("<>")
    assert path.startswith("sgtvt+b-")
    found = await bench.end_of(mail(subject="Đã nhận", message_id="<2@agency.example>"), recipient=path)
    assert found.stage is MailStage.NOTED
    assert len(bench.delivered(SENDER)) == 1


async def test_a_document_from_the_null_reverse_path_waits_for_the_clerk_and_gets_no_answer(bench: Bench) -> None:
    found = await bench.end_of(mail(("a.txt", page_one(1))), mail_from="")
    assert found.stage is MailStage.HELD
    assert await kinds(bench, found) == [NoticeKind.CLERK_ATTENTION]


async def test_a_document_to_the_reverse_path_of_a_notice_waits_for_the_clerk(bench: Bench) -> None:
    """A system that answers each receipt with a paper of its own would go on for ever."""
    await bench.end_of(mail(("a.txt", page_one(1))))
    path = str(read(bench.delivered(SENDER)[0])["Return-Path"]).strip("<>")
    found = await bench.end_of(mail(("b.txt", page_one(2)), message_id="<2@agency.example>"), recipient=path)
    assert found.stage is MailStage.HELD
    assert len(bench.delivered(SENDER)) == 1


async def test_a_document_beside_a_report_is_not_filed_in_silence(bench: Bench) -> None:
    raw = mail(("a.txt", page_one(1))).replace(b"multipart/mixed", b"multipart/report", 1)
    found = await bench.end_of(raw)
    assert found.stage is MailStage.HELD
    assert len(bench.delivered(CLERK)) == 1


async def test_addresses_that_change_have_a_limit_for_their_domain(bench: Bench) -> None:
    """A ticket system answers from a new address each time."""
    few = replace(bench.office.desk.correspondence, answers_per_day=2)
    async with bench.with_desk(correspondence=few):
        for number in range(25):
            await bench.receive(
                mail(subject=f"Phiếu {number}", message_id=f"<{number}@agency.example>"),
                mail_from=f"phieu+{number}@agency.example",
            )
        await bench.work()
    answers = [n for n in await bench.office.queries.outbox(open_only=False) if n.owed.kind is NoticeKind.REFUSAL]
    assert len(answers) == 20


async def test_receipts_have_a_limit_too(bench: Bench) -> None:
    """A partner's system may answer each receipt with a paper of its own."""
    few = replace(bench.office.desk.correspondence, answers_per_day=1)
    async with bench.with_desk(correspondence=few):
        for number in range(12):
            await bench.end_of(mail(("a.txt", page_one(number + 1)), message_id=f"<{number}@agency.example>"))
    assert len(await numbers(bench)) == 12
    assert len(bench.delivered(SENDER)) == 10


async def test_what_the_office_itself_sends_does_not_call_the_clerk_each_time(bench: Bench) -> None:
    """Its responder would answer each call."""
    for number in range(5):
        raw = mail(("a.txt", page_one(number)), message_id=f"<{number}@q>").replace(SENDER.encode(), CLERK.encode())
        await bench.end_of(raw, mail_from=CLERK, peer="203.0.113.5")
    assert len(bench.delivered(CLERK)) == 1


async def test_one_correspondent_is_answered_so_often_a_day_and_the_clerk_told_once(bench: Bench) -> None:
    """What a machine could draw from us for ever has an end; receipts for new documents are not counted."""
    for number in range(23):
        await bench.end_of(mail(subject=f"Lần {number}", message_id=f"<{number}@agency.example>"))
    assert len(bench.delivered(SENDER)) == 20
    alarms = [n for n in await bench.office.queries.outbox(open_only=False) if n.owed.kind is NoticeKind.ALARM]
    assert [n.owed.alarm.cause for n in alarms if n.owed.alarm] == [AlarmCause.ANSWERS_STOPPED]
    await bench.end_of(mail(("a.txt", page_one(1)), message_id="<paper@agency.example>"))
    assert len(bench.delivered(SENDER)) == 21
    bench.clock.pass_(timedelta(days=1))
    await bench.end_of(mail(message_id="<tomorrow@agency.example>"))
    assert len(bench.delivered(SENDER)) == 22


@pytest.mark.parametrize("method", ["REQUEST", "REPLY", "CANCEL"])
async def test_an_invitation_of_a_calendar_is_filed(bench: Bench, method: str) -> None:
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"], message["To"], message["Subject"] = SENDER, RECIPIENT, "Họp giao ban"
    text = f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nSUMMARY:Hop\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    message.set_content(text, subtype="calendar", params={"method": method})
    found = await bench.end_of(message.as_bytes())
    assert found.stage is MailStage.NOTED
    assert bench.delivered(SENDER) == []


@pytest.mark.parametrize("manners", Manners)
def test_two_gateways_and_a_responder_fall_silent(manners: Manners, tmp_path: Path, clamd: ClamdServer) -> None:
    found = asyncio.run(run(tmp_path, clamd.address, manners, 50))
    assert found["quiet_after_round"] < 50  # type: ignore[operator]
    sent = found["sent"]
    assert isinstance(sent, dict)
    # Two documents registered at each, an answer and a notice to the clerk for both; then at most a day's answers.
    assert all(sent[name] <= 4 + 21 for name in ("sgtvt@a.example", "sgtvt@b.example"))
