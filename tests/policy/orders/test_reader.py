"""Replies and their orders, row by row: what is done, what is asked back, what is but prose."""

from __future__ import annotations

from datetime import date

import pytest

from gateway.model.act import Act, Correction, Order
from gateway.policy.orders import KEYWORDS, KeywordRow, help_lines
from gateway.policy.orders.corrections import correction_of
from gateway.policy.orders.keywords import Slot
from gateway.policy.orders.moments import VIETNAM
from gateway.policy.orders.reader import MAX_COMMANDS
from tests.policy.orders.conftest import at, read


def acts(text: str) -> list[Act]:
    return [order.act for order in read(text).orders]


def only(text: str) -> Order:
    reading = read(text)
    assert not reading.faults, reading.faults
    (order,) = reading.orders
    return order


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Đồng ý", Act.APPROVE),
        ("dong y", Act.APPROVE),
        ("ĐỒNG Ý.", Act.APPROVE),
        ("Đồng ý!", Act.APPROVE),
        ("Đồng ý ạ", Act.APPROVE),
        ("Đồng ý nhé, cảm ơn anh!", Act.APPROVE),
        ("- Đồng ý", Act.APPROVE),
        ("• Đồng ý", Act.APPROVE),
        ("1. Đồng ý", Act.APPROVE),
        ("*Đồng ý*", Act.APPROVE),
        ("**Đồng ý**", Act.APPROVE),
        ("\u00a0Đồng\u00a0ý\u00a0", Act.APPROVE),
        ("Ðồng ý", Act.APPROVE),
        ("Nhất trí", Act.APPROVE),
        ("Agree", Act.APPROVE),
        ("Không đồng ý: hồ sơ chưa đủ", Act.DECLINE),
        ("Ko đồng ý: hồ sơ chưa đủ", Act.DECLINE),
        ("Disagree: not complete", Act.DECLINE),
        ("Đã nhận", Act.ACCEPT),
        ("Đã tiếp nhận, cảm ơn.", Act.ACCEPT),
        ("Đã nhận:", Act.ACCEPT),
        ("Received", Act.ACCEPT),
        ("Đang xử lý", Act.PROGRESS),
        ("Đang xử lí: chờ số liệu", Act.PROGRESS),
        ("In progress", Act.PROGRESS),
        ("Hoàn thành", Act.FINISH),
        ("Hoàn thành: đã trả lời", Act.FINISH),
        ("Done: sent", Act.FINISH),
        ("Trình", Act.PRESENT),
        ("Trình lãnh đạo", Act.PRESENT),
        ("Trinh lanh dao: Nam", Act.PRESENT),
        ("Chuyển", Act.TRANSFER),
        ("Chuyển giao", Act.TRANSFER),
        ("Chuyển đơn vị: VP", Act.TRANSFER),
        ("Giao: Nam", Act.DELEGATE),
        ("Chuyên viên: Nam", Act.DELEGATE),
        ("Giao chuyên viên: Nam hạn 15/9", Act.DELEGATE),
        ("Trả lại: nhầm nơi nhận", Act.RETURN),
        ("Trả lại - nhầm nơi nhận", Act.RETURN),
        ("Thu hồi: gửi nhầm", Act.RECALL),
        ("Lấy lại: gửi nhầm", Act.RECALL),
        ("Gia hạn: 20/9", Act.EXTEND),
        ("Extend: Sep 20", Act.EXTEND),
        ("Trình UBND", Act.SUBMIT),
        ("Trình uỷ ban nhân dân tỉnh", Act.SUBMIT),
        ("Chuyển UBND", Act.FORWARD),
        ("Chuyển ubnd tỉnh ạ", Act.FORWARD),
        ("Chuyển lại UBND: thư bị trả", Act.FORWARD),
        ("Xác nhận", Act.CONFIRM),
        ("Trạng thái", Act.STATUS),
        ("Status", Act.STATUS),
        ("Trợ giúp", Act.HELP),
        ("Help", Act.HELP),
        ("Chủ trì: P.KHTC", Act.ASSIGN),
        ("Chủ trì\uff1a P.KHTC", Act.ASSIGN),
        ("chu tri : P.KHTC", Act.ASSIGN),
        ("Chủ trì = P.KHTC", Act.ASSIGN),
        ("Chủ trì – P.KHTC", Act.ASSIGN),
        ("Chủ tri: P.KHTC", Act.ASSIGN),
        ("*Chủ trì:* P.KHTC", Act.ASSIGN),
        ("* **Chủ trì**: P.KHTC", Act.ASSIGN),
        ("Đơn vị chủ trì: P.KHTC", Act.ASSIGN),
        ("Lead: P.KHTC", Act.ASSIGN),
        ("Phối hợp: VP", Act.ASSIGN),
        ("Ý kiến: làm ngay", Act.ASSIGN),
        ("Sửa: số=955", Act.CORRECT),
    ],
)
def test_a_line_of_the_grammar_is_an_order(text: str, act: Act) -> None:
    assert only(text).act is act


