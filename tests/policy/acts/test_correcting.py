"""What a person puts into the register: every field, by the rules of entry; and what he is asked about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from gateway.model.act import Act, Correction, Order
from gateway.model.docket import Docket, DocumentState
from gateway.model.document import Direction, Document, RegisteredFile, Status
from gateway.model.facts import Marks, Urgency
from gateway.model.header import EvidenceSource, HeaderFields
from gateway.model.signature import Coverage, Signature, SignatureVerdict, SignerKind
from gateway.model.wording import FIELD_WORDS
from gateway.policy.acts import CorrectionFacts, Decision, Refusal, Who, decide, offers
from gateway.policy.acts.correcting import correction_reply
from gateway.policy.acts.entered import value_in
from gateway.policy.header.asking import asked_about, asked_of
from gateway.policy.orders.corrections import correction_in
from gateway.policy.signing import Standing
from tests.policy.acts.office import ASKERS, DOCUMENT, NOW, around, docket_in
from tests.records import CLEAN

CLERK, OPERATOR = ASKERS[Who.CLERK], ASKERS[Who.OPERATOR]
TODAY = date(2026, 11, 23)
READ = HeaderFields(
    number="955",
    notation="QĐ-SGTVT",
    issued_on=date(2026, 9, 7),
    document_type="Quyết định",
    abstract="Về việc ban hành Quy chế",
    issuer="Sở Giao thông vận tải",
    signer="Nguyễn Văn An",
    addressee="Sở Tài chính",
    confidence={
        **dict.fromkeys(("notation", "issued_on", "document_type", "issuer", "signer"), 0.97),
        "number": 0.75,
        "abstract": 0.899,
        "addressee": 0.65,
    },
)


def docket(header: HeaderFields = READ, **more: Any) -> Docket:
    document = replace(DOCUMENT, header=header, **more)
    return replace(docket_in(DocumentState.REGISTERED), document=document)


def correcting(of: Docket, *others: Document, same_as: str = "", **values: Any) -> Decision | Refusal:
    order = Order(Act.CORRECT, ("Sửa: …",), correction=Correction(values, same_as=same_as))
    return decide(order, of, CLERK, around(), facts=CorrectionFacts(others))


def put(of: Docket, values: Mapping[str, Any]) -> Decision | Refusal:
    return decide(Order(Act.CORRECT, correction=Correction(values)), of, CLERK, around())


def done(answer: Decision | Refusal) -> Decision:
    assert isinstance(answer, Decision), answer
    return answer


def refused(answer: Decision | Refusal, code: str) -> Refusal:
    assert isinstance(answer, Refusal), answer
    assert answer.code == code
    assert answer.clause
    return answer


def confirming(of: Docket, *fields: str) -> Decision | Refusal:
    return decide(Order(Act.CONFIRM, fields=fields), of, CLERK, around())


NEW: dict[str, Any] = {
    "number": "956",
    "notation": "TB-SGTVT",
    "issued_on": date(2026, 9, 8),
    "document_type": "Thông báo",
    "abstract": "Về việc họp; báo cáo",
    "issuer": "Sở Giao thông",
    "superior": "UBND tỉnh",
    "signer": "Trần Văn Bình",
    "capacity": "KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC",
    "addressee": "Sở Nội vụ; Sở Y tế",
    "recipients": "Như trên; Lưu: VT",
    "urgency": "hoa_toc",
    "reply_by": date(2027, 1, 31),
    "note": "Bản sao y",
    "copies": "12",
    "kept_by": "Văn thư Sở",
}


def test_every_field_can_be_corrected_emptied_and_corrected_back() -> None:
    assert NEW.keys() == FIELD_WORDS.keys()
    for name, value in NEW.items():
        before = docket(direction=Direction.OUT if name in {"copies", "kept_by"} else Direction.IN)
        answer = done(put(before, {name: value}))
        after = answer.docket.document
        kept = value_in(after, name)
        assert (Urgency(value) if name == "urgency" else int(value) if name == "copies" else value) == kept
        assert FIELD_WORDS[name] in answer.result
        assert answer.journal["fields"] == [name]
        emptied = done(put(answer.docket, {name: None})).docket.document
        assert value_in(emptied, name) is None, name
        assert name not in asked_of(emptied.header), "somebody has said that there is none"
        unchanged = {other: value_in(after, other) for other in FIELD_WORDS if other != name}
        assert unchanged == {other: value_in(before.document, other) for other in unchanged}


def test_what_was_corrected_is_certain_on_the_word_of_who_did_it() -> None:
    header = done(correcting(docket(), number="956")).docket.document.header
    assert header.confidence["number"] == 1.0
    assert header.evidence["number"].source is EvidenceSource.PERSON
    assert header.evidence["number"].text == CLERK.address
    by_hand = decide(Order(Act.CORRECT, correction=Correction({"number": "957"})), docket(), OPERATOR, around())
    assert done(by_hand).docket.document.header.evidence["number"].text == OPERATOR.address


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"issued_on": TODAY + timedelta(days=1)}, "bad_date"),
        ({"reply_by": TODAY + timedelta(days=4000)}, "bad_date"),
        ({"reply_by": "mai"}, "bad_date"),
        ({"document_type": "Tin nhắn"}, "unknown_type"),
        ({"urgency": "rất khẩn"}, "unknown_urgency"),
        ({"copies": "0"}, "bad_copies"),
        ({"kept_by": "Văn thư"}, "wrong_book"),
        ({"abstract": "[MẬT] Về việc rà soát"}, "state_secret"),
        ({"note": "TUYỆT MẬT - kèm phụ lục"}, "state_secret"),
        ({"abstract": " "}, "empty_value"),
        ({"number": "956", "color": "đỏ"}, "unknown_field"),
    ],
)
def test_what_would_not_be_entered_is_not_corrected_either(values: dict[str, Any], code: str) -> None:
    of = docket(direction=Direction.OUT) if "copies" in values else docket()
    refused(put(of, values), code)


def test_a_type_is_written_as_the_table_writes_it() -> None:
    assert done(correcting(docket(), document_type="THÔNG BÁO")).docket.document.header.document_type == "Thông báo"


@pytest.mark.parametrize(
    ("values", "remark"),
    [
        ({"document_type": "Thông báo"}, "là của quyết định, sổ ghi tên loại thông báo"),
        ({"issuer": "Kho bạc"}, "không khớp tên cơ quan ban hành"),
        ({"reply_by": date(2026, 11, 1)}, "đã qua"),
        ({"number": "956"}, ""),
    ],
)
def test_what_the_clerk_would_have_been_told_at_entry_is_told(values: dict[str, Any], remark: str) -> None:
    result = done(put(docket(), values)).result
    assert remark in result
    assert ("Lưu ý" in result) is bool(remark)


def test_what_the_signatures_say_beside_a_corrected_signer_or_issuer_is_told() -> None:
    signed = Signature(
        SignatureVerdict.VALID, "", "Nguyễn Văn An", "", SignerKind.PERSON, Coverage.WHOLE, True, True, True, NOW, NOW
    )
    file = RegisteredFile("2", "qd.pdf", "application/pdf", 9, "a" * 64, 1, True, CLEAN, (signed,))
    before = docket(files=(file,))

    def told(**values: Any) -> str:
        facts = CorrectionFacts(standing=Standing(READ))
        order = Order(Act.CORRECT, correction=Correction(values))
        return done(decide(order, before, CLERK, around(), facts=facts)).result

    assert "Người ký số là Nguyễn Văn An, tên in trên văn bản là Trần Văn Bình. (Điều 6 khoản 2)" in told(
        signer="Trần Văn Bình"
    )
    assert "Lưu ý" not in told(signer="Nguyễn văn An"), "what was so before is not told again"
    assert "Lưu ý" not in told(abstract="Về việc khác")


def test_a_number_that_another_document_bears_is_refused_until_somebody_says_that_they_are_two() -> None:
    twin = replace(DOCUMENT, id=12, header=replace(READ, number="956"), arrival_number=12)
    answer = refused(correcting(docket(), twin, number="956"), "already_registered")
    assert "D12, số đến 12/2026" in answer.text
    assert answer.choices[0].reply == "Sửa: …; trùng với=D12"
    assert done(correcting(docket(), twin, number="956", same_as="D12")).journal["same_as"] == "D12"
    refused(correcting(docket(), twin, number="956", same_as="D13"), "already_registered")
    refused(correcting(docket(), number="956", same_as="D12"), "not_the_same")
    done(correcting(docket(), replace(twin, header=replace(twin.header, issuer="Sở Y tế")), number="956"))
    done(correcting(docket(), replace(twin, header=READ), abstract="Về việc khác"))


def test_all_that_is_doubtful_or_missing_is_asked_and_nothing_else() -> None:
    assert asked_of(READ) == ("number", "abstract", "addressee")
    assert asked_of(replace(READ, signer=None, confidence={})) == (
        "number", "notation", "issued_on", "document_type", "abstract", "issuer", "signer", "addressee",
    )  # fmt: skip
    assert asked_about(docket().document) == asked_of(READ)
    assert asked_about(docket(status=Status.REFUSED).document) == (), "nobody works on it any more"
    sure = replace(READ, confidence=dict.fromkeys(READ.confidence, 0.9))
    assert asked_of(sure) == ()


def test_confirming_settles_what_was_read_and_leaves_what_was_not() -> None:
    before = docket(replace(READ, signer=None, confidence={**READ.confidence, "signer": 0.0}))
    answer = done(confirming(before))
    assert "số “955”" in answer.result
    assert "Còn chờ bổ sung, xác nhận: người ký" in answer.result
    header = answer.docket.document.header
    assert asked_of(header) == ("signer",)
    assert replace(header, confidence={}, evidence={}) == replace(before.document.header, confidence={})
    assert header.evidence["number"].source is EvidenceSource.PERSON
    assert answer.journal["confirmed"] == ["abstract", "addressee", "number"]
    refused(confirming(answer.docket), "nothing_read")
    refused(confirming(answer.docket, "number"), "already")
    refused(confirming(before, "signer"), "nothing_read")
    refused(confirming(docket(replace(READ, confidence=dict.fromkeys(READ.confidence, 1.0)))), "nothing_to_confirm")


def test_named_fields_alone_are_confirmed_and_a_value_that_stands_there_confirms_too() -> None:
    assert asked_of(done(confirming(docket(), "number")).docket.document.header) == ("abstract", "addressee")
    answer = done(correcting(docket(), number="955", signer="Trần Văn Bình"))
    assert "Đã xác nhận số “955”" in answer.result
    assert "Đã sửa người ký" in answer.result
    assert asked_of(answer.docket.document.header) == ("abstract", "addressee")
    refused(correcting(docket(), signer="Nguyễn Văn An"), "already")


def test_what_was_there_before_is_unread_only_where_something_was_to_be_read() -> None:
    assert "ghi chú: không có → “đã gọi”" in done(correcting(docket(), note="đã gọi")).result
    assert "hạn trả lời: chưa đọc được → 30/11/2026" in done(correcting(docket(), reply_by=date(2026, 11, 30))).result
    emptied = done(correcting(docket(), signer=None)).docket
    assert "người ký: không có → “Trần Bình”" in done(correcting(emptied, signer="Trần Bình")).result


def test_a_struck_out_number_is_corrected_no_more_and_the_refusal_reads_as_a_sentence() -> None:
    order = Order(Act.CORRECT, correction=Correction({"note": "x"}))
    refusal = decide(order, docket_in(DocumentState.VOIDED), CLERK, around())
    assert isinstance(refusal, Refusal)
    assert "Lệnh này dùng được, trừ khi đã trả lại nơi gửi" in refusal.text


def test_the_ready_made_orders_say_what_is_asked() -> None:
    before = docket(replace(READ, signer=None, confidence={**READ.confidence, "signer": 0.0}))
    found = [reply for _, reply in offers(before, CLERK, around())]
    assert found[:2] == [
        "Xác nhận",
        "Sửa: số=955; trích yếu=Về việc ban hành Quy chế; người ký=; kính gửi=Sở Tài chính",
    ]
    again = correction_in(found[1].removeprefix("Sửa: "), today=TODAY)
    assert isinstance(again, Correction)
    assert asked_of(done(put(before, again.values)).docket.document.header) == ("signer",)
    settled = docket(replace(READ, confidence=dict.fromkeys(READ.confidence, 1.0)))
    assert "Xác nhận" not in [reply for _, reply in offers(settled, CLERK, around())]
    assert correction_reply(settled, "như cũ") == "như cũ"


def test_values_with_marks_of_their_own_come_back_from_the_ready_made_order_as_they_are() -> None:
    for value in ("Sở A; Sở B", "Về “Quy chế, số=5”", 'Tập "Hồ sơ"; hai', "‘Hồ sơ’ A", "'A' và B", '«A»; “B”; "C"'):
        before = docket(replace(READ, addressee=value, abstract=value))
        read = correction_in(correction_reply(before, "").removeprefix("Sửa: "), today=TODAY)
        assert isinstance(read, Correction)
        assert (read.values["addressee"], read.values["abstract"]) == (value, value)


def test_the_day_by_which_the_document_asks_for_an_answer_stands_in_the_ready_made_assignment() -> None:
    leader = ASKERS[Who.LEADER]
    asking = docket(replace(READ, reply_by=TODAY + timedelta(days=7)))
    assert "Hạn: 30/11/2026\n" in dict(offers(asking, leader, around()))["Phân công"]
    passed = docket(replace(READ, reply_by=TODAY))
    assert "Hạn: \n" in dict(offers(passed, leader, around()))["Phân công"]


def test_marks_and_what_is_written_beside_leave_what_was_read_as_it_is() -> None:
    answer = done(correcting(docket(marks=Marks(urgency=Urgency.KHAN)), urgency=None, note="Đã photo"))
    assert answer.docket.document.marks == Marks()
    assert answer.docket.document.header == READ


def test_the_moment_of_the_transfer_is_kept() -> None:
    assigned = docket_in(DocumentState.ASSIGNED)
    assert assigned.transferred_at is None
    assert done(decide(Order(Act.TRANSFER), assigned, CLERK, around())).docket.transferred_at == NOW
