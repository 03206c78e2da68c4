"""What other machines report of our notices moves the right one, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gateway.model.alarm import AlarmCause
from gateway.model.mail import Mail, MailStage
from gateway.model.notice import Notice, NoticeKind
from gateway.model.report import DeliveryState
from tests.flow.conftest import Bench, on_both_databases
from tests.flow.reading import CLERK, IT, read, text_of
from tests.flow.reports import delivery_status, disposition, free_form
from tests.mails import RECIPIENT, SENDER, mail, page_one


async def receipt_of(bench: Bench, number: int = 1) -> Notice:
    """A receipt that the relay took."""
    found = await bench.end_of(mail(("a.txt", page_one(number)), message_id=f"<{number}@agency.example>"))
    (receipt,) = [
        notice
        for notice in (await bench.office.queries.story(found.id)).notices
        if notice.owed.kind is NoticeKind.RECEIPT
    ]
    assert receipt.delivery is DeliveryState.TAKEN
    return receipt


def path_of(notice: Notice) -> str:
    return f"sgtvt+b-{notice.token}@quangngai.gov.vn"


async def comes(bench: Bench, raw: bytes, recipient: str = RECIPIENT) -> Mail:
    found = await bench.end_of(raw, mail_from="", recipient=recipient, peer="192.0.2.99")
    assert found.stage is MailStage.NOTED
    return found


async def state(bench: Bench, notice: Notice) -> DeliveryState | None:
    return (await bench.office.queries.notice(notice.id)).delivery


async def alarms(bench: Bench) -> list[AlarmCause]:
    notices = await bench.office.queries.outbox(open_only=False)
    return [notice.owed.alarm.cause for notice in notices if notice.owed.alarm]


@on_both_databases
@pytest.mark.parametrize(
    ("action", "status", "expected"),
    [
        ("delivered", "2.0.0", DeliveryState.DELIVERED),
        ("relayed", "2.0.0", DeliveryState.RELAYED),
        ("expanded", "2.0.0", DeliveryState.DELIVERED),
        ("delayed", "4.4.1", DeliveryState.DELAYED),
        ("failed", "5.1.1", DeliveryState.FAILED_HARD),
        ("failed", "4.4.7", DeliveryState.FAILED_SOFT),
        ("failed", "5.2.2", DeliveryState.FAILED_SOFT),
    ],
)
async def test_a_report_to_the_reverse_path_moves_that_notice(
    bench: Bench, action: str, status: str, expected: DeliveryState
) -> None:
    receipt, other = await receipt_of(bench, 1), await receipt_of(bench, 2)
    path = path_of(receipt)
    evidence = await comes(bench, delivery_status(to=path, recipient=SENDER, action=action, status=status), path)
    assert await state(bench, receipt) is expected
    assert await state(bench, other) is DeliveryState.TAKEN
    assert receipt.owed.mail_id is not None
    story = await bench.office.queries.story(receipt.owed.mail_id)
    assert [(report.notice_id, report.mail_id) for report in story.reports] == [(receipt.id, evidence.id)]
    failed = expected in {DeliveryState.FAILED_HARD, DeliveryState.FAILED_SOFT}
    assert await alarms(bench) == ([AlarmCause.DELIVERY_FAILED] if failed else [])


async def test_a_report_is_known_by_its_envelope_id_where_the_server_has_no_plus_addresses(bench: Bench) -> None:
    receipt = await receipt_of(bench)
    raw = delivery_status(to=RECIPIENT, recipient=SENDER, action="delivered", status="2.0.0", envelope_id=receipt.token)
    await comes(bench, raw)
    assert await state(bench, receipt) is DeliveryState.DELIVERED


async def test_a_returned_message_id_counts_only_together_with_the_recipient(bench: Bench) -> None:
    receipt = await receipt_of(bench)
    for recipient, expected in (
        ("someone@else.example", DeliveryState.TAKEN),
        (SENDER, DeliveryState.FAILED_HARD),
    ):
        raw = delivery_status(
            to=RECIPIENT, recipient=recipient, action="failed", status="5.1.1", message_id=receipt.owed.message_id
        )
        await comes(bench, raw)
        assert await state(bench, receipt) is expected


async def test_a_bounce_in_free_words_moves_the_notice_it_came_to(bench: Bench) -> None:
    receipt = await receipt_of(bench)
    await comes(bench, free_form(to=path_of(receipt), recipient=SENDER), path_of(receipt))
    assert await state(bench, receipt) is DeliveryState.FAILED_HARD


async def test_a_notice_that_was_opened_counts_as_displayed(bench: Bench) -> None:
    receipt = await receipt_of(bench)
    raw = disposition(to=RECIPIENT, recipient=SENDER, message_id=receipt.owed.message_id)
    await comes(bench, raw)
    assert await state(bench, receipt) is DeliveryState.DISPLAYED


async def test_reports_in_any_order_come_to_the_same_end(bench: Bench) -> None:
    receipt = await receipt_of(bench)
    path = path_of(receipt)
    for action, status in (("delivered", "2.0.0"), ("delayed", "4.4.1"), ("relayed", "2.0.0"), ("failed", "4.4.7")):
        await comes(bench, delivery_status(to=path, recipient=SENDER, action=action, status=status), path)
    assert await state(bench, receipt) is DeliveryState.DELIVERED
    assert await alarms(bench) == []


async def test_an_unknown_report_is_filed_and_stops_nothing(bench: Bench) -> None:
    receipt = await receipt_of(bench)
    for to in (RECIPIENT, "sgtvt+b-00000000000000000000@quangngai.gov.vn", "sgtvt+b-@quangngai.gov.vn"):
        raw = delivery_status(to=to, recipient="x@y.example", action="failed", status="5.1.1")
        await comes(bench, raw, to)
    await comes(bench, b"From: MAILER-DAEMON@x.example\r\nSubject: Undelivered Mail\r\n\r\nsorry\r\n")
    assert await state(bench, receipt) is DeliveryState.TAKEN
    await receipt_of(bench, 2)


async def test_bounces_of_one_address_tell_the_clerk_once_a_day(bench: Bench) -> None:
    for number in (1, 2, 3):
        receipt = await receipt_of(bench, number)
        path = path_of(receipt)
        await comes(bench, delivery_status(to=path, recipient=SENDER, action="failed", status="5.1.1"), path)
    assert await alarms(bench) == [AlarmCause.DELIVERY_FAILED]
    bench.clock.pass_(timedelta(days=1))
    path = path_of(await receipt_of(bench, 4))
    await comes(bench, delivery_status(to=path, recipient=SENDER, action="failed", status="5.1.1"), path)
    assert len(await alarms(bench)) == 2


async def test_an_address_that_keeps_failing_is_called_so(bench: Bench) -> None:
    for number in (1, 2):
        path = path_of(await receipt_of(bench, number))
        await comes(bench, delivery_status(to=path, recipient=SENDER, action="failed", status="5.1.1"), path)
        bench.clock.pass_(timedelta(days=1))
    path = path_of(await receipt_of(bench, 3))
    await comes(bench, delivery_status(to=path, recipient=SENDER, action="failed", status="5.1.1"), path)
    (first, *_, last) = [raw for raw in bench.delivered(CLERK) if "không tới" in str(read(raw)["Subject"])]
    assert "nhiều lần không nhận được thư" not in text_of(first)
    assert "nhiều lần không nhận được thư" in text_of(last)


async def test_a_bounce_of_the_clerks_own_notice_is_told_to_the_others_of_the_office(bench: Bench) -> None:
    found = await bench.end_of(mail(("a.txt", page_one(1))))
    (notice,) = [n for n in (await bench.office.queries.story(found.id)).notices if n.owed.recipient == CLERK]
    before = len(await bench.office.queries.outbox(open_only=False))
    path = path_of(notice)
    await comes(bench, delivery_status(to=path, recipient=CLERK, action="failed", status="5.1.1"), path)
    assert await state(bench, notice) is DeliveryState.FAILED_HARD
    told = [notice.owed.recipient for notice in await bench.office.queries.outbox(open_only=False)]
    assert (len(told), told[0]) == (before + 1, IT)
