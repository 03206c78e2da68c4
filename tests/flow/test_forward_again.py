"""A submission whose mail came back, was sent once more, could not be made, or was answered while it was asked back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gateway.model.docket import DocumentState, RequestKind
from gateway.model.notice import DeliveryOutcome, DeliveryResult, Notice, NoticeKind, NoticeStage, Outgoing
from gateway.model.timer import TimerKind
from handlers.failure import STRIKES, notice_failed
from tests.flow.conftest import Bench
from tests.flow.province import (
    FORWARD,
    docket_of,
    forwardings,
    journal,
    newest,
    notices,
    order,
    running,
    submitted,
    without_approval,
)
from tests.flow.reading import CLERK, read
from tests.flow.staff import PROVINCE, answer
from tests.mails import SENDER, mail, page_one

pytestmark = pytest.mark.usefixtures("own_domain")

REFUSED = DeliveryResult(DeliveryOutcome.PERMANENT, "550 5.1.1 No such user")


class Refusing:
    """A relay that refuses whatever goes to the province."""

    async def send(self, outgoing: Outgoing) -> DeliveryResult:
        """The next attempt, too."""
        return REFUSED if outgoing.recipient == PROVINCE else DeliveryResult(DeliveryOutcome.SENT, "250 Ok")


async def cover_letter(bench: Bench, document: int) -> Notice:
    (sent,) = await forwardings(bench, document)
    owed = await bench.office.queries.outbox(open_only=False)
    return next(each for each in owed if each.owed.message_id == sent.message_id)


async def send_again(bench: Bench, document: int) -> None:
    """As `vanthu outbox retry` does."""
    bench.clock.pass_(timedelta(minutes=1))
    async with bench.office.desk.store.begin() as unit:
        await unit.notice_retry(await cover_letter(bench, document), bench.clock.now())
    await bench.work()


async def failures(bench: Bench) -> int:
    owed = await bench.office.queries.outbox(open_only=False)
    return sum(each.owed.facts.get("step") == "forward_failed" and each.owed.recipient == CLERK for each in owed)


async def test_a_letter_that_is_sent_once_more_has_not_failed_and_is_waited_for(bench: Bench) -> None:
    async with without_approval(bench):
        document = await submitted(bench)
        async with bench.with_desk(sender=Refusing()):
            await order(bench, FORWARD)
            assert await failures(bench) == 1
            await send_again(bench, document)
            assert await failures(bench) == 2
        assert TimerKind.ACKNOWLEDGEMENT_DUE not in await running(bench, document)
        await send_again(bench, document)
        (sent,) = await forwardings(bench, document)
        assert (sent.failed_at, sent.relayed_at is not None) == (None, True)
        assert TimerKind.ACKNOWLEDGEMENT_DUE in await running(bench, document)
        assert len(bench.delivered(PROVINCE)) == 1


async def test_a_letter_that_cannot_be_made_counts_as_not_sent(bench: Bench) -> None:
    async with without_approval(bench):
        document = await submitted(bench)
        async with bench.with_desk(sender=Refusing()):
            await order(bench, FORWARD)
        async with bench.office.desk.store.begin() as unit:
            await unit.notice_retry(await cover_letter(bench, document), bench.clock.now())
        for _ in range(STRIKES):
            await notice_failed(await cover_letter(bench, document), ValueError("damaged"), bench.office.desk)
        assert (await cover_letter(bench, document)).stage is NoticeStage.FAILED
        assert (await journal(bench, document))["submission.forward_failed"] == 2


async def test_an_answer_that_comes_while_it_is_asked_back_leaves_that_question_open(bench: Bench) -> None:
    async with without_approval(bench):
        document = await submitted(bench)
        await order(bench, FORWARD)
        await answer(bench, SENDER, newest(bench, SENDER, NoticeKind.RECEIPT), "Thu hồi: gửi nhầm", peer="127.0.0.1")
        assert (await docket_of(bench, document)).open_request(RequestKind.RECALL.value)
        letter = str(read(notices(bench, PROVINCE, NoticeKind.SUBMISSION)[0])["Message-ID"])
        raw = mail(
            ("tra-loi.txt", page_one(3210, notation="UBND-CN", abstract="Về việc trả lời báo cáo")),
            message_id="<tra-loi@ubnd.example>",
            headers={"In-Reply-To": letter, "References": letter},
        )
        await bench.end_of(raw.replace(SENDER.encode(), PROVINCE.encode()), mail_from=PROVINCE, peer="198.51.100.9")
        docket = await docket_of(bench, document)
        assert docket.answers
        assert docket.state is DocumentState.FORWARDED
        task = notices(bench, CLERK, NoticeKind.TASK)[-1]
        await answer(bench, CLERK, task, "Đồng ý")
        assert (await docket_of(bench, document)).state is DocumentState.RECALLED
