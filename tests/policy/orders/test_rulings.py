"""Decisions about mails that were set aside, as people write them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.quarantine import RulingKind
from gateway.policy.orders.rulings import KEYWORDS_OF_RULINGS, named_so, read_rulings

_RELEASE, _REFUSE, _REPLAY, _PURGE, _CONFIRM = RulingKind
READ: dict[str, tuple[str, RulingKind, str, tuple[str, ...]]] = {
    "a release": ("Chấp nhận: đã gọi điện đối chiếu", _RELEASE, "đã gọi điện đối chiếu", ()),
    "without accents": ("chap nhan: da goi dien", _RELEASE, "da goi dien", ()),
    "a synonym": ("Tiếp nhận: đã hỏi", _RELEASE, "đã hỏi", ()),
    "with thanks below": ("Chấp nhận: đã hỏi\n\nCảm ơn.\nLan", _RELEASE, "đã hỏi", ()),
    "bold, in a list": ("- **Chấp nhận**: đã hỏi", _RELEASE, "đã hỏi", ()),
    "over two lines": (
        "Không tiếp nhận: gửi nhầm cơ quan,\nđề nghị gửi Sở Xây dựng",
        _REFUSE,
        "gửi nhầm cơ quan, đề nghị gửi Sở Xây dựng",
        (),
    ),
    "the reason on a line of its own": ("Không tiếp nhận\nLý do: gửi nhầm", _REFUSE, "gửi nhầm", ()),
    "a short no": ("Ko tiếp nhận: thư rác", _REFUSE, "thư rác", ()),
    "a rule by name": (
        "Chấp nhận (bỏ qua: nghi mạo nhận nơi gửi): đã gọi",
        _RELEASE,
        "đã gọi",
        ("nghi mạo nhận nơi gửi",),
    ),
    "two rules": ("Chấp nhận (bỏ qua: a b; c d): x", _RELEASE, "x", ("a b", "c d")),
    "brackets that a mail program wrapped": (
        "Chấp nhận (bỏ qua: nghi mạo\nnhận nơi gửi): đã gọi",
        _RELEASE,
        "đã gọi",
        ("nghi mạo nhận nơi gửi",),
    ),
    "a rule on a line of its own": (
        "Chấp nhận: đã gọi\nBỏ qua: nghi mạo nhận nơi gửi",
        _RELEASE,
        "đã gọi",
        ("nghi mạo nhận nơi gửi",),
    ),
    "unaccented brackets": (
        "chap nhan (bo qua: chua quet ma doc): da quet tay",
        _RELEASE,
        "da quet tay",
        ("chua quet ma doc",),
    ),
    "another try": ("Xử lý lại", _REPLAY, "", ()),
    "another try, with thanks": ("Xử lý lại nhé, cảm ơn", _REPLAY, "", ()),
    "the end of it": ("Tiêu huỷ: thư rác", _PURGE, "thư rác", ()),
    "a confirmation": ("Xác nhận", _CONFIRM, "", ()),
    "said twice": ("Chấp nhận: đã hỏi\nChấp nhận: đã hỏi", _RELEASE, "đã hỏi", ()),
    "quoted text beside it": ("Chấp nhận: đã hỏi\n> Tiêu hủy: thư rác", _RELEASE, "đã hỏi", ()),
    "below a signature's mark": ("Chấp nhận: đã hỏi\n-- \nTiêu hủy: thư rác", _RELEASE, "đã hỏi", ()),
    "after the end": ("Chấp nhận: đã hỏi\nHết\nTiêu hủy: thư rác", _RELEASE, "đã hỏi", ()),
}


@pytest.mark.parametrize("case", READ)
def test_a_decision_is_read_with_its_reason_and_the_rules_it_names(case: str) -> None:
    text, kind, reason, named = READ[case]
    reading = read_rulings(text)
    assert reading.faults == ()
    assert reading.ruling is not None
    assert (reading.ruling.kind, reading.ruling.reason, reading.ruling.named) == (kind, reason, named)


FAULTY = {
    "no reason": ("Chấp nhận:", "chưa có lý do"),
    "a reason left open": ("Không tiếp nhận: …", "chưa có lý do"),
    "two decisions": ("Chấp nhận: đã hỏi\nKhông tiếp nhận: gửi nhầm", "nhiều quyết định khác nhau"),
    "one decision for two reasons": ("Tiêu hủy: a\nTiêu hủy: b", "nhiều quyết định khác nhau"),
    "a wrong accent": ("Chấp nhần: đã hỏi", "Không rõ lệnh"),
    "a wrong letter": ("Chap nhann: đã hỏi", "Không rõ lệnh"),
    "a good one beside a misspelt one": ("Chấp nhận: đã hỏi\nTieu huyy: rác", "Chưa thực hiện"),
}


@pytest.mark.parametrize("case", FAULTY)
def test_what_is_not_clear_is_not_done_and_told(case: str) -> None:
    text, told = FAULTY[case]
    reading = read_rulings(text)
    assert reading.ruling is None
    assert any(told in fault.text for fault in reading.faults)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Tôi đã xem.",
        "> Chấp nhận: đã hỏi",
        "Không chấp nhận được như thế này",
        "Lý do: gửi nhầm",
        "Có nên tiêu hủy không?",
    ],
    ids=["nothing", "prose", "a quotation", "a complaint", "a reason alone", "a question"],
)
def test_other_words_decide_nothing(text: str) -> None:
    assert read_rulings(text).ruling is None


@given(st.text(max_size=400))
def test_no_text_breaks_the_reader_and_what_it_decides_has_what_it_needs(text: str) -> None:
    ruling = read_rulings(text).ruling
    assert ruling is None or ruling.reason or ruling.kind in {RulingKind.REPLAY, RulingKind.CONFIRM}


_WORDS = st.text(st.characters(categories=["Ll", "Lu"]), min_size=1, max_size=12)


@given(_WORDS, st.sampled_from([_RELEASE, _REFUSE, _PURGE]), st.booleans())
def test_every_keyword_counts_with_accents_and_without(reason: str, kind: RulingKind, accents: bool) -> None:
    row = KEYWORDS_OF_RULINGS[kind]
    for form in (row.keyword, *row.also):
        bare = "".join(c for c in unicodedata.normalize("NFD", form) if not unicodedata.combining(c)).replace("đ", "d")
        ruling = read_rulings(f"{form if accents else bare.replace('Đ', 'D')}: lý do {reason}").ruling
        assert ruling is not None
        assert ruling.kind is kind


@given(
    st.lists(st.sampled_from(["nghi mạo nhận nơi gửi", "chưa quét mã độc", "bí mật nhà nước"]), min_size=1, unique=True)
)
def test_the_keyword_of_a_button_is_read_as_the_rules_it_names(titles: list[str]) -> None:
    ruling = read_rulings(f"{named_so('; '.join(titles))}: đã xem xét").ruling
    assert ruling is not None
    assert ruling.named == tuple(titles)
