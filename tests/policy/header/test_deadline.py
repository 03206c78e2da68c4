"""Until when the text asks for an answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from gateway.model.header import HeaderFields
from tests.policy.header.labelled import SURE

Read = Callable[[str], HeaderFields]

HEAD = """SỞ XÂY DỰNG
Số: 12/SXD-QLN
V/v góp ý dự thảo
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Khánh Minh, ngày 20 tháng 8 năm 2026
Kính gửi: Sở Tài chính.
"""
END = "\nNơi nhận:\n- Như trên;\n- Lưu: VT.\nGIÁM ĐỐC\nLý Thị Ân"


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("Đề nghị gửi ý kiến về Sở trước ngày 15/9/2026 để tổng hợp./.", date(2026, 9, 15)),
        ("Đề nghị gửi ý kiến về Sở chậm nhất ngày 15 tháng 9 năm 2026./.", date(2026, 9, 15)),
        ("Ý kiến gửi về Sở Xây dựng trước 17 giờ 00 phút, ngày 15/9/2026./.", date(2026, 9, 15)),
        ("Đề nghị báo cáo kết quả trong ngày 20 tháng 9 năm 2026./.", date(2026, 9, 20)),
        ("Kết quả gửi về Sở (qua Phòng Quản lý nhà) trước ngày\n15/9/2026 để tổng hợp.", date(2026, 9, 15)),
        ("Văn bản góp ý gửi về Sở. Thời hạn gửi: trước ngày 15/9/2026.", date(2026, 9, 15)),
        ("Đề nghị góp ý trước 16h30 ngày 25/8/2026 (thứ Ba).", date(2026, 8, 25)),
        ("Đề nghị phúc đáp bằng văn bản chậm nhất vào lúc 10 giờ ngày 25.8.2026.", date(2026, 8, 25)),
        ("Đăng ký tham dự trước thứ Sáu, ngày 28/8/2026.", date(2026, 8, 28)),
        ("Đề nghị gửi hồ sơ chậm nhất là ngày 05 tháng\n01 năm 2027 để thẩm định.", date(2027, 1, 5)),
        ("Hạn cuối gửi ý kiến là 30/9/2026.", date(2026, 9, 30)),
    ],
)
def test_a_day_asked_for_is_read_with_its_sentence(read: Read, text: str, on: date) -> None:
    found = read(HEAD + text + END)
    assert found.reply_by == on
    assert found.confidence["reply_by"] >= SURE
    assert found.evidence["reply_by"].text in text.replace("\n", " ")


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("Đề nghị gửi báo cáo trước ngày 05/01 để thẩm định.", date(2027, 1, 5)),
        ("Đề nghị hoàn thành việc rà soát trước ngày 30/9/2026.", date(2026, 9, 30)),
        ("Góp ý gửi Sở trước ngày 10/9/2026; Sở báo cáo UBND tỉnh trước ngày 20/9/2026.", date(2026, 9, 10)),
        ("Xe đăng ký trước ngày 01/01/2027 được miễn.", date(2027, 1, 1)),
    ],
)
def test_a_day_without_year_or_plain_request_or_beside_another_is_not_sure(read: Read, text: str, on: date) -> None:
    found = read(HEAD + text + END)
    assert found.reply_by == on
    assert found.confidence["reply_by"] < SURE


@pytest.mark.parametrize(
    "text",
    [
        "Trả lời trong thời hạn 05 ngày làm việc kể từ ngày nhận được văn bản này./.",
        "Thực hiện Nghị quyết ban hành trước ngày 01/7/2025, đề nghị báo cáo.",
        "Đề nghị báo cáo định kỳ trước ngày 25/12/2026 hàng năm.",
        "Đề nghị gửi báo cáo trước ngày 25 tháng 12 hàng năm.",
        "Thời gian thực hiện từ ngày 01/9/2026 đến hết ngày 30/9/2026. Đề nghị báo cáo.",
        "Số liệu báo cáo tính từ đầu năm đến hết ngày 31/8/2026.",
        "Sau ngày 30/9/2026, nếu không có ý kiến thì xem như thống nhất.",
        "Đề nghị góp ý trước ngày 31/9/2026 là ngày không có.",
    ],
)
def test_terms_that_run_past_days_periods_and_what_returns_are_no_deadline(read: Read, text: str) -> None:
    assert read(HEAD + text + END).reply_by is None


def test_what_is_decided_or_enacted_asks_for_no_answer_and_neither_does_an_appendix(read: Read) -> None:
    asked = "Đề nghị gửi báo cáo trước ngày 15/9/2026.\n"
    assert read(HEAD + END + f"\nPHỤ LỤC\n{asked}").reply_by is None
    decision = HEAD.replace("Số: 12/SXD-QLN\nV/v góp ý dự thảo", "Số: 12/QĐ-SXD").replace("Kính gửi: Sở Tài chính.", "")
    assert read(f"{decision}QUYẾT ĐỊNH\nVề việc kiểm kê\nCăn cứ Luật;\n{asked}{END}").reply_by is None
