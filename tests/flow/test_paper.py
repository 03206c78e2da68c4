"""Paper that goes with a document is told at entry, follows the Director's word, and is asked after until it came."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gateway.errors import NotOfStaff, UnfitDecision
from gateway.model.mail import MailStage
from gateway.model.notice import NoticeKind
from gateway.model.paper import Paper, PaperDuty
from handlers.paper import order_paper, to_receive, to_require, to_waive
from handlers.quarantine_digest import QuarantineDigest
from tests.flow.conftest import Bench, on_both_databases
from tests.flow.province import newest, notices
from tests.flow.reading import CLERK, text_of
from tests.flow.staff import DIRECTOR, HEAD, answer, last, staffed
from tests.mails import SENDER, mail, page_one

pytestmark = pytest.mark.usefixtures("own_domain")
OPERATOR = "cli:operator"


async def entered(bench: Bench, text: bytes) -> int:
    await staffed(bench)
    received = await bench.end_of(mail(("van-ban.txt", text)))
    assert received.stage is MailStage.REGISTERED, await bench.office.desk.store.verdict(received.id)
    return (await bench.office.queries.story(received.id)).documents[0].id


def flat(notice: bytes) -> str:
    return " ".join(text_of(notice).split())


async def paper_now(bench: Bench, document_id: int) -> Paper:
    return (await bench.office.queries.document(document_id)).paper


@on_both_databases
async def test_the_duty_is_in_the_register_the_receipt_and_the_clerks_notice(bench: Bench) -> None:
    document = await entered(bench, page_one(7, abstract="Về vụ việc sạt lở"))
    paper = await paper_now(bench, document)
    assert (paper.duty, paper.clause) == (PaperDuty.ALSO, "Điều 5 khoản 2")
    receipt = newest(bench, SENDER, NoticeKind.RECEIPT)
    for notice in (receipt, newest(bench, CLERK, NoticeKind.CLERK_DOCUMENT)):
        assert "gửi kèm bản giấy (Điều 5 khoản 2)" in flat(notice)
    assert "không ký số" in flat(receipt), "why"


@on_both_databases
async def test_the_directors_word_stands_and_is_journalled_with_who_and_why(bench: Bench) -> None:
    document = await entered(bench, page_one(7, abstract="Về vụ việc sạt lở"))
    desk = bench.office.desk
    await order_paper(document, to_waive("đã có bản chụp"), OPERATOR, desk, leader="hvphuong-sogtvt")
    assert (await paper_now(bench, document)).duty is PaperDuty.NONE
    await order_paper(document, to_require("lưu hồ sơ", desk), OPERATOR, desk)
    assert (await paper_now(bench, document)).duty is PaperDuty.ALSO
    story = await bench.office.queries.story((await bench.office.queries.document(document)).source)
    events = [link.event for link in story.events if link.event.kind.startswith("document.paper_")]
    assert [(event.kind, event.actor, (event.data or {})["reason"]) for event in events] == [
        ("document.paper_waive", f"{DIRECTOR} ({OPERATOR})", "đã có bản chụp"),
        ("document.paper_require", OPERATOR, "lưu hồ sơ"),
    ]
    await answer(bench, CLERK, last(bench, CLERK), "Sửa: loại=Thông báo")
    assert (await paper_now(bench, document)).duty is PaperDuty.ALSO, "a correction does not undo it"
    assert (await bench.office.queries.audit()).broken_at is None


async def test_only_who_decides_for_the_agency_is_named_for_it(bench: Bench) -> None:
    document = await entered(bench, page_one(7, abstract="Về vụ việc sạt lở"))
    before = await paper_now(bench, document)
    for stranger in (HEAD, "nobody"):
        with pytest.raises(NotOfStaff):
            await order_paper(document, to_waive("lý do"), OPERATOR, bench.office.desk, leader=stranger)
    with pytest.raises(UnfitDecision, match="lý do"):
        await order_paper(document, to_waive(" "), OPERATOR, bench.office.desk)
    with pytest.raises(KeyError):
        await order_paper(99, to_waive("lý do"), OPERATOR, bench.office.desk)
    assert await paper_now(bench, document) == before


async def test_a_corrected_type_is_judged_anew(bench: Bench) -> None:
    document = await entered(bench, page_one(7, abstract="Về vụ việc sạt lở"))
    assert (await paper_now(bench, document)).duty is PaperDuty.ALSO
    await answer(bench, CLERK, last(bench, CLERK), "Sửa: loại=Thông báo")
    assert (await paper_now(bench, document)).duty is PaperDuty.NONE


@on_both_databases
async def test_paper_that_is_overdue_is_in_the_digest_until_it_came(bench: Bench) -> None:
    document = await entered(bench, page_one(7, abstract="Về vụ việc sạt lở"))
    desk = bench.office.desk

    async def digests() -> int:
        await QuarantineDigest(desk).look()
        await bench.work()
        return len(notices(bench, CLERK, NoticeKind.QUARANTINE_DIGEST))

    bench.clock.pass_(timedelta(days=2))
    assert await digests() == 0, "not due yet"
    bench.clock.pass_(timedelta(days=7))
    assert await digests() == 1
    told = flat(newest(bench, CLERK, NoticeKind.QUARANTINE_DIGEST))
    assert "BẢN GIẤY CHƯA NHẬN" in told
    assert "Số đến 1/2026, chờ bản giấy từ ngày 23/11/2026" in told
    assert await digests() == 1, "once a day"

    await order_paper(document, to_receive(None), OPERATOR, desk)
    assert not (await paper_now(bench, document)).is_owed
    with pytest.raises(UnfitDecision, match="từ trước"):
        await order_paper(document, to_receive(None), OPERATOR, desk)
    bench.clock.pass_(timedelta(days=1))
    assert await digests() == 1