@pytest.mark.parametrize(
    "text",
    [
        "Kính gửi văn thư",
        "Trân trọng",
        "Chuyển cho anh Nam xem giúp",
        "Đã nhận được thư, để tôi xem",
        "Giao thông vận tải Quảng Ngãi",
        "Hoàn thành tốt nhiệm vụ được giao",
        "Trình bày rõ hơn giúp tôi",
        "Trả lại giúp tôi bản gốc",
        "Phối hợp tốt giữa các phòng",
        "Chủ trì cuộc họp là anh Nam",
        "Hết giờ rồi, mai xem tiếp",
        "Sửa giúp em dòng hai",
        "Chuyển anh",
        "Đồng ý?",
        "Dạ em đã nhận ạ",
        "☐ Đồng ý",
        "“Đồng ý”",
        "> Đồng ý",
        "  > Chủ trì: P.KHTC",
        "- > Đồng ý",
        "\uff1e Đồng ý",
        "| Đồng ý",
        "> lời cũ\u2028Đồng ý",
        "> lời cũ\x0bĐồng ý",
        "> lời cũ\rĐồng ý",
        "-- \nĐồng ý",
        "Ghi chú: xem kỹ",
        "Tỉnh: Quảng Ngãi",
        "https://example.vn/?a=b",
    ],
)
def test_prose_and_quotations_are_neither_done_nor_blamed(text: str) -> None:
    reading = read(text)
    assert not reading.orders
    assert not reading.faults


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Đồng ý với đề xuất của phòng nhưng cần sửa lại", "hai dòng"),
        ("Đồng ý, nhưng phải sửa", "hai dòng"),
        ("Đồng ý: nhưng phải sửa", "hai dòng"),
        ("Đồng ý à", "hai dòng"),
        ("Không đồng ý", "phải nêu lý do"),
        ("Không đồng ý vì thiếu hồ sơ", "Thiếu dấu hai chấm"),
        ("Trả lại", "phải nêu lý do"),
        ("Thu hồi:", "phải nêu lý do"),
        ("Chuyển lại UBND", "phải nêu lý do"),
        ("Chuyển UBND: nếu đủ hồ sơ", "đứng một mình"),
        ("Received: from mail.example by x", "đứng một mình"),
        ("Trình: UBND tỉnh", "Trình UBND"),
        ("Chuyển: UBND tỉnh", "Chuyển UBND"),
        ("Chu tri; P.KHTC", "Thiếu dấu hai chấm"),
        ("Chú trì: P.KHTC", "Chủ trì"),
        ("Chu try: P.KHTC", "Chủ trì"),
        ("Chủ rtì: P.KHTC", "Chủ trì"),
        ("Phối hợpp: VP", "Phối hợp"),
        ("Khong dong i: abc", "Không đồng ý"),
        ("Đóng ý", "Đồng ý"),
        ("Đ\u043eng y", "Đồng ý"),
        ("Phoi hop", "chưa có nội dung"),
        ("Phối hợp:", "chưa có nội dung"),
        ("Chủ trì Phòng KHTC", "Thiếu dấu hai chấm"),
        ("Hạn 15/9", "Thiếu dấu hai chấm"),
        ("Hạn: 15/9", "phải ghi cùng"),
        ("Văn bản trả lời: 12/SGTVT-VP", "Hoàn thành"),
        ("Hoàn thành\nVăn bản trả lời: chưa có", "không phải số và ký hiệu"),
        ("Trinh", "tên người"),
        ("Giao: anh Nam, chị Lan", "một chuyên viên"),
        ("Giao: Phòng KHTC chủ trì, VP phối hợp", "Chủ trì: …"),
        ("Chủ trì: Phòng KHTC và Phòng QLVT", "một đơn vị chủ trì"),
        ("Chủ trì: Phòng KHTC (31/2)", "Không có ngày 31/2"),
        ("Phối hợp: VP (15/9), VP (16/9)", "thời hạn khác nhau"),
        ("Gia hạn: 3 ngày", "ngày mới"),
        ("Gia hạn: thêm 3 ngày", "ngày mới"),
        ("Gia hạn: khi nào xong", "Không hiểu thời hạn"),
        ("Sửa: màu=đỏ", "Không rõ trường"),
        ("Sửa: số=", "chưa có giá trị"),
        ("Sửa: ngày=15/9", "đủ ngày, tháng, năm"),
        ("Sửa: ngày=15/9/2026", "sau hôm nay"),
        ("Sửa: ngày=31/2/2026", "không phải ngày"),
        ("Sửa: số=một", "không phải số văn bản"),
        ("Sửa: số=; ngày=", "chưa có giá trị"),
        ("Sửa: lý do=nhầm", "Chưa ghi thông tin"),
        ("Sửa: số bản=vài", "không phải số bản"),
        ("Sửa: độ khẩn=rất", "không phải mức độ khẩn"),
        ("Sửa: số=1; trùng với=17", "không phải mã văn bản"),
        ("Xác nhận: nhưng phải sửa lại", "Không rõ trường"),
        ("Xác nhận: số, lý do", "Không rõ trường"),
        ("Sửa: số=1; số=2", "hai giá trị"),
        ("Sửa: số=1\nSửa: số=2", "hai giá trị"),
        ("Sửa: trích yếu=Về việc họp; báo cáo", "ngoặc kép"),
        ("Sửa: so=000", "không phải số văn bản"),
        ("Sửa: trich yeu=", "Trường “trích yếu” chưa có giá trị"),
        ("Sửa: trích yếu=" + "dài " * 600, "dài quá"),
        ("Trả lại: " + "x" * 5000, "dài quá"),
    ],
    ids=range(57),
)
def test_what_looks_like_an_order_and_is_none_is_blamed_and_not_done(text: str, fault: str) -> None:
    reading = read(text)
    assert not reading.orders
    assert any(fault in one.text for one in reading.faults), reading.faults


