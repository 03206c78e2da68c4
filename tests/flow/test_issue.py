"""What the agency issues has the next number of its own book, its files scanned and read, and what it answers noted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from gateway.errors import UnfitDecision
from gateway.model.act import Act, Order
from gateway.model.docket import DocumentState
from gateway.model.document import Direction, Document, Status
from gateway.model.facts import Scan, ScanVerdict
from gateway.model.header import EvidenceSource
from gateway.model.mail import MailStage
from handlers.alarm import tell_of_infected
from handlers.by_hand import order_by_operator
from handlers.issue import IssuedFile, IssueOrder, issue
from tests.flow.conftest import Bench, on_both_databases
from tests.mails import mail, page_one
from tests.servers.clamd import EICAR

SAID: Mapping[str, str | date] = {
    "document_type": "Quyết định",
    "abstract": "Về việc cử cán bộ đi học",
    "signer": "Hoàng Việt Phương",
    "recipients": "Như Điều 3; Lưu: VT, TCCB",
}
TEXT = b"Noi dung quyet dinh ban hanh."


def own_page(number: int) -> bytes:
    page = page_one(number, notation="BC-SGTVT", abstract="Về việc báo cáo kết quả")
    return page.replace("SỞ TRÌNH DIỄN".encode(), "SỞ GIAO THÔNG VẬN TẢI".encode())


async def file(bench: Bench, content: bytes = TEXT, name: str = "qd.txt") -> IssuedFile:
    return IssuedFile(name, await bench.office.blobs.put(content), "text/plain")


async def issued(bench: Bench, content: bytes = TEXT, **more: object) -> Document:
    order = replace(IssueOrder((await file(bench, content),), SAID), **more)  # type: ignore[arg-type]
    return await issue(order, bench.office.settings.agency.record(), "cli:root", bench.office.desk)


@on_both_databases
async def test_an_issued_document_has_the_next_number_of_its_book_and_answers_what_came(bench: Bench) -> None:
    store = bench.office.desk.store
    received = await bench.end_of(mail(("van-ban.txt", page_one(7))))
    incoming = (await bench.office.queries.story(received.id)).documents[0]
    document = await issued(bench, answers=(incoming.id,), copies=5, kept_by="VT, TCCB")
    assert (document.book, document.arrival_number, document.direction) == ("di", 1, Direction.OUT)
    assert (document.header.identifier, document.header.issued_on) == ("01/QĐ-SGTVT", date(2026, 11, 23))
    assert document.header.issuer == bench.office.settings.agency.name
    assert (document.status, document.mail_id, document.copies) == (Status.FINISHED, None, 5)
    docket = await store.docket(document.id)
    assert docket.state is DocumentState.ISSUED
    assert docket.document == document or docket.document.files == document.files
    assert (await store.evidence(document.id))["signer"].source is EvidenceSource.PERSON
    (answer,) = (await store.docket(incoming.id)).answers
    assert (answer.identifier, answer.document_id) == ("01/QĐ-SGTVT", document.id)
    assert await store.facts([document.files[0].sha256])

    second = await issued(bench, b"Cong van.", said={**SAID, "document_type": "cong van"}, number=2)
    assert second.header.document_type == "Công văn"
    assert (second.arrival_number, second.header.identifier) == (2, "02/SGTVT")
    assert incoming.arrival_number == 1, "a series of its own"
    assert (await bench.office.queries.audit()).broken_at is None
    again = await bench.end_of(mail(("qd.txt", TEXT)))
    assert again.stage is not MailStage.NOTED, "what was issued may come back as a document that arrives"


async def test_what_the_file_says_for_certain_need_not_be_typed(bench: Bench) -> None:
    document = await issued(bench, own_page(1), said={"signer": "Hoàng Việt Phương", "recipients": "Bộ GTVT"})
    assert (document.header.document_type, document.header.identifier) == ("Báo cáo", "01/BC-SGTVT")
    assert document.header.issued_on == date(2026, 11, 20), "the day that is printed on it"
    evidence = await bench.office.desk.store.evidence(document.id)
    assert evidence["abstract"].source is EvidenceSource.TEXT
    assert evidence["abstract"].file == document.files[0].sha256


MARKED = own_page(1).decode().replace("\n\nBÁO CÁO", "\nTUYỆT MẬT\nBÁO CÁO").encode()


@pytest.mark.parametrize(
    ("content", "more", "said"),
    [
        (MARKED, {}, "dấu chỉ độ mật"),
        (MARKED, {"not_secret": True}, "dấu chỉ độ mật"),
        (TEXT, {"said": {**SAID, "abstract": "[MẬT] Báo cáo tình hình"}}, "dấu chỉ độ mật"),
        (TEXT, {"said": {**SAID, "document_type": "Tin nhắn"}}, "không có tên loại"),
        (TEXT, {"said": {**SAID, "issued_on": date(2026, 11, 24)}}, "chưa tới"),
        (own_page(1), {"said": {**SAID, "issued_on": date(2026, 11, 19)}}, "tệp ghi ngày 20/11/2026"),
        (EICAR, {}, "Nhiễm mã độc"),
        (TEXT, {"number": 7}, "số tiếp theo của sổ là 1"),
        (own_page(9), {}, "tệp ghi số 09"),
        (TEXT, {"said": {}}, "chưa đọc được tên loại, trích yếu, người ký, nơi nhận"),
        (TEXT, {"said": {**SAID, "issued_on": date(2025, 12, 31)}}, "năm nay"),
    ],
    ids=[
        *("secret", "secret-whatever-is-said", "secret-words", "type", "tomorrow", "printed-date"),
        *("virus", "number", "printed-number", "missing", "last-year"),
    ],
)
async def test_what_cannot_be_issued_takes_no_number_and_leaves_no_file(
    bench: Bench, content: bytes, more: dict[str, object], said: str
) -> None:
    with pytest.raises(UnfitDecision, match=said):
        await issued(bench, content, **more)
    blob = await file(bench, content)
    assert not await bench.office.desk.store.is_used(blob.content.sha256)
    assert (await issued(bench, b"Khac.")).arrival_number == 1


async def test_a_file_is_issued_once_and_a_voided_number_frees_it(bench: Bench) -> None:
    first = await issued(bench)
    with pytest.raises(UnfitDecision, match="D1, số đi 1/2026"):
        await issued(bench)
    with pytest.raises(UnfitDecision, match="không phải là văn bản đến"):
        await issued(bench, b"Khac.", answers=(first.id,))
    assert bench.office.blobs.path(first.files[0].sha256).exists()


@pytest.mark.parametrize(
    ("name", "content", "media_type", "said"),
    [
        ("phu-luc.txt", MARKED, "text/plain", "phu-luc.txt: có dấu chỉ độ mật"),
        ("CV mật số 5.txt", b"Phu luc.", "text/plain", "tên tệp CV mật số 5.txt có"),
        ("phu-luc.zip", b"PK\x05\x06" + bytes(18), "application/zip", "phu-luc.zip: "),
    ],
    ids=["secret", "secret-name", "archive"],
)
async def test_appendices_are_held_to_the_same_as_the_document(
    bench: Bench, name: str, content: bytes, media_type: str, said: str
) -> None:
    appendix = replace(await file(bench, content, name), media_type=media_type)
    with pytest.raises(UnfitDecision, match=said):
        await issued(bench, files=(await file(bench), appendix))
    assert not await bench.office.desk.store.facts([appendix.content.sha256])
    with pytest.raises(KeyError):
        bench.office.blobs.path(appendix.content.sha256)
    assert (await issued(bench)).arrival_number == 1


async def test_what_one_number_answers_it_answers_once_and_no_more_when_it_is_voided(bench: Bench) -> None:
    received = await bench.end_of(mail(("van-ban.txt", page_one(7))))
    (incoming,) = (await bench.office.queries.story(received.id)).documents
    desk = bench.office.desk
    first = await issued(bench, answers=(incoming.id, incoming.id))
    second = await issued(bench, b"Khac.", answers=(incoming.id,))
    assert [each.document_id for each in (await desk.store.docket(incoming.id)).answers] == [first.id, second.id]
    await order_by_operator(first.id, Order(Act.VOID, text="nhầm"), "cli:root", desk)
    assert [each.document_id for each in (await desk.store.docket(incoming.id)).answers] == [second.id]
    assert any("đã hủy" in step.text for step in await desk.store.steps(incoming.id))
    again = await issued(bench, answers=(incoming.id,))
    assert (again.arrival_number, again.header.identifier) == (3, "03/QĐ-SGTVT")


async def test_a_virus_that_is_known_later_is_told_of_what_came_by_no_mail(bench: Bench) -> None:
    desk = bench.office.desk
    document = await issued(bench)
    scan = Scan(ScanVerdict.INFECTED, "clamav", "X")
    async with desk.store.begin() as unit:
        await tell_of_infected(document, document.files[0].sha256, scan, unit, desk)
    alarms = [notice.owed.alarm for notice in await bench.office.queries.outbox(open_only=False)]
    assert [alarm.facts["document"] for alarm in alarms if alarm] == [document.label] * len(alarms)
    assert alarms
    assert not any("mail" in alarm.facts for alarm in alarms if alarm)
