"""What holds for every reply: never an error, accents and case do not count, quoted lines order nothing."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.model.act import Order
from gateway.model.wording import without_marks
from gateway.policy.orders import KEYWORDS
from gateway.policy.orders.keywords import NAMESAKES, OPPOSED, Takes
from gateway.policy.orders.letters import agrees, key
from tests.policy.orders.conftest import read

VALUES = {
    Takes.NOTHING: st.just(""),
    Takes.NOTE: st.sampled_from(["", ": đã gửi", " : chờ số liệu"]),
    Takes.TEXT: st.sampled_from([": thiếu phụ lục", ": làm ngay"]),
    Takes.UNIT: st.sampled_from([": Phòng KHTC", ": Phòng Kế hoạch (15/9)", ": VP, hạn thứ sáu"]),
    Takes.UNITS: st.sampled_from([": VP", ": VP, Thanh tra", ": Phòng KHTC và Thanh tra hạn 20/9"]),
    Takes.RECEIVERS: st.sampled_from(["", ": VP"]),
    Takes.LEADER: st.sampled_from([": Nguyễn Văn Nam"]),
    Takes.HANDLER: st.sampled_from([": anh Nam", ": Nam hạn 15/9"]),
    Takes.MOMENT: st.sampled_from([": 15/9", ": thứ sáu tuần sau", ": sáng mai", ": 31/2"]),
    Takes.EXTENSION: st.sampled_from([": 20/9", ": 20/9 lý do chờ số liệu"]),
    Takes.FIELDS: st.sampled_from([": số=955", ": ngày=1/9/2026; người ký=Lê Văn Bình"]),
    Takes.FIELD_NAMES: st.sampled_from(["", ": số", ": số, ngày và trích yếu"]),
    Takes.NUMBER: st.sampled_from([": 123/SGTVT-VP"]),
}
LINES = st.sampled_from(KEYWORDS).flatmap(
    lambda row: st.builds(str.__add__, st.sampled_from([row.keyword, *row.also]), VALUES[row.takes])
)
REPLIES = st.lists(LINES, max_size=6).map("\n".join)
MESS = st.lists(
    LINES | st.text(max_size=20) | st.sampled_from(["", ">", "- ", "Hết", "-- ", "Trân trọng", "Kính gửi:"]),
    max_size=12,
).map("\n".join)


def said(order: Order) -> tuple[object, ...]:
    """An order without the accents and capitals of what is only repeated from its lines."""
    return (
        order.act,
        order.lead and key(order.lead.unit),
        [(key(share.unit), share.deadline and share.deadline.at) for share in order.supporting],
        order.deadline and order.deadline.at,
        order.person and key(order.person),
        key(order.text),
        order.answer and key(order.answer),
        {name: key(str(value)) for name, value in order.correction.values.items()},
        order.again,
        order.fields,
    )


@settings(deadline=None)
@given(MESS | st.text(max_size=300))
def test_any_text_is_read_without_error_and_every_line_told_is_its_own(text: str) -> None:
    reading = read(text)
    lines = {" ".join(unicodedata.normalize("NFC", line).split())[:40] for line in text.split("\n")}
    for order in reading.orders:
        assert order.written
    for fault in reading.faults:
        assert fault.text
        assert not fault.line.isprintable() or any(fault.line[:40].startswith(line[:1]) for line in lines)


@settings(deadline=None)
@given(REPLIES)
def test_accents_case_and_normal_form_do_not_count(text: str) -> None:
    expected = [said(order) for order in read(text).orders]
    changed = [text.lower(), text.upper(), unicodedata.normalize("NFD", text)]
    if not any(line.casefold() == "trình" for line in text.splitlines()):
        changed.append("\n".join(without_marks(line) for line in text.splitlines()))
    for other in changed:
        assert [said(order) for order in read(other).orders] == expected


@settings(deadline=None)
@given(MESS, st.sampled_from([">", "> ", ">> ", " >", "\u00a0>", "\u200b>", "\uff1e"]))
def test_a_quoted_line_orders_nothing(text: str, mark: str) -> None:
    reading = read("\n".join(mark + line for line in text.split("\n")))
    assert not reading.orders
    assert not reading.faults
    assert not reading.stopped


@settings(deadline=None)
@given(MESS)
def test_no_two_orders_of_one_reply_are_the_same_or_the_opposite(text: str) -> None:
    orders = read(text).orders
    kinds = [(order.act, order.again) for order in orders]
    assert len(kinds) == len(set(kinds))
    assert not any(pair <= {order.act for order in orders} for pair in OPPOSED)


@settings(deadline=None)
@given(MESS)
def test_saying_everything_twice_changes_nothing(text: str) -> None:
    once = read(text)
    if not once.stopped and "-- " not in text.split("\n"):
        assert [said(order) for order in read(f"{text}\n\n{text}").orders] == [said(order) for order in once.orders]


def test_every_keyword_is_known_by_one_row_and_agrees_with_its_form_without_accents() -> None:
    forms = [key(form) for row in KEYWORDS for form in (row.keyword, *row.also)]
    assert len(forms) == len(set(forms))
    assert set(forms) >= NAMESAKES
    for row in KEYWORDS:
        assert agrees(without_marks(row.keyword), row.keyword)
        assert row.meaning