@pytest.mark.parametrize(
    "text",
    [
        "Đồng ý\nKhông đồng ý: chưa đủ",
        "Đồng ý\nKhông đồng ý",
        "Đồng ý\nKhong dong i: chưa đủ",
        "Đã nhận\nTrả lại: nhầm",
        "Chủ trì: A\nChủ trì: B",
        "Chủ trì: A\nHạn: 15/9\nHạn: 16/9",
        "Giao: Nam\nGiao: Lan",
        "Trả lại: một\n\nTrả lại: hai",
    ],
)
def test_of_orders_that_contradict_each_other_none_is_done_and_every_line_is_told(text: str) -> None:
    reading = read(text)
    assert not reading.orders
    assert [one.line for one in reading.faults] == [line for line in text.splitlines() if line]


def test_an_assignment_is_put_together_from_its_lines() -> None:
    order = only(
        "Chủ trì: Phòng KHTC\nPhối hợp: Phòng QLVT (15/9), VP hạn 20/9\nHạn: 25/9\n"
        "Ý kiến: Tham mưu văn bản trả lời.\nChú ý tiến độ.\n\nTrân trọng\nNam"
    )
    assert order.lead
    assert (order.lead.unit, order.lead.deadline) == ("Phòng KHTC", None)
    assert [(share.unit, share.deadline and share.deadline.written) for share in order.supporting] == [
        ("Phòng QLVT", "15/9"),
        ("VP", "20/9"),
    ]
    assert order.deadline
    assert order.deadline.at.astimezone(VIETNAM) == at(25, 9)
    assert order.text == "Tham mưu văn bản trả lời.\nChú ý tiến độ."
    assert order.written[0] == "Chủ trì: Phòng KHTC"
    assert order.written[-1] == "Chú ý tiến độ."


@pytest.mark.parametrize(
    "text",
    [
        "Chủ trì: P.KHTC; Phối hợp: VP; Thanh tra; Hạn: 15/9",
        "Chủ trì: P.KHTC\nPhối hợp: VP, Thanh tra\nHạn: 15/9",
        "Chủ trì: P.KHTC\nPhối hợp:\n- VP\n- Thanh tra\nHạn: 15/9",
        "Phối hợp: VP,\nThanh tra\nChủ trì: P.KHTC\nHạn: 15/9",
        "Phối hợp: VP\nChủ trì: P.KHTC\nPhối hợp: Thanh tra\nThời hạn xử lý: ngày 15 tháng 9",
        "Phối hợp: VP và Thanh tra\nChủ trì:\nP.KHTC\nHạn: 15/9\nHạn: 15/9",
    ],
)
def test_the_layout_of_an_assignment_does_not_count(text: str) -> None:
    order = only(text)
    assert order.lead
    assert order.lead.unit == "P.KHTC"
    assert [share.unit for share in order.supporting] == ["VP", "Thanh tra"]
    assert order.deadline
    assert order.deadline.at.astimezone(VIETNAM) == at(15, 9)


