"""Mails by which management systems exchange documents (edXML), and what their messages say beside page 1."""

from __future__ import annotations

from gateway.model.header import EvidenceSource
from gateway.model.mail import MailStage
from gateway.model.part import PartDecision
from tests.edxml import exchange, status, zipped
from tests.flow.conftest import Bench
from tests.flow.reading import CLERK, numbers, text_of
from tests.mails import SENDER, mail, page_one


async def test_a_recall_or_status_by_message_is_no_document(bench: Bench) -> None:
    """A recall waits for the clerk, also with a document in it; how another agency gets on is filed."""
    recall = await bench.end_of(mail(("1.edxml", exchange(("a.txt", page_one(7)), business="1"))))
    told = await bench.end_of(mail(("2.edxml", status("03")), message_id="<2@agency.example>"))
    refused = await bench.end_of(mail(("3.edxml", status("02")), message_id="<3@agency.example>"))
    assert [each.stage for each in (recall, told, refused)] == [MailStage.HELD, MailStage.NOTED, MailStage.HELD]
    assert await numbers(bench) == []
    assert "thu hồi (lấy lại) văn bản 7/BC-STD" in text_of(bench.delivered(CLERK)[0])
