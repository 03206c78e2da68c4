"""The duty of paper by the lists of Điều 5 khoản 1, 2 and 3, item by item, and the Director's word."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.model.header import HeaderFields
from gateway.model.paper import Paper, PaperDuty
from gateway.model.signature import Signature, SignatureVerdict
from gateway.model.wording import paper as told
from gateway.policy.paper import PaperTable, paper_duty, read_anew, received, required, waived
from gateway.policy.signing import Standing, roles_of
from tests.policy.signing.signatures import COPYING, PROVINCE, person, seal
from tests.records import MORNING

TOML: Mapping[str, Any] = tomllib.loads(
    (Path(__file__).parents[2] / "config" / "policy" / "paper.toml").read_text(encoding="utf-8")
)
TABLE = PaperTable.from_table(TOML)
NONE, ALSO, WAIVED, DESPITE, UNKNOWN = PaperDuty
DUE = MORNING + timedelta(days=TOML["remind_after_days"])
SIGNED = (person(), seal())

KHOAN_1 = [
    ("Lịch công tác", "Lịch công tác", "tuần 47"),
    ("Lịch công tác", "Công văn", "Về lịch công tác của Giám đốc tuần 47"),
    ("Giấy mời", "Giấy mời", "Dự họp giao ban tháng 11"),
    ("Thông báo", "Thông báo", "Kết luận của Phó Chủ tịch về dự án"),
    ("Tài liệu phục vụ các cuộc họp, hội thảo", "Công văn", "V/v gửi tài liệu phục vụ cuộc họp ngày 25/11"),
    ("Tài liệu phục vụ các cuộc họp, hội thảo", "Công văn", "V/v gửi tài liệu hội thảo an toàn giao thông"),
    ("Báo cáo định kỳ", "Báo cáo", "Kết quả công tác tháng 10 năm 2026"),
    ("Báo cáo định kỳ", "Báo cáo", "Tình hình thực hiện nhiệm vụ quý III"),
    ("Chương trình, kế hoạch", "Chương trình", "Công tác năm 2027"),
    ("Chương trình, kế hoạch", "Kế hoạch", "Kiểm tra, thanh tra năm 2027"),
    ("Tài liệu cần trao đổi trong quá trình xử lý công việc", "Công văn", "V/v cung cấp thông tin, số liệu vận tải"),
    ("Văn bản dự thảo xin ý kiến", "Công văn", "V/v góp ý dự thảo Quyết định ban hành Quy chế"),
    (
        "Hồ sơ điện tử thủ tục hành chính liên thông",
        "Công văn",
        "V/v chuyển hồ sơ thủ tục hành chính liên thông cấp đổi giấy phép",
    ),
    ("Văn bản để biết", "Công văn", "V/v gửi văn bản để biết"),
]
KHOAN_2 = [
    ("Văn bản quy phạm pháp luật", "Thông tư", "Quy định về quản lý đường bộ", "12/2026/TT-BXD"),
    ("Văn bản quy phạm pháp luật", "Quyết định", "Ban hành quy định quản lý", "57/2026/QĐ-UBND"),
    ("Văn bản quy phạm pháp luật", "Chỉ thị", "Về tăng cường sử dụng văn bản điện tử", "22/2026/CT-UBND"),
    ("Quyết định", "Quyết định", "Về việc ban hành Kế hoạch", "955/QĐ-SGTVT"),
    ("Tờ trình", "Tờ trình", "Về dự thảo Nghị quyết", "7/TTr-STC"),
    ("Hồ sơ thủ tục hành chính", "Công văn", "V/v bổ sung hồ sơ thủ tục hành chính của công ty", "5/SXD-VP"),
    ("Hồ sơ dự án", "Công văn", "V/v thẩm định hồ sơ dự án cầu Trà Khúc", "5/SXD-VP"),
    ("Hồ sơ tài chính", "Công văn", "V/v quyết toán kinh phí", "5/STC-VP"),
    ("Hồ sơ hành chính", "Công văn", "V/v hồ sơ công chức được điều động", "5/SNV-VP"),
    ("Văn bản ngoài các loại ở khoản 1", "Công văn", "V/v trả lời kiến nghị của cử tri", "5/SNV-VP"),
    ("Văn bản ngoài các loại ở khoản 1", "Báo cáo", "Về vụ việc ngày 05 tháng 9 năm 2026", "5/BC-SNV"),
    ("Văn bản ngoài các loại ở khoản 1", "Biên bản", "Bàn giao", "5/BB-SNV"),
]
DIRECTIVES = [
    ("Công văn", "V/v tăng cường bảo đảm an toàn giao thông"),
    ("Công văn", "V/v triển khai Nghị quyết của Chính phủ"),
    ("Chỉ thị", "Về thi hành án hành chính"),
    ("Công điện", "Ứng phó bão số 5"),
]
KHOAN_3 = [
    ("Tài liệu thực hiện thủ tục hành chính", "Công văn", "V/v bổ sung hồ sơ thủ tục hành chính của công ty"),
    ("Quyết định cá biệt", "Quyết định", "Về việc bổ nhiệm công chức"),
    ("Kê khai tài sản", "Công văn", "V/v nộp bản kê khai tài sản, thu nhập"),
    ("Kết luận thanh tra", "Công văn", "V/v gửi Kết luận thanh tra tại Ban Quản lý"),
    ("Hồ sơ chứng từ tài chính", "Công văn", "V/v nộp hồ sơ, chứng từ tài chính"),
]


def header(kind: str | None, abstract: str, notation: str = "SNV-VP") -> HeaderFields:
    return HeaderFields(number="5", notation=notation, document_type=kind, abstract=abstract, issuer=PROVINCE)


def duty(head: HeaderFields, *signatures: Signature, table: PaperTable = TABLE) -> Paper:
    return paper_duty(head, roles_of(signatures, Standing(head)), table, MORNING)


@pytest.mark.parametrize(("item", "kind", "abstract"), KHOAN_1)
def test_each_item_of_the_first_list_goes_without_paper_signed_or_not(item: str, kind: str, abstract: str) -> None:
    for signatures in ((), SIGNED):
        found = duty(header(kind, abstract), *signatures)
        assert (found.duty, found.clause, found.due_at) == (NONE, "Điều 5 khoản 1", None)
        assert found.reason.startswith(f"{item}: ")


@pytest.mark.parametrize(("item", "kind", "abstract", "notation"), KHOAN_2)
def test_each_item_of_the_second_list_goes_with_paper(item: str, kind: str, abstract: str, notation: str) -> None:
    found = duty(header(kind, abstract, notation.partition("/")[2]))
    assert (found.duty, found.clause, found.due_at) == (ALSO, "Điều 5 khoản 2", DUE)
    assert found.reason.startswith(f"{item}: ")


@pytest.mark.parametrize(("kind", "abstract"), DIRECTIVES)
def test_a_directive_stands_in_both_lists_and_goes_by_the_key(kind: str, abstract: str) -> None:
    """Khoản 1 says `ngoại trừ khi có ý kiến chỉ đạo của Giám đốc Sở`: without his word it goes without paper."""
    head = header(kind, abstract)
    assert (duty(head).duty, duty(head).clause) == (NONE, "Điều 5 khoản 1")
    by_director = PaperTable.from_table({**TOML, "directives": "paper"})
    assert (duty(head, table=by_director).duty, duty(head, table=by_director).clause) == (ALSO, "Điều 5 khoản 2")
    assert duty(head, *SIGNED, table=by_director).duty is WAIVED


@pytest.mark.parametrize(
    ("kind", "abstract", "notation"),
    [
        ("Tờ trình", "Về chủ trương đầu tư", "TTr-STC"),
        ("Quyết định", "Ban hành quy định", "2026/QĐ-UBND"),
        ("Công văn", "V/v trả lời cử tri", "SNV-VP"),
    ],
)
def test_what_is_validly_signed_needs_no_paper(kind: str, abstract: str, notation: str) -> None:
    found = duty(header(kind, abstract, notation), *SIGNED)
    assert (found.duty, found.clause, found.due_at) == (WAIVED, "Điều 5 khoản 3", None)
    weak = replace(seal(), verdict=SignatureVerdict.VALID_WEAK)
    assert duty(header(kind, abstract, notation), weak).duty is WAIVED


@pytest.mark.parametrize(("item", "kind", "abstract"), KHOAN_3)
def test_each_exception_of_the_third_paragraph_wants_paper_in_spite_of_the_signature(
    item: str, kind: str, abstract: str
) -> None:
    found = duty(header(kind, abstract), *SIGNED)
    assert (found.duty, found.clause, found.due_at) == (DESPITE, "Điều 5 khoản 3", DUE)
    assert found.reason.startswith(f"{item}: ")
    assert duty(header(kind, abstract)).duty is ALSO


@pytest.mark.parametrize(
    "signatures",
    [
        *((replace(seal(), verdict=verdict),) for verdict in SignatureVerdict if not verdict.startswith("valid")),
        *((person(), replace(seal(), verdict=verdict)) for verdict in SignatureVerdict if verdict == "untrusted"),
        (seal(COPYING),),
        (seal("Sở Nội vụ"),),
        (person(),),
        (person("Người Xa Lạ"),),
    ],
)
def test_only_valid_signatures_of_the_issuer_stand_for_the_paper(signatures: tuple[Signature, ...]) -> None:
    assert duty(header("Tờ trình", "Về chủ trương"), *signatures).duty is ALSO


@pytest.mark.parametrize("kind", [None, "", " "])
def test_an_unread_type_asks_the_clerk(kind: str | None) -> None:
    found = duty(header(kind, "V/v hồ sơ liên thông"), *SIGNED)
    assert found.duty is UNKNOWN
    assert not found.is_owed
    assert "văn thư" in found.reason


def test_types_and_phrases_are_known_again_however_they_are_written() -> None:
    for kind, abstract in (("QUYẾT ĐỊNH", ""), ("Quyết Định", ""), ("CÔNG VĂN", "V/v HỒ SƠ DỰ ÁN cầu")):
        assert duty(header(kind, abstract)).duty is ALSO
    assert duty(header("Báo cáo", "Về quy hoạch, quy định")).duty is ALSO, "quy is not quý"


def test_the_directors_word_stands_above_the_lists_and_above_corrections() -> None:
    electronic, owed = duty(header("Công điện", "Bão")), duty(header("Tờ trình", "Về đầu tư"))
    wanted = required(electronic, "lưu hồ sơ kiểm toán.", MORNING, TABLE)
    assert (wanted.duty, wanted.clause, wanted.due_at) == (ALSO, "Điều 5 khoản 1", DUE)
    assert "lưu hồ sơ kiểm toán" in wanted.reason
    spared = waived(owed, "đã có bản chụp")
    assert (spared.duty, spared.due_at, spared.is_owed) == (NONE, None, False)
    assert read_anew(wanted, electronic) == wanted
    assert read_anew(spared, owed) == spared
    assert read_anew(electronic, owed) == owed
    for empty in ("", " . "):
        with pytest.raises(ValueError, match="lý do"):
            required(electronic, empty, MORNING, TABLE)
        with pytest.raises(ValueError, match="lý do"):
            waived(owed, empty)


def test_paper_is_received_once_and_not_in_the_future() -> None:
    owed = duty(header("Tờ trình", "Về đầu tư"))
    came = received(owed, MORNING, MORNING, MORNING)
    assert owed.is_owed
    assert not came.is_owed
    assert "đã nhận bản giấy ngày 23/11/2026" in told(came)
    assert read_anew(came, duty(header("Công văn", "V/v khác"))).received_at == MORNING
    with pytest.raises(ValueError, match="từ trước"):
        received(came, MORNING, MORNING, MORNING)
    for wrong in (timedelta(seconds=1), timedelta(days=-400)):
        with pytest.raises(ValueError, match="ngày nhận"):
            received(owed, MORNING + wrong, MORNING, MORNING)


def test_without_days_nobody_is_reminded() -> None:
    table = PaperTable.from_table({**TOML, "remind_after_days": 0})
    assert duty(header("Tờ trình", "Về đầu tư"), table=table).due_at is None


ROW = {"list": "paper", "item": "Mục", "types": ["Tờ trình"]}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"directives": "both"}, "directives"),
        ({"remind_after_days": -1}, "remind_after_days"),
        ({"remind_after_days": True}, "remind_after_days"),
        ({"rows": []}, "rows"),
        ({"row": "Tờ trình"}, "row"),
        ({"row": [ROW]}, "electronic"),
        ({"row": [{**ROW, "list": "both"}]}, "list"),
        ({"row": [{**ROW, "typo": 1}]}, "typo"),
        ({"row": [{**ROW, "types": "Tờ trình"}]}, "types"),
        ({"row": [{"list": "paper", "item": "Mục"}]}, "types"),
        ({"row": [{"list": "paper", "types": ["a"]}]}, "item"),
        ({"archived": [{"item": "Mục", "words": [" "]}]}, "words"),
        ({"archived": [{"item": "Mục", "words": ["a"], "with_year": 1}]}, "with_year"),
    ],
)
def test_a_broken_table_says_which_key_is_wrong(change: Mapping[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        PaperTable.from_table({**TOML, **change})
