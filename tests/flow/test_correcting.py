"""What is put right in the register, by reply and on the machine: one act, one journal, the old value kept."""

from __future__ import annotations

from datetime import date

import pytest

from gateway.model.act import Act, Correction, Order
from gateway.model.document import Document, LinkKind
from gateway.model.header import EvidenceSource
from gateway.model.mail import MailStage
from gateway.model.notice import NoticeKind
from gateway.model.paper import PaperDuty
from gateway.policy.acts import Decision, Refusal
from gateway.policy.header.asking import asked_of
from gateway.policy.header.identity import identifier_key
from handlers.act import Performed
from handlers.by_hand import order_by_operator
from tests.flow.conftest import Bench, on_both_databases
from tests.flow.province import newest
from tests.flow.reading import CLERK, text_of
from tests.flow.staff import answer, last, staffed
from tests.mails import mail, page_one

pytestmark = pytest.mark.usefixtures("own_domain")
OPERATOR = "cli:operator"


async def entered(bench: Bench, text: bytes) -> Document:
    received = await bench.end_of(mail(("van-ban.txt", text)))
    assert received.stage is MailStage.REGISTERED, await bench.office.desk.store.verdict(received.id)
    return (await bench.office.queries.story(received.id)).documents[0]


async def now(bench: Bench, document: Document) -> Document:
    return await bench.office.queries.document(document.id)


def flat(notice: bytes) -> str:
    return " ".join(text_of(notice).split())


async def by_operator(bench: Bench, document: Document, correction: Correction) -> Performed:
    order = Order(Act.CORRECT, ("Sửa",), correction=correction)
    return await order_by_operator(document.id, order, OPERATOR, bench.office.desk)


@on_both_databases
async def test_reply_and_command_line_do_the_same_and_keep_what_was_there(bench: Bench) -> None:
    await staffed(bench)
    document = await entered(bench, page_one(7, abstract="Về vụ việc sạt lở"))
    assert document.paper.duty is PaperDuty.ALSO
    text = 'Sửa: loại=Thông báo; hạn trả lời=30/12/2026; nơi nhận="Như trên; Lưu: VT"; lý do=máy đọc sai'
    await answer(bench, CLERK, newest(bench, CLERK, NoticeKind.CLERK_DOCUMENT), text)
    assert "Đã sửa tên loại" in flat(last(bench, CLERK))
    assert "Lưu ý: ký hiệu BC-STD là của báo cáo" in flat(last(bench, CLERK))
    values = {"signer": "Trần Văn Bình", "note": "đã gọi hỏi", "urgency": "khan"}
    await by_operator(bench, document, Correction(values, "đối chiếu bản giấy"))

    after = await now(bench, document)
    assert (after.header.document_type, after.header.reply_by) == ("Thông báo", date(2026, 12, 30))
    assert (after.header.recipients, after.header.signer, after.note) == (
        "Như trên; Lưu: VT",
        "Trần Văn Bình",
        "đã gọi hỏi",
    )
    assert after.paper.duty is PaperDuty.NONE, "the paper duty is decided anew"
    work = await bench.office.queries.work(document.id)
    kept = {each.field: (each.old, each.new, each.actor) for each in work.corrections}
    assert kept["document_type"] == ("Báo cáo", "Thông báo", CLERK)
    assert kept["reply_by"] == (document.header.reply_by, "2026-12-30", CLERK)
    assert kept["signer"] == ("Nguyễn Văn Trình", "Trần Văn Bình", OPERATOR)
    assert kept["note"] == ("", "đã gọi hỏi", OPERATOR)
    assert kept["urgency"] == (None, "khan", OPERATOR)
    evidence = await bench.office.desk.store.evidence(document.id)
    assert (evidence["signer"].source, evidence["signer"].text) == (EvidenceSource.PERSON, OPERATOR)
    assert evidence["reply_by"].text == CLERK
    story = await bench.office.queries.story(after.source)
    events = [link.event for link in story.events if link.event.kind == "document.correct"]
    assert [(event.actor, (event.data or {})["reason"]) for event in events][-1] == (OPERATOR, "đối chiếu bản giấy")
    assert all("result" not in (event.data or {}) for event in events), "no words of a document in the journal"
    assert (await bench.office.queries.audit()).broken_at is None


@on_both_databases
async def test_a_number_that_is_taken_is_told_and_two_documents_may_be_two(bench: Bench) -> None:
    await staffed(bench)
    first = await entered(bench, page_one(7))
    second = await entered(bench, page_one(8, abstract="Về việc khác"))
    await answer(bench, CLERK, newest(bench, CLERK, NoticeKind.CLERK_DOCUMENT), "Sửa: số=07")
    assert f"{first.label}, số đến 1/2026" in flat(last(bench, CLERK))
    assert (await now(bench, second)).header.number == "08"
    refused = (await by_operator(bench, second, Correction({"number": "07"}))).answer
    assert isinstance(refused, Refusal)
    assert refused.code == "already_registered"

    done = (await by_operator(bench, second, Correction({"number": "07"}, same_as=first.label))).answer
    assert isinstance(done, Decision)
    after = await now(bench, second)
    assert identifier_key(after.header) == identifier_key(first.header)
    (link,) = await bench.office.desk.store.links(second.id)
    assert (link.document_id, link.other_id, link.kind) == (second.id, first.id, LinkKind.SAME_NUMBER)
    again = (await by_operator(bench, second, Correction({"abstract": "Về việc khác nữa"}))).answer
    assert isinstance(again, Decision), "what is settled is not asked again"


async def test_what_is_doubtful_is_asked_with_what_it_was_read_from_and_confirmed_by_one_word(bench: Bench) -> None:
    await staffed(bench)
    page = page_one(9).replace("BÁO CÁO\n".encode(), b"").replace("\n\nNguyễn Văn Trình".encode(), b"")
    document = await entered(bench, page)
    asked = asked_of(document.header)
    assert asked == ("document_type", "signer")
    notice = newest(bench, CLERK, NoticeKind.CLERK_DOCUMENT)
    assert "Tên loại: Công văn (85%)" in flat(notice)
    assert "Đọc từ: “" in flat(notice)
    assert "Người ký: chưa đọc được" in flat(notice)
    await answer(bench, CLERK, notice, "Xác nhận")
    assert "Đã xác nhận" in flat(last(bench, CLERK))
    after = await now(bench, document)
    assert asked_of(after.header) == ("signer",)
    await answer(bench, CLERK, notice, "Sửa: người ký=không có")
    assert asked_of((await now(bench, document)).header) == ()
    assert (await bench.office.queries.work(document.id)).corrections == (), "nothing was changed"
    await answer(bench, CLERK, notice, "Xác nhận: số")
    assert "không có thông tin nào đang chờ xác nhận" in flat(last(bench, CLERK))
