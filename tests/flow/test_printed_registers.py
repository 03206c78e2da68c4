"""What the gateway really enters stands in the printed registers: what came, what was issued, and what answers what."""

from __future__ import annotations

from datetime import date

from gateway.model.legal_register import LegalRegister, RegisterRow
from gateway.model.register_filter import RegisterFilter
from gateway.policy.registers import row_of
from tests.flow.conftest import Bench
from tests.flow.test_issue import issued
from tests.mails import mail, page_one

TODAY = date(2026, 11, 23)


async def rows(bench: Bench, register: LegalRegister, book: str) -> list[RegisterRow]:
    queries = bench.office.queries
    repeats = await queries.repeats()
    return [
        row_of(register, docket, {}, repeats.get(docket.document.id, 0))
        async for dockets in queries.stream_register(RegisterFilter(book=book, year=2026))
        for docket in dockets
    ]


async def test_an_answered_document_its_answer_and_a_repeat_stand_where_the_annex_wants_them(bench: Bench) -> None:
    letter = mail(("van-ban.txt", page_one(7)))
    received = await bench.end_of(letter)
    await bench.end_of(letter)
    incoming = (await bench.office.queries.story(received.id)).documents[0]
    await issued(bench, answers=(incoming.id,), copies=5, kept_by="VT, TCCB")

    (came,) = await rows(bench, LegalRegister.INCOMING, "den")
    assert came.cells[:2] == (TODAY, 1)
    assert came.cells[3] == incoming.header.identifier
    assert "Gửi lặp lại 1 lần" in str(came.cells[9])
    (went,) = await rows(bench, LegalRegister.OUTGOING, "di")
    assert went.cells == (
        "01/QĐ-SGTVT",
        TODAY,
        "Quyết định Về việc cử cán bộ đi học",
        "Hoàng Việt Phương",
        "Như Điều 3; Lưu: VT, TCCB",
        "VT, TCCB",
        5,
        None,
        None,
        "",
    )
    (followed,) = await rows(bench, LegalRegister.FOLLOW_UP, "den")
    assert (followed.cells[0], followed.cells[5]) == (1, "01/QĐ-SGTVT")
