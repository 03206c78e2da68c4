"""A document goes its way through an agency by replies alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gateway.model.docket import DocumentState, ShareState
from gateway.model.document import Status
from gateway.model.mail import MailStage
from tests.flow.conftest import Bench, on_both_databases
from tests.flow.reading import CLERK, read, text_of
from tests.flow.staff import DIRECTOR, HEAD, SPECIALIST, answer, last, staffed
from tests.mails import SENDER, mail, page_one

pytestmark = pytest.mark.usefixtures("own_domain")


async def entered(bench: Bench) -> int:
    await staffed(bench)
    received = await bench.end_of(mail(("van-ban.txt", page_one(7))))
    assert received.stage is MailStage.REGISTERED
    return (await bench.office.queries.story(received.id)).documents[0].id


@on_both_databases
async def test_from_the_clerk_to_the_specialist_and_back(bench: Bench) -> None:
    document = await entered(bench)
    store = bench.office.desk.store

    presented = await answer(bench, CLERK, last(bench, CLERK), "Trình", client="thunderbird")
    assert presented.stage is MailStage.APPLIED
    assert (await store.docket(document)).state is DocumentState.PRESENTED

    await answer(
        bench,
        DIRECTOR,
        last(bench, DIRECTOR),
        "Chủ trì: KHTC\nPhối hợp: P. Vận tải\nHạn: 4/12\nÝ kiến: Báo cáo tôi trước khi trả lời.\n\nPhương",
        client="outlook",
    )
    docket = await store.docket(document)
    assert docket.state is DocumentState.ASSIGNED
    assert [(part.unit, part.lead) for part in docket.assignments] == [("khtc", True), ("vtai", False)]
    assert "Phòng Kế hoạch" in text_of(last(bench, CLERK))

    await answer(bench, CLERK, last(bench, CLERK), "chuyen", client="roundcube")
    docket = await store.docket(document)
    assert docket.state is DocumentState.TRANSFERRED
    assert docket.status is Status.ASSIGNED

    await answer(bench, HEAD, last(bench, HEAD), "Đã nhận\nGiao: Nam", client="apple")
    docket = await store.docket(document)
    assert docket.lead is not None
    assert docket.lead.state is ShareState.ACCEPTED
    assert docket.lead.specialist == "nvnam-sogtvt"

    await answer(bench, SPECIALIST, last(bench, SPECIALIST), "Đang xử lý", client="iphone")
    assert (await store.docket(document)).state is DocumentState.IN_PROGRESS

    await answer(
        bench,
        SPECIALIST,
        last(bench, SPECIALIST),
        "Hoàn thành: đã trả lời bằng văn bản\nVăn bản trả lời: 12/SGTVT-KHTC",
    )
    docket = await store.docket(document)
    assert docket.state is DocumentState.FINISHED
    assert docket.answers[0].identifier == "12/SGTVT-KHTC"

    receipt, *news = bench.delivered(SENDER)
    assert str(read(receipt)["Message-ID"]).startswith("<receipt.")
    assert len(news) == 3, "assigned, in progress, finished"
    assert "12/SGTVT-KHTC" in text_of(news[-1])


async def test_a_reply_without_orders_does_nothing_and_says_so(bench: Bench) -> None:
    document = await entered(bench)
    await answer(bench, CLERK, last(bench, CLERK), "Cảm ơn hệ thống.")
    assert (await bench.office.desk.store.docket(document)).state is DocumentState.REGISTERED
    assert "chưa có việc nào được thực hiện" in text_of(last(bench, CLERK)).replace("\n", " ")


async def test_the_clerk_is_reminded_in_office_hours_until_the_document_is_transferred(bench: Bench) -> None:
    await entered(bench)
    before = len(bench.delivered(CLERK))
    bench.clock.pass_(timedelta(hours=1, minutes=31))
    await bench.work()
    assert len(bench.delivered(CLERK)) == before + 1
    bench.clock.pass_(timedelta(minutes=30))
    await bench.work()
    assert len(bench.delivered(CLERK)) == before + 2
