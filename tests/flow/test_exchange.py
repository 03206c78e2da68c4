"""Mails by which management systems exchange documents (edXML), and what their messages say beside page 1."""

from __future__ import annotations

from gateway.model.document import LinkKind
from gateway.model.mail import MailStage
from gateway.model.part import PartDecision
from handlers import quarantine
from tests.edxml import exchange, status, zipped
from tests.flow.conftest import Bench
from tests.flow.reading import CLERK, numbers, text_of
from tests.mails import SENDER, mail, page_one


def told_to(bench: Bench, reader: str) -> list[str]:
    """The texts of what he was sent, as they are without their line ends."""
    return [" ".join(text_of(each).split()) for each in bench.delivered(reader)]


async def test_a_recall_or_status_by_message_is_no_document(bench: Bench) -> None:
    """A recall waits for the clerk, also with a document in it; how another agency gets on is filed."""
    recall = await bench.end_of(mail(("1.edxml", exchange(("a.txt", page_one(7)), business="1"))))
    told = await bench.end_of(mail(("2.edxml", status("03")), message_id="<2@agency.example>"))
    refused = await bench.end_of(mail(("3.edxml", status("02")), message_id="<3@agency.example>"))
    unreadable = exchange(("a.doc", b"khong phai tep Word"), business="1")
    broken = await bench.end_of(mail(("4.edxml", unreadable), message_id="<4@agency.example>"))
    ends = [each.stage for each in (recall, told, refused, broken)]
    assert ends == [MailStage.HELD, MailStage.NOTED, MailStage.HELD, MailStage.HELD]
    await quarantine.release(broken.id, actor="cli:an", reason="đã xem", waive=frozenset(), desk=bench.office.desk)
    await bench.work()
    assert (await bench.office.desk.store.mail(broken.id)).stage is MailStage.NOTED, "as the clerk was told"
    assert await numbers(bench) == []
    assert "thu hồi (lấy lại) văn bản 7/BC-STD" in told_to(bench, CLERK)[0]


async def test_a_document_in_a_message_is_registered_with_what_the_message_says(bench: Bench) -> None:
    """Its files are parts of their own; what page 1 lacks comes from the header, what it says otherwise is told."""
    raw = mail(
        (
            "07-BC.edxml",
            exchange(("bc.txt", zipped("9e27.txt", page_one(7))), ("PL1.txt", b"Bieu so 1"), day="2026/11/19"),
        )
    )
    found = await bench.end_of(raw)
    assert found.stage is MailStage.REGISTERED
    (document,) = await bench.office.queries.register()
    assert document.exchange_id == "000.00.53.H48,2026/11/20,07/BC-STD"
    assert (document.header.identifier, str(document.header.issued_on)) == ("07/BC-STD", "2026-11-20")
    assert document.header.superior == "Ủy ban nhân dân tỉnh Quảng Ngãi"
    assert document.header.confidence["issued_on"] < 0.9 <= document.header.confidence["number"]
    assert [(file.part_path, file.name, file.main) for file in document.files] == [
        ("2.1", "bc.txt", True),
        ("2.2", "PL1.txt", False),
    ]
    parsed = await bench.office.desk.store.parsed(found.id)
    assert parsed is not None
    assert [message.identifier for message in parsed.exchanges] == ["7/BC-STD"]
    container, main, appendix = parsed.parts[2:]
    assert container.decision is PartDecision.CONTAINER
    assert (main.decision, appendix.decision) == (PartDecision.DOCUMENT, PartDecision.APPENDIX)
    assert "07/BC-STD" in appendix.reason
    for told in (*told_to(bench, SENDER), *told_to(bench, CLERK)):
        assert "Ngày ban hành đọc từ văn bản là “20/11/2026”, thông điệp edXML ghi “19/11/2026”" in told


async def test_another_content_under_the_id_of_an_exchange_waits_and_is_linked_when_released(bench: Bench) -> None:
    desk = bench.office.desk
    await bench.end_of(mail(("1.edxml", exchange(("bc.txt", page_one(7))))))
    again = exchange(("bc.txt", page_one(8)), number="8", business="3")
    other = await bench.end_of(mail(("2.edxml", again), message_id="<2@agency.example>"))
    assert other.stage is MailStage.HELD
    assert "Mã định danh trong thông điệp edXML trùng" in told_to(bench, SENDER)[1]
    await quarantine.release(other.id, actor="cli:an", reason="bản thay thế", waive=frozenset(), desk=desk)
    await bench.work()
    verdict = await desk.store.verdict(other.id)
    assert verdict is not None
    (first, second) = await bench.office.queries.register()
    assert verdict.entries[0].links == ((first.id, LinkKind.REPLACES),)
    assert second.header.identifier == "08/BC-STD"


async def test_one_file_under_two_ids_and_numbers_is_no_mere_repeat(bench: Bench) -> None:
    """Page 1 has no number; what the second message says is not lost unseen, and its own repeat is one."""
    table = ("a.txt", b"Bieu so lieu khong co so")
    await bench.end_of(mail(("1.edxml", exchange(table))))
    second = exchange(table, number="8", document_id="000.00.53.H48,2026/11/21,08/BC-STD")
    other = await bench.end_of(mail(("2.edxml", second), message_id="<2@agency.example>"))
    again = await bench.end_of(mail(("3.edxml", exchange(table)), message_id="<3@agency.example>"))
    assert (other.stage, again.stage) == (MailStage.HELD, MailStage.NOTED)
    third = exchange(("b.txt", b"Bieu khac"), number="9", document_id="9")
    fourth = exchange(("b.txt", b"Bieu khac"), number="10", document_id="10")
    both = await bench.end_of(mail(("1.edxml", third), ("2.edxml", fourth), message_id="<4@agency.example>"))
    assert both.stage is MailStage.HELD
    assert "với số, ký hiệu khác" in told_to(bench, CLERK)[1]
    desk = bench.office.desk
    await quarantine.release(other.id, actor="cli:an", reason="hai văn bản", waive=frozenset(), desk=desk)
    await bench.work()
    assert [document.header.number for document in await bench.office.queries.register()] == ["7", "8"]


async def test_a_wrong_count_is_told_to_sender_and_clerk_and_every_part_has_its_place(bench: Bench) -> None:
    raw = mail(
        ("02-BC-STD_PL1.txt", b"Bieu so lieu kem theo"),
        ("so 1.txt", page_one(1)),
        ("so 2.txt", page_one(2)),
        body="Kính gửi Sở Giao thông vận tải.\nHồ sơ gửi kèm gồm 04 (bốn) văn bản, 15 trang.",
    )
    found = await bench.end_of(raw)
    assert found.stage is MailStage.REGISTERED
    documents = await bench.office.queries.register()
    assert [(document.header.number, [file.name for file in document.files]) for document in documents] == [
        ("01", ["so 1.txt"]),
        ("02", ["so 2.txt", "02-BC-STD_PL1.txt"]),
    ]
    differs = "lời thư ghi 4 văn bản; nhận được 2 văn bản (3 tệp)"
    pages = "lời thư ghi 15 trang; nhận được 3 trang"
    (receipt,), clerks = told_to(bench, SENDER), told_to(bench, CLERK)
    assert len(clerks) == 2
    assert all(differs in told and pages in told for told in (receipt, *clerks))