def test_an_order_with_a_fault_in_one_line_is_not_done_by_halves() -> None:
    reading = read("Chủ trì: P.KHTC\nHạn: 31/2\nĐã nhận")
    assert [order.act for order in reading.orders] == [Act.ACCEPT]
    assert [one.line for one in reading.faults] == ["Chủ trì: P.KHTC", "Hạn: 31/2"]
    assert "Hạn: 31/2" in reading.faults[0].text


def test_a_deadline_stands_with_the_order_before_it() -> None:
    assign, delegate = read("Chủ trì: P.KHTC\nHạn: 15/9\nGiao: Nam\nHạn: 14/9").orders
    assert assign.deadline
    assert delegate.deadline
    assert (assign.deadline.written, delegate.deadline.written) == ("15/9", "14/9")


def test_several_orders_keep_their_order_and_one_said_twice_is_one() -> None:
    assert acts("Đã nhận\nGiao: Nam\nđã nhận\nĐang xử lý") == [Act.ACCEPT, Act.DELEGATE, Act.PROGRESS]


def test_an_opinion_without_an_assignment_goes_with_the_order_it_stands_with() -> None:
    order = only("Đồng ý\nÝ kiến: triển khai ngay")
    assert (order.act, order.text) == (Act.APPROVE, "triển khai ngay")


def test_a_reason_may_stand_on_its_own_line() -> None:
    assert only("Trả lại\nLý do: thiếu phụ lục").text == "thiếu phụ lục"
    assert only("Gia hạn: 20/9\nLý do: chờ số liệu").text == "chờ số liệu"
    assert only("Gia hạn: 20/9 lý do chờ số liệu").text == "chờ số liệu"


@pytest.mark.parametrize(
    "text",
    [
        "Hoàn thành: đã trả lời\nVăn bản trả lời: 123/SGTVT-VP",
        "Văn bản trả lời: số 123/SGTVT-VP ngày 5/9/2026\nHoàn thành: đã trả lời",
        "Hoàn thành: đã trả lời, văn bản trả lời: 123/SGTVT - VP",
    ],
)
def test_the_answering_document_goes_with_the_end_of_the_work(text: str) -> None:
    order = only(text)
    assert (order.act, order.text, order.answer) == (Act.FINISH, "đã trả lời", "123/SGTVT-VP")


def test_a_forward_is_repeated_only_where_the_line_says_so() -> None:
    assert only("Chuyển lại UBND: thư bị trả").again
    assert not only("Chuyển UBND").again


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("số=955", {"number": "955"}),
        ("số=955/QĐ-SGTVT", {"number": "955", "notation": "QĐ-SGTVT"}),
        ("số, ký hiệu = 955/QĐ-SGTVT", {"number": "955", "notation": "QĐ-SGTVT"}),
        ("so=07; ky hieu=2014/QĐ-UBND", {"number": "07", "notation": "2014/QĐ-UBND"}),
        ("số=955, ngày=1/9/2026", {"number": "955", "issued_on": date(2026, 9, 1)}),
        ("ngày: ngày 15 tháng 8 năm 2026", {"issued_on": date(2026, 8, 15)}),
        (
            'trích yếu="Về việc họp; báo cáo"; loại=Giấy mời',
            {"abstract": "Về việc họp; báo cáo", "document_type": "Giấy mời"},
        ),
        ("trích yếu=“Số: 5; ngày=hôm qua”", {"abstract": "Số: 5; ngày=hôm qua"}),
        ("cơ quan=UBND tỉnh; người ký=Lê Thị B", {"issuer": "UBND tỉnh", "signer": "Lê Thị B"}),
        ("số=955;\nngày=1/9/2026", {"number": "955", "issued_on": date(2026, 9, 1)}),
        ("số=955\nSửa: ngày=1/9/2026", {"number": "955", "issued_on": date(2026, 9, 1)}),
        ("cơ quan chủ quản=UBND tỉnh; chức vụ=Phó Giám đốc", {"superior": "UBND tỉnh", "capacity": "Phó Giám đốc"}),
        ("quyền hạn, chức vụ=KT. GIÁM ĐỐC", {"capacity": "KT. GIÁM ĐỐC"}),
        ('kính gửi="Sở A; Sở B", nơi nhận=Như trên', {"addressee": "Sở A; Sở B", "recipients": "Như trên"}),
        ("hạn trả lời=30/9/2027; độ khẩn=Hoả tốc", {"reply_by": date(2027, 9, 30), "urgency": "hoa_toc"}),
        ("độ khẩn=bình thường; ghi chú=bản sao", {"urgency": None, "note": "bản sao"}),
        ("số bản=12; bản lưu=Văn thư", {"copies": "12", "kept_by": "Văn thư"}),
        ("số, ký hiệu=không có; ngày=Không có.", {"number": None, "notation": None, "issued_on": None}),
        ("số=; ngày=…; người ký=Lê Văn B", {"signer": "Lê Văn B"}),
    ],
    ids=range(19),
)
def test_a_correction_names_register_fields(text: str, values: dict[str, str | date | None]) -> None:
    assert only(f"Sửa: {text}").correction.values == values


