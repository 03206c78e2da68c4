"""What makes a document a submission to the province, and what only looks so (Điều 5 khoản 4)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.docket import Declared
from gateway.model.header import HeaderFields
from gateway.policy.header.text import fold
from gateway.policy.submission import SubmissionWords, declared_as_submission

TABLE = Path(__file__).parents[2] / "config" / "policy" / "submissions.toml"
SHIPPED: Mapping[str, Any] = tomllib.loads(TABLE.read_text(encoding="utf-8"))
WORDS = SubmissionWords.from_table(SHIPPED)
OURS = ("sgtvt@quangngai.gov.vn",)
PLAIN = HeaderFields()

SAID = [
    "Kính trình UBND tỉnh",
    "V/v trình UBND tỉnh phê duyệt chủ trương đầu tư",
    "Hồ sơ đề nghị chuyển UBND tỉnh Quảng Ngãi",
    "Nhờ Sở chuyển UBND tỉnh xem xét, trình Thủ tướng Chính phủ",
    "TRÌNH ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI DỰ ÁN CẦU TRÀ KHÚC",
    "Ho so trinh UBND tinh",
    "de nghi chuyen UBND tinh Quang Ngai",
    "Tờ trình UBND tỉnh về việc bổ sung vốn",
    "Tờ trình đề nghị UBND tỉnh phê duyệt",
    "Trình Chủ tịch UBND tỉnh ký",
    "Trình đồng chí Phó Chủ tịch UBND tỉnh",
    "Kính trình Lãnh đạo Ủy ban nhân dân tỉnh",
    "Báo cáo gửi UBND tỉnh qua Sở",
    "Báo cáo gửi UBND tỉnh Quảng Ngãi qua Sở GTVT",
    "Gửi qua quý Sở để trình UBND tỉnh",
    "Đề nghị Sở chuyển giúp hồ sơ này lên UBND tỉnh",
    "Trình hồ sơ đến Uỷ ban nhân dân tỉnh",
    "Kính trình U.B.N.D tỉnh",
    "Trình HĐND và UBND tỉnh",
    "Trình Tỉnh ủy, UBND tỉnh",
    "Đề nghị chuyển hồ sơ UBND tỉnh",
    "Gửi báo cáo lên UBND tỉnh (qua Sở GTVT)",
    "Hồ sơ kính trình: UBND tỉnh",
    "Nếu không có ý kiến khác, kính trình UBND tỉnh",
    "Thực hiện Công văn số 12/UBND-CN, UBND huyện Mộ Đức trình UBND tỉnh",
    "Không trình UBND huyện mà đã sửa, nay trình UBND tỉnh",
    "[TRINH UBND] Dự án đường ven biển",
    "[Trình UBND tỉnh] Dự án",
    "Fwd: [TRÌNH UBND] Dự án",
    "[KHẨN] [TRÌNH UBND] Dự án",
    "TRINH_UBND_TINH_ho_so",
]
NOT_SAID = [
    "",
    "Báo cáo tuần",
    "UBND tỉnh",
    "Trình UBND huyện Bình Sơn",
    "Trình UBND xã Tịnh Khê",
    "Kính trình UBND phường Nghĩa Lộ",
    "Đề nghị chuyển UBND thành phố Quảng Ngãi",
    "Trình UBND TP Quảng Ngãi",
    "Trình UBND tỉnh Bình Định",
    "TRÌNH ỦY BAN NHÂN DÂN TỈNH KON TUM",
    "Trình UBND các tỉnh, thành phố",
    "Báo cáo theo chỉ đạo của UBND tỉnh",
    "Thực hiện Quyết định số 57/2014/QĐ-UBND của UBND tỉnh",
    "V/v trả lời công văn của UBND tỉnh",
    "V/v trả lời công văn trình UBND tỉnh",
    "Không trình UBND tỉnh",
    "Văn bản này không phải trình UBND tỉnh",
    "Chưa đề nghị Sở chuyển UBND tỉnh",
    "KHONG TRINH UBND TINH",
    "Bổ sung hồ sơ đã trình UBND tỉnh",
    "Phòng đã kính trình UBND tỉnh",
    "Sở sẽ trình UBND tỉnh sau",
    "Theo Tờ trình UBND tỉnh số 12",
    "Chương trình UBND tỉnh tiếp công dân",
    "Công trình UBND tỉnh làm chủ đầu tư",
    "Quá trình UBND tỉnh xem xét",
    "Giải trình UBND tỉnh",
    "Góp ý dự thảo Tờ trình UBND tỉnh",
    "Số liệu để Sở tổng hợp trình UBND tỉnh",
    "Trình Văn phòng UBND tỉnh",
    "Hướng dẫn hồ sơ trình UBND tỉnh",
    "[KHÔNG TRÌNH UBND] Dự án",
    "Dự án [trình UBND]",
    "[TRÌNH UBND HUYỆN] Dự án",
    "UBND tỉnh trình Chính phủ",
    "Giấy mời họp tại UBND tỉnh",
    "Rút hồ sơ trình UBND tỉnh",
]


def by(subject: str = "", body: str = "", addressed: tuple[str, ...] = OURS, **header: str) -> Declared | None:
    return declared_as_submission(subject, body, addressed, HeaderFields(**header), WORDS)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", SAID)
def test_a_sender_declares_in_the_subject(text: str) -> None:
    assert by(text) is Declared.BY_SENDER


@pytest.mark.parametrize("text", [text for text in SAID if "[" not in text])
def test_a_sender_declares_in_the_first_lines_of_the_body(text: str) -> None:
    assert by("Hồ sơ", f"Kính gửi Văn thư Sở,\n\n{text}.\nTrân trọng.") is Declared.BY_SENDER


@pytest.mark.parametrize("text", SAID)
def test_accents_and_capitals_make_no_difference(text: str) -> None:
    assert by(fold(text)) is by(text.upper()) is Declared.BY_SENDER


@pytest.mark.parametrize("text", NOT_SAID)
def test_other_mentions_of_committees_are_no_declaration(text: str) -> None:
    assert by(text) is None
    assert by("Hồ sơ", text) is None


def test_what_somebody_else_wrote_does_not_count() -> None:
    said = "kính trình UBND tỉnh"
    for body in (
        f"Xin cảm ơn.\n> {said}",
        f"Xin cảm ơn.\n-----Original Message-----\n{said}",
        f"Vào Th 2, 23 thg 11, 2026 lúc 08:15 An <an@a.example> đã viết:\n{said}",
        f"Cảm ơn.\n--\n{said}",
        "\n".join([*(f"Dòng {number}." for number in range(40)), said]),
    ):
        assert by("Hồ sơ", body) is None, body


def test_a_phrase_that_the_width_of_the_line_parts_is_one() -> None:
    assert by("", "Đề nghị quý Sở tiếp nhận và chuyển UBND\ntỉnh Quảng Ngãi.") is Declared.BY_SENDER
    assert by("", "Không gấp\nTrình UBND tỉnh.") is Declared.BY_SENDER, "another line is another clause"


def test_a_greeting_to_the_province_declares() -> None:
    assert by("", "Kính gửi: UBND tỉnh Quảng Ngãi,\nChúng tôi gửi hồ sơ.") is Declared.BY_SENDER
    assert by("", "Kính gửi: Sở GTVT,\nChúng tôi gửi hồ sơ.") is None


@pytest.mark.parametrize(
    ("address", "declared"),
    [
        ("sgtvt+ubnd@quangngai.gov.vn", True),
        ("SGTVT+UBND@QuangNgai.gov.vn", True),
        ("sgtvt+ubnd-x@quangngai.gov.vn", False),
        ("sgtvt+b-ubnd@quangngai.gov.vn", False),
        ("ubnd@quangngai.gov.vn", False),
        ("sgtvt@ubnd+ubnd.example", False),
        ("", False),
    ],
)
def test_the_plus_address_declares(address: str, declared: bool) -> None:
    assert (by("Hồ sơ", addressed=(*OURS, address)) is Declared.BY_SENDER) == declared


@pytest.mark.parametrize(
    "addressee",
    [
        "Ủy ban nhân dân tỉnh Quảng Ngãi",
        "ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI",
        "Uỷ ban nhân đân tỉnh",
        "UBND tỉnh",
        "UBND tỉnh Quảng Ngãi (qua Sở Giao thông vận tải)",
        "UBND tỉnh; Sở GTVT",
        "Sở GTVT; UBND tỉnh",
        "Sở Tài chính, UBND tỉnh",
        "Tỉnh ủy và UBND tỉnh",
        "Thường trực Tỉnh ủy; Thường trực HĐND tỉnh; Chủ tịch UBND tỉnh",
        "Đồng chí Trần Văn A - Chủ tịch UBND tỉnh Quảng Ngãi",
        "Sở GTVT để trình UBND tỉnh",
        "Văn phòng UBND tỉnh; UBND tỉnh",
    ],
)
def test_an_addressee_that_names_the_province_declares(addressee: str) -> None:
    assert by(addressee=addressee) is Declared.BY_ADDRESSEE


@pytest.mark.parametrize(
    "addressee",
    [
        "Sở GTVT",
        "Sở Giao thông vận tải tỉnh Quảng Ngãi",
        "Sở GTVT - UBND tỉnh Quảng Ngãi",
        "Sở GTVT; UBND huyện Mộ Đức",
        "UBND thành phố Quảng Ngãi",
        "Ủy ban nhân dân các tỉnh, thành phố trực thuộc Trung ương",
        "UBND tỉnh, thành phố trực thuộc Trung ương",
        "UBND tỉnh Bình Định",
        "Văn phòng UBND tỉnh",
        "Văn phòng Đoàn ĐBQH, HĐND và UBND tỉnh",
        "Các cơ quan chuyên môn thuộc UBND tỉnh",
        "Hội đồng nhân dân tỉnh Quảng Ngãi",
        "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh",
        "",
    ],
)
def test_other_addressees_do_not(addressee: str) -> None:
    assert by(addressee=addressee) is None


@pytest.mark.parametrize(
    "issuer",
    [
        "ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI",
        "UBND TỈNH QUẢNG NGÃI",
        "Uỷ ban nhân dân tỉnh",
        "CHỦ TỊCH UBND TỈNH QUẢNG NGÃI",
        "VĂN PHÒNG UBND TỈNH",
    ],
)
def test_what_the_province_issued_is_never_submitted_to_it(issuer: str) -> None:
    assert by("[TRÌNH UBND] x", "Kính trình UBND tỉnh", addressee="UBND tỉnh", issuer=issuer) is None


@pytest.mark.parametrize(
    "issuer", ["UBND HUYỆN MỘ ĐỨC", "SỞ Y TẾ", "ỦY BAN NHÂN DÂN TỈNH GIA LAI", "UBND TỈNH QUẢNG NGÃI SỞ Y TẾ"]
)
def test_what_others_issued_may_be(issuer: str) -> None:
    assert by(addressee="UBND tỉnh", issuer=issuer) is Declared.BY_ADDRESSEE


def test_the_sender_comes_before_the_addressee_and_both_before_a_rule() -> None:
    rule = {"document_types": ["Tờ trình"], "issuers": ["Ban Quản lý dự án *"]}
    words = SubmissionWords.from_table({**SHIPPED, "rule": [rule]})
    header = HeaderFields(document_type="Tờ trình", issuer="BAN QUẢN LÝ DỰ ÁN GIAO THÔNG")
    addressed = HeaderFields(document_type="Tờ trình", issuer=header.issuer, addressee="UBND tỉnh")
    assert declared_as_submission("Hồ sơ", "", OURS, header, words) is Declared.BY_RULE
    assert declared_as_submission("Hồ sơ", "", OURS, addressed, words) is Declared.BY_ADDRESSEE
    assert declared_as_submission("Trình UBND tỉnh", "", OURS, addressed, words) is Declared.BY_SENDER


@pytest.mark.parametrize(
    ("document_type", "issuer", "fits"),
    [
        ("Tờ trình", "UBND HUYỆN MỘ ĐỨC", True),
        ("TỜ TRÌNH", "ubnd huyen mo duc", True),
        ("Báo cáo", "UBND HUYỆN MỘ ĐỨC", False),
        ("Tờ trình", "UBND XÃ TỊNH KHÊ", False),
        ("Tờ trình", "PHÒNG CỦA UBND HUYỆN MỘ ĐỨC", False),
        ("", "", False),
    ],
)
def test_a_rule_is_about_a_type_and_an_issuer(document_type: str, issuer: str, fits: bool) -> None:
    rule = {"document_types": ["Đề án", "Tờ trình"], "issuers": ["UBND huyện *"]}
    words = SubmissionWords.from_table({**SHIPPED, "rule": [rule]})
    header = HeaderFields(document_type=document_type, issuer=issuer)
    assert declared_as_submission("", "", (), header, words) is (Declared.BY_RULE if fits else None)


def test_the_shipped_file_has_no_rule_in_force_and_its_example_is_one() -> None:
    assert WORDS.rules == ()
    text = TABLE.read_text(encoding="utf-8")
    example = text[text.index("#   [[rule]]") :].replace("#   ", "")
    (rule,) = SubmissionWords.from_table({**SHIPPED, **tomllib.loads(example)}).rules
    assert rule.fits("Tờ trình", "BAN QUẢN LÝ DỰ ÁN ĐẦU TƯ XÂY DỰNG")


def changed(section: str, key: str, value: object) -> dict[str, Any]:
    table = {name: dict(keys) for name, keys in SHIPPED.items()}
    table[section][key] = value
    return table


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({}, "[province]: phải có đúng các khóa names"),
        ({**SHIPPED, "sendr": {}}, "sendr: không có phần này"),
        ({**SHIPPED, "sender": []}, "sender: phải là một phần"),
        (changed("province", "nams", ["x"]), "[province]: phải có đúng các khóa"),
        (changed("province", "names", "UBND tỉnh"), "province.names: phải là danh sách"),
        (changed("province", "names", []), "province.names: phải là danh sách"),
        (changed("province", "names", ["UBND tỉnh", " "]), "province.names[2]: phải là chữ"),
        (changed("province", "place", 5), "province.place: phải là chữ"),
        (changed("agency", "plus", "+ubnd"), "agency.plus: phải là chữ thường"),
        (changed("sender", "phrases", ["trình UBND tỉnh"]), "sender.phrases[1]"),
        (changed("sender", "phrases", ["{UBND tỉnh}"]), "phải bắt đầu bằng một từ"),
        (changed("sender", "phrases", ["trình {UBND tỉnh} qua {Phòng}"]), "sender.phrases[1]"),
        ({**SHIPPED, "rule": {}}, "rule: phải là danh sách"),
        ({**SHIPPED, "rule": [{"issuers": ["x"]}]}, "rule[1]: phải có đúng các khóa document_types, issuers"),
        ({**SHIPPED, "rule": [{"issuers": ["*"], "document_types": ["x"]}]}, "không chỉ có dấu *"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_fault_of_the_table_is_told_with_its_place(table: Mapping[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        SubmissionWords.from_table(table)


PIECES = st.sampled_from(
    ["trình", "UBND", "tỉnh", "không", ">", "\n", "[", "]", "Sở", "qua", ",", "-", "Văn phòng", "+ubnd@", "\ud800", "…"]
)
TEXTS = st.text(max_size=60) | st.lists(PIECES, max_size=40).map(" ".join)


@given(TEXTS, TEXTS, st.lists(TEXTS, max_size=2), TEXTS, TEXTS)
def test_whatever_is_written_there_is_an_answer(
    subject: str, body: str, addressed: list[str], addressee: str, issuer: str
) -> None:
    header = HeaderFields(addressee=addressee, issuer=issuer)
    found = declared_as_submission(subject, body, tuple(addressed), header, WORDS)
    assert found in {None, Declared.BY_SENDER, Declared.BY_ADDRESSEE}


@given(st.dictionaries(st.sampled_from(["province", "agency", "sender", "rule", "x"]), st.dictionaries(TEXTS, TEXTS)))
def test_whatever_the_table_holds_the_answer_is_words_or_a_message(table: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"phải|không có"):
        SubmissionWords.from_table(table)