def test_a_correction_may_say_why_and_which_other_document_bears_the_number() -> None:
    read = only("Sửa: số=955; trùng với=d12; lý do=máy đọc nhầm").correction
    assert (read.values, read.reason, read.same_as) == ({"number": "955"}, "máy đọc nhầm", "D12")
    whole = correction_of(["số=955", "trích yếu=Về việc họp; ngày=mai", "lý do=nhầm"], today=date(2026, 9, 9))
    assert whole == Correction({"number": "955", "abstract": "Về việc họp; ngày=mai"}, "nhầm")


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("Xác nhận", ()),
        ("Xác nhận: tất cả", ()),
        ("Xác nhận: số, ngày", ("number", "issued_on")),
        ("xác nhận: số ký hiệu và trích yếu", ("number", "notation", "abstract")),
    ],
)
def test_a_confirmation_names_fields_or_none(text: str, fields: tuple[str, ...]) -> None:
    order = only(text)
    assert (order.act, order.fields) == (Act.CONFIRM, fields)


def test_nothing_is_read_behind_the_line_that_ends_the_orders() -> None:
    reading = read("Đã nhận\nHết\nTrả lại: nhầm")
    assert [order.act for order in reading.orders] == [Act.ACCEPT]
    assert reading.stopped
    assert not read("Đã nhận").stopped


def test_too_many_lines_are_not_done_at_all() -> None:
    reading = read("Đã nhận\n" + "\n".join(f"Phối hợp: Phòng {place}" for place in range(MAX_COMMANDS)))
    assert not reading.orders
    assert len(reading.faults) == 1


@pytest.mark.parametrize(
    "unit", ["due:;", "Chủ trì: A; ", "Hạn: 15/9; ", "Phối hợp: VP; ", "Đồng ý. ", "(", "Sửa: số=1; "]
)
def test_a_line_stuffed_with_orders_is_read_without_error(unit: str) -> None:
    reading = read(unit * (3900 // len(unit)))
    assert len(reading.orders) <= 1


def test_a_signature_behind_the_polite_words_is_no_attempt_at_an_order() -> None:
    reading = read("Đã nhận\nTrân trọng,\nTrinh")
    assert [order.act for order in reading.orders] == [Act.ACCEPT]
    assert not reading.faults


@pytest.mark.parametrize("row", KEYWORDS, ids=lambda row: row.example)
def test_every_example_of_the_guide_is_read_as_it_says(row: KeywordRow) -> None:
    before = {Slot.DEADLINE: "Chủ trì: VP\n", Slot.REASON: "Trả lại\n", Slot.ANSWER: "Hoàn thành\n"}.get(row.slot, "")
    example = row.example.replace("15/9/2026", "1/9/2026")
    reading = read(before + example)
    assert not reading.faults
    assert reading.stopped == (row.slot is Slot.STOP)
    assert [order.act for order in reading.orders] == ([] if reading.stopped else [row.act or reading.orders[0].act])


def test_every_keyword_is_in_the_help() -> None:
    assert len(help_lines()) == len(KEYWORDS)
    assert all(row.example in line for row, line in zip(KEYWORDS, help_lines(), strict=True))
